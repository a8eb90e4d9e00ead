// @ts-check

/**
 * A source of time. Passed in, so that tests advance it by hand.
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since 1970
 * @property {(ms: number, run: () => void) => () => void} after runs once later; returns its cancel
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The time of day as people of `locale` write it, such as "14:05".
 * @param {string | number | Date} at
 * @param {string} locale
 */
export function timeOfDay(at, locale) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(
    new Date(at),
  );
}

/**
 * A day's name relative to `now`: "Today", "Yesterday", else the date.
 * @param {string | number | Date} at
 * @param {number} now
 * @param {string} locale
 */
export function dayName(at, now, locale) {
  const date = new Date(at);
  const days = Math.round((startOfDay(date) - startOfDay(new Date(now))) / 86_400_000);
  if (days === 0 || days === -1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" }).format(date);
}

/**
 * How long ago, in as few characters as a list can spare: "now", "4m", "3h", "2d".
 * @param {string | number | Date} at
 * @param {number} now
 */
export function shortAge(at, now) {
  const seconds = Math.max(0, (now - new Date(at).getTime()) / 1000);
  if (seconds < 45) return "now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))}m`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)}h`;
  return `${Math.round(seconds / 86_400)}d`;
}

/** @param {Date} date */
function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
