// @ts-check

import { namesOf, own } from "./own.js";
import { PageErrors } from "./page-errors.js";
import { cleanFacts, cleanText, contextLimit, fitting, weigh } from "./redaction.js";
import { watchRoute } from "./route.js";

/** Route, title and facts change one after the other: they are told together. */
const settles = 120;
/** A page may say what it is a moment before its address changes. */
const early = 400;

/**
 * What page the customer is on: where, what the page says of itself, and nothing that looks
 * secret. Told when it changes, for as long as it is anybody's business.
 */
export class PageContext {
  /** @type {{page?: string, facts?: object, path: string, at: number}} and where it was said */
  #declared = { path: "", at: 0 };
  /** @type {Record<string, any>} what `update` said of the customer and the conversation */
  #standing = {};
  #isWatched = true;
  #isOver = false;
  #last = "";
  /** @type {any} */
  #timer = 0;
  #options;
  #tell;
  #warn;
  #title;
  #localeOf;
  /** @type {PageErrors | null} */
  #errors = null;
  #stopRoute;

  /**
   * @param {object} parts
   * @param {any} parts.options
   * @param {(message: any) => void} parts.tell
   * @param {(why: string, code?: string) => void} parts.warn with a code, the page hears of it too
   * @param {() => string} parts.title the page's own
   * @param {(options: any) => string} parts.localeOf
   */
  constructor({ options, tell, warn, title, localeOf }) {
    this.#options = options;
    this.#tell = tell;
    this.#warn = warn;
    this.#title = title;
    this.#localeOf = localeOf;
    this.#stopRoute = watchRoute(window, () => this.soon());
    this.followErrors();
    // The page's own modules run first, and say what page it is.
    if (document.readyState !== "loading") this.soon();
    else own.listen(document, "DOMContentLoaded", () => this.soon(), { once: true });
  }

  followErrors() {
    if (this.#options.errors && !this.#errors) {
      this.#errors = new PageErrors(window, () => this.soon());
    }
  }

  /**
   * @param {{page?: string, facts?: object}} declaration
   * @param {string} path where the page was when it said so
   */
  declare({ page, facts }, path) {
    this.#declared = { page, facts, path, at: performance.now() };
    this.soon();
  }

  /** @param {{contact?: object, conversation?: object}} told */
  update({ contact, conversation }) {
    this.#standing = { ...this.#standing, ...contact, ...conversation };
    this.soon();
  }

  /** @param {string} name @param {object} data */
  track(name, data) {
    if (!this.#isWatched || this.#isOver) return;
    const warn = this.#warn;
    const event = { name: cleanText(name, 100), data: cleanFacts(data, warn) };
    const checked = this.#checked("track", event);
    if (!checked) return;
    this.#tell({
      t: "track",
      name: cleanText(checked.name, 100),
      data: fitting(cleanFacts(checked.data, warn), contextLimit, warn),
    });
  }

  /** @param {boolean} isWatched false once the conversation is over */
  watch(isWatched) {
    if (isWatched === this.#isWatched) return;
    this.#isWatched = isWatched;
    // What happened meanwhile is nobody's business, but where they are when they return is.
    this.#last = "";
    this.#errors?.forget();
    this.soon();
  }

  soon() {
    own.cancel(null, this.#timer);
    if (!this.#isWatched || this.#isOver) return;
    this.#timer = own.later(null, () => this.#flush(), settles);
  }

  stop() {
    this.#isOver = true;
    own.cancel(null, this.#timer);
    this.#stopRoute();
    this.#errors?.stop();
  }

  #flush() {
    if (!this.#isWatched || this.#isOver) return;
    const context = this.#checked("context", this.#current());
    if (!context) return;
    const clean = this.#clean(context);
    const print = fingerprint(clean);
    if (print === this.#last) return;
    this.#last = print;
    this.#tell({ t: "context", context: clean });
  }

  #current() {
    const { pathname } = location;
    const { page, facts, path, at } = this.#declared;
    const isCurrent = path === pathname || performance.now() - at < early;
    if (isCurrent) this.#declared.path = pathname;
    return this.#clean({
      url_path: pathname,
      title: this.#title(),
      page: isCurrent ? page : undefined,
      facts: {
        ...(isCurrent ? facts : {}),
        ...this.#query(),
        ...this.#errors?.facts(pathname),
        ...this.#standing,
      },
      locale: this.#localeOf(this.#options),
      viewport: [innerWidth, innerHeight],
    });
  }

  /** The parts of the query that were allowed, as facts. */
  #query() {
    /** @type {Record<string, string>} */
    const found = {};
    const allowed = this.#options.query ?? [];
    if (allowed.length === 0 || !location.search) return found;
    const query = new URLSearchParams(location.search);
    for (const name of allowed) {
      const value = query.get(name);
      if (value !== null) found[`query_${name}`] = value;
    }
    return found;
  }

  /** @param {any} context @returns {any} what of it may leave the page, within the limit */
  #clean(context) {
    const clean = {
      url_path: cleanText(context.url_path, 1024),
      title: cleanText(context.title ?? "", 256),
      page: context.page ? cleanText(context.page, 200) : undefined,
      facts: {},
      locale: cleanText(context.locale ?? "", 35),
      viewport: [Number(context.viewport?.[0]) || 0, Number(context.viewport?.[1]) || 0],
    };
    const { url_path, title, page, locale } = clean;
    const taken = weigh(url_path) + weigh(title) + weigh(page ?? "") + weigh(locale) + 120;
    const warn = this.#warn;
    clean.facts = fitting(cleanFacts(context.facts, warn), contextLimit - taken, warn);
    return clean;
  }

  /**
   * What the page's own `beforeSend` leaves of something; null when it is not to be sent.
   * @param {"context" | "track"} kind
   * @param {any} fields
   */
  #checked(kind, fields) {
    const check = this.#options.beforeSend;
    if (!check) return fields;
    try {
      const answer = check({ kind, ...fields });
      if (answer && typeof answer === "object" && typeof answer.then !== "function") return answer;
      if (answer) this.#warn("beforeSend must answer at once; nothing was sent.", "before_send");
    } catch (error) {
      this.#warn(`beforeSend failed, so nothing was sent: ${error}`, "before_send");
    }
    return null;
  }
}

/** @param {any} context */
function fingerprint({ url_path, title, page, locale, facts }) {
  let text = `${url_path}\n${title}\n${page}\n${locale}`;
  for (const key of namesOf(facts)) text += `\n${key}=${facts[key]}`;
  return text;
}
