// @ts-check

/**
 * The part of maitred that lives in the host's page: the launcher, the iframe, and
 * `window.maitred(method, …)`. It holds no credential and sees no message.
 *
 * A page that calls before this script has loaded puts this in front of it:
 *
 *     window.maitred ??= (...call) => new Promise((resolve, reject) =>
 *       (window.maitred.q ??= []).push({ call, resolve, reject }));
 */
(() => {
  "use strict";
  const page = /** @type {any} */ (window);
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  if (!script || page.maitred?.isLoaded) return;

  const origin = new URL(script.src).origin;
  const secret = /pass|token|secret|card|ssn/i;
  const factsLimit = 4096;
  const labels = {
    en: ["Open chat", "Close chat", "Chat", "{n} unread"],
    de: ["Chat öffnen", "Chat schließen", "Chat", "{n} ungelesen"],
    ar: ["فتح المحادثة", "إغلاق المحادثة", "المحادثة", "{n} غير مقروءة"],
  };
  const css = `
:host { all: initial !important }
* { box-sizing: border-box }
[hidden] { display: none !important }
.root { font: 600 12px/1 system-ui, sans-serif; --brand: #0d6662; --ink: #fff }
.launcher { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000;
  inline-size: 56px; block-size: 56px; border: 0; border-radius: 50%; padding: 0; cursor: pointer;
  display: grid; place-items: center; background: var(--brand); color: var(--ink);
  box-shadow: 0 6px 20px rgb(0 20 30 / .22), 0 1px 3px rgb(0 20 30 / .2);
  transition: transform .16s }
.launcher:hover { transform: scale(1.05) }
.launcher:focus-visible { outline: 3px solid var(--ink); box-shadow: 0 0 0 6px var(--brand) }
.launcher[aria-expanded="true"] .say, .launcher[aria-expanded="false"] .fold { display: none }
.badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-inline-size: 20px;
  block-size: 20px; border-radius: 10px; padding: 0 5px; display: grid; place-items: center;
  background: #c8322b; color: #fff; border: 2px solid #fff }
.panel { position: fixed; inset-block-end: 90px; inset-inline-end: 20px; z-index: 2147483001;
  inline-size: 400px; block-size: min(680px, calc(100dvh - 110px)); border-radius: 18px;
  overflow: hidden; background: canvas;
  box-shadow: 0 18px 60px rgb(0 20 30 / .24), 0 0 0 1px rgb(0 20 30 / .07);
  transition: opacity .18s, transform .18s, visibility 0s }
.panel[data-open="false"] { visibility: hidden; opacity: 0; transform: translateY(10px);
  transition-delay: 0s, 0s, .18s }
iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; color-scheme: normal }
@media (max-width: 480px) {
  .panel { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0 }
  .panel[data-open="true"] ~ .launcher { display: none }
}
@media (prefers-reduced-motion: reduce) { .launcher, .panel { transition: none } }
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText } }
@media print { .root { display: none } }`;

  /** @type {Embedding | null} */
  let embedding = null;
  let isShutDown = false;
  /** @type {(() => void)[]} */
  const untilBoot = [];

  /** Page facts as the host declared them, and the route they were declared on. */
  class PageContext {
    n = 0;
    /** @type {{page?: string, facts?: object, path: string, at: number}} */
    declared = { path: "", at: 0 };
    /** What `update` said of the customer and the conversation: goes with every page. */
    standing = {};
    last = "";

    /** @param {(context: object) => void} tell @param {any} options */
    constructor(tell, options) {
      this.tell = tell;
      this.options = options;
      this.stop = watchRoute(() => this.soon());
      // The page's own modules run first, and say what page it is.
      if (document.readyState === "loading") addEventListener(
        "DOMContentLoaded",
        () => this.soon(),
        { once: true },
      );
      else this.soon();
    }

    /** @param {{page?: string, facts?: object}} declaration */
    declare({ page, facts }) {
      this.declared = { page, facts, path: location.pathname, at: Date.now() };
      this.soon();
    }

    /** Route, title and facts change one after the other: they are told together. */
    soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), 120);
    }

    flush() {
      const { page, facts, path, at } = this.declared;
      const isCurrent = path === location.pathname || Date.now() - at < 400;
      if (isCurrent) this.declared.path = location.pathname;
      const merged = { ...this.standing, ...(isCurrent ? redact(facts ?? {}) : {}) };
      const context = this.allowed({
        url_path: location.pathname,
        title: document.title.slice(0, 256),
        page: isCurrent ? page : undefined,
        facts: JSON.stringify(merged).length <= factsLimit ? merged : {},
        locale: localeOf(this.options),
        viewport: [innerWidth, innerHeight],
      });
      if (!context) return;
      const identity = JSON.stringify({ ...context, viewport: 0 });
      if (identity === this.last) return;
      this.last = identity;
      this.tell({ ...context, n: (this.n += 1) });
    }

    /** @param {object} context */
    allowed(context) {
      const check = this.options.beforeSend;
      return check ? check(context) : context;
    }
  }

  /** One booted widget: its launcher, its iframe, its page context. */
  class Embedding {
    isOpen = false;
    unread = 0;
    /** @type {MessagePort | null} */
    port = null;
    /** @type {object[]} */
    outbound = [];
    /** @type {Map<number, (reply: any) => void>} */
    asked = new Map();
    /** @type {Map<string, Set<Function>>} */
    listeners = new Map();
    nextID = 0;

    /** @param {any} options */
    constructor(options) {
      this.options = options;
      this.identify = options.identify;
      this.texts = labels[/** @type {keyof typeof labels} */ (localeOf(options).slice(0, 2))]
        ?? labels.en;
      this.draw();
      this.context = new PageContext((context) => this.post({ t: "context", context }), options);
      const idle =
        page.requestIdleCallback ?? ((/** @type {Function} */ run) => setTimeout(run, 1));
      this.idle = setTimeout(
        () => idle(() => this.load()),
        options.preload === false ? 2 ** 30 : 2500,
      );
    }

    draw() {
      this.host = document.createElement("div");
      this.host.id = "maitred";
      const shadow = this.host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
      this.root = make("div", { class: "root", dir: directionOf(this.options) });
      this.panel = make("div", {
        class: "panel", id: "maitred-panel", role: "dialog", "aria-label": this.texts[2],
        "data-open": "false",
      });
      this.launcher = make("button", {
        class: "launcher", type: "button", "aria-haspopup": "dialog",
        "aria-controls": "maitred-panel", "aria-expanded": "false",
      });
      this.badge = make("span", { class: "badge", "aria-hidden": "true" });
      this.launcher.append(
        glyph(
          "say",
          "M5 5.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 3.5v-3.5H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2"
        ),
        glyph("fold", "M6 9.5l6 6 6-6"),
        this.badge,
      );
      this.launcher.addEventListener("click", () => this.toggle());
      for (const intent of ["pointerenter", "focus", "touchstart"]) {
        this.launcher.addEventListener(intent, () => this.load(), { passive: true, once: true });
      }
      this.root.append(this.panel, this.launcher);
      shadow.append(this.root);
      document.documentElement.append(this.host);
      if (this.options.colour) this.paint({ colour: this.options.colour });
      this.describe();
      // The page was left with the chat open: it stays open on this one, without taking the focus.
      if (wasOpen() && !isPhone()) {
        this.load();
        this.setOpen(true);
      }
    }

    /** Makes the iframe, once, and hands it one end of a channel. */
    load() {
      if (this.frame) return;
      clearTimeout(this.idle);
      const site = encodeURIComponent(this.options.site);
      this.frame = /** @type {HTMLIFrameElement} */ (make("iframe", {
        title: this.texts[2],
        src: `${origin}/widget/v1/frame?site=${site}`,
        allow: "clipboard-write",
      }));
      this.frame.addEventListener("load", () => {
        const channel = new MessageChannel();
        channel.port1.onmessage = (event) => this.hear(event.data);
        this.channel = channel.port1;
        // A frame that loads again (for another language) hears nothing until it says it is ready.
        this.port = null;
        const hello = {
          maitred: 1, locale: localeOf(this.options), theme: this.options.theme ?? "auto",
          identified: Boolean(this.identify), open: this.isOpen, base: this.options.base ?? "",
        };
        this.frame?.contentWindow?.postMessage(hello, origin, [channel.port2]);
      });
      this.panel?.append(this.frame);
    }

    /** @param {any} message */
    async hear(message) {
      switch (message.t) {
        case "ready":
          this.port = this.channel ?? null;
          for (const held of this.outbound.splice(0)) this.port?.postMessage(held);
          break;
        case "close": this.close(); break;
        case "unread": this.unread = message.count; this.describe(); this.emit(
          "unread",
          message.count,
        ); break;
        case "brand": this.paint(message); break;
        case "event": this.emit(message.name, message.detail); break;
        case "done": this.asked.get(message.re)?.(message); this.asked.delete(message.re); break;
        case "ended":
          // Another tab ended the session, so this one does too.
          if (embedding === this) { embedding = null; isShutDown = true; }
          this.end(false);
          break;
        case "identity": this.post({ t: "identity", jwt: await this.token() }); break;
      }
    }

    async token() {
      try {
        const jwt = typeof this.identify === "function" ? await this.identify() : this.identify;
        // An error page instead of a token would only be refused: better to talk without a name.
        return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(String(jwt).trim()) ? String(jwt).trim() : null;
      } catch {
        return null;
      }
    }

    /** @param {any} message */
    post(message) {
      if (this.port) return this.port.postMessage(message);
      const pages = this.outbound.filter((/** @type {any} */ held) => held.t === "context");
      if (message.t === "context" && pages.length >= 10) {
        this.outbound.splice(this.outbound.indexOf(pages[0]), 1);
      }
      this.outbound.push(message);
    }

    /** @param {any} message @returns {Promise<any>} */
    ask(message) {
      const id = (this.nextID += 1);
      this.load();
      return new Promise((resolve, reject) => {
        this.asked.set(
          id,
          (reply) => reply.error ? reject(new Error(reply.error)) : resolve(reply.value),
        );
        this.post({ ...message, id });
      });
    }

    open() {
      if (this.isOpen) return;
      this.load();
      this.setOpen(true);
      this.frame?.focus();
      this.post({ t: "open" });
    }

    close() {
      if (!this.isOpen) return;
      this.setOpen(false);
      this.post({ t: "close" });
      this.launcher?.focus();
    }

    toggle() {
      if (this.isOpen) this.close();
      else this.open();
    }

    /** @param {boolean} open */
    setOpen(open) {
      this.isOpen = open;
      const isFull = isPhone();
      remember(open);
      this.panel?.setAttribute("data-open", String(open));
      this.panel?.toggleAttribute("aria-modal", open && isFull);
      if (open && isFull) this.panel?.setAttribute("aria-modal", "true");
      // On a phone the panel covers the page: nothing behind it may take the focus.
      if (isFull || this.isInert) document.body.inert = this.isInert = open && isFull;
      this.describe();
      this.emit(open ? "open" : "close");
    }

    describe() {
      const [open, close, , unread] = this.texts;
      const count = this.isOpen ? 0 : this.unread;
      this.launcher?.setAttribute("aria-expanded", String(this.isOpen));
      this.launcher?.setAttribute("aria-label", this.isOpen ? close
        : count ? `${open}, ${unread.replace("{n}", String(count))}` : open);
      if (this.badge) {
        this.badge.hidden = count === 0;
        this.badge.textContent = count > 99 ? "99+" : String(count);
      }
    }

    /** @param {{colour: string, ink?: string}} brand */
    paint({ colour, ink }) {
      this.root?.style.setProperty("--brand", colour);
      if (ink) this.root?.style.setProperty("--ink", ink);
    }

    /** @param {string} name @param {any} [detail] */
    emit(name, detail) {
      for (const listener of this.listeners.get(name) ?? []) listener(detail);
    }

    /** @param {string} name @param {Function} listener */
    on(name, listener) {
      const known = this.listeners.get(name) ?? new Set();
      this.listeners.set(name, known.add(listener));
      return () => known.delete(listener);
    }

    /** @param {boolean} isLocal whether this page asked for it, and the session must end too */
    async end(isLocal) {
      this.context.stop();
      clearTimeout(this.context.timer);
      clearTimeout(this.idle);
      if (this.isOpen) this.setOpen(false);
      if (isLocal) {
        const patience = new Promise((resolve) => setTimeout(resolve, 1500));
        await Promise.race([this.ask({ t: "shutdown" }), patience]).catch(() => {});
      }
      this.channel?.close();
      this.host?.remove();
    }
  }

  /** @type {Record<string, (...values: any[]) => any>} */
  const methods = {
    ready: () => {},
    open: () => embedding?.open(),
    close: () => embedding?.close(),
    toggle: () => embedding?.toggle(),
    show: () => embedding?.launcher?.toggleAttribute("hidden", false),
    hide: () => embedding?.launcher?.toggleAttribute("hidden", true),
    context: (declaration = {}) => embedding?.context.declare(declaration),
    on: (name, listener) => embedding?.on(name, listener),
    track: (name, data = {}) => embedding?.post({ t: "track", name, data: redact(data) }),
    locale(locale) {
      if (!embedding) return;
      embedding.options.locale = locale;
      embedding.post({ t: "locale" });
    },
    theme: (theme) => embedding?.post({ t: "theme", theme }),
    compose: (text) => { embedding?.open(); embedding?.post({ t: "compose", text }); },
    ask: (text) => { embedding?.open(); embedding?.post({ t: "ask", text }); },
    identify(provider) {
      if (!embedding) return;
      embedding.identify = provider;
      embedding.post({ t: "identify" });
    },
    update({ contact = {}, conversation = {} } = {}) {
      if (!embedding) return;
      Object.assign(embedding.context.standing, redact({ ...contact, ...conversation }));
      embedding.context.soon();
    },
    async shutdown() {
      const ending = embedding;
      embedding = null;
      isShutDown = true;
      await ending?.end(true);
    },
    boot(options = {}) {
      const settings = { ...script.dataset, ...options };
      if (!settings.site) throw new Error("maitred: boot needs a site.");
      if (embedding) return;
      isShutDown = false;
      embedding = new Embedding(settings);
      for (const run of untilBoot.splice(0)) run();
    },
  };

  /** @param {string} method @param {...any} values @returns {Promise<any>} */
  async function maitred(method, ...values) {
    const run = Object.hasOwn(methods, method) ? methods[method] : null;
    if (!run) throw unknown(method);
    if (method !== "boot" && !embedding) {
      if (isShutDown) throw new Error(`maitred: '${method}' after shutdown.`);
      await new Promise((resolve) => untilBoot.push(() => resolve(null)));
    }
    return run(...values);
  }

  /** @param {string} method */
  function unknown(method) {
    const name = String(method).toLowerCase();
    const near = Object.keys(methods).find((key) => key.startsWith(name.slice(0, 2)));
    const hint = near ? ` Did you mean '${near}'?` : "";
    return new Error(`maitred: unknown method '${method}'.${hint}`);
  }

  /** @param {any} value @param {number} [depth] @returns {any} */
  function redact(value, depth = 0) {
    if (value === null || typeof value !== "object") {
      return typeof value === "string" ? value.slice(0, 512) : value;
    }
    if (depth > 3) return undefined;
    if (Array.isArray(value)) return value.slice(0, 50).map((each) => redact(each, depth + 1));
    const kept = Object.entries(value).filter(([key]) => !secret.test(key));
    return Object.fromEntries(kept.map(([key, each]) => [key, redact(each, depth + 1)]));
  }

  /** @param {() => void} changed @returns {() => void} its end */
  function watchRoute(changed) {
    const { navigation } = page;
    if (navigation) {
      navigation.addEventListener("currententrychange", changed);
      return () => navigation.removeEventListener("currententrychange", changed);
    }
    const patched = /** @type {const} */ (["pushState", "replaceState"]);
    const originals = patched.map((name) => history[name]);
    patched.forEach((name, index) => {
      history[name] = function (...state) {
        originals[index].apply(this, state);
        changed();
      };
    });
    addEventListener("popstate", changed);
    addEventListener("hashchange", changed);
    return () => {
      patched.forEach((name, index) => (history[name] = originals[index]));
      removeEventListener("popstate", changed);
      removeEventListener("hashchange", changed);
    };
  }

  function isPhone() {
    return matchMedia("(max-width: 480px)").matches;
  }

  function wasOpen() {
    try {
      return sessionStorage.getItem("maitred:open") === "1";
    } catch {
      return false;
    }
  }

  /** @param {boolean} open */
  function remember(open) {
    try {
      sessionStorage.setItem("maitred:open", open ? "1" : "0");
    } catch {
      // The page may not store anything: then the chat starts closed on the next one.
    }
  }

  /** @param {any} options */
  function localeOf(options) {
    return options.locale || document.documentElement.lang || navigator.language || "en";
  }

  /** @param {any} options */
  function directionOf(options) {
    return /^(ar|fa|he|ur)\b/.test(localeOf(options)) ? "rtl" : "ltr";
  }

  /** @param {string} tag @param {Record<string, string>} attributes */
  function make(tag, attributes) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  /** @param {string} name @param {string} d */
  function glyph(name, d) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    const look = {
      class: name,
      viewBox: "0 0 24 24",
      width: "26",
      height: "26",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": "1.8",
      "stroke-linejoin": "round",
      "aria-hidden": "true",
    };
    for (const [name, value] of Object.entries(look)) svg.setAttribute(name, value);
    svg.append(path);
    return svg;
  }

  maitred.isLoaded = true;
  const early = page.maitred?.q ?? [];
  page.maitred = maitred;
  if (script.dataset.site) maitred("boot");
  for (const { call, resolve, reject } of early) {
    maitred(.../** @type {[string, ...any[]]} */ (call)).then(resolve, reject);
  }
})();
