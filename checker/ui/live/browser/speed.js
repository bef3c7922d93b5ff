// Decides while somebody gets ready, alone and without a word, whether this computer can follow them live.
// Nobody who stands three metres away is asked, and once they move nothing is changed any more.

const WARM_MS = 1000; // the first answers after a change are slow ones
const WINDOW_MS = 1500;
const MOST_WINDOW_MS = 4000; // a computer this slow has shown it
const FEWEST = 3; // answers in a window
const SURE_MS = 2500; // so long it must have been too slow before it is recorded: a hiccup is shorter
const MODEL_MS = 6000; // another model is not waited for any longer
const ENOUGH = 10; // answers a second; whether it stays so, rate.js watches
const LEAST = 4; // fewer cannot be counted: the checker needs 3.5, and half a picture to spare (chosen)
const KEEPS_UP = 0.8; // of the camera's pictures: then the camera itself is slow, and a recording would be no better

export class SpeedTest {
  // `on`: {easier(), easiest(): made easier for the computer, and whether that was still possible;
  // decided("live" or "record"): once}
  constructor(on) {
    Object.assign(this, { on, decided: undefined });
  }

  // Another window, after a while.
  begin(now, wait = WARM_MS) {
    Object.assign(this, { from: now + wait, answers: 0, pictures: 0, first: undefined });
  }

  // The camera gave a picture.
  camera(now = performance.now()) {
    if (this.first !== undefined && now >= this.first) this.pictures += 1;
  }

  // Another model was asked for; with its answer it is there.
  changing(now = performance.now()) {
    this.begin(now, MODEL_MS);
  }

  changed(now = performance.now()) {
    if (!this.decided) this.begin(now);
  }

  // An answer was drawn at a stage of the session.
  drawn(stage, now = performance.now()) {
    if (this.decided) return;
    if (stage === "moving" || stage === "done") this.decide(this.isTooSlow(now) ? "record" : "live"); // no time is left
    else if (this.from === undefined) this.begin(now);
    else if (now >= this.from) this.take(stage, now);
  }

  // By what was seen so far; too little says nothing.
  isTooSlow(now) {
    const lasted = now - this.first;
    return lasted >= WINDOW_MS && (1000 * this.answers) / lasted < LEAST && this.answers < KEEPS_UP * this.pictures;
  }

  take(stage, now) {
    if (this.first === undefined) {
      this.first = now;
      return;
    }
    this.answers += 1;
    const lasted = now - this.first;
    if (lasted < WINDOW_MS || (this.answers < FEWEST && lasted < MOST_WINDOW_MS)) return;
    const perSecond = (1000 * this.answers) / lasted;
    const slowCamera = this.answers >= KEEPS_UP * this.pictures;
    if (perSecond >= ENOUGH || slowCamera) this.decide("live");
    else if (perSecond >= LEAST) this.ease(stage, now);
    else this.easeAll(stage, now, lasted);
  }

  // It can be counted, and would look better with less to do.
  ease(stage, now) {
    if (stage === "countdown" || !this.on.easier()) this.decide("live"); // no time is left, or nothing to make easier
    else this.goOn(now);
  }

  // It cannot be counted; the window goes on until that is sure.
  easeAll(stage, now, lasted) {
    if (stage !== "countdown" && this.on.easiest()) this.goOn(now);
    else if (lasted >= SURE_MS) this.decide("record");
  }

  goOn(now) {
    if (!(this.from > now)) this.begin(now); // else another model is awaited
  }

  decide(way) {
    this.decided = way;
    this.on.decided(way);
  }
}
