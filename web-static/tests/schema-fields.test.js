// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  faultOf,
  fieldOf,
  fieldsOf,
  isComplete,
  isShown,
  placeFaults,
  valueOf,
} from "../console/models/schema-fields.js";

const text = (/** @type {object} */ more = {}) => fieldOf("name", { type: "string", ...more });
const whole = (/** @type {object} */ more = {}) => fieldOf("limit", { type: "integer", ...more });

describe("The fields of a schema", () => {
  it("stand as the schema orders them, and else as they are written", () => {
    const schema = {
      type: "object",
      required: ["c"],
      properties: {
        a: { type: "string" },
        b: { type: "string" },
        c: { type: "string", "x-order": 2 },
        d: { type: "string", "x-order": 1 },
      },
    };
    const fields = fieldsOf(schema);
    assert.deepEqual(fields.map(({ name }) => name), ["d", "c", "a", "b"]);
    assert.deepEqual(fields.filter(({ isRequired }) => isRequired).map(({ name }) => name), ["c"]);
  });

  it("know their kind, and are called after their name when they have no title", () => {
    assert.equal(text({ enum: ["a"] }).kind, "choice");
    assert.equal(fieldOf("api_key", { type: "string" }).title, "Api key");
    assert.equal(fieldOf("tags", { type: "array", items: { type: "string" } }).item?.kind, "text");
    const group = fieldOf("smtp", { type: "object", properties: { host: { type: "string" } } });
    assert.deepEqual(group.fields.map(({ name }) => name), ["host"]);
    assert.deepEqual(fieldsOf(undefined), []);
  });

  it("are shown when the fields beside them say so", () => {
    const field = text({ "x-if": { mode: "email", on: true } });
    assert.equal(isShown(field, { mode: "email", on: true }), true);
    assert.equal(isShown(field, { mode: "email", on: false }), false);
    assert.equal(isShown(text(), {}), true);
    assert.equal(isShown(text({ "x-if": { mode: ["a", "b"] } }), { mode: "b" }), true);
  });
});

describe("What a field says", () => {
  it("is nothing while the default is meant", () => {
    assert.equal(valueOf(text({ default: "v3" }), "v3", undefined), undefined);
    assert.equal(valueOf(text(), "", undefined), undefined);
    assert.equal(valueOf(whole({ default: 5 }), "5", undefined), undefined);
    const tick = fieldOf("on", { type: "boolean", default: true });
    assert.equal(valueOf(tick, true, undefined), undefined);
    assert.equal(valueOf(fieldOf("tags", { type: "array" }), [], undefined), undefined);
  });

  it("is said again when it had been said, though it be the default", () => {
    assert.equal(valueOf(text({ default: "v3" }), "v3", "v3"), "v3");
    assert.equal(valueOf(fieldOf("on", { type: "boolean" }), false, true), false);
    assert.deepEqual(valueOf(fieldOf("tags", { type: "array" }), [], ["a"]), []);
  });

  it("can be emptied where an empty text means something", () => {
    assert.equal(valueOf(text({ default: "Hello" }), "", undefined), "");
    // An address without anything in it is none: the default counts again.
    const address = text({ format: "uri", default: "https://a.example" });
    assert.equal(valueOf(address, "", "https://b.example"), undefined);
  });

  it("is a number where one is asked for", () => {
    assert.equal(valueOf(whole(), "12", undefined), 12);
    assert.equal(valueOf(fieldOf("share", { type: "number" }), "0.5", undefined), 0.5);
    assert.equal(valueOf(whole(), "", 3), undefined);
  });

  it("is said when it must be", () => {
    assert.equal(valueOf(fieldOf("on", { type: "boolean" }, true), false, undefined), false);
    assert.deepEqual(valueOf(fieldOf("tags", { type: "array" }, true), [], undefined), []);
  });
});

describe("A fault of a field", () => {
  it("is told before the server has to", () => {
    assert.deepEqual(faultOf(fieldOf("a", { type: "string" }, true), ""), ["faultMissing"]);
    assert.equal(faultOf(fieldOf("a", { type: "string", default: "x" }, true), ""), null);
    assert.deepEqual(faultOf(text({ maxLength: 2 }), "a😀b"), ["faultLength", { limit: 2 }]);
    assert.equal(faultOf(text({ maxLength: 2 }), "a😀"), null);
    assert.deepEqual(faultOf(whole(), "", true), ["faultNumber"]);
    assert.deepEqual(faultOf(whole(), "1.5"), ["faultWhole"]);
    assert.deepEqual(faultOf(whole({ minimum: 1 }), "0"), ["faultLeast", { least: 1 }]);
    assert.deepEqual(faultOf(whole({ maximum: 9 }), "10"), ["faultMost", { most: 9 }]);
    const list = fieldOf("tags", { type: "array", items: { type: "string" }, maxItems: 1 });
    assert.deepEqual(faultOf(list, ["a", "b"]), ["faultEntries", { limit: 1 }]);
    assert.equal(faultOf(whole({ minimum: 1, maximum: 9 }), "9"), null);
  });
});

describe("Faults of the server", () => {
  const paths = ["file", "columns", "columns[0]", "smtp", "smtp.port"];

  it("go to the fields they are about", () => {
    const { placed, rest } = placeFaults(
      ["config.file: missing", "config.smtp.port: not a whole number: really", "it did not start"],
      "config",
      paths,
    );
    assert.deepEqual([...placed], [
      ["file", ["missing"]],
      ["smtp.port", ["not a whole number: really"]],
    ]);
    assert.deepEqual(rest, ["it did not start"]);
  });

  it("go to what holds them when they have no place of their own", () => {
    const { placed, rest } = placeFaults(
      ["config.columns[7].name: too long", "config.smtp.host: missing", "config.x: what"],
      "config",
      paths,
    );
    assert.deepEqual([...placed.keys()], ["columns", "smtp"]);
    assert.deepEqual(rest, ["config.x: what"]);
  });

  it("of another form are not of this one", () => {
    assert.deepEqual(placeFaults(["input.file: missing"], "config", paths).rest, [
      "input.file: missing",
    ]);
  });
});

describe("An input", () => {
  const schema = {
    type: "object",
    required: ["order", "reason"],
    properties: { order: { type: "string" }, reason: { type: "string", default: "other" } },
  };

  it("is complete when nothing that is needed is left to be said", () => {
    assert.equal(isComplete(schema, { order: "A-1" }), true);
    assert.equal(isComplete(schema, { order: "" }), false);
    assert.equal(isComplete({ type: "object", properties: {} }, {}), true);
  });
});
