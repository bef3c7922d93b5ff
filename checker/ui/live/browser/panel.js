// What is read beside and over the picture: ticks, countdown, counts, gauge, hold, and words.

import { Gauge } from "./gauge.js";

const SIGNS = { true: "✓", false: "!", null: "·" };
const SPOKEN = { true: "yes", false: "not yet", null: "to come" };
const WORDS_MS = 4000; // words that nothing else renews stay this long

export class Panel {
  // `paced`: called with each new step of a rhythm.
  constructor(root, movement, paced) {
    Object.assign(this, { root, movement, paced, cells: {} });
    const part = (name) => root.querySelector(`.bcl-${name}`);
    this.part = Object.fromEntries(
      ["ticks", "no-room", "countdown", "words", "asked", "counts", "gauge", "hold", "pace", "tempo", "marks", "told", "picture"]
        .map((name) => [name, part(name)]));
    this.part.picture.src = movement.picture;
    this.part.picture.alt = movement.pictureWords;
    const tempo = movement.tempo ? `Take your time: ${movement.tempo}` : "";
    set(this.part.tempo, [movement.sets, tempo].filter(Boolean).join(". "));
    this.addCounts(movement.sides.length ? movement.sides : ["both"]);
    if (movement.unit) this.gauge = new Gauge(this.part.gauge, movement);
    this.part.gauge.hidden = !this.gauge;
    this.part.counts.hidden = !movement.counted;
  }

  addCounts(sides) {
    for (const side of sides) {
      const cell = document.createElement("div");
      cell.dataset.side = side;
      cell.innerHTML = "<p></p><b>0</b><span></span>";
      cell.firstChild.textContent = side === "both" ? this.movement.noun : capital(side);
      this.part.counts.append(cell);
      this.cells[side] = cell;
    }
  }

  show(now) {
    this.root.dataset.stage = now.stage;
    if (now.stage === "setup" || now.stage === "countdown") this.ticks(now.ticks);
    this.part["no-room"].hidden = !(now.stage === "setup" && now.can_go_on);
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
    const { part } = this;
    const over = now.stage === "done";
    set(part.asked, over ? (now.well_done ? "Well done" : "") : now.asked ? askedWords(now.asked) : "");
    for (const [side, cell] of Object.entries(this.cells)) {
      const n = now.counts[side] ?? 0;
      set(cell.children[1], String(n));
      set(cell.children[2], now.target ? `of ${now.most > now.target ? `${now.target} to ${now.most}` : now.target}` : "");
      cell.toggleAttribute("data-asked", !over && now.asked === side);
      cell.toggleAttribute("data-reached", Boolean(now.target) && n >= now.target);
    }
    const holding = Boolean(now.hold.target_s) && (now.hold.s > 0.3 || !this.gauge);
    const timed = !holding && Boolean(now.clock.target_s);
    const paced = timed && Boolean(this.movement.pace);
    part.pace.hidden = !paced;
    part.hold.hidden = !(holding || timed) || paced;
    part.gauge.hidden = holding || timed || !this.gauge;
    if (paced) this.pace(now.clock.s);
    else if (holding) this.time(now.hold, "held");
    else if (timed) this.time(now.clock, "gone");
    else this.gauge?.show(now.reach, now.best, now.hurt);
  }

  // A time with what is asked for; from two minutes on both are told in minutes.
  time({ s, target_s: target }, word) {
    const [told, bar] = this.part.hold.children;
    const long = target >= 120;
    set(told.children[0], long ? `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}` : String(Math.floor(s)));
    set(told.children[1], long ? ` of ${Math.round(target / 60)} min ${word}` : ` of ${target} s ${word}`);
    bar.value = Math.min(1, s / target);
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
    const text = now.cue ?? now.hint ?? this.said ?? "";
    this.part.words.dataset.kind = kind;
    set(this.part.words, text);
  }

  // Words of the page's own, until the server's come again.
  say(text) {
    this.part.words.dataset.kind = "stage";
    set(this.part.words, text);
    set(this.part.countdown, "");
  }

  // A notice about the page itself; undefined takes it away.
  tell(text) {
    this.part.told.hidden = !text;
    set(this.part.told, text ?? "");
  }

  get tally() {
    const counted = Object.entries(this.cells).map(([side, cell]) => {
      const n = Number(cell.children[1].textContent);
      return side === "both" ? `${n} ${this.movement.noun.toLowerCase()}` : `${n} ${side.replaceAll("_", " ")}`;
    });
    return `${this.movement.name}: ${counted.join(", ")}`;
  }
}

// Only what changed is written: a screen reader would say it again.
export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const capital = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
const askedWords = (side) => (side === "left" || side === "right" ? `${capital(side)} side` : capital(side));
