// @ts-check

/** @typedef {"agent" | "supervisor" | "bot"} Actor */
/** @typedef {"never" | "agent_over_limit" | "always"} Confirmation */
/** @typedef {[key: string, values?: Record<string, string | number>]} Words */

/**
 * Who may have an action done, how often, and what is asked first. What is left out is as the
 * plugin and the action's effect say.
 * @typedef {object} Policy
 * @property {Actor[]} [allow]
 * @property {Confirmation} [confirm]
 * @property {number | null} [limit] an amount in the smallest unit of a currency
 * @property {number | null} [per_day] within 24 hours
 */

/**
 * An action as the page of its plugin has it.
 * @typedef {object} RuledAction
 * @property {string} name
 * @property {string} title
 * @property {"read" | "write" | "message" | "money" | "irreversible"} effect
 * @property {string | null} [amount] the part of its input that a limit bounds; nothing where
 *   there is none
 * @property {Policy} [policy] what counts as long as nobody says otherwise, if the server tells
 */

/** Who may be chosen, the most first. Supervisors may do what agents may. */
/** @type {Actor[][]} */
export const groups = [
  ["agent", "supervisor", "bot"],
  ["agent", "supervisor"],
  ["supervisor", "bot"],
  ["supervisor"],
  ["bot"],
  [],
];

/** @type {Confirmation[]} */
export const confirmations = ["always", "agent_over_limit", "never"];

/**
 * A group's name in a form. Agents alone are a group with their supervisors.
 * @param {Actor[] | undefined} allow
 */
export function groupKey(allow) {
  if (!allow) return "";
  const has = new Set(allow);
  const [agents, supervisors] = [has.has("agent"), has.has("agent") || has.has("supervisor")];
  return [agents && "agent", supervisors && "supervisor", has.has("bot") && "bot"]
    .filter(Boolean)
    .join("+") || "nobody";
}

/**
 * What counts: what somebody has said, and else what counts anyway.
 * @param {RuledAction} action
 * @param {Policy} [wishes]
 * @returns {Policy}
 */
export function countingPolicy({ policy = {} }, wishes = {}) {
  return { ...policy, ...wishes };
}

/**
 * Whether the amount of an action can be bounded.
 * @param {RuledAction} action
 * @param {Policy} [wishes]
 */
export function mayBeBounded({ amount, effect }, wishes = {}) {
  if (wishes.confirm === "agent_over_limit" || Number.isInteger(wishes.limit)) return true;
  return amount === undefined ? effect === "money" : amount !== null;
}

/**
 * A policy in words, the most important first.
 * @param {Policy} policy
 * @returns {Words[]}
 */
export function policyWords({ allow, per_day: perDay, confirm, limit }) {
  /** @type {Words[]} */
  const words = [[allow ? groupWords(allow) : "policyAllowUsual"]];
  if (Number.isInteger(perDay)) words.push(["policyPerDay", { count: Number(perDay) }]);
  if (confirm === "agent_over_limit" && Number.isInteger(limit)) {
    words.push(["policyConfirmedOver", { limit: Number(limit) }]);
  } else {
    words.push([confirmationWords(confirm)]);
  }
  return words;
}

/** @param {Actor[]} allow */
export function groupWords(allow) {
  const keys = {
    "agent+supervisor+bot": "policyAllowAll",
    "agent+supervisor": "policyAllowAgents",
    "supervisor+bot": "policyAllowSupervisorsBot",
    supervisor: "policyAllowSupervisors",
    bot: "policyAllowBot",
    nobody: "policyAllowNobody",
  };
  return keys[/** @type {keyof typeof keys} */ (groupKey(allow))];
}

/** @param {Confirmation | undefined} confirm */
function confirmationWords(confirm) {
  const keys = {
    always: "policyConfirmedAlways",
    agent_over_limit: "policyConfirmedOverLimit",
    never: "policyConfirmedNever",
  };
  return keys[/** @type {Confirmation} */ (confirm)] ?? "policyConfirmedUsual";
}

/** @param {Confirmation} confirm */
export function confirmationChoice(confirm) {
  const keys = {
    always: "policyConfirmAlways",
    agent_over_limit: "policyConfirmOverLimit",
    never: "policyConfirmNever",
  };
  return keys[confirm];
}

/**
 * What an effect means for those who make the rules.
 * @param {RuledAction["effect"]} effect
 */
export function effectMeaning(effect) {
  const keys = {
    read: "effectReadMeans",
    write: "effectWriteMeans",
    message: "effectMessageMeans",
    money: "effectMoneyMeans",
    irreversible: "effectIrreversibleMeans",
  };
  return keys[effect] ?? "effectWriteMeans";
}

/**
 * The policies of a plugin with those of one action changed.
 * @param {Record<string, Policy>} policies
 * @param {string} name
 * @param {Policy} wishes none of which means that it has no policy of its own
 */
export function changedPolicies(policies, name, wishes) {
  const { [name]: _, ...others } = policies;
  return Object.keys(wishes).length > 0 ? { ...others, [name]: wishes } : others;
}
