"""Too much to do is a state of its own: newcomers are told when to come, and others go on."""

import asyncio
import json

import pytest
from peers import Agent, Customer, new_cid, request
from peers.server import ORIGIN
from watching import eventually


@pytest.fixture
def server(above):
    return above


async def opening(server):
    return await request("POST", server.base + "/v1/widget/sessions",
                         {"site": server.site["key"]}, {"origin": ORIGIN})


async def test_newcomers_come_later_and_nobody_else_has_to(server, beneath):
    """A disk that takes two seconds for a sync stands for any queue that has grown."""
    inside = Customer(server)
    await inside.open()
    c = (await inside.say("Where is my parcel?"))["c"]
    newcomer = Customer(server)
    newcomer.token = (await newcomer.session()).json["token"]
    beneath.sync_delay = 2_000_000
    written = [asyncio.create_task(inside.ask(
        "msg.send", {"cid": new_cid(), "text": f"line {number}"}, c)) for number in range(3)]

    busy = asyncio.create_task(keep_writing(inside, c))
    answer = await eventually(lambda: is_put_off(server))
    assert answer.json["code"] == "overloaded" and answer.json["temporary"]
    assert 2000 <= answer.json["retry_ms"] <= 30_000
    assert int(answer.headers["retry-after"]) * 1000 == answer.json["retry_ms"]

    await newcomer.connect(ORIGIN)
    refusal = await newcomer.ask("hello", {"token": newcomer.token})
    assert (refusal["t"], refusal["d"]["code"]) == ("err", "overloaded"), json.dumps(refusal)
    assert 2000 <= refusal["d"]["retry_ms"] <= 30_000
    assert await newcomer.closed() == 4503

    again = Customer(server)
    await again.connect(ORIGIN)
    assert (await again.ask("hello", {"token": inside.token}))["t"] == "welcome"
    # Signing in, the ticket and going on duty: all of it while there is too much to do.
    agent = Agent(server)
    await agent.open()
    assert await is_put_off(server)

    beneath.sync_delay = 0
    busy.cancel()
    assert {answer["t"] for answer in await asyncio.gather(*written)} == {"ack"}
    await eventually(lambda: is_let_in(server))
    for peer in (inside, again, agent):
        await peer.close()


async def test_who_types_and_what_was_read_goes_first_and_what_gets_work_done_goes_on(
        server, beneath):
    ann, second, queue = Agent(server), Agent(server), [Customer(server), Customer(server)]
    await ann.open()
    await second.open(presence=None)
    customer = Customer(server)
    await customer.open()
    c = await wait_for_a_person(customer)
    await ann.take(c)
    await second.do("sub", c=c)
    await ann.do("presence", {"state": "away"})
    places = []
    for waiting in queue:
        await waiting.open()
        places.append(await wait_for_a_person(waiting))
    await queue[1].of_type("queue.pos", places[1], position=2)
    assert await signs(customer, ann, c) == await signs(ann, customer, c) == {"typing", "read"}

    writer = Customer(server)
    await writer.open()
    written = (await writer.say("Where is my parcel?"))["c"]
    # Otherwise the assistant hands them off, and they may come before those who wait.
    await ann.do("takeover", c=written)
    beneath.sync_delay = 2_000_000
    busy = asyncio.create_task(keep_writing(writer, written))
    await eventually(lambda: is_put_off(server))
    assert await signs(customer, ann, c) == await signs(ann, customer, c) == set()
    mark, place = len(second.frames), len(queue[1].frames)
    await queue[0].do("end", c=places[0])
    await queue[1].of_type("queue.pos", places[1], after=place, position=1)
    await ann.do("presence", {"state": "online"})
    await second.of_type("presence", after=mark, state="online")
    assert await is_put_off(server)

    beneath.sync_delay = 0
    busy.cancel()
    await eventually(lambda: is_let_in(server))
    assert await signs(customer, ann, c) == {"typing", "read"}
    for peer in (customer, ann, second, writer, *queue):
        await peer.close()


async def wait_for_a_person(customer):
    c = (await customer.do("conv.start"))["c"]
    await customer.do("human", c=c)
    return c


async def signs(sender, receiver, c):
    """Which passing signs come through; what is said behind them comes in any case, after them."""
    mark, text = len(receiver.frames), new_cid()
    await sender.do("typing", {"on": True}, c)
    await sender.do("read", {"upto": 1}, c)
    if isinstance(sender, Agent):
        assert (await sender.reply(c, text, 999))["t"] == "ack"
    else:
        await sender.say(text, c)
    last = await receiver.until(lambda frame: frame["d"].get("text") == text, after=mark)
    return {frame["t"] for frame in receiver.frames[mark:receiver.frames.index(last)]
            if frame["t"] in ("typing", "read")}


async def keep_writing(customer, c):
    while True:
        await customer.ask("msg.send", {"cid": new_cid(), "text": "and on"}, c)


async def is_put_off(server):
    answer = await opening(server)
    return answer if answer.status == 503 else None


async def is_let_in(server):
    return (await opening(server)).status == 201
