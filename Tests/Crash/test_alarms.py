"""What an operator is warned of before it hurts, by the server and by `maitred doctor`.

Lost heartbeats are in Tests/Contract/test_waits.py, and a clock or a certificate that is wrong in
test_doctor.py there.
"""

import json
import os
import re
import resource
import subprocess

import pytest
from peers import Agent, Customer, Server, request
from peers.server import binary
from watching import eventually

HOUR = 3600


async def warnings(server):
    return (await request("GET", server.base + "/readyz?verbose")).json["warnings"]


async def warned(server, words):
    """Waits for a warning that matches."""
    async def there():
        return any(re.fullmatch(words, one) for one in await warnings(server))

    await eventually(there)


async def figure(server, name):
    text = (await request("GET", server.base + "/metrics")).body.decode()
    return float(re.search(rf"^{re.escape(name)} (\S+)", text, re.MULTILINE)[1])


def doctor(server):
    """What it found by name."""
    done = server.command("doctor", "--json", check=False)
    findings = {one["check"]: one for one in json.loads(done.stdout)}
    assert (done.returncode == 0) == all(one["good"] for one in findings.values()), done
    return findings


async def test_nothing_is_warned_of_where_nothing_is_wrong(above):
    assert await warnings(above) == []
    found = doctor(above)
    assert found["disk"]["good"] and found["write-ahead log"]["good"], found


async def test_little_disk_is_seen_by_the_server_and_by_the_doctor(small_disk):
    server = Server(folder=small_disk / "data")
    (small_disk / "data").mkdir()
    try:
        server.set_up()
        server.start()
        await warned(server, r"\d+ MiB are free on the disk")
        assert await figure(server, "maitred_disk_free_bytes") < 24 << 20
        assert not doctor(server)["disk"]["good"]
    finally:
        server.close()


async def test_a_write_ahead_log_that_only_grows_is_seen_by_the_server_and_by_the_doctor(above):
    """Room behind what was written looks the same and harms nothing."""
    customer = Customer(above)
    await customer.open()
    await customer.say("Where is my parcel?")
    os.truncate(above.folder / "maitred.sqlite-wal", 300 << 20)
    await warned(above, "the write-ahead log has 300 MiB")
    assert await figure(above, "maitred_wal_bytes") == 300 << 20
    found = doctor(above)
    assert not found["write-ahead log"]["good"] and "300 MiB" in found["write-ahead log"]["text"]
    await customer.close()


@pytest.mark.parametrize("asked", [1024, 40_000, 1_000_000])
def test_the_server_has_as_many_open_files_as_it_may_but_not_a_million(server, asked):
    """And the doctor says how many."""
    before = _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if asked > hard:
        pytest.skip(f"this machine allows {hard}")
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (asked, hard))
        server.start()
        found = doctor(server)["open files"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    allowed, _ = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    assert allowed == min(max(asked, min(32_768, hard)), 131_072)
    assert found["good"] and found["text"].startswith(f"{allowed} "), found


def test_too_few_open_files_are_seen_by_the_doctor(server):
    for allowed, good in ((1024, False), (4096, True)):
        done = subprocess.run(
            ["prlimit", f"--nofile={allowed}:{allowed}", binary(), "doctor", "--json",
             "--data", server.folder], capture_output=True, text=True, check=False)
        found = {one["check"]: one for one in json.loads(done.stdout)}["open files"]
        assert found["good"] is good and str(allowed) in found["text"], found


async def test_who_waits_for_nobody_and_for_long_is_seen(above, beneath):
    customer = Customer(above)
    await customer.open()
    c = (await customer.ask("conv.start"))["c"]
    await customer.do("human", c=c)
    await warned(above, "1 wait for a person, and nobody is on duty")
    assert len(await warnings(above)) == 1
    assert await figure(above, "maitred_queue_length") == 1
    beneath.clock_offset = HOUR
    await warned(above, r"the first in the queue has waited for \d+ minutes")
    assert await figure(above, "maitred_queue_oldest_seconds") >= HOUR
    beneath.clock_offset = 0
    ann = Agent(above)
    await ann.open()
    await ann.take(c)

    async def is_content():
        return not await warnings(above)

    await eventually(is_content)
    for peer in (customer, ann):
        await peer.close()


@pytest.mark.parametrize("config, status", [({}, "invalid"), ({"file": "customers.csv"}, None)])
async def test_a_plugin_that_should_run_and_does_not_is_seen(server, config, status):
    (server.folder / "customers.csv").write_text("email,plan\nada@example.com,Business\n")
    (server.folder / "plugins.json").write_text(json.dumps({"maitred.crm-csv": {"config": config}}))
    server.start()
    name = 'maitred_plugin_down{plugin="maitred.crm-csv"}'
    if status:
        await warned(server, f"the plugin maitred.crm-csv is {status}")
        assert await figure(server, name) == 1
    else:
        async def is_up():
            return await figure(server, 'maitred_plugin_up{plugin="maitred.crm-csv"}') == 1

        await eventually(is_up)
        assert await figure(server, name) == 0 and await warnings(server) == []
