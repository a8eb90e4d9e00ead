// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeptValues } from "../shared/storage.js";
import { SessionEnds } from "../widget/session-ends.js";

const session = { visitor: "vis", token: "tok" };

describe("SessionEnds", () => {
  /** @param {(number | "offline")[]} answers what the server says to each request, in order */
  const begin = (...answers) => {
    /** @type {{by: string | undefined, visitor: string | undefined, init: any}[]} */
    const asked = [];
    const kept = new KeptValues("test", () => null);
    const ends = new SessionEnds({
      kept,
      fetch: async (url, init) => {
        assert.equal(url, "/v1/widget/sessions/end");
        const { headers, body } = /** @type {any} */ (init);
        asked.push({ by: headers.Authorization, visitor: JSON.parse(body).visitor, init });
        const answer = answers.shift() ?? 204;
        if (answer === "offline") throw new TypeError("Failed to fetch");
        return new Response(null, { status: answer });
      },
    });
    return { ends, asked, kept };
  };
  const who = (/** @type {{by?: string, visitor?: string}[]} */ asked) =>
    asked.map(({ by, visitor }) => [by, visitor]);

  it("tells the server both tokens, and lets the page be left meanwhile", async () => {
    const { ends, asked, kept } = begin();
    await ends.end(session);
    assert.deepEqual(who(asked), [["Bearer tok", "vis"]]);
    assert.equal(asked[0].init.keepalive, true);
    assert.equal(kept.get("owed"), null);
  });

  it("asks before it returns", () => {
    const { ends, asked } = begin();
    void ends.end(session);
    assert.equal(asked.length, 1);
  });

  it("has nothing to tell of a browser that never spoke", async () => {
    const { ends, asked } = begin();
    await ends.end({ visitor: null, token: null });
    assert.equal(asked.length, 0);
  });

  for (const failure of /** @type {const} */ (["offline", 503, 429])) {
    it(`says that the server could not be told, and tells it later: ${failure}`, async () => {
      const { ends, asked, kept } = begin(failure, "offline", 204);
      await assert.rejects(ends.end(session), /the server could not be told/);
      assert.deepEqual(kept.get("owed"), [session]);
      await ends.retry();
      assert.deepEqual(kept.get("owed"), [session]);
      await ends.retry();
      assert.deepEqual(who(asked).at(-1), ["Bearer tok", "vis"]);
      assert.equal(kept.get("owed"), null);
      await ends.retry();
      assert.equal(asked.length, 3);
    });
  }

  it("ends by the visitor's token alone once the other has run out", async () => {
    const { ends, asked, kept } = begin(401, 204);
    await ends.end(session);
    assert.deepEqual(who(asked), [["Bearer tok", "vis"], [undefined, "vis"]]);
    assert.equal(kept.get("owed"), null);
  });

  it("keeps what names each of several, and no more than a few", async () => {
    const { ends, kept } = begin(...Array(4).fill("offline"));
    for (const visitor of ["a", "b", "c", "d"]) {
      await ends.end({ visitor, token: null }).catch(() => {});
    }
    assert.deepEqual(kept.get("owed").map((/** @type {any} */ each) => each.visitor), [
      "b", "c", "d",
    ]);
  });
});
