// Where live feedback is too slow: the movement is recorded here, and the recording measured afterwards.

import { handIn, Recorder, save } from "./record.js";

export const TOLD = "This computer is too slow to follow you live. I will record you and measure afterwards.";
const BEGUN = "I record you now. Stand still for a moment, then do the movement.";
const GOES_ON = "● Recording. Press Stop when you are done.";
const READ_MS = 6000;
const LATEST_MS = 12_000; // who is not ready by then may never be seen to be: the computer is too slow for that, too

export class Review {
  constructor(session) {
    this.session = session;
  }

  get isUnderWay() {
    return Boolean(this.recorder);
  }

  // It is told while they get ready, and begins when they are; without a question. Whether this browser can.
  plan() {
    if (!Recorder.available) return false;
    const { session } = this;
    this.planned = performance.now();
    session.notice("slow", TOLD);
    session.voice.say([{ text: TOLD, kind: "stage" }]);
    return true;
  }

  // With each answer: whether it is time.
  beginsAt(stage) {
    const waited = performance.now() - this.planned;
    return Boolean(this.planned) && !this.isUnderWay && (stage !== "setup" || waited > LATEST_MS);
  }

  begin() {
    const { session } = this;
    session.frames.stop();
    session.overlay.clear();
    session.menu(false);
    for (const about of ["pace", "rate", "silent"]) session.notice(about);
    session.root.dataset.stage = "recording";
    session.panel.say(BEGUN);
    session.voice.say([{ text: BEGUN, kind: "stage" }]);
    this.reading = setTimeout(() => {
      session.notice("slow");
      const { protocol } = session.data.movement; // nobody leads them through it
      session.panel.say(protocol ? `${protocol} Then press Stop.` : GOES_ON);
      if (protocol) session.voice.say([{ text: protocol, kind: "stage" }]);
    }, READ_MS);
    this.recorder = new Recorder(session.video.srcObject, () => session.finish());
  }

  // It hurts now; how many moments there are.
  mark() {
    this.recorder.mark();
    return this.recorder.painAt.length;
  }

  async handIn() {
    const { session } = this;
    clearTimeout(this.reading);
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
