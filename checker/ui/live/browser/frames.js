// Takes frames from the video, makes them small and packs each with its time of capture.

const HEADER_BYTES = 16; // uint32 id, uint32 pictures left out before it, float64 seconds; little-endian
const QUALITY = 0.72; // of the JPEG: below it landmarks begin to waver, above it frames only get larger

export class Frames {
  constructor(video) {
    this.video = video;
    this.lastId = 0;
    this.lastTime = -1;
    this.longest = 640;
  }

  // Calls `take(capture time in seconds)` for each new picture of the camera.
  start(take) {
    this.running = true;
    const next = (now, about) => {
      if (!this.running) return;
      take((about?.captureTime ?? now) / 1000);
      this.wait(next);
    };
    this.wait(next);
  }

  wait(next) {
    if (this.video.requestVideoFrameCallback) this.waiting = this.video.requestVideoFrameCallback(next);
    else requestAnimationFrame((now) => next(now)); // older browsers: a picture may be sent more than once
  }

  stop() {
    this.running = false;
    if (this.waiting) this.video.cancelVideoFrameCallback(this.waiting);
  }

  // The packed message, or undefined where there is no new picture.
  async pack(time, leftOut) {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || time <= this.lastTime) return undefined;
    this.lastTime = time;
    const scale = Math.min(1, this.longest / Math.max(videoWidth, videoHeight));
    const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
    const id = (this.lastId += 1);
    const jpeg = await this.encode(width, height);
    const message = new Uint8Array(HEADER_BYTES + jpeg.byteLength);
    const header = new DataView(message.buffer);
    header.setUint32(0, id, true);
    header.setUint32(4, leftOut, true);
    header.setFloat64(8, time, true);
    message.set(new Uint8Array(jpeg), HEADER_BYTES);
    return { id, time, message };
  }

  async encode(width, height) {
    const canvas = (this.canvas ??= makeCanvas());
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.getContext("2d", { alpha: false }).drawImage(this.video, 0, 0, width, height);
    const blob = canvas.convertToBlob
      ? await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })
      : await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob.arrayBuffer();
  }
}

function makeCanvas() {
  return globalThis.OffscreenCanvas ? new OffscreenCanvas(2, 2) : document.createElement("canvas");
}
