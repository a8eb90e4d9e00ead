// @ts-check

import { Timeline } from "../../shared/timeline.js";
import { TypingTracker } from "../../shared/typing-tracker.js";
import { meaningOf, noIntent, ordinaryTags } from "./tags.js";

/** @typedef {import("../../shared/connection.js").Frame} Frame */
/** @typedef {import("../../shared/outbox.js").Letter} Letter */

/**
 * One entry of the timeline as the team sees it.
 * @typedef {object} Entry
 * @property {"message" | "note" | "pages" | "decision" | "event" | "letter"} kind
 * @property {string} key
 * @property {string | number} at
 * @property {number} s 0 for what is on its way
 * @property {boolean} starts whether it begins a group by the same author
 * @property {any} d
 * @property {any[]} [pages]
 * @property {Letter} [letter]
 * @property {string} [say] what happened
 * @property {Record<string, string | number>} [values]
 * @property {boolean} [isSeen] whether the customer has read it
 */

/** One conversation in full, for the team. No DOM, no network. */
export class ThreadModel {
  timeline = new Timeline();
  status = "";
  /** @type {{kind: string, id?: string, name?: string}} */
  owner = { kind: "nobody" };
  seenByCustomer = 0;
  /** The position of the customer's newest message. */
  lastOfCustomer = 0;
  isSyncing = false;
  typing;
  /** The position of the last action of a plugin; 0 when there was none. */
  lastAction = 0;
  /**
   * What a workflow left for a person to have done.
   * @type {{key: string, action: string, input: Record<string, any>} | null}
   */
  leftToDo = null;
  /** @type {any} what the assistant last made of the matter, if it has said anything */
  matter = null;
  /** @type {Map<string, string>} names of agents, as events have told them */
  #names = new Map();

  /**
   * @param {string} c
   * @param {() => void} onChange
   * @param {import("../../shared/clock.js").Clock} [clock]
   */
  constructor(c, onChange, clock) {
    this.c = c;
    this.typing = new TypingTracker(onChange, clock);
  }

  /**
   * @param {Frame} frame
   * @returns {{added: Frame[], missing: boolean}}
   */
  receive(frame) {
    if (typeof frame.s === "number") {
      const result = this.timeline.receive(frame);
      for (const event of result.added) this.#apply(event);
      return result;
    }
    if (frame.t === "typing") this.typing.receive(frame.d);
    if (frame.t === "read" && frame.d?.kind === "customer") {
      this.seenByCustomer = Math.max(this.seenByCustomer, frame.d.upto);
    }
    return { added: [], missing: false };
  }

  reset() {
    this.timeline.reset();
    this.seenByCustomer = 0;
    this.lastOfCustomer = 0;
    this.lastAction = 0;
    this.leftToDo = null;
    this.matter = null;
  }

  /**
   * Another agent's newest message, which a reply may have missed.
   * @param {string} me
   */
  latestOfOthers(me) {
    return this.timeline.events
      .filter(({ t, d }) => t === "msg.new" && d.from?.kind === "agent" && d.from.id !== me)
      .at(-1);
  }

  /**
   * @param {Letter[]} letters what this agent has on its way here
   * @param {string} [me] that agent
   * @returns {Entry[]}
   */
  entries(letters, me = "") {
    /** @type {Entry[]} */
    const entries = [];
    let before = null;
    for (const event of this.timeline.events) {
      const last = entries.at(-1);
      if (event.t === "event.new" && event.d.type === "context") {
        if (last?.kind === "pages") extendPages(last, event);
        else entries.push(pagesEntry(event));
        continue;
      }
      const entry = this.#entry(event, before);
      if (event.t === "conv.upd") before = event.d;
      if (entry) entries.push(entry);
    }
    const logged = new Set(this.timeline.events.map((event) => event.d?.cid));
    for (const letter of letters) {
      if (logged.has(letter.cid)) continue;
      const other = letter.code === "stale_view" ? this.latestOfOthers(me) : null;
      entries.push(letterEntry(letter, other?.d.from?.name ?? ""));
    }
    return grouped(entries);
  }

  /** @param {Frame} event */
  #apply(event) {
    const person = event.d.agent ?? event.d.owner;
    if (person?.id && person.name) this.#names.set(person.id, person.name);
    if (event.t === "conv.upd") {
      this.status = event.d.status;
      this.owner = event.d.owner ?? { kind: "nobody" };
    } else if (event.t === "event.new" && event.d.type === "action") {
      this.lastAction = event.s ?? 0;
      if (event.d.action === this.leftToDo?.action) this.leftToDo = null;
    } else if (event.t === "event.new" && event.d.type === "workflow") {
      this.leftToDo = leftToDo(event.d);
    } else if (event.t === "event.new" && event.d.type === "decided") {
      // "Get me a person" says nothing about the matter: what was asked before does.
      if (isOfMatter(event.d) || !this.matter) this.matter = event.d;
    } else if (event.t === "msg.new") {
      this.typing.arrived(event.d.from?.kind);
      if (event.d.from?.kind === "customer") {
        this.lastOfCustomer = this.seenByCustomer = event.s ?? 0;
      }
    }
  }

  /** @param {Frame} event @param {any} before @returns {Entry | null} */
  #entry(event, before) {
    const { t, d, s = 0 } = event;
    if (t === "msg.new") {
      const isSeen = d.from?.kind !== "customer" && s <= this.seenByCustomer;
      return { kind: "message", key: d.cid ?? d.m, at: d.at, s, starts: true, d, isSeen };
    }
    if (t === "conv.upd") return happened(event, ...changeWords(d, before));
    if (t !== "event.new") return null;
    if (d.type === "note") return { kind: "note", key: d.cid ?? d.m, at: d.at, s, starts: true, d };
    if (d.type === "decided") {
      return { kind: "decision", key: `s${s}`, at: d.at, s, starts: true, d };
    }
    const words = eventWords(d, this.#names);
    return words ? happened(event, ...words) : null;
  }
}

/**
 * @param {Frame} event
 * @param {string} say
 * @param {Record<string, string | number>} [values]
 * @returns {Entry}
 */
function happened(event, say, values = {}) {
  return {
    kind: "event",
    key: `s${event.s}`,
    at: event.d.at,
    s: event.s ?? 0,
    starts: true,
    d: event.d,
    say,
    values,
  };
}

/**
 * @param {any} now
 * @param {any} before
 * @returns {[string, Record<string, string | number>?]}
 */
function changeWords(now, before) {
  const name = now.owner?.name ?? "";
  switch (now.status) {
    case "queued":
      return now.reason?.text ? ["toQueueWhy", { why: now.reason.text }] : ["toQueue"];
    case "pending":
      return ["isPending", { name }];
    case "snoozed":
      return ["isSnoozed", { until: now.until ?? "" }];
    case "resolved":
      return ["isResolved"];
    case "bot":
      return before ? ["toBot"] : ["started"];
    default:
      return before?.owner?.id === now.owner?.id ? ["isOpen"] : ["joined", { name }];
  }
}

/**
 * @param {any} d
 * @param {Map<string, string>} names
 * @returns {[string, Record<string, string | number>?] | null} null for types not known yet
 */
function eventWords(d, names) {
  const person = d.agent ?? d.by ?? {};
  const name = person.name || names.get(person.id) || "";
  switch (d.type) {
    case "offered":
      return ["offered", { name, why: (d.why ?? []).join(", ") }];
    case "offer.ended":
      return [d.outcome, { name }];
    case "facts":
      return ["factsFrom", { source: d.title || d.source }];
    case "feedback":
      return [d.helpful ? "helped" : "helpedNot"];
    case "csat":
      return ["rated", { score: d.score }];
    case "address":
      return ["leftAddress", { email: d.email }];
    case "tagged":
      return tagWords(d, name);
    case "tracked":
      return ["tracked", { what: d.name, data: dataWords(d.data) }];
    case "action":
      return [actedKey(d), { name, title: d.title, summary: d.summary ?? "" }];
    case "workflow":
      return [workflowKey(d), { title: d.title, step: d.step, action: d.action ?? "" }];
    default:
      return null;
  }
}

/** @param {any} d a decision: an answer to a workflow's question says nothing of the matter */
function isOfMatter({ rule, action }) {
  return rule !== "asked_for_person" && action !== "step" && !rule?.startsWith("workflow");
}

/** @param {any} d how far a workflow has come */
function leftToDo({ state, run, action, input }) {
  return state === "handed_off" && action ? { key: run, action, input: input ?? {} } : null;
}

/** @param {any} d how far a workflow has come */
function workflowKey({ state, waits_for: wait }) {
  if (state === "done") return "workflowDone";
  if (state === "handed_off") return "workflowHandedOff";
  if (state === "stopped") return "workflowStopped";
  return wait === "action" ? "workflowActs" : "workflowAsks";
}

/**
 * What belongs to something the customer did, in one line.
 * @param {Record<string, unknown>} [data]
 */
function dataWords(data = {}) {
  const words = Object.entries(data).map(([name, value]) => `${name} ${value}`).join(", ");
  return words && ` (${words})`;
}

/** @param {any} d an action */
function actedKey({ state, summary }) {
  if (state === "running") return "actedRunning";
  if (state === "failed") return summary ? "actedFailedWhy" : "actedFailed";
  return "actedDone";
}

/**
 * @param {{add?: string[], remove?: string[]}} d
 * @param {string} name
 * @returns {[string, Record<string, string>]}
 */
function tagWords({ add, remove }, name) {
  const intent = meaningOf(add);
  if (intent) return [intent === noIntent ? "meantNone" : "meant", { name, intent }];
  const [added, removed] = [ordinaryTags(add), ordinaryTags(remove)];
  if (added.length) return ["tagged", { name, tags: added.join(", ") }];
  if (removed.length) return ["untagged", { name, tags: removed.join(", ") }];
  return ["unmeant", { name, intent: meaningOf(remove) ?? "" }];
}

/** @param {Frame} event @returns {Entry} */
function pagesEntry({ d, s = 0 }) {
  return { kind: "pages", key: `s${s}`, at: d.at, s, starts: true, d, pages: [d] };
}

/** @param {Entry} entry @param {Frame} event */
function extendPages(entry, { d, s = 0 }) {
  entry.pages?.push(d);
  entry.at = d.at;
  entry.s = s;
  entry.d = d;
}

/**
 * @param {Letter} letter
 * @param {string} name whose reply made it stale
 * @returns {Entry}
 */
function letterEntry(letter, name) {
  return {
    kind: "letter",
    key: letter.cid,
    at: letter.at,
    s: 0,
    starts: true,
    d: { from: { kind: "agent", id: "" }, text: letter.text },
    letter,
    values: { name },
  };
}

/** @param {Entry[]} entries */
function grouped(entries) {
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (!before || entry.kind !== "message" || before.kind !== "message") continue;
    const sameAuthor =
      before.d.from?.kind === entry.d.from?.kind && before.d.from?.id === entry.d.from?.id;
    entry.starts = !sameAuthor ||
      Date.parse(String(entry.at)) - Date.parse(String(before.at)) > 300_000;
  }
  return entries;
}
