// @ts-check

import { troubleWords } from "./models/assist-words.js";
import { Translations } from "./models/translations.js";
import { strings } from "./strings.js";

/** @typedef {{m: string, text: string}} Message */
/**
 * @callback AskTranslation
 * @param {AbortSignal} signal
 * @param {{text: string, to: string}} body
 * @returns {Promise<any>}
 */

/** Has messages of the open conversation translated into the console's language, one at a time. */
export class Translator {
  /** When anything is otherwise. */
  onChange = () => {};
  #ask;
  #isOffered = false;
  #translations = new Translations();
  #leaving = new AbortController();
  /** @type {Promise<void>} the end of what has been asked for so far */
  #last = Promise.resolve();

  /** @param {AskTranslation} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  get isOffered() {
    return this.#isOffered;
  }

  set isOffered(isOffered) {
    if (isOffered === this.#isOffered) return;
    this.#isOffered = isOffered;
    this.onChange();
  }

  get language() {
    return strings.locale;
  }

  get wantsAll() {
    return this.#translations.wantsAll;
  }

  /** Whether anything of this conversation has been translated. */
  get hasBegun() {
    return !this.#translations.isEmpty;
  }

  /** Another conversation is open: what was known of the last one is forgotten. */
  drop() {
    this.#stop();
    this.#translations = new Translations();
    this.onChange();
  }

  /** @param {string} m */
  of(m) {
    return this.#translations.of(m);
  }

  /**
   * Asks for those that are to be translated without anybody asking for them by name.
   * @param {Message[]} messages of the customer
   */
  see(messages) {
    if (!this.#isOffered) return;
    const due = messages.filter(({ m }) => this.#translations.isDue(m));
    for (const message of due) this.#begin(message);
    if (due.length > 0) this.onChange();
  }

  /** @param {Message} message */
  translate(message) {
    this.#begin(message);
    this.onChange();
  }

  /** Shows the original of a translated message, or hides it again. @param {string} m */
  turn(m) {
    this.#translations.turn(m);
    this.onChange();
  }

  /** @param {boolean} wantsAll whether what the customer writes is translated, all of it */
  wantAll(wantsAll) {
    if (!wantsAll) this.#stop();
    this.#translations.wantsAll = wantsAll;
    this.#translations.turnAll(!wantsAll);
    this.onChange();
  }

  /** @param {Message} message */
  #begin({ m, text }) {
    const translations = this.#translations;
    const { signal } = this.#leaving;
    if (!translations.begin(m)) return;
    this.#last = this.#last.then(async () => {
      if (signal.aborted) return;
      const answer = await this.#ask(signal, { text, to: this.language }).catch((error) => error);
      if (signal.aborted) return;
      if (answer instanceof Error) translations.fail(m, troubleWords(answer));
      else translations.end(m, answer);
      this.onChange();
    });
  }

  #stop() {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.#last = Promise.resolve();
    this.#translations.stop();
  }
}
