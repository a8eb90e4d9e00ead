// @ts-check

import { h } from "../../shared/dom.js";
import { composerKeys, shortcuts } from "../models/shortcuts.js";
import { say, strings } from "../strings.js";
import { dialogButtons, openDialog } from "./dialog.js";

/**
 * @param {object} options
 * @param {import("../models/team.js").Colleague[]} options.agents the others
 * @param {(target: {agent?: string, skill?: string, note?: string}) => void} options.transfer
 */
export function openTransfer({ agents, transfer }) {
  openDialog("transfer-dialog", say("transferTitle"), (close) => {
    const skills = [...new Set(agents.flatMap((agent) => agent.skills ?? []))].sort();
    const target = h("select", { id: "transfer-to" },
      h("option", { value: "" }, say("anyone")),
      agents.map((agent) => h("option", { value: `agent:${agent.id}` }, colleagueWords(agent))),
      skills.map((skill) => h("option", { value: `skill:${skill}` }, `${say("skill")}: ${skill}`)));
    const note = h("textarea", { id: "transfer-note", rows: "3", maxlength: "2000", dir: "auto" });
    const form = h("form", { class: "dialog__form" },
      h("label", { for: "transfer-to" }, say("transferTo")), target,
      h("label", { for: "transfer-note" }, say("transferNote")), note,
      dialogButtons(close, say("transfer")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [kind, value] = target.value.split(/:(.*)/);
      const text = note.value.trim();
      transfer({ ...(kind ? { [kind]: value } : {}), ...(text ? { note: text } : {}) });
      close();
    });
    return [form];
  });
}

/** @param {(until: string) => void} snooze */
export function openSnooze(snooze) {
  openDialog("snooze-dialog", say("snoozeTitle"), (close) => [
    h("div", { class: "dialog__choices" }, snoozeTimes(new Date()).map(([label, until]) =>
      h(
        "button",
        {
          class: "button dialog__choice",
          type: "button",
          onclick: () => { snooze(until.toISOString()); close(); },
        },
        h("span", {}, say(label)),
        h(
          "span",
          {},
          until.toLocaleString(
            strings.locale,
            { weekday: "short", hour: "2-digit", minute: "2-digit" },
          ),
        ),
      ))),
    dialogButtons(close, null),
  ]);
}

/** @param {(instruction: string) => void} give */
export function openReturn(give) {
  openDialog("return-dialog", say("returnTitle"), (close) => {
    const note = h("textarea", { id: "return-note", rows: "3", maxlength: "2000", dir: "auto" });
    const form = h(
      "form",
      { class: "dialog__form" },
      h("label", { for: "return-note" }, say("returnNote")),
      note,
      dialogButtons(close, say("returnToBot")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      give(note.value.trim());
      close();
    });
    return [form];
  });
}

/** @param {boolean} isOn whether single keys work @param {(on: boolean) => void} change */
export function openShortcuts(isOn, change) {
  openDialog("shortcuts-sheet", say("shortcuts"), (close) => {
    const box = h("input", { id: "shortcuts-on", type: "checkbox" });
    box.checked = isOn;
    box.addEventListener("change", () => change(box.checked));
    const table = (/** @type {readonly {key: string, words: string}[]} */ keys) =>
      h(
        "dl",
        { class: "keys" },
        keys.map(({ key, words }) =>
          h(
            "div",
            {},
            h("dt", {}, key.split("+").map((part) => h("kbd", {}, part))),
            h("dd", {}, words),
          ),
        ),
      );
    return [
      h(
        "label",
        { class: "dialog__switch", for: "shortcuts-on" },
        box,
        h("span", {}, say("shortcutsOn"), h("small", {}, say("shortcutsLead"))),
      ),
      table(shortcuts), h("h3", {}, say("inComposer")), table(composerKeys),
      h(
        "div",
        { class: "dialog__buttons" },
        h(
          "button",
          { class: "button button--primary", type: "button", onclick: close },
          say("close"),
        ),
      ),
    ];
  });
}

/** @param {import("../models/team.js").Colleague} colleague */
function colleagueWords({ name, state, load = 0, capacity }) {
  const words = `${name} – ${say(state)}`;
  return capacity ? `${words}, ${say("load", { load, capacity })}` : words;
}

/** @param {Date} now @returns {[string, Date][]} */
function snoozeTimes(now) {
  const inHours = (/** @type {number} */ hours) => new Date(now.getTime() + hours * 3_600_000);
  const atNine = (/** @type {number} */ days) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
  return [
    ["snoozeHour", inHours(1)],
    ["snoozeLater", inHours(3)],
    ["snoozeTomorrow", atNine(1)],
    ["snoozeWeek", atNine(((8 - now.getDay()) % 7) || 7)],
  ];
}
