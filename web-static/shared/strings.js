// @ts-check

/**
 * What an app says, one table per language. A value is a text with `{name}` places, or one text
 * per plural form of `{count}`.
 * @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} StringTable
 */

const rightToLeft = new Set(["ar", "fa", "he", "ur"]);

/** The texts of one language. */
export class Strings {
  /** The language in use, such as "de". */
  language;
  /** What the person asked for, such as "de-AT": for dates and numbers. */
  locale;
  /** @type {"ltr" | "rtl"} */
  direction;
  #table;
  #fallback;
  #plurals;

  /**
   * @param {Record<string, StringTable>} tables
   * @param {readonly (string | null | undefined)[]} wanted languages in order of preference
   */
  constructor(tables, wanted) {
    const match = matchOf(wanted, Object.keys(tables));
    this.language = match?.language ?? "en";
    this.locale = match?.locale ?? "en";
    this.direction = rightToLeft.has(this.language) ? "rtl" : "ltr";
    this.#table = tables[this.language];
    this.#fallback = tables.en;
    this.#plurals = new Intl.PluralRules(this.locale);
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    const entry = this.#table[key] ?? this.#fallback[key] ?? key;
    const form = this.#plurals.select(Number(values.count ?? 0));
    const text = typeof entry === "string" ? entry : (entry[form] ?? entry.other ?? key);
    return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  }
}

/**
 * The first of the wanted locales whose language is known. One without a region, such as "en", is
 * made precise by a later one of the same language, such as "en-GB": for dates and times.
 * @param {readonly (string | null | undefined)[]} wanted
 * @param {readonly string[]} known languages
 * @returns {{locale: string, language: string} | undefined}
 */
export function matchOf(wanted, known) {
  const locales = wanted
    .flatMap((locale) => (isLocale(locale) ? [locale] : []))
    .map((locale) => ({ locale, language: locale.split("-")[0].toLowerCase() }));
  const match = locales.find(({ language }) => known.includes(language));
  if (!match || match.locale.includes("-")) return match;
  const isPrecise = (/** @type {typeof match} */ { locale, language }) =>
    language === match.language && locale.includes("-");
  return locales.find(isPrecise) ?? match;
}

/**
 * @param {string | null | undefined} locale
 * @returns {locale is string}
 */
function isLocale(locale) {
  if (!locale) return false;
  try {
    return new Intl.Locale(locale).language !== "";
  } catch {
    return false;
  }
}
