"""What takes its time: scenes that run on a server of their own beside the other tests."""

import asyncio
import json
import signal
import time
from concurrent.futures import Future

from conftest import Shop, serve
from peers import Customer, Peer
from peers.server import ORIGIN


# Enough for a warning.
SILENT = 12


async def no_hello(shop):
    peer = Peer(shop.server)
    await peer.connect(ORIGIN)
    started = time.monotonic()
    code = await peer.closed(10)
    return code, time.monotonic() - started, [frame["t"] for frame in peer.frames]


async def offer_expires(shop):
    async with shop.agent() as ann, shop.customer() as customer:
        c = (await customer.say("I need a person."))["c"]
        offer = await ann.of_type("offer", c)
        started = time.monotonic()
        gone = await ann.of_type("offer.gone", c, timeout=45)
        took = time.monotonic() - started
        ends = [frame["d"]["outcome"] for frame in await ann.history(c)
                if frame["d"].get("type") == "offer.ended"]
        late = await ann.ask("accept", c=c)
        return offer["d"]["expires_s"], gone["d"]["reason"], took, ends, late


async def by_hand(shop):
    """A customer who answers no ping: libraries do that without telling."""
    token = (await Customer(shop.server).session()).json["token"]
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.server.port)
    writer.write((
        f"GET /v1/ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        f"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"sec-websocket-protocol: maitred.v1\r\norigin: {ORIGIN}\r\n\r\n").encode())
    await reader.readuntil(b"\r\n\r\n")
    hello = json.dumps({"t": "hello", "id": "h", "d": {"token": token}}).encode()
    # Masked, as clients must, with a mask of zeros.
    writer.write(bytes([0x81, 0x80 | 126]) + len(hello).to_bytes(2) + bytes(4) + hello)
    return reader, writer


async def heartbeat(shop):
    reader, writer = await by_hand(shop)
    started = time.monotonic()
    async with asyncio.timeout(40):
        while True:
            opcode, size = await reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await reader.readexactly(2))
            await reader.readexactly(size)
            if opcode & 15 == 9:
                writer.close()
                return time.monotonic() - started


async def silence(shop):
    """Many who stop answering: what the server counts, and what it warns of."""
    async def one():
        reader, writer = await by_hand(shop)
        async with asyncio.timeout(60):
            while await reader.read(4096):
                pass
        return writer

    # Nothing comes from them any more, nor that they have closed.
    gone = await asyncio.gather(*[one() for _ in range(SILENT)])
    async with asyncio.timeout(5):
        while True:
            told = (await shop.get("/readyz?verbose")).json
            if told["parts"]["connections"]["heartbeats_lost_lately"] == SILENT:
                break
            await asyncio.sleep(0.1)
    for writer in gone:
        writer.close()
    return told, await shop.figures(), shop.server.log()


async def slow_upload(shop):
    """A file that stops coming, and one that trickles."""
    token = (await Customer(shop.server).session()).json["token"]

    async def cut(trickle):
        reader, writer = await asyncio.open_connection("127.0.0.1", shop.server.port)
        writer.write((
            f"POST /v1/uploads?name=a.txt HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n"
            f"authorization: Bearer {token}\r\n\r\n").encode() + b"x" * 1000)
        started = time.monotonic()
        answer = asyncio.ensure_future(reader.readuntil(b"\r\n"))
        while trickle and not answer.done():
            writer.write(b"x")
            await asyncio.wait([answer], timeout=0.5)
        status = int((await asyncio.wait_for(answer, 40)).split(b" ")[1])
        writer.close()
        return status, time.monotonic() - started

    cuts = await asyncio.gather(cut(False), cut(True))
    return cuts, sorted((shop.server.folder / "files").iterdir())


async def sleep(_):
    """A server that is stopped for longer than silent clients are kept, as on a laptop or a host that
    moves its machine."""
    server = await asyncio.to_thread(serve)
    try:
        shop = Shop(server)
        async with shop.customer() as customer:
            c = (await customer.say("Hello"))["c"]
            server.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(42)
            server.process.send_signal(signal.SIGCONT)
            # They do not say anything before they would have been hung up on.
            await asyncio.sleep(1.5)
            answer = await customer.say("Still there?", c)
            figures = await shop.figures()
            await customer.close()
        return answer["t"], figures["maitred_ws_heartbeats_lost_total"]
    finally:
        await asyncio.to_thread(server.close)


SCENES = {"no_hello": no_hello, "sleep": sleep, "offer_expires": offer_expires, "heartbeat": heartbeat,
          "silence": silence, "slow_upload": slow_upload}


def begin(thread):
    """Starts all scenes; yields names and futures."""
    futures = {name: Future() for name in SCENES}
    thread.submit(_run, futures)
    return futures.items()


def _run(futures):
    async def one(name, shop):
        try:
            futures[name].set_result(await SCENES[name](shop))
        except BaseException as error:
            futures[name].set_exception(error)

    async def all_of_them(shop):
        await asyncio.gather(*[one(name, shop) for name in SCENES])

    server = None
    try:
        server = serve()
        asyncio.run(all_of_them(Shop(server)))
    except BaseException as error:
        for future in futures.values():
            if not future.done():
                future.set_exception(error)
    finally:
        if server:
            server.close()


async def test_who_does_not_say_hello_within_five_seconds_is_hung_up_on(waits):
    code, took, frames = await asyncio.wrap_future(waits["no_hello"])
    assert code == 4401 and 4.5 < took < 8 and set(frames) <= {"err"}


async def test_the_server_pings_every_25_seconds(waits):
    took = await asyncio.wrap_future(waits["heartbeat"])
    assert 20 < took < 31


async def test_a_server_that_has_slept_hangs_up_on_nobody(waits):
    answer, lost = await asyncio.wrap_future(waits["sleep"])
    assert (answer, lost) == ("ack", 0)


async def test_clients_that_stop_answering_are_counted_and_many_are_a_warning(waits):
    told, figures, log = await asyncio.wrap_future(waits["silence"])
    assert figures["maitred_ws_heartbeats_lost_total"] == SILENT
    assert told["parts"]["connections"]["heartbeats_lost"] == SILENT
    assert told["warnings"] == [f"{SILENT} clients stopped answering in the last 5 minutes"]
    assert log.count("many clients have stopped answering") == 1


async def test_an_offer_expires_after_thirty_seconds(waits):
    expires, reason, took, ends, late = await asyncio.wrap_future(waits["offer_expires"])
    assert expires == 30 and reason == "expired" and 27 < took < 36
    assert ends[0] == "expired"
    # It may have been offered to the only agent again by then; otherwise it is too late.
    assert late["t"] == "ack" or late["d"]["code"] == "conflict"


async def test_a_file_that_comes_too_slowly_is_given_up(waits):
    cuts, left = await asyncio.wrap_future(waits["slow_upload"])
    for status, took in cuts:
        assert status == 408 and 14 < took < 22
    assert not left
