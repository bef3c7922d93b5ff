// Draws what was found over the mirrored picture: the body's lines, and the measured angle.

const BONES = [
  [11, 12], [11, 23], [12, 24], [23, 24], // trunk
  [11, 13], [13, 15], [12, 14], [14, 16], // arms
  [23, 25], [25, 27], [24, 26], [26, 28], // legs
  [27, 31], [28, 32], // feet
];
const JOINTS = [...new Set(BONES.flat())];
const SEEN = 0.5; // visibility above which a joint is drawn
const LINE = "#ffffff";
const EDGE = "#0b3b45";
const ANGLE = "#ffd24a";
const FAULT = "#ff8a3d";

export class Overlay {
  constructor(canvas, video) {
    Object.assign(this, { canvas, video, pen: canvas.getContext("2d") });
  }

  // As many pixels as are seen, in the shape of the camera's picture.
  fit() {
    const { canvas, video } = this;
    const box = canvas.getBoundingClientRect();
    const shown = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
    const scale = Math.min(shown * devicePixelRatio, 3) || 1;
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.unit = Math.max(width, height) / 640;
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  // `landmarks`: [[x, y, visibility], ...] as shares of the frame, or null; `angle` and `back`, the
  // outline of the back, as the server tells them, or null.
  draw({ landmarks, angle, back }, faulty) {
    this.fit();
    this.clear();
    if (landmarks) {
      this.lines(landmarks, EDGE, 6);
      this.lines(landmarks, faulty ? FAULT : LINE, 3);
      this.joints(landmarks);
    }
    if (back) this.outline(back);
    if (angle) this.angle(angle);
  }

  outline(places) {
    this.pen.beginPath();
    for (const place of places) this.pen.lineTo(...this.at(place));
    this.stroke(4);
  }

  // A place in the frame as it is seen in the mirror.
  at([x, y]) {
    return [(1 - x) * this.canvas.width, y * this.canvas.height];
  }

  lines(landmarks, colour, width) {
    const { pen } = this;
    Object.assign(pen, { strokeStyle: colour, lineWidth: width * this.unit, lineCap: "round" });
    pen.beginPath();
    for (const [from, to] of BONES) {
      if (landmarks[from][2] < SEEN || landmarks[to][2] < SEEN) continue;
      pen.moveTo(...this.at(landmarks[from]));
      pen.lineTo(...this.at(landmarks[to]));
    }
    pen.stroke();
  }

  joints(landmarks) {
    const { pen } = this;
    Object.assign(pen, { fillStyle: LINE, strokeStyle: EDGE, lineWidth: 1.5 * this.unit });
    for (const joint of JOINTS) {
      if (landmarks[joint][2] < SEEN) continue;
      pen.beginPath();
      pen.arc(...this.at(landmarks[joint]), 4 * this.unit, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    }
  }

  // From the line it is measured from to the line that moved; the mirror turns angles round.
  angle({ at, from, to, text }) {
    const { pen, unit } = this;
    const [x, y] = this.at(at);
    const [start, end] = [from, to].map((deg) => ((180 - deg) * Math.PI) / 180);
    const radius = 60 * unit;
    pen.beginPath();
    pen.moveTo(x + 1.6 * radius * Math.cos(start), y + 1.6 * radius * Math.sin(start));
    pen.lineTo(x, y);
    pen.lineTo(x + 1.6 * radius * Math.cos(end), y + 1.6 * radius * Math.sin(end));
    this.stroke(3);
    pen.beginPath();
    pen.arc(x, y, radius, start, end, end < start);
    this.stroke(5);
    const middle = (start + end) / 2;
    this.words(text, x + 2.1 * radius * Math.cos(middle), y + 2.1 * radius * Math.sin(middle));
  }

  stroke(width) {
    const { pen, unit } = this;
    Object.assign(pen, { strokeStyle: EDGE, lineWidth: (width + 3) * unit, lineCap: "round" });
    pen.stroke();
    Object.assign(pen, { strokeStyle: ANGLE, lineWidth: width * unit });
    pen.stroke();
  }

  words(text, x, y) {
    const { pen, unit } = this;
    Object.assign(pen, { font: `700 ${30 * unit}px system-ui, sans-serif`, textAlign: "center", textBaseline: "middle" });
    Object.assign(pen, { strokeStyle: EDGE, lineWidth: 6 * unit, lineJoin: "round", fillStyle: ANGLE });
    const inside = Math.min(Math.max(x, 40 * unit), this.canvas.width - 40 * unit);
    pen.strokeText(text, inside, y);
    pen.fillText(text, inside, y);
  }
}
