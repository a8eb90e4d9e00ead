// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unfinishedWithoutMarks } from "../console/models/assist-words.js";
import { GrowingText } from "../console/models/growing-text.js";
import { Translations } from "../console/models/translations.js";
import { Translator } from "../console/translator.js";

describe("A text that grows", () => {
  it("joins its pieces by their numbers", () => {
    const growing = new GrowingText();
    growing.add(0, "Yearly ");
    growing.add(2, "renewed");
    growing.add(1, "plans are ");
    growing.add(1, "plans are ");
    assert.equal(growing.text, "Yearly plans are renewed");
  });

  it("shows where a piece was lost", () => {
    const growing = new GrowingText();
    growing.add(1, "plans");
    growing.add(4, "renewed");
    assert.equal(growing.text, "… plans … renewed");
  });

  it("shows no mark of a source, nor the beginning of one", () => {
    const shown = unfinishedWithoutMarks;
    assert.equal(shown("Yearly plans [1] are renewed [2, "), "Yearly plans are renewed");
    assert.equal(shown("See [the page"), "See [the page");
  });
});

describe("Translations", () => {
  it("asks once for each message, and again after a failure", () => {
    const translations = new Translations();
    assert.equal(translations.begin("m1"), true);
    assert.equal(translations.begin("m1"), false);
    translations.fail("m1", ["assistTimeout"]);
    assert.deepEqual(translations.of("m1")?.trouble, ["assistTimeout"]);
    assert.equal(translations.begin("m1"), true);
    translations.end("m1", { text: " Hello \n" });
    assert.equal(translations.of("m1")?.text, "Hello");
    assert.equal(translations.begin("m1"), false);
  });

  it("says why there is none when the answer is empty", () => {
    const translations = new Translations();
    translations.begin("m1");
    translations.end("m1", { text: " ", reason: "it is a number" });
    assert.deepEqual(
      translations.of("m1")?.trouble,
      ["translationNoneWhy", { why: "it is a number" }],
    );
  });
});

describe("The translator", () => {
  const message = (/** @type {string} */ m) => ({ m, text: `text of ${m}` });
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it("asks for one message after another", async () => {
    /** @type {string[]} */
    const asked = [];
    /** @type {(() => void)[]} */
    const answers = [];
    const translator = new Translator((_, { text }) => {
      asked.push(text);
      return new Promise((resolve) => answers.push(() => resolve({ text: text.toUpperCase() })));
    });
    translator.isOffered = true;
    translator.wantAll(true);
    translator.see([message("m1"), message("m2")]);
    translator.see([message("m1"), message("m2")]);
    await settled();
    assert.deepEqual(asked, ["text of m1"]);
    answers[0]();
    await settled();
    assert.deepEqual(asked, ["text of m1", "text of m2"]);
    assert.equal(translator.of("m1")?.text, "TEXT OF M1");
    assert.equal(translator.of("m2")?.state, "working");
  });

  it("asks for nothing more once nobody wants it, and for the rest when they do", async () => {
    let asked = 0;
    const translator = new Translator(() => {
      asked += 1;
      return new Promise(() => {});
    });
    translator.isOffered = true;
    translator.wantAll(true);
    translator.see([message("m1"), message("m2")]);
    await settled();
    translator.wantAll(false);
    assert.equal(translator.of("m2"), null);
    translator.see([message("m2")]);
    await settled();
    assert.equal(asked, 1);
    translator.wantAll(true);
    translator.see([message("m2")]);
    await settled();
    assert.equal(asked, 2);
  });

  it("forgets a conversation that is left, with what is on its way", async () => {
    /** @type {(answer: object) => void} */
    let answer = () => {};
    const translator = new Translator(() => new Promise((resolve) => (answer = resolve)));
    translator.isOffered = true;
    translator.translate(message("m1"));
    await settled();
    translator.drop();
    answer({ text: "late" });
    await settled();
    assert.equal(translator.of("m1"), null);
    assert.equal(translator.hasBegun, false);
  });
});
