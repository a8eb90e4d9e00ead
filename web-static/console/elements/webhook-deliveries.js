// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import { deliveryStates, deliveryWords, localTime, takePage } from "../models/webhook-words.js";
import { say } from "../strings.js";
import { card } from "./plugin-parts.js";
import { drawDelivery, newDelivery } from "./webhook-delivery.js";

const limit = 50;
const day = 24 * 3_600_000;

/**
 * What can be asked of the server about an endpoint's deliveries.
 * @typedef {object} DeliveryBehaviour
 * @property {(query: string) => Promise<any>} fetch
 * @property {(id: number) => Promise<any>} replay sends one again
 * @property {(since: string) => Promise<any>} replaySince sends all again that failed
 */

/** What was sent to an endpoint and what came of it, the newest first. */
export class WebhookDeliveries {
  element;
  #behaviour;
  #canChange;
  #filter = h("select", { id: "deliveries-filter", class: "field__control" },
    h("option", { value: "" }, say("deliveriesAll")),
    deliveryStates.map((state) => h("option", { value: state }, say(deliveryWords(state).key))));
  #status = h("p", { class: "deliveries__status", role: "status" });
  #alert = h("p", { class: "deliveries__alert", role: "alert" });
  #list = h("ol", { class: "deliveries", "aria-labelledby": "webhook-deliveries-title" });
  #none = h("p", { class: "panel__none" }, say("loading"));
  #more = h(
    "button",
    { class: "button button--small", type: "button", hidden: true, onclick: () => this.#older() },
    say("deliveriesMore"),
  );
  /** @type {Map<number, any>} */
  #known = new Map();
  /** Answers to questions that were asked before something changed are dropped. */
  #turn = 0;
  #rows = new KeyedList(this.#list, {
    key: (/** @type {any} */ delivery) => String(delivery.id),
    create: newDelivery,
    update: (element, delivery) =>
      drawDelivery(element, delivery, this.#canChange ? (id) => void this.#replay(id) : null),
  });

  /** @param {boolean} canChange @param {DeliveryBehaviour} behaviour */
  constructor(canChange, behaviour) {
    this.#canChange = canChange;
    this.#behaviour = behaviour;
    this.#filter.addEventListener("change", () => {
      this.#known.clear();
      this.#rows.clear();
      this.#more.hidden = true;
      this.#none.hidden = false;
      this.#none.textContent = say("loading");
      this.#turn += 1;
      void this.refresh();
    });
    this.element = card("webhook-deliveries", say("deliveries"),
      h("div", { class: "deliveries__bar" },
        h("label", { for: "deliveries-filter" }, say("deliveriesShow")), this.#filter,
        h(
          "button",
          {
            class: "icon-button",
            type: "button",
            "aria-label": say("deliveriesRefresh"),
            title: say("deliveriesRefresh"),
            onclick: () => void this.refresh(),
          },
          icon("retry", 18),
        ),
        canChange && this.#replaySinceForm()),
      this.#status, this.#alert, this.#none, this.#list, this.#more);
  }

  /** Whether something is about to be sent. */
  get isUnderWay() {
    return [...this.#known.values()].some(({ state }) => state === "pending");
  }

  async refresh() {
    const turn = this.#turn;
    const page = await this.#fetch({});
    if (turn !== this.#turn) return;
    if (page instanceof Error) return this.#showTrouble(say("deliveriesFailed"));
    this.#alert.textContent = "";
    this.#take(page.deliveries ?? [], {});
  }

  async #older() {
    const turn = this.#turn;
    const before = Math.min(...this.#known.keys());
    const page = await this.#fetch({ before });
    if (turn !== this.#turn) return;
    if (page instanceof Error) return this.#showTrouble(say("deliveriesFailed"));
    this.#take(page.deliveries ?? [], { before });
  }

  /** @param {{before?: number}} bounds */
  #fetch({ before }) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (this.#filter.value) query.set("state", this.#filter.value);
    if (before) query.set("before", String(before));
    return this.#behaviour.fetch(`?${query}`).catch((error) => error);
  }

  /** @param {any[]} page @param {{before?: number}} bounds */
  #take(page, bounds) {
    const isFirst = this.#known.size === 0;
    takePage(this.#known, page, { limit, ...bounds });
    if (page.length < limit) this.#more.hidden = true;
    else if (isFirst || bounds.before) this.#more.hidden = false;
    this.#draw();
  }

  #draw() {
    const shown = [...this.#known.values()].sort((a, b) => b.id - a.id);
    this.#rows.show(shown);
    this.#none.hidden = shown.length > 0;
    this.#none.textContent = say(this.#filter.value ? "deliveriesNoneSuch" : "deliveriesNone");
  }

  /** @param {string} text */
  #showTrouble(text) {
    if (this.#known.size === 0) this.#none.hidden = true;
    if (this.#alert.textContent !== text) this.#alert.textContent = text;
  }

  // Sending again

  /** @param {number} id */
  async #replay(id) {
    await this.#change(this.#behaviour.replay(id), () => say("deliveryReplaying"));
  }

  /**
   * @param {Promise<any>} request
   * @param {(answer: any) => string} words
   */
  async #change(request, words) {
    this.#status.textContent = say("actionWorking");
    this.#alert.textContent = "";
    this.#turn += 1;
    const answer = await request.catch((error) => error);
    this.#turn += 1;
    const isRefused = answer instanceof Error;
    this.#status.textContent = isRefused ? "" : words(answer);
    await this.refresh();
    if (!isRefused) return;
    const why = /** @type {any} */ (answer).problem?.detail ?? answer.message;
    this.#showTrouble(say("webhookNotDone", { why }));
  }

  #replaySinceForm() {
    const since = h("input", {
      id: "replay-since",
      class: "field__control",
      type: "datetime-local",
      required: true,
    });
    since.value = localTime(new Date(Date.now() - day));
    const form = h("form", { class: "deliveries__since", novalidate: true },
      h("label", { for: "replay-since" }, say("deliveriesSince")), since,
      h("button", { class: "button button--small", type: "submit" }, say("deliveriesReplay")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const time = new Date(since.value);
      if (Number.isNaN(time.getTime())) {
        since.focus();
        return this.#showTrouble(say("deliveriesSinceWrong"));
      }
      void this.#change(
        this.#behaviour.replaySince(time.toISOString()),
        ({ replayed = 0 }) => say("deliveriesReplayed", { count: replayed }),
      );
    });
    return form;
  }
}
