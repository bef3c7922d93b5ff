// Two recordings on one axis. One place leads: the slider, a key, a button, the curve or playing moves it, and both
// pictures, their lines, the line on the curve and the words follow. Where on its own clock each recording is at a
// place is told by the server, as a way from knot to knot; here it is only looked up.

const INTO_FRAME_S = 0.001; // a hair past a frame's time, so that rounding never shows the one before
const STRAYS_S = 0.15; // a video that plays is set right once it is so far from its place
const PACES = [0.0625, 16]; // at which a browser plays
const NEAR_S = 0.25; // a moment further from every frame was not filmed, and stays empty
const GHOST = "#f6c9ff";
const GHOST_EDGE = "#4a1458";
const DASHES = [7, 6];

const stages = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".bcm");
  let stage = stages.get(root);
  if (!stage) stages.set(root, (stage = new Stage(root)));
  stage.update(data);
  return () => {
    stage.close();
    stages.delete(root);
  };
}

// What the camera page draws with, on a picture that is no mirror image; and one more kind of body, a ghost.
async function drawing(url) {
  const { Overlay } = await import(new URL(url, location.href).href);
  return class extends Overlay {
    fit() {
      const { canvas, size } = this;
      const box = canvas.getBoundingClientRect();
      const scale = Math.min(box.width / size.width, box.height / size.height) * devicePixelRatio || 1;
      const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      this.unit = Math.max(width, height) / 640;
    }

    at([x, y]) {
      return [x * this.canvas.width, y * this.canvas.height];
    }

    ghost(landmarks) {
      this.pen.save();
      this.pen.setLineDash(DASHES.map((length) => length * this.unit));
      this.lines(landmarks, GHOST_EDGE, 5);
      this.lines(landmarks, GHOST, 3);
      this.pen.restore();
    }
  };
}

// Straight between knots that rise, the first and the last one beyond them.
function between(from, to, x) {
  let i = 1;
  while (i < from.length - 1 && x > from[i]) i += 1;
  const step = from[i] - from[i - 1];
  const share = step > 0 ? Math.min(1, Math.max(0, (x - from[i - 1]) / step)) : 0;
  return to[i - 1] + share * (to[i] - to[i - 1]);
}

// Seconds of a recording to a step of the axis, at a place.
function pace({ at, t }, place) {
  let i = 1;
  while (i < at.length - 1 && place >= at[i]) i += 1;
  return (t[i] - t[i - 1]) / (at[i] - at[i - 1]);
}

function frameAt(times, time) {
  let low = 0, high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time + INTO_FRAME_S / 2) low = middle; else high = middle - 1;
  }
  return low;
}

class Pane {
  constructor(root, problem) {
    Object.assign(this, { root, problem, video: root.querySelector("video"), canvas: root.querySelector("canvas") });
    for (const name of ["seeked", "loadeddata"]) this.video.addEventListener(name, () => this.seekOn());
    this.video.addEventListener("error", () => this.lost());
  }

  update(data) {
    this.data = data;
    this.root.querySelector("figcaption").textContent = data.name;
    this.root.querySelector(".bcm-note").textContent = data.note;
    this.video.hidden = !data.video;
    if (data.video && this.video.getAttribute("src") !== data.video) this.video.src = data.video;
    if (!data.video) this.video.removeAttribute("src");
  }

  // The drawing stands in where there is no video.
  lost() {
    if (!this.data?.video || !this.video.getAttribute("src")) return;
    this.data.video = null;
    this.video.hidden = true;
    this.problem("A video could not be loaded: the drawing stands in its place. Reload the page to try again.");
    this.draw();
  }

  show(place) {
    this.time = between(this.data.axis.at, this.data.axis.t, place);
    this.root.dataset.time = this.time.toFixed(3);
    if (!this.data.video) this.draw();
    else {
      this.wanted = Math.max(0, this.time) + INTO_FRAME_S;
      if (!this.video.seeking) this.seekOn();
    }
  }

  // Playing, the video runs by itself, as fast as keeps it in its place.
  run(place, rate) {
    this.time = between(this.data.axis.at, this.data.axis.t, place);
    this.root.dataset.time = this.time.toFixed(3);
    const { video } = this;
    const runs = rate >= PACES[0] && this.time >= 0 && !(this.time >= video.duration);
    if (this.data.video && !runs) video.pause();
    if (this.data.video && runs) {
      video.playbackRate = Math.min(PACES[1], rate);
      if (video.paused) video.play().catch(() => undefined); // refused where the page is leaving
      if (!video.seeking && Math.abs(video.currentTime - this.time) > STRAYS_S) video.currentTime = this.time;
    }
    this.draw();
  }

  // What its clock says while it runs; undefined while it does not.
  clock() {
    const { video } = this;
    const runs = this.data.video && !video.paused && !video.ended && !video.seeking && video.readyState > 2;
    return runs ? video.currentTime : undefined;
  }

  // While one seek is under way only the latest wish is kept: a drag on the slider stays light.
  seekOn() {
    if (this.wanted !== undefined && this.video.readyState > 0) {
      this.video.currentTime = this.wanted;
      this.wanted = undefined;
    }
    this.draw();
  }

  // The lines of the frame that is seen, which is a moment behind while the video seeks.
  draw() {
    if (!this.drawing) return;
    const { times, bodies, ghosts, video } = this.data;
    const time = video ? this.video.currentTime : this.time;
    const i = frameAt(times, time);
    const near = Math.max(NEAR_S, (times.at(-1) - times[0]) / times.length); // of a long one not every frame is there
    const filmed = times.length > 0 && Math.abs(times[i] - time) < near;
    this.root.dataset.frame = filmed ? i : "none";
    this.drawing.draw({ landmarks: filmed && this.lines ? this.body(bodies[i]) : null }, false);
    const ghost = filmed && this.ghost && ghosts ? this.body(ghosts[i]) : null;
    if (ghost) this.drawing.ghost(ghost);
  }

  body(flat) {
    const place = (joint, k) => [joint, [flat[3 * k] / 1e4, flat[3 * k + 1] / 1e4, flat[3 * k + 2] / 100]];
    return flat ? Object.fromEntries(this.data.joints.map(place)) : null;
  }

  close() {
    this.video.removeAttribute("src");
    this.video.load();
  }
}

class Stage {
  constructor(root) {
    this.root = root;
    this.part = Object.fromEntries(
      ["chart", "cursor", "values", "why", "jumps", "speed", "lines", "ghost", "ghosts", "badge", "problem"].map((name) => [
        name, root.querySelector(`.bcm-${name}`)]));
    this.slider = root.querySelector(".bcm-place input");
    this.panes = ["then", "now"].map((which) =>
      new Pane(root.querySelector(`[data-which=${which}]`), (text) => this.tell(text)));
    this.stop = new AbortController();
    this.listen();
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(root);
  }

  listen() {
    const on = (target, names, handler, capture = false) =>
      names.split(" ").forEach((name) =>
        target.addEventListener(name, handler, { signal: this.stop.signal, capture }));
    on(this.slider, "input", () => this.jump(Number(this.slider.value)));
    on(this.root, "keydown", (event) => this.key(event), true);
    on(this.root, "click", (event) => this.press(event));
    on(this.part.chart, "pointerdown", (event) => this.grab(event));
    on(this.part.chart, "pointermove", (event) => this.held && this.goTo(this.placeAt(event.clientX)));
    on(this.part.chart, "pointerup pointercancel", () => (this.held = false));
    for (const name of ["lines", "ghost"]) on(this.part[name], "change", () => this.choose());
  }

  async update(data) {
    const text = JSON.stringify(data);
    if (text === this.text) return; // the page around it changed, not the two
    const anew = data.two !== this.data?.two;
    Object.assign(this, { text, data });
    data.panes.forEach((pane, i) => this.panes[i].update({ ...pane, joints: data.joints }));
    const image = this.part.chart.querySelector("img");
    Object.assign(image, { src: data.chart.image, alt: data.chart.label, width: data.chart.width, height: data.chart.height });
    this.part.why.textContent = data.ghost.why;
    this.part.ghosts.hidden = Boolean(data.ghost.why);
    this.part.ghosts.querySelector("span").textContent = data.ghost.label;
    this.part.badge.textContent = data.ghost.badge;
    Object.assign(this.slider, { min: data.ends[0], max: data.ends[1], step: (data.ends[1] - data.ends[0]) / 1000 });
    this.jumps(data.jumps);
    if (anew) this.pause();
    this.place = anew || this.place === undefined ? data.begin : this.place;
    this.choose();
    try {
      this.Drawing ??= await drawing(data.overlay);
      if (this.stop.signal.aborted) return;
      for (const pane of this.panes) {
        pane.drawing ??= new this.Drawing(pane.canvas, null);
        pane.drawing.size = pane.data;
        pane.draw();
      }
      this.root.dataset.drawn = data.two;
    } catch (error) {
      console.error(error);
      this.tell("The lines could not be drawn. Reload the page to try again.");
    }
  }

  jumps(jumps) {
    for (const old of this.part.jumps.querySelectorAll("button")) old.remove();
    for (const [name, place] of jumps) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: name });
      Object.assign(button.dataset, { act: "jump", place });
      this.part.jumps.append(button);
    }
  }

  // --- the place ------------------------------------------------------------------------------

  goTo(place) {
    this.place = Math.min(this.data.ends[1], Math.max(this.data.ends[0], place));
    this.follow();
  }

  follow() {
    for (const pane of this.panes) pane.show(this.place);
    this.mark();
  }

  // The slider, the words and the line on the curve.
  mark() {
    const { data, place } = this;
    this.root.dataset.place = place.toFixed(2);
    this.slider.value = place;
    const words = this.words();
    this.slider.setAttribute("aria-valuetext", words);
    this.root.querySelector(".bcm-place output").textContent = words;
    const share = (place - data.ends[0]) / (data.ends[1] - data.ends[0]);
    const [then, now] = data.values.map((values) => values[Math.round(share * (values.length - 1))]);
    this.part.values.textContent = `${data.names[0]}: ${this.value(then)} · ${data.names[1]}: ${this.value(now)}`;
    const { left, right, top, bottom } = data.chart.plot, box = this.part.chart.querySelector("img");
    Object.assign(this.part.cursor.style, {
      left: `${(left + share * (right - left)) * box.clientWidth - 1}px`,
      top: `${top * box.clientHeight}px`,
      height: `${(bottom - top) * box.clientHeight}px`,
    });
  }

  resize() {
    if (!this.data) return;
    this.mark();
    for (const pane of this.panes) pane.draw();
  }

  words() {
    const { place, data } = this;
    if (data.way === "time") {
      const text = `${Math.abs(place).toFixed(2)} s`;
      if (data.hold) return `${text} held`;
      return Math.abs(place) < 0.005 ? "furthest" : `${text} ${place < 0 ? "before" : "after"} it`;
    }
    const part = data.parts.findLast(([from]) => place >= from - 1e-9)?.[1] ?? "";
    return `${part}, ${Math.round(place)} %`;
  }

  value(value) {
    return value == null ? "not measured here" : `${String(value).replace("-", "−")}${this.data.unit}`;
  }

  placeAt(clientX) {
    const box = this.part.chart.querySelector("img").getBoundingClientRect();
    const { ends, chart: { plot } } = this.data;
    const share = ((clientX - box.left) / box.width - plot.left) / (plot.right - plot.left);
    return ends[0] + share * (ends[1] - ends[0]);
  }

  // --- hands ----------------------------------------------------------------------------------

  grab(event) {
    if (event.button !== 0) return;
    this.pause();
    this.held = true;
    this.part.chart.setPointerCapture(event.pointerId);
    this.goTo(this.placeAt(event.clientX));
  }

  press(event) {
    const { act, step, place } = event.target.closest("button")?.dataset ?? {};
    if (act === "play") this.toggle();
    if (act === "step") this.step(Number(step));
    if (act === "jump") this.jump(Number(place));
  }

  key(event) {
    const onControl = event.target.closest("button, select, input[type=checkbox]");
    const act = {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Home: () => this.jump(this.data.ends[0]),
      End: () => this.jump(this.data.ends[1]),
      f: () => this.jump(this.data.begin),
      " ": onControl ? undefined : () => this.toggle(),
    }[event.key];
    if (!act || event.target.closest("select") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // the slider's own keys would move by another step
    event.stopPropagation();
    act();
  }

  jump(place) {
    this.pause();
    this.goTo(place);
  }

  // To the next frame of the second recording; the first one goes along to the same place of the movement.
  step(frames) {
    this.pause();
    const { times, axis } = this.panes[1].data;
    if (!times.length) return;
    const now = between(axis.at, axis.t, this.place);
    const index = Math.min(times.length - 1, Math.max(0, frameAt(times, now) + frames));
    this.goTo(between(axis.t, axis.at, times[index]));
  }

  choose() {
    for (const pane of this.panes) Object.assign(pane, { lines: this.part.lines.checked, ghost: this.part.ghost.checked });
    this.part.badge.hidden = Boolean(this.data.ghost.why) || !this.part.ghost.checked;
    this.follow();
    for (const pane of this.panes) pane.draw();
  }

  // --- playing: at the pace of the second recording -------------------------------------------------

  toggle() {
    if (this.playing) this.jump(this.place); else this.play();
  }

  play() {
    this.playing = true;
    this.root.querySelector("[data-act=play]").textContent = "Stop";
    if (this.place >= this.data.ends[1] - 1e-6) this.goTo(this.data.ends[0]);
    let before = performance.now();
    let time = this.now();
    const tick = (moment) => {
      if (!this.playing || this.stop.signal.aborted) return;
      const { axis } = this.panes[1].data;
      time = this.panes[1].clock() ?? time + (Math.max(0, moment - before) / 1000) * Number(this.part.speed.value);
      before = moment;
      if (time >= axis.t.at(-1)) this.jump(this.data.ends[1]);
      else {
        this.run(between(axis.t, axis.at, time));
        requestAnimationFrame(tick);
      }
    };
    requestAnimationFrame(tick);
  }

  // Both to a place, while they play on.
  run(place) {
    this.place = place;
    const own = pace(this.panes[1].data.axis, place);
    const speed = Number(this.part.speed.value);
    for (const pane of this.panes) pane.run(place, own > 0 ? (speed * pace(pane.data.axis, place)) / own : speed);
    this.mark();
  }

  now() {
    const { axis } = this.panes[1].data;
    return between(axis.at, axis.t, this.place);
  }

  pause() {
    this.playing = false;
    for (const pane of this.panes) pane.video.pause();
    this.root.querySelector("[data-act=play]").textContent = "Play both";
  }

  tell(text) {
    this.part.problem.textContent = text;
    this.part.problem.hidden = false;
  }

  close() {
    this.pause();
    this.stop.abort();
    this.resizes.disconnect();
    for (const pane of this.panes) pane.close();
  }
}
