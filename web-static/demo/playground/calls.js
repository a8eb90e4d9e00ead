// @ts-check

/** The calls as the playground offers them. */

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {"text" | "facts" | "theme"} kind
 * @property {string} label
 * @property {string} initial
 */

/**
 * @typedef {object} Offer
 * @property {string} method
 * @property {string} says what it is for
 * @property {Field[]} fields
 * @property {(values: Record<string, any>) => any[]} values what follows the method
 * @property {string} [label] of its button, when that is not the method
 */

/** @param {string} method @param {string} says @returns {Offer} */
const plain = (method, says) => ({ method, says, fields: [], values: () => [] });

/** @param {string} method @param {string} says @param {string} initial @returns {Offer} */
const written = (method, says, initial) => ({
  method, says, values: ({ text }) => [text],
  fields: [{ name: "text", kind: "text", label: "Text", initial }],
});

/** @type {{title: string, offers: Offer[]}[]} */
export const groups = [
  {
    title: "Panel and launcher",
    offers: [
      plain("open", "Opens the chat; its composer takes the focus."),
      plain("close", "Closes it; the focus goes back."),
      plain("toggle", "The one or the other: for a button of your own."),
      plain("hide", "Takes the launcher away. The chat can still be opened by a call."),
      plain("show", "Brings it back."),
    ],
  },
  {
    title: "Where, who, what",
    offers: [
      {
        method: "context",
        says: "Says what page this is. It holds until the route changes.",
        fields: [
          { name: "page", kind: "text", label: "Page", initial: "billing.invoice" },
          { name: "facts", kind: "facts", label: "Facts",
            initial: '{ "invoice_id": "in_123", "plan": "pro", "amount": 24.5 }' },
        ],
        values: ({ page, facts }) => [{ ...(page ? { page } : {}), ...(facts ? { facts } : {}) }],
      },
      {
        method: "update",
        says: "Facts about the customer and their conversation, on every page.",
        fields: [
          { name: "contact", kind: "facts", label: "Contact", initial: '{ "seats": 8 }' },
          { name: "conversation", kind: "facts", label: "Conversation",
            initial: '{ "campaign": "autumn" }' },
        ],
        values: (scopes) => [Object.fromEntries(
          Object.entries(scopes).filter(([, facts]) => facts !== null))],
      },
      {
        method: "track",
        says: "Something the customer did. The team sees it in the conversation.",
        fields: [
          { name: "name", kind: "text", label: "Name", initial: "checkout_failed" },
          { name: "data", kind: "facts", label: "Data", initial: '{ "code": "card_declined" }' },
        ],
        values: ({ name, data }) => (data ? [name, data] : [name]),
      },
    ],
  },
  {
    title: "Words",
    offers: [
      written("compose", "Opens with a draft that the customer may change.", "I would like to "),
      written("ask", "Opens and sends, as if the customer had.", "Where is my invoice?"),
      written("locale", "Changes the language.", "de"),
      {
        method: "theme",
        says: "Changes the colours, with a switch of your own.",
        fields: [{ name: "theme", kind: "theme", label: "Theme", initial: "dark" }],
        values: ({ theme }) => [theme],
      },
    ],
  },
  {
    title: "Beginning and end",
    offers: [
      plain("ready", "Fulfilled once the widget has begun."),
      plain("shutdown", "For when a customer signs out: ends the session here, on the server and " +
        "in every tab."),
      { ...plain("boot", "Begins again after shutdown, with the options above."),
        label: "boot again" },
      { ...plain("toggel", "A mistake, to see how one is told."), label: "toggel" },
    ],
  },
];

/**
 * The facts that a text stands for, as JSON; null for nothing.
 * @param {string} text
 * @returns {object | null}
 */
export function factsOf(text) {
  if (text.trim() === "") return null;
  const facts = JSON.parse(text);
  if (facts === null || typeof facts !== "object" || Array.isArray(facts)) {
    throw new TypeError("Facts are an object, such as { \"plan\": \"pro\" }.");
  }
  return facts;
}

/**
 * A call as it is written.
 * @param {string} method
 * @param {any[]} values
 */
export function asCode(method, values) {
  return `maitred(${[method, ...values].map((each) => literal(each)).join(", ")})`;
}

/**
 * A value as JavaScript.
 * @param {any} value
 * @returns {string}
 */
export function literal(value) {
  if (typeof value === "function") return "…";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) =>
      `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${literal(each)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
