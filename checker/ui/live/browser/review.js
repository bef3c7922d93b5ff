// Where live feedback is too slow: the movement is recorded here, and the recording measured afterwards.

import { handIn, Recorder, save } from "./record.js";

const READ_MS = 6000;

export class Review {
  constructor(session) {
    this.session = session;
  }

  get isUnderWay() {
    return Boolean(this.recorder);
  }

  // Once; whether it was asked now.
  offer() {
    const { card } = this.session;
    if (this.offered || !Recorder.available || card.isOpen) return;
    this.offered = true;
    card.ask("offer", "This computer cannot follow you live", [
      "It sees too few pictures a second to count and judge well. It can record you instead, and measure afterwards.",
      "The recording stays on this computer and is deleted when you close the page. What was counted and marked " +
      "until now is no part of it.",
    ], [["Record for review", () => this.begin(), true], ["Go on live", undefined]]);
  }

  begin() {
    const { session } = this;
    session.frames.stop();
    session.overlay.clear();
    for (const about of ["slow", "pace", "rate", "silent"]) session.notice(about);
    session.root.dataset.stage = "recording";
    session.notice("recording", "● Recording. Press Finish when you are done.");
    session.panel.say("Stand still for a moment, then do the movement.");
    setTimeout(() => session.panel.say(""), READ_MS); // it covers the feet
    this.recorder = new Recorder(session.video.srcObject, () => session.finish());
  }

  // It hurts now; how many moments there are.
  mark() {
    this.recorder.mark();
    return this.recorder.painAt.length;
  }

  async handIn() {
    const { session } = this;
    this.whole ??= this.recorder.stop();
    session.conclude("Handing in the recording…");
    const whole = await this.whole;
    try {
      await handIn(session.data.recordings, session.data.token, whole, this.recorder.painAt);
    } catch (error) {
      this.fail(error.message, whole);
      return;
    }
    session.finished();
  }

  fail(why, whole) {
    const { session } = this;
    session.card.ask("ended", "The recording could not be handed in", [
      why, "You can save it, and measure it later under “Upload and review”.",
    ], [
      ["Try again", () => this.handIn(), true],
      ["Save the recording", () => { save(whole); this.fail(why, whole); }],
      ["Begin anew", () => session.tell("again", session.data.token)],
    ]);
  }
}
