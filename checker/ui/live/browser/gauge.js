// How far the movement is, as an arc around a count: the own best so far or the target, from where it counts, where it
// hurt, and the limit.

const RADIUS = 100;
const FROM_DEG = 225; // the arc runs clockwise from the lower left to the lower right, open below
const SPAN_DEG = 270;
const BAND = 0.9; // the target band: from this share of the own best up to it
const SHORT_OF_PAIN = 0.9; // and no further than this share of where it hurt
const NICE = [1, 1.5, 2, 3, 4, 6, 8, 10];

export class Gauge {
  // `unit`: "deg", or a length of the body, which is told as a share of it; none where only a time is shown.
  // `target`, `limit`: of this side, as a physio has set them; null where none is.
  constructor(svg, { unit, smallest, target = null, limit = null }) {
    Object.assign(this, { unit, smallest, target, limit, best: 0, hurt: null });
    svg.setAttribute("viewBox", "-118 -118 236 236");
    svg.innerHTML = `
      <circle r="88"/><path class="bcl-track"/><path class="bcl-band-of-best"/><path class="bcl-reach"/>
      <line class="bcl-from"/><line class="bcl-hurt" hidden/><line class="bcl-limit" hidden/>`;
    const part = (name) => svg.querySelector(`.bcl-${name}`);
    this.part = { band: part("band-of-best"), reach: part("reach"), from: part("from"), hurt: part("hurt"), limit: part("limit") };
    part("track").setAttribute("d", arc(0, 1));
    if (unit) this.top = nice(Math.max(smallest * 4, 1.2 * Math.max(target ?? 0, limit ?? 0)));
    this.part.from.toggleAttribute("hidden", !unit);
    if (unit) this.lay();
  }

  // Everything that changes only with the scale or the best.
  lay() {
    const { part, top, best, smallest, hurt, target, limit } = this;
    const goal = Math.min(target ?? best, SHORT_OF_PAIN * (hurt ?? Infinity), limit ?? Infinity);
    part.band.setAttribute("d", goal > smallest ? arc((BAND * goal) / top, goal / top) : "");
    mark(part.from, smallest / top);
    part.hurt.toggleAttribute("hidden", hurt === null);
    if (hurt !== null) mark(part.hurt, Math.min(1, hurt / top));
    part.limit.toggleAttribute("hidden", limit === null);
    if (limit !== null) mark(part.limit, limit / top);
  }

  // The reach in words.
  show(reach, best, hurt) {
    const { part } = this;
    const seen = Math.max(best ?? 0, 0);
    const needed = Math.max(seen * 1.2, (reach ?? 0) * 1.05);
    if (needed > this.top) this.top = nice(needed);
    if (seen !== this.best || hurt !== this.hurt || this.laidFor !== this.top) {
      Object.assign(this, { best: seen, hurt, laidFor: this.top });
      this.lay();
    }
    this.fill(reach === null ? 0 : reach / this.top, reach !== null && reach >= this.smallest);
    return reach === null ? "" : told(reach, this.unit);
  }

  // A share of the whole arc.
  fill(share, enough) {
    const { reach } = this.part;
    reach.setAttribute("d", share > 0 ? arc(0, Math.min(1, share)) : "");
    reach.classList.toggle("bcl-enough", enough);
  }
}

export const told = (value, unit) =>
  unit === "deg" ? `${Math.round(value)}°` : unit === "s" ? `${Math.round(value)} s` : `${Math.round(100 * value)} %`;

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return NICE.find((step) => step * power >= value * 0.999) * power;
}

function place(share, radius) {
  const angle = ((FROM_DEG - SPAN_DEG * share) * Math.PI) / 180;
  return [radius * Math.cos(angle), -radius * Math.sin(angle)].map((v) => v.toFixed(1));
}

function arc(from, to) {
  const [a, b] = [Math.max(0, from), Math.min(1, Math.max(to, from + 0.002))];
  const large = (b - a) * SPAN_DEG > 180 ? 1 : 0;
  return `M${place(a, RADIUS)} A${RADIUS} ${RADIUS} 0 ${large} 1 ${place(b, RADIUS)}`;
}

function mark(line, share) {
  const [x1, y1] = place(share, RADIUS - 12);
  const [x2, y2] = place(share, RADIUS + 12);
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
}
