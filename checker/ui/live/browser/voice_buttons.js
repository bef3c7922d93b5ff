// The voice's switch and volume; says where this computer has no voice.

import { set } from "./text.js";

export class VoiceButtons {
  constructor(root, voice) {
    this.voice = voice;
    this.mute = root.querySelector("[data-act=mute]");
    this.volume = root.querySelector(".bcl-menu input");
    this.volume.value = String(voice.volume);
    this.volume.addEventListener("input", () => {
      voice.louder(Number(this.volume.value));
      voice.say([{ text: "This loud", kind: "end" }]);
    });
    voice.changed = () => this.show();
    this.show();
  }

  toggle() {
    this.voice.mute(!this.voice.muted);
    this.show();
  }

  show() {
    const { muted, available } = this.voice;
    set(this.mute, available ? `Voice ${muted ? "off" : "on"}` : "No voice here");
    this.mute.disabled = !available;
    this.mute.title = available ? "Key M" : "This browser has no voice of its own on this computer. All is written, too.";
    this.mute.setAttribute("aria-pressed", String(!muted && available));
    this.volume.parentElement.hidden = !available;
  }
}
