"""Agents: offers, replies, passing on, notes, signs."""

import asyncio
import time

import pytest

BRIEFING = {
    "summary", "wants", "why", "page", "trail", "facts", "mood", "tried", "collected",
    "suggested_replies", "similar", "language", "priority"}


async def test_offer_accept_reply_resolve(shop, cid):
    async with shop.agent() as ann, shop.customer(
            context={"n": 1, "url_path": "/billing", "title": "Billing"}) as customer:
        c = (await customer.say("My invoice is wrong, please help."))["c"]
        offer = await ann.of_type("offer", c)
        assert "s" not in offer and 0 < offer["d"]["expires_s"] <= 30 and offer["d"]["why"]
        briefing = offer["d"]["briefing"]
        assert set(briefing) >= BRIEFING
        assert "invoice" in briefing["summary"]
        assert set(briefing["why"]) == {"code", "text"}
        assert set(briefing["mood"]) == {"score", "trend"}
        assert set(briefing["priority"]) == {"score", "because"}
        assert briefing["page"]["url_path"] == "/billing"
        row = await ann.of_type("inbox.delta", c)
        assert row["f"] > 0 and row["d"]["contact"]["id"] == customer.contact
        assert row["d"]["site"]["key"] == shop.server.site["key"]

        mark = len(ann.frames)
        ack = await ann.do("accept", c=c)
        owned = await ann.until(
            lambda frame: frame["t"] == "conv.upd" and frame["d"]["owner"].get("id") == ann.id)
        # The acknowledgement, then the whole conversation.
        await ann.settled()
        events = ann.durable(c)
        assert ann.frames.index(ack) < ann.frames.index(events[0]) and mark <= ann.frames.index(ack)
        assert [frame["s"] for frame in events] == list(range(1, len(events) + 1))
        assert [frame["p"] for frame in events] == list(range(len(events)))
        assert owned["d"]["owner"]["name"] == "Ann" and owned["d"]["status"] == "open"

        seen = events[-1]["s"]
        said = await ann.reply(c, "I am looking at it.", seen, cid)
        assert said["t"] == "ack" and said["d"]["m"].startswith("msg_")
        assert (await ann.reply(c, "I am looking at it.", seen, cid))["d"] == said["d"]
        heard = await customer.message_of("agent", c)
        assert heard["d"]["from"] == {"kind": "agent", "id": ann.id, "name": "Ann"}
        assert heard["s"] == said["d"]["s"]

        await ann.do("status", {"status": "resolved"}, c)
        assert (await customer.of_type("conv.upd", c, status="resolved"))
        # Now stale and no longer the owner: the repeat still gets the first answer.
        assert (await ann.reply(c, "I am looking at it.", 1, cid))["d"] == said["d"]
        assert (await ann.reply(c, "more", seen))["d"]["code"] == "conflict"


async def test_a_reply_to_what_another_agent_has_answered_meanwhile_is_stale(shop, cid):
    async with shop.conversation() as (customer, ann, c), shop.agent("Ben") as ben:
        seen = ann.durable(c)[-1]["s"] if ann.durable(c) else 1
        await ben.do("takeover", c=c)
        first = await ben.reply(c, "Ben here", seen + 5)
        assert first["t"] == "ack"
        await ann.do("takeover", c=c)
        stale = await ann.reply(c, "Ann here", seen, cid)
        assert (stale["d"]["code"], stale["d"]["status"]) == ("stale_view", 409)
        # The refused one is not stored, and having looked again it goes through.
        assert (await ann.reply(c, "Ann here", first["d"]["s"], cid))["t"] == "ack"
        # A customer's newer message makes nobody's reply stale.
        await customer.say("are you two still there?", c)
        assert (await ann.reply(c, "yes", first["d"]["s"]))["t"] == "ack"
        # The repeat of the first is answered though it would be stale now.
        texts = [frame["d"]["text"] for frame in await customer.history(c)
                 if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "agent"]
        assert texts == ["Ben here", "Ann here", "yes"]


async def test_only_the_owner_answers(shop):
    async with shop.conversation() as (customer, ann, c), shop.agent("Ben") as ben:
        assert (await ben.reply(c, "me too", 99))["d"]["code"] == "conflict"
        assert await ben.refused("accept", c=c) == "conflict"
        assert await ben.refused("decline", c=c) == "conflict"
        assert await ben.refused("status", {"status": "resolved"}, c) == "conflict"
        assert await ben.refused("bot.return", c=c) == "conflict"
        assert await ben.refused("transfer", {"agent": ben.id}, c) == "conflict"
        await customer.say("hello?", c)
        await customer.settled()
        assert not [frame for frame in customer.durable(c)
                    if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "bot"]


async def test_two_agents_accepting_at_once(shop):
    async with shop.agent() as ann, shop.agent("Ben") as ben, shop.customer() as customer:
        c = (await customer.say("I need a person."))["c"]
        both = [ann, ben]
        done, _ = await asyncio.wait(
            [asyncio.create_task(one.of_type("offer", c, timeout=5)) for one in both],
            return_when=asyncio.FIRST_COMPLETED)
        assert done
        answers = await asyncio.gather(*[one.ask("accept", c=c) for one in both])
        assert sorted(answer["t"] for answer in answers) == ["ack", "err"]
        answers = await asyncio.gather(*[one.ask("takeover", c=c) for one in both * 4])
        assert {answer["t"] for answer in answers} == {"ack"}
        events = await ann.history(c)
        epochs = [frame["d"]["epoch"] for frame in events if frame["t"] == "conv.upd"]
        assert epochs == sorted(epochs) and len(set(epochs)) == len(epochs)


async def test_decline_passes_the_offer_on(shop):
    async with shop.agent() as ann, shop.customer() as customer:
        c = (await customer.say("I need a person."))["c"]
        await ann.of_type("offer", c)
        async with shop.agent("Ben") as ben:
            await ann.do("decline", {"reason": "lunch"}, c)
            gone = await ann.of_type("offer.gone", c)
            assert gone["d"]["reason"] == "declined"
            await ben.of_type("offer", c)
            await ben.do("accept", c=c)
            ends = [frame["d"] for frame in await ben.history(c)
                    if frame["d"].get("type") == "offer.ended"]
            assert [one["outcome"] for one in ends] == ["declined", "accepted"]


async def test_an_open_offer_is_shown_again_after_welcome_and_when_its_briefing_changes(shop):
    async with shop.agent() as ann, shop.customer() as customer:
        c = (await customer.say("My invoice is wrong."))["c"]
        await ann.of_type("offer", c)
        mark = len(ann.frames)
        await customer.say("And the parcel is late.", c)
        again = await ann.of_type("offer", c, after=mark)
        assert "parcel" in again["d"]["briefing"]["summary"]
        await ann.close()
        async with shop.agent(presence=None) as back:
            assert (await back.of_type("offer", c))["d"]["expires_s"] <= 30
            await back.do("accept", c=c)


async def test_the_offer_is_withdrawn_when_the_customer_leaves(shop):
    async with shop.agent() as ann, shop.customer() as customer:
        c = (await customer.say("I need a person."))["c"]
        await ann.of_type("offer", c)
        await customer.do("end", c=c)
        assert (await ann.of_type("offer.gone", c))["d"]["reason"] == "withdrawn"
        assert await ann.refused("accept", c=c) == "conflict"


async def test_transfer_to_a_colleague_and_back_to_the_queue(shop):
    async with shop.conversation() as (customer, ann, c), shop.agent("Ben") as ben:
        await ann.do("transfer", {"agent": ben.id, "note": "mind the temper"}, c)
        owned = await customer.until(lambda frame: frame["t"] == "conv.upd"
                                     and frame["d"]["owner"].get("id") == ben.id)
        assert owned["d"]["status"] == "open"
        await ben.until(lambda frame: frame["t"] == "msg.new" and frame["c"] == c)
        # What was said to the colleague is for the colleague.
        assert "mind the temper" in str(await ben.history(c))
        assert "mind the temper" not in str(customer.frames) + str(await customer.history(c))
        assert (await ann.reply(c, "wait", 99))["d"]["code"] == "conflict"
        assert (await ben.reply(c, "hello", 99))["t"] == "ack"
        await ben.do("assign", {"agent": None}, c)
        back = await customer.of_type("conv.upd", c, status="queued")
        assert back["d"]["owner"]["kind"] == "queue"
        assert await ann.refused("transfer", {"agent": "agt_01kajp4v7cfm2n6r9t1w3x5z8b"}, c) == (
            "not_found")
        await ben.do("assign", {"agent": ann.id}, c)
        await ann.until(lambda frame: frame["t"] == "conv.upd"
                        and frame["d"]["owner"].get("id") == ann.id)


@pytest.mark.parametrize("d", [{"agent": "agt_x", "skill": "billing"}, {}])
async def test_transfer_wants_one_of_agent_and_skill(shop, d):
    async with shop.conversation() as (_, ann, c):
        assert await ann.refused("transfer", d, c) == "invalid"


async def test_an_agent_who_is_away_is_offered_nothing_and_handed_nothing(shop):
    async with shop.conversation() as (customer, ann, c), shop.agent("Ben", presence="away") as ben:
        assert await ann.refused("transfer", {"agent": ben.id}, c) == "not_found"
        assert not [frame for frame in ben.frames if frame["t"] == "offer"]
        mark = len(ann.frames)
        await ben.do("presence", {"state": "online"})
        told = await ann.until(lambda frame: frame["t"] == "presence"
                               and frame["d"]["agent"]["id"] == ben.id, after=mark)
        assert told["d"]["state"] == "online" and told["d"]["load"] == 0


async def test_notes_are_the_teams(shop, cid):
    async with shop.conversation() as (customer, ann, c), shop.agent("Ben") as ben:
        first = await ben.do("note", {"cid": cid, "text": "a known case"}, c)
        assert (await ben.do("note", {"cid": cid, "text": "a known case"}, c))["d"] == first["d"]
        note = await ann.of_type("event.new", c, type="note")
        assert note["d"]["text"] == "a known case" and note["d"]["from"]["name"] == "Ben"
        await ann.reply(c, "good news", 99)
        after = await customer.message_of("agent", c)
        assert after["p"] < note["s"] < after["s"]
        last = 0
        for frame in customer.durable(c):
            assert frame["p"] == last and frame["t"] in ("msg.new", "conv.upd")
            last = frame["s"]
        stored = await customer.history(c)
        assert [frame["s"] for frame in stored] == [frame["s"] for frame in customer.durable(c)]
        assert "a known case" not in str(stored) + str(customer.frames)
        # A chain for each audience: the team's has every number.
        team = await ann.history(c)
        assert [(frame["s"], frame["p"]) for frame in team] == [
            (n + 1, n) for n in range(len(team))]


async def test_typing_and_reading_are_passed_on(shop):
    async with shop.conversation() as (customer, ann, c):
        await customer.do("typing", {"on": True}, c)
        seen = await ann.of_type("typing", c)
        assert seen["d"]["who"] == customer.contact and seen["d"]["on"] is True
        assert seen["d"]["kind"] == "customer" and "s" not in seen
        await ann.do("typing", {"on": True}, c)
        seen = await customer.of_type("typing", c, kind="agent")
        assert (seen["d"]["who"], seen["d"]["kind"], seen["d"]["name"]) == (ann.id, "agent", "Ann")
        await ann.do("typing", {"on": False}, c)
        await customer.of_type("typing", c, kind="agent", on=False)
        await customer.do("read", {"upto": 3}, c)
        assert (await ann.of_type("read", c, kind="customer"))["d"]["upto"] == 3
        await ann.do("read", {"upto": 2}, c)
        read = await customer.of_type("read", c)
        assert (read["d"]["who"], read["d"]["upto"]) == (ann.id, 2)
        # One's own signs do not come back.
        assert not [frame for frame in customer.frames
                    if frame["t"] == "typing" and frame["d"]["kind"] == "customer"]


async def test_status_snooze_and_tags(shop):
    async with shop.conversation() as (customer, ann, c):
        await ann.do("status", {"status": "pending"}, c)
        pending = await customer.of_type("conv.upd", c, status="pending")
        assert pending["d"]["owner"]["id"] == ann.id
        mark = len(customer.frames)
        await customer.say("here is what you asked for", c)
        woken = await customer.of_type("conv.upd", c, after=mark, status="open")
        assert woken["d"]["owner"]["id"] == ann.id
        await ann.do("snooze", {"until": "2099-01-01T00:00:00Z"}, c)
        snoozed = await customer.of_type("conv.upd", c, status="snoozed")
        assert snoozed["d"]["until"].startswith("2099-01-01T00:00:00")
        assert await ann.refused("snooze", {"until": "2001-01-01T00:00:00Z"}, c) in (
            "conflict", "invalid")
        await ann.do("tag", {"add": ["vip", "billing"]}, c)
        await ann.do("tag", {"remove": ["vip"]}, c)
        row = await ann.until(lambda frame: frame["t"] == "inbox.delta" and frame["d"]["c"] == c
                              and frame["d"].get("tags") == ["billing"])
        assert row["f"] > 0


async def test_a_snooze_ends(shop):
    async with shop.conversation() as (customer, ann, c):
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        await ann.do("snooze", {"until": soon}, c)
        mark = len(customer.frames)
        woken = await customer.of_type("conv.upd", c, status="open", after=mark)
        assert woken["d"]["owner"]["id"] == ann.id


async def test_back_to_the_bot(taught):
    async with taught.agent() as ann, taught.customer() as customer:
        c = (await customer.say("I want to talk to a person."))["c"]
        await ann.take(c)
        await customer.say("How do I reset my password?", c)
        await customer.settled()
        await asyncio.sleep(0.3)
        assert not [frame for frame in customer.durable(c)
                    if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "bot"]
        await ann.do("bot.return", c=c)
        back = await customer.of_type("conv.upd", c, status="bot")
        mark = len(customer.frames)
        assert back["d"]["owner"]["kind"] == "bot"
        await customer.say("Where is my parcel?", c)
        await customer.message_of("bot", c, after=mark)


async def test_takeover_from_the_bot(taught):
    async with taught.agent() as ann, taught.customer() as customer:
        c = (await customer.say("Where is my parcel?"))["c"]
        await customer.message_of("bot", c)
        await ann.of_type("inbox.delta", c)
        await ann.do("takeover", c=c)
        mark = len(customer.frames)
        await customer.say("And how do I reset my password?", c)
        await ann.reply(c, "Let me see", 99)
        await customer.message_of("agent", c, after=mark)
        await customer.settled()
        assert not [frame for frame in customer.frames[mark:]
                    if frame["t"] == "msg.new" and frame["d"]["from"]["kind"] == "bot"]


async def test_decisions_are_shown_with_their_evidence(taught):
    async with taught.agent() as ann, taught.customer() as customer:
        c = (await customer.say("How do I reset my password?"))["c"]
        answer = await customer.message_of("bot", c)
        await ann.do("sub", {"after": 0}, c)
        decided = await ann.of_type("event.new", c, type="decided")
        d = decided["d"]
        assert d["decision"] == answer["d"]["decision"] and d["action"] == "answer"
        assert d["intent"] == "reset_password" and 0 <= d["confidence"] <= 1
        assert d["ranking"][0]["intent"] == "reset_password" and d["evidence"]
        assert set(d) >= {"threshold", "mood", "urgency", "out_of_scope", "language", "rule",
                          "versions", "micros"}


@pytest.mark.parametrize("text, rule", [
    ("Let me speak to a human being, please.", "asked_for_person"),
    ("I want to kill myself.", "distress")])
async def test_what_always_goes_to_a_person(taught, text, rule):
    async with taught.customer() as customer, taught.agent() as ann:
        c = (await customer.say(text))["c"]
        queued = await customer.of_type("conv.upd", c, status="queued")
        assert queued["d"]["reason"]["code"] == rule
        assert (await ann.of_type("offer", c))["d"]["briefing"]["why"]["code"] == rule


async def test_following_a_conversation(shop):
    async with shop.conversation() as (customer, ann, c), shop.agent("Ben") as ben:
        await ben.do("sub", {"after": 2}, c)
        await ben.settled()
        assert [frame["s"] for frame in ben.durable(c)][0] == 3
        await customer.say("hello", c)
        await ben.until(lambda frame: frame["d"].get("text") == "hello")
        await ben.do("unsub", {}, c)
        mark = len(ben.frames)
        await customer.say("again", c)
        await customer.settled()
        await ben.settled()
        assert not [frame for frame in ben.frames[mark:] if frame.get("c") == c and "s" in frame]
        # What it missed comes with sync, in order.
        last = ben.durable(c)[-1]["s"]
        await ben.do("sync", {"after": last}, c)
        await ben.until(lambda frame: frame["d"].get("text") == "again", after=mark)


async def test_the_feed_brings_what_changed(shop):
    async with shop.agent() as ann, shop.customer() as customer:
        c = (await customer.say("one"))["c"]
        row = await ann.of_type("inbox.delta", c)
        quiet = (await customer.say("two"))["c"]
        later = await ann.of_type("inbox.delta", quiet)
        assert later["f"] > row["f"]
        await ann.settled()
        position = max(frame["f"] for frame in ann.frames if "f" in frame)
        await ann.close()
        await customer.do("end", c=quiet)
        async with shop.agent(presence=None, feed=position) as back:
            changed = await back.of_type("inbox.delta", quiet)
            assert changed["d"]["status"] == "resolved" and changed["f"] > position
            assert all(frame["f"] > position for frame in back.frames if "f" in frame)


async def test_queue_positions_count_up(shop):
    async with shop.customer() as first, shop.customer() as second:
        one = (await first.say("I need a person."))["c"]
        before = (await first.of_type("queue.pos", one))["d"]["position"]
        other = (await second.say("I need a person."))["c"]
        behind = (await second.of_type("queue.pos", other))["d"]["position"]
        assert behind > before
        await first.do("end", c=one)
        await second.until(lambda frame: frame["t"] == "queue.pos"
                           and frame["d"]["position"] == behind - 1)
