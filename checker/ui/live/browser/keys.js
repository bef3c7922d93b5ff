// The keyboard while somebody moves: the space bar wherever the focus is, because it must not miss,
// even while a question is open, which Enter answers.

export function listenToKeys(signal, { pain, mute, leave, busy }) {
  const on = (name, handler) => document.addEventListener(name, handler, { signal, capture: true });
  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || busy()) return;
    if (event.key === " ") {
      swallow(event);
      if (!event.repeat) pain();
    } else if (event.key === "m" || event.key === "M") {
      swallow(event);
      if (!event.repeat) mute();
    } else if (event.key === "Escape" && !document.fullscreenElement) {
      swallow(event);
      leave();
    }
  });
  on("keyup", (event) => {
    if (event.key === " " && !busy()) swallow(event); // a button with the focus would be pressed by it
  });
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
