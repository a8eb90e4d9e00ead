// @ts-check

/**
 * One member of a form, as a schema describes it.
 * @typedef {object} Field
 * @property {string} name
 * @property {string} title
 * @property {string} hint
 * @property {"text" | "choice" | "integer" | "number" | "boolean" | "list" | "object"} kind
 * @property {string} format of a text: secret, uri, email, multiline, duration, file or nothing
 * @property {boolean} isRequired
 * @property {any} fallback what counts when nothing is said
 * @property {number} limit of characters or entries
 * @property {number} least
 * @property {number} most
 * @property {string[]} choices
 * @property {Field | null} item what a list has many of
 * @property {Field[]} fields of an object
 * @property {[string, any][]} shownIf members beside it and what they must be
 */

/** A fault of a field, found here: a text of the console with its values. */
/** @typedef {[key: string, values?: Record<string, string | number>]} Fault */

const kinds = /** @type {const} */ ({
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  array: "list",
  object: "object",
});

/** Texts of these formats are never empty: an empty one means that nothing is said. */
const neverEmpty = new Set(["uri", "email", "duration", "file"]);

/**
 * The members of an object's schema, in the order of a form.
 * @param {any} schema
 * @returns {Field[]}
 */
export function fieldsOf(schema) {
  const required = new Set(schema?.required ?? []);
  const properties = Object.entries(schema?.properties ?? {});
  return properties
    .map(([name, property], index) => ({
      field: fieldOf(name, property, required.has(name)),
      order: property["x-order"] ?? Infinity,
      index,
    }))
    .sort((a, b) => (a.order === b.order ? a.index - b.index : a.order - b.order))
    .map(({ field }) => field);
}

/**
 * @param {string} name
 * @param {any} schema
 * @param {boolean} isRequired
 * @returns {Field}
 */
export function fieldOf(name, schema, isRequired = false) {
  const items = schema.items ?? {};
  const kind = Array.isArray(schema.enum)
    ? "choice"
    : (kinds[/** @type {keyof typeof kinds} */ (schema.type)] ?? "text");
  return {
    name,
    title: schema.title ?? words(name),
    hint: schema.description ?? "",
    kind,
    format: schema.format ?? "",
    isRequired,
    fallback: schema.default,
    limit: (kind === "list" ? schema.maxItems : schema.maxLength) ?? Infinity,
    least: schema.minimum ?? -Infinity,
    most: schema.maximum ?? Infinity,
    choices: (schema.enum ?? []).map(String),
    // A tick that is not set is an entry all the same; an empty text is none.
    item: kind === "list" ? fieldOf("", items, items.type === "boolean") : null,
    fields: kind === "object" ? fieldsOf(schema) : [],
    shownIf: Object.entries(schema["x-if"] ?? {}),
  };
}

/**
 * Whether a field is to be seen, by what the fields beside it say.
 * @param {Field} field
 * @param {Record<string, any>} beside values by name, defaults included
 */
export function isShown({ shownIf }, beside) {
  return shownIf.every(([name, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(beside[name]) : beside[name] === wanted);
}

/**
 * What a field says; undefined when it says nothing, so that its default counts. What had been
 * said before is said again, even when it is the default.
 * @param {Field} field
 * @param {any} raw as its control has it: a text, a tick, entries or an object
 * @param {any} given what had been said before
 */
export function valueOf(field, raw, given) {
  const { kind, fallback, isRequired } = field;
  const isSaid = given !== undefined && given !== null;
  if (kind === "boolean") {
    return !isSaid && !isRequired && raw === (fallback ?? false) ? undefined : raw;
  }
  if (kind === "list" || kind === "object") {
    const empty = kind === "list" ? [] : {};
    return !isSaid && !isRequired && same(raw, fallback ?? empty) ? undefined : raw;
  }
  if (raw === "") return mayBeEmptied(field) ? "" : undefined;
  const value = kind === "text" || kind === "choice" ? raw : Number(raw);
  return !isSaid && value === fallback ? undefined : value;
}

/**
 * What is wrong with a field, as far as it can be told without the server.
 * @param {Field} field
 * @param {any} raw
 * @param {boolean} [isBroken] whether a number's control holds what is no number
 * @returns {Fault | null}
 */
export function faultOf(field, raw, isBroken = false) {
  const { kind, isRequired, least, most, limit } = field;
  if (kind === "list") return raw.length > limit ? ["faultEntries", { limit }] : null;
  if (kind === "boolean" || kind === "object") return null;
  if (isBroken) return ["faultNumber"];
  if (raw === "") {
    const isMissing = isRequired && (field.fallback === undefined || field.fallback === "");
    return isMissing ? ["faultMissing"] : null;
  }
  if (kind !== "integer" && kind !== "number") {
    // Told rather than cut off: half of what was pasted is worse than nothing.
    return [...raw].length > limit ? ["faultLength", { limit }] : null;
  }
  const number = Number(raw);
  if (!Number.isFinite(number)) return ["faultNumber"];
  if (kind === "integer" && !Number.isInteger(number)) return ["faultWhole"];
  if (number < least) return ["faultLeast", { least }];
  return number > most ? ["faultMost", { most }] : null;
}

/**
 * Whether an input says everything that a schema needs.
 * @param {any} schema
 * @param {Record<string, any>} input
 */
export function isComplete(schema, input) {
  return fieldsOf(schema).every(({ name, isRequired, fallback }) =>
    !isRequired || fallback !== undefined || (input[name] ?? "") !== "");
}

/**
 * Faults of the server, each at the field it is about. A fault of something inside a field that
 * has no place of its own goes to that field.
 * @param {string[]} faults such as "config.smtp.port: not a whole number"
 * @param {string} root what their paths begin with
 * @param {Iterable<string>} paths of the fields there are
 * @returns {{placed: Map<string, string[]>, rest: string[]}}
 */
export function placeFaults(faults, root, paths) {
  const known = new Set(paths);
  const placed = new Map();
  const rest = [];
  for (const fault of faults) {
    const [, path, text] = /^([^\s:]+): (.*)$/s.exec(fault) ?? [];
    let place = path?.startsWith(`${root}.`) ? path.slice(root.length + 1) : "";
    while (place && !known.has(place)) place = place.slice(0, Math.max(0, lastStep(place)));
    if (place) placed.set(place, [...(placed.get(place) ?? []), text]);
    else rest.push(fault);
  }
  return { placed, rest };
}

/** @param {string} path */
function lastStep(path) {
  return Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
}

/** @param {Field} field */
function mayBeEmptied({ kind, format, fallback }) {
  return kind === "text" && !neverEmpty.has(format) && Boolean(fallback);
}

/** @param {any} a @param {any} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @param {string} name */
function words(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
