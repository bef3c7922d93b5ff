// Records the camera in the browser, for a review afterwards where this computer cannot follow live.

const KINDS = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS_A_SECOND = 2_500_000;
const EVERY_MS = 1000;
const MOST_BYTES = 480_000_000; // the server takes a little more; about 25 minutes

export class Recorder {
  static get available() {
    return Boolean(globalThis.MediaRecorder) && KINDS.some((kind) => MediaRecorder.isTypeSupported(kind));
  }

  // `full`: called when it is as long as one may be.
  constructor(stream, full) {
    Object.assign(this, { pieces: [], bytes: 0, painAt: [], startedAt: performance.now() });
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS_A_SECOND });
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      this.pieces.push(data);
      this.bytes += data.size;
      if (this.bytes > MOST_BYTES) full();
    });
    this.recorder.start(EVERY_MS);
  }

  // It hurts now.
  mark() {
    this.painAt.push((performance.now() - this.startedAt) / 1000);
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
export async function handIn(path, token, blob, painAt) {
  const headers = { "X-BackCheck-Session": token, "X-BackCheck-Pain": JSON.stringify(painAt) };
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers, body: blob });
  } catch {
    throw new Error("The server does not answer.");
  }
  if (!answer.ok) throw new Error(await answer.text());
}

// Puts a recording into the person's own downloads.
export function save(blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = blob.type.startsWith("video/mp4") ? "recording.mp4" : "recording.webm";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
