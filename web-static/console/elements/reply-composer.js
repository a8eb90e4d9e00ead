// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { matchingReplies, slashQuery } from "../models/canned.js";
import { DraftOrigin } from "../models/draft-origin.js";
import { say } from "../strings.js";
import { DraftHelp } from "./draft-help.js";
import { percent } from "./parts.js";
import { ProposalCards } from "./proposal-cards.js";
import { ReplyFiles } from "./reply-files.js";

/** @typedef {"reply" | "note"} Mode */
/** @typedef {import("../models/canned.js").CannedReply} CannedReply */
/** @typedef {import("../models/draft-origin.js").Draft} Draft */
/** @typedef {import("../models/draft-origin.js").Suggestion} Suggestion */
/** @typedef {import("../../shared/attachments.js").UploadedFile} UploadedFile */

/** Where an agent writes: to the customer or, in another colour and other words, to the team. */
export class ReplyComposer {
  /** @type {Mode} */
  mode = "reply";
  element = h("form", { id: "composer", class: "composer" });
  #field = h(
    "textarea",
    {
      id: "reply-field",
      class: "composer__field",
      rows: "2",
      maxlength: "8000",
      dir: "auto",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "canned",
      "aria-describedby": "composer-warning",
    },
  );
  #send = h(
    "button",
    { id: "send", class: "button button--primary", type: "submit", disabled: true },
  );
  #tabs = {
    reply: h(
      "button",
      {
        id: "mode-reply",
        class: "composer__tab",
        type: "button",
        onclick: () => this.write("reply"),
      },
      icon("back", 15),
      say("reply"),
    ),
    note: h(
      "button",
      {
        id: "mode-note",
        class: "composer__tab composer__tab--note",
        type: "button",
        onclick: () => this.write("note"),
      },
      icon("note", 15),
      say("note"),
    ),
  };
  #warning = h("p", { id: "composer-warning", class: "composer__warning" });
  #canned = h(
    "ul",
    { id: "canned", class: "canned", role: "listbox", "aria-label": say("canned"), hidden: true },
  );
  #suggestions = h("div", { id: "suggestions", class: "suggestions", hidden: true });
  /** @type {CannedReply[]} */
  #replies = [];
  /** @type {CannedReply[]} */
  #matches = [];
  #picked = 0;
  #canReply = true;
  #canDraft = false;
  #help;
  #proposals;
  #origin = new DraftOrigin();
  #behaviour;
  files = new ReplyFiles(() => this.#showSend());
  #suggestionKey = "";

  /**
   * @param {object} behaviour
   * @param {(mode: Mode, text: string, suggestion: Suggestion | null, files: UploadedFile[])
   *   => void} behaviour.send with what the text was made from, and what goes with it
   * @param {(mode: Mode, text: string) => void} behaviour.typed
   * @param {(text: string) => string} behaviour.fillIn puts facts into a canned reply
   * @param {import("./assist-question.js").Ask} behaviour.draft asks for a reply
   * @param {import("./proposal-cards.js").Review} behaviour.review opens a proposed action
   * @param {(name: string) => any} behaviour.known a proposed action, if it is known
   * @param {(name: string) => any} behaviour.schemaOf what an action's input looks like
   */
  constructor(behaviour) {
    this.#behaviour = behaviour;
    this.#help = new DraftHelp({
      ask: behaviour.draft,
      insert: (text, hasFocus) => this.#insertDraft(text, hasFocus),
      propose: (proposals) => this.#proposals.replace(proposals),
    });
    this.#proposals = new ProposalCards({
      review: behaviour.review,
      schemaOf: behaviour.schemaOf,
      known: behaviour.known,
      leave: () => (this.#help.button.hidden ? this.#field : this.#help.button).focus(),
    });
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("paste", (event) => this.files.paste(event));
    fill(this.element,
      this.#suggestions,
      h("div", { class: "composer__head" },
        this.#tabs.reply, this.#tabs.note, this.#help.button, this.#warning),
      this.#canned,
      this.#help.element,
      this.#proposals.element,
      this.files.element,
      h("div", { class: "composer__box" }, this.#field, this.files.button, this.#send));
    this.#showMode();
  }

  // Actions

  /** @returns {Draft} */
  get draft() {
    const { suggestion } = this.#origin;
    return { text: this.#field.value, suggestion, files: this.files.held };
  }

  set draft({ text, suggestion, files = null }) {
    this.#help.drop();
    this.files.held = files;
    this.#field.value = text;
    this.#origin.suggestion = suggestion;
    this.#typed();
  }

  /** @param {boolean} canDraft whether a language model drafts replies */
  set canDraft(canDraft) {
    this.#canDraft = canDraft;
    this.#showMode();
  }

  /** @param {Mode} mode */
  write(mode) {
    this.turnTo(mode);
    this.#field.focus();
  }

  /** @param {Mode} mode */
  turnTo(mode) {
    this.mode = mode;
    this.#showMode();
  }

  leave() {
    this.#field.blur();
  }

  /**
   * @param {string} text a suggestion or a canned reply; never sent by itself
   * @param {{text: string, intent?: string} | null} [suggestion] what it was suggested as
   */
  insert(text, suggestion = null) {
    this.mode = "reply";
    this.#showMode();
    this.#origin.inserted(this.#field.value, suggestion);
    this.#append(text);
    this.#field.focus();
  }

  /**
   * @param {string} text drafted by a language model
   * @param {boolean} hasFocus whether the focus waits for it
   */
  #insertDraft(text, hasFocus) {
    const before = this.draft;
    this.#origin.inserted(before.text);
    this.#append(text);
    if (hasFocus) this.#field.focus();
    const undo = () => {
      this.#field.value = before.text;
      this.#origin.suggestion = before.suggestion;
      this.#typed();
      this.#field.focus();
    };
    return { text: this.#field.value, undo };
  }

  /** @param {string} text what was written stays before it */
  #append(text) {
    this.#field.value = this.#field.value.trim() ? `${this.#field.value.trimEnd()}\n${text}` : text;
    this.#typed();
  }

  /** @param {CannedReply[]} replies */
  set canned(replies) {
    this.#replies = replies;
  }

  /**
   * @param {object} state
   * @param {boolean} state.canReply
   * @param {any[]} state.suggestions
   * @param {string} state.c
   * @param {any} state.left what a workflow left for a person to have done
   */
  show({ canReply, suggestions, c, left }) {
    this.#proposals.turnTo(c);
    this.#proposals.leave(canReply ? left : null);
    if (canReply !== this.#canReply) {
      this.#canReply = canReply;
      this.#showMode();
    }
    const key = JSON.stringify([c, canReply, suggestions]);
    if (key === this.#suggestionKey) return;
    this.#suggestionKey = key;
    this.#suggestions.hidden = !canReply || suggestions.length === 0;
    fill(this.#suggestions, suggestions.slice(0, 2).map((suggestion) =>
      h("div", { class: "suggested" },
        icon("spark", 16),
        h("p", { class: "suggested__text", dir: "auto", title: suggestion.text }, suggestion.text),
        h(
          "span",
          { class: "suggested__about" },
          `${percent(suggestion.confidence ?? 0)} · ${suggestion.source ?? ""}`,
        ),
        h(
          "button",
          {
            class: "button button--small",
            type: "button",
            onclick: () => this.insert(suggestion.text, suggestion),
          },
          say("insert"),
        ))));
  }

  // Rendering

  #showMode() {
    const isNote = this.mode === "note";
    const isBlocked = !isNote && !this.#canReply;
    this.element.dataset.mode = this.mode;
    this.#tabs.reply.setAttribute("aria-pressed", String(!isNote));
    this.#tabs.note.setAttribute("aria-pressed", String(isNote));
    this.#field.placeholder = say(isNote ? "notePlaceholder" : "replyPlaceholder");
    this.#field.setAttribute("aria-label", say(isNote ? "note" : "reply"));
    this.#field.readOnly = isBlocked;
    this.#warning.textContent = say(
      isNote ? "noteWarning" : isBlocked ? "notYours" : "replyWarning",
    );
    this.#help.show(this.#canDraft && !isNote && this.#canReply);
    fill(this.#send, say(isNote ? "saveNote" : "sendReply"));
    this.files.turn(!isNote && this.#canReply);
    this.#showSend();
  }

  #showSend() {
    this.#send.disabled = !this.#canSend;
    this.#send.title = this.files.isReady ? "" : say("filesNotReady");
  }

  get #canSend() {
    const isEmpty = this.#field.value.trim() === "" && this.files.isEmpty;
    const isBlocked = this.mode === "reply" && !this.#canReply;
    return !isEmpty && !isBlocked && this.files.isReady;
  }

  #showCanned() {
    const query = this.mode === "reply" ? slashQuery(this.#field.value) : null;
    this.#matches = query === null ? [] : matchingReplies(this.#replies, query);
    this.#picked = Math.min(this.#picked, Math.max(0, this.#matches.length - 1));
    const isOpen = query !== null;
    this.#canned.hidden = !isOpen;
    this.#field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.#field.removeAttribute("aria-activedescendant");
    else if (this.#matches.length) {
      this.#field.setAttribute("aria-activedescendant", `canned-${this.#picked}`);
    }
    fill(this.#canned, this.#matches.length ? this.#matches.map((reply, index) =>
      h(
        "li",
        {
          id: `canned-${index}`,
          class: "canned__item",
          role: "option",
          "aria-selected": String(index === this.#picked),
          onmousedown: (/** @type {Event} */ event) => { event.preventDefault(); this.#take(
            reply,
          ); },
        },
        h("strong", { dir: "auto" }, reply.title),
        h("span", { dir: "auto" }, reply.text),
      )) : h("li", { class: "canned__none" }, say("cannedNone")));
  }

  // Callbacks

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (!this.#canSend) return;
    const text = this.#field.value.trim();
    const mode = this.mode;
    const { suggestion } = this.#origin;
    const files = this.files.take();
    this.#clear();
    this.#behaviour.send(mode, text, suggestion, files);
    this.#field.focus();
  }

  #clear() {
    this.draft = { text: "", suggestion: null };
  }

  #typed() {
    this.#origin.changed(this.#field.value);
    this.#help.typed(this.#field.value);
    this.#showSend();
    this.#field.style.setProperty("block-size", "auto");
    this.#field.style.setProperty("block-size", `${Math.min(this.#field.scrollHeight + 2, 220)}px`);
    this.#showCanned();
    this.#behaviour.typed(this.mode, this.#field.value);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const isPicking = !this.#canned.hidden && this.#matches.length > 0;
    if (isPicking && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#picked = (this.#picked + step + this.#matches.length) % this.#matches.length;
      this.#showCanned();
    } else if (isPicking && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      this.#take(this.#matches[this.#picked]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.element.requestSubmit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.#canned.hidden) this.leave();
      else this.#clear();
    }
  }

  /** @param {CannedReply} reply */
  #take(reply) {
    this.#field.value = "";
    this.insert(this.#behaviour.fillIn(reply.text));
  }
}
