// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { isGrave } from "../models/action-order.js";
import { effectKey } from "../models/plugin-words.js";
import { say } from "../strings.js";
import { openDialog } from "./dialog.js";

/** @typedef {import("../models/action-order.js").Action} Action */

/** A search is worth a field when there are more actions than are seen at a glance. */
const searchFrom = 7;

/**
 * Asks which action is to be done, by plugin.
 * @param {Action[]} actions
 * @param {(action: Action) => void} pick
 */
export function openActionPicker(actions, pick) {
  openDialog("action-picker", say("actionsTitle"), (close) => {
    const list = h("div", { class: "picker" });
    const search = h("input", {
      id: "action-search",
      class: "field__control",
      type: "search",
      autocomplete: "off",
      placeholder: say("actionsSearch"),
      "aria-label": say("actionsSearch"),
    });
    const choose = (/** @type {Action} */ action) => {
      close();
      pick(action);
    };
    const draw = () => {
      const { value } = search;
      fill(list, drawGroups(matching(actions, value), choose, value));
    };
    search.addEventListener("input", draw);
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const [first] = matching(actions, search.value);
      if (first && search.value.trim()) choose(first);
    });
    draw();
    return [
      ...(actions.length >= searchFrom ? [search] : []),
      list,
      h("div", { class: "dialog__buttons" },
        h("button", { class: "button", type: "button", onclick: close }, say("cancel"))),
    ];
  });
}

/** @param {Action[]} actions @param {(action: Action) => void} choose @param {string} query */
function drawGroups(actions, choose, query) {
  if (actions.length === 0) {
    return [h("p", { class: "panel__none", role: "status" },
      say(query.trim() ? "actionsNone" : "actionsEmpty"))];
  }
  const plugins = [...new Set(actions.map(({ plugin }) => plugin))];
  return plugins.map((plugin) => {
    const own = actions.filter((action) => action.plugin === plugin);
    const heading = `picker-${plugin}`.replaceAll(".", "-");
    return h("section", { "aria-labelledby": heading },
      h("h3", { id: heading, dir: "auto" }, own[0].plugin_name),
      h("ul", {}, own.map((action) => h("li", {}, drawAction(action, choose)))));
  });
}

/** @param {Action} action @param {(action: Action) => void} choose */
function drawAction(action, choose) {
  return h(
    "button",
    {
      class: "picker__action",
      type: "button",
      dataset: { action: action.name },
      onclick: () => choose(action),
    },
    h("span", { class: "picker__title", dir: "auto" }, action.title),
    effectBadge(action.effect),
    action.description && h("span", { class: "picker__lead", dir: "auto" }, action.description),
  );
}

/**
 * What an action does to the world; the grave ones stand out, in words and with a sign.
 * @param {Action["effect"]} effect
 */
export function effectBadge(effect) {
  const grave = isGrave({ effect });
  return h("span", { class: `badge${grave ? " badge--tone-bad" : ""}`, dataset: { effect } },
    grave && icon("alert", 12), say(effectKey(effect)));
}

/** @param {Action[]} actions @param {string} query */
function matching(actions, query) {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return actions.filter(({ title, description, plugin_name: plugin }) => {
    const text = `${title} ${description ?? ""} ${plugin}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
