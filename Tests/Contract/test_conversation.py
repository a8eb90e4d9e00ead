"""The frames of a first conversation, exactly; what customers may do and see."""

import asyncio

import pytest
from peers import Customer, new_cid


async def test_first_conversation_to_the_letter(taught):
    async with taught.customer() as customer:
        cid = new_cid()
        ack = await customer.ask("msg.send", {"cid": cid, "text": "I forgot my password."})
        c = ack["c"]
        assert c.startswith("cnv_") and ack["d"]["m"].startswith("msg_") and ack["d"]["s"] == 2
        answer = await customer.message_of("bot", c)
        start, mine = customer.durable(c)[:2]
        assert (start["t"], start["s"], start["p"]) == ("conv.upd", 1, 0)
        assert start["d"]["status"] == "bot" and start["d"]["owner"]["kind"] == "bot"
        assert (mine["t"], mine["s"], mine["p"]) == ("msg.new", 2, 1)
        assert mine["d"]["m"] == ack["d"]["m"] and mine["d"]["cid"] == cid
        assert mine["d"]["from"] == {"kind": "customer", "id": customer.contact}
        assert mine["d"]["text"] == "I forgot my password." and mine["d"]["at"].endswith("Z")
        # The acknowledgement comes before the event.
        assert customer.frames.index(ack) < customer.frames.index(mine)
        # The decision between them is the team's: p skips it.
        assert answer["p"] == 2 and answer["s"] > 3
        assert answer["d"]["m"].startswith("msg_") and answer["d"]["decision"].startswith("dec_")
        assert "password" in answer["d"]["text"] and answer["d"]["from"]["kind"] == "bot"

        await customer.do("human", c=c)
        queued = await customer.of_type("conv.upd", c, status="queued")
        assert queued["d"]["owner"]["kind"] == "queue" and queued["d"]["epoch"] == 2
        assert queued["p"] == answer["s"]
        position = await customer.of_type("queue.pos", c)
        assert "s" not in position and position["d"]["position"] >= 1
        assert position["d"]["expect_s"] >= 0


async def test_the_same_start_twice_is_one_conversation(shop, cid):
    async with shop.customer() as customer:
        first = await customer.say("hello", cid=cid)
        again = await customer.say("hello", cid=cid)
        other_words = await customer.say("something else", cid=cid)
        assert again["c"] == first["c"] and again["d"] == first["d"]
        assert other_words["c"] == first["c"] and other_words["d"] == first["d"]
        # Also from a second device, and at once.
        second = Customer(shop.server, customer.visitor)
        await second.open()
        answers = await asyncio.gather(*[
            peer.ask("msg.send", {"cid": "started-at-once", "text": "hi"})
            for peer in (customer, second) * 5])
        assert len({(answer["c"], answer["d"]["m"], answer["d"]["s"]) for answer in answers}) == 1
        await second.close()
        listed = (await customer.fetch("/v1/widget/conversations")).json["conversations"]
        assert len(listed) == 2


async def test_a_repeat_into_a_conversation(shop, cid):
    async with shop.customer() as customer, shop.customer() as other:
        c = (await customer.say("hello"))["c"]
        first = await customer.say("more", c, cid)
        again = await customer.do("msg.retry", {"cid": cid, "text": "more"}, c)
        assert (again["c"], again["d"]) == (c, first["d"])
        # A client id is unique per author: somebody else's is another message.
        assert (await other.say("mine", cid=cid))["c"] != c
        texts = [frame["d"]["text"] for frame in await customer.history(c)
                 if frame["t"] == "msg.new"]
        assert texts.count("more") == 1


async def test_a_repeat_is_recognised_after_the_end(shop, cid):
    async with shop.customer() as customer:
        first = await customer.say("hello", cid=cid)
        c = first["c"]
        await customer.do("end", c=c)
        await customer.of_type("conv.upd", c, status="resolved")
        again = await customer.say("hello", c, cid)
        assert again["d"] == first["d"]
        assert [frame["d"]["status"] for frame in await customer.history(c)
                if frame["t"] == "conv.upd"][-1] == "resolved"


async def test_somebody_elses_conversation_is_not_found(shop):
    async with shop.customer() as owner, shop.customer() as thief:
        c = (await owner.say("secret"))["c"]
        mark = len(owner.frames)
        for t, d in [
                ("msg.send", {"cid": new_cid(), "text": "hi"}), ("human", {}), ("end", {}),
                ("csat", {"score": 1}), ("sync", {"after": 0}),
                ("address", {"email": "a@b.example"}),
                ("choice", {"cid": new_cid(), "m": "msg_01kajqz5n2f8qsb6d0x4h7k9we",
                            "choice": "x"})]:
            code = await thief.refused(t, d, c)
            assert code == "not_found" or (t, code) == ("choice", "unprocessable"), (t, code)
        for t, d in [("typing", {"on": True}), ("read", {"upto": 1}),
                     ("context", {"n": 5, "url_path": "/thief"})]:
            await thief.send(t, d, c)
        await thief.settled()
        reply = await thief.fetch(f"/v1/widget/conversations/{c}/events")
        assert (reply.status, reply.json["code"]) == (404, "not_found")
        await owner.say("still here", c)
        await owner.settled()
        heard = [frame for frame in owner.frames[mark:] if frame["t"] in ("typing", "read")]
        assert not heard, f"a stranger's signs were passed on: {heard}"
        assert not thief.durable(c), "a stranger was sent the conversation"
        async with shop.agent() as ann:
            paths = [frame["d"].get("url_path") for frame in await ann.history(c)]
            assert "/thief" not in paths


async def test_resume_of_somebody_elses_conversation_tells_nothing(shop):
    async with shop.customer() as owner:
        c = (await owner.say("secret"))["c"]
        async with shop.customer(resume=[{"c": c, "s": 0}]) as thief:
            await thief.settled()
            await owner.say("more secrets", c)
            await owner.settled()
            await thief.settled()
            assert not thief.durable(c)
            assert c not in [one["c"] for one in thief.welcome["d"]["conversations"]]


async def test_end_and_reopening(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.do("end", c=c)
        ended = await customer.of_type("conv.upd", c, status="resolved")
        assert ended["d"]["owner"]["kind"] == "nobody"
        await customer.do("end", c=c)  # Already so.
        mark = len(customer.frames)
        await customer.say("one more thing", c)
        reopened = await customer.of_type("conv.upd", c, after=mark)
        assert reopened["d"]["status"] == "bot" and reopened["d"]["owner"]["kind"] == "bot"
        assert reopened["d"]["epoch"] > ended["d"]["epoch"]


async def test_csat_once(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.do("csat", {"score": 4, "comment": "fine"}, c)
        await customer.do("csat", {"score": 4, "comment": "fine"}, c)
        assert await customer.refused("csat", {"score": 1}, c) == "conflict"
        async with shop.agent() as ann:
            ratings = [frame["d"] for frame in await ann.history(c)
                       if frame["d"].get("type") == "csat"]
        assert [(one["score"], one["comment"]) for one in ratings] == [(4, "fine")]
        assert not [frame for frame in await customer.history(c) if frame["t"] == "event.new"]


async def test_an_answer_is_judged_and_a_second_thought_counts(taught):
    async with taught.agent() as ann, taught.customer() as customer:
        asked = await customer.say("I forgot my password.")
        c, answer = asked["c"], await customer.message_of("bot", asked["c"])
        for m in (asked["d"]["m"], "msg_01kajqz5p4c2y6a8f0g3h5j7k9"):
            assert await customer.refused("feedback", {"m": m, "helpful": True}, c) == "conflict"
        for helpful in (True, True, False):
            await customer.do("feedback", {"m": answer["d"]["m"], "helpful": helpful}, c)
        judged = [frame["d"]["helpful"] for frame in await ann.history(c)
                  if frame["d"].get("type") == "feedback"]
        assert judged == [True, False]
        assert not [frame for frame in await customer.history(c) if frame["t"] == "event.new"]


@pytest.mark.parametrize("t, d", [
    ("address", {"email": "ada@example.com"}),
    ("form.submit", {"form": "address", "values": {"email": "ada@example.com"}})])
async def test_leaving_an_address_when_nobody_is_there(shop, t, d):
    async with shop.customer() as customer:
        assert customer.welcome["d"]["agents_online"] is False
        c = (await customer.say("Is anybody there?"))["c"]
        notice = await customer.message_of("system", c)
        assert notice["d"]["text"]
        await customer.do(t, d, c)
        async with shop.agent() as ann:
            left = [frame["d"] for frame in await ann.history(c)
                    if frame["d"].get("type") == "address"]
            assert [one["email"] for one in left] == ["ada@example.com"]
            row = await ann.of_type("inbox.delta", c)
            assert row["d"]["contact"].get("email") == "ada@example.com"


async def test_pages_before_the_conversation_are_copied_into_it(shop):
    first = {"n": 1, "url_path": "/pricing", "title": "Prices", "page": "pricing",
             "facts": {"plan": "pro"}, "locale": "en", "viewport": [1280, 720]}
    async with shop.customer(context=first) as customer:
        await customer.send("context", {"n": 2, "url_path": "/billing", "title": "Billing"})
        c = (await customer.say("hello"))["c"]
        await customer.do("context", {"n": 5, "url_path": "/five"}, c)
        await customer.do("context", {"n": 4, "url_path": "/four"}, c)
        await customer.do("context", {"n": 5, "url_path": "/five-again"}, c)
        await customer.do("context", {"n": 6, "url_path": "/six"}, c)
        await customer.settled()
        assert not [frame for frame in customer.durable(c) if frame["t"] == "event.new"]
        async with shop.agent() as ann:
            await ann.do("sub", {"after": 0}, c)
            await ann.of_type("event.new", c, type="context", url_path="/six")
            contexts = [frame["d"] for frame in await ann.history(c)
                        if frame["d"].get("type") == "context"]
            paths = ["/pricing", "/billing", "/five", "/six"]
            assert [one["url_path"] for one in contexts] == paths
            briefing = (await ann.fetch(f"/v1/conversations/{c}/briefing")).json
            assert briefing["page"]["url_path"] == "/six"
            assert [one["url_path"] for one in briefing["trail"]] == paths


async def test_a_context_that_was_acknowledged_is_stored(shop):
    async with shop.customer() as customer, shop.agent() as ann:
        c = (await customer.say("hello"))["c"]
        missing = []
        for n in range(1, 21):
            await customer.do("context", {"n": n, "url_path": f"/page/{n}"}, c)
            paths = [frame["d"].get("url_path") for frame in await ann.history(c)]
            if f"/page/{n}" not in paths:
                missing.append(n)
        assert not missing


async def test_context_is_kept_whole(shop):
    context = {"n": 7, "url_path": "/billing/invoices/42", "title": "Invoice 42",
               "page": "billing.invoice", "facts": {"plan": "pro", "seats": 3, "trial": False},
               "locale": "en", "viewport": [1280, 720]}
    async with shop.customer(context=context) as customer:
        c = (await customer.say("hello"))["c"]
        async with shop.agent() as ann:
            kept = next(frame["d"] for frame in await ann.history(c)
                        if frame["d"].get("type") == "context")
            assert {name: kept.get(name) for name in context} == context


async def test_an_empty_conversation(shop):
    async with shop.customer() as customer:
        ack = await customer.do("conv.start")
        assert ack["c"].startswith("cnv_") and ack["d"]["s"] >= 1
        said = await customer.say("hello", ack["c"])
        assert said["c"] == ack["c"]
        await customer.message_of("customer", ack["c"])
        assert [frame["p"] for frame in customer.durable(ack["c"])][:2] == [0, 1]


async def test_a_second_device_sees_the_same(shop):
    async with shop.customer() as phone:
        c = (await phone.say("from the phone"))["c"]
        async with shop.customer(visitor=phone.visitor) as laptop:
            assert c in [one["c"] for one in laptop.welcome["d"]["conversations"]]
            await laptop.say("from the laptop", c)
            await phone.until(lambda frame: frame["d"].get("text") == "from the laptop")
            new = await phone.say("another matter")
            await laptop.of_type("msg.new", new["c"])
            await phone.settled(), await laptop.settled()
            assert [frame["s"] for frame in phone.durable(c)] == [
                frame["s"] for frame in laptop.durable(c)]


async def test_quick_replies(taught):
    """The assistant asks when two things are likely; the customer's choice is a message."""
    async with taught.customer() as customer:
        c = question = None
        for text in ("refund or invoice?", "password parcel", "The invoice for my parcel?",
                     "I need a refund on the invoice for the late parcel.", "my order"):
            ack = await customer.say(text)
            said = await customer.until(
                lambda frame: frame.get("c") == ack["c"] and frame["t"] == "msg.new"
                and frame["d"]["from"]["kind"] != "customer")
            if said["d"].get("choices"):
                c, question = ack["c"], said
                break
        if question is None:
            pytest.skip("this core is sure of everything")
        choice = question["d"]["choices"][0]
        assert 2 <= len(question["d"]["choices"]) <= 4 and choice["id"] and choice["title"]
        wrong = {"cid": new_cid(), "m": question["d"]["m"], "choice": "not-offered"}
        assert await customer.refused("choice", wrong, c) == "unprocessable"
        cid = new_cid()
        d = {"cid": cid, "m": question["d"]["m"], "choice": choice["id"]}
        ack = await customer.do("choice", d, c)
        assert (await customer.do("choice", d, c))["d"] == ack["d"]
        mine = await customer.until(lambda frame: frame["d"].get("cid") == cid)
        assert mine["d"]["text"] == choice["title"] and mine["d"]["choice"] == choice["id"]
        await customer.until(
            lambda frame: frame.get("c") == c and frame["t"] == "msg.new"
            and frame["s"] > mine["s"] and frame["d"]["from"]["kind"] != "customer")
