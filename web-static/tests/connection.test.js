// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { closeAdvice } from "../shared/close-advice.js";
import { Connection, socketURL, wakeAfterSleep } from "../shared/connection.js";
import { WireError } from "../shared/wire-error.js";
import { ManualClock, settle } from "./support/manual-clock.js";
import { ScriptedServer } from "./support/scripted-server.js";

/** @param {{hello?: (renew: boolean) => Promise<object>}} [options] */
async function begin({ hello } = {}) {
  const server = new ScriptedServer();
  const clock = new ManualClock();
  /** @type {any[]} */
  const frames = [];
  /** @type {string[]} */
  const states = [];
  /** @type {boolean[]} */
  const renewals = [];
  const connection = new Connection({
    url: "ws://here/v1/ws",
    hello: hello ?? (async (renew) => (renewals.push(renew), { token: "t" })),
    onFrame: (frame) => frames.push(frame),
    onState: (state, reason) => states.push(reason ? `${state}:${reason}` : state),
    clock,
    random: () => 0.5,
    open: server.open,
  });
  connection.start();
  await settle();
  return { connection, server, clock, frames, states, renewals };
}

describe("Connection", () => {
  it("says hello first, with the subprotocol, and is online after the welcome", async () => {
    const { connection, server, states } = await begin();
    assert.equal(server.socket.protocol, "maitred.v1");
    server.welcome();
    assert.deepEqual(server.socket.sent[0], { t: "hello", id: "h", d: { token: "t" } });
    assert.deepEqual(states, ["connecting", "online"]);
    assert.equal(connection.isOnline, true);
  });

  it("keeps a request until its ack, and rejects with the server's code on err", async () => {
    const { connection, server } = await begin();
    server.welcome();
    const kept = connection.request("msg.send", { d: { cid: "c", text: "hi" } });
    const refused = connection.request("human", { c: "cnv_1" });
    const [, first, second] = server.socket.sent;
    assert.equal(second.c, "cnv_1");
    server.socket.receive({ t: "ack", re: first.id, c: "cnv_1", d: { s: 2 } });
    server.socket.receive({
      t: "err",
      re: second.id,
      d: { code: "rate_limited", retry_ms: 900, temporary: true },
    });
    assert.equal((await kept).c, "cnv_1");
    await assert.rejects(
      refused,
      (error) => error instanceof WireError && error.code === "rate_limited" &&
        error.retryMs === 900,
    );
  });

  it("fails what waits for an answer when the socket goes, and comes back by itself", async () => {
    const { connection, server, clock, states } = await begin();
    server.welcome();
    const lost = connection.request("msg.send", { d: {} });
    server.socket.closes(1006);
    await assert.rejects(lost, { code: "disconnected" });
    await clock.advance(800);
    assert.equal(server.sockets.length, 2);
    server.welcome();
    assert.deepEqual(states, ["connecting", "online", "waiting:lost", "connecting", "online"]);
  });

  it("waits as long as the server asks before a restart, give or take", async () => {
    const { server, clock } = await begin();
    server.welcome();
    server.socket.receive({ t: "reconnect", d: { after_ms: 4000 } });
    server.socket.closes(1012);
    await clock.advance(3900);
    assert.equal(server.sockets.length, 1);
    await clock.advance(200);
    assert.equal(server.sockets.length, 2);
  });

  it("comes back when the server said that it may have room", async () => {
    const { server, clock } = await begin();
    const refusal = { code: "overloaded", temporary: true, retry_ms: 8000 };
    server.socket.receive({ t: "err", re: "h", d: refusal });
    server.socket.closes(4503);
    await clock.advance(7900);
    assert.equal(server.sockets.length, 1);
    await clock.advance(200);
    assert.equal(server.sockets.length, 2);
  });

  it("stops when another window took its place", async () => {
    const { connection, server, clock } = await begin();
    server.welcome();
    server.socket.closes(4409);
    await clock.advance(120_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(connection.state, "stopped");
    assert.equal(connection.reason, "replaced");
  });

  it("renews the token once after 4401, then gives up", async () => {
    const { connection, server, renewals } = await begin();
    server.socket.closes(4401);
    await settle();
    assert.deepEqual(renewals, [false, true]);
    server.socket.closes(4401);
    await settle();
    assert.equal(connection.state, "stopped");
    assert.equal(connection.reason, "unauthenticated");
  });

  it("stops when the session is refused for good, and retries when it is not", async () => {
    const refused = await begin({
      hello: async () => Promise.reject(new WireError({ code: "forbidden", temporary: false })),
    });
    assert.equal(refused.connection.state, "stopped");
    const failing = await begin({ hello: async () => Promise.reject(new TypeError("no network")) });
    assert.equal(failing.connection.state, "waiting");
  });

  it(
    "notices a half-open socket: pings after a heartbeat of silence, leaves after one and a half",
    async () => {
      const { server, clock, connection } = await begin();
      server.welcome({ heartbeat_s: 20 });
      await clock.advance(20_000);
      assert.equal(server.socket.sent.at(-1).t, "ping");
      await clock.advance(10_000);
      assert.equal(server.sockets[0].closedWith, 4000);
      assert.notEqual(connection.state, "online");
    },
  );

  it("stays when the pong comes", async () => {
    const { server, clock, connection } = await begin();
    server.welcome({ heartbeat_s: 20 });
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(20_000);
      server.socket.receive({ t: "pong" });
    }
    assert.equal(connection.state, "online");
    assert.equal(server.sockets.length, 1);
  });

  it("connects at once when woken while waiting", async () => {
    const { server, clock, connection } = await begin();
    server.welcome();
    server.socket.closes(1006);
    assert.equal(connection.state, "waiting");
    connection.wake();
    await settle();
    assert.equal(server.sockets.length, 2);
    assert.equal(clock.waiting, 1);
  });

  it("asks a socket that seems open when woken, and after 3 s of silence takes another", async () => {
    const { server, clock, connection } = await begin();
    server.welcome();
    connection.wake();
    assert.equal(server.socket.sent.at(-1).t, "ping");
    await clock.advance(2900);
    assert.equal(server.sockets.length, 1);
    await clock.advance(100);
    assert.equal(server.sockets[0].closedWith, 4000);
    assert.equal(server.sockets.length, 2);
  });

  it("keeps a socket that answers when asked", async () => {
    const { server, clock, connection } = await begin();
    server.welcome();
    connection.wake();
    server.socket.receive({ t: "pong" });
    await clock.advance(5000);
    assert.equal(server.sockets.length, 1);
  });

  it("does not trust a socket that is being opened for long after the network changed", async () => {
    const { server, clock, connection } = await begin();
    server.socket.onopen?.();
    connection.wake();
    await clock.advance(3000);
    assert.equal(server.sockets[0].closedWith, 4000);
  });

  it("asks first when its timers were held up, and loses nothing by it", async () => {
    const { server, clock, connection } = await begin();
    server.welcome({ heartbeat_s: 20 });
    clock.sleep(3_600_000);
    await clock.advance(0);
    assert.equal(server.socket.sent.at(-1).t, "ping");
    server.socket.receive({ t: "pong" });
    await clock.advance(5000);
    assert.equal(connection.state, "online");
    assert.equal(server.sockets.length, 1);
  });

  it("gives up a socket that is never welcomed", async () => {
    const { server, clock, connection } = await begin();
    server.socket.onopen?.();
    await clock.advance(10_000);
    assert.equal(connection.state, "waiting");
  });

  it("ignores a text that is not JSON, and passes on types it does not know", async () => {
    const { server, frames } = await begin();
    server.welcome();
    server.socket.onmessage?.({ data: "{" });
    server.socket.receive({ t: "something.new", d: {} });
    assert.deepEqual(frames.map((frame) => frame.t), ["welcome", "something.new"]);
  });

  it("takes no notice of a socket it has left", async () => {
    const { server, clock, frames } = await begin();
    server.welcome();
    const old = server.sockets[0];
    const late = old.onmessage;
    old.closes(1006);
    await clock.advance(1000);
    late?.({ data: JSON.stringify({ t: "notice", d: {} }) });
    assert.equal(frames.some((frame) => frame.t === "notice"), false);
  });
});

describe("wakeAfterSleep", () => {
  it("wakes when the clock has jumped, and only then", async () => {
    const clock = new ManualClock();
    let woken = 0;
    wakeAfterSleep({ wake: () => (woken += 1) }, clock);
    await clock.advance(60_000);
    assert.equal(woken, 0);
    clock.sleep(60_000);
    await clock.advance(5000);
    assert.equal(woken, 1);
    await clock.advance(60_000);
    assert.equal(woken, 1);
  });
});

describe("closeAdvice", () => {
  it("follows the table of close codes", () => {
    const actions = [1000, 1001, 1006, 1012, 4400, 4401, 4404, 4408, 4409, 4413, 4429, 4503].map(
      (code) => closeAdvice(code, false).action,
    );
    assert.deepEqual(
      actions,
      [
        "stop",
        "retry",
        "retry",
        "retry",
        "stop",
        "renew",
        "stop",
        "retry",
        "stop",
        "retry",
        "retry",
        "retry",
      ],
    );
    assert.equal(closeAdvice(4401, true).action, "stop");
  });
});

describe("socketURL", () => {
  it("is secure where the page is", () => {
    assert.equal(
      socketURL(new URL("https://chat.example/widget/v1/frame?site=a")),
      "wss://chat.example/v1/ws",
    );
    assert.equal(socketURL(new URL("http://localhost:8080/console/")), "ws://localhost:8080/v1/ws");
  });
});
