// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listed } from "../shared/letter-store.js";
import { KeptValues } from "../shared/storage.js";
import { endLate } from "../widget/end-late.js";
import { SessionEnds } from "../widget/session-ends.js";
import { TabChannel } from "../widget/tabs/tab-channel.js";
import { settle } from "./support/manual-clock.js";
import { TabWorld } from "./support/tab-world.js";

describe("The end of a session that is made up for later", () => {
  const memory = () => new KeptValues("test", () => null);

  /** @param {number | "offline"} answer what the server says */
  const begin = (answer = 204) => {
    const world = new TabWorld();
    const [here, there] = [0, 0].map(() => new TabChannel("tabs", world.tab().open));
    /** @type {any[]} */
    const asked = [];
    const ends = new SessionEnds({
      kept: memory(),
      fetch: async (_, init) => {
        asked.push(JSON.parse(String(init?.body)));
        if (answer === "offline") throw new TypeError("Failed to fetch");
        return new Response(null, { status: answer });
      },
    });
    const parts = {
      channel: here, kept: memory(), perTab: memory(), letters: listed("test", null), ends,
    };
    parts.kept.set("visitor", "vis");
    parts.perTab.set("draft", "My card is");
    return { parts, asked, here, there };
  };

  it("is told to tabs that are still in it, and not to its own", async () => {
    const { parts, here, there } = begin();
    /** @type {string[]} */
    const told = [];
    here.on("ended", () => told.push("here"));
    there.on("ended", () => told.push("there"));
    await endLate(parts);
    await settle();
    assert.deepEqual(told, ["there"]);
  });

  for (const answer of /** @type {const} */ ([204, "offline"])) {
    it(`leaves nothing in this tab, and tells the server whose it was: ${answer}`, async () => {
      const { parts, asked } = begin(answer);
      await parts.letters.put(/** @type {any} */ ({ cid: "1", text: "Hello" }));
      await endLate(parts);
      assert.equal(parts.kept.get("visitor"), null);
      assert.equal(parts.perTab.get("draft"), null);
      assert.deepEqual(await parts.letters.all(), []);
      assert.deepEqual(asked, [{ visitor: "vis" }]);
    });
  }
});
