// One visit to the camera page: before a session it waits, during one it leads, and it tidies up.

import { obstacle } from "./camera.js";
import { Card } from "./card.js";
import { takeTally } from "./memory.js";
import { Session } from "./session.js";

// `data`: see the component's Python; `tell(name, value)` tells the page. Returns something to close.
export function open(root, data, tell) {
  return data.token ? new Session(root, data, tell) : new Waiting(root, data.movement);
}

// No session yet: says what stands against one, and what became of one that ended too early.
class Waiting {
  constructor(root, { lost }) {
    root.dataset.stage = "waiting";
    const card = new Card(root.querySelector(".bcl-card"));
    const against = obstacle();
    const tally = takeTally();
    if (against) card.ask(against.kind, against.message, against.lines);
    else if (tally)
      card.ask("ended", "Your last session ended before its results were there", [
        `Counted until then: ${tally}.`, lost,
      ], [["Close", undefined]]);
  }

  close() {}
}
