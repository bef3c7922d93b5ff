// Notices silence: a camera without pictures, a server without answers, a screen about to sleep.

const LOOK_EVERY_MS = 1000;
const SILENT_MS = 3000;
const DEAD_MS = 10_000; // no answer for so long over an open connection: it is dead, and made anew
const PING_MS = 20_000;
const HIDDEN_MS = 30 * 60_000; // a page in the background is held on to for so long

const NO_PICTURE = "No picture comes from the camera. Is its shutter open, and no other program using it?";
const NO_ANSWER = "The checker does not answer. One moment…";

export class Watch {
  // `on`: {silent(words or undefined), dead(), ping(), front(), waits()}; it ends with `signal`.
  constructor(signal, on) {
    Object.assign(this, { on, pingedAt: performance.now() });
    this.restart();
    const timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      this.over = true;
      this.lock?.release();
    });
    document.addEventListener("visibilitychange", () => this.turn(), { signal });
    this.turn();
  }

  // The camera gave a picture.
  picture() {
    this.pictureAt = performance.now();
  }

  // The server answered.
  answer() {
    this.answerAt = performance.now();
  }

  // What was silent until now says nothing about what comes.
  restart() {
    this.pictureAt = this.answerAt = performance.now();
  }

  // The page comes to the front or goes to the back.
  async turn() {
    this.restart();
    this.hiddenAt = document.hidden ? performance.now() : undefined;
    if (document.hidden) return;
    this.on.front();
    try {
      this.lock = await navigator.wakeLock?.request("screen"); // the browser drops it when the page is hidden
      if (this.over) this.lock?.release();
    } catch {
      // the screen may go to sleep
    }
  }

  look() {
    const now = performance.now();
    const waits = this.on.waits(); // for the end: no pictures are answered any more, so pings are
    if (now - this.pingedAt >= (waits ? LOOK_EVERY_MS : PING_MS) && !(now - this.hiddenAt > HIDDEN_MS)) {
      this.pingedAt = now;
      this.on.ping();
    }
    if (document.hidden) return; // no pictures are taken then
    if (!waits && now - this.pictureAt > SILENT_MS) this.on.silent(NO_PICTURE);
    else if (now - this.answerAt > DEAD_MS) this.on.dead();
    else this.on.silent(now - this.answerAt > SILENT_MS ? NO_ANSWER : undefined);
  }
}
