// @ts-check

/** @typedef {"good" | "warning" | "bad" | "info" | "neutral"} Tone */
/** @typedef {[key: string, values?: Record<string, string | number>]} Words */

/** @type {Record<string, Tone>} */
const statusTones = {
  running: "good",
  starting: "info",
  restarting: "warning",
  needs_consent: "warning",
  invalid: "bad",
  disabled: "bad",
  refused: "bad",
};

/** @type {Record<string, string>} */
const statusKeys = {
  off: "pluginOff",
  invalid: "pluginInvalid",
  starting: "pluginStarting",
  running: "pluginRunning",
  restarting: "pluginRestarting",
  disabled: "pluginDisabled",
  refused: "pluginRefused",
  needs_consent: "pluginNeedsConsent",
  stopped: "pluginStopped",
};

/** @type {Record<string, [string, Tone]>} */
const trusts = {
  first_party: ["trustFirstParty", "neutral"],
  trusted: ["trustTrusted", "neutral"],
  unsigned: ["trustUnsigned", "warning"],
  modified: ["trustModified", "bad"],
};

/** @type {Record<string, [string, Tone]>} */
const sandboxes = {
  full: ["sandboxFull", "neutral"],
  partial: ["sandboxPartial", "warning"],
  off: ["sandboxOff", "bad"],
};

/** @type {Record<string, string>} */
const permissionKeys = {
  "read contact.name": "mayReadName",
  "read contact.email": "mayReadEmail",
  "read contact.external_id": "mayReadID",
  "read conversation.meta": "mayReadMeta",
  "read conversation.messages": "mayReadMessages",
  "read conversation.page": "mayReadPage",
  "write conversation.note": "mayWriteNote",
  "write conversation.message": "mayWriteMessage",
  "write conversation.reply": "mayWriteReply",
  "write conversation.tag": "mayWriteTag",
  "write conversation.facts": "mayWriteFacts",
  "write conversation.post": "mayWritePost",
  schedule: "maySchedule",
  webhook: "mayWebhook",
  "language model": "mayModel",
};

/** @param {string} status @returns {{key: string, tone: Tone}} */
export function statusWords(status) {
  return { key: statusKeys[status] ?? status, tone: statusTones[status] ?? "neutral" };
}

/** @param {string | undefined} trust @returns {{key: string, tone: Tone} | null} */
export function trustWords(trust) {
  const [key, tone] = trusts[trust ?? ""] ?? [];
  return key && tone ? { key, tone } : null;
}

/** @param {string | undefined} extent @returns {{key: string, tone: Tone} | null} */
export function sandboxWords(extent) {
  const [key, tone] = sandboxes[extent ?? ""] ?? [];
  return key && tone ? { key, tone } : null;
}

/**
 * A permission as people understand it; null when this version does not know it.
 * @param {string} line as the server writes it
 * @param {any} [schema] of the configuration, whose titles stand for `{config:name}`
 * @returns {Words | null}
 */
export function permissionWords(line, schema) {
  if (line.startsWith("http ")) {
    const place = line.slice(5).replace(
      /\{config:([\w.-]+)\}/g,
      (_, name) => `‹${schema?.properties?.[name]?.title ?? name}›`,
    );
    return ["mayHTTP", { place }];
  }
  const [, bytes] = /^store (\d+) bytes$/.exec(line) ?? [];
  if (bytes) return ["mayStore", { size: byteSize(Number(bytes)) }];
  const [, count] = /^rate (\d+) requests a second$/.exec(line) ?? [];
  if (count) return ["mayRate", { count }];
  return permissionKeys[line] ? [permissionKeys[line]] : null;
}

/**
 * What a hook is for, by its mode.
 * @param {string} mode
 */
export function hookKey(mode) {
  const keys = {
    filter: "hookFilter",
    enrich: "hookEnrich",
    provide: "hookProvide",
    observe: "hookObserve",
  };
  return keys[/** @type {keyof typeof keys} */ (mode)] ?? "hookObserve";
}

/** @param {string} effect */
export function effectKey(effect) {
  const keys = {
    read: "effectRead",
    write: "effectWrite",
    message: "effectMessage",
    money: "effectMoney",
    irreversible: "effectIrreversible",
  };
  return keys[/** @type {keyof typeof keys} */ (effect)] ?? "effectWrite";
}

/**
 * Whether somebody should look: it should run and does not, or its manifest cannot be used.
 * @param {{status: string, enabled: boolean}} plugin
 */
export function needsAttention({ status, enabled }) {
  const tone = statusTones[status];
  return tone === "bad" || tone === "warning" || (enabled && status === "stopped");
}

/**
 * Plugins as a page lists them: what needs somebody first, then what runs, then the rest.
 * @param {any[]} plugins
 * @returns {{key: string, plugins: any[]}[]} without empty groups
 */
export function grouped(plugins) {
  const groups = [
    { key: "groupAttention", plugins: plugins.filter(needsAttention) },
    { key: "groupOn", plugins: plugins.filter((each) => each.enabled && !needsAttention(each)) },
    { key: "groupOff", plugins: plugins.filter((each) => !each.enabled && !needsAttention(each)) },
  ];
  for (const group of groups) group.plugins.sort((a, b) => a.name.localeCompare(b.name));
  return groups.filter((group) => group.plugins.length > 0);
}

/**
 * Bytes, kilobytes or megabytes, as people write them.
 * @param {number} bytes
 */
export function byteSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  const megabytes = bytes / 1024 / 1024;
  return `${megabytes < 10 ? Number(megabytes.toFixed(1)) : Math.round(megabytes)} MB`;
}

/**
 * A duration in as many digits as mean anything.
 * @param {number} ms
 */
export function shortTime(ms) {
  if (ms >= 1000) return `${Number((ms / 1000).toFixed(1))} s`;
  return `${ms >= 10 ? Math.round(ms) : Number(ms.toFixed(1))} ms`;
}
