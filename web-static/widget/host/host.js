// @ts-check

import { check, fromData } from "./api.js";
import { Embedding } from "./embedding.js";
import { adopt } from "./own.js";

/**
 * @typedef {object} Call
 * @property {any[]} call the method and its arguments
 * @property {(value: any) => void} resolve
 * @property {(reason: any) => void} reject
 * @property {string} [path] where the page was when it called
 */

/**
 * Begins with what `loader.js` has drawn, if a site was named there.
 * @param {any} parts
 * @returns {{take: (call: Call) => void}}
 */
export function begin(parts) {
  adopt(parts.own);
  return new Host(parts);
}

/** `window.maitred`: checks what is asked, and keeps it until there is a widget to ask. */
class Host {
  /** @type {Embedding | null} */
  #embedding = null;
  /** @type {Promise<void> | null} the end of the last one */
  #ending = null;
  #isShutDown = false;
  /** @type {Call[]} */
  #waiting = [];
  #parts;
  #defaults;

  /** @param {any} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#defaults = fromData(parts.data, (why) => console.warn(`maitred: ${why}`));
    if (parts.shell) this.#boot({});
  }

  /** @param {Call} call */
  async take(call) {
    const [method, ...values] = call.call;
    try {
      check(method, values);
      if (method === "boot") call.resolve(await this.#boot(values[0] ?? {}));
      else if (this.#embedding) call.resolve(await this.#run(method, values, call.path));
      else if (this.#isShutDown) throw new Error(`maitred: '${method}' after shutdown.`);
      else this.#waiting[this.#waiting.length] = call;
    } catch (error) {
      call.reject(error);
    }
  }

  /** @param {any} options */
  async #boot(options) {
    if (this.#ending) await over(this.#ending);
    const { site } = this.#embedding?.options ?? {};
    if (site && options.site && options.site !== site) {
      throw new Error(`maitred: '${site}' has been booted; shut it down before another one.`);
    }
    if (this.#embedding) return this.#embedding.adopt(options);
    const settings = { ...this.#defaults, ...options };
    if (!settings.site) throw new Error("maitred: boot needs a site, or the script a data-site.");
    const { origin, make, localeOf, draw } = this.#parts;
    const shell = this.#parts.shell ?? draw(settings);
    this.#parts.shell = null;
    this.#isShutDown = false;
    const ended = () => {
      this.#over();
      this.#ending = embedding.end(false);
    };
    const embedding = new Embedding({ options: settings, shell, origin, make, localeOf, ended });
    this.#embedding = embedding;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) this.take(call);
  }

  /**
   * @param {string} method
   * @param {any[]} values of the kinds it takes
   * @param {string} [path]
   */
  async #run(method, values, path = location.pathname) {
    const widget = /** @type {Embedding} */ (this.#embedding);
    const [first, second] = values;
    switch (method) {
      case "open": return widget.open();
      case "close": return widget.close();
      case "toggle": return widget.toggle();
      case "show": return widget.show(true);
      case "hide": return widget.show(false);
      case "context": return widget.context.declare(first ?? {}, path);
      case "update": return widget.context.update(first);
      case "track": return widget.context.track(first, second ?? {});
      case "identify": return widget.identify(first);
      case "locale": return widget.speak(first);
      case "theme": return widget.wear(first);
      case "on": return widget.on(first, second);
      case "compose":
      case "ask":
        widget.open();
        return widget.frame.post({ t: method, text: first });
      case "shutdown":
        this.#over();
        this.#ending = widget.end(true);
        return await this.#ending;
    }
  }

  #over() {
    this.#embedding = null;
    this.#isShutDown = true;
  }
}

/**
 * However the last one ended, the next one may begin.
 * @param {Promise<void>} ending
 */
async function over(ending) {
  try {
    await ending;
  } catch {
    // The page was told when it asked for that end.
  }
}
