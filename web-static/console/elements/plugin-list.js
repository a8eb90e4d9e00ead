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
import { OfficeList, rowFact } from "./office-list.js";
import { avatar } from "./parts.js";
import { isWhyOpen, stateBadge, tonedWord, whyParts } from "./plugin-parts.js";

/** @typedef {{key: string, plugins: any[]}} Group */

/**
 * All plugins of the server, those that need somebody first.
 * @param {() => void} retry
 */
export function pluginList(retry) {
  const body = h("div", { class: "plugin-groups" });
  /** @type {Map<string, KeyedList<any>>} */
  const rows = new Map();
  const groups = new KeyedList(body, {
    key: (/** @type {Group} */ group) => group.key,
    create: ({ key }) => {
      const list = h("ul", { class: "plugin-rows" });
      rows.set(key, new KeyedList(list, {
        key: (/** @type {any} */ plugin) => plugin.id,
        create: (plugin) => h("li", { class: "plugin-row", dataset: { id: plugin.id } }),
        update: drawRow,
      }));
      return h("section", { class: "plugin-group", "aria-labelledby": `plugins-${key}` },
        h("h2", { id: `plugins-${key}` }, say(key)), list);
    },
    update: (_, { key, plugins }) => rows.get(key)?.show(plugins),
  });
  const draw = (/** @type {any[]} */ plugins) => groups.show(grouped(plugins));
  return new OfficeList("plugins", { body, picture: "plug", draw, retry });
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
      rowFact(say("pluginTrust"), tonedWord(trustWords(plugin.trust))),
      plugin.sandbox
        ? [
          rowFact(say("pluginSandbox"), tonedWord(sandboxWords(plugin.sandbox))),
          rowFact(say("pluginLatency"), latency ? shortTime(latency.median) : say("noCalls")),
          rowFact(say("pluginMemory"), memory ? byteSize(memory) : ""),
        ]
        : rowFact(say("pluginAdds"), contributed(plugin.contributes), "plugin-row__adds")),
    icon("forward", 16),
    reasons);
  if (held) /** @type {HTMLElement | null} */ (element.querySelector(held))?.focus();
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
