// Only what changed is written: a screen reader would say it again.
export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
