// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { KeyedList } from "../../shared/keyed-list.js";
import {
  byteSize,
  grouped,
  sandboxWords,
  shortTime,
  trustWords,
} from "../models/plugin-words.js";
import { say } from "../strings.js";
import { avatar } from "./parts.js";
import { isWhyOpen, stateBadge, tonedWord, whyParts } from "./plugin-parts.js";

/** @typedef {{key: string, plugins: any[]}} Group */

/** All plugins of the server, those that need somebody first. */
export class PluginList {
  element = h("div", { class: "office__page" });
  #heading = h("h1", { id: "plugins-title", tabindex: "-1" }, say("plugins"));
  #count = h("p", { class: "office__lead" });
  #trouble = h("p", { class: "office__trouble", role: "status", hidden: true });
  #body = h("div", { class: "plugin-groups" });
  #empty = h("div", { class: "office__empty", hidden: true });
  #retry;
  /** The plugin whose row takes the focus as soon as it is there, unless it has gone elsewhere. */
  #wanted = "";
  /** @type {Map<string, KeyedList<any>>} */
  #rows = new Map();
  #groups = new KeyedList(this.#body, {
    key: (/** @type {Group} */ group) => group.key,
    create: (group) => this.#makeGroup(group),
    update: (_, { key, plugins }) => this.#rows.get(key)?.show(plugins),
  });

  /** @param {() => void} retry */
  constructor(retry) {
    this.#retry = retry;
    fill(this.element,
      h("header", { class: "office__head" }, this.#heading, this.#count),
      this.#trouble,
      this.#body,
      this.#empty);
  }

  focus() {
    this.#heading.focus();
  }

  /** @param {string} id of the plugin that somebody comes back from */
  focusRow(id) {
    const link = this.element.querySelector(`[data-id="${CSS.escape(id)}"] a`);
    this.#wanted = link ? "" : id;
    /** @type {HTMLElement} */ (link ?? this.#heading).focus();
  }

  /** Before anything has come. */
  showLoading() {
    if (this.#body.childElementCount > 0) return;
    this.#count.textContent = say("loading");
    this.#empty.hidden = false;
    fill(this.#empty, h("div", { class: "skeleton skeleton--rows", "aria-hidden": "true" },
      h("i", {}), h("i", {}), h("i", {})));
  }

  /** @param {any[]} plugins */
  show(plugins) {
    this.#trouble.hidden = true;
    this.#groups.show(grouped(plugins));
    if (this.#wanted && document.activeElement === this.#heading) this.focusRow(this.#wanted);
    this.#wanted = "";
    const on = plugins.filter(({ enabled }) => enabled).length;
    this.#count.textContent = plugins.length > 0
      ? say("pluginsCount", { count: plugins.length, on })
      : "";
    this.#empty.hidden = plugins.length > 0;
    fill(this.#empty,
      icon("plug", 40), h("h2", {}, say("pluginsNone")), h("p", {}, say("pluginsNoneLead")));
  }

  /** @param {boolean} isFirst whether nothing has come before */
  showTrouble(isFirst) {
    this.#trouble.hidden = false;
    if (isFirst) {
      this.#count.textContent = "";
      this.#empty.hidden = true;
    }
    fill(this.#trouble,
      icon("alert", 15), say(isFirst ? "pluginsFailed" : "pluginsStale"), " ",
      h("button", { class: "link-button", type: "button", onclick: this.#retry }, say("retry")));
  }

  /** @param {Group} group */
  #makeGroup({ key }) {
    const list = h("ul", { class: "plugin-rows" });
    this.#rows.set(key, new KeyedList(list, {
      key: (/** @type {any} */ plugin) => plugin.id,
      create: (plugin) => h("li", { class: "plugin-row", dataset: { id: plugin.id } }),
      update: (element, plugin) => drawRow(element, plugin),
    }));
    return h("section", { class: "plugin-group", "aria-labelledby": `plugins-${key}` },
      h("h2", { id: `plugins-${key}` }, say(key)), list);
  }
}

/** @param {HTMLElement} element @param {any} plugin */
function drawRow(element, plugin) {
  const state = JSON.stringify(plugin);
  if (element.dataset.state === state) return;
  element.dataset.state = state;
  const focused = document.activeElement;
  const held = focused && element.contains(focused) ? focused.tagName : "";
  const [why, reasons] = whyParts(plugin, isWhyOpen(element));
  const { id, name, version, latency_ms: latency, memory_bytes: memory } = plugin;
  fill(element,
    avatar({ id, name }),
    h("div", { class: "plugin-row__who" },
      h("a", { class: "plugin-row__link", href: `#plugins/${encodeURIComponent(id)}`, dir: "auto" },
        name),
      h("p", {}, h("bdi", {}, id), h("span", {}, version))),
    h("div", { class: "plugin-row__state" }, stateBadge(plugin), why),
    h("dl", { class: "plugin-row__facts" },
      fact(say("pluginTrust"), tonedWord(trustWords(plugin.trust))),
      plugin.sandbox
        ? [
          fact(say("pluginSandbox"), tonedWord(sandboxWords(plugin.sandbox))),
          fact(say("pluginLatency"), latency ? shortTime(latency.median) : say("noCalls")),
          fact(say("pluginMemory"), memory ? byteSize(memory) : ""),
        ]
        : fact(say("pluginAdds"), contributed(plugin.contributes), "plugin-row__adds")),
    icon("forward", 16),
    reasons);
  if (held) /** @type {HTMLElement | null} */ (element.querySelector(held))?.focus();
}

/**
 * @param {string} name
 * @param {Node | string | null} value
 * @param {string} [className]
 */
function fact(name, value, className) {
  const shown = h("bdi", {}, value || "–");
  return h("div", { class: className }, h("dt", {}, name), h("dd", {}, shown));
}

/**
 * What a plugin adds, in numbers.
 * @param {any} contributes
 */
function contributed(contributes) {
  const counts = [
    ["addsActions", contributes?.actions],
    ["addsPanels", contributes?.panels],
    ["addsHooks", contributes?.hooks],
    ["addsWebhooks", contributes?.webhooks],
  ];
  return counts
    .filter(([, some]) => some?.length > 0)
    .map(([key, some]) => say(key, { count: some.length }))
    .join(", ");
}
