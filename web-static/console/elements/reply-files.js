// @ts-check

import { AttachmentTray } from "../../shared/attachment-tray.js";
import { Attachments, mostFiles } from "../../shared/attachments.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say, strings } from "../strings.js";

/** @typedef {import("../../shared/attachments.js").UploadRules} UploadRules */
/** @typedef {import("../../shared/attachments.js").Upload} Upload */

/**
 * The files that go with a reply: chosen or pasted, and on their way while the agent writes. Those
 * of another conversation wait with its draft.
 */
export class ReplyFiles {
  element = h("div", { class: "composer__files", hidden: true });
  button = h(
    "button",
    {
      id: "attach",
      class: "icon-button composer__attach",
      type: "button",
      title: say("attach"),
      "aria-label": say("attach"),
      hidden: true,
      onclick: () => this.#chooser.click(),
    },
    icon("clip", 20),
  );
  #chooser = h("input", { id: "files", type: "file", multiple: true, hidden: true });
  #tray = /** @type {AttachmentTray | null} */ (null);
  #onChange;
  #make = /** @type {(() => Attachments) | null} */ (null);
  /** @type {Attachments | null} */
  #held = null;
  #isOn = false;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#chooser.addEventListener("change", () => {
      this.add([...(this.#chooser.files ?? [])]);
      // The same file may be chosen again.
      this.#chooser.value = "";
    });
  }

  /** The server takes files. @param {UploadRules} rules @param {Upload} upload */
  begin(rules, upload) {
    const tray = new AttachmentTray(strings, rules.limit);
    this.#tray = tray;
    if (rules.types) this.#chooser.accept = rules.types.join(",");
    this.#make = () => {
      const made = new Attachments({
        rules,
        upload,
        onChange: () => made === this.#held && this.#changed(),
      });
      return made;
    };
    tray.addEventListener("retry", (/** @type {any} */ { detail }) =>
      this.#held?.retry(detail.key));
    tray.addEventListener("remove", (/** @type {any} */ { detail }) =>
      this.#held?.remove(detail.key));
    this.element.append(tray.element, tray.status, this.#chooser);
    this.#show();
  }

  /** The files of the draft at hand. */
  get held() {
    return this.#held;
  }

  set held(held) {
    this.#held = held;
    this.#changed();
  }

  /** Whether files can go with what is written. @param {boolean} isOn */
  turn(isOn) {
    this.#isOn = isOn;
    this.#show();
  }

  get isEmpty() {
    return !this.#isOn || (this.#held?.items.length ?? 0) === 0;
  }

  /** Whether nothing is on its way or has failed. */
  get isReady() {
    return !this.#isOn || !(this.#held?.isBusy || this.#held?.hasFailed);
  }

  /** @param {Iterable<File>} files */
  add(files) {
    if (!this.#isOn || !this.#make) return;
    this.#held ??= this.#make();
    const left = this.#held.add(files);
    if (left > 0 && this.#tray) {
      this.#tray.status.textContent = say("tooManyFiles", { count: mostFiles });
    }
  }

  /** Takes what was pasted if it is files. @param {ClipboardEvent} event */
  paste(event) {
    const files = event.clipboardData?.files;
    if (!files?.length || !this.#isOn || !this.#make) return;
    event.preventDefault();
    this.add(files);
  }

  /** The connection is back. */
  resume() {
    this.#held?.resume();
  }

  /** Gives what was uploaded to a reply. */
  take() {
    return this.#isOn ? (this.#held?.take() ?? []) : [];
  }

  #changed() {
    this.#tray?.show(this.#held?.items ?? []);
    this.#onChange();
  }

  #show() {
    const isShown = this.#isOn && this.#make !== null;
    this.button.hidden = !isShown;
    this.element.hidden = !isShown;
  }
}
