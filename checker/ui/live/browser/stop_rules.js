// A stop rule told by one press: what to do is said at once, the server keeps it, and the session ends.

const WAITS = "The connection is lost: it is passed on once it is back. Do not wait for it.";

export class StopRules {
  constructor(session, place) {
    Object.assign(this, { session, rules: session.data.movement.stops ?? [] });
    place.replaceChildren(...this.rules.map(({ why, label }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      button.dataset.act = `stop-${why}`;
      return button;
    }));
  }

  // What to do, in words; undefined as long as nothing was told.
  get told() {
    return this.rules.find(({ why }) => why === this.why)?.text;
  }

  tell(why) {
    const { session } = this;
    if (session.finishing || session.over) return;
    this.why = why;
    session.voice.say([{ text: this.told, kind: "end" }]);
    this.send();
    session.finish();
    if (!session.finishing) session.card.ask("stopped", this.told, [WAITS]);
  }

  send() {
    this.session.link?.tell({ type: "stopped", why: this.why });
  }

  kept() {
    this.isKept = true;
  }

  // The connection is back.
  again() {
    if (!this.why || this.isKept) return;
    this.send();
    this.session.finish();
  }
}
