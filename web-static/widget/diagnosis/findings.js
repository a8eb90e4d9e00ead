// @ts-check

import { mendedDirective, trustsByNonce } from "./policy.js";

/** @typedef {import("./probes.js").Outcome} Outcome */

/**
 * @typedef {object} Finding
 * @property {string} check what was looked at
 * @property {boolean | null} ok null when it could not be told
 * @property {string} found
 * @property {string} advice empty when there is nothing to do
 */

/** By how many milliseconds clocks may differ before it matters for tokens that expire. */
const clockLeeway = 60_000;

/** @param {string} check @param {string} found @returns {Finding} */
const good = (check, found) => ({ check, ok: true, found, advice: "" });
/** @param {string} check @param {string} found @param {string} advice @returns {Finding} */
const bad = (check, found, advice) => ({ check, ok: false, found, advice });
/** @param {string} check @param {string} found @param {string} [advice] @returns {Finding} */
const unsure = (check, found, advice = "") => ({ check, ok: null, found, advice });

/**
 * @param {{isThere: boolean, hasBegun: boolean, origin: string}} loader
 * @returns {Finding}
 */
export function loader({ isThere, hasBegun, origin }) {
  if (hasBegun) return good("loader", "loader.js has begun on this page.");
  const tag = `<script async src="${origin}/widget/v1/loader.js" data-site="site_…"></script>`;
  return isThere
    ? bad("loader", "loader.js is in the page and has not run.",
      "See below whether the server is reached and the policy allows its scripts. Otherwise a " +
        "script blocker of the browser may be at work, or the page calls something else maitred.")
    : bad("loader", "This page does not load loader.js.", `Add ${tag}`);
}

/** @param {string | undefined} state of the panel @returns {Finding} */
export function chat(state) {
  if (state === "ready") return good("chat", "The chat has loaded in its frame.");
  if (state === "failed") {
    return bad("chat", "The chat was given up: its frame did not answer.",
      "Mend what else is found here, then press the launcher's Try again.");
  }
  return unsure("chat", state === "loading"
    ? "The chat is loading."
    : "The chat has not been loaded yet; it is at the first sign of interest.");
}

/** @param {{page: string, origin: string}} place protocols of both @returns {Finding} */
export function mixedContent({ page, origin }) {
  const isMixed = page === "https:" && origin.startsWith("http:") && !isLocal(origin);
  return isMixed
    ? bad("mixed content", "This page is served by https and the chat by http.",
      "Browsers load nothing by http into such a page. Serve maitred by https, and start it with " +
        "--public-url https://…")
    : good("mixed content", "Page and chat may be mixed.");
}

/** @param {Outcome} outcome of asking for the loader @param {string} origin @returns {Finding} */
export function server(outcome, origin) {
  if (outcome.status === 200) return good("server", `${origin} answers.`);
  if (outcome.blocked) return notLookedAt("server");
  if (outcome.status) {
    return bad("server", `${origin}/widget/v1/loader.js answers with ${outcome.status}.`,
      "Is it maitred's own address, and does the proxy in front of it pass every path on?");
  }
  return bad("server", `${origin} was not reached: ${outcome.failed}.`,
    "Open the address in a tab of its own: name, certificate, firewall and blockers of the " +
      "browser are the usual reasons.");
}

/**
 * @param {"script-src" | "frame-src" | "connect-src"} directive
 * @param {Outcome} outcome
 * @param {string} origin
 * @returns {Finding}
 */
export function policy(directive, outcome, origin) {
  const check = `policy: ${directive}`;
  const { blocked } = outcome;
  if (!blocked) return good(check, `The page's policy allows ${origin}.`);
  if (directive === "script-src" && trustsByNonce(blocked.policy)) {
    return bad(check, "The page's policy trusts scripts by their nonce ('strict-dynamic').",
      'Give the script element that loads loader.js the nonce of the page: nonce="…".');
  }
  const advice = `Send this instead, or beside what the policy has: ` +
    mendedDirective(directive, blocked.policy, origin);
  const found = `The page's policy refuses ${origin} (${blocked.directive}).`;
  // The frame has a policy of its own, by which it connects.
  return directive === "connect-src"
    ? unsure(check, `${found} That does not hold up the chat in its frame, but this diagnosis.`,
      advice)
    : bad(check, found, advice);
}

/** @param {Outcome} config @param {string} site @returns {Finding} */
export function key(config, site) {
  if (!site) {
    return unsure("key", "Which site it should be is not known.",
      "Give the script element data-site, as the command maitred site list prints it. If the " +
        'page names it by a call: diagnose({ site: "site_…" })');
  }
  if (config.status === 200) {
    return good("key", `${site} is the site "${config.body?.site?.name ?? ""}".`);
  }
  if (config.status === 404) {
    return bad("key", `There is no site ${site} on this server.`,
      "The command maitred site list prints the keys. A key belongs to one server: staging and " +
        "production have different ones.");
  }
  if (config.status) return unsure("key", `The server answers with ${config.status}.`);
  return config.blocked
    ? notLookedAt("key")
    : unsure("key", "The answer may not be read: see origin.");
}

/**
 * @param {Outcome} config
 * @param {Outcome} session of asking for one with an identity that nobody has
 * @param {string} page the origin of the page
 * @returns {Finding}
 */
export function origin(config, session, page) {
  if (page === "null") {
    return bad("origin", "This page has no origin: it is a file, or in a sandbox.",
      "Serve it from a web server, be it http://localhost, and allow that origin for the site.");
  }
  if (session.blocked || config.blocked) return notLookedAt("origin");
  const allow = "Name every origin that may embed the site, this one too: " +
    `maitred site set SITE --origin ${page}`;
  if (session.status === 403) {
    return bad("origin", wordsOf(session) ?? `The site does not allow ${page}.`, allow);
  }
  // The refusal of the identity comes after the origin has been looked at.
  if (session.status === 401 || session.status === 201) {
    return good("origin", `The site allows ${page}.`);
  }
  if (session.status === 404 && config.status === 404) {
    return unsure("origin", "Which site's origin it should be is not known: see key.");
  }
  if (session.status) {
    return unsure("origin", `The server answers with ${session.status}: ` +
      `${wordsOf(session) ?? "without words"}.`);
  }
  if (config.status) {
    return bad("origin", "Sessions cannot be asked for, though the server is reached.",
      "A proxy seems to hold back OPTIONS requests or the CORS headers of the answers; pass both " +
        "on.");
  }
  return bad("origin", `No site of this server allows ${page}: its answers may not be read here.`,
    allow);
}

/**
 * @param {Outcome} config
 * @param {{outcome: Outcome | null, token: string | null | undefined, failed?: string}} named what
 *   came of the page's token; undefined when there is nobody to ask for one
 * @returns {Finding}
 */
export function identity(config, { outcome, token, failed }) {
  const isRequired = config.body?.site?.requires_identity === true;
  if (failed) {
    return bad("identity", `identify failed: ${failed}.`,
      "The function must return a JWT or another text, or a Promise of one, within ten seconds.");
  }
  if (token) return answered(outcome, config);
  if (!isRequired) {
    return config.status === 200
      ? good("identity", "The site takes customers without a name too.")
      : notLookedAt("identity");
  }
  const found = "The site takes signed-in customers only.";
  const advice = "Call maitred('identify', async () => jwt) with a JWT that your server signed, "
    + "or with what a plugin of the server's checks.";
  return token === undefined
    ? unsure("identity", found, `${advice} To have one looked at: diagnose({ identity: jwt })`)
    : bad("identity", `${found} This page names none.`, advice);
}

/** @param {Outcome | null} outcome @param {Outcome} config @returns {Finding} */
function answered(outcome, config) {
  if (outcome?.status === 201) {
    const name = outcome.body?.contact?.name;
    return good("identity", `The page's token is good${name ? `: it names ${name}` : ""}.`);
  }
  if (outcome?.status === 401) {
    return bad("identity", wordsOf(outcome) ?? "The page's token was refused.",
      "Sign a fresh one whenever the function is called: sub, aud (the site's key) and exp (some " +
        "minutes ahead, a day at most), with a key of this site and its kid. The clock of the " +
        `server that signs has to be right to 30 seconds${serverTime(config)}.`);
  }
  return notLookedAt("identity");
}

/** @param {Outcome} config @returns {Finding} */
export function clock(config) {
  const told = Date.parse(config.body?.now ?? "");
  if (Number.isNaN(told) || config.began === undefined || config.ended === undefined) {
    return notLookedAt("clock");
  }
  // The server wrote the time somewhere between question and answer.
  const difference = told > config.ended ? told - config.ended
    : told < config.began ? told - config.began
    : 0;
  const seconds = Math.round(Math.abs(difference) / 1000);
  if (Math.abs(difference) <= clockLeeway) {
    return good("clock", "The clocks of browser and server agree.");
  }
  return bad("clock",
    `This device's clock is ${seconds} s ${difference > 0 ? "behind" : "ahead of"} the server's.`,
    "If the tokens for identify are signed by this device's clock, or by another as wrong, " +
      `they are refused: exp and iat are held against the server's clock${serverTime(config)}.`);
}

/** @param {Outcome} outcome @param {boolean} isAdmitted whether the origin may connect at all */
export function socket(outcome, isAdmitted) {
  if (outcome.isDone) return good("socket", "A WebSocket opens.");
  if (outcome.blocked) return notLookedAt("socket");
  if (!isAdmitted) return unsure("socket", "Sockets are refused to origins that no site allows.");
  return bad("socket", `No WebSocket opens: ${outcome.failed}.`,
    "The proxy in front of maitred has to pass upgrades on. For nginx: proxy_http_version 1.1; " +
      'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";');
}

/**
 * @param {{page: string, origin: string, cookies: boolean}} facts the page's host, the chat's
 *   origin, and whether the browser keeps cookies
 * @returns {Finding}
 */
export function storage({ page, origin, cookies }) {
  if (!cookies) {
    return bad("storage", "This browser keeps no cookies.",
      "Every page is a new customer's for it. That is the customer's choice: nothing to mend.");
  }
  const { hostname } = new URL(origin);
  if (siteOf(hostname) === siteOf(page)) {
    return good("storage", `${hostname} and ${page} look like one site: the chat may store.`);
  }
  if (origin.startsWith("https:") || isLocal(origin)) {
    return good("storage", `${hostname} is another site than ${page}: browsers that block what ` +
      "others store keep the customer's token in a cookie for this site alone.");
  }
  return bad("storage", "The chat is on another site and served by http.",
    "Where browsers block what others store, a cookie for this site alone would do, but takes " +
      "https. Until then every page is a new customer's there.");
}

/** @param {string} check @returns {Finding} */
function notLookedAt(check) {
  return unsure(check, "Could not be looked at: see what else is found.");
}

/** @param {Outcome} refusal @returns {string | undefined} what the server says of it */
function wordsOf({ body }) {
  return body?.detail ?? body?.title;
}

/** @param {Outcome} config */
function serverTime(config) {
  return config.body?.now ? `, which says ${config.body.now}` : "";
}

/** @param {string} origin whether browsers trust it as they trust https */
function isLocal(origin) {
  return /^http:\/\/(localhost|127\.[\d.]+|\[::1\]|[\w.-]+\.localhost)(:|$)/.test(origin);
}

/** @param {string} host @returns {string} its last two labels, or the address it is */
function siteOf(host) {
  return /^[\d.]+$|:/.test(host) ? host : host.split(".").slice(-2).join(".");
}
