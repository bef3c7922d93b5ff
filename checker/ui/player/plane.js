// The formulas of checker/review/plane.py, for the reading that follows the hand. What is kept is read there.

function readAngle([first, corner, last], clickPx) {
  const a = distance(corner, first), c = distance(corner, last), b = distance(first, last);
  const one = [first[0] - corner[0], first[1] - corner[1]], other = [last[0] - corner[0], last[1] - corner[1]];
  const turned = Math.atan2(one[0] * other[1] - one[1] * other[0], one[0] * other[0] + one[1] * other[1]);
  return read(degrees(Math.abs(turned)), degrees(clickPx * Math.hypot(1 / a, 1 / c, b / (a * c))), "°");
}

function readLean([one, other], to, clickPx) {
  const across = Math.abs(other[0] - one[0]), down = Math.abs(other[1] - one[1]);
  const turned = to === "vertical" ? Math.atan2(across, down) : Math.atan2(down, across);
  return read(degrees(turned), degrees((clickPx * Math.SQRT2) / distance(one, other)), "°");
}

function readLine([one, other], clickPx) {
  return read(distance(one, other), clickPx * Math.SQRT2, " px");
}

// How long the picture of a moment stands: the longer one of the steps to those before and after it.
function standsFor(times, frame) {
  const steps = [times[frame] - times[frame - 1], times[frame + 1] - times[frame]];
  return Math.max(0, ...steps.filter(Number.isFinite));
}

function distance(one, other) {
  return Math.hypot(other[0] - one[0], other[1] - one[1]);
}

function degrees(radians) {
  return (radians * 180) / Math.PI;
}

function read(value, error, unit) {
  const digits = unit === " px" ? 0 : unit === " s" ? 2 : error >= 2 ? 0 : 1; // as checker/words/values.py writes them
  return `${value.toFixed(digits)}${unit} ±${error.toFixed(digits)}${unit}`;
}
