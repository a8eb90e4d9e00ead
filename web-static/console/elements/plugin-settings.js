// @ts-check

import { fill, h } from "../../shared/dom.js";
import { say } from "../strings.js";
import { card } from "./plugin-parts.js";
import { SchemaForm } from "./schema-form.js";

/** @typedef {{config: Record<string, any>, allows_private_network: boolean}} Settings */

/** A plugin's settings: what was entered stays until it is saved or discarded. */
export class PluginSettings {
  element;
  #behaviour;
  #body = h("form", { class: "settings", novalidate: true });
  #fields = h("div", { class: "settings__fields" });
  #status = h("p", { class: "settings__status", role: "status" });
  #save = h("button", { id: "settings-save", class: "button button--primary", type: "submit" });
  #discard = h(
    "button",
    {
      id: "settings-discard",
      class: "button",
      type: "button",
      onclick: () => this.#begin(),
    },
    say("settingsDiscard"),
  );
  #bar;
  /** @type {any} */
  #plugin = null;
  /** @type {SchemaForm | null} */
  #form = null;
  #network = h("input", { id: "private-network", class: "field__tick", type: "checkbox" });
  #canChange = false;
  #isSaving = false;

  /**
   * @param {object} behaviour
   * @param {(settings: Settings) => void} behaviour.save
   */
  constructor(behaviour) {
    this.#behaviour = behaviour;
    this.#bar = h("div", { class: "settings__bar" }, this.#status, this.#discard, this.#save);
    fill(this.#body, this.#fields, this.#bar);
    this.element = card("plugin-settings", say("settings"), this.#body);
    this.#network.addEventListener("change", () => this.#changed());
    this.#body.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  get isDirty() {
    return (this.#form?.isDirty ?? false) || this.#isNetworkChanged;
  }

  /**
   * Takes the plugin as the server has it. What somebody is entering stays.
   * @param {any} plugin
   * @param {boolean} canChange
   */
  show(plugin, canChange) {
    const isSame = this.#plugin &&
      JSON.stringify(settingsOf(this.#plugin)) === JSON.stringify(settingsOf(plugin));
    if (isSame && this.#plugin.enabled !== plugin.enabled) this.#status.textContent = "";
    if (isSame) this.#plugin = plugin;
    if (isSame || this.isDirty) return;
    this.#plugin = plugin;
    this.#canChange = canChange;
    this.#begin();
  }

  /** @param {any} plugin as it is after the change */
  showSaved(plugin) {
    this.#isSaving = false;
    this.#plugin = plugin;
    const hadFocus = this.element.contains(document.activeElement);
    this.#begin();
    this.#status.textContent = say(plugin.enabled ? "settingsSaved" : "settingsSavedOff");
    if (hadFocus) this.#save.focus();
  }

  /**
   * @param {string[]} faults
   * @param {string} lead what came of it
   */
  showRefused(faults, lead) {
    this.#isSaving = false;
    this.#form?.showFaults(faults, lead);
    this.#changed();
  }

  /** The form as the server has it. */
  #begin() {
    const { config_schema: schema, config, secrets_set: secretsSet } = this.#plugin;
    this.#form = new SchemaForm(schema, {
      id: "setting",
      root: "config",
      given: config,
      secretsSet,
      onChange: () => this.#changed(),
    });
    this.#form.isDisabled = !this.#canChange;
    this.#network.checked = this.#plugin.allows_private_network;
    this.#network.disabled = !this.#canChange;
    const network = this.#hasNetwork && this.#networkField();
    fill(this.#fields, this.#form.element, network);
    const isEmpty = this.#form.isEmpty && !network;
    if (isEmpty) fill(this.#fields, h("p", { class: "panel__none" }, say("settingsNone")));
    this.#bar.hidden = isEmpty || !this.#canChange;
    this.#status.textContent = "";
    this.#changed();
  }

  get #hasNetwork() {
    return this.#plugin.permissions.some((/** @type {string} */ line) => line.startsWith("http "));
  }

  get #isNetworkChanged() {
    return this.#plugin !== null && this.#network.checked !== this.#plugin.allows_private_network;
  }

  #networkField() {
    this.#network.setAttribute("aria-describedby", "private-network-hint");
    return h("div", { class: "field field--tick" },
      this.#network,
      h("label", { for: "private-network", class: "field__label" }, say("privateNetwork")),
      h("p", { id: "private-network-hint", class: "field__hint" }, say("privateNetworkHint")));
  }

  #changed() {
    const isDirty = this.isDirty;
    this.#save.textContent = say(this.#isSaving ? "settingsSaving" : "settingsSave");
    this.#save.disabled = this.#isSaving;
    this.#discard.hidden = !isDirty || this.#isSaving;
    if (isDirty) this.#status.textContent = say("settingsUnsaved");
    else if (this.#status.textContent === say("settingsUnsaved")) this.#status.textContent = "";
  }

  #submit() {
    if (!this.#form || this.#isSaving || !this.#form.check()) return;
    this.#isSaving = true;
    this.#changed();
    this.#behaviour.save({
      config: this.#form.read(),
      allows_private_network: this.#network.checked,
    });
  }
}

/** @param {any} plugin */
function settingsOf(plugin) {
  return [
    plugin.config_schema,
    plugin.config,
    plugin.secrets_set,
    plugin.allows_private_network,
    plugin.permissions,
  ];
}
