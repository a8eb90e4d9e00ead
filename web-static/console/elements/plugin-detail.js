// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { statusWords } from "../models/plugin-words.js";
import { say } from "../strings.js";
import { avatar } from "./parts.js";
import { aboutPlugin } from "./plugin-about.js";
import { PluginAccounts } from "./plugin-accounts.js";
import { openConsent, openQuestion } from "./plugin-dialogs.js";
import { PluginLog } from "./plugin-log.js";
import { isWhyOpen, stateBadge, whyParts } from "./plugin-parts.js";
import { PluginPolicies } from "./plugin-policies.js";
import { PluginSettings } from "./plugin-settings.js";

/**
 * What can be asked of the server about one plugin.
 * @typedef {object} PluginBehaviour
 * @property {(what: string, body?: object) => void} change enable, disable, restart, rollback or
 *   version
 * @property {() => void} test
 * @property {(settings: import("./plugin-settings.js").Settings) => void} save
 * @property {(policies: Record<string, any>) => Promise<any>} regulate says who may have actions
 *   done; answers with the plugin, an error, or nothing while something else is under way
 * @property {(name: string) => Promise<any>} connect asks where to sign in elsewhere
 */

/** One plugin in full: how it is, what it may do, what it is set to, and what it says. */
export class PluginDetail {
  element = h("div", { class: "office__page plugin" });
  log = new PluginLog();
  settings;
  #accounts;
  #policies;
  #behaviour;
  #canChange;
  /** @type {any} */
  #plugin = null;
  #head = h("header", { class: "plugin__head" });
  #status = h("p", { class: "plugin__status", role: "status" });
  #alert = h("div", { class: "plugin__alert", role: "alert" });
  #about = h("div", { class: "plugin__about" });
  #state = "";
  /** What is under way: nothing else is begun meanwhile. */
  #busy = "";

  /** @param {boolean} canChange @param {PluginBehaviour} behaviour */
  constructor(canChange, behaviour) {
    this.#canChange = canChange;
    this.#behaviour = behaviour;
    this.settings = new PluginSettings({ save: behaviour.save });
    this.#accounts = new PluginAccounts(behaviour.connect);
    this.#policies = new PluginPolicies(behaviour.regulate);
    fill(this.element,
      h("a", { class: "office__back", href: "#plugins" }, icon("back", 16), say("pluginsAll")),
      this.#head,
      this.#status,
      this.#alert,
      h("div", { class: "plugin__columns" },
        h("div", { class: "plugin__main" },
          this.settings.element, this.#accounts.element, this.#policies.element,
          this.log.element),
        this.#about));
  }

  /** @param {any} plugin */
  show(plugin) {
    this.#plugin = plugin;
    const { logs: _, ...rest } = plugin;
    const state = JSON.stringify([rest, this.#busy]);
    if (state !== this.#state) {
      this.#state = state;
      this.#drawHead(plugin);
      keepingFocus(this.#about, () => fill(this.#about, aboutPlugin(plugin, {
        canChange: this.#canChange,
        use: (version) => this.#askVersion(version),
      })));
    }
    this.settings.show(plugin, this.#canChange);
    this.#accounts.show(plugin.contributes?.oauth ?? [], this.#canChange);
    this.#policies.show(plugin, this.#canChange);
  }

  /** What ran before, if anything did. */
  get previousVersion() {
    return this.#plugin?.previous_version ?? "";
  }

  /** Whether something was entered that is not saved. */
  get isDirty() {
    return this.settings.isDirty || this.#policies.isDirty;
  }

  get name() {
    return this.#plugin?.name ?? "";
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.#head.querySelector("h1"))?.focus();
  }

  /**
   * While something is under way.
   * @param {string} what a change, or nothing
   */
  showBusy(what) {
    this.#busy = what;
    if (what) fill(this.#alert);
    const keys = { enable: "enabling", test: "testing" };
    this.#status.textContent = what
      ? say(keys[/** @type {keyof typeof keys} */ (what)] ?? "actionWorking")
      : "";
    if (this.#plugin) this.show(this.#plugin);
  }

  /** @param {string} text what came of it */
  showOutcome(text) {
    this.#status.textContent = text;
  }

  /**
   * @param {string} lead
   * @param {string[]} reasons
   */
  showTrouble(lead, reasons) {
    fill(this.#alert,
      h("p", {}, icon("alert", 16), h("span", { dir: "auto" }, lead)),
      reasons.length > 0 && h("ul", {}, reasons.map((each) => h("li", { dir: "auto" }, each))));
  }

  /**
   * The server wants somebody to agree first.
   * @param {string[]} more to what
   * @param {() => void} agree
   */
  askConsent(more, agree) {
    openConsent(this.#plugin, { more, hasUnsaved: false, agree });
  }

  /** @param {any} plugin */
  #drawHead(plugin) {
    const { id, name, version } = plugin;
    const isOpen = isWhyOpen(this.#head) || statusWords(plugin.status).tone === "bad";
    const [why, reasons] = whyParts(plugin, isOpen);
    keepingFocus(this.#head, () => fill(this.#head,
      avatar({ id, name }),
      h("div", { class: "plugin__who" },
        h("h1", { tabindex: "-1", dir: "auto" }, name),
        h("p", {}, stateBadge(plugin), h("bdi", {}, id),
          version && h("span", {}, say("pluginVersion", { version })), why)),
      this.#canChange && h("div", { class: "plugin__actions" }, this.#actions(plugin)),
      reasons,
      !this.#canChange && h("p", { class: "plugin__note" }, icon("info", 15),
        say("pluginOnlyAdmins"))));
  }

  /** @param {any} plugin */
  #actions({ enabled, status, previous_version: previous, name, asks_for: more }) {
    const { change, test } = this.#behaviour;
    /** @type {[string, string, () => void, boolean, boolean][]} */
    const actions = [
      ["test", say("testConnection"), test, enabled && status === "running", false],
      [
        "rollback",
        say("rollBack", { version: previous ?? "" }),
        () => this.#askRollBack(previous),
        Boolean(previous),
        false,
      ],
      ["restart", say("restart"), () => change("restart"), enabled && !more, status === "disabled"],
      [
        "disable",
        say("disable"),
        () => openQuestion({
          title: say("disableTitle", { name }),
          lead: say("disableLead"),
          yes: say("disable"),
          agree: () => change("disable"),
        }),
        enabled,
        false,
      ],
      ["enable", say("enable"), () => this.#askEnable(null), !enabled, true],
      [
        "review",
        say("reviewPermissions"),
        () => this.#askEnable(more),
        enabled && Boolean(more),
        true,
      ],
    ];
    return actions.filter(([, , , isShown]) => isShown).map(([key, label, onclick, , isMain]) =>
      h(
        "button",
        {
          id: `plugin-${key}`,
          class: `button${isMain ? " button--primary" : ""}`,
          type: "button",
          // Stays where the focus is, and does nothing.
          "aria-disabled": this.#busy ? "true" : null,
          onclick: () => !this.#busy && onclick(),
        },
        label,
      ));
  }

  /** @param {string[] | null} more */
  #askEnable(more) {
    openConsent(this.#plugin, {
      more,
      hasUnsaved: this.settings.isDirty,
      agree: () => this.#behaviour.change("enable", { agreed: true }),
    });
  }

  /** @param {string} version */
  #askRollBack(version) {
    openQuestion({
      title: say("rollBackTitle", { version }),
      lead: say("versionLead"),
      yes: say("rollBack", { version }),
      agree: () => this.#behaviour.change("rollback"),
    });
  }

  /** @param {string} version */
  #askVersion(version) {
    openQuestion({
      title: say("versionTitle", { version }),
      lead: say("versionLead"),
      yes: say("pluginUseVersion"),
      agree: () => this.#behaviour.change("version", { version }),
    });
  }
}

/**
 * Draws anew and gives the focus back to the control of the same name, or to the heading when
 * there is none any more.
 * @param {HTMLElement} element
 * @param {() => void} draw
 */
function keepingFocus(element, draw) {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const isInside = active !== null && element.contains(active);
  const name = isInside ? active.id || active.tagName : "";
  const version = isInside ? active.dataset.version : undefined;
  draw();
  if (!isInside) return;
  const same = /** @type {HTMLElement | null} */ (
    element.querySelector(version ? `[data-version="${CSS.escape(version)}"]` : /^[A-Z]/.test(name)
      ? name : `#${CSS.escape(name)}`)
  );
  (same ?? /** @type {HTMLElement | null} */ (element.querySelector("h1")))?.focus();
}
