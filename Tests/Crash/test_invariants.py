"""The control: the checker must see every kind of damage in an otherwise sound history."""

import copy

import pytest
from invariants import Evidence, Message, View, check

C = "cnv_1"
CUSTOMER, AGENT = "ctc_1", "agt_1"
QUEUE, BOT = {"kind": "queue"}, {"kind": "bot"}


def frame(s, p, t, **d):
    return {"t": t, "c": C, "s": s, "p": p, "d": d}


def message(s, p, m, text, kind, id=None, cid=None):
    author = {"kind": kind} | ({"id": id} if id else {})
    d = {"m": m, "text": text, "from": author} | ({"cid": cid} if cid else {})
    return frame(s, p, "msg.new", **d)


def history():
    """A conversation of a customer, the bot and an agent as team and customer see it."""
    team = [
        frame(1, 0, "conv.upd", owner=BOT, epoch=1),
        message(2, 1, "msg_2", "hello", "customer", CUSTOMER, "cid-0001"),
        frame(3, 2, "event.new", type="decided"),
        message(4, 3, "msg_4", "good day", "bot"),
        message(5, 4, "msg_5", "a person please", "customer", CUSTOMER, "cid-0002"),
        frame(6, 5, "conv.upd", owner=QUEUE, epoch=2),
        frame(7, 6, "conv.upd", owner={"kind": "agent", "id": AGENT}, epoch=3),
        message(8, 7, "msg_8", "here I am", "agent", AGENT, "cid-0003"),
    ]
    public, last = [], 0
    for one in team:
        if one["t"] != "event.new":
            public.append({**one, "p": last})
            last = one["s"]
    messages = [
        Message(CUSTOMER, "cid-0001", "hello", C, [(C, "msg_2", 2)]),
        Message(CUSTOMER, "cid-0002", "a person please", C, [(C, "msg_5", 5)] * 2),
        Message(AGENT, "cid-0003", "here I am", C, [(C, "msg_8", 8)]),
    ]
    return Evidence(messages, [View("w0", C, copy.deepcopy(public))], {C: team}, {C: public})


def renumber(frames):
    last = 0
    for index, one in enumerate(frames):
        one.update(s=index + 1, p=last)
        last = one["s"]


def lose_the_last(evidence):
    evidence.team[C].pop()


def lose_one_and_close_ranks(evidence):
    del evidence.team[C][4]
    renumber(evidence.team[C])


def lose_the_conversation(evidence):
    del evidence.team[C]


def change_the_text(evidence):
    evidence.team[C][1]["d"]["text"] = "hullo"


def store_twice(evidence):
    again = copy.deepcopy(evidence.team[C][4])
    again["d"]["m"] = "msg_9"
    evidence.team[C].append(again)
    renumber(evidence.team[C])


def store_what_was_refused(evidence):
    evidence.messages[2].acks, evidence.messages[2].refusals = [], ["conflict"]


def store_what_nobody_sent(evidence):
    del evidence.messages[2]


def swap_two(evidence):
    first, second = evidence.messages[:2]
    first.acks, second.acks = [(C, "msg_5", 5)], [(C, "msg_2", 2)]


def acknowledge_differently(evidence):
    evidence.messages[1].acks = [(C, "msg_5", 5), (C, "msg_9", 9)]


def leave_a_gap(evidence):
    del evidence.team[C][3]


def break_the_chain(evidence):
    evidence.public[C][2]["p"] = 3


def hide_from_the_customer(evidence):
    del evidence.public[C][2]


def show_the_customer_a_decision(evidence):
    evidence.public[C].insert(2, evidence.team[C][2])


def show_less(evidence):
    evidence.views[0].frames.pop()


def render_across_a_gap(evidence):
    del evidence.views[0].frames[2]


def show_something_else(evidence):
    evidence.views[0].frames[1]["d"]["text"] = "hullo"


def let_the_bot_speak_after_the_agent(evidence):
    evidence.team[C].append(message(9, 8, "msg_9", "me again", "bot"))


def let_another_agent_speak(evidence):
    evidence.team[C][7]["d"]["from"]["id"] = "agt_2"


def change_the_owner_silently(evidence):
    evidence.team[C][6]["d"]["epoch"] = 2


def leave_the_customer_without_an_answer(evidence):
    del evidence.team[C][2:]


DAMAGE = [
    (lose_the_last, "acknowledged"), (lose_one_and_close_ranks, "acknowledged"),
    (lose_the_conversation, "acknowledged"), (change_the_text, "acknowledged"),
    (acknowledge_differently, "acknowledged"), (store_twice, "once"),
    (store_what_was_refused, "once"), (store_what_nobody_sent, "once"), (swap_two, "order"),
    (leave_a_gap, "numbering"), (break_the_chain, "audience"),
    (hide_from_the_customer, "audience"), (show_the_customer_a_decision, "audience"),
    (show_less, "convergence"), (render_across_a_gap, "convergence"),
    (show_something_else, "convergence"), (let_the_bot_speak_after_the_agent, "ownership"),
    (let_another_agent_speak, "ownership"), (change_the_owner_silently, "ownership"),
    (leave_the_customer_without_an_answer, "answered")]


def test_a_sound_history_passes():
    assert check(history()) == []


@pytest.mark.parametrize("damage, rule", DAMAGE, ids=lambda one: getattr(one, "__name__", one))
def test_damage_is_seen(damage, rule):
    evidence = history()
    damage(evidence)
    assert rule in {violation.rule for violation in check(evidence)}
