// @ts-check

/** @typedef {import("./plugin-words.js").Tone} Tone */

/** What an endpoint can be told of. */
export const webhookTypes = /** @type {const} */ ([
  "conversation.started",
  "message.created",
  "note.created",
  "conversation.handed_off",
  "conversation.assigned",
  "conversation.resolved",
  "conversation.changed",
  "conversation.tagged",
  "customer.tracked",
  "csat.received",
  "answer.judged",
  "decision.made",
  "contact.address_left",
  "action.done",
  "workflow.ended",
]);

export const deliveryStates =
  /** @type {const} */ (["pending", "delivered", "failed", "cancelled"]);

/** @type {Record<string, {key: string, tone: Tone}>} */
const stateWords = {
  pending: { key: "deliveryPending", tone: "info" },
  delivered: { key: "deliveryDelivered", tone: "good" },
  failed: { key: "deliveryFailed", tone: "bad" },
  cancelled: { key: "deliveryCancelled", tone: "warning" },
};

/** @param {string} state of a delivery @returns {{key: string, tone: Tone}} */
export function deliveryWords(state) {
  return stateWords[state] ?? { key: state, tone: "neutral" };
}

/**
 * @param {{enabled?: boolean, disabled_because?: string}} hook
 * @returns {{key: string, tone: Tone}}
 */
export function webhookWords({ enabled = true, disabled_because: why }) {
  if (enabled) return { key: "webhookOn", tone: "good" };
  return why ? { key: "webhookStopped", tone: "bad" } : { key: "webhookOff", tone: "neutral" };
}

/**
 * What to call an endpoint.
 * @param {{url: string, description?: string}} hook
 */
export function webhookName({ url, description }) {
  return description?.trim() || url.replace(/^https?:\/\//, "");
}

/**
 * Takes a page of deliveries, the newest first, into those that are known. Within what the page
 * covers it is the truth; what is older stays.
 * @template {{id: number}} Delivery
 * @param {Map<number, Delivery>} known
 * @param {Delivery[]} page
 * @param {object} bounds
 * @param {number} bounds.limit how many were asked for
 * @param {number} [bounds.before] what they had to be older than
 */
export function takePage(known, page, { limit, before = Infinity }) {
  const ids = new Set(page.map(({ id }) => id));
  const least = page.length < limit ? -Infinity : Math.min(...ids);
  for (const id of known.keys()) {
    if (id >= least && id < before && !ids.has(id)) known.delete(id);
  }
  for (const delivery of page) known.set(delivery.id, delivery);
}

/**
 * JSON as people read it; other texts as they are.
 * @param {string} text
 */
export function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/**
 * A time as a field for local times has it.
 * @param {Date} date
 */
export function localTime(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
