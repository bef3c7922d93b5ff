// The video leads: whatever moves it (a click on the curve, a button, a key, playing), the line on
// the curve and the read-out follow from its own clock.

const INTO_FRAME_S = 0.001; // a hair past a frame's time, so that the browser never shows the one before
const NEAR_S = 0.15; // a mark this close counts as "here" for previous and next

const players = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bcp");
  let player = players.get(root);
  if (!player) players.set(root, (player = new Player(root)));
  player.tell = setTriggerValue;
  player.update(data);
  return () => {
    player.close();
    players.delete(root);
  };
}

let library; // one load a page, however many players

function loadLibrary(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      library = undefined;
      reject(new Error("The curve could not be drawn. Reload the page to try again."));
    };
    document.head.append(script);
  });
  return library;
}

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.chart = root.querySelector(".bcp-chart");
    this.plot = root.querySelector(".bcp-plot");
    this.cursor = root.querySelector(".bcp-cursor");
    this.stop = new AbortController();
    this.byHand = new Measuring(root, this, this.stop.signal);
    this.seekNumber = 0; // nobody has asked to be shown a moment yet: a result is read from its top
    this.listen();
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.chart);
  }

  listen() {
    const on = (target, names, handler, capture = false) =>
      names.split(" ").forEach((name) =>
        target.addEventListener(name, handler, { signal: this.stop.signal, capture }));
    on(this.video, "timeupdate seeked loadedmetadata", () => this.follow());
    on(this.video, "play pause ended", () => this.playing());
    on(this.video, "seeked", () => this.seekOn());
    on(this.video, "error", () => this.problem("The video could not be loaded. Reload the page to try again."));
    on(this.chart, "pointerdown", (event) => this.grab(event), true);
    on(this.chart, "pointermove", (event) => this.drag(event), true);
    on(this.chart, "pointerup pointercancel", () => this.letGo(), true);
    on(this.root.querySelector(".bcp-point"), "pointerdown", (event) => this.point(event));
    on(this.root, "keydown", (event) => this.key(event), true);
    on(this.root, "click", (event) => this.press(event));
    on(this.root.querySelector(".bcp-speed"), "change", (event) => {
      this.video.playbackRate = Number(event.target.value);
    });
  }

  update(data) {
    const { video, figure, seek } = data;
    const figureText = JSON.stringify(figure);
    this.data = data;
    if (this.video.getAttribute("src") !== video) this.film(video);
    if (this.figureText !== figureText) this.draw(data, figureText);
    for (const group of this.root.querySelectorAll("[data-for]"))
      group.hidden = !data.marks.some((mark) => mark.kind === group.dataset.for);
    this.handsOn(data.hands);
    this.byHand.update(data.hands?.measuring ?? null);
    const counted = data.marks.find((mark) => mark.kind === "repetition"); // "Repetition 1", or "Hold 1"
    if (counted)
      this.root.querySelector("[data-for=repetition] > span").textContent = counted.label.replace(/ \d+$/, "");
    if (seek && seek.n !== this.seekNumber) {
      this.seekNumber = seek.n;
      this.video.pause();
      this.seek(seek.time_s);
      this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }
    this.follow();
  }

  // Another film of the same recording goes on where the one before was.
  film(url) {
    const time = this.video.currentTime;
    this.video.src = url;
    if (time) this.seek(time);
  }

  async draw({ library: url, figure }, figureText) {
    this.figureText = figureText;
    try {
      const plotly = await loadLibrary(url);
      if (this.stop.signal.aborted) return;
      await plotly.react(this.plot, figure.data, figure.layout, { staticPlot: true });
      this.plotly = plotly;
      this.root.dataset.drawn = "yes";
      this.follow();
    } catch (error) {
      this.problem(error.message);
    }
  }

  // --- time and place -----------------------------------------------------------------------

  // The plot's area on the page: its margins and range are set by the figure and stay as they are.
  area() {
    const { margin, xaxis, height } = this.plot.layout;
    const left = margin.l, width = this.plot.clientWidth - margin.l - margin.r;
    return { left, width, top: margin.t, bottom: margin.b, height, from: xaxis.range[0], to: xaxis.range[1] };
  }

  timeAt(clientX) {
    const { left, width, from, to } = this.area();
    const share = (clientX - this.plot.getBoundingClientRect().left - left) / width;
    return from + Math.min(1, Math.max(0, share)) * (to - from);
  }

  frameAt(time) {
    const { times } = this.data;
    let low = 0, high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= time + INTO_FRAME_S / 2) low = middle; else high = middle - 1;
    }
    return low;
  }

  // The time of the picture that is shown.
  shownTime() {
    return this.data.times[this.frameAt(this.video.currentTime)];
  }

  // A moment is told to a hundredth of a second: the picture it tells of may begin a hair later, at 3.1333 for 3.13.
  told(time) {
    const { times, rounding_s } = this.data;
    const frame = this.frameAt(time), later = times[frame + 1] - time;
    return later <= rounding_s && later < time - times[frame] ? times[frame + 1] : time;
  }

  // While one seek is under way only the latest wish is kept: dragging stays light.
  seek(time) {
    const end = this.video.duration || Infinity;
    this.wanted = Math.min(Math.max(0, this.told(time)), end) + INTO_FRAME_S;
    if (!this.video.seeking) this.seekOn();
  }

  seekOn() {
    if (this.wanted === undefined) return;
    this.video.currentTime = this.wanted;
    this.wanted = undefined;
  }

  follow() {
    if (!this.data) return;
    const time = this.video.currentTime;
    const value = this.data.values[this.frameAt(time)];
    this.root.querySelector(".bcp-time").textContent = `${time.toFixed(2)} s`;
    this.root.querySelector(".bcp-value").textContent = this.data.hands?.quiet ? "" :
      value == null ? "not measured here" : `${String(Math.round(value) || 0).replace("-", "−")}${this.data.unit}`;
    this.byHand.draw();
    if (!this.plotly) return;
    const { left, width, top, bottom, from, to } = this.area();
    this.cursor.style.display = "block";
    this.cursor.style.left = `${left + (width * (Math.min(time, to) - from)) / (to - from) - 1}px`;
    this.cursor.style.top = `${top}px`;
    this.cursor.style.height = `${this.plot.clientHeight - top - bottom}px`;
    for (const handle of this.root.querySelectorAll(".bcp-handle")) {
      const at = this.bounds?.[handle.dataset.what];
      handle.hidden = at === undefined;
      if (at === undefined) continue;
      handle.style.left = `${left + (width * (Math.min(Math.max(at, from), to) - from)) / (to - from) - 9}px`;
      handle.style.top = `${top}px`;
      handle.style.height = `${this.plot.clientHeight - top - bottom}px`;
    }
  }

  // --- a reviewer's hands ---------------------------------------------------------------------

  // The bounds that Python says hold, until a hand moves one of them: then that one is shown at once.
  handsOn(hands) {
    const text = JSON.stringify(hands?.bounds ?? null);
    if (text !== this.boundsText) {
      this.boundsText = text;
      this.bounds = hands?.bounds ? { ...hands.bounds } : undefined;
    }
    this.root.querySelector(".bcp-set").hidden = this.root.querySelector(".bcp-keys").hidden = !this.bounds;
    if (hands?.asking && !this.asked) queueMicrotask(() => this.tell("stands", { time_s: this.shownTime() }));
    this.asked = Boolean(hands?.asking);
    const pane = this.root.querySelector(".bcp-point");
    pane.hidden = !hands?.point;
    pane.textContent = hands?.point ? `Click on the ${hands.point.label}` : "";
  }

  setBound(what, time) {
    if (!this.bounds) return;
    this.bounds[what] = time;
    this.follow();
    this.tell("moved", { what, time_s: Math.round(time * 100) / 100 });
  }

  // Pixels of the picture as it was looked at: the video is shown whole, with a border where its shape is another.
  point(event) {
    const { width, height } = this.data.hands.point, box = this.video.getBoundingClientRect();
    const scale = Math.min(box.width / width, box.height / height);
    const x = (event.clientX - box.left - (box.width - width * scale) / 2) / scale;
    const y = (event.clientY - box.top - (box.height - height * scale) / 2) / scale;
    if (x < 0 || y < 0 || x > width || y > height) return;
    this.video.pause();
    this.tell("pointed", { x_px: x, y_px: y, time_s: this.shownTime() });
  }

  playing() {
    this.root.querySelector("[data-act=play]").textContent = this.video.paused ? "Play" : "Stop";
    const tick = () => {
      this.follow();
      if (!this.video.paused && !this.stop.signal.aborted) requestAnimationFrame(tick);
    };
    if (!this.video.paused) requestAnimationFrame(tick);
  }

  // --- hands ----------------------------------------------------------------------------------

  grab(event) {
    if (!this.plotly || event.button !== 0) return;
    this.held = true;
    this.moving = event.target.closest(".bcp-handle")?.dataset.what;
    this.chart.setPointerCapture(event.pointerId);
    this.video.pause();
    this.drag(event);
  }

  drag(event) {
    if (!this.held) return;
    const time = this.timeAt(event.clientX);
    if (this.moving && this.bounds) this.bounds[this.moving] = time;
    this.seek(time);
    this.follow();
  }

  letGo() {
    if (this.held && this.moving && this.bounds) this.setBound(this.moving, this.bounds[this.moving]);
    this.held = this.moving = undefined;
  }

  press(event) {
    const { act, kind, step, what } = event.target.closest("button")?.dataset ?? {};
    if (act === "play") this.toggle();
    if (act === "step") this.step(Number(step));
    if (act === "set") this.setBound(what, this.shownTime());
    if (act === "measure") this.byHand.toggle();
    if (act === "previous" || act === "next") this.jump(kind, act === "next");
  }

  key(event) {
    if (this.byHand.key(event)) return;
    const onControl = event.target.closest("button, select");
    const set = this.bounds && { s: "start", f: "furthest", e: "end" }[event.key];
    const act = set ? () => this.setBound(set, this.shownTime()) : {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      " ": onControl ? undefined : () => this.toggle(),
    }[event.key];
    if (!act || event.target.closest("select")) return;
    event.preventDefault(); // the video's own keys would jump by seconds
    event.stopPropagation();
    act();
  }

  toggle() {
    if (this.video.paused) this.video.play(); else this.video.pause();
  }

  step(frames) {
    this.video.pause();
    const { times } = this.data;
    const now = this.wanted ?? this.video.currentTime;
    const index = Math.min(times.length - 1, Math.max(0, this.frameAt(now) + frames));
    this.seek(times[index]);
  }

  jump(kind, forward) {
    const now = this.wanted ?? this.video.currentTime;
    const times = this.data.marks.filter((mark) => mark.kind === kind).map((mark) => mark.time_s);
    const target = forward
      ? times.find((time) => time > now + NEAR_S)
      : times.findLast((time) => time < now - NEAR_S);
    if (target !== undefined) this.seek(target);
  }

  // --- upkeep -----------------------------------------------------------------------------------

  resize() {
    // refused where the page has left this player in the meantime, which is no harm
    if (this.plotly) this.plotly.Plots.resize(this.plot).catch(() => undefined);
    this.follow();
  }

  problem(text) {
    const line = this.root.querySelector(".bcp-problem");
    line.textContent = text;
    line.hidden = false;
  }

  close() {
    this.stop.abort();
    this.resizes.disconnect();
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    if (this.plotly) this.plotly.purge(this.plot);
  }
}
