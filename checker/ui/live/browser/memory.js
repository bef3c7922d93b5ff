// What outlasts a visit. A browser may forbid storage; then nothing is remembered, and nothing else changes.

export function recall(key, store = "localStorage") {
  try {
    return globalThis[store].getItem(key);
  } catch {
    return null;
  }
}

export function remember(key, value, store = "localStorage") {
  try {
    if (value === null) globalThis[store].removeItem(key);
    else globalThis[store].setItem(key, value);
  } catch {
    // not remembered
  }
}

const UNFINISHED = "backcheck-unfinished";

// What was counted so far, in this tab: it is told when a session ends before its results were there.
export const keepTally = (words) => remember(UNFINISHED, words, "sessionStorage");

export function takeTally() {
  const words = recall(UNFINISHED, "sessionStorage");
  remember(UNFINISHED, null, "sessionStorage");
  return words;
}

// Whether pictures are mirror images: "yes", "no", "skipped" where nobody wanted to say, null where nobody was
// asked. Of the videos handed in with this browser, or of a camera, each by its own name: another camera of the
// same computer may differ.
const MIRRORED = "backcheck-mirrored";
const CAMERA = "backcheck-camera";

const placeOf = (whose) => `${MIRRORED} ${whose === "camera" ? `camera ${recall(CAMERA) ?? ""}` : whose}`;

export const recallMirrored = (whose) => recall(placeOf(whose));
export const rememberMirrored = (whose, answer) => remember(placeOf(whose), answer);

// The camera that is used now; it is the one that is meant until another one is.
export const rememberCamera = (name) => remember(CAMERA, name);
