// @ts-check
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { check, events, fromData, methods, options } from "../widget/host/api.js";
import { identityFrom, longest, patience } from "../widget/host/identity.js";
import { distance, nearest } from "../widget/host/near.js";
import { adopt } from "../widget/host/own.js";
import { PageErrors } from "../widget/host/page-errors.js";
import { PageTitle } from "../widget/host/page-title.js";
import { cleanFacts, cleanText, fitting, isCardNumber, weigh } from "../widget/host/redaction.js";
import { tables } from "../widget/host/texts.js";
import { HostPort } from "../widget/host-port.js";
import { PageTrail } from "../widget/models/page-trail.js";
import { PageReport } from "../widget/page-report.js";
import { KeptValues } from "../shared/storage.js";

/** @type {{run: () => void, delay: number}[]} */
let timers = [];
adopt(/** @type {any} */ ({
  Promise,
  has: Object.hasOwn,
  later: (/** @type {null} */ _, /** @type {() => void} */ run, /** @type {number} */ delay) =>
    timers[timers.push({ run, delay }) - 1],
  cancel: (/** @type {null} */ _, /** @type {any} */ timer) => {
    timers = timers.filter((each) => each !== timer);
  },
  listen: (/** @type {any} */ target, /** @type {string} */ name, /** @type {any} */ run) =>
    target.addEventListener(name, run),
  unlisten: (/** @type {any} */ target, /** @type {string} */ name, /** @type {any} */ run) =>
    target.removeEventListener(name, run),
}));

const memory = () => new KeptValues("test", () => null);

describe("The declarations for TypeScript", async () => {
  const file = new URL("../widget/maitred.d.ts", import.meta.url);
  const text = (await readFile(file, "utf8")).replace(/\/\*\*[\s\S]*?\*\//g, "");
  const body = (/** @type {string} */ name) =>
    new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n  \\}`).exec(text)?.[1] ?? "";
  const keys = (/** @type {string} */ name) =>
    [...body(name).matchAll(/^\s*"?([\w:]+)"?\??:/gm)].map(([, key]) => key).sort();

  it("know every method, and none that there is not", () => {
    const declared = [...body("Call").matchAll(/method: "(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(declared.sort(), Object.keys(methods).sort());
  });

  it("know every event, and none that there is not", () => {
    assert.deepEqual(keys("Events"), Object.keys(events).sort());
  });

  it("know every option, and none that there is not", () => {
    assert.deepEqual(keys("Options"), Object.keys(options).sort());
  });
});

describe("A call that cannot be meant", () => {
  const says = (/** @type {any[]} */ ...call) => {
    try {
      check(call[0], call.slice(1));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "";
  };

  it("is told what was likely meant", () => {
    assert.match(says("opne"), /no method 'opne'\. Did you mean 'open'\?/);
    assert.match(says("Identity"), /Did you mean 'identify'\?/);
    assert.match(says("on", "message:recieved", () => {}), /Did you mean 'message:received'\?/);
    assert.match(says("boot", { color: "#000000" }), /called 'color'\. Did you mean 'colour'\?/);
    assert.match(says("context", { fact: {} }), /Did you mean 'facts'\?/);
    assert.equal(says("xylophone").includes("Did you mean"), false);
    assert.match(says("constructor"), /no method 'constructor'/);
  });

  it("is told what it takes", () => {
    assert.match(says("ask", 5), /'ask' takes a text, not number/);
    assert.match(says("ask"), /'ask' takes a text, not undefined/);
    assert.match(says("compose", ""), /not an empty text/);
    assert.match(says("on", "open"), /'on' takes a function/);
    assert.match(says("theme", "blue"), /'auto', 'light' or 'dark', not 'blue'/);
    assert.match(says("boot", { query: "tab" }), /query of 'boot' takes a list of texts/);
    assert.match(says("boot", { errors: "yes" }), /errors of 'boot' takes true or false/);
    assert.match(says("context", { facts: [1] }), /facts of 'context' takes an object, not a list/);
    assert.match(says("identify", 7), /a function that returns a JWT/);
    assert.match(says("open", "now"), /'open' takes nothing/);
  });

  it("is not found where there is none", () => {
    for (const call of [
      ["boot"], ["boot", { site: "site_1", identify: null, query: ["tab"], preload: false }],
      ["context"], ["context", { page: "a", facts: {} }], ["track", "paid"],
      ["track", "paid", { sum: 5 }], ["identify", async () => "jwt"], ["on", "unread", () => {}],
      ["update", { contact: {} }], ["open", undefined],
    ]) assert.equal(says(...call), "", String(call[0]));
  });
});

describe("The attributes of the script", () => {
  it("are options, and what cannot be meant is told and left out", () => {
    /** @type {string[]} */
    const told = [];
    const found = fromData({
      site: "site_1", errors: "", preload: "false", query: "tab, view", theme: "blue",
      colour: "", identify: "eyJ", cfasync: "false",
    }, (why) => told.push(why));
    assert.deepEqual(found, {
      site: "site_1", errors: true, preload: false, query: ["tab", "view"],
    });
    assert.equal(told.length, 2);
    assert.match(told[0], /data-theme must be 'auto'/);
  });
});

describe("nearest", () => {
  it("counts the letters that differ", () => {
    assert.equal(distance("kitten", "sitting"), 3);
    assert.equal(distance("", "abc"), 3);
  });

  it("answers nothing rather than something far off", () => {
    assert.equal(nearest("tour", methods), null);
    assert.equal(nearest("toogle", methods), "toggle");
  });
});

describe("Redaction", () => {
  it("takes out names that look secret", () => {
    const facts = {
      plan: "pro", password: "x", apiKey: "x", user_token: "x", cardNumber: 1, SSN: "x", seats: 5,
    };
    assert.deepEqual(cleanFacts(facts), { plan: "pro", seats: 5 });
  });

  it("takes card numbers out of texts, and no other numbers", () => {
    assert.equal(cleanText("paid with 4111 1111 1111 1111 today"), "paid with [removed] today");
    assert.equal(cleanText("5500-0055-5555-5559"), "[removed]");
    assert.equal(cleanText("order 4111111111111112"), "order 4111111111111112");
    assert.equal(cleanText("invoice 2041, call 0123 456789"), "invoice 2041, call 0123 456789");
    assert.equal(isCardNumber("378282246310005"), true);
    assert.deepEqual(cleanFacts({ paid: 4111111111111111, seats: 12 }), { seats: 12 });
  });

  it("takes tokens out of texts", () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl";
    assert.equal(cleanText(`refused: ${jwt}!`), "refused: [removed]!");
    assert.equal(cleanText("Authorization: Bearer abc123.def-456"),
      "Authorization: Bearer [removed]");
    assert.equal(cleanText("GET /x?access_token=abc&tab=1"), "GET /x?access_token=[removed]&tab=1");
  });

  it("lets texts, numbers and booleans through, and says what it does not", () => {
    /** @type {string[]} */
    const told = [];
    const facts = {
      name: "x", count: 1, is: false, list: [1], deep: {}, none: null, run() {}, not: NaN,
      at: new Date(0), big: 5n,
    };
    const clean = cleanFacts(facts, (why) => told.push(why));
    assert.deepEqual(clean, { name: "x", count: 1, is: false });
    assert.equal(told.length, 7);
    assert.match(told[0], /'list' is neither a text, a number nor a boolean/);
  });

  it("keeps what fits, and never more", () => {
    const facts = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`fact${index}`, "ä\"\n😀".repeat(40)]),
    );
    const kept = fitting(cleanFacts(facts), 4096);
    assert.ok(Object.keys(kept).length > 1);
    assert.ok(new TextEncoder().encode(JSON.stringify(kept)).length <= 4096);
    assert.ok(weigh("ä\"\n😀") >= JSON.stringify("ä\"\n😀").length - 2);
  });
});

describe("identify", () => {
  const jwt = "aaa.bbb.ccc";
  const ask = async (/** @type {unknown} */ provider) => {
    /** @type {string[]} */
    const told = [];
    const answer = await identityFrom(provider, (why, code) => told.push(`${code}: ${why}`));
    return { answer, told };
  };

  it("is asked each time a token is needed", async () => {
    let count = 0;
    const provider = async () => `aaa.bbb.${(count += 1)}`;
    assert.equal((await ask(provider)).answer, "aaa.bbb.1");
    assert.equal((await ask(provider)).answer, "aaa.bbb.2");
    assert.equal((await ask(jwt)).answer, jwt);
  });

  it("is a customer without a name when nobody is signed in", async () => {
    for (const nobody of [null, undefined, "", () => null, async () => ""]) {
      assert.deepEqual(await ask(nobody), { answer: null, told: [] });
    }
  });

  it("is a customer without a name when it fails, and says so", async () => {
    const thrown = await ask(() => { throw new Error("502"); });
    assert.deepEqual(thrown, { answer: null, told: ["identify: identify failed: 502"] });
    const page = await ask(async () => "\n<!doctype html>");
    assert.equal(page.answer, null);
    assert.match(page.told[0], /returned markup/);
    const list = await ask(async () => ({ token: jwt }));
    assert.equal(list.answer, null);
    assert.match(list.told[0], /returned no text, such as a JWT, but an object/);
  });

  it("takes the product's own session, for a plugin to check", async () => {
    for (const own of ["session-ada", "s:9f2c.8b/a+=", "user=ada&mac=77", "x".repeat(longest)]) {
      assert.deepEqual(await ask(async () => own), { answer: own, told: [] });
    }
    assert.equal((await ask(async () => " session-ada\n")).answer, "session-ada");
    const long = await ask("x".repeat(longest + 1));
    assert.equal(long.answer, null);
    assert.match(long.told[0], /returned 8193 characters; at most 8192 are taken/);
  });

  it("is a customer without a name after ten seconds, and says so", async () => {
    timers = [];
    const asked = ask(() => new Promise(() => {}));
    assert.deepEqual(timers.map(({ delay }) => delay), [patience]);
    timers[0].run();
    const { answer, told } = await asked;
    assert.equal(answer, null);
    assert.match(told[0], /no answer within 10 seconds/);
  });
});

describe("PageErrors", () => {
  const begin = () => {
    let changes = 0;
    const errors = new PageErrors(new EventTarget(), () => (changes += 1));
    return { errors, changes: () => changes };
  };

  it("tells the message without markup, and a hash of where", () => {
    const { errors } = begin();
    errors.note(new TypeError("no <input value='Elena'> with password=x"), "/a", 0);
    const { last_error, last_error_stack } = errors.facts("/a");
    assert.equal(last_error, "TypeError: no <…> with password=[removed]");
    assert.match(last_error_stack, /^[0-9a-f]{8}$/);
  });

  it("gives the same line the same hash, whatever the script's address was asked with", () => {
    const [one, other] = ["?v=1", "?v=2"].map((query) => {
      const { errors } = begin();
      const error = new Error("x");
      error.stack = `Error: x\n    at pay (https://shop.example/pay.js${query}:10:5)`;
      errors.note(error, "/a", 0);
      return errors.facts("/a").last_error_stack;
    });
    assert.equal(one, other);
  });

  it("belongs to the page on which it happened", () => {
    const { errors } = begin();
    errors.note("failed", "/a", 0);
    assert.deepEqual(errors.facts("/b"), {});
  });

  it("is told at most once in five seconds and ten times in all", () => {
    const { errors, changes } = begin();
    errors.note(new Error("1"), "/a", 0);
    errors.note(new Error("2"), "/a", 100);
    assert.equal(changes(), 1);
    for (let count = 1; count < 30; count += 1) errors.note(`failure ${count}`, "/a", count * 6000);
    assert.equal(changes(), 10);
  });

  it("leaves out what says nothing", () => {
    const { errors, changes } = begin();
    errors.note("Script error.", "/a", 0);
    assert.equal(changes(), 0);
  });
});

describe("PageTitle", () => {
  it("shows the number of unread messages, and gives the title back", () => {
    const document = { title: "Invoices" };
    const title = new PageTitle(document);
    title.show(2);
    assert.equal(document.title, "(2) Invoices");
    assert.equal(title.own, "Invoices");
    document.title = "Plan";
    title.show(3);
    assert.equal(document.title, "(3) Plan");
    title.show(0);
    assert.equal(document.title, "Plan");
  });

  it("leaves a number alone that is the page's own", () => {
    const document = { title: "(2) items" };
    new PageTitle(document).show(0);
    assert.equal(document.title, "(2) items");
  });
});

describe("The texts around the iframe", () => {
  it("are complete in every language", () => {
    const [first, ...others] = Object.values(tables);
    for (const table of others) assert.deepEqual(Object.keys(table), Object.keys(first));
    for (const { unread } of Object.values(tables)) assert.ok(unread.includes("{n}"));
  });
});

describe("PageReport", () => {
  const begin = () => {
    /** @type {any[]} */
    const sent = [];
    /** @type {any[]} */
    const told = [];
    /** @type {any} */
    const chat = { c: "cnv_1", isResolved: false, timeline: { last: 5 } };
    const state = { isOpen: false, isOnline: true };
    const kept = memory();
    /** @type {any} */
    const book = { chat: null, current: null };
    const report = new PageReport({
      trail: new PageTrail(kept, memory()),
      connection: /** @type {any} */ ({
        get isOnline() { return state.isOnline; },
        isLeading: true,
        send: (/** @type {string} */ t, /** @type {any} */ { c, d }) =>
          sent.push([t, c ?? null, d.url_path ?? d.name]),
      }),
      book,
      host: { tell: (message) => told.push(message) },
      isOpen: () => state.isOpen,
      document: { visibilityState: "visible" },
    });
    const converse = () => Object.assign(book, { chat, current: "cnv_1" });
    return { report, sent, told, chat, state, kept, converse };
  };

  it("keeps the pages to itself until the chat is opened", () => {
    const { report, sent, state } = begin();
    report.arrive({ url_path: "/a" });
    report.arrive({ url_path: "/b" });
    assert.equal(report.current, null);
    assert.deepEqual(sent, []);
    state.isOpen = true;
    report.returned();
    assert.deepEqual(sent, [["context", null, "/a"], ["context", null, "/b"]]);
  });

  it("follows the customer while the conversation goes on, with the chat closed", () => {
    const { report, sent, converse } = begin();
    converse();
    report.arrive({ url_path: "/a" });
    report.track("paid", {});
    assert.deepEqual(sent, [["context", "cnv_1", "/a"], ["track", null, "paid"]]);
  });

  it("tells nothing once the conversation is over, and the page not to look", () => {
    const { report, sent, told, chat, state, converse } = begin();
    converse();
    state.isOpen = true;
    chat.isResolved = true;
    report.settled();
    report.arrive({ url_path: "/a" });
    report.track("paid", {});
    assert.deepEqual(sent, []);
    assert.deepEqual(told, [{ t: "watch", on: false }]);
  });

  it("begins again when the customer comes back, with nothing of the time between", () => {
    const { report, sent, told, chat, state, converse } = begin();
    converse();
    chat.isResolved = true;
    report.settled();
    report.arrive({ url_path: "/secret" });
    state.isOpen = true;
    report.returned();
    report.arrive({ url_path: "/back" });
    assert.deepEqual(sent, [["context", null, "/back"]]);
    assert.deepEqual(told.at(-1), { t: "watch", on: true });
    // The same end, seen again, is not another one.
    report.settled();
    report.arrive({ url_path: "/on" });
    assert.deepEqual(sent.at(-1), ["context", null, "/on"]);
  });

  it("is over for the pages that are loaded afterwards too", () => {
    const { report, chat, kept, converse } = begin();
    converse();
    chat.isResolved = true;
    report.settled();
    const next = new PageTrail(kept, memory());
    assert.equal(next.isPaused, true);
    assert.equal(next.arrive({ url_path: "/a" }), null);
  });

  it("tells nothing after the end of the session", () => {
    const { report, sent, converse } = begin();
    converse();
    report.end();
    report.arrive({ url_path: "/a" });
    report.track("paid", {});
    assert.deepEqual(sent, []);
    assert.equal(report.current, null);
  });
});

describe("HostPort", () => {
  const parent = {};
  const begin = () => {
    /** @type {((event: any) => void) | null} */
    let listener = null;
    const window = /** @type {any} */ ({
      parent,
      addEventListener: (/** @type {string} */ _, /** @type {any} */ run) => (listener = run),
      removeEventListener: () => (listener = null),
    });
    const port = new HostPort();
    return { port, met: port.meet(window), post: (/** @type {any} */ event) => listener?.(event) };
  };
  const channel = () => {
    /** @type {any[]} */
    const sent = [];
    const postMessage = (/** @type {any} */ message) => sent.push(message);
    return { sent, onmessage: null, postMessage };
  };
  const data = { maitred: 1, locale: "en", theme: "auto", open: false, base: "" };

  it("hears the page around it and no other window, and only the first time", async () => {
    const { port, met, post } = begin();
    const [intruder, page, second] = [channel(), channel(), channel()];
    post({ source: {}, data, origin: "https://ads.example", ports: [intruder] });
    const origin = "https://shop.example";
    post({ source: parent, data: { maitred: 2 }, origin, ports: [intruder] });
    post({ source: parent, data, origin, ports: [page] });
    post({ source: parent, data, origin, ports: [second] });
    assert.equal((await met)?.origin, "https://shop.example");
    port.tell({ t: "unread", count: 1 });
    assert.deepEqual([intruder.sent, page.sent.length, second.sent], [[], 1, []]);
  });

  it("asks the page for a name, each time anew", async () => {
    const { port, met, post } = begin();
    const page = channel();
    post({ source: parent, data, origin: "https://shop.example", ports: [page] });
    await met;
    for (const jwt of ["first", "second"]) {
      const asked = port.identity();
      assert.deepEqual(page.sent.at(-1), { t: "identity" });
      /** @type {any} */ (page).onmessage({ data: { t: "identity", jwt } });
      assert.equal(await asked, jwt);
    }
  });
});
