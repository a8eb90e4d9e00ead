// @ts-check

/**
 * The part of maitred that every page of the host loads: it draws the launcher, and keeps what
 * `window.maitred(method, …)` is asked for until `host/host.js` has arrived to do it. That is
 * loaded at the first call, the first sign of interest, or when the browser is idle. Nothing here
 * holds a credential or sees a message.
 *
 * A page that calls before this script has loaded puts this in front of it:
 *
 *     window.maitred ??= (...call) => new Promise((resolve, reject) =>
 *       (window.maitred.q ??= []).push({ call, resolve, reject }));
 *
 * Pages change the browser's own functions, for better or worse. The ones that make elements,
 * listen and wait are taken when this script begins, and methods of lists and objects are left
 * alone. A page that had broken the former before, that breaks strings or regular expressions, or
 * that hides its own root element, gets no chat; it loses nothing else.
 */
(() => {
  "use strict";
  const page = /** @type {any} */ (window);
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement)) return;
  if (typeof page.maitred === "function" && page.maitred.isLoaded) return;

  const { apply } = Reflect;
  /** @param {any} owner @param {string} name @returns {(self: any, ...values: any[]) => any} */
  const take = (owner, name) => {
    const taken = owner[name];
    return (self, ...values) => apply(taken, self, values);
  };
  const own = {
    append: take(Node.prototype, "appendChild"),
    attribute: take(Element.prototype, "setAttribute"),
    cancel: take(page, "clearTimeout"),
    Channel: MessageChannel,
    create: take(document, "createElement"),
    focus: take(HTMLElement.prototype, "focus"),
    has: Object.hasOwn,
    later: take(page, "setTimeout"),
    listen: take(EventTarget.prototype, "addEventListener"),
    Observer: MutationObserver,
    post: take(MessagePort.prototype, "postMessage"),
    Promise,
    remove: take(Element.prototype, "remove"),
    start: take(MessagePort.prototype, "start"),
    unlisten: take(EventTarget.prototype, "removeEventListener"),
  };
  const idle = page.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 1));

  const { dataset } = script;
  const { origin } = new URL(script.src);
  const names = {
    en: ["Open chat", "Chat"],
    de: ["Chat öffnen", "Chat"],
    ar: ["فتح المحادثة", "المحادثة"],
  };
  const css = `
:host { all: initial !important; display: block !important; position: fixed !important;
  z-index: 2147483000 !important }
* { box-sizing: border-box }
[hidden] { display: none !important }
.root { font: 600 12px/1 system-ui, sans-serif; --brand: #0d6662; --ink: #fff }
.launcher { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; inline-size: 56px;
  block-size: 56px; border: 0; border-radius: 50%; padding: 0; cursor: pointer; display: grid;
  place-items: center; background: var(--brand); color: var(--ink); transition: transform .16s;
  box-shadow: 0 6px 20px rgb(0 20 30 / .22), 0 1px 3px rgb(0 20 30 / .2) }
.launcher:hover { transform: scale(1.05) }
.launcher:focus-visible { outline: 3px solid var(--ink); box-shadow: 0 0 0 6px var(--brand) }
.launcher[aria-expanded=true] .say, .launcher[aria-expanded=false] .fold { display: none }
.badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px;
  min-inline-size: 20px; block-size: 20px; border-radius: 10px; padding: 0 5px; display: grid;
  place-items: center; background: #c8322b; color: #fff; border: 2px solid #fff }
.panel[data-open=false] { visibility: hidden; position: fixed }
@media (prefers-reduced-motion: reduce) { .launcher { transition: none } }
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText } }
@media print { .root { display: none } }`;

  /** @param {string} tag @param {Record<string, string>} attributes */
  function make(tag, attributes) {
    const element = own.create(document, tag);
    for (const name in attributes) {
      if (own.has(attributes, name)) own.attribute(element, name, attributes[name]);
    }
    return element;
  }

  /** @param {string} name @param {string} d */
  function glyph(name, d) {
    const create = (/** @type {string} */ tag) =>
      document.createElementNS("http://www.w3.org/2000/svg", tag);
    const svg = create("svg");
    const path = create("path");
    own.attribute(path, "d", d);
    own.attribute(svg, "class", name);
    own.attribute(svg, "viewBox", "0 0 24 24");
    own.attribute(svg, "width", "26");
    own.attribute(svg, "fill", "none");
    own.attribute(svg, "stroke", "currentColor");
    own.attribute(svg, "stroke-width", "1.8");
    own.attribute(svg, "stroke-linejoin", "round");
    own.attribute(svg, "aria-hidden", "true");
    own.append(svg, path);
    return svg;
  }

  /** @param {any} options */
  const localeOf = (options) =>
    options.locale || document.documentElement.lang || navigator.language || "en";

  /** @param {string} name @returns {string | null} what the last page of this tab left behind */
  function recall(name) {
    try {
      return sessionStorage.getItem(`maitred:${name}`);
    } catch {
      return null;
    }
  }

  /** The launcher and the empty panel. */
  class Shell {
    /** @type {"open" | "load" | "restore" | ""} what was wanted of the chat before it was there */
    wish = "";

    /** @param {any} options */
    constructor(options) {
      const locale = localeOf(options);
      const [open, chat] =
        names[/** @type {keyof typeof names} */ (locale.slice(0, 2))] ?? names.en;
      this.host = make("div", { id: "maitred" });
      this.shadow = this.host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      this.shadow.adoptedStyleSheets = [sheet];
      this.root = make("div", {
        class: "root", dir: /^(ar|fa|he|ur)\b/.test(locale) ? "rtl" : "ltr",
      });
      this.panel = make("div", {
        class: "panel", id: "maitred-panel", role: "dialog", "aria-label": chat,
        "data-open": "false",
      });
      this.launcher = make("button", {
        class: "launcher", type: "button", "aria-haspopup": "dialog", "aria-label": open,
        "aria-controls": "maitred-panel", "aria-expanded": "false",
      });
      this.badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
      own.append(this.launcher, glyph(
        "say",
        "M5 5.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 3.5v-3.5H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2",
      ));
      own.append(this.launcher, glyph("fold", "M6 9.5l6 6 6-6"));
      own.append(this.launcher, this.badge);
      own.append(this.root, this.panel);
      own.append(this.root, this.launcher);
      own.append(this.shadow, this.root);
      this.paint(options.colour ?? recall("colour"));
      for (const intent of ["pointerenter", "focus", "touchstart", "click"]) {
        own.listen(
          this.launcher,
          intent,
          () => this.want(intent === "click" ? "open" : "load"),
          { passive: true },
        );
      }
      if (recall("open") === "1") this.want("restore");
      if (document.body) this.place();
      else own.listen(document, "DOMContentLoaded", () => this.place());
    }

    place() {
      own.append(document.documentElement, this.host);
    }

    /** @param {"open" | "load" | "restore"} wish */
    want(wish) {
      if (host) return;
      if (this.wish !== "open") this.wish = wish;
      summon();
    }

    /** @param {any} colour `#rrggbb`; what is drawn on it is as dark as it has to be */
    paint(colour) {
      if (!/^#[\da-f]{6}$/i.test(colour ?? "")) return;
      const part = (/** @type {number} */ at) => (parseInt(colour.substr(at, 2), 16) / 255) ** 2.2;
      const light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
      this.root.style.setProperty("--brand", colour);
      // As `brand.js` has it in the frame: of a few shades in the middle only black is far enough.
      const ink = light < 0.18 ? "#fff" : light > 0.22 ? "#10181c" : "#000";
      this.root.style.setProperty("--ink", ink);
    }
  }

  /**
   * @typedef {object} Call
   * @property {any[]} call the method and its arguments
   * @property {(value: any) => void} resolve
   * @property {(reason: any) => void} reject
   * @property {string} [path] where the page was when it called
   */

  /** @type {{take: (call: Call) => void}} what does the work, once it is there */
  let host;
  let isComing = false;
  let tries = 0;
  /** @type {Shell | null} */
  let shell = null;
  /** @type {Call[]} */
  let waiting = [];

  /** Loads the part that does what is asked; after a failure the next wish tries again. */
  async function summon() {
    if (isComing) return;
    isComing = true;
    try {
      const address = `${origin}/widget/v1/host/host.js${tries ? `?try=${tries}` : ""}`;
      const { begin } = await import(address);
      host = begin({ own, data: dataset, origin, localeOf, make, recall, shell, draw });
    } catch (error) {
      tries += 1;
      isComing = false;
      const message = `maitred: could not load from ${origin}; does the page's policy allow it?`;
      for (const { reject } of waiting) reject(new Error(message, { cause: error }));
      waiting = [];
      return;
    }
    const calls = waiting;
    waiting = [];
    for (const call of calls) host.take(call);
  }

  /** @param {any} options */
  function draw(options) {
    return new Shell(options);
  }

  /** @param {...any} call @returns {Promise<any>} */
  const maitred = (...call) => new own.Promise((resolve, reject) => {
    const { pathname: path } = location;
    if (host) return host.take({ call, resolve, reject, path });
    waiting[waiting.length] = { call, resolve, reject, path };
    summon();
  });
  maitred.isLoaded = true;

  const early = page.maitred?.q;
  try {
    page.maitred = maitred;
  } catch {
    // The page keeps the name for itself: the launcher works, calls do not reach it.
  }
  if (dataset.site) shell = draw(dataset);
  if (early?.length) {
    for (const call of early) waiting[waiting.length] = call;
    summon();
  }
  const soon = () => idle(summon);
  if (dataset.preload === "false") return;
  if (document.readyState === "complete") soon();
  else own.listen(window, "load", soon);
})();
