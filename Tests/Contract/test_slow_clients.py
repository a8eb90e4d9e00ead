"""Clients that take their time on purpose: let go after a while, and nobody else waits for them."""

import asyncio
import time
from concurrent.futures import Future

import pytest
from conftest import Shop, serve
from raw_http import RawConnection, held_connections, narrow
from test_uploads import links, sent

CROWD = 150
HEAD = b"POST /v1/auth/login HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n"
# Seconds after which each kind must have been let go, and a little more.
PATIENCE = {
    "silent": 20, "slow head": 15, "slow body": 20, "tunnel": 5, "idle": 26, "slow read": 40}
DEADLINE = 42


async def crowd(server, count, begin, trickle=None, *, is_answered=False):
    """Opens connections that send a little now and then; the seconds until each was let go."""
    started = time.monotonic()

    async def one():
        connection = await RawConnection.to(server)
        await connection.send(begin)
        if is_answered:
            await connection.answer()
        end = asyncio.ensure_future(connection.hear(DEADLINE))
        while not end.done():
            await asyncio.wait([end], timeout=0.5 if trickle else None)
            if trickle and time.monotonic() - started > DEADLINE:
                break
            if trickle and not end.done():
                await connection.send(trickle)
        took = time.monotonic() - started
        is_let_go = end.done() and end.result().end != "open"
        statuses = end.result().statuses if is_let_go else []
        end.cancel()
        connection.drop()
        return took if is_let_go else None, statuses

    return await asyncio.gather(*[one() for _ in range(count)])


async def asked_and_not_taken(shop, count):
    """Connections on which a file of 8 MB is asked for, and little of it taken."""
    async with shop.customer() as customer:
        file, _ = await sent(customer, b"plain words " * 700_000, "long.txt")
        link = (await links(customer, file["id"]))[file["id"]]
    request = f"GET {link} HTTP/1.1\r\nHost: t\r\n\r\n".encode()
    connections = []
    for _ in range(count):
        socket = narrow()
        socket.connect(("127.0.0.1", shop.server.port))
        socket.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=socket, limit=1024)
        connection = RawConnection(reader, writer)
        await connection.send(request)
        connections.append(connection)
    return connections


async def slow_readers(shop):
    connections = await asked_and_not_taken(shop, 20)
    started = time.monotonic()
    ports, ends = {connection.port for connection in connections}, {}
    while len(ends) < len(ports) and time.monotonic() - started < DEADLINE:
        held = set(held_connections(shop.server))
        for port in ports - set(ends) - held:
            ends[port] = time.monotonic() - started
        await asyncio.sleep(0.25)
    for connection in connections:
        connection.drop()
    return [(ends.get(port), []) for port in ports]


async def served(shop, is_over):
    """How long somebody waits who just wants to be served, time after time."""
    taken = []
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        while not is_over():
            for ask in (lambda: shop.get("/healthz"), lambda: customer.say("and", c)):
                started = time.monotonic()
                await ask()
                taken.append(time.monotonic() - started)
            await asyncio.sleep(0.1)
    return sorted(taken)


async def scenes(shop):
    kinds = {
        "silent": crowd(shop.server, CROWD, b""),
        "slow head": crowd(shop.server, CROWD, HEAD, b"X: y\r\n"),
        "slow body": crowd(shop.server, CROWD, HEAD + b"\r\n", b"x"),
        "tunnel": crowd(shop.server, 5, b"CONNECT t:80 HTTP/1.1\r\nHost: t\r\n\r\n"),
        "idle": crowd(shop.server, 50, b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n",
                      is_answered=True),
        "slow read": slow_readers(shop),
    }
    tasks = {name: asyncio.ensure_future(kind) for name, kind in kinds.items()}
    normal = asyncio.ensure_future(
        served(shop, lambda: all(task.done() for task in tasks.values())))
    await asyncio.gather(*tasks.values())
    return {name: task.result() for name, task in tasks.items()}, await normal


def begin(thread):
    """Starts all scenes, on a server of their own, beside the other tests."""
    result = Future()

    def run():
        server = None
        try:
            server = serve()
            result.set_result(asyncio.run(scenes(Shop(server))))
        except BaseException as error:
            result.set_exception(error)
        finally:
            if server:
                server.close()

    thread.submit(run)
    return [("slow clients", result)]


# What comes fast

async def test_a_head_without_an_end_is_cut_off(shop):
    connection = await RawConnection.to(shop.server)
    await connection.send(b"GET /healthz HTTP/1.1\r\nHost: t\r\n")
    taken, piece = 0, b"X-Flood: " + b"y" * 1000 + b"\r\n"
    while taken < 16 << 20 and await connection.send(piece):
        taken += len(piece)
    # What the kernel keeps for both sides counts too.
    assert taken < 16 << 20
    result = await connection.hear()
    assert len(result.answers) <= 1 and 200 not in result.statuses
    assert (await shop.get("/healthz")).status == 200


async def test_connections_that_come_and_go_leave_nothing(shop):
    async with shop.customer() as customer:
        for _ in range(10):
            crowd = await asyncio.gather(
                *[RawConnection.to(shop.server) for _ in range(100)])
            for number, connection in enumerate(crowd):
                await connection.send([b"", b"GET", HEAD, HEAD + b"\r\nx"][number % 4])
                connection.drop()
            await customer.do("ping")
        ports = {connection.port for connection in crowd}
        async with asyncio.timeout(5):
            while ports & set(held_connections(shop.server)):
                await asyncio.sleep(0.05)


async def test_little_is_written_ahead_for_who_does_not_read(shop):
    [connection] = await asked_and_not_taken(shop, 1)
    async with asyncio.timeout(5):
        while not held_connections(shop.server).get(connection.port):
            await asyncio.sleep(0.02)
    # Until no more is written, for longer than a turn of the server's loop takes.
    before, waiting = 0, held_connections(shop.server)[connection.port]
    while waiting > before:
        await asyncio.sleep(0.5)
        before, waiting = waiting, held_connections(shop.server)[connection.port]
    connection.drop()
    assert waiting <= 1 << 20


# What comes slowly

@pytest.mark.parametrize("name", PATIENCE)
async def test_who_takes_too_long_is_let_go(waits, name):
    kinds, _ = await asyncio.wrap_future(waits["slow clients"])
    ends = kinds[name]
    assert None not in [took for took, _ in ends], "some were never let go"
    assert max(took for took, _ in ends) < PATIENCE[name]
    assert all(status >= 400 for _, statuses in ends for status in statuses)


async def test_nobody_waits_for_those_who_are_slow(waits):
    _, taken = await asyncio.wrap_future(waits["slow clients"])
    assert len(taken) > 200
    assert taken[len(taken) * 99 // 100] < 0.5 and taken[-1] < 2, taken[-5:]
