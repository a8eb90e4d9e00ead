// @ts-check

import { renderBlocks, renderText } from "../../shared/blocks.js";
import { timeOfDay } from "../../shared/clock.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { messageFiles } from "../../shared/message-files.js";
import { say, strings } from "../strings.js";
import { drawInput } from "./action-result.js";
import { contactName, percent } from "./parts.js";
import { titlesOf, whyPanel } from "./why-panel.js";

/** @typedef {import("../models/intents.js").Intents} Intents */
/** @typedef {import("../models/thread-model.js").Entry} Entry */
/** @typedef {import("../../shared/message-files.js").FindFile} FindFile */

const eventIcons = /** @type {const} */ ({
  started: "inbox",
  toQueue: "clock",
  toQueueWhy: "clock",
  joined: "person",
  toBot: "spark",
  isPending: "pause",
  isSnoozed: "moon",
  isOpen: "retry",
  isResolved: "check",
  offered: "hand",
  accepted: "check",
  declined: "close",
  expired: "clock",
  withdrawn: "close",
  factsFrom: "info",
  rated: "star",
  helped: "thumbUp",
  helpedNot: "thumbDown",
  leftAddress: "note",
  tagged: "tag",
  tracked: "page",
  untagged: "tag",
  meant: "tag",
  meantNone: "tag",
  unmeant: "tag",
  actedDone: "bolt",
  actedFailed: "alert",
  actedFailedWhy: "alert",
  actedRunning: "clock",
  workflowAsks: "bolt",
  workflowActs: "clock",
  workflowDone: "bolt",
  workflowHandedOff: "bolt",
  workflowStopped: "close",
});

/**
 * Draws one entry of the timeline.
 * @param {Entry} entry
 * @param {object} context
 * @param {any} context.contact
 * @param {Intents} context.intents
 * @param {FindFile} context.findFile
 * @param {(name: string, entry: Entry) => void} context.act for the buttons of a failed letter
 * @returns {Node[]}
 */
export function drawEntry(entry, { contact, intents, findFile, act }) {
  switch (entry.kind) {
    case "message":
      return drawMessage(entry, contact, findFile);
    case "note":
      return drawNote(entry);
    case "letter":
      return drawLetter(entry, act);
    case "pages":
      return drawPages(entry);
    case "decision":
      return drawDecision(entry, intents);
    default:
      return drawEvent(entry, intents);
  }
}

/** @param {Entry} entry @param {any} contact @param {FindFile} findFile */
function drawMessage({ d, at, isSeen, starts }, contact, findFile) {
  const kind = d.from?.kind;
  const isTeam = kind !== "customer";
  /** @type {(Node | null | false)[]} */
  const parts = [
    starts &&
      h(
        "p",
        { class: "entry__name", dir: "auto" },
        kind === "bot" && icon("spark", 13),
        authorName(d.from, contact),
      ),
    (d.text || !d.files?.length) &&
      h(
        "div",
        { class: "bubble" },
        d.blocks?.length ? renderBlocks(d.blocks) : renderText(d.text ?? ""),
      ),
    d.files?.length ? messageFiles(strings, d.files, findFile) : null,
    d.choices?.length
      ? h(
        "p",
        { class: "entry__choices" },
        d.choices.map((/** @type {any} */ choice) =>
          h("span", { class: "choice", dir: "auto" }, choice.title),
        ),
      )
      : null,
    d.sources?.length
      ? h(
        "p",
        { class: "entry__sources" },
        icon("page", 13),
        d.sources.map((/** @type {any} */ source) => source.title).join(" · "),
      )
      : null,
    h("p", { class: "entry__foot" }, time(at),
      d.via && h("span", { class: "entry__via" }, say("via", { via: d.via })),
      isTeam && kind !== "system" &&
        h(
          "span",
          { class: `mark${isSeen ? " mark--seen" : ""}` },
          icon(isSeen ? "ticks" : "tick", 14),
          h("span", { class: "visually-hidden" }, say(isSeen ? "seen" : "sent")),
        )),
  ];
  return /** @type {Node[]} */ (parts.filter((node) => node instanceof Node));
}

/** @param {Entry} entry */
function drawNote({ d, at }) {
  return [
    h("p", { class: "entry__name" }, icon("note", 13), `${say("note")} · ${d.from?.name ?? ""}`),
    h("div", { class: "bubble" }, renderText(d.text ?? "")),
    h("p", { class: "entry__foot" }, time(at)),
  ];
}

/** @param {Entry} entry @param {(name: string, entry: Entry) => void} act */
function drawLetter(entry, act) {
  const letter = entry.letter;
  const isFailed = letter?.state === "failed";
  const files = letter?.files ?? [];
  const said = [
    ...(letter?.text || !files.length
      ? [h("div", { class: "bubble" }, renderText(letter?.text ?? ""))]
      : []),
    ...(files.length ? [messageFiles(strings, files, () => {})] : []),
  ];
  if (!isFailed) {
    const isSent = letter?.state === "accepted";
    return [
      ...said,
      h(
        "p",
        { class: "entry__foot" },
        time(entry.at),
        h("span", { class: "mark" }, icon(isSent ? "tick" : "clock", 14),
          h("span", { class: "visually-hidden" }, say(isSent ? "sent" : "waiting"))),
      ),
    ];
  }
  const button = (/** @type {string} */ name, /** @type {string} */ label) =>
    h(
      "button",
      {
        class: "button button--small",
        type: "button",
        dataset: { act: name },
        onclick: () => act(name, entry),
      },
      label,
    );
  return [...said, h("div", { class: "stale", role: "alert" }, failureWords(entry),
    h("span", { class: "stale__actions" },
      letter?.code === "stale_view"
        ? button("anyway", say("sendAnyway"))
        : letter?.code === "conflict"
          ? button("take", say("takeAndSend"))
          : button("retry", say("retry")),
      button("edit", say("edit"))))];
}

/** @param {Entry} entry */
function failureWords({ letter, values }) {
  if (letter?.code === "stale_view") return say("stale", { name: String(values?.name ?? "") });
  if (letter?.code === "conflict") return say("conflict");
  return say("failed", { why: letter?.code ?? "" });
}

/** @param {Entry} entry */
function drawPages({ pages = [], d, at }) {
  const title = d.title || d.url_path;
  const label = say("pages", { count: pages.length, title });
  const head = [
    icon("page", 14),
    h("span", { dir: "auto" }, label),
    h("code", {}, d.url_path),
    time(at),
  ];
  if (pages.length === 1) return [h("p", { class: "event" }, head)];
  return [h("details", { class: "event event--more" }, h("summary", {}, head),
    h(
      "ul",
      {},
      pages.map((page) =>
        h(
          "li",
          {},
          time(page.at),
          h("span", { dir: "auto" }, page.title || page.url_path),
          h("code", {}, page.url_path),
        ),
      ),
    ))];
}

/** @param {Entry} entry @param {Intents} intents */
function drawDecision({ d, at }, intents) {
  const words = {
    answer: "decidedAnswer",
    clarify: "decidedClarify",
    step: "decidedStep",
    hand_off: "decidedHandOff",
    silent: "decidedSilent",
  };
  const label = say(
    words[/** @type {keyof typeof words} */ (d.action)] ?? "decidedSilent",
    { intent: titlesOf(d, intents)(d.intent) || "–" },
  );
  return [h("details", { class: "event event--more decision", dataset: { decision: d.decision } },
    h(
      "summary",
      {},
      icon("spark", 14),
      h("span", { dir: "auto" }, label),
      h("span", { class: "decision__sure" }, percent(d.confidence ?? 0)),
      h("span", { class: "decision__why" }, say("why")),
    ),
    whyPanel(d, intents), time(at))];
}

/** @param {Entry} entry @param {Intents} intents */
function drawEvent({ say: key = "", values = {}, at, d }, intents) {
  const shown = { ...values };
  if (values.intent) shown.intent = intents.title(String(values.intent));
  if (key === "isSnoozed" && values.until) {
    shown.until = new Date(values.until).toLocaleString(
      strings.locale,
      { weekday: "short", hour: "2-digit", minute: "2-digit" },
    );
  }
  const name = eventIcons[/** @type {keyof typeof eventIcons} */ (key)] ?? "info";
  const comment = d.type === "csat" && d.comment ? `: “${d.comment}”` : "";
  const head = [
    icon(name, 14),
    h("span", { dir: "auto" }, (say(key, shown) + comment).trim()),
    time(at),
  ];
  const entered = drawInput(d.type === "workflow" ? d.slots : d.type === "action" && d.input);
  if (!entered) return [h("p", { class: `event event--${key}` }, head)];
  return [h("details", { class: `event event--more event--${key}` },
    h("summary", {}, head),
    h("div", { class: "event__entered", "aria-live": "off" },
      h("h4", {}, say(d.type === "workflow" ? "workflowKnows" : "actedWith")), entered))];
}

/** @param {any} from @param {any} contact */
function authorName(from, contact) {
  if (from?.kind === "customer") return from.name || contactName(contact);
  if (from?.kind === "bot") return from.name || say("assistant");
  return from?.name || say("system");
}

/** @param {string | number} at */
function time(at) {
  return h(
    "time",
    { datetime: new Date(at).toISOString(), title: new Date(at).toLocaleString(strings.locale) },
    timeOfDay(at, strings.locale),
  );
}
