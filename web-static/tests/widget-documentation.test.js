// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { wholePolicy } from "../widget/diagnosis/policy.js";
import { events, methods, options } from "../widget/host/api.js";

const page = readFileSync(new URL("../../Documentation/widget.md", import.meta.url), "utf8");

/** @param {string} title @returns {string} what stands under a heading of the second level */
function section(title) {
  const [, rest] = page.split(`\n## ${title}\n`);
  return rest.split("\n## ")[0];
}

/** @param {string} title @param {Record<string, any>} names @returns {string[]} those left out */
function leftOut(title, names) {
  const text = section(title);
  return Object.keys(names).filter((name) => !new RegExp(`[\`"]${name}[\`"]`).test(text));
}

describe("The widget's documentation", () => {
  it("has every option, call and event that there is", () => {
    assert.deepEqual(leftOut("Options", options), []);
    assert.deepEqual(leftOut("Calls", methods), []);
    assert.deepEqual(leftOut("Events", events), []);
  });

  it("gives the policy that the diagnosis asks for", () => {
    const given = /```\n(script-src[\s\S]*?)\n```/.exec(section("Content security policy"));
    assert.equal(given?.[1].replaceAll("\n", " "), wholePolicy("https://support.example.com"));
  });
});
