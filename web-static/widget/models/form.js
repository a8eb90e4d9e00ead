// @ts-check

/**
 * One question of a form.
 * @typedef {object} FormField
 * @property {string} name
 * @property {string} label
 * @property {"text" | "email" | "select" | "checkbox" | "textarea"} kind
 * @property {boolean} [required]
 * @property {(string | {id: string, title: string})[]} [options] of a select
 * @property {string} [value] what is in it at first
 */

/**
 * What the server wants to know, as `form.show` says it.
 * @typedef {object} FormAsked
 * @property {string} form
 * @property {string} [title]
 * @property {FormField[]} fields
 * @property {boolean} [optional] whether nothing may be answered at all
 */

/** @typedef {"fieldMissing" | "fieldEmail" | "fieldLong" | "fieldRefused"} Fault */

const longest = { text: 200, email: 254, select: 200, checkbox: 5, textarea: 2000 };
const kinds = Object.keys(longest);

/**
 * The form, if it can be drawn: fields of kinds that are not known are asked for as a line of text.
 * @param {any} asked
 * @returns {FormAsked | null}
 */
export function readForm(asked) {
  if (typeof asked?.form !== "string" || !Array.isArray(asked.fields)) return null;
  const fields = asked.fields.filter((/** @type {any} */ field) => typeof field?.name === "string");
  if (fields.length === 0) return null;
  return {
    form: asked.form,
    title: typeof asked.title === "string" ? asked.title : "",
    optional: asked.optional === true,
    fields: fields.map((/** @type {any} */ field) => ({
      ...field,
      label: String(field.label ?? field.name),
      kind: kinds.includes(field.kind) ? field.kind : "text",
      options: Array.isArray(field.options) ? field.options : [],
    })),
  };
}

/** How many characters fit. @param {FormField} field */
export function roomIn({ kind }) {
  return longest[kind];
}

/** @param {string | {id: string, title: string}} option */
export function optionOf(option) {
  return typeof option === "string" ? { id: option, title: option } : option;
}

/**
 * What is wrong with the answers, by the name of their field.
 * @param {FormAsked} asked
 * @param {Record<string, string | boolean>} values
 * @returns {Record<string, Fault>}
 */
export function faultsOf(asked, values) {
  /** @type {Record<string, Fault>} */
  const faults = {};
  for (const field of asked.fields) {
    const fault = faultOf(field, values[field.name]);
    if (fault) faults[field.name] = fault;
  }
  return faults;
}

/**
 * @param {FormField} field
 * @param {string | boolean | undefined} value
 * @returns {Fault | null}
 */
function faultOf(field, value) {
  const isEmpty = field.kind === "checkbox" ? value !== true : String(value ?? "").trim() === "";
  if (isEmpty) return field.required ? "fieldMissing" : null;
  if (field.kind === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(String(value).trim())) {
    return "fieldEmail";
  }
  return String(value).length > roomIn(field) ? "fieldLong" : null;
}

/**
 * Where a refusal belongs: the server names a field as `values.email` or `email`.
 * @param {FormAsked} asked
 * @param {any} problem
 * @returns {Record<string, Fault>} empty when it is about none of them
 */
export function faultsFrom(asked, problem) {
  const name = String(problem?.field ?? "").replace(/^(d\.)?(values\.)?/, "");
  const field = asked.fields.find((each) => each.name === name);
  if (!field) return {};
  return { [name]: field.kind === "email" ? "fieldEmail" : "fieldRefused" };
}
