"""What must hold for customers whatever a plugin does, as a pure function of the evidence."""

from dataclasses import dataclass, field

from invariants import check

CRM = "maitred.crm-csv"


@dataclass
class Findings:
    """What is wrong, each in words; all lists are empty when nothing is."""

    # Acknowledged, but not stored as it was acknowledged.
    lost: list = field(default_factory=list)
    # Neither acknowledged nor refused while the customer had patience.
    unacknowledged: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    disordered: list = field(default_factory=list)
    # Not seen by a customer's page in the end as it is stored.
    undelivered: list = field(default_factory=list)
    # Said by somebody whose conversation it was not.
    misowned: list = field(default_factory=list)
    unanswered: list = field(default_factory=list)
    # Conversations without what the well-behaved plugin knows.
    factless: list = field(default_factory=list)
    # What customers saw of errors: refusals, connections that ended, frames about trouble.
    errors: list = field(default_factory=list)

    def __str__(self):
        return "\n".join(f"{kind}: {one}" for kind, all in vars(self).items() for one in all)


def judge(evidence, facts, faults=()):
    """Holds the log and what the customers noted against each other.

    `facts` are what each contact's conversations must know; `faults` what customers saw go wrong.
    """
    found = Findings(errors=list(faults))
    for violation in check(evidence):
        kind = {"acknowledged": found.lost, "once": found.doubled,
                "convergence": found.undelivered, "ownership": found.misowned,
                "answered": found.unanswered}
        kind.get(violation.rule, found.disordered).append(str(violation))
    for message in evidence.messages:
        if not message.acks and not message.refusals:
            found.unacknowledged.append(f"{message.cid} was neither acknowledged nor refused")
        found.errors += [f"{message.cid} was refused: {why}" for why in message.refusals]
    for c, frames in evidence.team.items():
        _judge_answers(c, frames, found)
        wanted = facts.get(_customer(frames))
        known = [frame["d"]["facts"] for frame in frames
                 if frame["d"].get("type") == "facts" and frame["d"]["source"] == CRM]
        if known != [wanted]:
            found.factless.append(f"{c} knows {known}, not {wanted}")
    return found


def _judge_answers(c, frames, found):
    """Between a customer's messages there is one answer, which says what the assistant does."""
    said = [frame for frame in frames if frame["t"] == "msg.new"]
    for index, frame in enumerate(said):
        if frame["d"]["from"]["kind"] != "customer":
            continue
        answers = 0
        for other in said[index + 1:]:
            if other["d"]["from"]["kind"] == "customer":
                break
            answers += 1
        if answers == 0:
            found.unanswered.append(f"{c} {frame['s']}: {frame['d']['text']}")
        if answers > 1:
            found.doubled.append(f"{c} {frame['s']} was answered {answers} times")


def _customer(frames):
    return next((frame["d"]["from"]["id"] for frame in frames
                 if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "customer"), None)
