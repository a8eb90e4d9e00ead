// @ts-check

import { byID } from "../../shared/dom.js";
import { looked } from "./before-send.js";
import { asCode, literal } from "./calls.js";
import { CallList } from "./elements/call-list.js";
import { DiagnosisPanel } from "./elements/diagnosis-panel.js";
import { LogPanel } from "./elements/log-panel.js";
import { OptionFields } from "./elements/option-fields.js";
import { SnippetPanel } from "./elements/snippet-panel.js";
import { Happenings } from "./happenings.js";
import { fromFragment, toBoot, toChange, toFragment } from "./options.js";
import { snippets } from "./snippets.js";

const page = /** @type {any} */ (window);
page.maitred ??= (/** @type {any[]} */ ...call) =>
  new Promise((resolve, reject) => (page.maitred.q ??= []).push({ call, resolve, reject }));

const { origin = "", site = "" } = document.body.dataset;
const events = [
  "open", "close", "unread", "message:sent", "message:received", "connection", "error",
];

/** The page on which everything about the widget can be tried. */
class Playground {
  #settings = fromFragment(location.hash, site);
  #happenings = new Happenings(() => this.#log?.show());
  #fields;
  #snippet;
  /** @type {LogPanel | undefined} */
  #log;
  #policy;

  /** @param {string} policy what a page's policy has to allow */
  constructor(policy) {
    this.#policy = policy;
    this.#fields = new OptionFields(byID("options"), this.#settings, {
      change: (name, value) => this.#change(name, value),
      reload: () => location.reload(),
      reset: () => {
        history.replaceState(null, "", location.pathname);
        location.reload();
      },
    });
    this.#snippet = new SnippetPanel(byID("snippet"), this.#snippets());
    this.#log = new LogPanel(byID("log"), this.#happenings);
    new CallList(byID("calls"), (method, values) =>
      method === "boot" ? this.#begin() : this.#call(method, values));
    new DiagnosisPanel(byID("diagnosis"), () => this.#diagnose());
    this.#begin();
  }

  // Actions

  async #begin() {
    const hasBegun = await this.#call("boot", [{
      ...toBoot(this.#settings),
      site: this.#settings.site,
      ...(this.#settings.identify ? { identify: identity } : {}),
      beforeSend: (/** @type {any} */ sent) => this.#leaves(sent),
    }]);
    if (!hasBegun) return;
    for (const name of events) {
      page.maitred("on", name, (/** @type {any} */ detail) => this.#heard(name, detail));
    }
    // A chat that was open on the last page is open again by now.
    this.#makeRoom();
  }

  /**
   * @param {string} method
   * @param {any[]} values
   * @returns {Promise<boolean>} whether it could be done
   */
  async #call(method, values) {
    const say = this.#happenings.add("call", asCode(method, values), "…");
    try {
      await page.maitred(method, ...values);
      say("done");
      return true;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), true);
      return false;
    } finally {
      // The end of a session closes the chat when nobody listens any more.
      if (method === "shutdown") this.#makeRoom();
    }
  }

  /** @param {string} name @param {string | boolean} value */
  #change(name, value) {
    this.#settings[name] = value;
    history.replaceState(null, "", toFragment(this.#settings, site) || location.pathname);
    this.#fields.show();
    this.#snippet.show(this.#snippets());
    this.#fields.tellDone();
    if (name === "identify") this.#call("identify", [value ? identity : null]);
    else if (name === "beforeSend" || name === "leaveOut" || name === "holdBack") return;
    else {
      const told = toChange(name, this.#settings);
      if (told) this.#call("boot", [told]);
      else this.#fields.tellLater(name);
    }
  }

  async #diagnose() {
    const { diagnose, report } = await import(`${origin}/widget/v1/diagnose.js`);
    const findings = await diagnose({
      origin, site: this.#settings.site, identity: this.#settings.identify ? identity : null,
    });
    return { findings, report: report(findings) };
  }

  // Callbacks

  /** @param {string} name @param {any} detail */
  #heard(name, detail) {
    const said = detail === undefined ? "" : ` ${literal(detail)}`;
    this.#happenings.add("event", `${name}${said}`, "", name === "error");
    if (name === "open" || name === "close") this.#makeRoom();
  }

  /** @param {any} sent @returns {any} */
  #leaves(sent) {
    const left = this.#settings.beforeSend ? looked(sent, this.#settings) : sent;
    const outcome = left === null ? "held back by beforeSend"
      : literal(left) === literal(sent) ? "as it is"
      : `changed by beforeSend to ${literal(left)}`;
    this.#happenings.add("leaves", literal(sent), outcome);
    return left;
  }

  /** Leaves the chat, when it is open, a part of the page. */
  #makeRoom() {
    const panel = document.getElementById("maitred")?.shadowRoot?.querySelector(".panel");
    document.body.dataset.chat = panel?.getAttribute("data-open") === "true" ? "open" : "closed";
  }

  #snippets() {
    return snippets(this.#settings, { origin, policy: this.#policy });
  }
}

/** Asks the demo's own server who is signed in, as a product's page asks its own. */
async function identity() {
  return (await fetch("/demo/identity")).text();
}

/** @returns {Promise<string>} */
async function policyOf() {
  try {
    const { wholePolicy } = await import(`${origin}/widget/v1/diagnosis/policy.js`);
    return wholePolicy(origin);
  } catch {
    // Without the chat's server there is still all the rest to look at.
    return `The chat's server, ${origin}, is not reached.`;
  }
}

new Playground(await policyOf());
