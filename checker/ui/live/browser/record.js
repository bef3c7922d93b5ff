// Records the camera in the browser, for a review afterwards where this computer cannot follow live.

const KINDS = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_A_SECOND = 2_500_000;
const EVERY_MS = 1000;

export class Recorder {
  static get available() {
    return Boolean(globalThis.MediaRecorder) && KINDS.some((kind) => MediaRecorder.isTypeSupported(kind));
  }

  constructor(stream) {
    this.pieces = [];
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS_A_SECOND });
    this.recorder.addEventListener("dataavailable", ({ data }) => this.pieces.push(data));
    this.recorder.start(EVERY_MS);
  }

  // The whole recording, once it is complete.
  stop() {
    const done = new Promise((resolve) => this.recorder.addEventListener("stop", resolve, { once: true }));
    const stopped = this.recorder.state === "inactive"; // by itself: the camera was unplugged
    if (!stopped) this.recorder.stop();
    return (stopped ? Promise.resolve() : done).then(() => new Blob(this.pieces, { type: this.recorder.mimeType }));
  }
}

// Hands a recording to the server of this page. An error's message is for the person.
export async function handIn(path, token, blob) {
  const answer = await fetch(`${path}?token=${encodeURIComponent(token)}`, { method: "POST", body: blob });
  if (!answer.ok) throw new Error(await answer.text());
}
