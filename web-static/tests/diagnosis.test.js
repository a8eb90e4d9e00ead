// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as findings from "../widget/diagnosis/findings.js";
import { mendedDirective, trustsByNonce, wholePolicy } from "../widget/diagnosis/policy.js";

const origin = "https://support.example.com";

describe("The policy a page should have", () => {
  it("names one origin and nothing unsafe", () => {
    assert.equal(wholePolicy(origin), [
      `script-src ${origin}`, `frame-src ${origin}`,
      `connect-src ${origin} wss://support.example.com`, `img-src ${origin}`,
    ].join("; "));
  });

  it("keeps what the page allows already", () => {
    const policy = `default-src 'none'; connect-src 'self' ${origin}; script-src 'self'`;
    assert.equal(mendedDirective("connect-src", policy, origin),
      `connect-src 'self' ${origin} wss://support.example.com`);
    assert.equal(mendedDirective("script-src", policy, origin), `script-src 'self' ${origin}`);
  });

  it("takes over what a missing directive inherits", () => {
    assert.equal(mendedDirective("frame-src", "default-src 'self' data:", origin),
      `frame-src 'self' data: ${origin}`);
    assert.equal(mendedDirective("frame-src", "default-src 'none'", origin), `frame-src ${origin}`);
    assert.equal(mendedDirective("script-src", "script-src-elem 'self'; script-src 'none'", origin),
      `script-src-elem 'self' ${origin}`);
  });

  it("needs a nonce where hosts count for nothing", () => {
    const strict = "script-src 'nonce-a' 'strict-dynamic'";
    assert.ok(trustsByNonce(strict) && !trustsByNonce("script-src 'self'"));
    const blocked = { directive: "script-src-elem", policy: strict };
    assert.match(findings.policy("script-src", { blocked }, origin).advice, /nonce="…"/);
  });
});

describe("A finding", () => {
  it("of http in a page of https is a fault, except on this machine", () => {
    const page = "https:";
    assert.equal(findings.mixedContent({ page, origin: "http://support.example.com" }).ok, false);
    assert.equal(findings.mixedContent({ page, origin: "http://127.0.0.1:8080" }).ok, true);
    assert.equal(findings.mixedContent({ page: "http:", origin: "http://a.example" }).ok, true);
  });

  it("of preflights that a proxy holds back is not one of the site's origins", () => {
    const config = { status: 200, body: {} };
    const held = findings.origin(config, { failed: "Failed to fetch" }, "https://shop.example");
    assert.match(held.advice, /OPTIONS/);
    const foreign = findings.origin({ failed: "" }, { failed: "" }, "https://shop.example");
    assert.match(foreign.advice, /--origin https:\/\/shop\.example$/);
  });

  it("of a page without an origin asks for a web server", () => {
    assert.match(findings.origin({}, {}, "null").advice, /web server/);
  });

  it("of storage asks for https where a partitioned cookie needs it", () => {
    const of = (/** @type {string} */ chat, cookies = true) =>
      findings.storage({ page: "shop.example", origin: chat, cookies }).ok;
    assert.equal(of("http://support.other.example"), false);
    assert.equal(of("https://support.other.example"), true);
    assert.equal(of("http://support.shop.example"), true);
    assert.equal(of("https://support.shop.example", false), false);
  });

  it("of the clock allows for the way there and back", () => {
    const at = Date.parse("2026-11-28T12:00:00Z");
    const clock = (/** @type {number} */ off) => findings.clock({
      status: 200, began: at, ended: at + 20_000, body: { now: new Date(at + off).toISOString() },
    }).ok;
    assert.deepEqual([clock(0), clock(79_000), clock(81_000), clock(-61_000)],
      [true, true, false, false]);
    assert.equal(findings.clock({ status: 200, body: {} }).ok, null);
  });

  it("gives advice whenever it is a fault", () => {
    const faults = [
      findings.loader({ isThere: false, hasBegun: false, origin }),
      findings.chat("failed"), findings.server({ status: 502 }, origin),
      findings.key({ status: 404 }, "site_x"),
      findings.socket({ failed: "" }, true),
    ];
    for (const { ok, advice } of faults) assert.ok(ok === false && advice.length > 20);
  });
});
