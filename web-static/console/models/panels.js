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
/** Panels that are due within so many milliseconds are drawn together. */
const together = 1000;

/**
 * What a panel is called where it is asked for.
 * @param {Pick<Panel, "plugin" | "id">} panel
 */
export function panelKey({ plugin, id }) {
  return `${plugin}/${id}`;
}

/**
 * The panels beside a conversation, and when each is to be drawn anew: as often as it wants, and
 * less and less often while it fails, for its service may be down.
 */
export class PanelBoard {
  /** @type {Panel[]} in order of their keys */
  panels = [];
  /** Whether an answer has come. */
  isKnown = false;
  /** When each is to be drawn anew, and how often in a row nothing came. */
  /** @type {Map<string, {at: number, failures: number}>} */
  #due = new Map();
  /** The same for all of them, as long as none is known. */
  #all = { at: 0, failures: 0 };
  /** Whether all are to be drawn anew, whenever they are due. */
  #isExpired = false;

  /** From now on all of them are due. */
  expire() {
    this.#isExpired = true;
  }

  /**
   * Those that are to be drawn anew; null for all there are, nothing when it is too early.
   * @param {number} now
   * @returns {string[] | null}
   */
  due(now) {
    if (this.#isExpired) return null;
    if (this.panels.length === 0) return this.#all.at <= now ? null : [];
    return [...this.#due].filter(([, { at }]) => at <= now + together).map(([key]) => key);
  }

  /** When the next of them is due. */
  get next() {
    if (this.#isExpired) return 0;
    if (this.panels.length === 0) return this.#all.at;
    return Math.min(...[...this.#due.values()].map(({ at }) => at));
  }

  /** They have been asked for. @param {string[] | null} keys null for all */
  asked(keys) {
    if (keys === null) {
      this.#all.at = Infinity;
      this.#isExpired = false;
    }
    for (const key of keys ?? this.#due.keys()) this.#time(key).at = Infinity;
  }

  /**
   * @param {string[] | null} keys those that were asked for
   * @param {Panel[]} panels what came; more than was asked for is welcome
   * @param {number} now
   */
  came(keys, panels, now) {
    this.isKnown = true;
    const known = new Map(this.panels.map((panel) => [panelKey(panel), panel]));
    for (const key of keys ?? known.keys()) known.delete(key);
    for (const panel of panels) known.set(panelKey(panel), panel);
    this.panels = [...known.values()].sort((a, b) => (panelKey(a) < panelKey(b) ? -1 : 1));
    for (const key of this.#due.keys()) if (!known.has(key)) this.#due.delete(key);
    this.#all = { at: now + usualSeconds * 1000, failures: 0 };
    for (const panel of panels) {
      const key = panelKey(panel);
      const failures = panel.error ? this.#time(key).failures + 1 : 0;
      this.#due.set(key, { at: now + pause(panel, failures), failures });
    }
  }

  /** Nothing came. @param {string[] | null} keys @param {number} now */
  failed(keys, now) {
    this.#all.failures += 1;
    this.#all.at = now + pause(null, this.#all.failures);
    for (const panel of this.panels) {
      const key = panelKey(panel);
      if (keys !== null && !keys.includes(key)) continue;
      const time = this.#time(key);
      time.failures += 1;
      time.at = now + pause(panel, time.failures);
    }
  }

  /** @param {string} key */
  #time(key) {
    const time = this.#due.get(key) ?? { at: 0, failures: 0 };
    this.#due.set(key, time);
    return time;
  }
}

/** @param {Panel | null} panel @param {number} failures in a row */
function pause(panel, failures) {
  const seconds = Math.max(leastSeconds, panel?.refresh_s || usualSeconds);
  return seconds * 1000 * 2 ** Math.min(failures, 4);
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
