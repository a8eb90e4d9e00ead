// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { Attachments, mostFiles } from "../../shared/attachments.js";
import { AttachmentTray } from "../../shared/attachment-tray.js";
import { dropZone } from "../../shared/drop-zone.js";
import { emojiPicker } from "./emoji-picker.js";

const longest = 8000;

/** @typedef {import("../../shared/strings.js").Strings} Strings */

/**
 * Where the customer writes. Emits `send` (a text, its `uploads`, how its `files` look), `typed`
 * and `human`.
 */
export default class MaitredComposer extends HTMLElement {
  #field = h(
    "textarea",
    {
      id: "message",
      class: "composer__field",
      rows: "1",
      maxlength: String(longest),
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
    },
  );
  #send = h("button", { id: "send", class: "composer__send", type: "submit", disabled: true });
  #human = h("button", { id: "human", class: "composer__human", type: "button" });
  #hint = h("p", { class: "composer__hint", role: "status" });
  #form = h("form", { class: "composer" });
  #strings = /** @type {Strings} */ (/** @type {unknown} */ (null));
  /** @type {Attachments | null} */
  #attachments = null;
  /** @type {AttachmentTray | null} */
  #tray = null;
  #stateHint = "";
  #isWaitingForFiles = false;

  // Lifecycle

  /** @param {Strings} strings */
  begin(strings) {
    this.#strings = strings;
    this.#field.setAttribute("placeholder", strings.say("placeholder"));
    this.#send.setAttribute("aria-label", strings.say("send"));
    fill(this.#send, icon("send", 20));
    fill(this.#human, icon("person", 16), h("span", {}, strings.say("human")));
    const smile = this.#tool("emoji", "face4", strings.say("emoji"));
    const picker = emojiPicker(strings, smile, (emoji) => this.#insert(emoji));
    fill(
      this.#form,
      h("div", { class: "composer__row" },
        h("label", { class: "visually-hidden", for: "message" }, strings.say("write")),
        this.#field, smile, this.#send),
    );
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#human.addEventListener("click", () => this.dispatchEvent(new CustomEvent("human")));
    fill(this, picker, this.#form, h("div", { class: "composer__below" }, this.#human, this.#hint));
    this.#fit();
  }

  /**
   * Lets files go with a message.
   * @param {import("../../shared/attachments.js").UploadRules} rules
   * @param {import("../../shared/attachments.js").Upload} upload
   * @param {HTMLElement} area where they may be dropped
   */
  beginFiles(rules, upload, area) {
    const attachments = new Attachments({ rules, upload, onChange: () => this.#filesChanged() });
    const tray = new AttachmentTray(this.#strings, rules.limit);
    this.#attachments = attachments;
    this.#tray = tray;
    const add = (/** @type {Iterable<File>} */ files) => {
      const left = attachments.add(files);
      if (left > 0) tray.status.textContent = this.#tooMany();
      this.#showHint(left > 0 ? this.#tooMany() : "");
    };
    const chooser = h("input", { id: "files", type: "file", multiple: true, hidden: true,
      accept: rules.types?.join(",") || null });
    chooser.addEventListener("change", () => {
      add([...(chooser.files ?? [])]);
      // The same file may be chosen again.
      chooser.value = "";
      this.#field.focus();
    });
    const clip = this.#tool("attach", "clip", this.#strings.say("attach"));
    clip.addEventListener("click", () => chooser.click());
    this.#field.after(clip);
    this.#form.prepend(tray.element, tray.status, chooser);
    tray.addEventListener("retry", (/** @type {any} */ { detail: { key } }) =>
      attachments.retry(key));
    tray.addEventListener("remove", (/** @type {any} */ { detail }) => {
      attachments.remove(detail.key);
      if (document.activeElement === document.body) this.#field.focus();
    });
    this.#field.addEventListener("paste", (event) => {
      const files = event.clipboardData?.files;
      if (!files?.length) return;
      event.preventDefault();
      add(files);
    });
    dropZone(area, this.#strings.say("dropHere"), (files) => {
      add(files);
      this.#field.focus();
    });
  }

  // Actions

  get text() {
    return this.#field.value;
  }

  set text(text) {
    this.#field.value = text;
    this.#fit();
  }

  focusField() {
    this.#field.focus();
  }

  /** The connection is back. */
  resumeFiles() {
    this.#attachments?.resume();
  }

  /** Nothing of what was chosen stays. */
  clear() {
    this.text = "";
    this.#attachments?.clear();
  }

  /**
   * @param {object} state
   * @param {boolean} state.canAskForPerson
   * @param {string} state.hint
   */
  show({ canAskForPerson, hint }) {
    // A button that goes away must not take the focus with it.
    if (!canAskForPerson && document.activeElement === this.#human) this.#field.focus();
    this.#human.hidden = !canAskForPerson;
    this.#stateHint = hint;
    this.#showHint(this.#isWaitingForFiles ? this.#strings.say("sendsWhenUploaded") : "");
  }

  // Callbacks

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#isEmpty) return;
    this.#isWaitingForFiles = this.#attachments?.isBusy ?? false;
    if (this.#isWaitingForFiles) this.#showHint(this.#strings.say("sendsWhenUploaded"));
    else this.#deliver();
  }

  #deliver() {
    const text = this.#field.value.trim();
    const uploaded = this.#attachments?.take() ?? [];
    if (text === "" && uploaded.length === 0) return;
    this.text = "";
    const detail = {
      text,
      ...(uploaded.length > 0 && {
        uploads: uploaded.map((file) => file.upload_id),
        files: uploaded.map(({ name, type, size, width, height }) =>
          ({ name, type, size, width, height })),
      }),
    };
    this.dispatchEvent(new CustomEvent("send", { detail }));
    this.dispatchEvent(new CustomEvent("typed", { detail: { text: "" } }));
    this.#field.focus();
  }

  #filesChanged() {
    const attachments = this.#attachments;
    if (!attachments) return;
    this.#tray?.show(attachments.items);
    this.#fit();
    if (!this.#isWaitingForFiles || attachments.isBusy) return;
    this.#isWaitingForFiles = false;
    this.#showHint("");
    // What failed is decided by the writer, not sent without it.
    if (!attachments.hasFailed) this.#deliver();
  }

  #typed() {
    this.#fit();
    this.dispatchEvent(new CustomEvent("typed", { detail: { text: this.#field.value } }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  // Internal

  get #isEmpty() {
    const files = this.#attachments;
    return this.#field.value.trim() === "" && !files?.isBusy && !files?.uploaded.length;
  }

  #tooMany() {
    return this.#strings.say("tooManyFiles", { count: mostFiles });
  }

  /**
   * @param {string} id
   * @param {import("../../shared/icons.js").IconName} name
   * @param {string} label
   */
  #tool(id, name, label) {
    return h("button", { id, class: "composer__tool", type: "button", "aria-label": label,
      title: label }, icon(name, 20));
  }

  /** @param {string} emoji */
  #insert(emoji) {
    const { selectionStart, selectionEnd } = this.#field;
    this.#field.setRangeText(emoji, selectionStart, selectionEnd, "end");
    this.#field.focus();
    this.#typed();
  }

  /** @param {string} hint for the moment; without one, that of the conversation's state */
  #showHint(hint) {
    const text = hint || this.#stateHint;
    if (this.#hint.textContent !== text) this.#hint.textContent = text;
  }

  #fit() {
    // Without a letter in it "auto" means left to right: the cursor would stand at the wrong end.
    this.#field.dir = this.#field.value ? "auto" : document.documentElement.dir;
    this.#send.disabled = this.#isEmpty;
    this.#field.style.setProperty("block-size", "auto");
    this.#field.style.setProperty("block-size", `${Math.min(this.#field.scrollHeight, 140)}px`);
  }
}

customElements.define("maitred-composer", MaitredComposer);
