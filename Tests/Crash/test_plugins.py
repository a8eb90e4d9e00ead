"""Plugins that die or hang change nothing but the facts, and come back."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from peers import Agent, Customer, identity, new_cid
from watching import eventually, readiness

FACTS = {"plan": "Business", "seats": 25}


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
