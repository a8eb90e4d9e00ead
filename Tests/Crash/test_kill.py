"""SIGKILL under load: nothing acknowledged is lost, doubled or out of order; clients converge."""

import copy

from crash_run import CrashRun
from invariants import check


async def test_nothing_is_lost_when_the_server_is_killed_under_load(request):
    run = CrashRun(
        request.config.getoption("--rounds"), request.config.getoption("--clients"))
    violations = await run.run()
    print(run.figures())
    assert not violations, "\n".join(map(str, violations[:20]))
    figures = run.figures()
    assert figures["acknowledged"] >= run.rounds * run.per_round
    assert run.databases > 0
    # A kill that interrupted nothing would prove nothing.
    assert figures["sent_again_after_a_crash"] > 0

    # The control on the real evidence: one acknowledged message less must be noticed.
    for damage in (lose_one, lose_the_tail):
        doctored = copy.deepcopy(run.evidence)
        damage(doctored)
        assert "acknowledged" in {violation.rule for violation in check(doctored)}


def longest(evidence):
    return max(evidence.team, key=lambda c: len(evidence.team[c]))


def lose_one(evidence):
    c = longest(evidence)
    place = next(n for n, frame in enumerate(evidence.team[c]) if "cid" in frame["d"])
    del evidence.team[c][place]


def lose_the_tail(evidence):
    """What a store that did not sync would forget: the last tenth of everything."""
    for c, frames in evidence.team.items():
        evidence.team[c] = frames[:max(1, len(frames) * 9 // 10)]
