// @ts-check

import { Frame } from "./frame.js";
import { identityFrom } from "./identity.js";
import { look } from "./look.js";
import { namesOf, own } from "./own.js";
import { OwedEnd } from "./owed-end.js";
import { PageContext } from "./page-context.js";
import { remember } from "./page-memory.js";
import { PageTitle } from "./page-title.js";
import { directionOf, textsFor } from "./texts.js";
import { within } from "./within.js";

/** When the conversation is loaded although nobody has shown an interest yet. */
const idleAfter = 2500;
/** How long the end of a session is waited for. */
const endsWithin = 8000;
/** How often an element is put back that the page has taken out, and when that is forgotten. */
const returns = 5;
const forgivenAfter = 10_000;
const phone = "(max-width: 480px)";

/** One booted widget: launcher, panel, iframe, and what the page is told of them. */
export class Embedding {
  isOpen = false;
  #unread = 0;
  #isFull = false;
  #isEnded = false;
  #isLeaving = false;
  /** @type {Element | null} where the focus was when it was to move into the chat */
  #entersFrom = null;
  #returns = 0;
  #returnedAt = 0;
  /** @type {Map<string, Set<Function>>} */
  #listeners = new Map();
  /** @type {any} */
  #idle = 0;
  /** @type {(() => void)[]} */
  #undo = [];
  #ended;
  #origin;
  #failed;
  #again;
  #leave;
  #owed;

  /**
   * @param {object} parts
   * @param {any} parts.options
   * @param {any} parts.shell what `loader.js` has drawn
   * @param {string} parts.origin
   * @param {(tag: string, attributes: Record<string, string>) => HTMLElement} parts.make
   * @param {(options: any) => string} parts.localeOf
   * @param {() => void} parts.ended another tab has ended the session
   */
  constructor({ options, shell, origin, make, localeOf, ended }) {
    this.options = options;
    this.shell = shell;
    this.make = make;
    this.localeOf = localeOf;
    this.#ended = ended;
    this.#origin = origin;
    this.#owed = new OwedEnd(options.site);
    this.title = new PageTitle(document);
    this.frame = new Frame({
      origin,
      site: options.site,
      make,
      title: () => this.texts.chat,
      hello: () => this.#hello(),
      hear: (message) => this.#hear(message),
      changed: (state) => this.#frameIs(state),
    });
    const inner = new CSSStyleSheet();
    inner.replaceSync(look);
    shell.shadow.adoptedStyleSheets = [...shell.shadow.adoptedStyleSheets, inner];
    this.#failed = make("p", { class: "failed", role: "status" });
    this.#again = make("button", { class: "again", type: "button" });
    this.#leave = make("button", { class: "leave", type: "button" });
    this.#furnish();
    this.#listen();
    this.describe();
    this.context = new PageContext({
      options,
      localeOf,
      tell: (message) => this.frame.post(message),
      warn: this.warn,
      title: () => this.title.own,
    });
    if (shell.wish === "open") this.open();
    else if (shell.wish === "load") this.load();
    else if (shell.wish === "restore" && !isPhone()) {
      // The page was left with the chat open: it stays open here, without taking the focus.
      this.load();
      this.#setOpen(true);
    }
    if (options.preload !== false) this.#loadWhenIdle();
  }

  get texts() {
    return textsFor(this.localeOf(this.options));
  }

  // Actions

  load() {
    own.cancel(null, this.#idle);
    this.frame.load(this.shell.panel);
  }

  open() {
    if (this.isOpen) return;
    this.load();
    this.#setOpen(true);
    this.#entersFrom = document.activeElement ?? document.body;
    this.#enter();
    this.frame.post({ t: "open" });
  }

  close() {
    if (!this.isOpen) return;
    this.#entersFrom = null;
    this.#setOpen(false);
    this.frame.post({ t: "close" });
    this.#isLeaving = true;
    own.focus(this.shell.launcher);
    this.#isLeaving = false;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** @param {boolean} isShown whether the launcher is there */
  show(isShown) {
    this.shell.launcher.hidden = !isShown;
  }

  /**
   * Takes options that were told later than the rest.
   * @param {any} options
   */
  adopt(options) {
    const { identify, locale, theme, colour, ...others } = options;
    for (const name of namesOf(others)) if (name !== "site") this.options[name] = others[name];
    if (identify !== undefined) this.identify(identify);
    if (locale !== undefined) this.speak(locale);
    if (theme !== undefined) this.wear(theme);
    if (colour !== undefined) this.shell.paint(this.options.colour = colour);
    this.context.followErrors();
    this.context.soon();
  }

  /** @param {unknown} provider */
  identify(provider) {
    this.options.identify = provider;
    this.frame.post({ t: "identify" });
  }

  /** @param {string} locale */
  speak(locale) {
    this.options.locale = locale;
    this.describe();
    this.context.soon();
    this.frame.post({ t: "locale" });
  }

  /** @param {string} theme */
  wear(theme) {
    this.options.theme = theme;
    this.describe();
    this.frame.post({ t: "theme", theme });
  }

  /** @param {string} name @param {Function} listener @returns {() => void} its end */
  on(name, listener) {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(listener));
    return () => void known.delete(listener);
  }

  /** @param {boolean} isLocal whether this page asked for it, and the session must end too */
  async end(isLocal) {
    this.#isEnded = true;
    this.context.stop();
    own.cancel(null, this.#idle);
    if (this.isOpen) this.#setOpen(false);
    this.title.show(0);
    this.shell.root.hidden = true;
    for (const undo of this.#undo) undo();
    try {
      if (isLocal) await this.#endSession();
    } finally {
      this.frame.remove();
      own.remove(this.shell.host);
      this.#listeners.clear();
    }
  }

  /** Says what is wrong: to a developer in `debug`, to the page when it has a code. */
  warn = (/** @type {string} */ why, /** @type {string} */ code = "") => {
    if (this.options.debug) console.warn(`maitred: ${why}`);
    if (code) this.#emit("error", { code, message: why });
  };

  // Rendering

  #furnish() {
    const { shell, make } = this;
    const wait = make("div", { class: "wait" });
    const dots = make("div", { class: "dots" });
    for (let count = 0; count < 3; count += 1) own.append(dots, make("i", {}));
    own.listen(this.#again, "click", () => this.#tryAgain());
    own.listen(this.#leave, "click", () => this.close());
    for (const part of [dots, this.#failed, this.#again, this.#leave]) own.append(wait, part);
    own.append(shell.panel, wait);
  }

  describe() {
    const { launcher, badge, panel, root } = this.shell;
    const { open, close, chat, unread, retry } = this.texts;
    const count = this.isOpen ? 0 : this.#unread;
    const name = this.isOpen ? close
      : count ? `${open}, ${unread.replace("{n}", String(count))}`
      : open;
    own.attribute(launcher, "aria-expanded", String(this.isOpen));
    own.attribute(launcher, "aria-label", name);
    own.attribute(panel, "aria-label", chat);
    own.attribute(panel, "data-theme", this.options.theme ?? "auto");
    own.attribute(root, "dir", directionOf(this.localeOf(this.options)));
    if (this.frame.element) own.attribute(this.frame.element, "title", chat);
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? "99+" : String(count);
    this.#again.textContent = retry;
    this.#leave.textContent = close;
    this.title.show(this.options.title === false ? 0 : count);
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.isOpen = isOpen;
    remember("open", isOpen ? "1" : "0");
    own.attribute(this.shell.panel, "data-open", String(isOpen));
    this.#cover();
    this.describe();
    this.#emit(isOpen ? "open" : "close");
  }

  /** On a phone the panel covers the page: nothing behind it may take the focus. */
  #cover() {
    const isFull = this.isOpen && isPhone();
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    document.body.inert = isFull;
    if (isFull) own.attribute(this.shell.panel, "aria-modal", "true");
    else this.shell.panel.removeAttribute("aria-modal");
  }

  // Callbacks

  #listen() {
    const { launcher, shadow } = this.shell;
    own.listen(launcher, "click", () => this.toggle());
    for (const intent of ["pointerenter", "focus", "touchstart"]) {
      own.listen(launcher, intent, () => {
        // The focus that comes back from the chat is no sign of interest in it. Otherwise in a
        // moment: the press of a button is not to wait for an iframe.
        if (!this.#isLeaving) own.later(null, () => this.#isEnded || this.load(), 0);
      }, { passive: true });
    }
    own.listen(shadow, "keydown", (event) => {
      if (event.key !== "Escape" || !this.isOpen) return;
      event.preventDefault();
      this.close();
    });
    const size = matchMedia(phone);
    const cover = () => this.#cover();
    own.listen(size, "change", cover);
    const retry = () => this.isOpen && this.load();
    own.listen(window, "online", retry);
    // The page's frameworks may throw out what they do not know.
    const watcher = new own.Observer(() => this.#putBack());
    watcher.observe(document, { childList: true });
    watcher.observe(document.documentElement, { childList: true });
    this.#undo = [
      () => own.unlisten(size, "change", cover),
      () => own.unlisten(window, "online", retry),
      () => watcher.disconnect(),
    ];
    this.#putBack();
  }

  #putBack() {
    if (this.#isEnded || this.shell.host.isConnected || !document.body) return;
    const now = performance.now();
    if (now - this.#returnedAt > forgivenAfter) this.#returns = 0;
    if (this.#returns >= returns) return;
    this.#returns += 1;
    this.#returnedAt = now;
    // Later each time: a page that insists is not fought with.
    own.later(null, () => {
      if (!this.#isEnded && !this.shell.host.isConnected) this.shell.place();
    }, 50 * 2 ** this.#returns);
  }

  /** @param {any} message */
  async #hear(message) {
    switch (message.t) {
      case "close": return this.close();
      case "unread":
        this.#unread = Number(message.count) || 0;
        this.describe();
        return this.#emit("unread", this.#unread);
      case "brand":
        if (this.options.colour) return;
        this.shell.paint(message.colour);
        return remember("colour", message.colour);
      case "event": return this.#emit(message.name, message.detail);
      case "watch": return this.context.watch(message.on !== false);
      case "ended": return this.#ended();
      case "identity": {
        const jwt = await identityFrom(this.options.identify, this.warn);
        return this.frame.post({ t: "identity", jwt });
      }
    }
  }

  /** @param {"loading" | "ready" | "failed"} state */
  #frameIs(state) {
    own.attribute(this.shell.panel, "data-state", state);
    this.#failed.textContent = state === "failed" ? this.texts.failed : "";
    this.#enter();
    if (state === "ready") this.#owed.heard();
    if (state !== "failed") return;
    this.warn(
      `the chat at ${this.#origin} did not answer: is this page's origin one of the site's, and ` +
        "does its policy allow it?",
      "unreachable",
    );
    if (this.isOpen) own.focus(this.#again);
  }

  /**
   * Moves the focus into the chat as soon as it is there. A frame that is given the focus while it
   * loads may look as if it had it and yet get no keys: Chromium keeps by process where keys go,
   * and may lose that when the frame moves to the process of the chat's origin.
   */
  #enter() {
    const { element, isReady } = this.frame;
    const from = this.#entersFrom;
    if (!element || !isReady || !from) return;
    this.#entersFrom = null;
    // Whoever has gone on in the page meanwhile stays there.
    const { activeElement: now, body } = document;
    if (now && now !== from && now !== body && now !== this.shell.host) return;
    own.focus(element);
    this.frame.post({ t: "focus" });
  }

  #tryAgain() {
    this.#entersFrom = document.activeElement ?? document.body;
    this.load();
  }

  // Internal

  #hello() {
    const { identify, theme, base, sound, colour } = this.options;
    return {
      locale: this.localeOf(this.options),
      theme: theme ?? "auto",
      identified: Boolean(identify),
      open: this.isOpen,
      ended: this.#owed.tell(),
      base: base ?? "",
      sound,
      colour,
    };
  }

  #loadWhenIdle() {
    const idle = /** @type {any} */ (window).requestIdleCallback ??
      ((/** @type {() => void} */ run) => own.later(null, run, 1));
    this.#idle = own.later(null, () => idle(() => this.#isEnded || this.load()), idleAfter);
  }

  async #endSession() {
    this.load();
    this.#owed.mark(true);
    const late = "maitred: the chat did not answer; the session ends when it is loaded again.";
    await within(endsWithin, late, () => this.frame.ask({ t: "shutdown" }));
    this.#owed.mark(false);
  }

  /** @param {string} name @param {any} [detail] */
  #emit(name, detail) {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        // The page's fault, told as the page's: the chat goes on.
        own.later(null, () => { throw error; }, 0);
      }
    }
  }
}

function isPhone() {
  return matchMedia(phone).matches;
}
