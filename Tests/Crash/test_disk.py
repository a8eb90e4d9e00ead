"""A full or broken disk is an error to the sender and an alarm, and loses nothing."""

import asyncio
import errno

import pytest
from crash_run import INTENTS
from invariants import Message
from peers import Agent, Customer, Server, new_cid, request
from watching import eventually, is_ready, readiness, sound


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


async def test_a_server_that_crashed_comes_up_on_a_full_disk(small_disk):
    """Its log is copied first, for which there is no room: it is used as it is."""
    server = Server(folder=small_disk / "data")
    (small_disk / "data").mkdir()
    try:
        server.set_up(INTENTS)
        server.start()
        customer = Customer(server)
        await customer.open()
        c = (await customer.say("Where is my parcel?"))["c"]
        await customer.message_of("bot", c)
        before = await customer.history(c)
        server.kill()
        fill(small_disk / "ballast")
        server.start()
        assert "could not be copied" in server.log()
        assert await Agent(server).history(c)
        (small_disk / "ballast").unlink()
        await customer.open()
        await eventually(lambda: is_ready(server))
        assert await customer.history(c) == before
        await customer.close()
    finally:
        server.close()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
async def test_reading_works_while_no_write_does(beneath, error):
    """What is there can be read, as it can while room alone is lacking."""
    server = Server(environment=beneath.environment)
    try:
        server.set_up(INTENTS)
        server.start()
        customer = Customer(server)
        await customer.open()
        c = (await customer.say("Where is my parcel?"))["c"]
        await customer.message_of("bot", c)
        signed_in = await Agent(server).sign_in()
        beneath.per_mille, beneath.write_error = 1000, error

        async def refused_again():
            """Once is not enough: what is broken shows when it is to be mended."""
            await customer.refused("msg.send", {"cid": new_cid(), "text": "Hello?"}, c)
            return beneath.injected > 3

        await eventually(refused_again)
        reply = await request("POST", server.base + "/v1/auth/logout", {}, signed_in)
        assert (reply.status, reply.json["code"], reply.json["temporary"]) == (
            503, "overloaded", True)
        assert len(await customer.history(c)) >= 3
        beneath.mend()
        await customer.close()
    finally:
        server.close()


async def test_those_who_read_go_on_while_the_connections_to_the_file_are_replaced(above, beneath):
    """After an error of the disk all connections are closed: under nobody who has begun to read."""
    customer = Customer(above)
    await customer.open()
    c = (await customer.say("Where is my parcel?"))["c"]
    await customer.message_of("bot", c)
    agent = Agent(above)
    await agent.sign_in()
    is_over = False

    async def read():
        while not is_over:
            assert await agent.history(c)

    async def replace():
        for number in range(40):
            beneath.break_disk(1000)
            await customer.ask("msg.send", {"cid": new_cid(), "text": f"message {number}"}, c)
            beneath.mend()
            await eventually(lambda: is_ready(above))

    readers = [asyncio.create_task(read()) for _ in range(24)]
    await replace()
    is_over = True
    await asyncio.gather(*readers)
    assert above.process.poll() is None
