// The camera of this computer, or a clear word on why there is none.

const WANTED = {
  audio: false,
  video: {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
    facingMode: "user",
    resizeMode: "none", // as the camera sees it: a browser that crops would cut off head or feet
  },
};

export class CameraProblem extends Error {
  constructor(kind, title, lines) {
    super(title);
    Object.assign(this, { kind, lines });
  }
}

const PROBLEMS = {
  insecure: ["This page may not use the camera here", [
    "Browsers give the camera only to pages opened on this computer itself (http://localhost) or over HTTPS.",
    `This page was opened as ${location.origin}. Open BackCheck on the computer that has the camera, at http://localhost.`,
  ]],
  unsupported: ["This browser cannot use the camera", [
    "Open BackCheck in a current Chrome, Edge, Firefox or Safari.",
  ]],
  refused: ["The camera is not allowed yet", [
    "Your browser, or this computer's privacy settings, said no.",
    "Press the camera or lock sign beside the address at the top, allow the camera, then try again.",
    "The pictures stay on this computer.",
  ]],
  missing: ["No camera was found", [
    "Connect a camera, or open the shutter or switch that covers it, then try again.",
  ]],
  busy: ["The camera is in use", [
    "Another program has it, such as a video call. Close that program, then try again.",
  ]],
  gone: ["The camera has stopped", [
    "It was unplugged, or another program took it. Connect it again, then try again.",
  ]],
};

const BY_NAME = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

export const problem = (kind) => new CameraProblem(kind, ...PROBLEMS[kind]);

// What can be told before anybody is asked for the camera; undefined when nothing stands against it.
export function obstacle() {
  if (!globalThis.isSecureContext) return problem("insecure");
  return navigator.mediaDevices?.getUserMedia ? undefined : problem("unsupported");
}

// Starts the camera in a video element. `gone` is called when it stops by itself.
export async function openCamera(video, gone) {
  const against = obstacle();
  if (against) throw against;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    throw problem(BY_NAME[error.name] ?? "busy");
  }
  stream.getVideoTracks()[0].addEventListener("ended", gone);
  video.srcObject = stream;
  try {
    await video.play();
  } catch {
    closeCamera(video);
    throw problem("busy");
  }
  return stream;
}

export function closeCamera(video) {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}
