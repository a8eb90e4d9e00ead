// @ts-check

/**
 * One piece of evidence, for the likeliest intent or, below zero, for the next one.
 * @typedef {object} Evidence
 * @property {string} text
 * @property {string} [fact] what it is a fact about, where it is no word of the customer's
 * @property {number} weight
 * @property {number} share of the strongest, from 0 to 1
 */

/** @typedef {{rows: Evidence[], rest: Evidence | null, margin: number | null}} Account */
/** @typedef {{intent: string, title?: string, p: number}} Ranked */

const rules = Object.freeze({
  confident: "ruleConfident",
  customer_chose: "ruleCustomerChose",
  ambiguous: "ruleAmbiguous",
  asked_for_person: "ruleAskedForPerson",
  distress: "ruleDistress",
  reply_budget: "ruleReplyBudget",
  no_intents: "ruleNoIntents",
  not_understood: "ruleNotUnderstood",
  not_sure: "ruleNotSure",
  sensitive: "ruleSensitive",
  not_allowed: "ruleNotAllowed",
  held_back: "ruleHeldBack",
  by_definition: "ruleByDefinition",
  repeated: "ruleRepeated",
  no_answer: "ruleNoAnswer",
});

const cautions = Object.freeze({
  high_value: "cautionHighValue",
  money: "cautionMoney",
  nobody_on_duty: "cautionNobody",
});

/**
 * What was done and why; null for events that do not say it.
 * @param {any} decision
 * @param {(intent: string | null | undefined) => string} title
 * @returns {[string, Record<string, string>] | null}
 */
export function ruleWords({ rule, action, intent }, title) {
  if (!rule) return null;
  if (rule === "several") {
    return [action === "answer" ? "ruleSeveral" : "ruleSeveralHandOff", {}];
  }
  const key = rules[/** @type {keyof typeof rules} */ (rule)];
  return key ? [key, { intent: title(intent) || "–" }] : ["ruleOther", { rule }];
}

/**
 * Why more was asked for than usual: what to say, or the code itself where it is not known here.
 * @param {any} decision
 * @returns {string[]}
 */
export function cautionKeys({ caution = [] }) {
  return caution.map((/** @type {string} */ code) =>
    cautions[/** @type {keyof typeof cautions} */ (code)] ?? code.replaceAll("_", " "),
  );
}

/**
 * How many digits behind the point tell two percentages apart.
 * @param {number} one
 * @param {number} other
 */
export function digitsApart(one, other) {
  const isApart = (/** @type {number} */ digits) =>
    (one * 100).toFixed(digits) !== (other * 100).toFixed(digits);
  return one === other || isApart(0) ? 0 : isApart(1) ? 1 : 2;
}

/**
 * The sum that put one intent ahead of the other, piece by piece.
 * @param {any} decision
 * @returns {Account}
 */
export function account({ evidence = [], context = [], rest, margin }) {
  const facts = new Set(context);
  const hasRest = typeof rest === "number";
  const weights = evidence.map((/** @type {any} */ each) => each.weight);
  const strongest = Math.max(0.001, ...[...weights, hasRest ? rest : 0].map(Math.abs));
  const measured = (/** @type {number} */ weight) =>
    ({ weight, share: Math.abs(weight) / strongest });
  return {
    rows: evidence.map((/** @type {{text: string, weight: number}} */ { text, weight }) => ({
      ...(facts.has(text) ? factWords(text) : { text }),
      ...measured(weight),
    })),
    rest: hasRest ? { text: "", ...measured(rest) } : null,
    margin: typeof margin === "number" ? margin : null,
  };
}

/**
 * A fact as it is read: `page=billing.invoice`.
 * @param {string} feature
 */
function factWords(feature) {
  const at = feature.indexOf("=");
  return { text: feature.slice(at + 1), fact: at < 0 ? "" : feature.slice(0, at) };
}

/**
 * What the customer may have meant, the likeliest first, without what is next to impossible.
 * @param {any} decision
 * @returns {Ranked[]}
 */
export function likelyIntents(decision) {
  return (decision?.ranking ?? [])
    .filter((/** @type {Ranked} */ { p }, /** @type {number} */ at) => at === 0 || p >= 0.01)
    .slice(0, 5);
}

/**
 * The likely ones beside the one that was acted on.
 * @param {any} decision
 */
export function otherIntents(decision) {
  return likelyIntents(decision).filter(({ intent }) => intent !== decision.intent);
}
