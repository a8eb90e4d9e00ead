// @ts-check

import { showToast } from "./elements/notices.js";
import { WebhookDetail } from "./elements/webhook-detail.js";
import { openNewWebhook, openSecret } from "./elements/webhook-dialogs.js";
import { webhookList } from "./elements/webhook-list.js";
import { webhookWords } from "./models/webhook-words.js";
import { OfficePage } from "./office-page.js";
import { say, strings } from "./strings.js";

/** What is under way is looked at sooner, in milliseconds. */
const soon = 1500;

/**
 * The page of webhooks: joins what the server says and what is seen of it.
 * @extends {OfficePage<WebhookDetail>}
 */
export class WebhookOffice extends OfficePage {
  /** @param {ConstructorParameters<typeof OfficePage>[1]} place */
  constructor(place) {
    super("webhooks", place);
  }

  makeList() {
    return webhookList({
      retry: () => void this.refresh(),
      add: this.canChange ? () => openNewWebhook((entry) => this.#add(entry)) : null,
    });
  }

  get pace() {
    return this.current?.deliveries.isUnderWay ? soon : super.pace;
  }

  // Fetching

  /** @param {string | null} id */
  async look(id) {
    const answer = await this.fetch("/v1/webhooks");
    if (!answer) return;
    if (answer instanceof Error) {
      this.list.showTrouble();
      if (id !== null && !this.detail(id)) this.showMissing(say("webhooksFailed"), true);
      return;
    }
    const hooks = answer.webhooks ?? [];
    this.list.show(hooks);
    if (id === null) return;
    const hook = hooks.find((/** @type {any} */ each) => each.id === id);
    if (!hook) return this.showMissing(say("webhookGone", { id }), false);
    await this.take(id, hook).deliveries.refresh();
  }

  // Changing

  /**
   * @param {import("./elements/webhook-form.js").WebhookEntry} entry
   * @returns {Promise<string>} why it was not added, or nothing
   */
  async #add(entry) {
    const answer = await this.api.send("POST", "/v1/webhooks", entry).catch((error) => error);
    if (answer instanceof Error) return whyOf(answer);
    openSecret(say("secretTitle"), {
      secret: answer.secret,
      onClose: () => (location.hash = `#webhooks/${encodeURIComponent(answer.id)}`),
    });
    return "";
  }

  /** @param {string} id */
  makeDetail(id) {
    const path = `/v1/webhooks/${encodeURIComponent(id)}`;
    const post = (/** @type {string} */ what, /** @type {object} */ body = {}) =>
      this.api.send("POST", `${path}/${what}`, body);
    return new WebhookDetail(this.canChange, {
      test: () => void this.#do(id, () => post("test"), () => say("webhookTested")),
      rotate: () => void this.#do(id, () => post("rotate"), (answer) => showNewSecret(answer)),
      remove: () => void this.#remove(id, path),
      turn: (enabled) => void this.#do(
        id,
        () => this.api.send("PATCH", path, { enabled }),
        (hook) => {
          this.take(id, hook);
          return say("webhookChanged", { state: say(webhookWords(hook).key) });
        },
      ),
      save: (entry) => void this.#save(id, path, entry),
      deliveries: {
        fetch: (query) => this.api.get(`${path}/deliveries${query}`),
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
    const detail = this.detail(id);
    if (!detail) return;
    const answer = await this.busily(detail, "change", request);
    if (!answer) return;
    if (answer instanceof Error) return detail.showTrouble(whyOf(answer));
    detail.showOutcome(words(answer));
    void this.refresh();
  }

  /** @param {string} id @param {string} path */
  async #remove(id, path) {
    const detail = this.detail(id);
    if (!detail) return;
    const answer = await this.busily(detail, "change", () => this.api.send("DELETE", path, {}));
    if (!answer) return;
    if (answer instanceof Error) return detail.showTrouble(whyOf(answer));
    this.forget(id);
    showToast(say("webhookRemoved"));
    if (this.isInFront(id)) location.hash = "#webhooks";
  }

  /**
   * @param {string} id
   * @param {string} path
   * @param {import("./elements/webhook-form.js").WebhookEntry} entry
   */
  async #save(id, path, entry) {
    const detail = this.detail(id);
    if (!detail) return;
    const answer = await this.busily(detail, "change", () => this.api.send("PATCH", path, entry));
    if (!answer) return;
    if (answer instanceof Error) return detail.showRefused(whyOf(answer));
    detail.showSaved(answer);
    this.take(id, answer);
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
