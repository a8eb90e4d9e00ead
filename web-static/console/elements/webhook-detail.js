// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { webhookName } from "../models/webhook-words.js";
import { say } from "../strings.js";
import { openQuestion } from "./plugin-dialogs.js";
import { card } from "./plugin-parts.js";
import { WebhookDeliveries } from "./webhook-deliveries.js";
import { WebhookForm } from "./webhook-form.js";
import { webhookBadge } from "./webhook-list.js";

/**
 * What can be asked of the server about one endpoint.
 * @typedef {object} WebhookBehaviour
 * @property {() => void} test
 * @property {() => void} rotate
 * @property {() => void} remove
 * @property {(isOn: boolean) => void} turn
 * @property {(entry: import("./webhook-form.js").WebhookEntry) => void} save
 * @property {import("./webhook-deliveries.js").DeliveryBehaviour} deliveries
 */

/** One endpoint in full: how it is, what it is told, and what was sent to it. */
export class WebhookDetail {
  element = h("div", { class: "office__page plugin webhook" });
  deliveries;
  #behaviour;
  #canChange;
  /** @type {any} */
  #hook = null;
  #head = h("header", { class: "plugin__head" });
  #status = h("p", { class: "plugin__status", role: "status" });
  #alert = h("div", { class: "plugin__alert", role: "alert" });
  #form = new WebhookForm("webhook");
  #formStatus = h("p", { class: "settings__status", role: "status" });
  #save = h("button", { id: "webhook-save", class: "button button--primary", type: "submit" },
    say("settingsSave"));
  #discard = h("button", { class: "button", type: "button", hidden: true }, say("settingsDiscard"));
  #state = "";
  /** What is under way: nothing else is begun meanwhile. */
  #busy = "";

  /** @param {boolean} canChange @param {WebhookBehaviour} behaviour */
  constructor(canChange, behaviour) {
    this.#canChange = canChange;
    this.#behaviour = behaviour;
    this.deliveries = new WebhookDeliveries(canChange, behaviour.deliveries);
    this.#form.isDisabled = !canChange;
    this.#discard.addEventListener("click", () => {
      this.#form.show(this.#hook);
      this.#changed();
    });
    const settings = h("form", { class: "settings", novalidate: true },
      this.#form.element,
      canChange && h("div", { class: "settings__bar" },
        this.#formStatus, this.#discard, this.#save));
    settings.addEventListener("input", () => this.#changed());
    settings.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#busy && this.#form.check()) behaviour.save(this.#form.read());
    });
    fill(this.element,
      h("a", { class: "office__back", href: "#webhooks" }, icon("back", 16), say("webhooksAll")),
      this.#head,
      this.#status,
      this.#alert,
      h("div", { class: "plugin__columns" },
        h("div", { class: "plugin__main" }, this.deliveries.element),
        h("div", { class: "plugin__about" },
          card("webhook-settings", say("settings"), settings))));
  }

  get name() {
    return this.#hook ? webhookName(this.#hook) : "";
  }

  /** Whether something was entered and not saved. */
  get isDirty() {
    return this.#form.isDirty;
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.#head.querySelector("h1"))?.focus();
  }

  /** @param {any} hook as the server has it; what somebody is entering stays */
  show(hook) {
    const before = JSON.stringify(this.#hook);
    this.#hook = hook;
    const state = JSON.stringify([hook, this.#busy]);
    if (state !== this.#state) {
      this.#state = state;
      this.#drawHead(hook);
    }
    if (before !== JSON.stringify(hook) && !this.#form.isDirty) this.#form.show(hook);
    this.#changed();
  }

  /** @param {any} hook as it was saved */
  showSaved(hook) {
    this.#form.show(hook);
    this.show(hook);
    this.#formStatus.textContent = say("settingsSaved");
  }

  /** @param {string} why */
  showRefused(why) {
    this.#form.showRefused(say("settingsRefused"), why);
  }

  /** @param {string} what is under way, or nothing */
  showBusy(what) {
    this.#busy = what;
    if (what) fill(this.#alert);
    this.#status.textContent = what ? say("actionWorking") : "";
    if (this.#hook) this.show(this.#hook);
  }

  /** @param {string} text what came of it */
  showOutcome(text) {
    this.#status.textContent = text;
  }

  /** @param {string} why */
  showTrouble(why) {
    fill(this.#alert, h("p", {}, icon("alert", 16),
      h("span", { dir: "auto" }, say("webhookNotDone", { why }))));
  }

  #changed() {
    const { isDirty } = this.#form;
    this.#discard.hidden = !isDirty;
    this.#save.disabled = this.#busy !== "";
    if (isDirty) this.#formStatus.textContent = say("settingsUnsaved");
    else if (this.#formStatus.textContent === say("settingsUnsaved")) {
      this.#formStatus.textContent = "";
    }
  }

  /** @param {any} hook */
  #drawHead(hook) {
    const { url, enabled = true, disabled_because: why } = hook;
    const active = document.activeElement;
    const held = active && this.#head.contains(active) ? active.id || "webhook-title" : "";
    fill(this.#head,
      h("div", { class: "plugin__who" },
        h("h1", { id: "webhook-title", tabindex: "-1", dir: "auto" }, webhookName(hook)),
        h("p", {}, webhookBadge(hook), h("bdi", { class: "webhook__url", dir: "ltr" }, url))),
      this.#canChange && h("div", { class: "plugin__actions" }, this.#actions(hook)),
      !enabled && why && h("p", { class: "why-not webhook__why" },
        h("span", { dir: "auto" }, say("webhookStoppedWhy", { why }))),
      !this.#canChange && h("p", { class: "plugin__note" }, icon("info", 15),
        say("webhookOnlyAdmins")));
    if (!held) return;
    const same = document.getElementById(held) ?? document.getElementById("webhook-title");
    same?.focus();
  }

  /** @param {any} hook */
  #actions({ url, enabled = true }) {
    const { test, rotate, remove, turn } = this.#behaviour;
    /** @type {[string, string, () => void, boolean][]} */
    const actions = [
      ["test", "webhookTest", test, false],
      ["rotate", "webhookRotate", () => openQuestion({
        title: say("webhookRotateTitle"),
        lead: say("webhookRotateLead"),
        yes: say("webhookRotate"),
        agree: rotate,
      }), false],
      ["remove", "webhookRemove", () => openQuestion({
        title: say("webhookRemoveTitle"),
        lead: say("webhookRemoveLead", { url }),
        yes: say("webhookRemove"),
        agree: remove,
      }), false],
      enabled
        ? ["turn", "disable", () => openQuestion({
          title: say("webhookDisableTitle"),
          lead: say("webhookDisableLead"),
          yes: say("disable"),
          agree: () => turn(false),
        }), false]
        : ["turn", "enable", () => turn(true), true],
    ];
    return actions.map(([key, label, onclick, isMain]) =>
      h(
        "button",
        {
          id: `webhook-${key}`,
          class: `button${isMain ? " button--primary" : ""}`,
          type: "button",
          // Stays where the focus is, and does nothing.
          "aria-disabled": this.#busy ? "true" : null,
          onclick: () => !this.#busy && onclick(),
        },
        say(label),
      ));
  }
}
