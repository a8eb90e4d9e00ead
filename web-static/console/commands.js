// @ts-check

import { openReturn, openShortcuts, openSnooze, openTransfer } from "./elements/dialogs.js";
import { shortcutFor } from "./models/shortcuts.js";

/** @typedef {import("./models/thread-model.js").Entry} Entry */
/** @typedef {import("../shared/outbox.js").Letter} Letter */

/**
 * What commands may do at the desk.
 * @typedef {object} DeskForCommands
 * @property {(t: string, d?: object) => Promise<boolean>} order asks the server, about what is open
 * @property {(step: 1 | -1) => void} step opens the next or the previous conversation
 * @property {(pane: "list" | "thread" | "panel") => void} pane shows a pane on a phone
 * @property {(kind: "reply" | "note", text: string) => void} send
 * @property {(how: "accept" | "decline") => void} answerOffer the oldest one
 * @property {() => void} search
 * @property {() => void} actions asks which action of a plugin is to be done
 * @property {() => boolean} isAtDesk whether conversations are what is seen
 * @property {() => import("./open-thread.js").OpenThread | null} thread
 * @property {() => import("../shared/outbox.js").Outbox} outbox
 * @property {() => import("./models/team.js").Colleague[]} colleagues
 * @property {import("./elements/reply-composer.js").ReplyComposer} composer
 * @property {import("../shared/storage.js").KeptValues} kept
 */

/** The commands of an agent by name, from buttons and single keys alike. */
export class Commands {
  #desk;
  /** @type {Record<string, () => unknown>} */
  #always;
  /** @type {Record<string, () => unknown>} */
  #onThread;

  /** @param {DeskForCommands} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#always = {
      back: () => desk.pane("list"),
      details: () => desk.pane("panel"),
      next: () => desk.step(1),
      previous: () => desk.step(-1),
      search: () => desk.search(),
      sheet: () => openShortcuts(this.#keysWork, (on) => desk.kept.set("keys", on)),
      accept: () => desk.answerOffer("accept"),
      decline: () => desk.answerOffer("decline"),
    };
    this.#onThread = {
      reply: () => desk.composer.write("reply"),
      note: () => desk.composer.write("note"),
      take: () => desk.order("takeover"),
      resolve: () => desk.order("status", { status: "resolved" }),
      reopen: () => desk.order("status", { status: "open" }),
      pending: () => desk.order("status", { status: "pending" }),
      actions: () => desk.actions(),
      snooze: () => openSnooze((until) => desk.order("snooze", { until })),
      transfer: () => openTransfer({
        agents: desk.colleagues(),
        transfer: (target) => void this.#transfer(target),
      }),
      return: () => openReturn((instruction) =>
        desk.order("bot.return", instruction ? { instruction } : {}),
      ),
    };
  }

  /**
   * @param {string} name
   * @param {Entry} [entry] whose button was pressed
   */
  run(name, entry) {
    if (entry?.letter) void this.#runOnLetter(name, entry.letter);
    else if (this.#always[name]) this.#always[name]();
    else if (this.#desk.isAtDesk() && this.#desk.thread()) this.#onThread[name]?.();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!this.#keysWork && event.key !== "?") return;
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping = target.matches("input, textarea, select, [contenteditable]");
    const isAsked = document.querySelector("dialog[open]") !== null;
    const name = shortcutFor(event, isTyping || isAsked);
    if (!name) return;
    event.preventDefault();
    this.run(name);
  }

  get #keysWork() {
    return this.#desk.kept.get("keys") !== false;
  }

  /** @param {{agent?: string, skill?: string, note?: string}} target */
  async #transfer({ note, ...target }) {
    if (target.agent || target.skill) {
      await this.#desk.order("transfer", { ...target, ...(note ? { note } : {}) });
      return;
    }
    if (note) this.#desk.send("note", note);
    await this.#desk.order("assign", { agent: null });
  }

  /**
   * @param {string} name
   * @param {Letter} letter one that failed
   */
  async #runOnLetter(name, letter) {
    const { outbox, composer, thread, order } = this.#desk;
    if (name === "edit") {
      outbox().remove(letter.cid);
      composer.insert(letter.text, letter.suggestion);
      return;
    }
    if (name === "take" && !(await order("takeover"))) return;
    await outbox().retry(letter.cid, { seen: thread()?.last ?? 0 });
  }
}
