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
