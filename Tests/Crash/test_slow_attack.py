"""Slow clients, fewer than those of slow_attack.py: they are let go of in time, and until then
everybody else is served. How long anybody waits is measured there."""

import asyncio
import time

import pytest
import slow_attack
from peers import Server
from slow_attack import Attackers, attacks, large_file, spell, until_held

CONNECTIONS = 100
NAMES = ["slow-header", "slow-body", "slow-read"]


async def suffer(name):
    """One attack on a server of its own: (the attack, seconds it took, what others felt)."""
    server = await asyncio.to_thread(serve)
    try:
        link = await large_file(server)
        attack = next(one for one in attacks(server, link) if one.name == name)
        async with Attackers(attack, CONNECTIONS, once=True):
            await until_held(server, lambda held: held >= CONNECTIONS, "they do not all come")
            began = time.monotonic()
            felt = asyncio.ensure_future(spell(server, 8))
            await until_held(server, lambda held: held <= slow_attack.CUSTOMERS + 1, "they stay")
            return attack, time.monotonic() - began, await felt
    finally:
        await asyncio.to_thread(server.close)


def serve():
    server = Server()
    server.set_up()
    server.start()
    return server


@pytest.fixture(scope="module")
def suffered(tmp_path_factory):
    """All attacks at once: they take their time."""
    if slow_attack.PROGRAM is None:
        pytest.skip("slowhttptest is not installed: scripts/install-packages --test")

    async def all_of_them():
        return dict(zip(NAMES, await asyncio.gather(*map(suffer, NAMES))))

    with pytest.MonkeyPatch.context() as patch:
        # slowhttptest writes its reports where it is started.
        patch.chdir(tmp_path_factory.mktemp("slow"))
        return asyncio.run(all_of_them())


@pytest.mark.parametrize("name", NAMES)
def test_whoever_is_slow_is_let_go_of_in_time(suffered, name):
    attack, took, _ = suffered[name]
    assert took <= attack.ends_within


@pytest.mark.parametrize("name", NAMES)
def test_everybody_else_arrives_and_is_heard_meanwhile(suffered, name):
    _, _, felt = suffered[name]
    assert felt.faults == []
    assert len(felt.arrivals) >= slow_attack.CUSTOMERS and len(felt.messages) > 20
    assert max(felt.held) >= CONNECTIONS
