// Draws what was measured by hand over a picture, in its own pixels; and magnifies the pixels around a point.

const SVG = "http://www.w3.org/2000/svg";
const DARK = "#10181a"; // around every line, so that it shows on any picture
const LINE_PX = 18; // of a label, on the screen
const LOUPE_PX = 15; // so much of the picture is magnified, to each side of the point

// `scale`: CSS pixels a pixel of the picture; lines and letters are as large on the screen whatever it is. `lines`: by
// so many lines its label stands higher than it would.
function shapes({ kind, to, points, spacing_px: spacing, label }, scale, { width, height }, colour, lines = 0) {
  const out = [];
  const add = (d, { dashes = "none", thick = 2 } = {}) => {
    for (const [stroke, wide] of [[DARK, 2 * thick], [colour, thick]])
      out.push(shape("path", { d, fill: "none", stroke, "stroke-width": wide / scale, "stroke-dasharray": dashes }));
  };
  if (kind === "grid") add(squares(points[0], spacing, width, height), { thick: 0.75 });
  else if (points.length) add(`M${points.map((point) => point.join(" ")).join("L")}`);
  if (to) {
    const [x, y] = points[0], n = distance(...points);
    add(to === "vertical" ? `M${x} ${y - n}V${y + n}` : `M${x - n} ${y}H${x + n}`, { dashes: 6 / scale });
  }
  if (label && points.length > 1) {
    const [x, y] = labelled(points), onRight = x < width * 0.6;
    const text = shape("text", { x: x + (onRight ? 12 : -12) / scale, y: y - (8 + LINE_PX * lines) / scale, "font-size": 15 / scale,
      "text-anchor": onRight ? "start" : "end", "stroke-width": 4 / scale });
    text.textContent = label;
    out.push(text);
  }
  return out;
}

// The point that a label stands beside: the corner of an angle.
function labelled(points) {
  return points[points.length === 3 ? 1 : 0] ?? [NaN, NaN];
}

// How many of the labels before it would be written over by a label.
function linesAbove(all, n, scale) {
  const [x, y] = labelled(all[n].points);
  const over = ([u, v]) => Math.abs(u - x) * scale < 8 * LINE_PX && Math.abs(v - y) * scale < LINE_PX;
  return all.slice(0, n).filter(({ points }) => points.length > 1 && over(labelled(points))).length;
}

function squares([x, y], spacing, width, height) {
  const out = [];
  for (let at = x % spacing; at <= width; at += spacing) out.push(`M${at} 0V${height}`);
  for (let at = y % spacing; at <= height; at += spacing) out.push(`M0 ${at}H${width}`);
  return out.join("");
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// `width`: of the picture as points are told in it; the video itself may be larger or smaller.
function magnify(loupe, video, [x, y], width) {
  const times = video.videoWidth / width, across = (2 * LOUPE_PX + 1) * times;
  const size = (loupe.width = loupe.height = Math.round(loupe.clientWidth * devicePixelRatio));
  const pen = loupe.getContext("2d"), middle = Math.floor(size / 2) + 0.5, gap = size / 12;
  pen.imageSmoothingEnabled = false;
  pen.fillStyle = DARK;
  pen.fillRect(0, 0, size, size);
  pen.drawImage(video, x * times - across / 2, y * times - across / 2, across, across, 0, 0, size, size);
  for (const [colour, thick] of [[DARK, 3], ["#ffd400", 1]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = thick * devicePixelRatio;
    pen.stroke(new Path2D(`M${middle} 0V${middle - gap}M${middle} ${middle + gap}V${size}` +
      `M0 ${middle}H${middle - gap}M${middle + gap} ${middle}H${size}`));
  }
}
