// @ts-check

const remembered = 20;

/** What is half written in this tab: one draft for each conversation, and one for a new one. */
export class Drafts {
  #perTab;

  /** @param {import("../../shared/storage.js").KeptValues} perTab */
  constructor(perTab) {
    this.#perTab = perTab;
  }

  /** The conversation the draft in the field belongs to; "" for a new one. */
  get place() {
    return String(this.#perTab.get("place") ?? "");
  }

  get text() {
    return String(this.#all[this.place] ?? "");
  }

  set text(text) {
    const { [this.place]: _, ...others } = this.#all;
    const kept = Object.entries(others).slice(1 - remembered);
    if (text !== "") kept.push([this.place, text]);
    this.#perTab.set("drafts", Object.fromEntries(kept));
  }

  /**
   * Another conversation is shown. What was begun before there was one goes along.
   * @param {string | null} c
   * @returns {string | null} what to show in the field, or null to leave it alone
   */
  move(c) {
    const { place, text } = this;
    if (place === (c ?? "")) return null;
    if (place === "" && text !== "") {
      this.text = "";
      this.#perTab.set("place", c ?? "");
      this.text = text;
      return null;
    }
    this.#perTab.set("place", c ?? "");
    return this.text;
  }

  clear() {
    this.#perTab.remove("drafts");
    this.#perTab.remove("place");
  }

  /** @returns {Record<string, string>} */
  get #all() {
    return this.#perTab.get("drafts") ?? {};
  }
}
