"""Each fault once or twice under load; fault_matrix.py does it many times."""

import pytest
from controls import LyingDisk, Mosquitto
from fault_run import FaultRun
from faults import FAULTS
from invariants import Evidence, Message, check
from peers import Agent, Customer
from write_ahead_log import written

# The kill has a test of its own.
SHORT = [name for name in FAULTS if name != "kill"]
# Quick ones, of which a single round may meet nothing.
ROUNDS = {"power-cut": 3, "failed-sync": 3, "failed-sync-2": 3, "failed-sync-3": 3}


@pytest.mark.parametrize("name", SHORT)
async def test_nothing_acknowledged_is_lost_doubled_or_out_of_order(name):
    run = FaultRun(FAULTS[name](), ROUNDS.get(name, 1), clients=20, per_round=60)
    violations = await run.run()
    print(run.figures(), run.first, run.everybody)
    assert not violations, f"seed {run.seed}\n" + "\n".join(map(str, violations[:20]))


# ---- The controls ---------------------------------------------------------------------------


def rules(violations):
    return {violation.rule for violation in violations}


async def test_an_acknowledgement_before_the_commit_is_seen():
    """The same server on a disk that confirms what it has not kept."""
    assert "acknowledged" in rules(await LyingDisk(clients=10).run())


async def test_an_honest_disk_keeps_everything_through_the_same_power_cut():
    assert not await LyingDisk(clients=10, is_honest=True).run()


@pytest.mark.skipif(not Mosquitto.program, reason="Debian's package mosquitto is not installed")
async def test_a_broker_that_confirms_what_it_has_in_memory_is_seen():
    run = Mosquitto()
    assert "acknowledged" in rules(await run.run())
    assert all(message.acks for message in run.evidence.messages)


@pytest.mark.skipif(not Mosquitto.program, reason="Debian's package mosquitto is not installed")
async def test_the_same_broker_is_found_sound_when_it_is_not_killed():
    assert not rules(await Mosquitto().run(is_killed=False)) & {"acknowledged", "once", "order"}


@pytest.mark.parametrize("damage", ["flip", "cut"])
async def test_damage_to_what_was_synced_costs_the_end_of_the_log_and_is_seen(server, damage):
    """No server can keep what its disk loses: but it comes up, and goes on from what is left."""
    server.start()
    customer = Customer(server)
    await customer.open()
    first = await customer.say("Where is my parcel?", cid="cid-00000")
    c, asked = first["c"], [Message(customer.contact, "cid-00000", "Where is my parcel?", None)]
    asked[0].acks.append((c, first["d"]["m"], first["d"]["s"]))
    for number in range(1, 40):
        asked.append(Message(customer.contact, f"cid-{number:05}", f"message {number}", c))
        answer = await customer.say(asked[-1].text, c, asked[-1].cid)
        asked[-1].acks.append((c, answer["d"]["m"], answer["d"]["s"]))
    before = await customer.history(c)
    server.kill()
    log = server.folder / "maitred.sqlite-wal"
    data = bytearray(written(log.read_bytes()))
    place = len(data) * 3 // 4
    data[place] ^= 0xff
    log.write_bytes(data if damage == "flip" else data[:place])

    server.start()
    left = await Agent(server).history(c)
    assert rules(check(Evidence(asked, team={c: left}), is_at_rest=False)) == {"acknowledged"}
    cids = [frame["d"]["cid"] for frame in left if "cid" in frame["d"]]
    kept = asked[:len(cids)]
    assert cids and cids == [message.cid for message in kept]
    assert not check(Evidence(kept, team={c: left}), is_at_rest=False)
    # The customer is told to read anew, and goes on.
    await customer.open(resume=[{"c": c, "s": before[-1]["s"]}])
    await customer.of_type("resync", c)
    again = await customer.say("Is anybody there?", c)
    after = {frame["s"]: frame for frame in await customer.history(c)}
    assert after[again["d"]["s"]]["d"]["text"] == "Is anybody there?"
    await customer.close()
