// @ts-check

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { closeCodes, errorCodes, messageTypes } from "../shared/protocol.js";
import { validate } from "../shared/protocol-validator.js";

const folder = new URL("../../Sources/Gateway/Wire/Messages/", import.meta.url);

/** @returns {Array<{file: string, t: string, direction: any[], examples: any[]}>} */
function definitions() {
  return readdirSync(folder)
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(new URL(file, folder), "utf8")) }));
}

/** The frame of an example; those too long to write out say which field repeats what. */
function expanded(example) {
  const frame = structuredClone(example.frame);
  if (!example.repeat) return frame;
  const path = example.repeat.field.split(".");
  const last = path.pop();
  const place = path.reduce((value, key) => value[key], frame.d);
  place[last] = example.repeat.text.repeat(example.repeat.times);
  return frame;
}

for (const definition of definitions()) {
  for (const sender of definition.direction) {
    for (const example of definition.examples) {
      const name = `${definition.file} from ${sender}: ${example.title}`;
      if (example.refused) {
        test(`refuses ${name}`, () => {
          const [problem] = validate(expanded(example), sender);
          assert.ok(problem, "it was accepted");
          assert.equal(problem.code, example.refused);
          assert.equal(problem.field, example.names);
        });
      } else {
        test(`accepts ${name}`, () => {
          assert.deepEqual(validate(expanded(example), sender), []);
          assert.deepEqual(validate(expanded(example)), []);
        });
      }
    }
  }
}

test("names every type, and nothing can change them", () => {
  const types = new Set(definitions().map((definition) => definition.t));
  assert.deepEqual(new Set(Object.values(messageTypes)), types);
  assert.ok(Object.isFrozen(messageTypes) && Object.isFrozen(errorCodes));
});

test("says what to do after each close code", () => {
  assert.deepEqual(closeCodes[4409], { name: "replaced", advice: "stop" });
  assert.equal(closeCodes[4408].advice, "retry");
});

test("refuses what is not a frame", () => {
  assert.equal(validate(null)[0].field, "frame");
  assert.equal(validate([])[0].field, "frame");
  assert.equal(validate({ t: 7 })[0].field, "t");
  assert.equal(validate({ t: "no.such" })[0].code, "unknown_type");
  assert.equal(validate({ t: "reply", d: {} }, "customer")[0].code, "unknown_type");
});

test("ignores fields it does not know", () => {
  assert.deepEqual(validate({ t: "ping", extra: 1, d: { more: true } }, "agent"), []);
});
