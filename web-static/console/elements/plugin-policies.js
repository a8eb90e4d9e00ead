// @ts-check

import { fill, h } from "../../shared/dom.js";
import { KeyedList } from "../../shared/keyed-list.js";
import {
  changedPolicies,
  countingPolicy,
  effectMeaning,
  policyWords,
} from "../models/action-policy.js";
import { say } from "../strings.js";
import { effectBadge } from "./action-picker.js";
import { card } from "./plugin-parts.js";
import { PolicyForm } from "./policy-form.js";

/** @typedef {import("../models/action-policy.js").Policy} Policy */
/** @typedef {import("../models/action-policy.js").RuledAction} RuledAction */

/**
 * Who may have each action of a plugin done, how often, and what is asked first; with a form for
 * each, for those who may change it.
 */
export class PluginPolicies {
  element;
  #save;
  #list = h("ul", { class: "policies" });
  #rows = new KeyedList(this.#list, {
    key: (/** @type {RuledAction} */ action) => action.name,
    create: () => h("li", { class: "policy" },
      h("div", { class: "policy__rule" }),
      // A status that is there before it says something is read aloud.
      h("p", { class: "policy__outcome", role: "status" })),
    update: (element, action) => this.#draw(element, action),
  });
  #canChange = false;
  /** @type {Record<string, Policy>} */
  #policies = {};
  /** @type {Map<string, PolicyForm>} those that are open, by action */
  #forms = new Map();

  /** @param {(policies: Record<string, Policy>) => Promise<any>} save the whole of them */
  constructor(save) {
    this.#save = save;
    this.element = card("plugin-policies", say("pluginPolicies"),
      h("p", { class: "policies__lead" }, say("policiesLead")), this.#list);
  }

  /** Whether something was entered that is not saved. */
  get isDirty() {
    return [...this.#forms.values()].some((form) => form.isDirty);
  }

  /** @param {any} plugin @param {boolean} canChange */
  show({ contributes, policies = {} }, canChange) {
    const actions = contributes?.actions ?? [];
    this.#canChange = canChange;
    this.#policies = policies;
    this.element.hidden = actions.length === 0;
    this.#rows.show(actions);
  }

  /** @param {HTMLElement} element @param {RuledAction} action */
  #draw(element, action) {
    const { name, title, effect } = action;
    const wishes = this.#policies[name];
    const form = this.#forms.get(name);
    // A form keeps what is entered, whatever the server says meanwhile.
    const state = form ? "open" : JSON.stringify([action, wishes, this.#canChange]);
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    const words = policyWords(countingPolicy(action, wishes)).map((each) => say(...each));
    fill(/** @type {HTMLElement} */ (element.querySelector(".policy__rule")),
      h("div", { class: "policy__head" },
        h("div", {},
          h("h4", {}, h("bdi", {}, title), effectBadge(effect)),
          h("p", { class: "policy__words" }, form
            ? say(effectMeaning(effect))
            : [words.join(" · "), wishes ? h("span", { class: "badge" }, say("policyOwn")) : ""])),
        this.#canChange && !form && h(
          "button",
          {
            class: "button button--small policy__change",
            type: "button",
            "aria-label": say("policyChangeOf", { title }),
            onclick: () => this.#open(element, action),
          },
          say("policyChange"),
        )),
      form?.element);
  }

  /** @param {HTMLElement} element @param {RuledAction} action */
  #open(element, action) {
    const form = new PolicyForm(action, this.#policies[action.name] ?? {}, {
      save: (wishes) => void this.#keep(element, action, form, wishes),
      cancel: () => this.#close(element, action, ""),
    });
    this.#forms.set(action.name, form);
    tell(element, "");
    this.#draw(element, action);
    form.focus();
  }

  /** @param {HTMLElement} element @param {RuledAction} action @param {string} outcome */
  #close(element, action, outcome) {
    this.#forms.delete(action.name);
    this.#draw(element, action);
    tell(element, outcome);
    /** @type {HTMLElement | null} */ (element.querySelector(".policy__change"))?.focus();
  }

  /**
   * @param {HTMLElement} element
   * @param {RuledAction} action
   * @param {PolicyForm} form
   * @param {Policy} wishes
   */
  async #keep(element, action, form, wishes) {
    form.isBusy = true;
    const answer = await this.#save(changedPolicies(this.#policies, action.name, wishes));
    form.isBusy = false;
    if (!answer) return;
    if (answer instanceof Error) {
      const { faults = [], detail } = /** @type {any} */ (answer).problem ?? {};
      form.showRefused(faults, faults.length ? say("settingsRefused") : detail ?? answer.message);
      return;
    }
    this.#policies = answer.policies ?? {};
    this.#close(element, action, say("policySaved"));
  }
}

/** @param {HTMLElement} element of an action @param {string} outcome of its last change */
function tell(element, outcome) {
  const status = element.querySelector(".policy__outcome");
  if (status) status.textContent = outcome;
}
