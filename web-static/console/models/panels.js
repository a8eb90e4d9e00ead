// @ts-check

/**
 * What a plugin shows beside a conversation.
 * @typedef {object} Panel
 * @property {string} plugin
 * @property {string} id
 * @property {string} title
 * @property {number} refresh_s
 * @property {any[]} blocks
 * @property {string | null} error
 */

const leastSeconds = 5;
const usualSeconds = 60;

/**
 * After how many milliseconds panels are drawn anew. They come together, so the most impatient
 * one counts; one that failed waits longer each time, for its service may be down.
 * @param {Panel[]} panels
 * @param {number} failures how often in a row nothing came
 */
export function refreshAfter(panels, failures = 0) {
  const wanted = panels.map(({ refresh_s }) => Math.max(leastSeconds, refresh_s || usualSeconds));
  const seconds = wanted.length > 0 ? Math.min(...wanted) : usualSeconds;
  return seconds * 1000 * 2 ** Math.min(failures, 4);
}

/** @param {Panel} panel */
export function panelKey({ plugin, id }) {
  return `${plugin} ${id}`;
}

/**
 * A result as it is shown: its summary, and what else it says.
 * @param {any} output
 * @returns {{summary: string, fields: [string, any][], tables: {name: string, columns: string[],
 *   rows: any[][]}[]}}
 */
export function resultParts(output) {
  const said = /** @type {Record<string, any>} */ (
    output && typeof output === "object" ? output : {}
  );
  const { summary, ...rest } = said;
  const fields = [];
  const tables = [];
  for (const [name, value] of Object.entries(rest)) {
    if (value === null || value === undefined || value === "") continue;
    if (isTable(value)) tables.push({ name, ...tableOf(value) });
    else if (!Array.isArray(value) || value.length > 0) fields.push([name, value]);
  }
  return {
    summary: typeof summary === "string" ? summary : "",
    fields: /** @type {[string, any][]} */ (fields),
    tables,
  };
}

/** @param {any} value */
function isTable(value) {
  return Array.isArray(value) && value.length > 0 &&
    value.every((each) => each && typeof each === "object" && !Array.isArray(each));
}

/** @param {any[]} objects */
function tableOf(objects) {
  const columns = [...new Set(objects.flatMap((each) => Object.keys(each)))].slice(0, 8);
  return { columns, rows: objects.slice(0, 50).map((each) => columns.map((name) => each[name])) };
}
