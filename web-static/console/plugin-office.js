// @ts-check

import { fill, h } from "../shared/dom.js";
import { WireError } from "../shared/wire-error.js";
import { PluginDetail } from "./elements/plugin-detail.js";
import { PluginList } from "./elements/plugin-list.js";
import { statusWords } from "./models/plugin-words.js";
import { say } from "./strings.js";

/** How often what is seen is fetched anew, in milliseconds. */
const every = 4000;

/** The page of plugins: joins what the server says and what is seen of it. */
export class PluginOffice {
  #api;
  #element;
  #canChange;
  #onChange;
  #list = new PluginList(() => void this.#refresh());
  /** @type {any[] | null} */
  #plugins = null;
  /** Those with something that was entered and not saved outlive a look at the list. */
  /** @type {Map<string, PluginDetail>} */
  #details = new Map();
  /** @type {string | null} the plugin that is looked at */
  #id = null;
  #isOpen = false;
  /** Whether the server knows nothing of it. */
  #isGone = false;
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
    this.#onChange = onChange;
    this.#element = element;
    this.#api = api;
    this.#canChange = me.role === "admin";
    document.addEventListener("visibilitychange", () => {
      if (this.#isOpen && document.visibilityState === "visible") void this.#refresh();
    });
  }

  /** What the window is called meanwhile. */
  get title() {
    const name = this.#id && (this.#details.get(this.#id)?.name ?? this.#id);
    return name ? `${name} · ${say("plugins")}` : say("plugins");
  }

  /** @param {string | null} id of one plugin, or all of them */
  show(id) {
    const before = this.#isOpen ? this.#id : null;
    this.#isOpen = true;
    this.#isGone = false;
    this.#id = id;
    this.#turn += 1;
    this.#element.hidden = false;
    if (id === null) {
      this.#list.showLoading();
      fill(this.#element, this.#list.element);
      if (before) this.#list.focusRow(before);
      else this.#list.focus();
      this.#forgetClean();
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
    if (document.visibilityState === "visible" && !this.#isBusy) {
      await (this.#id === null ? this.#fetchList() : this.#fetchOne(this.#id));
    }
    clearTimeout(this.#timer);
    if (!this.#isOpen || this.#isGone) return;
    this.#timer = window.setTimeout(() => void this.#refresh(), every);
  }

  async #fetchList() {
    const turn = this.#turn;
    const answer = await this.#api.get("/v1/plugins").catch((error) => error);
    if (turn !== this.#turn) return;
    // A server that runs without plugins has nothing at this address.
    const isWithout = answer instanceof WireError && answer.status === 404;
    if (answer instanceof Error && !isWithout) {
      this.#list.showTrouble(this.#plugins === null);
      return;
    }
    this.#plugins = answer.plugins ?? [];
    this.#list.show(this.#plugins ?? []);
  }

  /** @param {string} id */
  async #fetchOne(id) {
    const turn = this.#turn;
    const answer = await this.#api.get(pathOf(id)).catch((error) => error);
    if (turn !== this.#turn) return;
    const detail = this.#details.get(id);
    if (answer instanceof Error) {
      if (!detail) this.#showMissing(id, answer);
      else detail.log.showTrouble();
      return;
    }
    this.#take(id, answer);
  }

  /** @param {string} id @param {any} plugin */
  #take(id, plugin) {
    let detail = this.#details.get(id);
    if (!detail) {
      detail = this.#makeDetail(id);
      this.#details.set(id, detail);
    }
    detail.show(plugin);
    if (!detail.log.isPaused) detail.log.show(plugin.name, plugin.logs ?? []);
    if (this.#id !== id || this.#element.contains(detail.element)) return;
    this.#onChange();
    fill(this.#element, detail.element);
    detail.focus();
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

  /** @param {string} id @param {any} error */
  #showMissing(id, error) {
    const isGone = this.#isGone = error instanceof WireError && error.status === 404;
    fill(this.#element, h("div", { class: "office__page" },
      h("a", { class: "office__back", href: "#plugins" }, say("pluginsAll")),
      h("p", { class: "office__trouble", role: "status" },
        isGone ? say("pluginGone", { id }) : say("pluginsFailed"), " ",
        !isGone && h(
          "button",
          { class: "link-button", type: "button", onclick: () => void this.#refresh() },
          say("retry"),
        ))));
  }

  #forgetClean() {
    for (const [id, { isDirty }] of this.#details) if (!isDirty) this.#details.delete(id);
  }

  // Changing

  /** @param {string} id */
  #makeDetail(id) {
    return new PluginDetail(this.#canChange, {
      change: (what, body) => void this.#change(id, what, body),
      test: () => void this.#test(id),
      save: (settings) => void this.#save(id, settings),
      regulate: (policies) => this.#regulate(id, policies),
      connect: (name) =>
        this.#api.send("POST", `${pathOf(id)}/oauth/${encodeURIComponent(name)}`, {}),
    });
  }

  /** @param {string} id @param {string} what @param {object} [body] */
  async #change(id, what, body = {}) {
    const detail = this.#details.get(id);
    if (!detail) return;
    const answer = await this.#busily(detail, what, () =>
      this.#api.send("POST", `${pathOf(id)}/${what}`, body));
    if (answer instanceof Error) return this.#notChanged(id, detail, what, body, answer);
    if (!answer) return;
    this.#take(id, answer);
    const state = say(statusWords(answer.status).key);
    detail.showOutcome(say("pluginChanged", { name: answer.name, state }));
  }

  /**
   * @param {string} id
   * @param {PluginDetail} detail
   * @param {string} what
   * @param {object} body
   * @param {Error} error
   */
  #notChanged(id, detail, what, body, error) {
    const { code, problem = {} } = /** @type {any} */ (error);
    const faults = problem.faults ?? [];
    if (code === "needs_confirmation") {
      // What the version before asks for has to be agreed to as well, by its number.
      const version = detail.previousVersion;
      const [way, more] = what === "rollback" ? ["version", { version }] : [what, {}];
      detail.askConsent(faults, () =>
        void this.#change(id, way, { ...body, ...more, agreed: true }));
      return;
    }
    const settings = faults.filter((/** @type {string} */ each) => each.startsWith("config."));
    const others = faults.filter((/** @type {string} */ each) => !each.startsWith("config."));
    if (settings.length > 0) detail.settings.showRefused(settings, say("pluginNotChanged"));
    if (settings.length > 0 && others.length === 0) return;
    const lead = others.length > 0 ? say("pluginNotChanged") : problem.detail ?? error.message;
    detail.showTrouble(lead, others);
  }

  /** @param {string} id */
  async #test(id) {
    const detail = this.#details.get(id);
    if (!detail) return;
    const answer = await this.#busily(detail, "test", () =>
      this.#api.send("POST", `${pathOf(id)}/health`, {}));
    if (answer?.ok) return detail.showOutcome(say("testWorks"));
    const why = answer?.message ?? answer?.problem?.detail ?? "";
    detail.showTrouble(say("testFailed", { why }), []);
  }

  /** @param {string} id @param {import("./elements/plugin-settings.js").Settings} settings */
  async #save(id, settings) {
    const detail = this.#details.get(id);
    if (!detail) return;
    const answer = await this.#busily(detail, "save", () =>
      this.#api.send("PUT", `${pathOf(id)}/config`, settings));
    if (answer instanceof Error) {
      const { faults, detail: why = answer.message } = /** @type {any} */ (answer).problem ?? {};
      detail.settings.showRefused(faults ?? [why], say("settingsRefused"));
      return;
    }
    // Something else was under way: what was entered waits.
    if (!answer) return detail.settings.showRefused([], "");
    detail.settings.showSaved(answer);
    this.#take(id, answer);
  }

  /** @param {string} id @param {Record<string, any>} policies */
  async #regulate(id, policies) {
    const detail = this.#details.get(id);
    if (!detail) return null;
    const answer = await this.#busily(detail, "policies", () =>
      this.#api.send("PUT", `${pathOf(id)}/policies`, { policies }));
    if (answer && !(answer instanceof Error)) this.#take(id, answer);
    return answer;
  }

  /**
   * Does one thing at a time; what was fetched before it does not count any more.
   * @param {PluginDetail} detail
   * @param {string} what
   * @param {() => Promise<any>} request
   * @returns {Promise<any>} the answer or the error; nothing when something else is under way
   */
  async #busily(detail, what, request) {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    this.#turn += 1;
    detail.showBusy(what);
    const answer = await request().catch((error) => error);
    this.#isBusy = false;
    this.#turn += 1;
    detail.showBusy("");
    return answer;
  }
}

/** @param {string} id */
function pathOf(id) {
  return `/v1/plugins/${encodeURIComponent(id)}`;
}
