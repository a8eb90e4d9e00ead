// @ts-check

import { byID, fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { inkOn, isColour, textOf } from "./brand.js";
import { addressCard } from "./elements/address-card.js";
import { ChatHeader } from "./elements/chat-header.js";
import { showEarlier } from "./elements/earlier-list.js";
import { formCard } from "./elements/form-card.js";
import "./elements/maitred-composer.js";
import "./elements/maitred-transcript.js";
import { ratingCard } from "./elements/rating-card.js";
import { letterLine } from "./models/chat.js";
import { backWords, replyWords } from "./models/opening-hours.js";

/** @typedef {import("./models/chat.js").Chat} Chat */

/** Everything the customer sees. Knows nothing of the network. */
export class WidgetView {
  transcript = /** @type {import("./elements/maitred-transcript.js").default} */ (byID(
    "transcript",
  ));
  composer = /** @type {import("./elements/maitred-composer.js").default} */ (byID("composer"));
  #strings;
  #site;
  #config;
  #connection = byID("connection");
  #queue = byID("queue");
  #card = byID("card");
  #earlier = byID("earlier");
  /** @type {ChatHeader | null} */
  #header = null;
  #cardKey = "";
  /** @type {import("../shared/file-service.js").FileService | null} */
  #files = null;

  /**
   * @param {import("../shared/strings.js").Strings} strings
   * @param {any} config
   * @param {string} pagesAt where paths of the host's product begin
   */
  constructor(strings, config, pagesAt) {
    this.#strings = strings;
    this.#config = config;
    this.#site = config.site?.name ?? "";
    document.title = this.#site
      ? strings.say("chatWith", { site: this.#site })
      : strings.say("title");
    byID("chat").setAttribute("aria-label", document.title);
    this.brand = isColour(config.site?.colour) ? config.site.colour : null;
    if (this.brand) this.#paint(this.brand);
    this.transcript.begin(strings, {
      pagesAt,
      findFile: (id, use, isShown) => this.#files?.link(id, use, isShown),
    });
    this.composer.begin(strings);
    this.#showWelcome();
  }

  /**
   * Lets files be sent and be found again.
   * @param {import("../shared/file-service.js").FileService} files
   */
  beginFiles(files) {
    this.#files = files;
    const rules = this.#config.uploads;
    if (!rules) return;
    this.composer.beginFiles(
      rules,
      (...upload) => files.upload(...upload),
      byID("chat"),
    );
  }

  /** @param {ConstructorParameters<typeof ChatHeader>[2]} behaviour */
  beginHeader(behaviour) {
    this.#header = new ChatHeader(byID("header"), this.#strings, behaviour);
  }

  /**
   * @param {object} state
   * @param {Chat | null} state.chat
   * @param {import("../shared/outbox.js").Letter[]} state.letters
   * @param {Record<string, boolean>} state.opinions by message, whether it helped
   * @param {boolean} state.peopleOnline
   * @param {boolean} state.isAsking whether a wish for a person is on its way
   * @param {boolean} state.isConnected
   */
  show({ chat, letters, opinions, peopleOnline, isAsking, isConnected }) {
    const { say } = this;
    const back = this.#back;
    const owner = chat?.owner ?? { kind: "bot" };
    const status = chat?.status ?? "bot";
    this.#header?.show({ site: this.#site, owner, status, isOnline: peopleOnline, back });
    const lines = chat ? chat.lines(letters, opinions) : letters.map(letterLine);
    this.transcript.show(chat?.c ?? "", lines);
    // Whose words are seen to grow needs no dots.
    const isStreaming = lines.some(({ kind }) => kind === "draft");
    this.transcript.showTyping(isStreaming ? [] : (chat?.typing.writers ?? []));
    this.composer.show({
      canAskForPerson: chat?.canAskForPerson ?? true,
      hint: isAsking ? say(isConnected ? "humanAsked" : "humanLater")
        : status === "resolved" ? say("writeAgain") : "",
    });
    this.#showQueue(chat, peopleOnline);
  }

  /** @type {(key: string, values?: Record<string, string | number>) => string} */
  say = (key, values) => this.#strings.say(key, values);

  /**
   * @param {string} key what is wrong with the connection; "" for nothing
   * @param {() => void} [again]
   */
  showConnection(key, again) {
    this.#connection.hidden = key === "";
    fill(this.#connection, key && h("span", {}, this.say(key)),
      again &&
        h(
          "button",
          { type: "button", class: "connection__again", onclick: again },
          this.say("reconnect"),
        ));
  }

  /**
   * @param {string} key what the card is about; the same key leaves a card alone
   * @param {(() => HTMLElement) | null} make
   * @param {string} words what a screen reader is told of it
   */
  #showCard(key, make, words) {
    if (key === this.#cardKey) return;
    this.#cardKey = key;
    fill(this.#card, make?.());
    byID("announce").textContent = words;
  }

  /** The configuration was asked for again. @param {any} config */
  set config(config) {
    this.#config = config;
    this.#showWelcome();
  }

  /**
   * Asks for what the server wants to know, for a rating, for an address, or for nothing.
   * @param {object} about
   * @param {"form" | "rating" | "address" | ""} about.kind
   * @param {string} about.c
   * @param {import("./models/form.js").FormAsked} [about.form]
   * @param {object} behaviour
   * @param {(score: number, comment: string) => Promise<void>} behaviour.rate
   * @param {() => void} behaviour.skip
   * @param {(email: string) => Promise<void>} behaviour.leave
   * @param {(values: Record<string, string | boolean>) => Promise<void>} behaviour.submit
   */
  ask({ kind, c, form }, { rate, skip, leave, submit }) {
    const make = {
      form: () => formCard(this.#strings, /** @type {any} */ (form), { submit }),
      rating: () => ratingCard(this.#strings, { rate, skip }),
      address: () => addressCard(this.#strings, leave),
      "": null,
    };
    const words = {
      form: form?.title ?? "",
      rating: this.say("rate"),
      address: this.say("address"),
      "": "",
    };
    this.#showCard(kind && `${kind}:${c}:${form?.form ?? ""}`, make[kind], words[kind]);
  }

  /** The card goes away, and must not take the focus with it. */
  leaveCard() {
    // Its button may be gone already; who is elsewhere in the page stays there.
    const isLost = document.activeElement === document.body && document.hasFocus();
    if (isLost || this.#card.contains(document.activeElement)) this.composer.focusField();
  }

  /**
   * Gives the customer a text to keep.
   * @param {string} name
   * @param {string} text
   */
  save(name, text) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  /**
   * @param {Parameters<typeof showEarlier>[2]} rows
   * @param {Parameters<typeof showEarlier>[3]} behaviour
   */
  showEarlier(rows, behaviour) {
    this.#isEarlier(true);
    showEarlier(this.#earlier, this.#strings, rows, behaviour);
    this.#earlier.querySelector("button")?.focus();
  }

  hideEarlier() {
    if (this.#earlier.hidden) return;
    this.#isEarlier(false);
    this.composer.focusField();
  }

  /** @param {string} text */
  compose(text) {
    this.composer.text = text;
    this.composer.focusField();
  }

  /** @param {boolean} shown */
  #isEarlier(shown) {
    this.#earlier.hidden = !shown;
    this.transcript.hidden = shown;
    byID("foot").hidden = shown;
  }

  /** When the team is back, in words; empty while it is there. */
  get #back() {
    const { locale } = this.#strings;
    const words = backWords(this.#config.hours, Date.now(), locale);
    return words ? this.say(words.key, words.values) : "";
  }

  /** @param {string} brand */
  #paint(brand) {
    const { style } = document.documentElement;
    style.setProperty("--brand", brand);
    style.setProperty("--brand-ink", inkOn(brand));
    const text = `light-dark(${textOf(brand, "light")}, ${textOf(brand, "dark")})`;
    style.setProperty("--brand-text", text);
  }

  #showWelcome() {
    const { site, suggestions, hours, reply_s: replies } = this.#config;
    const reply = this.#back ? null : replyWords(replies);
    this.transcript.welcome = {
      greeting: site?.greeting || this.say("greeting"),
      about: [
        this.#site ? this.say("assistantHere") : "",
        reply ? this.say(reply.key, reply.values) : "",
        typeof hours?.text === "string" ? hours.text : "",
      ].filter(Boolean),
      suggestions: Array.isArray(suggestions) ? suggestions.slice(0, 4) : [],
    };
  }

  /** @param {Chat | null} chat @param {boolean} peopleOnline */
  #showQueue(chat, peopleOnline) {
    const isQueued = chat?.status === "queued" && peopleOnline;
    if (!isQueued) {
      this.#queue.hidden = true;
      fill(this.#queue);
      return;
    }
    const { position, expect_s: expected } = chat?.queue ?? {};
    const text = position ? this.say("queuePosition", { count: position }) : this.say("queuePlain");
    const wait = expected ? this.#waitWords(expected) : "";
    const line = wait ? `${text} · ${wait}` : text;
    this.#queue.hidden = false;
    if (this.#queue.textContent !== line) fill(this.#queue, icon("clock", 16), h("span", {}, line));
  }

  /** @param {number} seconds */
  #waitWords(seconds) {
    return seconds < 50
      ? this.say("queueSoon")
      : this.say("queueWait", { count: Math.round(seconds / 60) });
  }
}
