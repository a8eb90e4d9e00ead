// @ts-check

import { byID } from "../shared/dom.js";
import { PluginOffice } from "./plugin-office.js";
import { WebhookOffice } from "./webhook-office.js";

/** @typedef {PluginOffice | WebhookOffice} Office */

/**
 * What is in front, as the address says it: `#cnv_…` and `#cnv_…/12` are a conversation, at an
 * event of it; `#plugins` and `#plugins/ID` the plugins, and `#webhooks` and `#webhooks/ID` the
 * webhooks, for those who may see them.
 */
export class Places {
  #behaviour;
  /** By what stands in the address. */
  /** @type {Map<string, Office>} */
  #offices = new Map();
  #place = "desk";

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
    if (!mayLook) return;
    const place = (/** @type {string} */ id) => ({ element: byID(id), api, me, onChange });
    this.#offices.set("plugins", new PluginOffice(place("plugins")));
    this.#offices.set("webhooks", new WebhookOffice(place("webhooks")));
  }

  /** Whether there is more than conversations. */
  get hasOffice() {
    return this.#offices.size > 0;
  }

  get isAtDesk() {
    return this.#place === "desk";
  }

  /** What is in front, and what the window is called unless a conversation says it. */
  get front() {
    return { place: this.#place, title: this.#offices.get(this.#place)?.title ?? "" };
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
    if (this.isAtDesk) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.#turn("desk");
  }

  #follow() {
    const { open, current } = this.#behaviour;
    const [, place, id] = /^#\/?([a-z]+)(?:\/([^/]+))?\/?$/.exec(location.hash) ?? [];
    const office = this.#offices.get(place);
    if (office) {
      this.#turn(place);
      office.show(id ? decoded(id) : null);
      return;
    }
    const [, c, s] = /^#(cnv_\w+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
    this.#turn("desk");
    if (c) open(c, s ? Number(s) : undefined);
    else if (current()) history.replaceState(null, "", `#${current()}`);
  }

  /** @param {string} place */
  #turn(place) {
    for (const [each, office] of this.#offices) if (each !== place) office.hide();
    this.#place = place;
    byID("desk").dataset.place = place;
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
