// @ts-check

import { matchOf, Strings } from "../../shared/strings.js";
import { en } from "./en.js";

/**
 * What the widget can speak. Each but English is a table in a file of its name, loaded when it is
 * needed; another language is another file and another name here.
 */
export const languages = ["en", "de", "ar"];

/**
 * The texts of the first language that is known. Without its table, which takes a network, the
 * widget speaks English.
 * @param {readonly (string | null | undefined)[]} wanted in order of preference
 * @param {(language: string) => Promise<Record<string, any>>} load the module of a table
 * @returns {Promise<Strings>}
 */
export async function stringsFor(wanted, load) {
  const language = matchOf(wanted, languages)?.language ?? "en";
  if (language === "en") return new Strings({ en }, wanted);
  try {
    const table = (await load(language))[language];
    return new Strings({ en, [language]: table }, wanted);
  } catch {
    return new Strings({ en }, ["en"]);
  }
}
