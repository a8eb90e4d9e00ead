// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { ActionOrder, isGrave } from "../models/action-order.js";
import { say } from "../strings.js";
import { effectBadge } from "./action-picker.js";
import { drawInput, drawResult } from "./action-result.js";
import { openDialog } from "./dialog.js";
import { showToast } from "./notices.js";
import { SchemaForm } from "./schema-form.js";

/** @typedef {import("../models/action-order.js").Action} Action */

/** An action from its form over the question, if there is one, to its result. */
export class ActionDialog {
  #action;
  #options;
  #order;
  #form;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  #element = h("form", { class: "dialog__form action", novalidate: true });
  #body = h("div", { class: "action__body" });
  #status = h("div", { class: "action__status", role: "status" });
  #alert = h("div", { class: "action__alert", role: "alert" });
  #buttons = h("div", { class: "dialog__buttons" });
  #state = "";

  /**
   * @param {Action} action
   * @param {object} options
   * @param {string} options.conversation
   * @param {string} options.customer what to call them
   * @param {Record<string, any>} options.input what the form begins with
   * @param {import("../models/action-order.js").Post} options.post
   * @param {((text: string) => void) | null} options.insert puts a text into the reply
   * @param {(hasBegun: boolean) => void} [options.closed] is told whether it was sent
   */
  constructor(action, options) {
    this.#action = action;
    this.#options = options;
    this.#order = new ActionOrder({
      action,
      conversation: options.conversation,
      post: options.post,
      onChange: () => this.#changed(),
    });
    this.#form = new SchemaForm(action.input, {
      id: "action",
      root: "input",
      given: options.input,
    });
    this.#element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** @param {boolean} isAtOnce whether nothing is left to be entered */
  open(isAtOnce) {
    const { title, plugin_name: plugin, description, effect } = this.#action;
    const lead = h("p", { class: "action__lead" },
      effectBadge(effect),
      h("span", { dir: "auto" },
        say("actionFor", { plugin, name: this.#options.customer })));
    fill(this.#element, this.#body, this.#alert, this.#status, this.#buttons);
    this.#dialog = openDialog(
      "action-dialog",
      title,
      () => [
        lead,
        ...(description ? [h("p", { class: "action__about", dir: "auto" }, description)] : []),
        this.#element,
      ],
      {
        isHeld: () => this.#order.isHeld || this.#form.isDirty,
        onClose: () => {
          this.#dialog = null;
          this.#options.closed?.(this.#order.hasBegun);
        },
      },
    );
    this.#draw();
    if (isAtOnce) void this.#order.begin(this.#form.read());
    else if (this.#form.isEmpty) this.#focusMain();
    else this.#form.focus();
  }

  #submit() {
    const order = this.#order;
    if (order.state === "asking") return void order.confirm();
    if (order.state === "unknown" || order.state === "running") return void order.again();
    if (order.state === "done") return this.#dialog?.close();
    if (order.isIdle && this.#form.check()) void order.begin(this.#form.read());
  }

  #changed() {
    if (this.#dialog) this.#draw();
    else this.#tellAfterwards();
  }

  /** Who closed the dialog while it was under way still wants to know. */
  #tellAfterwards() {
    const { state, output, reason } = this.#order;
    const { title } = this.#action;
    const words = {
      done: output?.summary ?? say("actionDone"),
      failed: say("actionFailed", { why: reason }),
      refused: say("actionRefused", { why: reason }),
      unknown: say("actionUnknown", { why: reason }),
      asking: say("actionNotConfirmed"),
      ready: say("actionInvalid"),
    };
    const text = words[/** @type {keyof typeof words} */ (state)];
    if (text) showToast(`${title}: ${text}`);
  }

  #draw() {
    const { state, faults, isLeftAlone, reason } = this.#order;
    const key = `${state} ${isLeftAlone} ${reason}`;
    if (key === this.#state && faults.length === 0) return;
    const hadFocus = this.#dialog?.contains(document.activeElement) ?? false;
    this.#state = key;
    this.#element.dataset.state = state;
    this.#element.setAttribute("aria-busy", String(state === "sending"));
    this.#form.isDisabled = this.#order.isHeld;
    this.#drawBody();
    this.#drawWords();
    this.#drawButtons();
    if (faults.length > 0) this.#form.showFaults(faults, say("actionInvalid"));
    else if (hadFocus) this.#focusMain();
  }

  #drawBody() {
    const { state, question, output, input } = this.#order;
    const { title } = this.#action;
    if (state === "asking") {
      fill(this.#body,
        h("p", { id: "action-question", class: "action__question", role: "alert", dir: "auto" },
          icon("alert", 18), h("span", {}, question)),
        drawInput(input, this.#action.input));
    } else if (state === "done") {
      fill(this.#body,
        h("div", { class: "result" }, drawResult(output, {
          title,
          insert: this.#options.insert && ((text) => {
            // Closing gives the focus back to where it was: the reply takes it after that.
            this.#dialog?.close();
            this.#options.insert?.(text);
          }),
        })));
    } else if (!this.#body.contains(this.#form.element)) {
      fill(this.#body, this.#form.element);
    }
  }

  /** What is told as it happens, and what went wrong. */
  #drawWords() {
    const { state, reason: why, output, isLeftAlone } = this.#order;
    const keys = { failed: "actionFailed", refused: "actionRefused", unknown: "actionUnknown" };
    const wrong = keys[/** @type {keyof typeof keys} */ (state)];
    fill(this.#alert, wrong && h("p", {}, icon("alert", 16),
      h("span", { dir: "auto" }, say(wrong, { why }))));
    const done = state === "done" && (output.summary || say("actionDone"));
    fill(this.#status,
      state === "sending" && say("actionWorking"),
      state === "running" && say(isLeftAlone ? "actionRunningLong" : "actionRunning"),
      // The result itself is seen above: here it is for those who hear it.
      done && h("span", { class: "visually-hidden" }, done));
  }

  #drawButtons() {
    const { state, isLeftAlone } = this.#order;
    const { title } = this.#action;
    const close = () => this.#dialog?.close();
    if (state === "asking") {
      fill(this.#buttons,
        button("action-no", say("actionNo"), () => this.#order.takeBack()),
        this.#main(say("actionYes", { title })));
    } else if (state === "done") {
      fill(this.#buttons,
        button("action-close", say("close"), close, "button--primary"));
    } else if (state === "sending" || (state === "running" && !isLeftAlone)) {
      fill(this.#buttons, button("action-close", say("close"), close), this.#busy());
    } else {
      const words = { failed: "retry", unknown: "retry", running: "actionAskAgain" };
      const key = words[/** @type {keyof typeof words} */ (state)];
      fill(this.#buttons,
        button("action-close", say(state === "ready" ? "cancel" : "close"), close),
        this.#main(key ? say(key) : title));
    }
  }

  /** @param {string} label */
  #main(label) {
    const tone = isGrave(this.#action) ? "button--danger" : "button--primary";
    return h("button", { id: "action-run", class: `button ${tone}`, type: "submit" },
      h("span", { dir: "auto" }, label));
  }

  #busy() {
    const state = { type: "button", "aria-disabled": "true" };
    return h("button", { id: "action-run", class: "button button--primary", ...state },
      h("span", { class: "spinner", "aria-hidden": "true" }), say("actionWorking"));
  }

  /** Where somebody goes on: at a question with the way back. */
  #focusMain() {
    const name = this.#order.state === "asking" ? "#action-no" : "#action-run, #action-close";
    const places = /** @type {HTMLElement[]} */ ([...this.#buttons.querySelectorAll(name)]);
    places.at(-1)?.focus();
  }
}

/**
 * @param {string} id
 * @param {string} label
 * @param {() => void} onclick
 * @param {string} [more]
 */
function button(id, label, onclick, more = "") {
  return h("button", { id, class: `button ${more}`.trim(), type: "button", onclick }, label);
}
