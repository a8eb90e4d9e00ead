// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backWords, replyWords } from "../widget/models/opening-hours.js";

// A Saturday, 13:00 in Berlin.
const now = Date.parse("2026-11-28T12:00:00Z");
const opening = (/** @type {string | null} */ opens_at) => ({ open: false, opens_at });
const back = (/** @type {string | null} */ at, zone = "Europe/Berlin", locale = "en-GB") =>
  backWords(opening(at), now, locale, zone);

describe("Opening hours", () => {
  it("say nothing while the team is there, or when none are known", () => {
    assert.equal(backWords({ open: true, opens_at: null }, now, "en"), null);
    assert.equal(backWords(undefined, now, "en"), null);
  });

  it("are told in the customer's time zone", () => {
    const monday = "2026-11-30T08:00:00Z";
    assert.deepEqual(back(monday), { key: "backDay", values: { day: "Monday", time: "09:00" } });
    assert.deepEqual(back(monday, "America/New_York"), {
      key: "backDay", values: { day: "Monday", time: "03:00" },
    });
    assert.deepEqual(back("2026-11-30T02:00:00Z", "America/New_York"), {
      key: "backTomorrow", values: { time: "21:00" },
    });
  });

  it("name the day as people do", () => {
    assert.equal(back("2026-11-28T16:00:00Z")?.key, "backToday");
    assert.equal(back("2026-11-29T08:00:00Z")?.key, "backTomorrow");
    assert.deepEqual(back("2026-12-07T08:00:00Z"), {
      key: "backDate", values: { day: "7 December", time: "09:00" },
    });
    assert.deepEqual(back("2026-11-30T08:00:00Z", "Europe/Berlin", "de")?.values.day, "Montag");
  });

  it("are over once the desk should have opened", () => {
    assert.equal(back("2026-11-28T11:00:00Z"), null);
  });

  it("promise no time that is not known", () => {
    assert.deepEqual(back(null), { key: "closed", values: {} });
  });
});

describe("The usual reply time", () => {
  it("is never told shorter than it is", () => {
    assert.deepEqual(replyWords(40), { key: "replyMinutes", values: { count: 1 } });
    assert.deepEqual(replyWords(61), { key: "replyMinutes", values: { count: 2 } });
    assert.deepEqual(replyWords(11 * 60), { key: "replyMinutes", values: { count: 15 } });
    assert.deepEqual(replyWords(61 * 60), { key: "replyHours", values: { count: 2 } });
    assert.deepEqual(replyWords(25 * 3600), { key: "replyDays", values: { count: 2 } });
  });

  it("is not told without knowledge of it", () => {
    for (const seconds of [null, undefined, 0, -1, "60"]) assert.equal(replyWords(seconds), null);
  });
});
