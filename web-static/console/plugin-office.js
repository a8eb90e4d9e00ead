// @ts-check

import { WireError } from "../shared/wire-error.js";
import { PluginDetail } from "./elements/plugin-detail.js";
import { pluginList } from "./elements/plugin-list.js";
import { statusWords } from "./models/plugin-words.js";
import { OfficePage } from "./office-page.js";
import { say } from "./strings.js";

/**
 * The page of plugins: joins what the server says and what is seen of it.
 * @extends {OfficePage<PluginDetail>}
 */
export class PluginOffice extends OfficePage {
  /** @param {ConstructorParameters<typeof OfficePage>[1]} place */
  constructor(place) {
    super("plugins", place);
  }

  makeList() {
    return pluginList(() => void this.refresh());
  }

  // Fetching

  /** @param {string | null} id */
  look(id) {
    return id === null ? this.#fetchList() : this.#fetchOne(id);
  }

  async #fetchList() {
    const answer = await this.fetch("/v1/plugins");
    if (!answer) return;
    // A server that runs without plugins has nothing at this address.
    const isWithout = answer instanceof WireError && answer.status === 404;
    if (answer instanceof Error && !isWithout) return this.list.showTrouble();
    this.list.show(answer.plugins ?? []);
  }

  /** @param {string} id */
  async #fetchOne(id) {
    const answer = await this.fetch(pathOf(id));
    if (!answer) return;
    const detail = this.detail(id);
    if (!(answer instanceof Error)) this.take(id, answer);
    else if (detail) detail.log.showTrouble();
    else if (answer instanceof WireError && answer.status === 404) {
      this.showMissing(say("pluginGone", { id }), false);
    } else this.showMissing(say("pluginsFailed"), true);
  }

  /** @param {string} id @param {any} plugin */
  take(id, plugin) {
    const detail = super.take(id, plugin);
    if (!detail.log.isPaused) detail.log.show(plugin.name, plugin.logs ?? []);
    return detail;
  }

  // Changing

  /** @param {string} id */
  makeDetail(id) {
    return new PluginDetail(this.canChange, {
      change: (what, body) => void this.#change(id, what, body),
      test: () => void this.#test(id),
      save: (settings) => void this.#save(id, settings),
      regulate: (policies) => this.#regulate(id, policies),
      connect: (name) =>
        this.api.send("POST", `${pathOf(id)}/oauth/${encodeURIComponent(name)}`, {}),
    });
  }

  /** @param {string} id @param {string} what @param {object} [body] */
  async #change(id, what, body = {}) {
    const detail = this.detail(id);
    if (!detail) return;
    const answer = await this.busily(detail, what, () =>
      this.api.send("POST", `${pathOf(id)}/${what}`, body));
    if (answer instanceof Error) return this.#notChanged(id, detail, what, body, answer);
    if (!answer) return;
    this.take(id, answer);
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
    const detail = this.detail(id);
    if (!detail) return;
    const answer = await this.busily(detail, "test", () =>
      this.api.send("POST", `${pathOf(id)}/health`, {}));
    if (answer?.ok) return detail.showOutcome(say("testWorks"));
    const why = answer?.message ?? answer?.problem?.detail ?? "";
    detail.showTrouble(say("testFailed", { why }), []);
  }

  /** @param {string} id @param {import("./elements/plugin-settings.js").Settings} settings */
  async #save(id, settings) {
    const detail = this.detail(id);
    if (!detail) return;
    const answer = await this.busily(detail, "save", () =>
      this.api.send("PUT", `${pathOf(id)}/config`, settings));
    if (answer instanceof Error) {
      const { faults, detail: why = answer.message } = /** @type {any} */ (answer).problem ?? {};
      detail.settings.showRefused(faults ?? [why], say("settingsRefused"));
      return;
    }
    // Something else was under way: what was entered waits.
    if (!answer) return detail.settings.showRefused([], "");
    detail.settings.showSaved(answer);
    this.take(id, answer);
  }

  /** @param {string} id @param {Record<string, any>} policies */
  async #regulate(id, policies) {
    const detail = this.detail(id);
    if (!detail) return null;
    const answer = await this.busily(detail, "policies", () =>
      this.api.send("PUT", `${pathOf(id)}/policies`, { policies }));
    if (answer && !(answer instanceof Error)) this.take(id, answer);
    return answer;
  }
}

/** @param {string} id */
function pathOf(id) {
  return `/v1/plugins/${encodeURIComponent(id)}`;
}
