// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { Proposals } from "../models/proposals.js";
import { say } from "../strings.js";
import { effectBadge } from "./action-picker.js";
import { drawInput } from "./action-result.js";

/** @typedef {import("../models/proposals.js").Proposal} Proposal */

/**
 * Opens an action's form, filled in.
 * @callback Review
 * @param {Proposal} proposal
 * @param {(hasBegun: boolean) => void} closed is told whether it was sent
 * @returns {void}
 */

/**
 * What a draft proposes to do, a card each: nothing happens before an agent has looked at the
 * action's form and sent it.
 */
export class ProposalCards {
  element = h("ul", { class: "proposals", "aria-label": say("proposals"), hidden: true });
  #proposals = new Proposals();
  #behaviour;

  /**
   * @param {object} behaviour
   * @param {Review} behaviour.review
   * @param {(name: string) => any} behaviour.known the action with a name, if it is known
   * @param {(name: string) => any} behaviour.schemaOf the schema of an action's input, if known
   * @param {() => void} behaviour.leave takes the focus of a card that goes
   */
  constructor(behaviour) {
    this.#behaviour = behaviour;
  }

  /** @param {string} c the open conversation */
  turnTo(c) {
    if (this.#proposals.turnTo(c)) this.#draw();
  }

  /** @param {{key: string, action: string, input: Record<string, any>} | null} left */
  leave(left) {
    if (this.#proposals.leave(left, this.#behaviour.known)) this.#draw();
  }

  /** @param {any} proposals those of a draft @returns {number} how many are shown */
  replace(proposals) {
    this.#proposals.replace(proposals);
    this.#draw();
    return this.#proposals.list.length;
  }

  #draw() {
    const { list } = this.#proposals;
    this.element.hidden = list.length === 0;
    fill(this.element, list.map((proposal) => this.#card(proposal)));
  }

  /** @param {Proposal} proposal */
  #card(proposal) {
    const { id, title, effect, action, input, question, isLeft } = proposal;
    const dismiss = say("proposalDismiss", { title });
    return h("li", { class: "proposal", dataset: { action } },
      h("div", { class: "proposal__head" },
        h("div", { class: "proposal__title" },
          h("h3", { id: `proposal-${id}`, dir: "auto" },
            say(isLeft ? "proposalLeft" : "proposalTitle", { title })),
          effectBadge(effect)),
        h(
          "button",
          {
            class: "icon-button proposal__close",
            type: "button",
            "aria-label": dismiss,
            title: dismiss,
            onclick: () => this.#remove(id),
          },
          icon("close", 14),
        )),
      h("div", { class: "proposal__input", tabindex: "0", role: "group",
        "aria-labelledby": `proposal-${id}` },
        drawInput(input, this.#behaviour.schemaOf(action)) ??
          h("p", {}, say("proposalNoInput"))),
      h("div", { class: "proposal__foot" },
        h("button", {
          id: `proposal-review-${id}`,
          class: "button button--small",
          type: "button",
          "aria-describedby": `proposal-${id}`,
          onclick: () => this.#behaviour.review(proposal, (hasBegun) => {
            if (hasBegun) this.#remove(id);
          }),
        }, h("span", { dir: "auto" }, say("proposalReview"))),
        question && h("p", { class: "proposal__question", dir: "auto" },
          say("proposalAsks", { question }))));
  }

  /** @param {number} id */
  #remove(id) {
    this.#proposals.remove(id);
    this.#draw();
    this.#behaviour.leave();
  }
}
