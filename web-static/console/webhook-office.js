// @ts-check

import { fill, h } from "../shared/dom.js";
import { showToast } from "./elements/notices.js";
import { WebhookDetail } from "./elements/webhook-detail.js";
import { openNewWebhook, openSecret } from "./elements/webhook-dialogs.js";
import { WebhookList } from "./elements/webhook-list.js";
import { webhookWords } from "./models/webhook-words.js";
import { say, strings } from "./strings.js";

/** How often what is seen is fetched anew, in milliseconds; sooner while something is sent. */
const every = 4000;
const soon = 1500;

/** The page of webhooks: joins what the server says and what is seen of it. */
export class WebhookOffice {
  #api;
  #element;
  #canChange;
  #onChange;
  #list;
  /** @type {any[] | null} */
  #hooks = null;
  /** Those with something that was entered and not saved outlive a look at the list. */
  /** @type {Map<string, WebhookDetail>} */
  #details = new Map();
  /** @type {string | null} the webhook that is looked at */
  #id = null;
  #isOpen = false;
  #isBusy = false;
  #timer = 0;
  /** Answers to questions that were asked before something changed are dropped. */
  #turn = 0;

  /**
   * @param {HTMLElement} element
   * @param {import("./api.js").Api} api
   * @param {{role?: string}} me
   * @param {() => void} onChange when it is called something else
   */
  constructor(element, api, me, onChange) {
    this.#element = element;
    this.#api = api;
    this.#onChange = onChange;
    this.#canChange = me.role === "admin";
    this.#list = new WebhookList({
      retry: () => void this.#refresh(),
      add: this.#canChange ? () => openNewWebhook((entry) => this.#add(entry)) : null,
    });
    document.addEventListener("visibilitychange", () => {
      if (this.#isOpen && document.visibilityState === "visible") void this.#refresh();
    });
  }

  /** What the window is called meanwhile. */
  get title() {
    const name = this.#id && (this.#details.get(this.#id)?.name ?? this.#id);
    return name ? `${name} · ${say("webhooks")}` : say("webhooks");
  }

  /** @param {string | null} id of one webhook, or all of them */
  show(id) {
    const before = this.#isOpen ? this.#id : null;
    this.#isOpen = true;
    this.#id = id;
    this.#turn += 1;
    this.#element.hidden = false;
    if (id === null) {
      this.#list.showLoading();
      fill(this.#element, this.#list.element);
      if (before) this.#list.focusRow(before);
      else this.#list.focus();
      for (const [each, { isDirty }] of this.#details) if (!isDirty) this.#details.delete(each);
    } else {
      this.#showDetail(id);
    }
    void this.#refresh();
  }

  hide() {
    this.#isOpen = false;
    this.#element.hidden = true;
    clearTimeout(this.#timer);
  }

  // Fetching

  async #refresh() {
    clearTimeout(this.#timer);
    if (!this.#isOpen) return;
    if (document.visibilityState === "visible" && !this.#isBusy) await this.#fetch();
    clearTimeout(this.#timer);
    if (!this.#isOpen) return;
    const isUnderWay = this.#id !== null && this.#details.get(this.#id)?.deliveries.isUnderWay;
    this.#timer = window.setTimeout(() => void this.#refresh(), isUnderWay ? soon : every);
  }

  async #fetch() {
    const turn = this.#turn;
    const id = this.#id;
    const answer = await this.#api.get("/v1/webhooks").catch((error) => error);
    if (turn !== this.#turn) return;
    if (answer instanceof Error) {
      this.#list.showTrouble(this.#hooks === null);
      if (id !== null && !this.#details.has(id)) this.#showMissing(say("webhooksFailed"), true);
      return;
    }
    this.#hooks = answer.webhooks ?? [];
    this.#list.show(this.#hooks ?? []);
    if (id === null) return;
    const hook = this.#hooks?.find((each) => each.id === id);
    if (!hook) return this.#showMissing(say("webhookGone", { id }), false);
    await this.#take(hook).deliveries.refresh();
  }

  /** @param {any} hook */
  #take(hook) {
    const { id } = hook;
    const detail = this.#details.get(id) ?? this.#makeDetail(id);
    this.#details.set(id, detail);
    detail.show(hook);
    if (this.#id === id && !this.#element.contains(detail.element)) {
      fill(this.#element, detail.element);
      detail.focus();
    }
    this.#onChange();
    return detail;
  }

  // Showing

  /** @param {string} id */
  #showDetail(id) {
    const known = this.#details.get(id);
    if (known) {
      fill(this.#element, known.element);
      known.focus();
      return;
    }
    fill(this.#element, h("div", { class: "office__page" },
      h("p", { class: "office__lead", role: "status" }, say("loading")),
      h("div", { class: "skeleton skeleton--rows", "aria-hidden": "true" },
        h("i", {}), h("i", {}), h("i", {}))));
  }

  /** @param {string} text @param {boolean} canRetry */
  #showMissing(text, canRetry) {
    if (this.#element.querySelector(".office__trouble")?.textContent?.includes(text)) return;
    fill(this.#element, h("div", { class: "office__page" },
      h("a", { class: "office__back", href: "#webhooks" }, say("webhooksAll")),
      h("p", { class: "office__trouble", role: "status" }, text, " ", canRetry && h(
        "button",
        { class: "link-button", type: "button", onclick: () => void this.#refresh() },
        say("retry"),
      ))));
  }

  // Changing

  /**
   * @param {import("./elements/webhook-form.js").WebhookEntry} entry
   * @returns {Promise<string>} why it was not added, or nothing
   */
  async #add(entry) {
    const answer = await this.#api.send("POST", "/v1/webhooks", entry).catch((error) => error);
    if (answer instanceof Error) return whyOf(answer);
    openSecret(say("secretTitle"), {
      secret: answer.secret,
      onClose: () => (location.hash = `#webhooks/${encodeURIComponent(answer.id)}`),
    });
    return "";
  }

  /** @param {string} id */
  #makeDetail(id) {
    const path = `/v1/webhooks/${encodeURIComponent(id)}`;
    const post = (/** @type {string} */ what, /** @type {object} */ body = {}) =>
      this.#api.send("POST", `${path}/${what}`, body);
    return new WebhookDetail(this.#canChange, {
      test: () => void this.#do(id, () => post("test"), () => say("webhookTested")),
      rotate: () => void this.#do(id, () => post("rotate"), (answer) => showNewSecret(answer)),
      remove: () => void this.#remove(id, path),
      turn: (enabled) => void this.#do(
        id,
        () => this.#api.send("PATCH", path, { enabled }),
        (hook) => {
          this.#take(hook);
          return say("webhookChanged", { state: say(webhookWords(hook).key) });
        },
      ),
      save: (entry) => void this.#save(id, path, entry),
      deliveries: {
        fetch: (query) => this.#api.get(`${path}/deliveries${query}`),
        replay: (delivery) => post(`deliveries/${delivery}/replay`),
        replaySince: (since) => post("replay", { since }),
      },
    });
  }

  /**
   * @param {string} id
   * @param {() => Promise<any>} request
   * @param {(answer: any) => string} words that tell what came of it
   */
  async #do(id, request, words) {
    const detail = this.#details.get(id);
    if (!detail) return;
    const answer = await this.#busily(detail, request);
    if (!answer) return;
    if (answer instanceof Error) return detail.showTrouble(whyOf(answer));
    detail.showOutcome(words(answer));
    void this.#refresh();
  }

  /** @param {string} id @param {string} path */
  async #remove(id, path) {
    const detail = this.#details.get(id);
    if (!detail) return;
    const answer = await this.#busily(detail, () => this.#api.send("DELETE", path, {}));
    if (!answer) return;
    if (answer instanceof Error) return detail.showTrouble(whyOf(answer));
    this.#details.delete(id);
    showToast(say("webhookRemoved"));
    if (this.#isOpen && this.#id === id) location.hash = "#webhooks";
  }

  /**
   * @param {string} id
   * @param {string} path
   * @param {import("./elements/webhook-form.js").WebhookEntry} entry
   */
  async #save(id, path, entry) {
    const detail = this.#details.get(id);
    if (!detail) return;
    const answer = await this.#busily(detail, () => this.#api.send("PATCH", path, entry));
    if (!answer) return;
    if (answer instanceof Error) return detail.showRefused(whyOf(answer));
    detail.showSaved(answer);
    this.#onChange();
  }

  /**
   * Does one thing at a time; what was fetched before it does not count any more.
   * @param {WebhookDetail} detail
   * @param {() => Promise<any>} request
   * @returns {Promise<any>} the answer or the error; nothing when something else is under way
   */
  async #busily(detail, request) {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    this.#turn += 1;
    detail.showBusy(true);
    const answer = await request().catch((error) => error);
    this.#isBusy = false;
    this.#turn += 1;
    detail.showBusy(false);
    return answer;
  }
}

/** @param {any} answer */
function showNewSecret({ secret, old_until: until }) {
  const oldUntil = until && new Date(until).toLocaleString(strings.locale);
  openSecret(say("secretNewTitle"), { secret, oldUntil, onClose: () => {} });
  return "";
}

/** @param {any} error */
function whyOf(error) {
  return error.problem?.detail ?? error.message;
}
