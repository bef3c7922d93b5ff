// A large number in a corner of the picture, with an arc around it: a count and how far, or a time.

import { Gauge } from "./gauge.js";
import { set } from "./text.js";

export class Dial {
  // `name`: what is counted; `movement`: with the unit of how far, if that is shown.
  constructor(name, movement) {
    this.element = document.createElement("div");
    this.element.className = "bcl-dial";
    this.element.innerHTML = '<svg role="img" aria-hidden="true"></svg><p></p><b>0</b><em></em><span></span>';
    const [svg, label, count, time, of] = this.element.children;
    Object.assign(this, { name, label, count, time, of });
    this.measures = Boolean(movement.unit);
    this.gauge = new Gauge(svg, movement);
    set(label, name);
  }

  // How many of how many; whether it is the one to do now.
  counts(n, target, most, asked) {
    set(this.count, String(n));
    set(this.of, target ? `of ${most > target ? `${target} to ${most}` : target}` : "");
    this.element.toggleAttribute("data-asked", asked);
    this.element.toggleAttribute("data-reached", Boolean(target) && n >= target);
  }

  // How far; null where that is not known.
  reaches(reach, best, hurt) {
    this.element.removeAttribute("data-time");
    if (!this.measures) return;
    const words = this.gauge.show(reach, best, hurt);
    set(this.label, words ? `${this.name} ${words}` : this.name);
  }

  // Another one is done: nothing is known of how far.
  rests() {
    this.element.removeAttribute("data-time");
    set(this.label, this.name);
    if (this.measures) this.gauge.fill(0, false);
  }

  // A time with what is asked for, in place of the count; from two minutes on both are told in minutes.
  times({ s, target_s: target }, word) {
    const long = target >= 120;
    this.element.setAttribute("data-time", word);
    set(this.label, this.name);
    set(this.time, long ? `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}` : String(Math.floor(s)));
    set(this.of, long ? `of ${Math.round(target / 60)} min ${word}` : `of ${target} s ${word}`);
    this.gauge.fill(s / target, s >= target);
  }
}
