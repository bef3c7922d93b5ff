// Time is read from the clock at every tick, never counted in ticks: a browser that slows a hidden
// page down loses no second.

const TICK_MS = 100;
const SMALLEST = 0.35; // of the breathing shape, as a share of its largest

const timers = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".bct");
  let timer = timers.get(root);
  if (!timer) timers.set(root, (timer = new Timer(root)));
  timer.update(data);
  return () => {
    timer.close();
    timers.delete(root);
  };
}

const clock = (seconds) => {
  const whole = Math.max(0, seconds);
  return whole < 60 ? String(whole) : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

const length = (seconds) => (seconds < 60 || seconds % 60 ? `${seconds} s` : `${seconds / 60} min`);

class Timer {
  constructor(root) {
    this.root = root;
    this.part = Object.fromEntries(
      ["shape", "step", "digits", "round", "length", "chosen", "sound", "main"].map((name) => [
        name, root.querySelector(`.bct-${name}`)]));
    this.stop = new AbortController();
    root.addEventListener("click", (event) => this.press(event), { signal: this.stop.signal });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  update(plan) {
    const text = JSON.stringify(plan);
    if (text === this.planText) return; // the page around it changed, not the plan
    this.planText = text;
    this.plan = plan;
    this.paced = plan.steps.length > 0;
    this.seconds = this.paced ? plan.steps.reduce((sum, [, s]) => sum + s, 0) : plan.seconds;
    this.root.toggleAttribute("data-paced", this.paced);
    this.part.shape.hidden = !this.paced;
    this.part.length.hidden = this.paced || this.seconds === null;
    this.part.sound.closest("label").hidden = this.seconds === null;
    this.reset();
  }

  // --- time -------------------------------------------------------------------------------------

  get elapsed() {
    return this.before + (this.since === undefined ? 0 : (performance.now() - this.since) / 1000);
  }

  get running() {
    return this.since !== undefined;
  }

  start() {
    if (this.finished) this.begin(this.round > this.plan.rounds ? 1 : this.round);
    this.since = performance.now();
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.keepAwake();
    this.prepareSound();
    this.tick();
  }

  pause() {
    this.before = this.elapsed;
    this.halt();
    this.show();
  }

  reset() {
    this.halt();
    this.begin(1);
    this.show();
  }

  halt() {
    this.since = undefined;
    clearInterval(this.ticking);
    this.awake?.then((lock) => lock?.release());
  }

  begin(round) {
    Object.assign(this, { before: 0, since: undefined, finished: false, round });
  }

  tick() {
    if (this.seconds !== null && this.elapsed >= this.seconds) {
      if (this.paced && this.round < this.plan.rounds) {
        const over = this.elapsed - this.seconds;
        this.round += 1;
        this.before = over;
        this.since = performance.now();
      } else {
        this.finish();
        return;
      }
    }
    this.show();
  }

  finish() {
    this.finished = true;
    this.round += 1;
    this.pause();
    this.tone();
  }

  // --- what is seen -------------------------------------------------------------------------------

  show() {
    const { digits, round, main, chosen } = this.part;
    const over = this.finished && this.round > this.plan.rounds;
    main.textContent = this.running ? "Pause" : this.finished ? (over ? "Again" : "Next") : this.before ? "Go on" : "Start";
    if (this.paced) this.showPace(over);
    else if (this.seconds === null) digits.textContent = clock(Math.floor(this.elapsed));
    else digits.textContent = clock(this.finished ? 0 : Math.ceil(this.seconds - this.elapsed - 0.001));
    const { rounds } = this.plan;
    if (over) round.textContent = rounds > 1 ? `Done: all ${rounds}` : "Done";
    else if (this.finished) round.textContent = `${this.round - 1} of ${rounds} done. Rest a little, then go on.`;
    else round.textContent = rounds > 1 ? `${this.round} of ${rounds}` : "";
    if (this.seconds !== null) chosen.textContent = length(this.seconds);
  }

  // Where in the rhythm it is; the shape grows in the first step, rests, and shrinks in the last.
  showPace(over) {
    const { digits, step, shape } = this.part;
    const { steps } = this.plan;
    let index = 0, into = over ? 0 : this.elapsed;
    while (index < steps.length - 1 && into >= steps[index][1]) into -= steps[index++][1];
    const [name, seconds] = steps[index];
    const label = over ? "Done" : name;
    if (step.textContent !== label) step.textContent = label; // said aloud once a step
    digits.textContent = over ? "" : String(Math.max(1, Math.ceil(seconds - into - 0.001)));
    const share = Math.min(1, into / seconds);
    let size = index === 0 ? share : index === steps.length - 1 ? 1 - share : 1;
    if (this.still.matches) size = index === steps.length - 1 ? 0 : 1; // no movement: two sizes only
    shape.style.transition = this.still.matches ? "none" : `transform ${TICK_MS}ms linear`;
    shape.style.transform = `scale(${SMALLEST + (1 - SMALLEST) * (over ? 0 : size)})`;
  }

  // --- hands, sound, screen -----------------------------------------------------------------------

  press(event) {
    const act = event.target.closest("button")?.dataset.act;
    if (act === "toggle") this.running ? this.pause() : this.start();
    if (act === "reset") this.reset();
    if (act === "less" || act === "more") this.change(act === "more" ? 1 : -1);
  }

  change(way) {
    const by = this.seconds + way * 0.5 > 120 ? 60 : this.seconds + way * 0.5 > 30 ? 10 : 5;
    this.seconds = Math.max(by === 60 ? 60 : 5, this.seconds + way * by);
    this.reset();
  }

  prepareSound() {
    if (this.part.sound.checked) this.audio ??= new AudioContext(); // only a press of a button may open it
  }

  tone() {
    if (!this.audio || !this.part.sound.checked) return;
    const [source, volume, now] = [this.audio.createOscillator(), this.audio.createGain(), this.audio.currentTime];
    source.frequency.value = 528;
    volume.gain.setValueAtTime(0.25, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 1.2);
    source.connect(volume).connect(this.audio.destination);
    source.start(now);
    source.stop(now + 1.2);
  }

  keepAwake() {
    this.awake = navigator.wakeLock?.request("screen").catch(() => undefined); // refused on low battery: no harm
  }

  close() {
    this.stop.abort();
    this.halt();
    this.audio?.close();
  }
}
