"""One message, one conversation: what became of it, as customer and team saw it."""

import asyncio
import time
from dataclasses import dataclass, field

from peers import Agent, Customer, new_cid

BRIEFING = {
    "summary", "wants", "why", "page", "trail", "facts", "mood", "tried", "collected",
    "suggested_replies", "similar", "language", "priority"}

ACTIONS = {"answered": "answer", "clarified": "clarify", "handed_off": "hand_off"}


@dataclass
class Outcome:
    text: str
    label: str
    # answered, clarified or handed_off; None when nothing came.
    kind: str | None = None
    # What the decision says: intents, the likeliest first.
    intent: str | None = None
    ranking: list = field(default_factory=list)
    choices: list = field(default_factory=list)
    confidence: float | None = None
    answer: str = ""
    # Milliseconds from sending.
    to_ack: float | None = None
    to_outcome: float | None = None
    # What is wrong with the briefing.
    faults: list = field(default_factory=list)
    briefed: bool = False

    @property
    def is_right(self):
        """The answer was for the label's intent: the decision says so."""
        return self.intent == self.label


class Timed(Customer):
    """A customer who notes when each frame arrived."""

    def __init__(self, server):
        super().__init__(server)
        self.times = []

    def received(self, frame):
        self.times.append(time.perf_counter())

    def when(self, frame):
        return self.times[next(n for n, one in enumerate(self.frames) if one is frame)]


async def talk(server, team, text, label, timeout=30):
    """Says a text in a conversation of its own and waits for what the assistant does."""
    outcome = Outcome(text, label)
    customer = Timed(server)
    await customer.open(context={"n": 1, "url_path": "/app/home", "title": "Home"})
    try:
        sent = time.perf_counter()
        ack = await customer.do("msg.send", {"cid": new_cid(), "text": text})
        c = ack["c"]
        reaction = await customer.until(
            lambda frame: frame.get("c") == c and (
                frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "bot"
                or frame["t"] == "conv.upd" and frame["d"]["status"] == "queued"), timeout)
        outcome.to_ack = (customer.when(ack) - sent) * 1000
        outcome.to_outcome = (customer.when(reaction) - sent) * 1000
        if reaction["t"] == "conv.upd":
            outcome.kind = "handed_off"
        else:
            outcome.answer = reaction["d"]["text"]
            outcome.choices = [choice["id"] for choice in reaction["d"].get("choices", [])]
            # An answer may offer a person too: which it is says the decision.
            outcome.kind = "answered"
        await team.judge(c, outcome)
        await customer.ask("end", c=c)
    finally:
        await customer.close()
    return outcome


class Team(Agent):
    """An agent with room for everybody: looks decisions up, accepts offers, checks briefings."""

    async def judge(self, c, outcome):
        await self.do("sub", {"after": 0}, c)
        decided = await self.of_type("event.new", c, type="decided")
        d = decided["d"]
        outcome.intent, outcome.confidence = d.get("intent"), d.get("confidence")
        outcome.ranking = [one["intent"] for one in d.get("ranking", [])]
        if d["action"] != ACTIONS[outcome.kind]:
            if d["action"] == "clarify" and outcome.choices:
                outcome.kind = "clarified"
            else:
                outcome.faults.append(f"{outcome.kind}, but the decision says {d['action']}")
        if outcome.kind == "handed_off":
            offer = await self.of_type("offer", c)
            outcome.briefed = True
            outcome.faults += list(faults(offer["d"]["briefing"], outcome))
            answer = await self.ask("accept", c=c)
            if answer["t"] == "err":
                outcome.faults.append(f"accept was refused: {answer['d']['code']}")
            await self.ask("unsub", {}, c)


def faults(briefing, outcome):
    """What a briefing lacks."""
    if missing := BRIEFING - set(briefing):
        yield f"lacks {', '.join(sorted(missing))}"
        return
    if not says(briefing["summary"], outcome.text):
        yield "the summary is not in the customer's words"
    confidences = [want["confidence"] for want in briefing["wants"]]
    if not confidences or confidences != sorted(confidences, reverse=True):
        yield "wants are missing or not ranked"
    if [want["intent"] for want in briefing["wants"]][:1] != outcome.ranking[:1]:
        yield "the first want is not the decision's likeliest intent"
    if not briefing["why"].get("code") or not briefing["why"].get("text"):
        yield "does not say why"
    if not briefing["page"] or briefing["page"]["url_path"] != "/app/home":
        yield "does not say where the customer is"
    if not isinstance(briefing["priority"].get("score"), (int, float)):
        yield "has no priority"


def says(summary, text):
    """Whether a summary, which may be cut, holds the customer's words."""
    def words(one):
        return " ".join(one.lower().replace("…", " ").split())

    return words(text)[:60].strip() in words(summary)


async def everybody(server, rows, at_once, progress):
    """Runs all conversations, some at a time; the outcomes in the order of the rows."""
    team = Team(server)
    await team.open()
    gate = asyncio.Semaphore(at_once)
    outcomes = [None] * len(rows)

    async def one(number, text, label):
        async with gate:
            outcomes[number] = await talk(server, team, text, label)
        progress(sum(outcome is not None for outcome in outcomes))

    try:
        await asyncio.gather(*[one(n, text, label) for n, (text, label) in enumerate(rows)])
    finally:
        await team.close()
    return outcomes
