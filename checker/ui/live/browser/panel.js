// What is read beside and over the picture: ticks, countdown, counts, how far, times, and words.

import { Dial } from "./dial.js";
import { set } from "./text.js";

const SIGNS = { true: "✓", false: "!", null: "·" };
const SPOKEN = { true: "yes", false: "not yet", null: "to come" };
const OF_ROOM = new Set(["near", "whole_body", "distance"]); // ticks that a small room withholds
const WORDS_MS = 4000; // words that nothing else renews stay this long
const LONG = 70; // letters: more are written smaller, because the band has one height

export class Panel {
  // `paced`: called with each new step of a rhythm.
  constructor(root, movement, paced) {
    Object.assign(this, { root, movement, paced, dials: {} });
    const part = (name) => root.querySelector(`.bcl-${name}`);
    this.part = Object.fromEntries(
      ["ticks", "no-room", "countdown", "words", "asked", "counts", "pace", "tempo", "marks", "told", "picture", "room"]
        .map((name) => [name, part(name)]));
    set(this.part.room, movement.room);
    this.part.picture.src = movement.picture;
    this.part.picture.alt = movement.pictureWords;
    const tempo = movement.tempo ? `Take your time: ${movement.tempo}` : "";
    const inWhat = movement.of ? `How far: in % ${movement.of}` : ""; // the number at the count has no room for it
    this.tempo = [movement.aims, movement.sets, tempo, inWhat].filter(Boolean).join(". ");
    this.addDials(movement.sides);
  }

  // A count for each side, in the corner of that side; where there are none the other corner is for the time.
  addDials(sides) {
    const { counts } = this.part;
    for (const side of sides.length ? inPlace(sides) : ["both"]) {
      const { targets, limits } = this.movement;
      const own = { ...this.movement, target: targets[side] ?? null, limit: limits[side] ?? null };
      const dial = new Dial(side === "both" ? this.movement.noun : capital(side), own);
      dial.element.dataset.side = side;
      dial.element.hidden = !this.movement.counted;
      this.dials[side] = dial;
      counts.append(dial.element);
    }
    counts.toggleAttribute("data-sided", sides.length > 0);
    this.clock = new Dial("Time", {});
    this.clock.element.classList.add("bcl-clock");
    this.clock.element.hidden = true;
    counts.append(this.clock.element);
  }

  show(now) {
    this.root.dataset.stage = now.stage;
    if (now.stage === "setup" || now.stage === "countdown") this.ticks(now.ticks);
    this.part["no-room"].hidden = !(now.stage === "setup" && now.can_go_on);
    const noRoom = now.stage === "setup" && now.ticks.some(({ id, ok }) => OF_ROOM.has(id) && ok === false);
    this.root.toggleAttribute("data-no-room", noRoom);
    this.part.room.hidden = !noRoom;
    set(this.part.countdown, now.countdown === null ? "" : String(Math.max(1, Math.ceil(now.countdown))));
    if (now.stage === "moving" || now.stage === "done") this.doing(now);
    this.words(now);
    if (now.pain) set(this.part.marks, `${now.pain} marked`);
  }

  ticks(ticks) {
    const state = JSON.stringify(ticks);
    if (state === this.ticksShown) return;
    this.ticksShown = state;
    this.part.ticks.replaceChildren(...ticks.map(({ id, name, ok }) => {
      const line = document.createElement("li");
      Object.assign(line.dataset, { tick: id, ok: String(ok) });
      line.innerHTML = `<b aria-hidden="true">${SIGNS[ok]}</b><span></span><small>${SPOKEN[ok]}</small>`;
      line.children[1].textContent = name;
      return line;
    }));
  }

  doing(now) {
    const { part, dials, clock } = this;
    const over = now.stage === "done";
    set(part.asked, over ? (now.well_done ? "Well done" : "") : now.asked ? askedWords(now.asked) : "");
    set(part.tempo, over ? "" : now.task ?? this.tempo);
    part.tempo.toggleAttribute("data-task", Boolean(now.task));
    const sided = !dials.both;
    const holding = Boolean(now.hold.target_s) && (now.hold.s > 0.3 || !this.movement.unit);
    const timed = !holding && Boolean(now.clock.target_s);
    for (const [side, dial] of Object.entries(dials)) {
      const own = side === now.side;
      dial.counts(now.counts[side] ?? 0, now.target, now.most, !over && now.asked === side);
      if (sided && holding && own) dial.times(now.hold, "held");
      else if (own) dial.reaches(now.reach, now.best, now.hurt);
      else dial.rests();
    }
    const paced = timed && Boolean(this.movement.pace);
    part.pace.hidden = !paced;
    clock.element.hidden = paced || !(timed || (holding && !sided));
    if (paced) this.pace(now.clock.s);
    else if (timed) clock.times(now.clock, "gone");
    else if (holding && !sided) clock.times(now.hold, "held");
  }

  // The rhythm: what to do now, for how long still; the disc grows and shrinks with it.
  pace(s) {
    const { pace } = this.movement;
    let left = s % pace.reduce((sum, step) => sum + step.seconds, 0);
    let index = 0;
    while (left >= pace[index].seconds) left -= pace[index++].seconds;
    const [disc, words] = this.part.pace.children;
    const share = left / pace[index].seconds;
    const full = index === 0 ? share : index === pace.length - 1 ? 1 - share : 1;
    disc.style.transform = `scale(${(0.45 + 0.55 * full).toFixed(3)})`;
    if (words.children[0].textContent !== pace[index].name) this.paced(pace[index].name);
    set(words.children[0], pace[index].name);
    set(words.children[1], String(Math.ceil(pace[index].seconds - left)));
  }

  // A cue before a hint, a hint before what was said last.
  words(now) {
    const kind = now.cue ? "cue" : now.hint ? "hint" : "stage";
    const said = now.say.findLast((u) => u.kind === "stage" || u.kind === "end");
    const clock = performance.now();
    if (said) Object.assign(this, { said: said.text, saidAt: clock });
    else if (now.say.some((u) => u.kind === "count")) this.said = undefined; // "Begin" is past then
    if (this.saidAt && clock - this.saidAt > WORDS_MS && now.stage !== "done") this.said = undefined;
    this.write(now.cue ?? now.hint ?? this.said ?? "", kind);
  }

  write(text, kind) {
    const { words } = this.part;
    if (words.dataset.kind !== kind) words.dataset.kind = kind;
    words.toggleAttribute("data-long", text.length > LONG);
    set(words, text);
  }

  // Words of the page's own, until the server's come again.
  say(text) {
    this.write(text, "stage");
    set(this.part.countdown, "");
  }

  // A notice about the page itself; undefined takes it away.
  tell(text) {
    this.part.told.hidden = !text;
    set(this.part.told, text ?? "");
  }

  get tally() {
    const counted = Object.entries(this.dials).map(([side, { count }]) => {
      const n = Number(count.textContent);
      return side === "both" ? `${n} ${this.movement.noun.toLowerCase()}` : `${n} ${side.replaceAll("_", " ")}`;
    });
    return `${this.movement.name}: ${counted.join(", ")}`;
  }
}

// As in a mirror: the left side is on the left.
const inPlace = (sides) => [...sides].sort((a, b) => (b === "left") - (a === "left"));
const capital = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
const askedWords = (side) => (side === "left" || side === "right" ? `${capital(side)} side` : capital(side));
