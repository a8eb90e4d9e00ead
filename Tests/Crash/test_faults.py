"""A restart by the operator, a crash before the answer, plugins that die, a full disk."""

import asyncio
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from crash_run import INTENTS
from invariants import Evidence, Message, check
from peers import Agent, Closed, Customer, Server, identity, new_cid, request

FACTS = {"plan": "Business", "seats": 25}


@pytest.fixture
def server():
    server = Server()
    server.set_up(INTENTS)
    yield server
    server.close()


async def readiness(server):
    return await request("GET", server.base + "/readyz")


async def eventually(holds, limit=20):
    """Waits until an asynchronous question is answered with something true; returns that."""
    end = time.monotonic() + limit
    while True:
        if found := await holds():
            return found
        assert time.monotonic() < end, f"it did not come about in {limit} s"
        await asyncio.sleep(0.1)


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


def hosts_of(server, plugin=None):
    """The processes that run plugins for a server, by pid."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
        if parent == server.process.pid and "maitred-plugin-host" in line:
            maps = (place / "maps").read_text(errors="replace")
            if plugin is None or plugin in line or plugin in maps:
                found[int(place.name)] = line
    return found


async def facts_in(agent, c):
    return [frame["d"] for frame in await agent.history(c)
            if frame["t"] == "event.new" and frame["d"]["type"] == "facts"]


@pytest.fixture
def with_plugin(server):
    (server.folder / "customers.csv").write_text(
        "email,plan,seats\nada@example.com,Business,25\n")
    (server.folder / "plugins.json").write_text(json.dumps(
        {"maitred.crm-csv": {"config": {"file": "customers.csv", "title": "Customer record"}}}))
    server.start()
    return server


async def test_a_killed_plugin_changes_nothing_but_the_facts_and_comes_back(with_plugin):
    server = with_plugin
    ann = Agent(server)

    async def conversation():
        token = identity(server.site, new_cid(), email="ada@example.com", name="Ada")
        customer = Customer(server, identity=token)
        await customer.open()
        ack = await customer.say("How do I reset my password?")
        return customer, ack["c"]

    async def with_facts():
        customer, c = await conversation()
        await customer.message_of("bot", c)
        await customer.close()
        return await facts_in(ann, c)

    async def running():
        return hosts_of(server)

    hosts = await eventually(running)
    assert (await eventually(with_facts))[0]["facts"] == FACTS

    # Dead in the middle of a conversation.
    customer, c = await conversation()
    await customer.message_of("bot", c)
    for pid in await running():
        os.kill(pid, signal.SIGKILL)
    mark = len(customer.frames)
    await customer.say("And where is my parcel?", c)
    await customer.until(
        lambda frame: frame["t"] == "msg.new" and frame["d"]["from"]["kind"] != "customer",
        after=mark)
    await customer.close()

    # A conversation that opens now lacks at most the facts.
    customer, c = await conversation()
    await customer.message_of("bot", c)
    await customer.close()

    async def back():
        now = set(await running())
        return now and not now & set(hosts)

    await eventually(back)
    assert (await eventually(with_facts))[0]["facts"] == FACTS
    assert (await readiness(server)).status == 200


async def test_a_plugin_that_hangs_costs_only_the_facts(with_plugin):
    server = with_plugin
    ann = Agent(server)
    hosts = []

    async def running():
        hosts[:] = hosts_of(server)
        return hosts

    await eventually(running)
    for pid in hosts:
        os.kill(pid, signal.SIGSTOP)
    try:
        token = identity(server.site, "ada-2", email="ada@example.com")
        customer = Customer(server, identity=token)
        await customer.open()
        started = time.monotonic()
        ack = await customer.say("How do I reset my password?")
        await customer.message_of("bot", ack["c"])
        assert time.monotonic() - started < 5
        assert not await facts_in(ann, ack["c"])
        await customer.close()
    finally:
        for pid in hosts:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass  # The server ended it for not answering.

    async def back():
        customer = Customer(
            server, identity=identity(server.site, new_cid(), email="ada@example.com"))
        await customer.open()
        ack = await customer.say("How do I reset my password?")
        await customer.message_of("bot", ack["c"])
        await customer.close()
        return await facts_in(ann, ack["c"])

    assert (await eventually(back, 30))[0]["facts"] == FACTS


@pytest.fixture
def small_disk():
    """A file system of 24 MB, by root only."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = tempfile.mkdtemp(prefix="maitred-disk-")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "maitred", place], capture_output=True)
    if mounted.returncode:
        os.rmdir(place)
        pytest.skip(f"mounting failed: {mounted.stderr.decode().strip()}")
    yield Path(place)
    subprocess.run(["umount", "--lazy", place], check=False)
    os.rmdir(place)


def fill(path):
    """Takes all the room that is left."""
    with open(path, "wb", buffering=0) as ballast:
        for size in (1 << 20, 4096):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                continue


async def test_a_full_disk_is_an_error_to_the_sender_and_loses_nothing(small_disk):
    server = Server(folder=small_disk / "data")
    (small_disk / "data").mkdir()
    try:
        server.set_up(INTENTS)
        server.start()
        await survive_a_full_disk(server, small_disk / "ballast")
    finally:
        server.close()


async def survive_a_full_disk(server, ballast):
    customer = Customer(server)
    await customer.open()
    first = await customer.say("Where is my parcel?")
    c = first["c"]
    await customer.message_of("bot", c)
    sent = []

    async def write():
        message = Message(customer.contact, new_cid(), f"message {len(sent)} " + "x" * 4000, c)
        answer = await customer.ask("msg.send", {"cid": message.cid, "text": message.text}, c)
        sent.append(message)
        if answer["t"] == "ack":
            message.acks.append((answer["c"], answer["d"]["m"], answer["d"]["s"]))
        return message, answer

    for _ in range(5):
        assert (await write())[0].acks
    assert (await readiness(server)).status == 200

    fill(ballast)
    # What is already allocated may take some messages; then there is no more room.
    for _ in range(400):
        message, answer = await write()
        if not message.acks:
            break
    else:
        raise AssertionError("a full disk was never noticed")
    assert (answer["d"]["code"], answer["d"]["temporary"]) == ("overloaded", True), answer
    not_ready = await readiness(server)
    assert not_ready.status == 503, not_ready.body
    assert (await request("GET", server.base + "/healthz")).status == 200
    # Reading works, and nobody is disconnected.
    assert len(await customer.history(c)) > 5

    ballast.unlink()

    async def writes_again():
        again = await customer.ask("msg.send", {"cid": message.cid, "text": message.text}, c)
        if again["t"] == "ack":
            message.acks.append((again["c"], again["d"]["m"], again["d"]["s"]))
        return message.acks

    await eventually(writes_again)
    await eventually(lambda: is_ready(server))
    assert (await write())[0].acks
    await sound(server, c, sent, first, customer)
    await customer.close()
    # And the file is whole: it opens again after a crash.
    server.kill()
    server.start()
    await sound(server, c, sent, first, customer)


async def is_ready(server):
    return (await readiness(server)).status == 200


async def sound(server, c, sent, first, customer):
    """Everything acknowledged is there, and the numbers have no gap."""
    asked = [frame for frame in await Agent(server).history(c)]
    start = next(frame for frame in asked if frame["s"] == first["d"]["s"])
    known = Message(customer.contact, start["d"]["cid"], start["d"]["text"], c,
                    [(c, first["d"]["m"], first["d"]["s"])])
    violations = check(Evidence(messages=[known, *sent], team={c: asked}))
    assert not violations, "\n".join(map(str, violations))


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
        path.write_bytes(tear(path.read_bytes()))
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
