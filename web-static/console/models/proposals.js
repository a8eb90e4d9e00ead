// @ts-check

/**
 * An action that a draft proposes, as the server checked it.
 * @typedef {object} Proposal
 * @property {number} id of its card
 * @property {string} action
 * @property {string} title
 * @property {import("./action-order.js").Action["effect"]} effect
 * @property {Record<string, any>} input
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

  /** @param {any} proposals as a draft brings them; nothing for none */
  replace(proposals) {
    this.list = (Array.isArray(proposals) ? proposals : []).filter(isWhole).map((each) => ({
      id: this.#last += 1,
      action: each.action,
      title: each.title,
      effect: each.effect,
      input: each.input,
      question: each.question ?? "",
    }));
  }

  /** @param {string} c the open conversation @returns whether it is another one */
  turnTo(c) {
    if (c === this.#c) return false;
    this.#c = c;
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
