// A half dial: how far the movement is, the own best so far, from where it counts, and where it hurt.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 100;
const BAND = 0.9; // the target band: from this share of the own best up to it
const SHORT_OF_PAIN = 0.9; // and no further than this share of where it hurt
const NICE = [1, 1.5, 2, 3, 4, 6, 8, 10];

export class Gauge {
  // `unit`: "deg", or a length of the body, which is told as a share of it; `of`: words for that length.
  constructor(place, { unit, of, smallest }) {
    Object.assign(this, { unit, smallest, best: 0, hurt: null });
    this.top = nice(smallest * 4);
    place.innerHTML = `
      <svg viewBox="-180 -128 360 160" role="img" aria-label="How far you are">
        <path class="bcl-track"/><path class="bcl-band"/><path class="bcl-reach"/>
        <g class="bcl-counts-from"><line/><text><tspan>counts</tspan><tspan dy="1em">from</tspan></text></g>
        <g class="bcl-best"><line/><text>best</text></g>
        <g class="bcl-hurt" hidden><line/><text>it hurt</text></g>
        <text class="bcl-now" y="2"></text><text class="bcl-of" y="26"></text>
      </svg>`;
    const part = (name) => place.querySelector(`.bcl-${name}`);
    this.part = { track: part("track"), band: part("band"), reach: part("reach"), now: part("now"),
      from: part("counts-from"), best: part("best"), hurt: part("hurt") };
    part("of").textContent = of ?? "";
    this.lay();
  }

  // Everything that changes only with the scale or the best.
  lay() {
    const { part, top, best, smallest, hurt } = this;
    const goal = Math.min(best, SHORT_OF_PAIN * (hurt ?? Infinity));
    part.track.setAttribute("d", arc(0, 1));
    part.band.setAttribute("d", goal > smallest ? arc((BAND * goal) / top, goal / top) : "");
    mark(part.from, smallest / top);
    mark(part.best, best / top);
    const near = (a, b) => Math.abs(a - b) < 0.3 * smallest; // nearer, two labels would overlap
    part.best.toggleAttribute("hidden", best < smallest || near(best, smallest) || near(best, hurt ?? Infinity));
    part.from.toggleAttribute("hidden", near(hurt ?? Infinity, smallest));
    part.hurt.toggleAttribute("hidden", hurt === null);
    if (hurt !== null) mark(part.hurt, Math.min(1, hurt / top));
  }

  show(reach, best, hurt) {
    const { part } = this;
    const seen = Math.max(best ?? 0, 0);
    const needed = Math.max(seen * 1.2, (reach ?? 0) * 1.05);
    if (needed > this.top) this.top = nice(needed);
    if (seen !== this.best || hurt !== this.hurt || this.laidFor !== this.top) {
      Object.assign(this, { best: seen, hurt, laidFor: this.top });
      this.lay();
    }
    part.reach.setAttribute("d", reach === null ? "" : arc(0, Math.min(1, reach / this.top)));
    part.reach.classList.toggle("bcl-enough", reach !== null && reach >= this.smallest);
    const words = reach === null ? "–" : told(reach, this.unit);
    if (part.now.textContent !== words) part.now.textContent = words;
  }
}

export const told = (value, unit) =>
  unit === "deg" ? `${Math.round(value)}°` : unit === "s" ? `${Math.round(value)} s` : `${Math.round(100 * value)} %`;

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return NICE.find((step) => step * power >= value * 0.999) * power;
}

const place = (share, radius) =>
  [-radius * Math.cos(Math.PI * share), -radius * Math.sin(Math.PI * share)].map((v) => v.toFixed(1));

function arc(from, to) {
  const [a, b] = [Math.max(0, from), Math.min(1, Math.max(to, from + 0.002))];
  return `M${place(a, RADIUS)} A${RADIUS} ${RADIUS} 0 0 1 ${place(b, RADIUS)}`;
}

function mark(group, share) {
  const [line, text] = group.children;
  const [x1, y1] = place(share, RADIUS - 14);
  const [x2, y2] = place(share, RADIUS + 4);
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
  const [x, y] = place(share, RADIUS + 20); // outside: the number has the inside
  for (const line of [text, ...text.children]) line.setAttribute("x", x);
  text.setAttribute("y", Number(y) + 4);
  text.setAttribute("text-anchor", share < 0.4 ? "end" : share > 0.6 ? "start" : "middle");
}
