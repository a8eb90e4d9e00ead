// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WireError } from "../shared/wire-error.js";
import { Attachments, mostFiles } from "../shared/attachments.js";
import { boxOf, sizeWords } from "../shared/files.js";
import { settle } from "./support/manual-clock.js";

const rules = { limit: 1000, types: ["image/png", "text/plain"] };

/** @param {string} name @param {number} [size] @param {string} [type] @returns {any} */
const file = (name, size = 10, type = "image/png") => ({ name, size, type });

function begin() {
  /** @type {{file: any, report: (n: number) => void, signal: AbortSignal,
   *   resolve: (value: any) => void, reject: (error: Error) => void}[]} */
  const uploads = [];
  const attachments = new Attachments({
    rules,
    onChange: () => {},
    upload: (each, report, signal) =>
      new Promise((resolve, reject) => {
        uploads.push({ file: each, report, signal, resolve, reject });
      }),
  });
  return { attachments, uploads };
}

const uploaded = (/** @type {string} */ name) =>
  ({ upload_id: `upl_${name}`, name, type: "image/png", size: 10 });
const states = (/** @type {Attachments} */ { items }) => items.map(({ state }) => state);

describe("Attachments", () => {
  it("are uploaded two at a time, and go with a message in the order they were chosen", async () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a"), file("b"), file("c")]);
    assert.deepEqual(states(attachments), ["sending", "sending", "waiting"]);
    uploads[1].resolve(uploaded("b"));
    await settle();
    assert.deepEqual(uploads.map((each) => each.file.name), ["a", "b", "c"]);
    uploads[2].resolve(uploaded("c"));
    uploads[0].resolve(uploaded("a"));
    await settle();
    assert.equal(attachments.isBusy, false);
    assert.deepEqual(attachments.take().map(({ name }) => name), ["a", "b", "c"]);
    assert.deepEqual(attachments.items, []);
  });

  it("that cannot be accepted are not even sent", () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a", 1001), file("b", 5, "application/x-msdownload"), file("c", 0)]);
    assert.deepEqual(
      attachments.items.map(({ code }) => code),
      ["too_large", "unsupported_media", "empty"],
    );
    assert.equal(uploads.length, 0);
  });

  it("of a type the browser does not know are left to the server", () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a", 5, "")]);
    assert.equal(uploads.length, 1);
  });

  it("say how far they are", () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a")]);
    uploads[0].report(0.4);
    assert.equal(attachments.items[0].progress, 0.4);
  });

  it("can be taken back on the way", () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a")]);
    attachments.remove(attachments.items[0].key);
    assert.equal(uploads[0].signal.aborted, true);
    assert.deepEqual(attachments.items, []);
  });

  it("that were taken back do not return when their upload ends", async () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a")]);
    attachments.remove(attachments.items[0].key);
    uploads[0].resolve(uploaded("a"));
    await settle();
    assert.deepEqual(attachments.uploaded, []);
  });

  it("that failed say whether to try again, and can be", async () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a"), file("b")]);
    uploads[0].reject(new WireError({ code: "overloaded", temporary: true }));
    uploads[1].reject(new WireError({ code: "unsupported_media" }));
    await settle();
    assert.deepEqual(attachments.items.map(({ isTemporary }) => isTemporary), [true, false]);
    attachments.retry(attachments.items[0].key);
    assert.deepEqual(states(attachments), ["sending", "failed"]);
  });

  it("that had no connection go on by themselves when it is back", async () => {
    const { attachments, uploads } = begin();
    attachments.add([file("a"), file("b")]);
    uploads[0].reject(WireError.disconnected());
    uploads[1].reject(new WireError({ code: "too_large" }));
    await settle();
    attachments.resume();
    assert.deepEqual(states(attachments), ["sending", "failed"]);
    assert.equal(uploads.length, 3);
  });

  it("beyond what a message holds are not taken, and that is told", () => {
    const { attachments } = begin();
    const many = Array.from({ length: mostFiles + 3 }, (_, index) => file(`${index}`));
    assert.equal(attachments.add(many), 3);
    assert.equal(attachments.items.length, mostFiles);
  });
});

describe("Files", () => {
  it("have a size that people can read", () => {
    assert.equal(sizeWords(512, "en"), "512 byte");
    assert.equal(sizeWords(12_345, "en"), "12 kB");
    assert.equal(sizeWords(26_214_400, "en"), "26.2 MB");
    assert.equal(sizeWords(1_400_000, "de"), "1,4 MB");
  });

  it("that are images keep their shape within the bubble", () => {
    assert.deepEqual(boxOf({ name: "", type: "", size: 1, width: 2600, height: 1300 }), {
      width: 260, height: 130,
    });
    assert.deepEqual(boxOf({ name: "", type: "", size: 1, width: 100, height: 50 }), {
      width: 100, height: 50,
    });
    const { width, height } = boxOf({ name: "", type: "", size: 1 });
    assert.ok(width > 0 && height > 0);
  });
});
