// @ts-check

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import {
  account,
  cautionKeys,
  digitsApart,
  likelyIntents,
  otherIntents,
  ruleWords,
} from "../models/decision.js";
import { say, strings } from "../strings.js";
import { languageName, moodWord, percent } from "./parts.js";

/** @typedef {import("../models/decision.js").Evidence} Evidence */
/** @typedef {(intent: string | null | undefined) => string} Titles */

const factNames = Object.freeze({ page: "factPage", before: "factBefore" });

/**
 * Why the assistant did what it did, in the order in which it mattered. Older events say less.
 * @param {any} d a decision
 * @param {import("../models/intents.js").Intents} intents
 */
export function whyPanel(d, intents) {
  const title = titlesOf(d, intents);
  const done = ruleWords(d, title);
  // What is opened has been asked for: the log around it does not announce it a second time.
  return h("div", { class: "why", "aria-live": "off" },
    done && h("p", { class: "why__done", dir: "auto" }, say(...done)),
    sureness(d),
    evidence(d, title),
    others(d, title),
    nearest(d, title),
    signals(d),
    small(d));
}

/**
 * Titles as they were when it was decided, and else as they are now.
 * @param {any} d
 * @param {import("../models/intents.js").Intents} intents
 * @returns {Titles}
 */
export function titlesOf(d, intents) {
  const ranked = new Map(
    (d.ranking ?? []).map((/** @type {any} */ each) => [each.intent, each.title]),
  );
  return (intent) => ranked.get(intent ?? "") || intents.title(intent);
}

/** @param {any} d */
function sureness({ confidence, threshold, target, ...d }) {
  if (typeof confidence !== "number" || typeof threshold !== "number") return null;
  const bar = h(
    "div",
    { class: "sure__bar", "aria-hidden": "true", dataset: { enough: confidence >= threshold } },
    h("i", {}),
  );
  bar.style.setProperty("--sure", `${confidence * 100}%`);
  bar.style.setProperty("--needed", `${threshold * 100}%`);
  const reasons = cautionKeys(d).map((key) => say(key)).join(", ");
  const asked = [
    target ? say("target", { percent: percent(target, 1) }) : "",
    reasons && say("caution", { reasons }),
  ].filter(Boolean);
  const digits = digitsApart(confidence, threshold);
  const values = { sure: percent(confidence, digits), needed: percent(threshold, digits) };
  return h("div", { class: "sure" },
    h("p", { class: "sure__text" }, say("sureNeeded", values)),
    bar,
    asked.length > 0 && h("p", { class: "sure__asked" }, asked.join(" · ")));
}

/**
 * The sum that decided between the two likeliest intents: what is for the first to the one side,
 * what is for the second to the other.
 * @param {any} d
 * @param {Titles} title
 */
function evidence(d, title) {
  const { rows, rest, margin } = account(d);
  if (rows.length === 0) return null;
  const first = title(likelyIntents(d)[0]?.intent ?? d.intent);
  const second = d.against ? title(d.against) : "";
  return h("div", {},
    h("h4", {}, say("evidence")),
    h("p", { class: "evidence__sides" },
      h(
        "span",
        {},
        h("bdi", {}, second ? say("evidenceFor", { intent: second }) : say("evidenceAgainst")),
      ),
      h("span", {}, h("bdi", {}, say("evidenceFor", { intent: first })))),
    h(
      "ul",
      { class: "evidence" },
      rows.map((row) => evidenceRow(row, title)),
      rest && evidenceRow({ ...rest, text: say("evidenceRest") }, title),
      margin !== null &&
        h(
          "li",
          { class: "evidence__sum" },
          h(
            "span",
            { class: "evidence__word" },
            h("bdi", {}, second ? say("evidenceAhead", { intent: second }) : say("evidenceSum")),
          ),
          drawWeight(margin),
        ),
    ));
}

/** @param {Evidence} row @param {Titles} title */
function evidenceRow({ text, fact, weight, share }, title) {
  const isFor = weight >= 0;
  const bar = h(
    "span",
    { class: "evidence__bar", "aria-hidden": "true", dataset: { side: isFor ? "for" : "against" } },
    h("i", {}),
  );
  bar.style.setProperty("--share", String(share));
  const name = factNames[/** @type {keyof typeof factNames} */ (fact)];
  return h(
    "li",
    { dataset: { fact } },
    h(
      "span",
      { class: "evidence__word" },
      h("bdi", {}, fact === "before" ? title(text) : text),
      fact !== undefined &&
        h("small", {}, icon("page", 11), name ? say(name) : fact.replaceAll("_", " ")),
    ),
    bar,
    drawWeight(weight),
  );
}

/** @param {number} weight */
function drawWeight(weight) {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const text = weight.toLocaleString(strings.locale, { ...digits, signDisplay: "exceptZero" });
  return h("span", { class: "evidence__weight" }, h("bdi", { dir: "ltr" }, text));
}

/** @param {any} d @param {Titles} title */
function others(d, title) {
  const likely = otherIntents(d);
  if (likely.length === 0) return null;
  return h("div", {},
    h("h4", {}, say("couldBe")),
    h("ul", { class: "why__ranking" }, likely.map(({ intent, p }) =>
      h(
        "li",
        {},
        h("span", {}, h("bdi", {}, title(intent))),
        h("meter", { min: "0", max: "1", value: String(p), "aria-label": title(intent) }),
        h("span", {}, percent(p)),
      ))));
}

/** @param {any} d @param {Titles} title */
function nearest({ nearest }, title) {
  if (!nearest?.text) return null;
  const values = { intent: title(nearest.intent), percent: percent(nearest.similarity ?? 0) };
  return h("div", {},
    h("h4", {}, say("nearest")),
    h("p", {}, h("q", { dir: "auto" }, nearest.text), ` (${say("nearestOf", values)})`));
}

/** @param {any} d */
function signals({ mood, urgency, language, out_of_scope: outside }) {
  const known = [
    typeof mood === "number" && [say("mood"), say(moodWord(mood))],
    typeof urgency === "number" && [say("urgency"), percent(urgency)],
    language && [say("language"), languageName(language)],
    typeof outside === "number" && [say("outOfScope"), percent(outside)],
  ].filter(Boolean);
  if (known.length === 0) return null;
  return h(
    "dl",
    { class: "why__signals" },
    known.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

/** @param {any} d */
function small({ versions = {}, micros, stages = {} }) {
  const named = (/** @type {object} */ values) =>
    Object.entries(values).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
  const made = named(versions).join(", ");
  const took = named(stages).join(", ");
  const lines = [
    made && say("madeBy", { versions: made }),
    typeof micros === "number" && say(took ? "tookStages" : "took", { micros, stages: took }),
  ].filter(Boolean);
  return lines.length > 0 && h("p", { class: "why__small" }, lines.join(" · "));
}
