// Measuring by hand on the picture that is shown: points are clicked, dragged, or moved by keys; a magnifier shows the
// pixels around the one in hand. Points are told in pixels of the picture as it was looked at.

const TOOLS = { angle: 3, vertical: 2, horizontal: 2, line: 2, time: 0, grid: 1 }; // how many points each has
const FIRST = [[0.35, 0.3], [0.5, 0.5], [0.65, 0.3]]; // where points wait to be placed, as shares of the picture
const OF_ANGLE = ["one end", "the corner", "the other end"];
const FAR_PX = 10; // a step with Shift
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Measuring {
  // `player`: has the video, the times of its pictures, and tells Python.
  constructor(root, player, signal) {
    Object.assign(this, { root, player, signal, points: [], kept: [], spacing: 40 });
    this.part = (name) => root.querySelector(`.bcm-${name}`);
    const on = (target, names, handler) =>
      names.split(" ").forEach((name) => target.addEventListener(name, handler, { signal }));
    on(this.part("layer"), "pointerdown", (event) => this.grab(event));
    on(this.part("layer"), "pointermove", (event) => this.drag(event));
    on(this.part("layer"), "pointerup pointercancel", () => this.letGo());
    on(this.part("handles"), "focusin", (event) => this.take(Number(event.target.dataset.n)));
    on(this.part("bar"), "click", (event) => this.press(event));
    on(this.part("spacing"), "input", (event) => this.setSpacing(Number(event.target.value)));
    on(player.video, "seeked loadeddata", () => this.draw());
  }

  // What Python says: what was kept takes the place of the points in hand.
  update(wanted) {
    this.wanted = wanted;
    this.part("open").hidden = !wanted;
    if (!wanted) return this.leave();
    const more = wanted.kept.length > this.kept.length;
    this.kept = wanted.kept;
    if (more && this.sent) this.begin(this.tool);
    if (more) this.sent = false;
    this.part("plane").hidden = this.tool !== "line" || !wanted.known;
    this.part("known-words").textContent = `In the plane of the known length (${wanted.known})`;
    this.part("note").maxLength = wanted.most_note;
    Object.assign(this.part("spacing"), { min: wanted.spacings_px[0], max: Math.min(wanted.spacings_px[1], 300) });
    this.part("problem").textContent = wanted.problem;
    this.part("problem").hidden = !wanted.problem;
    this.draw();
  }

  toggle() {
    if (this.tool) return this.leave();
    this.player.video.pause();
    this.root.dataset.measuring = this.wanted.width > this.wanted.height ? "wide" : "tall";
    this.player.video.controls = false;
    this.part("open").setAttribute("aria-expanded", "true");
    this.begin("angle");
    this.show(this.handle(0));
  }

  // What is next in hand has the focus, and the picture stays where it can be seen.
  show(next) {
    next?.focus({ preventScroll: true });
    this.part("layer").parentElement.scrollIntoView({ block: "nearest" });
  }

  leave() {
    delete this.root.dataset.measuring;
    this.tool = undefined;
    this.player.video.controls = true;
    this.part("open").setAttribute("aria-expanded", "false");
    this.draw();
  }

  close() {
    this.leave();
    this.show(this.part("open"));
  }

  // --- tools ----------------------------------------------------------------------------------

  begin(tool) {
    const { width, height, joints, lines, known, times_known } = this.wanted;
    this.tool = tool;
    this.points = FIRST.slice(0, TOOLS[tool]).map(([x, y]) => ({ at: [x * width, y * height], placed: false }));
    this.active = 0;
    this.from = this.until = undefined;
    for (const button of this.root.querySelectorAll(".bcm-tools button")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
      button.disabled = button.dataset.tool === "time" && !times_known;
    }
    const names = tool === "angle" ? joints : tool === "vertical" || tool === "horizontal" ? lines : [];
    const of = this.part("of");
    of.replaceChildren(new Option("Not named", ""), ...names.map(([name, words]) => new Option(words, name)));
    for (const [name, shown] of [["named", names.length], ["known", tool === "line"], ["pad", TOOLS[tool]],
      ["plane", tool === "line" && known], ["times", tool === "time"], ["squares", tool === "grid"]])
      this.part(name).hidden = !shown;
    this.part("note").value = this.part("cm").value = "";
    this.makeHandles();
    this.draw();
  }

  makeHandles() {
    const all = this.points.map((_, n) => {
      const handle = document.createElement("button");
      Object.assign(handle, { type: "button", className: "bcm-handle" });
      handle.dataset.n = n;
      return handle;
    });
    this.part("handles").replaceChildren(...all);
  }

  press(event) {
    const { tool, act, step } = event.target.closest("button")?.dataset ?? {};
    if (tool) {
      this.begin(tool);
      this.show(this.handle(0));
    }
    if (step) this.move(STEPS[step], 1);
    if (act === "from" || act === "until") this.player.video.pause();
    if (act === "from") this.from = this.player.shownTime();
    if (act === "until") this.until = this.player.shownTime();
    if (act === "keep") this.keep();
    if (act === "leave") this.close();
    if (act) this.draw();
  }

  setSpacing(spacing) {
    this.spacing = spacing;
    this.draw();
  }

  // Returns whether the key is no longer the player's.
  key(event) {
    if (!this.tool || !event.target.closest(".bcm-layer, .bcm-bar")) return false;
    const onPoint = event.target.closest(".bcm-handle, .bcm-pad");
    if (event.key === "Escape") this.close();
    else if (onPoint && STEPS[event.key]) this.move(STEPS[event.key], event.shiftKey ? FAR_PX : 1);
    else if (event.key === "Enter" && event.target.closest(".bcm-handle")) this.keep();
    else return Boolean(event.target.closest("input, select, .bcm-layer"));
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  keep() {
    const { tool, points, wanted } = this;
    const missing = points.findIndex((point) => !point.placed);
    if (missing >= 0) return this.handle(missing).focus();
    const said = { tool, time_s: this.player.shownTime(), points: points.map(({ at }) => at) };
    said.note = this.part("note").value;
    if (this.part("of").value) said.of = this.part("of").value;
    if (tool === "line" && this.part("cm").value) said.known_cm = Number(this.part("cm").value);
    if (tool === "line" && wanted.known) said.same_plane = this.part("same").checked;
    if (tool === "grid") said.spacing_px = this.spacing;
    if (tool === "time") {
      if (this.from === undefined || this.until === undefined) return;
      Object.assign(said, { time_s: this.from, until_s: this.until });
    }
    this.sent = true;
    this.player.tell("measured", said);
  }

  // --- points ---------------------------------------------------------------------------------

  handle(n) {
    return this.part("handles").children[n];
  }

  take(n) {
    this.active = n;
    this.draw();
  }

  move([across, down], by) {
    const point = this.points[this.active];
    if (point) this.put([Math.round(point.at[0]) + across * by, Math.round(point.at[1]) + down * by]);
  }

  put([x, y]) {
    const { width, height } = this.wanted, point = this.points[this.active];
    point.at = [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
    point.placed = true;
    this.player.video.pause(); // it belongs to one picture
    this.draw();
  }

  grab(event) {
    if (event.button !== 0 || !this.points.length) return;
    event.preventDefault(); // the focus goes to the point, whose keys then move it
    const handle = event.target.closest(".bcm-handle"), pointer = this.inPicture(event);
    const waiting = this.points.findIndex((point) => !point.placed);
    this.active = handle ? Number(handle.dataset.n) : waiting >= 0 ? waiting : this.active;
    const { at } = this.points[this.active];
    this.offset = handle ? [at[0] - pointer[0], at[1] - pointer[1]] : [0, 0];
    this.part("layer").setPointerCapture(event.pointerId);
    this.handle(this.active).focus({ preventScroll: true });
    if (handle) this.draw(); else this.put(pointer);
  }

  drag(event) {
    if (!this.offset) return;
    const [x, y] = this.inPicture(event);
    this.put([x + this.offset[0], y + this.offset[1]]);
  }

  letGo() {
    this.offset = undefined;
  }

  // The video is shown whole, with a border where its shape is another: where it lies in its frame, CSS pixels.
  shown() {
    const { width, height } = this.wanted, box = this.player.video.getBoundingClientRect();
    const scale = Math.min(box.width / width, box.height / height);
    return { scale, left: box.left + (box.width - width * scale) / 2, top: box.top + (box.height - height * scale) / 2 };
  }

  inPicture(event) {
    const { scale, left, top } = this.shown();
    return [(event.clientX - left) / scale, (event.clientY - top) / scale];
  }

  // --- drawing --------------------------------------------------------------------------------

  draw() {
    if (!this.wanted || this.signal.aborted) return;
    const { width, height } = this.wanted, { scale } = this.shown();
    if (!(scale > 0)) return;
    const picture = this.part("picture"), now = this.player.shownTime();
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const here = this.kept.filter((one) => Math.abs(one.time_s - now) < 0.001 && this.player.video.paused);
    const drawn = here.flatMap((one, n) => shapes(one, scale, this.wanted, "#8fd3ff", linesAbove(here, n, scale)));
    picture.replaceChildren(...drawn);
    if (this.tool) picture.append(...shapes(this.inHand(), scale, this.wanted, "#ffd400"));
    this.part("reading").textContent = this.tool ? this.reading() : "";
    this.placeHandles(scale);
    this.magnify();
  }

  inHand() {
    const { tool, points, spacing } = this;
    const to = tool === "vertical" || tool === "horizontal" ? tool : null;
    return { kind: to ? "angle" : tool, to, spacing_px: spacing, points: points.map(({ at }) => at), label: "" };
  }

  placeHandles(scale) {
    const frame = this.part("layer").getBoundingClientRect(), { left, top } = this.shown();
    this.points.forEach(({ at: [x, y], placed }, n) => {
      const handle = this.handle(n);
      if (!handle) return;
      handle.style.left = `${left - frame.left + x * scale}px`;
      handle.style.top = `${top - frame.top + y * scale}px`;
      handle.dataset.placed = placed;
      handle.dataset.active = n === this.active;
      const where = placed ? `${Math.round(x)} across, ${Math.round(y)} down` : "not placed yet";
      handle.setAttribute("aria-label", `Point ${n + 1} of ${this.points.length}: ${where}`);
    });
  }

  magnify() {
    const loupe = this.part("loupe"), point = this.points[this.active];
    loupe.hidden = !this.tool || !point || !this.player.video.videoWidth;
    if (loupe.hidden) return;
    loupe.dataset.side = point.at[0] > this.wanted.width / 2 ? "left" : "right"; // never over the point itself
    magnify(loupe, this.player.video, point.at, this.wanted.width);
  }

  reading() {
    const { tool, wanted, points } = this, { times } = this.player.data;
    const at = points.map((point) => point.at), missing = points.findIndex((point) => !point.placed);
    if (missing >= 0) return `Place ${tool === "angle" ? OF_ANGLE[missing] : `point ${missing + 1} of ${at.length}`}`;
    if (tool === "grid") return `Squares of ${this.spacing} px, perspective not corrected`;
    if (tool === "time") {
      if (this.from === undefined) return "Set where the time starts";
      if (this.until === undefined) return `From ${this.from.toFixed(2)} s: set where it ends`;
      if (this.until <= this.from) return "It must end after it starts";
      const stands = [this.from, this.until].map((time) => standsFor(times, this.player.frameAt(time)));
      return read(this.until - this.from, (stands[0] + stands[1]) / 2, " s");
    }
    const near = at.slice(1).some((point, n) => distance(point, at[n]) < wanted.shortest_px);
    if (near) return `Place them at least ${wanted.shortest_px} px apart`;
    if (tool === "angle") return readAngle(at, wanted.click_px);
    return tool === "line" ? readLine(at, wanted.click_px) : readLean(at, tool, wanted.click_px);
  }
}
