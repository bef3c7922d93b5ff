// A session in the browser: camera to server, answers to the screen, and what the person presses.

import { CameraProblem, closeCamera, openCamera, problem } from "./camera.js";
import { Card } from "./card.js";
import { Frames } from "./frames.js";
import { listenToKeys } from "./keys.js";
import { Link } from "./link.js";
import { keepTally } from "./memory.js";
import { Overlay } from "./overlay.js";
import { Panel } from "./panel.js";
import { DARK, Rate } from "./rate.js";
import { handIn, Recorder } from "./record.js";
import { Voice } from "./voice.js";
import { VoiceButtons } from "./voice_buttons.js";

const LAST_MS = 2000; // after the last repetition: it is judged once it has settled
const MARKED_MS = 1500;
const PING_MS = 20_000;

export class Session {
  constructor(root, data, tell) {
    Object.assign(this, { root, data, tell, stop: new AbortController() });
    const part = (name) => root.querySelector(name);
    this.video = part("video");
    this.panel = new Panel(root, data.movement, (step) => this.voice.say([{ text: step, kind: "count" }]));
    this.card = new Card(part(".bcl-card"));
    this.overlay = new Overlay(part("canvas"), this.video);
    this.frames = new Frames(this.video);
    this.voice = new Voice();
    this.buttons = new VoiceButtons(root, this.voice);
    this.rate = new Rate((step) => this.ease(step), (words) => this.tooSlow(words));
    root.backcheck = this; // for whoever measures the page
    this.listen();
    this.begin();
  }

  listen() {
    const { signal } = this.stop;
    this.root.addEventListener("click", (event) => this.press(event.target.closest("button")?.dataset.act), { signal });
    addEventListener("pagehide", () => this.close(), { signal });
    listenToKeys(signal, {
      pain: () => this.pain(),
      mute: () => this.buttons.toggle(),
      leave: () => this.leave(),
      busy: () => !this.link || this.finishing || this.over || this.recorder,
    });
  }

  async begin() {
    this.root.dataset.stage = "opening";
    this.root.scrollIntoView({ block: "end" }); // the page before may have been scrolled
    this.notice("camera", "If your browser asks for the camera, choose “Allow”.");
    try {
      await openCamera(this.video, () => this.refuse(problem("gone")));
    } catch (error) {
      if (!(error instanceof CameraProblem)) throw error;
      this.refuse(error);
      return;
    }
    this.notice("camera");
    if (this.stop.signal.aborted) closeCamera(this.video);
    else this.stream();
  }

  refuse({ kind, message, lines }) {
    if (this.stop.signal.aborted) return;
    this.notice("camera");
    this.root.dataset.stage = "trouble";
    this.frames.stop();
    const choices = [["Back", () => this.tell("again", this.data.token)]];
    if (kind !== "insecure" && kind !== "unsupported") choices.unshift(["Try again", () => this.begin(), true]);
    this.card.ask(kind, message, lines, choices);
  }

  stream() {
    const address = new URL(this.data.path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("token", this.data.token);
    this.link ??= new Link(address, {
      answer: (answer) => this.answer(answer),
      lost: () => this.lost(),
      back: () => this.back(),
      ended: (why) => this.ended(why),
    });
    this.frames.start((time) => this.take(time));
  }

  // A new picture: sent when there is room, otherwise left out.
  async take(time) {
    this.rate.camera();
    if (this.packing || this.finishing || !this.link.hasRoom) return;
    this.packing = true;
    try {
      const frame = await this.frames.pack(time);
      if (frame && !this.finishing) this.link.send(frame);
    } finally {
      this.packing = false;
    }
  }

  // --- the server's answers ---------------------------------------------------------------------

  answer(answer) {
    const { type } = answer;
    if (type === "frame") this.frame(answer);
    if (type === "pain") this.painMarked(answer);
    if (type === "finished") this.finished(answer);
    if (type === "model" && !answer.ok) this.notice("rate", answer.text);
    if (type === "unfit") this.notice("unfit", answer.text);
    if (type === "error") console.warn(answer.text);
    if (type === "error" && this.finishing && !this.over && answer.id === undefined) this.ended(answer.text);
  }

  frame(now) {
    if (this.finishing || this.recorder) return; // one that was still under way
    this.notice("unfit");
    this.overlay.draw(now, now.active.length > 0);
    if (now.capturedAt !== undefined) this.rate.drawn(now.capturedAt);
    this.panel.show(now);
    this.voice.say(now.say);
    if (now.ready) keepTally(this.panel.tally);
    if (now.offer_end) this.offerEnd();
    if (now.stage === "done") this.last ??= setTimeout(() => this.finish(), LAST_MS);
  }

  // --- pain -------------------------------------------------------------------------------------

  pain() {
    const button = this.root.querySelector(".bcl-hurts");
    if (!this.link?.tell({ type: "pain" })) this.notice("pain", "Not marked: the connection is lost.");
    else button.dataset.pressed = "yes";
    clearTimeout(this.unpress);
    this.unpress = setTimeout(() => {
      delete button.dataset.pressed;
      this.notice("pain");
    }, MARKED_MS);
  }

  painMarked({ n }) {
    this.root.querySelector(".bcl-marks").textContent = n ? `${n} marked` : "Not marked: nobody was seen yet.";
  }

  offerEnd() {
    this.card.ask("offer", "It has hurt several times", [
      "Would you like to stop here for today? What you did so far is measured all the same.",
    ], [["Stop for today", () => this.finish(), true], ["Go on gently", undefined]]);
  }

  // --- the end ----------------------------------------------------------------------------------

  // Escape asks, and takes the question back.
  leave() {
    if (this.card.isOpen && this.card.isQuestion) this.card.close();
    else if (!this.card.isOpen) this.askToFinish();
  }

  askToFinish() {
    this.card.ask("finish", "Finish now?", ["You will see what was measured."],
      [["Finish", () => this.finish(), true], ["Go on", undefined]]);
  }

  finish() {
    if (this.finishing || this.stop.signal.aborted) return;
    if (this.recorder) {
      this.handIn();
      return;
    }
    if (!this.link?.tell({ type: "finish" })) {
      this.notice("pain", "The connection is lost: wait a moment, then press Finish again.");
      this.last = undefined; // tried once more with the next frame
      return;
    }
    this.conclude("Looking at the whole of it…");
  }

  conclude(title) {
    this.finishing = true;
    this.frames.stop();
    closeCamera(this.video);
    this.overlay.clear();
    this.root.dataset.stage = "finishing";
    this.card.ask("finishing", title, ["Your results are here in a moment. The camera is off."]);
  }

  finished() {
    keepTally(null);
    this.over = true;
    this.tell("finished", this.data.token);
  }

  // --- recording instead, where live is too slow -------------------------------------------------

  tooSlow(words) {
    this.notice("slow", words);
    if (!words || words === DARK || this.offered || !Recorder.available || this.card.isOpen) return;
    this.offered = true;
    this.card.ask("offer", "This computer cannot follow you live", [
      "It sees too few pictures a second to count and judge well. It can record you instead, and measure afterwards.",
      "The recording stays on this computer and is deleted when you close the page.",
    ], [["Record for review", () => this.record(), true], ["Go on live", undefined]]);
  }

  record() {
    this.frames.stop();
    this.overlay.clear();
    this.notice("slow");
    this.notice("rate");
    this.root.dataset.stage = "recording";
    this.panel.say("Recording. Stand still for a moment, do the movement, then press Finish.");
    this.recorder = new Recorder(this.video.srcObject);
    this.pings = setInterval(() => this.link.tell({ type: "ping" }), PING_MS); // no frames come: still here
  }

  async handIn() {
    const whole = this.recorder.stop();
    this.conclude("Handing in the recording…");
    try {
      await handIn(this.data.recordings, this.data.token, await whole);
    } catch (error) {
      this.ended(error.message);
      return;
    }
    this.finished();
  }

  // --- the connection ---------------------------------------------------------------------------

  lost() {
    this.lostAt ??= performance.now();
    this.notice("link", "Reconnecting…");
  }

  back() {
    if (this.lostAt) this.reconnectedMs = performance.now() - this.lostAt;
    this.lostAt = undefined;
    this.notice("link");
    this.rate.restart();
    if (this.finishing && !this.over && !this.recorder) this.link.tell({ type: "finish" });
  }

  ended(why) {
    this.frames.stop();
    closeCamera(this.video);
    this.overlay.clear();
    this.root.dataset.stage = "trouble";
    this.notice("link");
    keepTally(null);
    this.over = true;
    const lines = this.recorder ? [why] : [why, `Counted until then: ${this.panel.tally}.`];
    this.card.ask("ended", "The session ended", lines,
      [["Begin anew", () => this.tell("again", this.data.token), true]]);
  }

  // --- the rest ---------------------------------------------------------------------------------

  // Makes it easier for a slow computer.
  ease({ longest, model, words }) {
    this.frames.longest = longest;
    if (model) this.link.tell({ type: "quality", model });
    this.notice("rate", words);
  }

  // Several things may have to be told at once: the one that stops most comes first.
  notice(about, words) {
    this.notices = { ...this.notices, [about]: words };
    const first = ["link", "camera", "unfit", "pain", "slow", "rate"].find((name) => this.notices[name]);
    this.panel.tell(this.notices[first]);
  }

  press(act) {
    if (act === "pain") this.pain();
    if (act === "finish") this.finish();
    if (act === "mute") this.buttons.toggle();
    if (act === "anew") this.link?.tell({ type: "anew" });
    if (act === "full") document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen();
  }

  close() {
    this.stop.abort();
    clearTimeout(this.last);
    clearInterval(this.pings);
    this.frames.stop();
    this.voice.close();
    this.link?.close();
    closeCamera(this.video);
  }
}
