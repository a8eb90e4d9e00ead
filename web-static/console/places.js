// @ts-check

import { byID } from "../shared/dom.js";
import { PluginOffice } from "./plugin-office.js";

/**
 * What is in front, as the address says it: `#cnv_…` and `#cnv_…/12` are a conversation, at an
 * event of it; `#plugins` and `#plugins/ID` the plugins, for those who may see them.
 */
export class Places {
  #behaviour;
  #office;
  #isAtDesk = true;

  /**
   * @param {import("./api.js").Api} api
   * @param {{role?: string}} me
   * @param {object} behaviour
   * @param {(c: string, s?: number) => void} behaviour.open
   * @param {() => string} behaviour.current the open conversation, or nothing
   * @param {() => void} behaviour.onChange
   */
  constructor(api, me, behaviour) {
    this.#behaviour = behaviour;
    const mayLook = me.role === "admin" || me.role === "supervisor";
    const { onChange } = behaviour;
    this.#office = mayLook ? new PluginOffice(byID("plugins"), api, me, onChange) : null;
  }

  /** Whether there is more than conversations. */
  get hasOffice() {
    return this.#office !== null;
  }

  get isAtDesk() {
    return this.#isAtDesk;
  }

  /** What the window is called, unless a conversation says it. */
  get title() {
    return this.#isAtDesk ? "" : (this.#office?.title ?? "");
  }

  begin() {
    window.addEventListener("hashchange", () => this.#follow());
    this.#follow();
  }

  /**
   * The conversations come to the front.
   * @param {string} [c] the one to be opened
   */
  toDesk(c = this.#behaviour.current()) {
    const address = c ? `#${c}` : location.pathname;
    if (this.#isAtDesk) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.#turn(true);
  }

  #follow() {
    const { open, current } = this.#behaviour;
    const [, plugins, id] = /^#\/?(plugins)(?:\/([^/]+))?\/?$/.exec(location.hash) ?? [];
    if (plugins && this.#office) {
      this.#turn(false);
      this.#office.show(id ? decoded(id) : null);
      return;
    }
    const [, c, s] = /^#(cnv_\w+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
    this.#turn(true);
    if (c) open(c, s ? Number(s) : undefined);
    else if (current()) history.replaceState(null, "", `#${current()}`);
  }

  /** @param {boolean} isAtDesk */
  #turn(isAtDesk) {
    if (isAtDesk) this.#office?.hide();
    this.#isAtDesk = isAtDesk;
    byID("desk").dataset.place = isAtDesk ? "desk" : "plugins";
    this.#behaviour.onChange();
  }
}

/** @param {string} text of an address, which anybody may have typed */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
