"""Files: uploading them, sending them with messages, links to them, and what is refused."""

import asyncio
import hashlib
import os
import sqlite3
import time
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest
from conftest import Shop, serve
from file_samples import noise, office, png
from peers import Agent, Customer, new_cid, request

MB = 1 << 20


async def upload(peer, body, name="note.txt", kind="text/plain", **headers):
    """Uploads as a widget or a console does."""
    if isinstance(peer, Agent):
        auth = await peer.sign_in()
    else:
        auth = {"authorization": f"Bearer {peer.token}", "origin": peer.origin}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return await request(
        "POST", f"{peer.server.base}/v1/uploads?name={quote(name, safe='')}", body,
        {**auth, "content-type": kind, **headers})


async def uploaded(peer, *arguments, **options):
    reply = await upload(peer, *arguments, **options)
    assert reply.status == 201, (reply.status, reply.body)
    return reply.json


async def send(customer, uploads, text="", c=None, cid=None):
    return await customer.ask(
        "msg.send", {"cid": cid or new_cid(), "text": text, "uploads": uploads}, c)


async def sent(customer, body=b"hello", name="note.txt", c=None, **options):
    """Uploads a file and sends it; returns the file as the message has it."""
    one = await uploaded(customer, body, name, **options)
    ack = await send(customer, [one["upload_id"]], c=c)
    assert ack["t"] == "ack", ack
    message = await customer.until(
        lambda frame: frame["t"] == "msg.new" and frame["d"]["m"] == ack["d"]["m"])
    return message["d"]["files"][0], ack["c"]


async def links(peer, *ids):
    if isinstance(peer, Agent):
        auth = await peer.sign_in()
    else:
        auth = {"authorization": f"Bearer {peer.token}"}
    reply = await request(
        "POST", peer.server.base + "/v1/files/links", {"ids": list(ids)}, auth)
    assert reply.status == 200, (reply.status, reply.body)
    return reply.json["links"]


async def download(peer, file):
    link = (await links(peer, file["id"]))[file["id"]]
    return await request("GET", peer.server.base + link)


def refused(reply, status, code):
    assert reply.status == status, (reply.status, reply.body)
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert reply.json["code"] == code, reply.json
    return reply.json


def kept(server):
    """What lies in the folder of files."""
    folder = server.folder / "files"
    return sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []


@asynccontextmanager
async def begun(peer, length, sent=b"", name="note.txt"):
    """A request whose body goes on as the test likes: (reader, writer)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", peer.server.port)
    writer.write((
        f"POST /v1/uploads?name={name} HTTP/1.1\r\nhost: t\r\ncontent-length: {length}\r\n"
        f"authorization: Bearer {peer.token}\r\ncontent-type: text/plain\r\n\r\n").encode() + sent)
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.close()


# From the customer to the agent and back

async def test_a_file_goes_from_customer_to_agent_and_back(shop):
    image = png(640, 480)
    async with shop.conversation() as (customer, agent, c):
        one = await uploaded(customer, image, "Screen shot.png", "image/png")
        assert one.pop("upload_id").startswith("upl_")
        assert one == {"name": "Screen shot.png", "type": "image/png", "size": len(image),
                       "width": 640, "height": 480}
        file, _ = await sent(customer, image, "Screen shot.png", c=c, kind="image/png")
        assert file.pop("id").startswith("fil_")
        assert file == one
        seen = await agent.until(lambda frame: frame["t"] == "msg.new" and "files" in frame["d"])
        assert seen["d"]["text"] == "" and len(seen["d"]["files"]) == 1
        assert (await download(agent, seen["d"]["files"][0])).body == image
        # And an answer with two.
        answers = [await uploaded(agent, noise(3 * MB), "log.txt"),
                   await uploaded(agent, office(), "letter.docx", "application/zip")]
        ack = await agent.ask("reply", {
            "cid": new_cid(), "text": "See here.", "seen": seen["s"],
            "uploads": [answer["upload_id"] for answer in answers]}, c)
        assert ack["t"] == "ack", ack
        reply = (await customer.message_of("agent", c))["d"]
        assert [file["name"] for file in reply["files"]] == ["log.txt", "letter.docx"]
        assert reply["files"][1]["type"].endswith("wordprocessingml.document")
        got = await download(customer, reply["files"][0])
        assert got.body == noise(3 * MB)
        assert [event["d"]["files"] for event in await customer.history(c)
                if "files" in event["d"]][-1] == reply["files"]


async def test_what_a_download_may_do(shop):
    async with shop.customer() as customer:
        image, _ = await sent(customer, png(), "bild “1” %41.png", kind="image/png")
        text, _ = await sent(customer, b"plain words", "a.txt")
        link = (await links(customer, image["id"]))[image["id"]]
        reply = await request("GET", shop.base + link)
        assert reply.headers["content-type"] == "image/png"
        assert reply.headers["content-disposition"] == (
            'attachment; filename="bild _1_ _41.png"; '
            "filename*=UTF-8''bild%20%E2%80%9C1%E2%80%9D%20%2541.png")
        assert "sandbox" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "private, no-store"
        shown = await request("GET", shop.base + link + "&inline=1")
        assert shown.headers["content-disposition"].startswith("inline;")
        assert "sandbox" in shown.headers["content-security-policy"]
        link = (await links(customer, text["id"]))[text["id"]]
        shown = await request("GET", shop.base + link + "&inline=1")
        assert shown.headers["content-disposition"].startswith("attachment;")
        head = await request("HEAD", shop.base + link)
        assert head.status == 200 and head.headers["content-length"] == "11"


async def test_names_are_kept_and_cleaned(shop):
    async with shop.customer() as customer:
        for name, clean in [
                ("a+b & c=d 100% é 日本.txt", "a+b & c=d 100% é 日本.txt"),
                ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\a.txt", "a.txt"),
                ("annexe\u202etxt.doc", "annexetxt.doc"), ("a\tb\x7fc.txt", "abc.txt"), ("", "file"),
                (".profile", "profile")]:
            assert (await uploaded(customer, b"x", name))["name"] == clean
        long = (await uploaded(customer, b"x", "x" * 300 + ".txt"))["name"]
        assert len(long) == 200 and long.endswith("….txt")
        refused(await upload(customer, b"x", "x" * 2500), 422, "unprocessable")


async def test_pages_of_sites_may_upload_and_read_the_answer(shop):
    async with shop.customer() as customer:
        reply = await upload(customer, b"x")
        assert reply.headers["access-control-allow-origin"] == customer.origin
        reply = await upload(customer, b"<html>")
        assert reply.status == 415
        assert reply.headers["access-control-allow-origin"] == customer.origin
        for path in ("/v1/uploads", "/v1/files/links"):
            reply = await request("OPTIONS", shop.base + path, headers={"origin": customer.origin})
            assert reply.status == 204
            assert "Authorization" in reply.headers["access-control-allow-headers"]
        config = await request("GET", f"{shop.base}/v1/widget/config?site={customer.site['key']}")
        assert config.json["uploads"]["limit"] == 25 * MB
        assert "image/png" in config.json["uploads"]["types"]
        assert (await shop.get("/v1/uploads")).json == config.json["uploads"]


# What is refused

@pytest.mark.parametrize("body, name, kind, found", [
    (b"<!DOCTYPE html><p>", "page.txt", "text/plain", "text/html"),
    (b"\xef\xbb\xbf  <HTML>", "page.png", "image/png", "text/html"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "image/png", "image/svg+xml"),
    (b"<?xml version='1.0'?><svg/>", "a.txt", "text/plain", "image/svg+xml"),
    (b"\x7fELF" + bytes(60), "tool", "application/octet-stream", "application/x-executable"),
    (b"MZ\x90\0" + bytes(60), "photo.jpg", "image/jpeg", "application/x-executable"),
    (b"#!/bin/sh\n", "run.txt", "text/plain", "text/x-script"),
    (b"words", "setup.exe", "text/plain", "application/x-executable"),
    (b"words", "page.HTML", "text/plain", "application/x-executable"),
    (bytes(range(256)), "a.png", "image/png", "application/octet-stream"),
    (noise(200_000) + b"\0\1\2", "late.txt", "text/plain", "application/octet-stream"),
], ids=lambda value: str(value)[:20])
async def test_kinds_that_are_not_taken(shop, body, name, kind, found):
    async with shop.customer() as customer:
        before = kept(shop.server)
        problem = refused(await upload(customer, body, name, kind), 415, "unsupported_media")
        assert problem["media_type"] == found
        assert kept(shop.server) == before


async def test_sizes_that_are_not_taken(shop):
    async with shop.customer() as customer:
        refused(await upload(customer, b""), 422, "unprocessable")
        problem = refused(await upload(customer, noise(30 * MB)), 413, "too_large")
        assert problem["limit"] == 25 * MB
        assert (await upload(customer, noise(25 * MB))).status == 201
        reply = await upload(customer, b"x", content_length="3, 30")
        assert reply.status == 400
        reply = await upload(customer, b"1\r\nx\r\n0\r\n\r\n", transfer_encoding="chunked")
        assert reply.status == 411


async def test_who_may_upload_and_ask_for_links(shop):
    async with shop.customer() as customer, shop.agent() as agent:
        file, _ = await sent(customer)
        signed_in = await agent.sign_in()
        for path, body in [("/v1/uploads?name=a.txt", b"x"),
                           ("/v1/files/links", {"ids": [file["id"]]})]:
            refused(await shop.post(path, body), 401, "unauthenticated")
            refused(await shop.post(path, body, {"authorization": "Bearer v1.x.y"}),
                    401, "unauthenticated")
            headers = {**signed_in, "x-csrf-token": None}
            refused(await shop.post(path, body, headers), 403, "forbidden")
        # A refusal reaches also who goes on sending.
        refused(await shop.post("/v1/uploads?name=a.txt", noise(8 * MB)), 401, "unauthenticated")


async def test_another_customers_upload_and_file(shop):
    async with shop.customer() as one, shop.customer() as other, shop.agent() as agent:
        mine = (await uploaded(one, b"mine"))["upload_id"]
        assert (await send(other, [mine]))["d"]["code"] == "unprocessable"
        ack = await send(one, [mine])
        file = (await one.message_of("customer", ack["c"]))["d"]["files"][0]
        assert await links(other, file["id"]) == {}
        assert set(await links(one, file["id"], "fil_none", "x")) == {file["id"]}
        assert set(await links(agent, file["id"])) == {file["id"]}
        # An agent's upload is not a customer's to send either, and the other way round.
        theirs = (await uploaded(agent, b"theirs"))["upload_id"]
        assert (await send(one, [theirs], c=ack["c"]))["d"]["code"] == "unprocessable"


async def test_nobody_gets_a_link_to_what_was_not_sent(shop):
    async with shop.customer() as customer, shop.agent() as agent:
        one = await uploaded(customer, b"not sent")
        id = one["upload_id"].replace("upl_", "fil_")
        assert await links(customer, id) == {} and await links(agent, id) == {}


async def test_forged_and_expired_links(shop):
    async with shop.customer() as customer:
        file, _ = await sent(customer)
        other, _ = await sent(customer)
        link = (await links(customer, file["id"]))[file["id"]]
        path, query = link.split("?")
        expiry, key = (part.split("=")[1] for part in query.split("&"))
        assert 590 <= int(expiry) - time.time() <= 601
        for forged in [
                path, f"{path}?e={expiry}", f"{path}?k={key}", f"{path}?e={expiry}&k=",
                f"{path}?e={int(expiry) + 1}&k={key}", f"{path}?e=-1&k={key}",
                f"{path}?e={expiry}&k={key[:-2]}AA", f"/v1/files/{other['id']}?{query}",
                f"{path}?e=99999999999999999999&k={key}"]:
            refused(await shop.get(forged), 403, "forbidden")
        assert (await shop.get(link)).body == b"hello"


async def test_an_upload_is_sent_once(shop, cid):
    async with shop.customer() as customer:
        one = (await uploaded(customer, b"once"))["upload_id"]
        ack = await send(customer, [one], cid=cid)
        assert ack["t"] == "ack"
        # The same message again is the same message, as a start and in its conversation.
        for c in (None, ack["c"]):
            again = await send(customer, [one], c=c, cid=cid)
            assert again["t"] == "ack" and again["d"] == ack["d"] and again["c"] == ack["c"]
        # Another one with it is not.
        for c in (None, ack["c"]):
            answer = await send(customer, [one], c=c)
            assert answer["t"] == "err" and answer["d"]["code"] == "unprocessable", answer
            assert answer["d"]["temporary"] is False
        # Nor one that names a file twice, or makes one up.
        two = (await uploaded(customer, b"twice"))["upload_id"]
        for uploads in ([two, two], ["upl_01kajqz7c2f8qsb6d0x4h7k9we"]):
            assert (await send(customer, uploads))["d"]["code"] == "unprocessable"
        assert (await send(customer, ["two"]))["d"]["code"] == "invalid"
        assert (await send(customer, []))["d"]["code"] == "invalid"
        assert (await send(customer, [two] * 11))["d"]["code"] == "invalid"
        # What was refused has started no conversation.
        rows = (await customer.fetch("/v1/widget/conversations")).json["conversations"]
        assert [row["c"] for row in rows] == [ack["c"]]


async def test_of_two_messages_with_the_same_upload_one_is_taken(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        for place in (c, None):
            one = (await uploaded(customer, b"wanted"))["upload_id"]
            answers = await asyncio.gather(
                *(send(customer, [one], c=place if n else c) for n in range(4)))
            assert sorted(answer["t"] for answer in answers) == ["ack", "err", "err", "err"]


async def test_messages_keep_their_order_around_files(shop):
    async with shop.customer() as customer:
        c = (await customer.say("0"))["c"]
        ids = [(await uploaded(customer, b"x"))["upload_id"] for _ in range(4)]
        await asyncio.gather(*(
            send(customer, [ids[n // 2]] if n % 2 else [], str(n), c) for n in range(1, 9)))
        texts = [event["d"]["text"] for event in await customer.history(c)
                 if event["t"] == "msg.new" and event["d"]["from"]["kind"] == "customer"]
        assert texts == [str(n) for n in range(9)]


async def test_the_assistant_hands_a_wordless_file_on(taught):
    async with taught.customer() as customer:
        file, c = await sent(customer, png(), "screen.png", kind="image/png")
        decided = await customer.until(
            lambda frame: frame["t"] == "conv.upd" and frame["d"]["status"] == "queued")
        assert decided["d"]["reason"]["code"] == "no_words"
        said = [frame for frame in customer.frames
                if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "bot"]
        assert not said


# On the way

async def test_a_body_that_is_cut_leaves_nothing(shop):
    async with shop.customer() as customer:
        before = kept(shop.server)
        async with begun(customer, 100_000, noise(50_000)):
            await until(lambda: len(kept(shop.server)) == len(before) + 1)
        await until(lambda: kept(shop.server) == before)


async def test_more_than_was_announced_is_not_taken(shop):
    async with shop.customer() as customer:
        async with begun(customer, 5, b"helloGET /healthz HTTP/1.1\r\nhost: t\r\n\r\n") as (
                reader, _):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 201")
            body = await reader.readexactly(
                int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            assert b'"size":5' in body
            # What follows is the next request.
            assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")


async def test_many_uploads_at_once(shop):
    async with shop.customer() as one, shop.customer() as other:
        bodies = {f"{n}.txt": noise(2 * MB + n) for n in range(10)}
        replies = await asyncio.gather(*(
            uploaded(one if int(name[0]) < 5 else other, body, name)
            for name, body in bodies.items()))
        for reply in replies:
            name = reply["upload_id"].replace("upl_", "fil_")
            content = (shop.server.folder / "files" / name).read_bytes()
            assert content == bodies[reply["name"]]


async def test_the_server_goes_on_while_files_come(shop):
    """A conversation beside uploads: every answer within a second."""
    async with shop.customer() as customer, shop.customer() as other:
        c = (await customer.say("hello"))["c"]
        uploads = asyncio.gather(*(uploaded(other, noise(10 * MB)) for _ in range(5)))
        slowest = 0
        while not uploads.done():
            began = time.monotonic()
            await customer.say("and?", c)
            slowest = max(slowest, time.monotonic() - began)
        await uploads
        assert slowest < 1, slowest


# With servers of their own

@pytest.fixture
def own():
    servers = []

    def make(**environment):
        from peers import Server
        server = Server(environment=environment)
        server.set_up()
        server.start()
        servers.append(server)
        return Shop(server)

    yield make
    for server in servers:
        server.close()


async def until(is_so, timeout=20):
    """Waits for something that only the file system tells."""
    async with asyncio.timeout(timeout):
        while not is_so():
            await asyncio.sleep(0.05)


async def test_limits_are_configurable(own):
    shop = own(MAITRED_UPLOADS_LIMIT="1MB", MAITRED_UPLOADS_QUOTA="1500KB",
               MAITRED_UPLOADS_TYPES="text/plain,text/csv")
    async with shop.customer() as customer:
        assert refused(await upload(customer, noise(MB + 1)), 413, "too_large")["limit"] == MB
        refused(await upload(customer, png(), "a.png", "image/png"), 415, "unsupported_media")
        assert (await upload(customer, noise(MB))).status == 201
        problem = refused(await upload(customer, noise(MB)), 507, "overloaded")
        assert problem["temporary"] is True
        assert (await upload(customer, b"a,b\n", "t.csv")).json["type"] == "text/csv"


async def test_a_customer_may_upload_so_much_in_an_hour(own):
    shop = own(MAITRED_UPLOADS_HOURLY="1MB")
    async with shop.customer() as customer, shop.customer() as other, shop.agent() as agent:
        assert (await upload(customer, noise(MB - 10))).status == 201
        reply = await upload(customer, noise(20))
        refused(reply, 429, "rate_limited")
        assert int(reply.headers["retry-after"]) > 0
        for peer in (other, agent, agent):
            assert (await upload(peer, noise(MB))).status == 201


async def test_files_can_be_switched_off(own):
    shop = own(MAITRED_UPLOADS_LIMIT="0")
    async with shop.customer() as customer:
        refused(await upload(customer, b"x"), 403, "forbidden")
        config = await shop.get(f"/v1/widget/config?site={customer.site['key']}")
        assert config.json["uploads"] is None
        refused(await shop.get("/v1/uploads"), 404, "not_found")


async def test_uploads_and_files_outlive_the_server(own):
    shop = own()
    async with shop.customer() as customer:
        file, c = await sent(customer, noise(MB))
        waiting = (await uploaded(customer, b"waiting"))["upload_id"]
        await customer.close()
    for end in (shop.server.kill, shop.server.stop):
        end()
        shop.server.start()
        async with shop.customer(visitor=customer.visitor) as again:
            assert hashlib.sha256((await download(again, file)).body).digest() \
                == hashlib.sha256(noise(MB)).digest()
            if end == shop.server.stop:
                assert (await send(again, [waiting], c=c))["t"] == "ack"
            await again.close()


async def test_what_nobody_sent_is_removed_after_an_hour_and_nothing_else(own):
    shop = own()
    folder = shop.server.folder / "files"
    async with shop.customer() as customer:
        file, _ = await sent(customer, b"sent")
        old, young = [(await uploaded(customer, b"x"))["upload_id"] for _ in range(2)]
        await customer.close()
    shop.server.stop()
    ages = {old.replace("upl_", "fil_"): 3700, file["id"]: 90_000}
    database = sqlite3.connect(shop.server.folder / "maitred.sqlite")
    for id, age in ages.items():
        database.execute("UPDATE files SET created = created - ? WHERE id = ?", (age * 1000, id))
        os.utime(folder / id, (time.time() - age,) * 2)
    database.commit()
    database.close()
    # What a crash between file and row leaves, and one in the middle of an upload.
    for name, age in [("fil_01kajqz7c2f8qsb6d0x4h7k9we", 3700), ("fil_new", 10),
                      ("fil_cut.part", 10)]:
        (folder / name).write_bytes(b"orphan")
        os.utime(folder / name, (time.time() - age,) * 2)
    shop.server.start()
    left = sorted([file["id"], young.replace("upl_", "fil_"), "fil_new"])
    await until(lambda: kept(shop.server) == left)
    async with shop.customer(visitor=customer.visitor) as again:
        assert (await download(again, file)).body == b"sent"
        assert (await send(again, [old]))["d"]["code"] == "unprocessable"
        assert (await send(again, [young]))["t"] == "ack"
        await again.close()


async def test_a_visitor_who_signs_in_keeps_what_they_uploaded(shop):
    from peers import identity
    async with shop.customer() as anonymous:
        file, c = await sent(anonymous, b"before")
        waiting = (await uploaded(anonymous, b"waiting"))["upload_id"]
        async with shop.customer(
                visitor=anonymous.visitor, identity=identity(shop.server.site, "u-files")) as known:
            assert known.contact != anonymous.contact
            assert (await download(known, file)).body == b"before"
            assert (await send(known, [waiting], c=c))["t"] == "ack"
            assert await links(anonymous, file["id"]) == {}
