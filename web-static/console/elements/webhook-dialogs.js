// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say } from "../strings.js";
import { dialogButtons, openDialog } from "./dialog.js";
import { WebhookForm } from "./webhook-form.js";

/**
 * Asks where events are to be sent.
 * @param {(entry: import("./webhook-form.js").WebhookEntry) => Promise<string>} add does it, and
 *   answers why it was not done, or nothing
 */
export function openNewWebhook(add) {
  const fields = new WebhookForm("new-webhook");
  openDialog("new-webhook", say("webhookAdd"), (close) => {
    const form = h("form", { class: "dialog__form", novalidate: true },
      fields.element, dialogButtons(close, say("webhookAdd")));
    let isBusy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy || !fields.check()) return;
      isBusy = true;
      const entry = fields.read();
      const why = await add(entry);
      isBusy = false;
      if (why) fields.showRefused(say("webhookNotAdded"), why);
      else close();
    });
    return [form];
  }, { isHeld: () => fields.isDirty }).classList.add("dialog--wide");
  fields.focus();
}

/**
 * Shows a secret, once.
 * @param {string} title
 * @param {object} options
 * @param {string} options.secret
 * @param {string} [options.oldUntil] how long the one before it counts as well
 * @param {() => void} options.onClose
 */
export function openSecret(title, { secret, oldUntil, onClose }) {
  const field = h("input", {
    id: "webhook-secret",
    class: "field__control secret-once__value",
    readonly: true,
    dir: "ltr",
    spellcheck: "false",
    onfocus: () => field.select(),
  });
  field.value = secret;
  const status = h("p", { class: "secret-once__status", role: "status" });
  const copy = async () => {
    // Browsers give the clipboard to pages that came over TLS alone.
    const isCopied = await navigator.clipboard?.writeText(secret).then(() => true, () => false);
    if (isCopied) {
      fill(status, icon("check", 14), say("secretCopied"));
    } else {
      field.focus();
      status.textContent = say("secretCopyYourself");
    }
  };
  openDialog("secret-dialog", title, (close) => [
    h("div", { class: "dialog__form" },
      h("p", {}, say("secretLead")),
      oldUntil && h("p", { class: "field__hint" }, say("secretOldUntil", { until: oldUntil })),
      h("label", { for: "webhook-secret" }, say("secretLabel")),
      h("div", { class: "secret-once" }, field,
        h("button", { class: "button", type: "button", onclick: copy }, say("secretCopy"))),
      status,
      h("div", { class: "dialog__buttons" },
        h(
          "button",
          { class: "button button--primary", type: "button", onclick: close },
          say("secretDone"),
        ))),
  ], { isHeld: () => true, onClose }).addEventListener("cancel", (event) => {
    // The escape key is pressed too easily for what is not shown again.
    event.preventDefault();
  });
}
