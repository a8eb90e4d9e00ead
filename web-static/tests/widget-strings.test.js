// @ts-check
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { Strings } from "../shared/strings.js";
import { en } from "../widget/strings/en.js";
import { languages, stringsFor } from "../widget/strings/index.js";

const folder = new URL("../widget/strings/", import.meta.url);
/** @type {Record<string, import("../shared/strings.js").StringTable>} */
const tables = Object.fromEntries(await Promise.all(languages.map(async (language) =>
  [language, (await import(`${folder}${language}.js`))[language]])));

const texts = (/** @type {any} */ entry) => typeof entry === "string" ? [entry] : Object.values(entry);
const places = (/** @type {string} */ text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe("The widget's languages", () => {
  it("are the tables that are there", async () => {
    const files = (await readdir(folder)).filter((name) => name !== "index.js");
    assert.deepEqual(files.map((name) => name.replace(/\.js$/, "")).sort(), [...languages].sort());
  });

  for (const language of languages) {
    it(`say everything in ${language}, with the same places`, () => {
      assert.deepEqual(Object.keys(tables[language]).sort(), Object.keys(en).sort());
      for (const [key, entry] of Object.entries(en)) {
        // A form for one or two may say the number in words.
        const allowed = [...new Set(texts(entry).flatMap(places))].sort();
        for (const text of texts(tables[language][key])) {
          const used = places(text);
          assert.ok(text.trim() !== "", key);
          assert.ok(used.every((place) => allowed.includes(place)), `${key}: ${text}`);
          const named = allowed.filter((place) => place !== "{count}");
          assert.ok(named.every((place) => used.includes(place)), `${key}: ${text}`);
        }
      }
    });

    it(`have every plural form that ${language} has`, () => {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
      for (const [key, entry] of Object.entries(tables[language])) {
        if (typeof entry === "object") assert.deepEqual(Object.keys(entry).sort(), forms, key);
        assert.equal(typeof entry, typeof en[key], key);
      }
    });
  }

  it("count in Arabic as Arabic does", () => {
    const strings = new Strings({ en, ar: tables.ar }, ["ar"]);
    const said = [0, 1, 2, 3, 11, 100].map((count) => strings.say("replyHours", { count }));
    assert.equal(new Set(said).size, 6);
    assert.match(said[3], /3 ساعات/);
  });

  it("grow by a table", async () => {
    const known = languages.length;
    languages.push("fr");
    try {
      const table = { ...en, send: "Envoyer le message" };
      const strings = await stringsFor(["fr-CA", "en"], async () => ({ fr: table }));
      assert.deepEqual([strings.language, strings.locale], ["fr", "fr-CA"]);
      assert.equal(strings.say("send"), "Envoyer le message");
    } finally {
      languages.length = known;
    }
  });

  it("fall back to English without a network for another", async () => {
    const strings = await stringsFor(["de"], () => Promise.reject(new Error("offline")));
    assert.equal(strings.say("send"), en.send);
    assert.equal(strings.direction, "ltr");
  });

  it("take the customer's own region for dates and times", async () => {
    const strings = await stringsFor(["en", "de-AT", "en-GB"], () => Promise.reject(new Error()));
    assert.equal(strings.locale, "en-GB");
  });
});
