"""A backup is taken while customers write, and a server on what was restored goes on from there."""

import asyncio
import io
import json
import tarfile

import pytest
from conftest import serve
from file_samples import png
from peers import Customer, Server, new_cid, request


@pytest.fixture
def server():
    server = serve(agents=("Ann",))
    yield server
    server.close()


def restored(file, folder, site, *options, **more):
    """A server on a folder made from a backup; it is not started."""
    other = Server(folder)
    other.site = site
    other.command("restore", file, *options, **more)
    return other


async def talk(server, said, stop):
    """A customer who writes until told to stop; what was acknowledged is noted at once."""
    customer = Customer(server)
    await customer.open()
    c = None
    while not stop.is_set():
        cid = new_cid()
        ack = await customer.do("msg.send", {"cid": cid, "text": f"message {len(said)}"}, c)
        c = ack["c"]
        said.append((c, ack["d"]["s"], cid))
        await asyncio.sleep(0.02)
    await customer.close()
    return customer


async def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(server, tmp_path):
    said, stop = [], asyncio.Event()
    talkers = [asyncio.create_task(talk(server, said, stop)) for _ in range(8)]
    while len(said) < 100:
        await asyncio.sleep(0.01)
    before = list(said)
    file = tmp_path / "backup.tar"
    order = ["backup", file, "--json"]
    told = json.loads(await asyncio.to_thread(server.command, *order))
    during = len(said) - len(before)
    stop.set()
    customers = await asyncio.gather(*talkers)
    assert during > 0, "nothing was acknowledged while the backup was taken"
    assert file.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("backup.tar.*"))

    other = restored(file, tmp_path / "restored", server.site)
    other.start()
    try:
        again = Customer(other, customers[0].visitor)
        point = {c: s for c, s, _ in said}
        mine = {c for c, _, _ in said if c in await conversations(other, again)}
        welcome = await again.open(
            epoch=told["epoch"], resume=[{"c": c, "s": point[c]} for c in mine])
        # What a client had seen since is gone: the new epoch tells it to fetch everything anew.
        assert welcome["d"]["recovered"] is False
        assert welcome["d"]["epoch"] != told["epoch"]
        for c in mine:
            await again.of_type("resync", c)
        kept = {}
        for customer in customers:
            reader = Customer(other, customer.visitor)
            await reader.open()
            for c in await conversations(other, reader):
                events = await reader.history(c)
                numbers = [event["s"] for event in events]
                assert numbers == sorted(set(numbers))
                kept.update({event["d"].get("cid"): (c, event["s"]) for event in events})
            await reader.close()
        lost = [cid for c, s, cid in before if kept.get(cid) != (c, s)]
        assert lost == []
        # It goes on from there.
        c = next(iter(mine), None)
        assert (await again.do("msg.send", {"cid": new_cid(), "text": "and on"}, c))["d"]["s"] > 1
        await again.close()
    finally:
        other.close()


async def conversations(server, customer):
    if customer.token is None:
        opened = (await customer.session()).json
        customer.token = opened["token"]
    reply = await customer.fetch("/v1/widget/conversations")
    return [row["c"] for row in reply.json["conversations"]]


async def test_attachments_come_back_with_the_messages_that_name_them(server, tmp_path):
    customer = Customer(server)
    await customer.open()
    image = png(3, 2)
    upload = await request(
        "POST", f"{server.base}/v1/uploads?name=photo.png", image,
        {"authorization": f"Bearer {customer.token}", "content-type": "image/png"})
    assert upload.status == 201, upload.body
    await customer.do(
        "msg.send", {"cid": new_cid(), "text": "look", "uploads": [upload.json["upload_id"]]})
    await customer.close()
    file = tmp_path / "backup.tar"
    server.command("backup", file)
    other = restored(file, tmp_path / "restored", server.site)
    other.start()
    try:
        again = Customer(other, customer.visitor)
        await again.open()
        c = (await conversations(other, again))[0]
        (one,) = [event["d"]["files"][0] for event in await again.history(c)
                  if event["t"] == "msg.new" and event["d"].get("files")]
        links = await request(
            "POST", f"{other.base}/v1/files/links", {"ids": [one["id"]]},
            {"authorization": f"Bearer {again.token}"})
        assert (await request("GET", other.base + links.json["links"][one["id"]])).body == image
        await again.close()
    finally:
        other.close()


def rewritten(file, change):
    """The backup with a change to its members: name → bytes."""
    with tarfile.open(file) as archive:
        members = {item.name: archive.extractfile(item).read() for item in archive if item.isfile()}
    change(members)
    with tarfile.open(file, "w") as archive:
        for name, content in members.items():
            item = tarfile.TarInfo(name)
            item.size = len(content)
            archive.addfile(item, io.BytesIO(content))


def damage(members):
    content = bytearray(members["maitred.sqlite"])
    content[5000] ^= 1
    members["maitred.sqlite"] = bytes(content)


@pytest.mark.parametrize(("change", "words"), [
    (damage, "maitred.sqlite is not as it was backed up"),
    (lambda members: members.update({"plugins/evil.so": b"x"}), "plugins/evil.so is not in"),
    (lambda members: members.pop("maitred.sqlite"), "lacks maitred.sqlite"),
    (lambda members: members.pop("manifest.json"), "is not a backup"),
    (lambda members: members.update({"manifest.json": b"{}"}), "format"),
])
def test_a_backup_that_is_not_whole_changes_nothing(server, tmp_path, change, words):
    file = tmp_path / "backup.tar"
    server.command("backup", file)
    rewritten(file, change)
    place = tmp_path / "restored"
    done = Server(place).command("restore", file, check=False)
    assert done.returncode and words in done.stderr, done.stderr
    assert not place.exists() and not list(tmp_path.glob("restored*"))


def test_a_workspace_that_is_there_is_kept_aside_and_one_that_is_served_is_left(server, tmp_path):
    file = tmp_path / "backup.tar"
    server.command("backup", file)
    refused = server.command("restore", file, check=False)
    assert refused.returncode and "--replace" in refused.stderr
    served = server.command("restore", file, "--replace", check=False)
    assert served.returncode and "stop it first" in served.stderr
    server.stop()
    server.command("restore", file, "--replace")
    aside = server.folder.with_name(server.folder.name + ".before-restore-1")
    assert (aside / "maitred.sqlite").exists()
    server.start()
    assert server.command("site", "list").startswith(server.site["key"])


def test_what_cannot_be_written_or_read_is_said(server, tmp_path):
    nowhere = server.command("backup", tmp_path / "no/such/place.tar", check=False)
    assert nowhere.returncode and "nothing can be written" in nowhere.stderr
    empty = Server(tmp_path / "empty").command("backup", tmp_path / "b.tar", check=False)
    assert empty.returncode and "no workspace" in empty.stderr
