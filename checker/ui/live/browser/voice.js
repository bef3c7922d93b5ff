// Says things aloud, one at a time. Only voices of this computer: others would send the words away.

import { recall, remember } from "./memory.js";

const WEIGHT = { count: 0, hint: 1, cue: 2, stage: 3, end: 4 };
const MUTED = "backcheck-muted";
const VOLUME = "backcheck-volume";

export class Voice {
  constructor() {
    this.muted = recall(MUTED) === "yes";
    this.volume = Number(recall(VOLUME) ?? 0.8);
    this.stop = new AbortController();
    const find = () => (this.speaker = localVoice());
    find();
    globalThis.speechSynthesis?.addEventListener("voiceschanged", () => {
      find();
      this.changed?.();
    }, { signal: this.stop.signal });
  }

  get available() {
    return Boolean(this.speaker);
  }

  // Of several things the most important one; it waits for what is being said, and nothing else waits.
  say(utterances) {
    const best = utterances.reduce((a, b) => (a && WEIGHT[a.kind] >= WEIGHT[b.kind] ? a : b), undefined);
    if (!best || this.muted || !this.available) return;
    if (!this.speaking) this.speak(best);
    else if (!this.next || WEIGHT[best.kind] >= WEIGHT[this.next.kind]) this.next = best;
  }

  speak({ text }) {
    const speech = new SpeechSynthesisUtterance(text);
    Object.assign(speech, { voice: this.speaker, lang: this.speaker.lang, volume: this.volume, rate: 0.95 });
    speech.onend = speech.onerror = () => {
      this.speaking = undefined;
      const { next } = this;
      this.next = undefined;
      if (next && !this.muted && !this.stop.signal.aborted) this.speak(next);
    };
    this.speaking = speech; // held here: some browsers forget one that nobody holds, and never end it
    speechSynthesis.speak(speech);
  }

  mute(muted) {
    this.muted = muted;
    remember(MUTED, muted ? "yes" : "no");
    if (muted) this.hush();
  }

  louder(volume) {
    this.volume = volume;
    remember(VOLUME, String(volume));
  }

  hush() {
    this.next = undefined;
    globalThis.speechSynthesis?.cancel();
  }

  close() {
    this.stop.abort();
    this.hush();
  }
}

function localVoice() {
  const own = (globalThis.speechSynthesis?.getVoices() ?? []).filter((v) => v.localService && /^en/i.test(v.lang));
  return own.find((v) => /^en[-_]GB/i.test(v.lang)) ?? own.find((v) => v.default) ?? own[0];
}
