"""What must hold of a log whatever was done to the server, as a pure function of the evidence.

The evidence is what clients noted themselves and what the server says afterwards. Nothing here
speaks to a server, so that doctored evidence proves that the checker sees what it claims to see.
"""

from dataclasses import dataclass, field


@dataclass
class Message:
    """A message that a client sent, once or several times, with one client id."""

    # The contact or agent.
    author: str
    cid: str
    text: str
    # The conversation; None while the message that starts one has not been acknowledged.
    c: str | None
    # Each acknowledgement received: (c, m, s).
    acks: list = field(default_factory=list)
    # Codes of errors received that are final.
    refusals: list = field(default_factory=list)
    # How often the answer was to try again: then it may or may not be stored.
    delays: int = 0
    times_sent: int = 0


@dataclass
class View:
    """What one client shows of one conversation: the frames it rendered, in that order."""

    client: str
    c: str
    frames: list = field(default_factory=list)


@dataclass
class Evidence:
    # Per author in the order of sending.
    messages: list = field(default_factory=list)
    views: list = field(default_factory=list)
    # c → all events as the team reads them over REST.
    team: dict = field(default_factory=dict)
    # c → the events as the customer reads them over REST.
    public: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Violation:
    rule: str
    what: str

    def __str__(self):
        return f"{self.rule}: {self.what}"


PUBLIC = ("msg.new", "conv.upd")


def check(evidence, is_at_rest=True):
    """Every violation, of all rules; whether somebody waits is no question before the log rests."""
    rules = [acknowledged, once, order, numbering, audience, convergence, ownership]
    if is_at_rest:
        rules.append(answered)
    return [Violation(rule.__name__, what) for rule in rules for what in rule(evidence)]


def _stored(evidence):
    """(author, cid) → every (c, frame) that holds it; notes and messages alike."""
    places = {}
    for c, frames in evidence.team.items():
        for frame in frames:
            d = frame["d"]
            if "cid" in d:
                key = d["from"].get("id"), d["cid"]
                places.setdefault(key, []).append((c, frame))
    return places


def acknowledged(evidence):
    """What was acknowledged is stored where the acknowledgement said; a repeat is told the same."""
    for message in evidence.messages:
        if len(set(message.acks)) > 1:
            yield f"{message.cid} was acknowledged as {sorted(set(message.acks))}"
        for c, m, s in set(message.acks):
            frames = [frame for frame in evidence.team.get(c, ()) if frame["s"] == s]
            if not frames:
                yield f"{message.cid} was acknowledged as {c} {s}, where there is nothing"
                continue
            d = frames[0]["d"]
            if (d.get("m"), d.get("cid"), d.get("text")) != (m, message.cid, message.text):
                yield f"{message.cid} was acknowledged as {c} {s} {m}, where there is {d}"


def once(evidence):
    """No message is stored twice, none that was refused, none that nobody sent."""
    places = _stored(evidence)
    known = {(message.author, message.cid): message for message in evidence.messages}
    for key, found in places.items():
        message = known.get(key)
        where = [(c, frame["s"]) for c, frame in found]
        if len(found) > 1:
            yield f"{key[1]} is stored {len(found)} times: {where}"
        if message is None:
            yield f"{key[1]} at {where} was sent by nobody"
        elif message.refusals and not message.acks:
            yield f"{key[1]} at {where} was refused: {message.refusals}"


def order(evidence):
    """A client's messages stand in the order in which it sent them."""
    last = {}
    for message in evidence.messages:
        for c, _, s in message.acks[:1]:
            key = message.author, c
            if s <= last.get(key, 0):
                yield f"{message.cid} is at {c} {s}, after one sent earlier at {last[key]}"
            last[key] = max(s, last.get(key, 0))


def numbering(evidence):
    """The log counts 1, 2, 3 …; each frame names its predecessor."""
    for c, frames in evidence.team.items():
        for index, frame in enumerate(frames):
            if (frame["s"], frame["p"]) != (index + 1, index):
                yield f"{c}: event {index + 1} has s {frame['s']} and p {frame['p']}"
        if frames and (frames[0]["t"], frames[0]["p"]) != ("conv.upd", 0):
            yield f"{c}: begins with {frames[0]['t']}, p {frames[0]['p']}"


def audience(evidence):
    """Customers see exactly the messages and changes, in a chain of p of their own."""
    for c, frames in evidence.public.items():
        expected = [frame for frame in evidence.team.get(c, ()) if frame["t"] in PUBLIC]
        if [frame["s"] for frame in frames] != [frame["s"] for frame in expected]:
            yield (f"{c}: customers see {[frame['s'] for frame in frames]} of "
                   f"{[frame['s'] for frame in expected]}")
        yield from _broken_chain(f"{c} for customers", frames)
        for frame, other in zip(frames, expected):
            if frame["d"] != _without_notes(other["d"], frame["d"]):
                yield f"{c} {frame['s']}: customers and team see different events"


def _without_notes(d, shown):
    """What the team sees but for the words of a reason, which may be a note to a colleague."""
    if "reason" in d and "reason" in shown:
        return {**d, "reason": {**d["reason"], "text": shown["reason"]["text"]}}
    return d


def _broken_chain(name, frames):
    last = 0
    for frame in frames:
        if frame["p"] != last:
            yield f"{name}: {frame['s']} follows {frame['p']}, but {last} came before it"
        last = frame["s"]


def convergence(evidence):
    """Every client shows the whole conversation and nothing else, and never rendered a gap."""
    for view in evidence.views:
        yield from _broken_chain(f"{view.c} at {view.client}", view.frames)
        expected = evidence.public.get(view.c)
        if expected is None:
            yield f"{view.c} at {view.client} is not on the server"
            continue
        shown = [frame["s"] for frame in view.frames]
        stored = [frame["s"] for frame in expected]
        if shown != stored:
            missing = sorted(set(stored) - set(shown))
            extra = sorted(set(shown) - set(stored))
            yield f"{view.c} at {view.client} lacks {missing} and shows {extra} in excess"
        for frame, other in zip(view.frames, expected):
            if (frame["t"], frame["d"]) != (other["t"], other["d"]):
                yield f"{view.c} at {view.client}: {frame['s']} is not what is stored"


def ownership(evidence):
    """One owner at a time, the epoch counts its changes, and only the owner answers."""
    for c, frames in evidence.team.items():
        owner, epoch = None, 0
        for frame in frames:
            d, place = frame["d"], f"{c} {frame['s']}"
            if frame["t"] == "conv.upd":
                next_owner = d["owner"]["kind"], d["owner"].get("id")
                wanted = epoch + (next_owner != owner)
                if d["epoch"] != wanted:
                    yield f"{place}: {owner} → {next_owner} in epoch {d['epoch']}, not {wanted}"
                owner, epoch = next_owner, d["epoch"]
            elif frame["t"] == "msg.new":
                kind, id = d["from"]["kind"], d["from"].get("id")
                if kind == "bot" and owner[0] != "bot":
                    yield f"{place}: the bot speaks while the owner is {owner}"
                if kind == "agent" and owner != ("agent", id):
                    yield f"{place}: {id} speaks while the owner is {owner}"


def answered(evidence):
    """Nobody who writes to the assistant is forgotten, once the log has come to rest."""
    for c, frames in evidence.team.items():
        state, last = {"owner": {}}, None
        for frame in frames:
            if frame["t"] == "conv.upd":
                state = frame["d"]
            elif frame["t"] == "msg.new":
                last = frame
        is_the_bots = state["owner"].get("kind") == "bot" and state.get("status") != "resolved"
        if is_the_bots and last and last["d"]["from"]["kind"] == "customer":
            yield f"{c} {last['s']}: nobody has answered"
