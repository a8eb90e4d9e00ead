/**
 * What is wrong with a frame: a field, the code the server would answer with, and a sentence.
 * @typedef {{field: string, code: string, title: string}} Problem
 */

/**
 * Finds what is wrong with a frame, by the same definitions as the server.
 * @param {any} frame
 * @param {"customer" | "agent" | "server"} [sender] when it is known: some types mean different
 *   things from different senders, and without it one that fits is enough
 * @returns {Problem[]} the first problem, or nothing
 */
export function validate(frame, sender) {
  if (!isObject(frame)) return [problem("frame", "must be a JSON object")];
  if (typeof frame.t !== "string") return [problem("t", "must be a string")];
  const candidates = messages.filter(
    (message) => message.t === frame.t && (!sender || message.from.includes(sender)),
  );
  if (candidates.length === 0) return [problem("t", "is not known", "unknown_type")];
  const attempts = candidates.map((message) => caught(() => checkFrame(frame, message)));
  return attempts.find((problems) => problems.length === 0) ?? attempts[0];
}

class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

const refuse = (field, rule, code) => {
  throw new Refusal(problem(field, rule, code));
};

const problem = (field, rule, code = "invalid") => ({ field, code, title: `${field} ${rule}` });

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isAbsent = (value) => value === undefined || value === null;

function caught(check) {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [error.problem];
    throw error;
  }
}

function checkFrame(frame, message) {
  for (const name of ["id", "re", "c"]) {
    if (!isAbsent(frame[name])) checkString(frame[name], scalars.id, name);
  }
  for (const name of ["s", "p", "f"]) {
    if (!isAbsent(frame[name])) checkInteger(frame[name], scalars.sequence, name);
  }
  for (const name of message.needs) {
    if (isAbsent(frame[name])) refuse(name, "is required");
  }
  const data = isAbsent(frame.d) ? {} : frame.d;
  if (!isObject(data)) refuse("d", "must be an object");
  checkRules(data, message.rules ?? []);
  checkFields(data, message.fields, "");
  if (message.cases) {
    const fields = message.cases[data[message.tag]];
    if (!fields) refuse(message.tag, "is not a known kind");
    checkFields(data, fields, "");
  }
}

function checkRules(data, rules) {
  for (const rule of rules) {
    if (rule.oneNotEmpty) {
      if (rule.oneNotEmpty.every((name) => isAbsent(data[name]) || data[name].length === 0)) {
        refuse(rule.oneNotEmpty[0], `or ${rule.oneNotEmpty.slice(1).join(", ")} must not be empty`);
      }
      continue;
    }
    const names = rule.exactlyOne ?? rule.atLeastOne;
    const count = names.filter((name) => !isAbsent(data[name])).length;
    if (count === 0 || (rule.exactlyOne && count > 1)) {
      refuse(names[0], `or another of ${names.join(", ")} is required, and only one at most`);
    }
  }
}

function checkFields(data, fields, path) {
  for (const field of fields) {
    const place = path ? `${path}.${field.name}` : field.name;
    const value = data[field.name];
    if (value === undefined && (field.required || field.nullable)) refuse(place, "is required");
    if (value === null && field.required && !field.nullable) refuse(place, "is required");
    if (!isAbsent(value)) checkValue(value, field, place);
  }
}

function checkValue(value, field, place) {
  if (field.list) {
    const bounds = field.list;
    if (!Array.isArray(value)) refuse(place, "must be an array");
    if (value.length < (bounds.min ?? 0) || value.length > bounds.max) {
      refuse(place, `must have ${bounds.min ?? 0} to ${bounds.max} items`);
    }
    value.forEach((item, index) => checkValue(item, bounds.of, `${place}[${index}]`));
  } else if (field.object) {
    if (!isObject(value)) refuse(place, "must be an object");
    checkFields(value, objects[field.object], place);
  } else {
    checkScalar(value, field.scalar ? scalars[field.scalar] : field, place);
  }
}

function checkScalar(value, bounds, place) {
  const check = {
    string: checkString,
    int: checkInteger,
    number: checkNumber,
    bool: (value, _, place) => {
      if (typeof value !== "boolean") refuse(place, "must be true or false");
    },
    object: (value, bounds, place) => {
      if (!isObject(value)) refuse(place, "must be an object");
      checkSize(value, bounds, place);
    },
    array: (value, bounds, place) => {
      if (!Array.isArray(value)) refuse(place, "must be an array");
      checkSize(value, bounds, place);
    },
  }[bounds.base];
  check(value, bounds, place);
}

function checkString(value, bounds, place) {
  if (typeof value !== "string") refuse(place, "must be a string");
  if (bounds.enum && !bounds.enum.includes(value)) {
    refuse(place, `must be one of ${bounds.enum.join(", ")}`);
  }
  const length = [...value].length;
  if (bounds.max !== undefined && length > bounds.max) {
    refuse(place, `must have at most ${bounds.max} characters`, bounds.over);
  }
  if (length < (bounds.min ?? 0)) refuse(place, `must have at least ${bounds.min} characters`);
  if (bounds.characters && !new RegExp(`^[${bounds.characters}]*$`, "u").test(value)) {
    refuse(place, `must have only the characters ${bounds.characters}`);
  }
  if (bounds.form && !forms[bounds.form](value)) refuse(place, "does not have the right form");
}

const forms = {
  time: (text) =>
    /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString().slice(0, 10) === text.slice(0, 10),
  email: (text) => {
    const [name, domain, ...more] = text.split("@");
    if (!name || !domain || more.length > 0) return false;
    if (/[\s\x00-\x1f\x7f<>,;:"()]/u.test(text)) return false;
    const labels = domain.split(".");
    return labels.length >= 2 && labels.every((label) => label !== "");
  },
};

function checkInteger(value, bounds, place) {
  if (!Number.isInteger(value)) refuse(place, "must be a whole number");
  checkRange(value, bounds, place);
}

function checkNumber(value, bounds, place) {
  if (typeof value !== "number") refuse(place, "must be a number");
  checkRange(value, bounds, place);
}

function checkRange(value, bounds, place) {
  const { min = -Infinity, max = Infinity } = bounds;
  if (value < min || value > max) refuse(place, `must be from ${min} to ${max}`);
}

function checkSize(value, bounds, place) {
  const size = new TextEncoder().encode(JSON.stringify(value)).length;
  if (size > bounds.bytes) refuse(place, `must be at most ${bounds.bytes} bytes of JSON`);
}
