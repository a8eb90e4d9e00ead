"""Limits for an address. They are off for this machine itself: a proxy that is believed says where
clients come from."""

import asyncio
import json

import pytest
import websockets
from conftest import Shop, serve
from peers import Agent, Customer, new_cid, request
from peers.server import ORIGIN


@pytest.fixture(scope="module")
def proxied():
    server = serve(arguments=["--trusted-proxy", "127.0.0.0/8"], agents=("Ann", "Ben", "Cleo"))
    yield Shop(server)
    server.close()


async def session(shop, address):
    return await request(
        "POST", shop.base + "/v1/widget/sessions", {"site": shop.server.site["key"]},
        {"origin": ORIGIN, "x-forwarded-for": address})


async def customer_from(shop, address):
    customer = Customer(shop.server)
    await customer.connect(ORIGIN, additional_headers={"x-forwarded-for": address})
    token = (await session(shop, address)).json["token"]
    customer.token = token
    assert (await customer.ask("hello", {"token": token}))["t"] == "welcome"
    return customer


async def connected_until_refused(shop, addresses):
    """Opens sockets from one address after the other; the status of the refusal, and how many before."""
    sockets = []
    try:
        for address in addresses:
            sockets.append(await websockets.connect(
                shop.server.socket_url, subprotocols=["maitred.v1"], origin=ORIGIN, proxy=None,
                additional_headers={"x-forwarded-for": address}, open_timeout=20,
                close_timeout=0.1))
    except websockets.InvalidStatus as error:
        return error.response.status_code, len(sockets)
    finally:
        for socket in sockets:
            socket.transport.abort()
    return None, len(sockets)


async def test_sessions_of_one_address(proxied):
    replies = [await session(proxied, "198.51.100.7") for _ in range(125)]
    statuses = [reply.status for reply in replies]
    assert statuses[:100] == [201] * 100 and statuses[-1] == 429
    refused = replies[-1]
    assert refused.json["code"] == "rate_limited" and int(refused.headers["retry-after"]) > 0
    assert (await session(proxied, "198.51.100.8")).status == 201


async def test_who_floods_is_told_to_slow_down_and_nobody_else(proxied):
    flooding = await customer_from(proxied, "198.51.100.9")
    calm = await customer_from(proxied, "198.51.100.10")
    c = (await flooding.say("hello"))["c"]
    for number in range(200):
        await flooding.send("msg.send", {"cid": f"flood-{number:04}", "text": "x"}, c, f"f{number}")
    await flooding.until(lambda frame: frame.get("re") == "f199")
    answers = {frame["re"]: frame for frame in flooding.frames if "re" in frame}
    refused = [frame for frame in answers.values() if frame["t"] == "err"]
    assert refused and len(refused) < 195
    for frame in refused:
        d = frame["d"]
        assert (d["code"], d["status"], d["temporary"]) == ("rate_limited", 429, True)
        assert d["retry_ms"] > 0
    # What was refused is not stored; after the wait it goes through.
    stored = {frame["d"].get("cid") for frame in await flooding.history(c)}
    for id, frame in answers.items():
        if id.startswith("f"):
            cid = f"flood-{int(id[1:]):04}"
            assert (cid in stored) == (frame["t"] == "ack")
    await asyncio.sleep(refused[-1]["d"]["retry_ms"] / 1000 + 0.05)
    assert (await flooding.ask("msg.send", {"cid": new_cid(), "text": "again"}, c))["t"] == "ack"
    assert (await calm.ask("msg.send", {"cid": new_cid(), "text": "hi"}))["t"] == "ack"
    await flooding.close(), await calm.close()


async def test_sign_ins_of_one_address(proxied):
    async def guess(address):
        return await request(
            "POST", proxied.base + "/v1/auth/login",
            {"email": f"{new_cid()}@example.com", "password": "x"}, {"x-forwarded-for": address})

    replies = [await guess("198.51.100.11") for _ in range(11)]
    assert [reply.status for reply in replies] == [401] * 10 + [429]
    assert (await guess("198.51.100.12")).status == 401


async def test_addresses_of_one_line_count_as_one(proxied):
    """Who has a line of IPv6 has 2^64 addresses of the same first 64 bits, and would have as many guesses."""
    async def statuses(kind, addresses):
        return [(await kind(proxied, address)).status for address in addresses]

    async def guess(shop, address):
        return await request(
            "POST", shop.base + "/v1/auth/login",
            {"email": f"{new_cid()}@example.com", "password": "x"}, {"x-forwarded-for": address})

    line = [f"2001:db8:0:17::{number:x}" for number in range(1, 122)]
    assert await statuses(guess, line[:11]) == [401] * 10 + [429]
    assert await statuses(session, line) == [201] * 120 + [429]
    neighbour = ["2001:db8:0:18::1"]
    assert await statuses(guess, neighbour) == [401] and await statuses(session, neighbour) == [201]
    line = (f"2001:db8:0:17:{number:x}::1" for number in range(600))
    refused, opened = await connected_until_refused(proxied, line)
    assert refused == 429 and opened <= 512


async def test_addresses_made_up_by_the_client_do_not_count(proxied):
    """Only what the proxy itself appended is believed: the last address it does not vouch for."""
    statuses = []
    for number in range(11):
        reply = await request(
            "POST", proxied.base + "/v1/auth/login",
            {"email": f"{new_cid()}@example.com", "password": "x"},
            {"x-forwarded-for": f"203.0.113.{number}, 198.51.100.21"})
        statuses.append(reply.status)
    assert statuses == [401] * 10 + [429]


async def test_guesses_all_at_once_are_limited_too(proxied):
    async def guess(number):
        return (await request(
            "POST", proxied.base + "/v1/auth/login",
            {"email": "ann@example.com", "password": f"guess {number}"},
            {"x-forwarded-for": f"198.51.100.{100 + number}"}, timeout=50)).status

    statuses = await asyncio.gather(*[guess(number) for number in range(40)])
    assert statuses.count(401) <= 10, f"{statuses.count(401)} guesses were checked"


async def test_connections_of_one_address(proxied):
    refused, opened = await connected_until_refused(proxied, ["198.51.100.13"] * 600)
    assert refused == 429 and opened <= 512


async def test_calls_of_plugins_paths_by_one_address(proxied):
    async def call(address):
        return await request(
            "POST", proxied.base + "/v1/hooks/invented/x", {}, {"x-forwarded-for": address})

    answer, granted = await problem_of(lambda: call("198.51.100.61"), 601)
    assert granted == 600 and answer["code"] == "rate_limited"
    assert (await call("198.51.100.62")).status == 404


async def test_requests_with_one_key(proxied):
    async def ask(key):
        return await request(
            "POST", proxied.base + "/v1/triage", {"text": "hello"}, {"authorization": f"Bearer {key}"})

    keys = [json.loads(proxied.server.command("key", "add", name, "--scope", "triage", "--json"))["key"]
            for name in ("one", "other")]
    answer, granted = await problem_of(lambda: ask(keys[0]), 1201)
    assert granted == 1200 and answer["code"] == "rate_limited"
    assert (await ask(keys[1])).status == 200


async def test_an_address_nobody_vouches_for_is_not_believed(shop):
    """Without --trusted-proxy the header says nothing: loopback stays unlimited."""
    for _ in range(130):
        reply = await request(
            "POST", shop.base + "/v1/widget/sessions", {"site": shop.server.site["key"]},
            {"origin": ORIGIN, "x-forwarded-for": "198.51.100.7"})
        assert reply.status == 201


# What whoever goes too far is told, as protocol.md has it

async def problem_of(ask, most):
    """Asks until it is refused; what the answer says, and how often it was granted."""
    for granted in range(most):
        reply = await ask()
        if reply.status == 429:
            assert reply.headers["content-type"].startswith("application/problem+json")
            assert int(reply.headers["retry-after"]) > 0
            return reply.json, granted
    raise AssertionError(f"{most} were granted")


async def sessions_of(shop, address):
    return await problem_of(lambda: session(shop, address), 130)


async def sign_ins_of(shop, address):
    return await problem_of(lambda: request(
        "POST", shop.base + "/v1/auth/login",
        {"email": f"{new_cid()}@example.com", "password": "x"}, {"x-forwarded-for": address}), 20)


async def sign_ins_to_one_account(shop, address):
    numbers = iter(range(100))
    email = f"{new_cid()}@example.com"
    return await problem_of(lambda: request(
        "POST", shop.base + "/v1/auth/login", {"email": email, "password": "x"},
        {"x-forwarded-for": f"{address}{next(numbers)}"}), 20)


async def frames_of(peer):
    """The first error, and how many of 400 frames were taken before it."""
    for number in range(400):
        await peer.send("ping", id=f"q{number}")
    await peer.until(lambda frame: frame.get("re") == "q399")
    answers = [frame for frame in peer.frames if str(frame.get("re", "")).startswith("q")]
    refusals = [number for number, frame in enumerate(answers) if frame["t"] == "err"]
    assert refusals, "none was refused"
    d = answers[refusals[0]]["d"]
    assert 0 < d["retry_ms"] <= 1000
    return d, refusals[0]


async def frames_of_a_customer(shop, address):
    customer = await customer_from(shop, address)
    told = await frames_of(customer)
    await customer.close()
    return told


async def frames_of_an_agent(shop, address):
    agent = Agent(shop.server, "Ben")
    ticket = await agent.ticket()
    await agent.connect(shop.base, additional_headers={"x-forwarded-for": address})
    assert (await agent.ask("hello", {"ticket": ticket}))["t"] == "welcome"
    told = await frames_of(agent)
    await agent.close()
    return told


TOLD = {
    # How far one may go: at least, at most.
    "sessions of an address": (sessions_of, 120, 120),
    "sign-ins of an address": (sign_ins_of, 10, 10),
    "sign-ins to an account": (sign_ins_to_one_account, 10, 10),
    # Tokens come back while frames are sent.
    "frames of a customer": (frames_of_a_customer, 58, 120),
    "frames of an agent": (frames_of_an_agent, 198, 400),
}


@pytest.mark.parametrize("name", TOLD)
async def test_who_goes_too_far_is_told_so_and_when_to_come_back(proxied, name):
    go_too_far, least, most = TOLD[name]
    address = f"203.0.113.{list(TOLD).index(name) + 1}"
    told, granted = await go_too_far(proxied, address)
    assert (told["code"], told["status"], told["temporary"]) == ("rate_limited", 429, True)
    assert least <= granted <= most


async def test_frames_of_a_customer_are_counted_over_all_their_sockets(proxied):
    first = await customer_from(proxied, "203.0.113.31")
    others = []
    for _ in range(3):
        other = Customer(proxied.server)
        await other.connect(ORIGIN, additional_headers={"x-forwarded-for": "203.0.113.31"})
        assert (await other.ask("hello", {"token": first.token}))["t"] == "welcome"
        others.append(other)
    granted = 0
    for peer in (first, *others):
        for number in range(60):
            await peer.send("ping", id=f"q{number}")
    for peer in (first, *others):
        await peer.until(lambda frame: frame.get("re") == "q59")
        granted += sum(frame["t"] == "ack" for frame in peer.frames
                       if str(frame.get("re", "")).startswith("q"))
        await peer.close()
    assert granted < 150


# What is counted outlasts the connection on which it was spent

async def again(shop, before, address):
    """Another socket of a customer."""
    customer = Customer(shop.server)
    await customer.connect(ORIGIN, additional_headers={"x-forwarded-for": address})
    customer.token = before.token
    assert (await customer.ask("hello", {"token": before.token}))["t"] == "welcome"
    return customer


async def answers_to(peer, number):
    """How so many frames were answered, one after the other: `ack` and `err`."""
    for n in range(number):
        await peer.send("ping", id=f"q{n}")
    await peer.until(lambda frame: frame.get("re") == f"q{number - 1}")
    return [frame["t"] for frame in peer.frames if str(frame.get("re", "")).startswith("q")]


async def test_who_comes_back_has_no_new_budget(proxied):
    customer = await customer_from(proxied, "203.0.113.41")
    assert "err" in await answers_to(customer, 120)
    await customer.close()
    # From another address too: it is theirs, not the address's.
    for address in ("203.0.113.41", "203.0.113.42"):
        customer = await again(proxied, customer, address)
        assert "err" in await answers_to(customer, 59)
        await customer.close()


async def test_consoles_of_one_agent_share_a_budget(proxied):
    consoles = []
    for number in range(4):
        console = Agent(proxied.server, "Cleo")
        ticket = await console.ticket()
        await console.connect(
            proxied.base, additional_headers={"x-forwarded-for": f"203.0.113.{50 + number}"})
        assert (await console.ask("hello", {"ticket": ticket}))["t"] == "welcome"
        consoles.append(console)
    answers = [answer for console in consoles for answer in await answers_to(console, 190)]
    assert len(answers) == 760 and "err" in answers
    for console in consoles:
        await console.close()


async def flood(peer, number):
    """Sends frames without waiting for answers, until hung up on; returns the close code."""
    try:
        for n in range(number):
            await peer.send("ping", id=f"q{n}")
            # Answers are read meanwhile.
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    return await peer.closed()


async def test_who_goes_on_for_long_although_told_to_wait_is_hung_up_on(proxied):
    deaf = await customer_from(proxied, "203.0.113.61")
    calm = await customer_from(proxied, "203.0.113.61")
    assert await flood(deaf, 2000) == 4429
    refusals = [frame["d"] for frame in deaf.frames if frame["t"] == "err"]
    assert {d["code"] for d in refusals} == {"rate_limited"} and len(refusals) > 600
    # The last one says when to come back, and nobody else is any the worse for it.
    assert 1000 < refusals[-1]["retry_ms"] <= 6000
    assert (await calm.ask("ping"))["t"] == "ack"
    early = await again(proxied, deaf, "203.0.113.62")
    assert await flood(early, 600) == 4429
    wait = next(frame for frame in reversed(early.frames) if frame["t"] == "err")["d"]["retry_ms"]
    await asyncio.sleep(wait / 1000)
    late = await again(proxied, deaf, "203.0.113.61")
    assert set(await answers_to(late, 30)) == {"ack"}
    await late.close(), await calm.close()


async def upgrade(shop, address):
    """Asks for a WebSocket, and leaves: the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.server.port)
    try:
        writer.write(
            b"GET /v1/ws HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: maitred.v1\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + f"Origin: {ORIGIN}\r\nX-Forwarded-For: {address}\r\n\r\n".encode())
        return (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    finally:
        writer.transport.abort()


async def test_an_address_that_opens_sockets_on_and_on_is_slowed_down(proxied):
    """A thousand at once are an office that comes back; more is a single program."""
    before = (await proxied.figures())["maitred_connections_limited_total"]
    heads = []
    while not heads or "101 " in heads[-1][:13]:
        heads.append(await upgrade(proxied, "203.0.113.71"))
        assert len(heads) < 3000, "nothing slows it down"
    assert len(heads) > 1024
    assert heads[-1].startswith("http/1.1 429 ") and "retry-after: 1\r\n" in heads[-1]
    assert (await proxied.figures())["maitred_connections_limited_total"] == before + 1
    assert "101 " in (await upgrade(proxied, "203.0.113.72"))[:13]
    # This machine itself is not slowed down: what measures it opens thousands.
    for _ in range(1100):
        assert "101 " in (await upgrade(proxied, "127.0.0.1"))[:13]
