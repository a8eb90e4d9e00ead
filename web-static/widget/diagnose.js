// @ts-check

import * as findings from "./diagnosis/findings.js";
import { Prober } from "./diagnosis/probes.js";

/** @typedef {import("./diagnosis/findings.js").Finding} Finding */

/**
 * Says why a page's chat does not connect. It is nothing that a page loads by itself; in the
 * console of one that embeds maitred:
 *
 *     const chat = "https://support.example.com";
 *     const { diagnose, report } = await import(`${chat}/widget/v1/diagnose.js`);
 *     console.log(report(await diagnose()));
 *
 * It tries what the chat does, one thing after the other, and leaves nothing behind: no
 * conversation, and no customer but the one that a token names. What is refused on the way, a
 * session for nobody among it, shows up in the browser's console and network panel.
 */

/** Looks like a token, so that no plugin is asked, and is none, so that nobody gets a session. */
const nobody = "diagnosis.of.origin";
const identifyWithin = 10_000;

/**
 * @param {object} [what]
 * @param {string} [what.origin] of the chat; otherwise that of the page's loader, or of this file
 * @param {string} [what.site] otherwise the script's `data-site`, or the site of the chat there
 * @param {string | null | (() => any)} [what.identity] what the page gives to `identify`; null when
 *   it names nobody
 * @returns {Promise<Finding[]>}
 */
export async function diagnose({ origin, site, identity } = {}) {
  const script = loaderOf(document);
  const chat = origin ?? (script ? new URL(script.src).origin : new URL(import.meta.url).origin);
  const key = site ?? script?.dataset.site ?? siteOfFrame() ?? "";
  const prober = new Prober(document, chat);
  try {
    return await examine(prober, { chat, key, script, identity });
  } finally {
    prober.end();
  }
}

/**
 * Findings as a text to send to somebody.
 * @param {Finding[]} list
 */
export function report(list) {
  const { length: faults } = list.filter(({ ok }) => ok === false);
  const verdict = faults === 0 ? "nothing is wrong" : faults === 1 ? "1 fault" : `${faults} faults`;
  const lines = list.map(({ check, ok, found, advice }) =>
    `${mark(ok)} ${check}: ${found}${advice ? `\n     → ${advice}` : ""}`);
  return [
    `maitred on ${location.origin}, ${new Date().toISOString()}: ${verdict}`,
    ...lines,
    navigator.userAgent,
  ].join("\n");
}

/** @param {boolean | null} ok */
function mark(ok) {
  return ok === null ? "[??]" : ok ? "[ok]" : "[no]";
}

/**
 * @param {Prober} prober
 * @param {{chat: string, key: string, script: HTMLScriptElement | null, identity: any}} what
 * @returns {Promise<Finding[]>}
 */
async function examine(prober, { chat, key, script, identity }) {
  const query = `site=${encodeURIComponent(key)}`;
  const open = (/** @type {string} */ token) => prober.ask(`${chat}/v1/widget/sessions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ site: key || "site_none", identity: token }),
  });

  const server = await prober.ask(`${chat}/widget/v1/loader.js`);
  const file = await prober.script(`${chat}/widget/v1/host/within.js?diagnosis`);
  const frame = await prober.frame(`${chat}/widget/v1/frame?${query}`);
  const config = await prober.ask(`${chat}/v1/widget/config?${query}`);
  const session = await open(nobody);
  const named = await tokenOf(identity);
  const outcome = named.token && session.status === 401 ? await open(named.token) : null;
  const origin = findings.origin(config, session, location.origin);
  const socket = await prober.socket(`${chat.replace(/^http/, "ws")}/v1/ws`, "maitred.v1");

  return [
    findings.loader({ isThere: script !== null, hasBegun: hasBegun(), origin: chat }),
    findings.chat(panelState()),
    findings.mixedContent({ page: location.protocol, origin: chat }),
    findings.server(server, chat),
    findings.policy("script-src", file, chat),
    findings.policy("frame-src", frame, chat),
    findings.policy("connect-src", server, chat),
    findings.key(config, key),
    origin,
    findings.identity(config, { ...named, outcome }),
    findings.clock(config),
    findings.socket(socket, config.status !== undefined || origin.ok === true),
    findings.storage({
      page: location.hostname, origin: chat, cookies: navigator.cookieEnabled,
    }),
  ];
}

/** @param {Document} document @returns {HTMLScriptElement | null} */
function loaderOf(document) {
  const scripts = [...document.querySelectorAll('script[src*="/widget/v1/loader.js"]')];
  const [first] = scripts.filter((each) => each.hasAttribute("data-site")).concat(scripts);
  return first instanceof HTMLScriptElement ? first : null;
}

function hasBegun() {
  return /** @type {any} */ (window).maitred?.isLoaded === true;
}

/** @returns {string | undefined} what the panel says of the chat in it */
function panelState() {
  const panel = document.getElementById("maitred")?.shadowRoot?.querySelector(".panel");
  return panel instanceof HTMLElement ? panel.dataset.state : undefined;
}

/** @returns {string | null} which a page may have named by a call, where nobody can look it up */
function siteOfFrame() {
  const frame = document.getElementById("maitred")?.shadowRoot?.querySelector("iframe");
  return frame ? new URL(frame.src).searchParams.get("site") : null;
}

/**
 * @param {any} identity
 * @returns {Promise<{token: string | null | undefined, failed?: string}>}
 */
async function tokenOf(identity) {
  if (typeof identity !== "function") return { token: identity };
  try {
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error("no answer within ten seconds")), identifyWithin));
    const token = await Promise.race([identity(), late]);
    return { token: token ? String(token).trim() : null };
  } catch (error) {
    return { token: null, failed: error instanceof Error ? error.message : `${error}` };
  }
}
