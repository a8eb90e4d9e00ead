"""Requests that two programs in a row could read differently: each gets one clean answer, or none
and the end of its connection; what hides behind it is never answered."""

import asyncio

import pytest
from conftest import serve
from peers.server import ORIGIN
from raw_http import RawConnection

GET = b"GET /healthz HTTP/1.1\r\nHost: t\r\n"
POST = b"POST /v1/auth/login HTTP/1.1\r\nHost: t\r\n"
UPGRADE = (
    b"GET /v1/ws HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: maitred.v1\r\nOrigin: " + ORIGIN.encode() + b"\r\n")
# What the attacker wants to have answered.
HIDDEN = b"GET /version HTTP/1.1\r\nHost: t\r\n\r\n"
# A chunked body that ends at once, for whoever believes in chunks.
CHUNKED = b"0\r\n\r\n" + HIDDEN


def post(headers, body=b"", length=None):
    """A request with a length beside these headers; by default that of all its body."""
    counted = b"%d" % (len(body) if length is None else length)
    return POST + headers + b"Content-Length: " + counted + b"\r\n\r\n" + body


def lengths(value, body=b"{}" + HIDDEN):
    return POST + b"Content-Length:" + value + b"\r\n\r\n" + body


TRANSFER_ENCODINGS = [
    b"Transfer-Encoding: chunked", b"Transfer-Encoding:chunked", b"Transfer-Encoding:\tchunked",
    b"TRANSFER-ENCODING: CHUNKED", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: identity",
    b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: gzip, chunked",
    b'Transfer-Encoding: "chunked"', b"Transfer-Encoding: \x0bchunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding:\r\n chunked", b"Transfer-Encoding: x\r\n\tchunked",
    b"Transfer-Encoding:", b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked",
    b" Transfer-Encoding: chunked", b"X-Foo: x\r\n Transfer-Encoding: chunked",
    b"X-Foo: x\rTransfer-Encoding: chunked", b"X-Foo: x\nTransfer-Encoding: chunked",
    b"Transfer-Encoding\r\n: chunked", b"Transfer-Encoding; chunked",
    b"Transfer-Encoding: chunked\x00", b"\x00Transfer-Encoding: chunked",
    b"Transfer\x00-Encoding: chunked", b"Transfer-Encoding\xa0: chunked"]

LENGTHS = [
    b" 2\r\nContent-Length: 3", b" 3\r\nContent-Length: 2", b" 2\r\nContent-Length: 2", b" 2, 2",
    b" 2, 30", b" +2", b" -2", b" 0x2", b" 2 2", b" 2;", b" 2.0", b" 2e0", b" two", b"", b" ",
    b" 2\x00", b" 2\x0b", b" \x062", b" \xd9\xa2", b" 18446744073709551618",
    b" 99999999999999999999999", b" 2\r\n 0", b"\r\n 2"]

# What two programs may read in two ways, and what is no request at all.
AMBIGUOUS = {
    "no length": POST + b"\r\n" + HIDDEN,
    "space before the colon": POST + b"Content-Length : 2\r\n\r\n{}" + HIDDEN,
    "tab before the colon": POST + b"Content-Length\t: 2\r\n\r\n{}" + HIDDEN,
    "length behind a bare CR": POST + b"X-Foo: x\rContent-Length: 2\r\n\r\n{}" + HIDDEN,
    "length behind a NUL": POST + b"X-Foo: x\x00\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
    "first line folded": POST[:-2] + b"\r\n Content-Length: 2\r\n\r\n{}" + HIDDEN,
    "chunk extension": POST + (
        b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\n\r\n") + HIDDEN,
    "chunk extension with a line": POST + (
        b"Transfer-Encoding: chunked\r\n\r\n2;\n{}\r\n0\r\n\r\n") + HIDDEN,
    "chunk beyond 64 bits": POST + (
        b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n") + HIDDEN,
    "negative chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n" + HIDDEN,
    "trailers": POST + (
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\n\r\n") + HIDDEN,
    "chunked GET": GET + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED,
    "chunked HTTP/1.0": POST.replace(b"1.1", b"1.0") + (
        b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n") + CHUNKED,
    "too large": post(b"", b"", 1 << 30) + HIDDEN,
    "h2c": GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + (
        b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n") + HIDDEN,
    "half an upgrade": b"GET /v1/ws HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\n" + (
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 777\r\n\r\n") + HIDDEN,
    "an upgrade in chunks": UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED,
    # Found by fuzzing: libwebsockets would take what follows for frames.
    "an upgrade in what may be chunks": (
        UPGRADE + b"Transfer-Encoding: chunkedm\r\n\r\n" + CHUNKED),
    "an upgrade with a body": (
        UPGRADE + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN),
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "unknown method": GET.replace(b"GET", b"FROB") + b"\r\n" + HIDDEN,
    "TRACE": GET.replace(b"GET", b"TRACE") + b"\r\n" + HIDDEN,
    "no colon": GET + b"nonsense\r\n\r\n" + HIDDEN,
    "no name": GET + b": x\r\n\r\n" + HIDDEN,
    "name with a space": GET + b"X Y: z\r\n\r\n" + HIDDEN,
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n" + HIDDEN,
    "two hosts": GET + b"Host: u\r\n\r\n" + HIDDEN,
    "NUL in the path": b"GET /healthz\x00 HTTP/1.1\r\nHost: t\r\n\r\n" + HIDDEN,
    # Whoever wants CRLF reads one header to the end; whoever takes LF sees a second request.
    "head ended by bare LFs": GET + b"X-Foo: x\n\n" + HIDDEN,
    "head ended by bare CRs": GET + b"X-Foo: x\r\r" + HIDDEN,
    "head of 32 KB": GET + b"X-Foo: " + b"x" * 32_768 + b"\r\n\r\n" + HIDDEN,
    "5,000 headers": GET + b"X-Foo: y\r\n" * 5000 + b"\r\n" + HIDDEN,
}
AMBIGUOUS |= {f"chunks and a length: {one!r}": post(one + b"\r\n", CHUNKED)
              for one in TRANSFER_ENCODINGS}
AMBIGUOUS |= {f"chunks and a short length: {one!r}": post(one + b"\r\n", CHUNKED, 5)
              for one in TRANSFER_ENCODINGS}
AMBIGUOUS |= {f"length:{value!r}": lengths(value) for value in LENGTHS}

# Odd, but to be read in one way only: the end of the connection is enough.
ODD = {
    "no version": b"GET /healthz\r\n\r\n" + HIDDEN,
    "unknown version": GET.replace(b"1.1", b"3.7") + b"\r\n" + HIDDEN,
    "a second version": b"GET /healthz HTTP/1.1 HTTP/1.1\r\nHost: t\r\n\r\n" + HIDDEN,
    "CR in the path": b"GET /healthz\rX HTTP/1.1\r\nHost: t\r\n\r\n" + HIDDEN,
    "an absolute address": b"GET http://t/healthz HTTP/1.1\r\nHost: t\r\n\r\n" + HIDDEN,
    "another's absolute address": b"GET http://u/healthz HTTP/1.1\r\nHost: t\r\n\r\n" + HIDDEN,
    "HTTP/1.0": GET.replace(b"1.1", b"1.0") + b"\r\n" + HIDDEN,
    "the last one": GET + b"Connection: close\r\n\r\n" + HIDDEN,
}

FRAMED = {
    # Requests, and the statuses of the answers.
    "a request in a body": (post(b"", HIDDEN), [400]),
    "a request in a body, and one behind it": (post(b"", HIDDEN) + GET + b"\r\n", [400, 200]),
    "a request in a GET's body": (
        GET + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN, [200]),
    "an empty body": (GET + b"Content-Length: 0\r\n\r\n" + HIDDEN, [200, 200]),
    "spaces around a length": (POST + b"Content-Length: \t 2 \t\r\n\r\n{}", [400]),
    "a body that is waited for": (post(b"Expect: 100-continue\r\n", HIDDEN), [100, 400]),
    "an upload of nobody": (
        b"POST /v1/uploads?name=a.txt HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n"
        % len(HIDDEN) + HIDDEN, [401]),
    "requests in a row": ((GET + b"\r\n") * 3 + HIDDEN, [200] * 4),
    "one that is not found before another": (
        GET.replace(b"healthz", b"nothing") + b"\r\n" + HIDDEN, [404, 200]),
    "HTTP/1.0 kept alive": (
        GET.replace(b"1.1", b"1.0") + b"Connection: keep-alive\r\n\r\n" + HIDDEN, [200, 200]),
}

PREFIX = ("libwebsockets 4.1 looks for the end of a name before it sees that the name is none it "
          "knows: where it is the beginning of one, the next line becomes a part of it")
NAMES = ("libwebsockets takes a name that is no token, or a folded line, for a header it does not "
         "know, and RequestHead does not ask")
CONTROL = "libwebsockets ends a value at a control character, or drops it: RequestHead sees none"
FAULTS = dict.fromkeys(
    ["no colon", "no name", "name with a space", "length:b' 2\\r\\n 0'"], NAMES)
FAULTS["head ended by bare LFs"] = (
    "libwebsockets takes a bare LF for the end of a line, as RFC 9112 (2.2) allows")
FAULTS |= dict.fromkeys(["length behind a NUL", "length:b' 2\\x00'"], CONTROL)
FAULTS |= {
    f"chunks and a {length}: {one!r}": why for length in ("length", "short length")
    for one, why in {
        b"Transfer-Encoding : chunked": NAMES,
        b"Transfer-Encoding\t: chunked": NAMES, b" Transfer-Encoding: chunked": NAMES,
        b"X-Foo: x\r\n Transfer-Encoding: chunked": NAMES,
        b"X-Foo: x\rTransfer-Encoding: chunked": CONTROL,
        b"Transfer-Encoding\r\n: chunked": NAMES, b"\x00Transfer-Encoding: chunked": NAMES,
        b"Transfer\x00-Encoding: chunked": NAMES,
        b"Transfer-Encoding\xa0: chunked": NAMES}.items()}


@pytest.fixture(scope="module")
def heard(shop):
    """All of them at once, and what came back: some end only when their time is over."""
    async def one(name, data):
        connection = await RawConnection.to(shop.server)
        await connection.send(data)
        result = await connection.hear()
        connection.drop()
        return name, result

    async def all_of_them():
        async with shop.customer() as calm:
            requests = {
                **AMBIGUOUS, **ODD, **{name: data for name, (data, _) in FRAMED.items()}}
            found = dict(await asyncio.gather(*[one(*item) for item in requests.items()]))
            # Somebody who was there before is there still.
            await calm.say("hello")
            return found

    return asyncio.run(all_of_them())


def named(names):
    return [pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=FAULTS[name])
                         if name in FAULTS else ()) for name in names]


@pytest.mark.parametrize("name", named(AMBIGUOUS))
async def test_what_can_be_read_in_two_ways_is_refused_and_the_connection_ends(heard, name):
    result = heard[name]
    assert len(result.answers) <= 1 and not result.rest, result
    assert all(400 <= status <= 505 for status in result.statuses), result
    assert result.end in ("closed", "reset"), result


@pytest.mark.parametrize("name", named(ODD))
async def test_behind_what_is_odd_nothing_is_answered(heard, name):
    result = heard[name]
    assert len(result.answers) <= 1 and not result.rest, result
    assert result.end in ("closed", "reset"), result


@pytest.mark.parametrize("name", named(FRAMED))
async def test_what_can_be_read_in_one_way_is_answered(heard, name):
    result = heard[name]
    assert result.statuses == FRAMED[name][1] and not result.rest, result


@pytest.mark.xfail(strict=True, reason=PREFIX)
@pytest.mark.parametrize("name", ["X", "X-F", "A", "Acc", "C", "Content", "Co", "H", "If"])
async def test_no_header_hides_the_next(shop, name):
    connection = await RawConnection.to(shop.server)
    await connection.send(
        f"GET /v1/widget/config?site={shop.server.site['key']} HTTP/1.1\r\nHost: t\r\n"
        f"{name}: x\r\nOrigin: {ORIGIN}\r\n\r\n".encode())
    answer = await connection.answer()
    connection.drop()
    assert answer.status == 200
    assert answer.headers.get("access-control-allow-origin") == ORIGIN


async def test_a_client_behind_a_proxy_does_not_hide_where_it_is():
    """Proxies that sort headers, as Go's do, put this one right before X-Forwarded-For."""
    server = await asyncio.to_thread(serve, arguments=["--trusted-proxy", "127.0.0.0/8"])
    try:
        statuses = []
        for number in range(11):
            body = b'{"email":"%d@example.com","password":"x"}' % number
            connection = await RawConnection.to(server)
            await connection.send(
                post(b"X: 1\r\nX-Forwarded-For: 198.51.100.77\r\n", body))
            statuses.append((await connection.answer()).status)
            connection.drop()
        assert statuses == [401] * 10 + [429]
    finally:
        server.close()


async def test_an_answer_to_HEAD_has_no_body_that_hides_the_next(shop):
    connection = await RawConnection.to(shop.server)
    await connection.send(GET.replace(b"GET", b"HEAD") + b"\r\n" + HIDDEN)
    assert (await connection.answer(has_body=False)).status == 200
    assert b"version" in (await connection.answer()).body
    connection.drop()


async def test_a_body_in_two_halves_is_one_request(shop):
    connection = await RawConnection.to(shop.server)
    data = post(b"", HIDDEN)
    await connection.send(data[:-20])
    # The first half is with the server when it answers somebody who came later.
    assert (await shop.get("/healthz")).status == 200
    await connection.send(data[-20:])
    assert (await connection.answer()).status == 400
    await connection.send(HIDDEN)
    assert b"version" in (await connection.answer()).body
    connection.drop()
