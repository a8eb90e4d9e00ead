// @ts-check
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { OwedEnd } from "../widget/host/owed-end.js";

/** What all pages of an origin share. */
function sharedStorage() {
  const values = new Map();
  return {
    getItem: (/** @type {string} */ key) => values.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => values.set(key, value),
  };
}

describe("An end that the chat could not hear of", () => {
  beforeEach(() => {
    /** @type {any} */ (globalThis).localStorage = sharedStorage();
    new OwedEnd("site_a").mark(true);
  });

  it("is told to the site's next frame, and to no other after it", () => {
    const next = new OwedEnd("site_a");
    assert.equal(next.tell(), true);
    next.heard();
    assert.equal(next.tell(), false);
    assert.equal(new OwedEnd("site_a").tell(), false);
  });

  it("stays owed while another site's frame comes, which hears nothing of it", () => {
    const other = new OwedEnd("site_b");
    assert.equal(other.tell(), false);
    other.heard();
    assert.equal(new OwedEnd("site_a").tell(), true);
  });

  it("stays owed beside another site's end that is settled", () => {
    const other = new OwedEnd("site_b");
    other.mark(true);
    other.mark(false);
    assert.equal(new OwedEnd("site_a").tell(), true);
  });

  it("stays owed when a frame of another tab is there that was greeted before", () => {
    new OwedEnd("site_a").mark(false);
    const early = new OwedEnd("site_a");
    assert.equal(early.tell(), false);
    new OwedEnd("site_a").mark(true);
    early.heard();
    assert.equal(new OwedEnd("site_a").tell(), true);
  });

  it("stays owed when the frame that was told never came", () => {
    assert.equal(new OwedEnd("site_a").tell(), true);
    assert.equal(new OwedEnd("site_a").tell(), true);
  });

  it("is forgotten by a page that may not store anything", () => {
    const refuse = () => { throw new DOMException("denied", "SecurityError"); };
    /** @type {any} */ (globalThis).localStorage = { getItem: refuse, setItem: refuse };
    const end = new OwedEnd("site_a");
    end.mark(true);
    assert.equal(end.tell(), false);
    end.heard();
  });
});
