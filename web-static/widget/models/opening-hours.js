// @ts-check

/**
 * When people answer, as the site's configuration says it.
 * @typedef {object} Hours
 * @property {boolean} open
 * @property {string | null} [opens_at]
 * @property {string} [text] the site's own words for its hours
 */

/**
 * When the team is back, as a key and its values, in the customer's own time zone.
 * @param {Hours | null | undefined} hours
 * @param {number} now
 * @param {string} locale
 * @param {string} [timeZone] the customer's, unless it is another one's turn
 * @returns {{key: string, values: Record<string, string>} | null} null while the team is there,
 *   and when no hours are known
 */
export function backWords(hours, now, locale, timeZone) {
  if (!hours || hours.open) return null;
  const at = Date.parse(hours.opens_at ?? "");
  if (Number.isNaN(at)) return { key: "closed", values: {} };
  // The page has been open for longer than the desk was closed.
  if (at <= now) return null;
  const format = (/** @type {Intl.DateTimeFormatOptions} */ options) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(at);
  const time = format({ hour: "2-digit", minute: "2-digit" });
  const days = dayNumber(at, timeZone) - dayNumber(now, timeZone);
  if (days === 0) return { key: "backToday", values: { time } };
  if (days === 1) return { key: "backTomorrow", values: { time } };
  const day = days < 7
    ? format({ weekday: "long" })
    : format({ day: "numeric", month: "long" });
  return { key: days < 7 ? "backDay" : "backDate", values: { day, time } };
}

/**
 * How long answers of people usually take, as a key and its values.
 * @param {unknown} seconds
 * @returns {{key: string, values: Record<string, number>} | null}
 */
export function replyWords(seconds) {
  if (typeof seconds !== "number" || !(seconds > 0)) return null;
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes < 60) {
    return { key: "replyMinutes", values: { count: minutes <= 2 ? minutes : roundUp(minutes, 5) } };
  }
  const hours = Math.ceil(minutes / 60);
  if (hours < 24) return { key: "replyHours", values: { count: hours } };
  return { key: "replyDays", values: { count: Math.ceil(hours / 24) } };
}

/** @param {number} value @param {number} step */
function roundUp(value, step) {
  return Math.ceil(value / step) * step;
}

/**
 * The days of the calendar, counted.
 * @param {number} at
 * @param {string} [timeZone]
 */
function dayNumber(at, timeZone) {
  const parts = new Intl.DateTimeFormat("en-u-ca-gregory", {
    timeZone, year: "numeric", month: "numeric", day: "numeric",
  }).formatToParts(at);
  const part = (/** @type {string} */ type) =>
    Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / 86_400_000;
}
