"""What takes its time: scenes that run on a server of their own beside the other tests."""

import asyncio
import time
from concurrent.futures import Future

from conftest import Shop, serve
from peers import Peer
from peers.server import ORIGIN


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


SCENES = {"no_hello": no_hello, "offer_expires": offer_expires}


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


async def test_an_offer_expires_after_thirty_seconds(waits):
    expires, reason, took, ends, late = await asyncio.wrap_future(waits["offer_expires"])
    assert expires == 30 and reason == "expired" and 27 < took < 36
    assert ends[0] == "expired"
    # It may have been offered to the only agent again by then; otherwise it is too late.
    assert late["t"] == "ack" or late["d"]["code"] == "conflict"
