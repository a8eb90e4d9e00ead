"""Before `welcome`: the upgrade, the first frame, tokens and tickets."""

import asyncio
import json

import pytest
import websockets
from peers import Agent, Customer, Peer
from peers.server import ORIGIN

HANDSHAKE = {
    "upgrade": "websocket", "connection": "Upgrade", "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-protocol": "maitred.v1",
    "origin": ORIGIN}


@pytest.mark.parametrize("change, status", [
    pytest.param({}, 101, id="as it should be"),
    pytest.param({"sec-websocket-protocol": "other, maitred.v1"}, 101, id="one of two protocols"),
    pytest.param({"origin": "http://evil.example"}, 403, id="an origin of no site"),
    pytest.param({"origin": "null"}, 403, id="the origin null"),
    pytest.param({"origin": ORIGIN + ".evil.example"}, 403, id="an origin that begins alike"),
    pytest.param({"origin": "https://shop.example"}, 403, id="another scheme"),
    pytest.param({"origin": None}, 403, id="no origin and no API key"),
    pytest.param({"sec-websocket-protocol": None}, 400, id="no subprotocol"),
    pytest.param({"sec-websocket-protocol": "maitred.v2"}, 400, id="another subprotocol"),
    pytest.param({"sec-websocket-version": "8"}, 426, id="an old version"),
    pytest.param({"sec-websocket-version": None}, 426, id="no version"),
])
async def test_upgrade(shop, change, status):
    fields = {name: value for name, value in {**HANDSHAKE, **change}.items() if value is not None}
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.server.port)
    head = f"GET /v1/ws HTTP/1.1\r\nhost: 127.0.0.1:{shop.server.port}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    writer.write(head.encode() + b"\r\n")
    answer = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode().lower()
    writer.close()
    assert int(answer.split(" ")[1]) == status, answer
    if status == 101:
        assert "sec-websocket-protocol: maitred.v1" in answer
        assert "sec-websocket-extensions" not in answer
    if status == 426:
        assert "sec-websocket-version: 13" in answer


async def test_another_path_is_no_socket(shop):
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(
            shop.server.socket_url + "x", subprotocols=["maitred.v1"], origin=ORIGIN, proxy=None)
    assert refused.value.response.status_code == 404


async def bare(shop, origin=ORIGIN):
    peer = Peer(shop.server)
    await peer.connect(origin)
    return peer


async def token(shop):
    return (await Customer(shop.server).session()).json["token"]


@pytest.mark.parametrize("text, code, close", [
    pytest.param('{"t":"ping","id":"1","d":{}}', "unauthenticated", 4401, id="not hello"),
    pytest.param('{"t":"hello","id":"1","d":{"token":"rubbish"}}', "unauthenticated", 4401,
                 id="a token nobody issued"),
    pytest.param('{"t":"hello","id":"1","d":{"ticket":"rubbish"}}', None, 4401,
                 id="a ticket from a site's page"),
    pytest.param('{"t":"hello","id":"1","d":{}}', "invalid", 4400, id="neither token nor ticket"),
    pytest.param('{"t":"hello","id":"1"}', "invalid", 4400, id="no d"),
    pytest.param('{"t":"hello"', "invalid", 4400, id="broken JSON"),
    pytest.param("[]", "invalid", 4400, id="an array"),
    pytest.param("hello", "invalid", 4400, id="no JSON at all"),
    pytest.param('{"id":"1","d":{}}', "invalid", 4400, id="no t"),
    pytest.param('{"t":"hello","id":"1","d":{"token":"' + "x" * 17_000 + '"}}', "too_large", 4413,
                 id="more than 16 KB"),
])
async def test_first_frame(shop, text, code, close):
    peer = await bare(shop)
    await peer.send_text(text)
    assert await peer.closed() == close
    assert [frame["t"] for frame in peer.frames] == ["err"], "nothing but the error before welcome"
    if code:
        assert peer.frames[0]["d"]["code"] == code
    if '"id":"1"' in text and text.startswith("{") and code not in ("too_large",):
        assert peer.frames[0].get("re") == ("1" if '"t"' in text else peer.frames[0].get("re"))


async def test_an_unknown_ticket_on_the_consoles_origin(shop):
    peer = await bare(shop, shop.base)
    await peer.send("hello", {"ticket": "rubbish"}, id="1")
    assert await peer.closed() == 4401
    assert peer.frames[0]["d"]["code"] == "unauthenticated"


async def test_a_second_frame_before_welcome(shop):
    """One frame is taken; who does not wait for the answer is hung up on."""
    peer = await bare(shop)
    hello = json.dumps({"t": "hello", "id": "h", "d": {"token": await token(shop)}})
    other = json.dumps({"t": "msg.send", "id": "1", "d": {"cid": "12345678", "text": "hi"}})
    await peer.send_text(hello)
    await peer.send_text(other)
    await asyncio.wait({asyncio.ensure_future(asyncio.sleep(1)), peer._reader},
                       return_when=asyncio.FIRST_COMPLETED)
    if peer.is_open:  # The answer was faster than the second frame: then it is a request.
        assert peer.frames[0]["t"] == "welcome"
        await peer.close()
    else:
        assert peer.close_code == 4400


async def test_a_second_hello(shop):
    async with shop.customer() as customer:
        assert await customer.refused("hello", {"token": customer.token}) == "invalid"
        await customer.do("ping")


async def test_a_token_opens_several_sockets_a_ticket_one(shop):
    async with shop.customer() as customer:
        second = Customer(shop.server)
        await second.connect(ORIGIN)
        assert (await second.ask("hello", {"token": customer.token}))["t"] == "welcome"
        await second.close()
    ticket = await Agent(shop.server).ticket()
    first, second = await bare(shop, shop.base), await bare(shop, shop.base)
    assert (await first.ask("hello", {"ticket": ticket}))["t"] == "welcome"
    await second.send("hello", {"ticket": ticket}, id="1")
    assert await second.closed() == 4401
    await first.close()


async def test_a_ticket_is_for_the_console_only(shop):
    """Presented from a site's page it opens nothing."""
    peer = await bare(shop, ORIGIN)
    await peer.send("hello", {"ticket": await Agent(shop.server).ticket()}, id="1")
    assert await peer.closed() == 4401


async def test_a_token_of_one_site_from_the_page_of_another(shop):
    other = await asyncio.to_thread(shop.server.add_site, "Other", "http://other.example")
    opened = (await Customer(shop.server, site=other, origin="http://other.example").session()).json
    peer = await bare(shop, ORIGIN)
    await peer.send("hello", {"token": opened["token"]}, id="1")
    assert await peer.closed() == 4401
    # And its key does not open sessions from there; browsers cannot read why a socket failed.
    refused = await Customer(shop.server, site=other).session()
    assert (refused.status, refused.json["code"]) == (403, "forbidden")


async def test_the_widgets_own_frame_may_connect(shop):
    async with shop.customer(origin=shop.base) as customer:
        assert customer.welcome["d"]["contact"]["id"] == customer.contact


async def test_welcome_of_a_customer(shop):
    async with shop.customer() as customer:
        d = customer.welcome["d"]
        assert customer.welcome["re"] and customer.frames[0] is customer.welcome
        assert d["contact"] == {"id": customer.contact} or d["contact"]["name"] is None
        assert d["epoch"] and d["recovered"] is True and d["heartbeat_s"] == 25
        assert d["conversations"] == []


async def test_welcome_of_an_agent(shop):
    async with shop.agent() as ann:
        d = ann.welcome["d"]
        assert d["agent"]["email"] == "ann@example.com" and d["agent"]["role"] == "agent"
        assert {agent["name"] for agent in d["agents"]} >= {"Ann", "Ben"}
        assert shop.server.site["key"] in {site["key"] for site in d["sites"]}
        assert isinstance(d["feed"], int) and d["heartbeat_s"] == 25


async def test_session_answer(shop):
    reply = await Customer(shop.server).session()
    opened = reply.json
    assert reply.status == 201
    assert set(opened) >= {"token", "visitor", "expires_at", "contact", "epoch"}
    assert opened["contact"]["id"].startswith("ctc_") and opened["contact"]["name"] is None
    assert opened["expires_at"].endswith("Z")
    again = await Customer(shop.server, visitor=opened["visitor"]).session()
    assert again.json["contact"]["id"] == opened["contact"]["id"]
    assert again.json["visitor"] == opened["visitor"]
    # A visitor token is no session token, and an invented one is nobody's.
    assert opened["visitor"] != opened["token"]
    stranger = await Customer(shop.server, visitor="invented-visitor-token").session()
    assert stranger.json["contact"]["id"] != opened["contact"]["id"]


async def test_token_refresh(shop):
    async with shop.customer() as customer, shop.customer() as other:
        fresh = (await Customer(shop.server, customer.visitor).session()).json["token"]
        await customer.do("auth.refresh", {"token": fresh})
        answer = await customer.ask("auth.refresh", {"token": other.token})
        assert answer["d"]["code"] == "unauthenticated"
        assert await customer.closed() == 4401


async def test_signing_out_ends_the_sockets_of_that_sign_in(shop):
    """Another console of the same agent, signed in by itself, stays."""
    async with shop.agent(presence=None) as stays:
        kept = shop.server.signed_in.pop(stays.email)
        leaving = Agent(shop.server)
        try:
            await leaving.open(presence=None)
            ticket = await leaving.ticket()
            headers = await leaving.sign_in()
        finally:
            shop.server.signed_in[stays.email] = kept
        assert (await shop.post("/v1/auth/logout", {}, headers)).status == 204
        assert await leaving.closed() == 4401
        late = await bare(shop, shop.base)
        await late.send("hello", {"ticket": ticket, "feed": 0}, id="h")
        assert await late.closed() == 4401
        await stays.do("ping")
