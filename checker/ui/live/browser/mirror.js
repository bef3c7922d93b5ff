// Whether this camera's picture is a mirror image: what is remembered of it, and the question that finds out.

import { recallMirrored, rememberCamera, rememberMirrored } from "./memory.js";

const THANKS = "This camera shows a mirror image: left and right are now told as your own.";
const READ_MS = 8000;

export class Mirror {
  // `asks`: whether the question may be asked at all; `tell`: sends a message; `notice`: shows words, or none.
  constructor(root, asks, tell, notice) {
    Object.assign(this, { root, asks, tell, notice });
  }

  // Before the first picture: the server hears what is remembered of this camera, or that it may ask.
  connected(camera) {
    rememberCamera(camera);
    const known = recallMirrored("camera");
    if (known === "yes" || known === "no") this.tell({ type: "mirrored", mirrored: known === "yes" });
    else if (known === null && this.asks) this.tell({ type: "ask_hand" });
  }

  // With each answer: whether the left hand is asked for, and what is known; null where nobody knows.
  show({ hand, mirrored }) {
    if (hand) this.root.dataset.hand = "asked";
    else delete this.root.dataset.hand;
    if (mirrored === null || mirrored === this.mirrored) return;
    this.mirrored = mirrored;
    this.root.dataset.mirrored = mirrored ? "yes" : "no"; // the page need not turn what the camera has turned
    if (mirrored && recallMirrored("camera") !== "yes") {
      this.notice(THANKS);
      setTimeout(() => this.notice(), READ_MS);
    }
    rememberMirrored("camera", mirrored ? "yes" : "no");
  }

  skip() {
    rememberMirrored("camera", "skipped");
    this.tell({ type: "leave_hand" });
  }
}
