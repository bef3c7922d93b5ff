// Watches how fast the answers come, and says what to make easier for a slow computer.

const LOOK_EVERY_MS = 3000;
const SMOOTH = 12; // answers a second that look alive
const FLOOR = 5; // fewer cannot follow a movement
const SLOW_LOOKS = 2; // in a row before anything changes: a hiccup is none
const KEPT = 600;

const STEPS = [
  { longest: 640 },
  { longest: 480, words: "This computer is busy: the picture that is measured is now smaller." },
  { longest: 320, words: "This computer is busy: the picture that is measured is now small." },
  { longest: 320, model: "lite", words: "This computer is busy: a quicker, slightly less exact model measures now." },
];

const UNRELIABLE =
  "This computer is too slow at the moment to follow you reliably. Close other programs, " +
  "or film yourself and use “Upload and review”.";

export const DARK = "The camera gives too few pictures to follow you reliably. More light often helps.";

export class Rate {
  // `ease`: called with the next step; `unreliable`: with words, or undefined when it is well again.
  constructor(ease, unreliable) {
    Object.assign(this, { ease, unreliable, step: 0, slow: 0, ages: [], answers: 0, seen: 0, total: 0 });
    this.since = performance.now();
  }

  // While the speed is tested, nothing is looked at here.
  test(isTesting) {
    this.isTesting = isTesting;
    this.restart();
  }

  // The camera gave a picture.
  camera() {
    this.seen += 1;
  }

  // The answer to the picture taken at `time` (seconds) has been drawn.
  drawn(time) {
    const now = performance.now();
    this.answers += 1;
    this.total += 1;
    this.ages.push(now - time * 1000);
    if (this.ages.length > KEPT) this.ages.shift();
    if (!this.isTesting && now - this.since >= LOOK_EVERY_MS) this.look(now);
  }

  // What lies between, such as a lost connection, says nothing about speed.
  restart() {
    Object.assign(this, { answers: 0, seen: 0, slow: 0, since: performance.now() });
  }

  look(now) {
    const seconds = (now - this.since) / 1000;
    const [rate, camera] = [this.answers / seconds, this.seen / seconds];
    this.perSecond = rate;
    Object.assign(this, { answers: 0, seen: 0, since: now });
    // a camera that is slow itself (in the dark) is not helped by smaller pictures
    const slowCamera = rate >= 0.8 * camera;
    this.slow = rate < SMOOTH && !slowCamera ? this.slow + 1 : 0;
    this.unreliable(rate >= FLOOR ? undefined : slowCamera ? DARK : this.step === STEPS.length - 1 ? UNRELIABLE : undefined);
    if (this.slow >= SLOW_LOOKS && this.step < STEPS.length - 1) this.easeOff();
  }

  // One step easier for the computer, or as easy as can be; whether that was still possible.
  easeOff(step = this.step + 1) {
    this.slow = 0;
    if (this.step >= STEPS.length - 1) return false;
    this.step = step;
    this.ease(STEPS[this.step]);
    return true;
  }

  easeAll() {
    return this.easeOff(STEPS.length - 1);
  }

  // For whoever measures the page: answers a second, and age in milliseconds of what is drawn.
  get figures() {
    const sorted = [...this.ages].sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return { perSecond: this.perSecond, p50: at(0.5), p95: at(0.95), answers: this.total, step: this.step };
  }
}
