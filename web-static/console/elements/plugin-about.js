// @ts-check

import { h } from "../../shared/dom.js";
import { byteSize, hookKey, sandboxWords, shortTime, trustWords } from "../models/plugin-words.js";
import { say } from "../strings.js";
import { effectBadge } from "./action-picker.js";
import { card, factPairs, permissionList, tonedWord } from "./plugin-parts.js";

/**
 * What there is to know about a plugin besides its settings.
 * @param {any} plugin
 * @param {object} options
 * @param {boolean} options.canChange
 * @param {(version: string) => void} options.use another version
 * @returns {Node[]}
 */
export function aboutPlugin(plugin, { canChange, use }) {
  const { permissions, config_schema: schema } = plugin;
  const cards = [
    card("plugin-health", say("pluginHealth"), health(plugin)),
    card("plugin-permissions", say("pluginPermissions"),
      permissions.length > 0
        ? permissionList(permissions, schema)
        : h("p", { class: "panel__none" }, say("pluginNoPermissions"))),
    card("plugin-contributes", say("pluginContributes"), ...contributions(plugin.contributes)),
    plugin.versions.length > 1 && card("plugin-versions", say("pluginVersions"),
      versions(plugin, canChange ? use : null)),
  ];
  return /** @type {Node[]} */ (cards.filter(Boolean));
}

/** @param {any} plugin */
function health({ latency_ms: latency, memory_bytes: memory, ...plugin }) {
  const reasons = plugin.sandbox_reasons ?? [];
  return factPairs([
    [say("pluginSandbox"), plugin.sandbox
      ? h("span", {}, tonedWord(sandboxWords(plugin.sandbox)),
        reasons.map((/** @type {string} */ why) => h("small", { dir: "auto" }, why)))
      : say("notRunning")],
    [say("pluginTrust"), tonedWord(trustWords(plugin.trust))],
    [say("pluginMemory"), memory && byteSize(memory)],
    [say("pluginCalls"), String(plugin.calls)],
    [say("pluginFailures"), counted(plugin.failures)],
    [say("pluginLatency"), latency ? shortTime(latency.median) : say("noCalls")],
    [say("pluginSlow"), latency && shortTime(latency.p99)],
    [say("pluginLongest"), latency && shortTime(latency.longest)],
    [say("pluginRestarts"), counted(plugin.restarts)],
    [say("pluginMisbehaviours"), counted(plugin.misbehaviours)],
  ]);
}

/** @param {number} count of what is better not there */
function counted(count) {
  return h("span", { class: count > 0 ? "toned toned--warning" : "" }, String(count));
}

/**
 * @param {any} contributes nothing of a plugin whose manifest cannot be used
 * @returns {Node[]}
 */
function contributions(contributes) {
  const { hooks, actions, panels, webhooks, schedules } = contributes ?? {};
  const groups = [
    group("contributedActions", actions, ({ name, title, effect }) =>
      [h("span", { title: name, dir: "auto" }, title), effectBadge(effect)]),
    group("contributedPanels", panels, (title) => [h("span", { dir: "auto" }, title)]),
    group("contributedHooks", hooks, ({ on, mode }) =>
      [h("span", {}, say(hookKey(mode))), h("code", {}, on)]),
    group("contributedWebhooks", webhooks, (path) => [h("code", { dir: "ltr" }, path)]),
    group("contributedSchedules", schedules, (name) => [h("code", {}, name)]),
  ].flat();
  return groups.length > 0
    ? groups
    : [h("p", { class: "panel__none" }, say("pluginContributesNothing"))];
}

/**
 * @param {string} key
 * @param {any[] | undefined} items
 * @param {(item: any) => Node[]} draw
 */
function group(key, items, draw) {
  if (!items || items.length === 0) return [];
  return [h("div", { class: "contributed" },
    h("h4", {}, say(key)), h("ul", {}, items.map((item) => h("li", {}, draw(item)))))];
}

/** @param {any} plugin @param {((version: string) => void) | null} use */
function versions({ versions, version: current }, use) {
  return h("ul", { class: "versions" }, versions.map((/** @type {string} */ version) =>
    h("li", {},
      h("span", {}, version),
      version === current
        ? h("span", { class: "badge" }, say("pluginThisVersion"))
        : use && h(
          "button",
          {
            class: "button button--small",
            type: "button",
            dataset: { version },
            onclick: () => use(version),
          },
          say("pluginUseVersion"),
        ))));
}
