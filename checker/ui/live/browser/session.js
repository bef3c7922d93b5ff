// A session in the browser: camera to server, answers to the screen, and what the person presses.

import { CameraProblem, closeCamera, openCamera, problem } from "./camera.js";
import { Card } from "./card.js";
import { Frames } from "./frames.js";
import { listenToKeys } from "./keys.js";
import { Link } from "./link.js";
import { keepTally } from "./memory.js";
import { Mirror } from "./mirror.js";
import { Overlay } from "./overlay.js";
import { PainMarks } from "./pain.js";
import { Panel } from "./panel.js";
import { Rate } from "./rate.js";
import { Review } from "./review.js";
import { SpeedTest } from "./speed.js";
import { StopRules } from "./stop_rules.js";
import { Voice } from "./voice.js";
import { VoiceButtons } from "./voice_buttons.js";
import { Watch } from "./watch.js";

const LAST_MS = 2000; // after the last repetition: it is judged once it has settled
const MARKED_MS = 1500;
const MANY_FAILURES = 20; // in a row
const NOTICES = [
  "pain", "finish", "link", "camera", "silent", "failed", "unfit", "slow", "pace", "mirror", "rate",
];
const JUDGING = "Looking at the whole of it…";
const TOO_FEW = "Too few pictures a second come to count you.";
const NARROW_PX = 600; // on an upright screen: less has no room for a list below the picture
const LOW_PX = 260;
const ASKED_MS = 5000; // a question of the browser's that is not answered for so long may not be seen

export class Session {
  constructor(root, data, tell) {
    Object.assign(this, { root, data, tell, leftOut: 0, stop: new AbortController() });
    const part = (name) => root.querySelector(name);
    this.video = part("video");
    this.stopRules = new StopRules(this, part(".bcl-stops"));
    this.panel = new Panel(root, data.movement, (step) => this.voice.say([{ text: step, kind: "count" }]));
    this.card = new Card(part(".bcl-card"));
    this.overlay = new Overlay(part("canvas"), this.video);
    this.frames = new Frames(this.video);
    this.voice = new Voice();
    this.buttons = new VoiceButtons(root, this.voice);
    this.marks = new PainMarks((message) => this.link.tell(message));
    this.mirror = new Mirror(root, data.movement.asksHand, (message) => this.link.tell(message),
      (words) => this.notice("mirror", words));
    this.review = new Review(this);
    this.rate = new Rate((step) => this.ease(step), (words) => this.notice("slow", words));
    this.rate.test(true);
    this.speed = new SpeedTest({
      easier: () => this.rate.easeOff(),
      easiest: () => this.rate.easeAll(),
      decided: (way) => this.decided(way),
    });
    root.backcheck = this; // for whoever measures the page
    this.listen();
    this.begin();
  }

  listen() {
    const { signal } = this.stop;
    this.root.addEventListener("click", (event) => this.press(event.target.closest("button")?.dataset.act), { signal });
    addEventListener("pagehide", () => this.close(), { signal });
    this.video.addEventListener("resize", () => this.shape(), { signal }); // also of a phone that is turned
    addEventListener("resize", () => this.shape(), { signal });
    listenToKeys(signal, {
      pain: () => this.pain(),
      mute: () => this.buttons.toggle(),
      leave: () => this.leave(),
      busy: () => !this.streams || this.finishing || this.over,
    });
  }

  // Where there is room beside the picture, or below it, depends on its shape.
  shape() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoHeight) return;
    const { clientWidth, clientHeight } = this.video.parentElement;
    const below = clientHeight - (clientWidth * videoHeight) / videoWidth;
    this.root.style.setProperty("--shape", (videoWidth / videoHeight).toFixed(3));
    this.root.toggleAttribute("data-tight", clientWidth < NARROW_PX || below < LOW_PX);
  }

  async begin() {
    this.root.dataset.stage = "opening";
    this.notice("camera", "If your browser asks for the camera, choose “Allow”.");
    this.connect(); // while the browser asks, the server keeps the session
    const asked = setTimeout(() => this.askAgain(), ASKED_MS);
    try {
      await openCamera(this.video, () => this.gone());
    } catch (error) {
      if (!(error instanceof CameraProblem)) throw error;
      this.refuse(error);
      return;
    } finally {
      clearTimeout(asked);
    }
    this.notice("camera");
    this.card.close();
    if (this.stop.signal.aborted) closeCamera(this.video);
    else this.stream();
  }

  // The camera has stopped by itself.
  gone() {
    if (this.review.isUnderWay) this.finish(); // with what there is
    else this.refuse(problem("gone"));
  }

  askAgain() {
    if (this.stop.signal.aborted) return;
    this.card.ask("asked", "Waiting for the camera", [
      "Your browser asks at the top of the window whether this page may use the camera: choose “Allow”.",
    ], [["Back", () => this.tell("again", this.data.token)]]);
  }

  refuse({ kind, message, lines }) {
    if (this.stop.signal.aborted) return;
    this.notice("camera");
    this.root.dataset.stage = "trouble";
    this.frames.stop();
    const choices = [];
    if (kind !== "insecure" && kind !== "unsupported") choices.push(["Try again", () => this.begin(), true]);
    if (this.rate.total) choices.push(["See what was measured", () => this.fetchResults()]);
    else choices.push(["Back", () => this.tell("again", this.data.token)]);
    this.card.ask(kind, message, lines, choices);
  }

  connect() {
    const address = new URL(this.data.path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.link ??= new Link(address, this.data.token, {
      answer: (answer) => this.answer(answer),
      lost: () => this.lost(),
      back: () => this.back(),
      concluded: () => (this.review.isUnderWay ? this.ended() : this.fetchResults()),
      ended: (why, there) => this.ended(why, there),
    });
  }

  stream() {
    this.streams = true;
    if (this.link.isOpen) this.mirror.connected(this.cameraLabel);
    this.watch ??= new Watch(this.stop.signal, {
      silent: (words) => this.notice("silent", this.isFollowing ? words : undefined),
      dead: () => (this.isFollowing || this.isWaiting) && this.link.reconnect(),
      ping: () => this.tellAlive(),
      waits: () => this.isWaiting,
      front: () => this.restartRates(), // few pictures while nobody saw the page are no slowness
    });
    this.watch.restart();
    this.frames.start((time) => this.take(time));
  }

  restartRates() {
    this.rate.restart();
    this.speed.changed();
  }

  // A sign of life: no pictures come while it records, or once Stop was pressed.
  tellAlive() {
    if (this.review.isUnderWay) this.link.tell({ type: "recording" });
    else if (this.frames.running || this.isWaiting) this.link.tell({ type: "ping" });
  }

  // Stop was pressed, and the server has not said yet that it is done.
  get isWaiting() {
    return Boolean(this.finishing) && !this.over && !this.review.isUnderWay;
  }

  get isFollowing() {
    return this.frames.running && !this.review.isUnderWay && this.link.isOpen;
  }

  // A new picture: sent when there is room, otherwise left out.
  async take(time) {
    this.rate.camera();
    this.speed.camera();
    this.watch.picture();
    if (this.packing || this.finishing || !this.link.hasRoom) {
      this.leftOut = this.isFollowing ? this.leftOut + 1 : 0; // a connection that is lost is no slowness
      return;
    }
    this.packing = true;
    try {
      const frame = await this.frames.pack(time, this.leftOut);
      if (!frame || this.finishing) return;
      this.leftOut = 0;
      this.link.send(frame);
    } finally {
      this.packing = false;
    }
  }

  // --- the server's answers ---------------------------------------------------------------------

  answer(answer) {
    const { type } = answer;
    this.watch.answer();
    if (type === "not_judged") this.ended(answer.text, false);
    if (type === "frame") this.frame(answer);
    if (type === "pain") this.painMarked(answer);
    if (type === "stopped") this.stopRules.kept();
    if (type === "finished") this.finished(answer);
    if (type === "model") this.modelChanged(answer);
    if (type === "unfit") this.notice("unfit", answer.text);
    if (type === "error") this.failed(answer);
  }

  // What was asked could not be done; pictures may fail one by one, and the next ones succeed.
  failed({ id, text }) {
    console.warn(text);
    if (this.finishing) {
      if (id === undefined) this.ended(text);
      return;
    }
    this.failures = (this.failures ?? 0) + 1;
    if (this.failures >= MANY_FAILURES) this.ended(text, true);
    else if (this.failures > 1) this.notice("failed", text);
  }

  frame(now) {
    if (this.finishing || this.review.isUnderWay) return; // one that was still under way
    this.notice("unfit");
    this.notice("failed");
    this.failures = 0;
    this.mirror.show(now);
    this.overlay.draw(now, now.active.length > 0);
    if (now.capturedAt !== undefined) this.rate.drawn(now.capturedAt);
    this.panel.show(now);
    this.speed.drawn(now.stage);
    if (this.review.beginsAt(now.stage)) {
      this.review.begin();
      return;
    }
    this.notice("pace", now.pace === "none" && this.speed.decided === "live" ? TOO_FEW : undefined);
    this.voice.say(now.say);
    if (now.ready) keepTally(this.panel.tally);
    if (!now.offer_end) this.goingOn = false;
    else if (!this.goingOn && !this.card.isOpen) this.offerEnd();
    if (now.stage === "done") this.last ??= setTimeout(() => this.finish(), LAST_MS);
  }

  // --- pain -------------------------------------------------------------------------------------

  pain() {
    const button = this.root.querySelector(".bcl-hurts");
    button.dataset.pressed = "yes";
    if (this.review.isUnderWay) this.painMarked({ n: this.review.mark() });
    else this.marks.add();
    if (!this.review.isUnderWay && !this.link.isOpen) this.notice("pain", "Marked: it is passed on once the connection is back.");
    clearTimeout(this.unpress);
    this.unpress = setTimeout(() => {
      delete button.dataset.pressed;
      this.notice("pain");
    }, MARKED_MS);
  }

  painMarked({ time, n }) {
    this.marks.kept(time);
    this.voice.say([{ text: n ? "Marked." : "Not marked: nobody was seen yet.", kind: "stage" }]);
    this.root.querySelector(".bcl-marks").textContent = n ? `${n} marked` : "Not marked: nobody was seen yet.";
  }

  offerEnd() {
    this.card.ask("pain", "It has hurt several times", [
      "Would you like to stop here for today? What you did so far is measured all the same.",
    ], [["Stop for today", () => this.finish(), true], ["Go on gently", () => this.goOn()]]);
  }

  goOn() {
    this.goingOn = true;
    this.link.tell({ type: "go_on" });
  }

  // --- the end ----------------------------------------------------------------------------------

  // Escape asks, and takes the question back.
  leave() {
    if (this.isMenuOpen) this.menu(false);
    else if (!this.card.isOpen) this.askToFinish();
    else if (this.card.isQuestion) {
      if (this.card.kind === "pain") this.goOn();
      this.card.close();
    }
  }

  askToFinish() {
    this.card.ask("finish", "Stop now?", ["You will see what was measured."],
      [["Stop", () => this.finish(), true], ["Go on", undefined]]);
  }

  finish() {
    if (this.finishing || this.stop.signal.aborted) return;
    if (this.review.isUnderWay) {
      this.review.handIn();
      return;
    }
    if (!this.link?.tell({ type: "finish" })) {
      this.notice("finish", "The connection is lost: wait a moment, then press Stop again.");
      this.last = undefined; // tried once more with the next frame
      return;
    }
    this.conclude(this.stopRules.told ?? JUDGING);
  }

  conclude(title) {
    this.finishing = true;
    this.frames.stop();
    closeCamera(this.video);
    this.overlay.clear();
    this.panel.say("");
    this.notices = {};
    this.panel.tell();
    this.root.dataset.stage = "finishing";
    this.card.ask("finishing", title, ["Your results are here in a moment. The camera is off."]);
  }

  // The server judges what it saw, if it has not yet; that needs no connection of the camera's own.
  fetchResults() {
    this.conclude(JUDGING);
    this.finished();
  }

  finished() {
    keepTally(null);
    this.over = true;
    this.tell("finished", this.data.token);
  }

  // --- where live is too slow --------------------------------------------------------------------

  // The speed test is over: live, or a recording that is measured afterwards.
  decided(way) {
    if (way !== "record" || !this.review.plan()) this.rate.test(false);
  }

  // --- the connection ---------------------------------------------------------------------------

  lost() {
    this.lostAt ??= performance.now();
    this.notice("silent");
    this.notice("link", "Reconnecting…");
  }

  back() {
    if (this.lostAt) this.reconnectedMs = performance.now() - this.lostAt;
    this.lostAt = undefined;
    this.notice("link");
    this.notice("finish");
    this.restartRates();
    this.watch?.restart();
    if (this.streams) this.mirror.connected(this.cameraLabel);
    this.marks.again();
    this.stopRules.again();
    if (this.isWaiting) this.link.tell({ type: "finish" });
  }

  // `there`: whether the server may still have what it saw.
  ended(why, there) {
    if (this.over) return;
    if (this.review.isUnderWay) { // a recording is handed in, or saved, without that connection
      if (!this.finishing) this.finish();
      return;
    }
    this.frames.stop();
    closeCamera(this.video);
    this.overlay.clear();
    this.root.dataset.stage = "trouble";
    this.notice("link");
    keepTally(null);
    this.over = true;
    const lines = [why, `Counted until then: ${this.panel.tally}.`];
    const { unheard } = this.marks;
    if (unheard) lines.push(`${unheard} ${unheard === 1 ? "mark" : "marks"} of pain could not be passed on.`);
    const choices = [["Begin anew", () => this.tell("again", this.data.token), true]];
    if (there && this.rate.total) {
      choices[0].pop(); // the main one is another
      choices.unshift(["See what was measured", () => this.fetchResults(), true]);
    }
    this.card.ask("ended", "The session ended", lines, choices);
  }

  get cameraLabel() {
    return this.video.srcObject?.getVideoTracks()[0]?.label ?? "";
  }

  // --- the rest ---------------------------------------------------------------------------------

  // Makes it easier for a slow computer; while they get ready, without a word.
  ease({ longest, model, words }) {
    this.frames.longest = longest;
    if (model) this.link.tell({ type: "quality", model });
    if (model && !this.speed.decided) this.speed.changing();
    if (this.speed.decided) this.notice("rate", words);
  }

  modelChanged({ ok, text }) {
    if (!ok && this.speed.decided) this.notice("rate", text);
    this.speed.changed();
  }

  // Several things may have to be told at once: the one that stops most comes first.
  notice(about, words) {
    this.notices = { ...this.notices, [about]: words };
    this.panel.tell(this.notices[NOTICES.find((name) => this.notices[name])]);
  }

  // What is seldom pressed.
  menu(open) {
    this.root.querySelector(".bcl-menu").hidden = !open;
    this.root.querySelector(".bcl-more").setAttribute("aria-expanded", String(open));
  }

  get isMenuOpen() {
    return !this.root.querySelector(".bcl-menu").hidden;
  }

  press(act) {
    if (act === "more") this.menu(!this.isMenuOpen);
    else if (act && act !== "mute") this.menu(false);
    if (act === "pain") this.pain();
    if (act === "finish") this.finish();
    if (act?.startsWith("stop-")) this.stopRules.tell(act.slice("stop-".length));
    if (act === "mute") this.buttons.toggle();
    if (act === "skip-hand") this.mirror.skip();
    if (act === "restart") this.link?.tell({ type: "restart" });
    if (act === "as-seen") this.link?.tell({ type: "as_seen" });
    if (act === "full") document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen();
  }

  close() {
    this.stop.abort();
    clearTimeout(this.last);
    this.frames.stop();
    this.voice.close();
    this.link?.close();
    closeCamera(this.video);
  }
}
