"""What operators and their machines ask. What is warned of is in Tests/Crash/test_alarms.py."""

import re

import pytest
from peers import ROOT

DOCUMENTATION = ROOT / "Documentation"
METRIC = re.compile(r"\bmaitred_[a-z_]+\b")
# Is there when a plugin runs that counts something.
OF_PLUGINS = {"maitred_plugin_figure"}


async def test_a_server_says_whether_it_lives_is_ready_and_which_it_is(shop):
    assert (await shop.get("/healthz")).json["status"] == "ok"
    ready = await shop.get("/readyz")
    assert ready.status == 200 and set(ready.json) == {"status", "checks"}
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", (await shop.get("/version")).json["version"])


async def test_each_part_is_told_of_when_asked(shop):
    async with shop.customer() as customer:
        await customer.message_of("system", (await customer.say("I need a person."))["c"])
        told = (await shop.get("/readyz?verbose")).json
    assert told["status"] == "ready" and told["checks"] == {}
    parts = told["parts"]
    assert set(parts) == {"store", "queue", "work", "connections", "plugins"}
    store = parts["store"]
    assert store["database_bytes"] > 0 and store["wal_bytes"] >= 0
    assert store["disk_free_bytes"] > 0 and store["epoch"] == customer.epoch
    assert parts["queue"]["waiting"] >= 1 and parts["queue"]["oldest_s"] >= 0
    assert parts["queue"]["agents_online"] >= 0
    assert parts["work"]["takes_ms"] >= 0 and parts["work"]["overloaded"] is False
    assert parts["connections"]["websockets"] >= 1
    assert {"id", "status"} == set(parts["plugins"][0])


async def test_metrics_are_in_the_format_of_prometheus(shop):
    metrics = await shop.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in metrics.body.decode().splitlines():
        assert re.fullmatch(r'(#.*|[a-z_]+(\{[^}]*\})? -?[0-9.e+-]+|)', line), line


async def test_the_allocator_that_is_asked_is_the_one_that_is_used(shop):
    """One that was linked and is not in use has handed out nothing."""
    figures = await shop.figures()
    used, resident = (figures[f"maitred_memory_{name}_bytes"] for name in ("used", "resident"))
    assert 8 << 20 < used <= resident


@pytest.mark.parametrize("name", ["operations.md", "alerts.yml"])
async def test_every_metric_that_is_written_of_is_there(shop, name):
    written = set(METRIC.findall((DOCUMENTATION / name).read_text())) - OF_PLUGINS
    assert len(written) > 5 and not written - await exported(shop)


async def test_every_metric_is_documented(shop):
    assert not await exported(shop) - set(METRIC.findall(
        (DOCUMENTATION / "operations.md").read_text()))


async def exported(shop):
    return set(re.findall(
        r"^# TYPE (\w+) ", (await shop.get("/metrics")).body.decode(), re.MULTILINE))
