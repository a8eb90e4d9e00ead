// @ts-check

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say } from "../strings.js";
import { dialogButtons, openDialog } from "./dialog.js";
import { permissionList } from "./plugin-parts.js";

/**
 * Shows what a plugin asks for, and asks whether it gets it.
 * @param {any} plugin with its configuration's schema
 * @param {object} options
 * @param {string[] | null} options.more what it asks for beyond what was agreed to; null for all
 * @param {boolean} options.hasUnsaved whether settings wait to be saved
 * @param {() => void} options.agree
 */
export function openConsent(plugin, { more, hasUnsaved, agree }) {
  const { name, permissions, config_schema: schema, trust } = plugin;
  const lines = more ?? permissions;
  openDialog(
    "consent-dialog",
    say(more ? "consentMore" : "consentTitle", { name }),
    (close) => [asked(close, say(more ? "consentMoreYes" : "consentYes"), agree, [
      ...(lines.length > 0
        ? [
          h("p", {}, say(more ? "consentMoreLead" : "consentLead")),
          permissionList(lines, schema),
        ]
        : [h("p", {}, say("pluginNoPermissions"))]),
      trust === "unsigned" && caution("consentUnsigned"),
      hasUnsaved && caution("consentUnsaved"),
    ])],
  );
}

/**
 * Asks once more before something is changed for everybody.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.lead
 * @param {string} question.yes
 * @param {() => void} question.agree
 */
export function openQuestion({ title, lead, yes, agree }) {
  openDialog("plugin-question", title, (close) => [asked(close, yes, agree, [h("p", {}, lead)])]);
}

/**
 * @param {() => void} close
 * @param {string} yes
 * @param {() => void} agree
 * @param {(Node | false)[]} content
 */
function asked(close, yes, agree, content) {
  const form = h("form", { class: "dialog__form" }, content, dialogButtons(close, yes));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    agree();
  });
  return form;
}

/** @param {string} key */
function caution(key) {
  return h("p", { class: "caution" }, icon("alert", 16), h("span", {}, say(key)));
}
