// One question or notice over everything else, with its buttons.

export class Card {
  constructor(place) {
    this.place = place;
  }

  get isOpen() {
    return !this.place.hidden;
  }

  // One that may be left unanswered.
  get isQuestion() {
    return ["pain", "finish"].includes(this.kind);
  }

  get kind() {
    return this.place.dataset.kind;
  }

  // `choices`: [label, what to do, main?]; choosing closes the card first.
  ask(kind, title, lines, choices = []) {
    const [heading, text, buttons] = this.place.children;
    this.place.dataset.kind = kind;
    heading.textContent = title;
    text.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    buttons.replaceChildren(...choices.map(([label, act, main]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      if (main) button.className = "bcl-main";
      button.addEventListener("click", () => {
        this.close();
        act?.();
      });
      return button;
    }));
    this.place.hidden = false;
    // this question comes while the space bar is being pressed: that press must not answer it
    (kind === "pain" ? heading : buttons.querySelector(".bcl-main") ?? heading).focus();
  }

  close() {
    this.place.hidden = true;
  }
}
