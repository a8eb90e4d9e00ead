// @ts-check

/** A message rings only while it is news, and while nobody has read it in another tab. */
const newsFor = 60_000;
const patience = 300;

/**
 * A short tone for a message that nobody sees. Off until the customer or the site switches it on;
 * never before the customer has touched the chat, for browsers hold that against a page.
 */
export class Chime {
  #kept;
  #wanted;
  /** @type {AudioContext | null} */
  #audio = null;

  /**
   * @param {import("../shared/storage.js").KeptValues} kept
   * @param {boolean} wanted whether the site switches it on for who has not said otherwise
   */
  constructor(kept, wanted) {
    this.#kept = kept;
    this.#wanted = wanted;
    for (const gesture of ["pointerdown", "keydown"]) {
      document.addEventListener(gesture, () => this.#wake(), { passive: true });
    }
  }

  get isOn() {
    return this.#kept.get("sound") ?? this.#wanted;
  }

  toggle() {
    this.#kept.set("sound", !this.isOn);
    this.#wake();
    if (this.isOn) this.#ring();
  }

  /**
   * @param {object} message
   * @param {string} message.at when it was written
   * @param {() => boolean} message.isUnseen asked after a moment
   */
  announce({ at, isUnseen }) {
    if (!this.isOn || !this.#audio || Date.now() - Date.parse(at) > newsFor) return;
    setTimeout(() => isUnseen() && this.#once(), patience);
  }

  /** Of several tabs with the same chat one rings. */
  #once() {
    if (!navigator.locks) return this.#ring();
    void navigator.locks.request("maitred:chime", { ifAvailable: true }, (lock) => {
      if (!lock) return;
      this.#ring();
      return new Promise((resolve) => setTimeout(resolve, 2 * patience));
    }).catch(() => this.#ring());
  }

  #wake() {
    if (!this.isOn || !("AudioContext" in window)) return;
    this.#audio ??= new AudioContext();
    if (this.#audio.state === "suspended") void this.#audio.resume().catch(() => {});
  }

  /** Two soft tones, the second a fourth above the first. */
  #ring() {
    const audio = this.#audio;
    if (audio?.state !== "running") return;
    for (const [pitch, delay] of [[587, 0], [784, 0.11]]) {
      const start = audio.currentTime + delay;
      const tone = audio.createOscillator();
      const loudness = audio.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0, start);
      loudness.gain.linearRampToValueAtTime(0.07, start + 0.015);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.32);
      tone.connect(loudness).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.34);
    }
  }
}
