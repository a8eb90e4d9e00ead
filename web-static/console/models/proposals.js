// @ts-check

/**
 * An action that a draft proposes, as the server checked it.
 * @typedef {object} Proposal
 * @property {number} id of its card
 * @property {string} action
 * @property {string} title
 * @property {import("./action-order.js").Action["effect"]} effect
 * @property {Record<string, any>} input
 * @property {boolean} isLeft whether a workflow left it for a person
 * @property {string} question what whoever has it done is asked first; empty for nothing
 */

/**
 * What the latest draft of the open conversation proposes, as long as it is open to somebody: a
 * proposal goes once it is dismissed or sent, and all of them with the next draft and with the
 * conversation.
 */
export class Proposals {
  /** @type {Proposal[]} */
  list = [];
  #c = "";
  #last = 0;

  /** What a workflow left, by its run, as far as it has been shown. */
  #left = "";

  /**
   * What a workflow left to be done, once: it stays until it is dismissed, sent, or done otherwise.
   * @param {{key: string, action: string, input: Record<string, any>} | null} left
   * @param {(name: string) => {title: string, effect: any} | undefined} known what is known of it
   * @returns whether something changed
   */
  leave(left, known) {
    const key = left?.key ?? "";
    const action = left ? known(left.action) : undefined;
    // Whoever may not have it done, or does not know of it yet, is not asked to.
    if (key === this.#left || (left && !action)) return false;
    this.#left = key;
    this.list = this.list.filter((each) => !each.isLeft);
    if (left && action) {
      const { action: name, input } = left;
      const { title, effect } = action;
      const id = this.#last += 1;
      this.list.unshift({ id, action: name, title, effect, input, question: "", isLeft: true });
    }
    return true;
  }

  /** @param {any} proposals as a draft brings them; nothing for none */
  replace(proposals) {
    const left = this.list.filter((each) => each.isLeft);
    this.list = left.concat((Array.isArray(proposals) ? proposals : []).filter(isWhole).map((each) => ({
      id: this.#last += 1,
      action: each.action,
      title: each.title,
      effect: each.effect,
      input: each.input,
      question: each.question ?? "",
      isLeft: false,
    })));
  }

  /** @param {string} c the open conversation @returns whether it is another one */
  turnTo(c) {
    if (c === this.#c) return false;
    this.#c = c;
    this.#left = "";
    this.list = [];
    return true;
  }

  /** @param {number} id */
  remove(id) {
    this.list = this.list.filter((each) => each.id !== id);
  }
}

/** @param {any} each */
function isWhole(each) {
  const { action, title, input } = each ?? {};
  return typeof action === "string" && typeof title === "string" &&
    Boolean(input) && typeof input === "object" && !Array.isArray(input);
}
