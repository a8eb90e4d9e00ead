// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Frame } from "../widget/host/frame.js";
import { adopt } from "../widget/host/own.js";

adopt(/** @type {any} */ ({
  Channel: MessageChannel,
  append() {},
  remove() {},
  cancel: (/** @type {null} */ _, /** @type {any} */ timer) => clearTimeout(timer),
  later: (/** @type {null} */ _, /** @type {() => void} */ run, /** @type {number} */ delay) =>
    setTimeout(run, delay),
  listen: (/** @type {any} */ target, /** @type {string} */ name, /** @type {any} */ run) =>
    target.addEventListener(name, run),
  post: (/** @type {MessagePort} */ port, /** @type {any} */ message) => port.postMessage(message),
  start: (/** @type {MessagePort} */ port) => port.start(),
}));
/** @type {any} */ (globalThis).navigator ??= { onLine: true };

describe("What waits for the chat to be there", () => {
  /** @param {any[]} messages @returns {Promise<string[]>} what the chat hears, in order */
  const heard = (messages) => new Promise((resolve) => {
    const iframe = /** @type {any} */ (new EventTarget());
    iframe.contentWindow = {
      postMessage: (/** @type {any} */ _, /** @type {any} */ __, /** @type {any} */ [port]) => {
        /** @type {string[]} */
        const told = [];
        port.onmessage = (/** @type {any} */ { data }) => {
          if (data.t !== "last") return void told.push(data.name);
          frame.remove();
          resolve(told);
        };
        port.postMessage({ t: "ready" });
      },
    };
    const frame = new Frame({
      origin: "https://chat.example", site: "site_1", make: () => iframe, title: () => "",
      hello: () => ({}), hear() {}, changed() {},
    });
    for (const message of messages) frame.post(message);
    frame.post({ t: "last" });
    frame.load(/** @type {any} */ (null));
    iframe.dispatchEvent(new Event("load"));
  });
  const page = (/** @type {number} */ count) => ({ t: "context", name: `page ${count}` });

  it("is the last ten pages, and all else, in the order it happened", async () => {
    const pages = Array.from({ length: 12 }, (_, at) => page(at + 1));
    const event = { t: "track", name: "paid" };
    assert.deepEqual(await heard([pages[0], event, ...pages.slice(1)]), [
      "paid", ...pages.slice(2).map(({ name }) => name),
    ]);
  });

  it("is every page while they are few", async () => {
    const pages = Array.from({ length: 10 }, (_, at) => page(at + 1));
    assert.deepEqual(await heard(pages), pages.map(({ name }) => name));
  });
});
