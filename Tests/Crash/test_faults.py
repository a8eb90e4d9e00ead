"""A restart by the operator, crashes at awkward moments, a paused process, a torn log."""

import asyncio
import os
import signal

import pytest
from invariants import Message
from peers import Agent, Closed, Customer, new_cid
from watching import eventually, readiness, sound
from write_ahead_log import written


async def test_sigterm_drains(server):
    """Clients are told to come back, what was acknowledged is kept, and the exit code is 0."""
    server.start()
    customers = [Customer(server) for _ in range(5)]
    for customer in customers:
        await customer.open()
    acks = [await customer.say("Where is my parcel?") for customer in customers]
    late = [asyncio.create_task(customer.ask("msg.send", {"cid": new_cid(), "text": f"{n}"},
                                             acks[0]["c"]))
            for n, customer in enumerate(customers[:1] * 20)]
    await asyncio.sleep(0)
    server.process.send_signal(signal.SIGTERM)
    for customer in customers:
        advice = await customer.of_type("reconnect")
        assert 0 < advice["d"]["after_ms"] <= 30_000
        assert await customer.closed() == 1012
    assert await asyncio.to_thread(server.process.wait, 20) == 0
    answers = [answer for answer in await asyncio.gather(*late, return_exceptions=True)
               if isinstance(answer, dict) and answer["t"] == "ack"]

    server.start()
    for customer, ack in zip(customers, acks):
        await customer.open()
        events = {frame["s"]: frame for frame in await customer.history(ack["c"])}
        assert events[ack["d"]["s"]]["d"]["m"] == ack["d"]["m"]
        if customer is customers[0]:
            for answer in answers:
                assert events[answer["d"]["s"]]["d"]["m"] == answer["d"]["m"]
        await customer.close()
    assert server.stop() == 0


async def test_a_crash_between_acknowledgement_and_answer_ends_in_the_answer(server):
    server.start()
    customer = Customer(server)
    await customer.open()
    # Nothing ends this sentence, so the assistant waits for more.
    ack = await customer.say("I forgot my password")
    server.kill()
    server.start()
    async with asyncio.timeout(30):
        await customer.open(resume=[{"c": ack["c"], "s": ack["d"]["s"]}])
        await customer.until(
            lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] != "customer")
    await customer.close()


async def test_the_answer_comes_after_a_crash_though_nobody_is_there(server):
    """What is owed is taken up at start, not when the customer comes back."""
    server.start()
    customer = Customer(server)
    await customer.open()
    ack = await customer.say("I forgot my password")
    server.kill()
    server.start()
    ann = Agent(server)

    async def answered():
        events = await ann.history(ack["c"])
        return [frame for frame in events if frame["s"] > ack["d"]["s"] and frame["t"] == "msg.new"]

    assert len(await eventually(answered)) == 1


async def test_an_open_offer_outlives_a_crash(server):
    server.start()
    ann, customer = Agent(server), Customer(server)
    await ann.open()
    await customer.open()
    c = (await customer.say("A person, please!"))["c"]
    await ann.of_type("offer", c)
    server.kill()
    server.start()
    ann = Agent(server)
    await ann.open()
    offer = await ann.of_type("offer", c)
    assert offer["d"]["expires_s"] <= 30 and "person" in offer["d"]["briefing"]["summary"]
    await ann.do("accept", c=c)
    await ann.close()


async def test_a_paused_server_goes_on_where_it_was(server):
    """As after a laptop's sleep or a stopped container."""
    server.start()
    customer = Customer(server)
    await customer.open()
    first = await customer.say("Where is my parcel?")
    c, sent = first["c"], []
    server.process.send_signal(signal.SIGSTOP)
    asked = []
    for number in range(20):
        sent.append(Message(customer.contact, new_cid(), f"while it slept {number}", c))
        asked.append(asyncio.create_task(
            customer.ask("msg.send", {"cid": sent[-1].cid, "text": sent[-1].text}, c)))
    await asyncio.sleep(3)
    assert not any(task.done() for task in asked)
    server.process.send_signal(signal.SIGCONT)
    for message, answer in zip(sent, await asyncio.gather(*asked)):
        message.acks.append((answer["c"], answer["d"]["m"], answer["d"]["s"]))
    await sound(server, c, sent, first, customer)
    await customer.close()


@pytest.mark.parametrize("tear", [
    lambda log: log + os.urandom(5000), lambda log: log + bytes(8192),
    lambda log: log + log[-4120:]], ids=["rubbish", "zeros", "its own end again"])
async def test_a_torn_end_of_the_write_ahead_log_is_ignored(server, tear):
    """A crash in the middle of a write leaves bytes behind that nobody acknowledged."""
    server.start()
    customer = Customer(server)
    await customer.open()
    first = await customer.say("Where is my parcel?")
    c, sent = first["c"], []
    for number in range(30):
        message = Message(customer.contact, new_cid(), f"message {number}", c)
        answer = await customer.say(message.text, c, message.cid)
        message.acks.append((answer["c"], answer["d"]["m"], answer["d"]["s"]))
        sent.append(message)
    server.kill()
    logs = [path for path in server.folder.glob("**/*-wal") if path.stat().st_size]
    assert logs, "there is no write-ahead log to tear"
    for path in logs:
        path.write_bytes(tear(written(path.read_bytes())))
    server.start()
    await sound(server, c, sent, first, customer)
    assert (await readiness(server)).status == 200


async def test_a_second_server_on_the_same_folder_is_refused(server):
    """And the first goes on; after its crash the folder is free."""
    server.start()
    second = await asyncio.to_thread(
        server.command, "serve", "--listen", "127.0.0.1:1", check=False)
    assert second.returncode != 0 and second.stderr.strip()
    assert (await readiness(server)).status == 200
    server.kill()
    server.start()
    assert (await readiness(server)).status == 200


async def test_a_connection_cut_in_the_middle_resumes_without_loss(server):
    """The client's half: cuts without a closing handshake, a repeat after each."""
    server.start()
    customer = Customer(server)
    await customer.open()
    first = await customer.say("Where is my parcel?")
    c, cids, acks = first["c"], [], {}
    for number in range(12):
        cid = new_cid()
        cids.append(cid)
        try:
            await customer.send("msg.send", {"cid": cid, "text": f"part {number}"}, c, "x")
            customer.drop()
            await customer.closed()
        except Closed:
            pass
        again = Customer(server, customer.visitor)
        await again.open(resume=[{"c": c, "s": first["d"]["s"]}])
        ack = await again.do("msg.retry", {"cid": cid, "text": f"part {number}"}, c)
        acks[cid] = ack["d"]["s"]
        customer = again
    stored = [(frame["d"]["cid"], frame["s"]) for frame in await customer.history(c)
              if frame["t"] == "msg.new" and frame["d"].get("cid") in acks]
    assert stored == [(cid, acks[cid]) for cid in cids]
    await customer.close()
