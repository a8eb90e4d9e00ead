"""`maitred doctor`: what an operator should know before customers find out."""

import json
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest
from peers import Customer, Server


@pytest.fixture
def server():
    server = Server()
    server.set_up()
    yield server
    server.close()


def doctor(server, *arguments):
    """What it found by name, and whether it is content with all of it."""
    done = server.command("doctor", "--json", *arguments, check=False)
    findings = {one["check"]: one for one in json.loads(done.stdout)}
    assert (done.returncode == 0) == all(one["good"] for one in findings.values()), done
    return findings


def certificate(folder, name, days):
    pair = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=localhost", "-days", str(days), "-out", pair[0],
         "-keyout", pair[1]], check=True, capture_output=True)
    return pair


async def test_a_clock_behind_the_log_is_noticed(server):
    server.start()
    customer = Customer(server)
    await customer.open()
    await customer.say("Hello.")
    await customer.close()
    assert doctor(server)["clock"]["good"]
    server.stop()
    assert doctor(server)["clock"]["good"]
    later = int(time.time() * 1000) + 3_600_000
    with closing(sqlite3.connect(server.folder / "maitred.sqlite")) as database, database:
        database.execute(
            """
            UPDATE events SET payload = CAST(json_set(CAST(payload AS TEXT), '$.at', ?) AS BLOB)
            WHERE position = (SELECT max(position) FROM events)
            """, (later,))
    clock = doctor(server)["clock"]
    assert not clock["good"] and "ahead" in clock["text"], clock


@pytest.mark.parametrize("days, good", [(90, True), (5, False)])
def test_the_end_of_a_certificate_is_seen_before_it_comes(server, tmp_path, days, good):
    pem, key = certificate(tmp_path, "shop", days)
    server.environment |= {"MAITRED_TLS_CERTIFICATE": str(pem), "MAITRED_TLS_KEY": str(key)}
    found = doctor(server)
    assert found["certificate"]["good"] is good, found
    assert "good for" in found["certificate"]["text"], found
    assert "served certificate" not in found


def test_a_certificate_that_is_not_served_yet_is_told_from_the_one_that_is(server, tmp_path):
    pem, key = certificate(tmp_path, "shop", 90)
    server.arguments += ["--tls-certificate", pem, "--tls-key", key]
    server.start()
    found = doctor(server)
    assert found["certificate"]["good"] and found["served certificate"]["good"], found
    for new, old in zip(certificate(tmp_path, "new", 200), (pem, key), strict=True):
        shutil.copy(new, old)
    found = doctor(server)
    assert found["certificate"]["good"] and not found["served certificate"]["good"], found
    assert "SIGHUP" in found["served certificate"]["text"]


def test_a_certificate_that_is_none_is_noticed(server, tmp_path):
    (tmp_path / "empty.pem").write_text("")
    server.environment["MAITRED_TLS_CERTIFICATE"] = str(tmp_path / "empty.pem")
    assert not doctor(server)["certificate"]["good"]


def test_a_plugin_for_a_later_interface_is_named(server, tmp_path):
    assert doctor(server)["plugins"]["good"]
    (tmp_path / "later").mkdir()
    (tmp_path / "later/plugin.json").write_text(json.dumps({"id": "com.example.later", "abi": 2}))
    server.environment["MAITRED_PLUGIN_FOLDERS"] = str(tmp_path)
    plugins = doctor(server)["plugins"]
    assert not plugins["good"] and "later: abi: 2" in plugins["text"], plugins
    server.start()
    assert "later: abi: 2" in doctor(server)["plugins"]["text"]
