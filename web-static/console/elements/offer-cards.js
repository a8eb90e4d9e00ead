// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { say } from "../strings.js";
import { shortBriefing } from "./briefing-panel.js";
import { avatar, contactName } from "./parts.js";

/** @typedef {import("../models/offers-model.js").Offer} Offer */

/** Conversations offered to this agent, each with its briefing and the time that is left. */
export class OfferCards {
  #model;
  #rowOf;
  #behaviour;
  #timer = 0;
  #list;

  /**
   * @param {HTMLElement} element
   * @param {import("../models/offers-model.js").OffersModel} model
   * @param {(c: string) => any} rowOf
   * @param {{accept: (c: string) => void, decline: (c: string) => void}} behaviour
   */
  constructor(element, model, rowOf, behaviour) {
    this.#model = model;
    this.#rowOf = rowOf;
    this.#behaviour = behaviour;
    this.#list = new KeyedList(element, {
      key: (/** @type {Offer} */ offer) => offer.c,
      create: (offer) =>
        h(
          "article",
          { class: "offer", dataset: { c: offer.c }, "aria-label": say("offerTitle") },
          h("div", { class: "offer__told" }),
          this.#actions(offer.c),
        ),
      update: (card, offer) => this.#draw(card, offer),
    });
  }

  show() {
    clearInterval(this.#timer);
    this.#list.show(this.#model.list);
    if (this.#model.list.length === 0) return;
    this.#timer = window.setInterval(() => this.#tick(), 500);
    this.#tick();
  }

  /** @param {HTMLElement} card @param {Offer} offer */
  #draw(card, offer) {
    const row = this.#rowOf(offer.c);
    const state = JSON.stringify([offer.why, offer.briefing, row?.contact]);
    if (card.dataset.state === state) return;
    card.dataset.state = state;
    const told = /** @type {HTMLElement} */ (card.firstElementChild);
    const hadFocus = told.contains(document.activeElement);
    fill(told,
      h("div", { class: "offer__bar", "aria-hidden": "true" }, h("i", {})),
      h("header", { class: "offer__head" }, row ? avatar(row.contact) : null,
        h(
          "div",
          {},
          h("p", { class: "offer__title" }, say("offerTitle")),
          h("h2", { dir: "auto" }, row ? contactName(row.contact) : ""),
        ),
        h("span", { class: "offer__left" })),
      h("p", { class: "offer__why" }, offer.why.map((why) => h("span", { class: "badge" }, why))),
      h(
        "div",
        { class: "offer__briefing", tabindex: "0", role: "group", "aria-label": say("summary") },
        shortBriefing(offer.briefing),
      ));
    if (hadFocus) /** @type {HTMLElement | null} */ (told.querySelector("[tabindex]"))?.focus();
  }

  /**
   * They stay while what is told of the offer changes: a press that has begun is not lost.
   * @param {string} c
   */
  #actions(c) {
    return h(
      "div",
      { class: "offer__actions" },
      h(
        "button",
        {
          class: "button button--primary offer__accept",
          type: "button",
          onclick: () => this.#behaviour.accept(c),
        },
        icon("check", 16),
        say("accept"),
      ),
      h(
        "button",
        {
          class: "button offer__decline",
          type: "button",
          onclick: () => this.#behaviour.decline(c),
        },
        say("decline"),
      ),
    );
  }

  #tick() {
    const now = Date.now();
    for (const offer of this.#model.list) {
      const card = this.#list.element(offer.c);
      const seconds = Math.max(0, Math.ceil((offer.expiresAt - now) / 1000));
      const left = card?.querySelector(".offer__left");
      if (left) left.textContent = say("seconds", { count: seconds });
      const bar = /** @type {HTMLElement | null} */ (card?.querySelector(".offer__bar i") ?? null);
      bar?.style.setProperty("inline-size", `${Math.min(100, (100 * seconds) / offer.seconds)}%`);
    }
  }
}
