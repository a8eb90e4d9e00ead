"""Coming back: what was missed, in order, or `resync`."""

from peers import Customer, new_cid


async def test_missed_events_come_in_order_after_welcome(shop):
    async with shop.conversation() as (customer, ann, c):
        await customer.settled()
        last = customer.durable(c)[-1]["s"]
        epoch = customer.epoch
        await customer.close()
        for number in range(5):
            await ann.reply(c, f"reply {number}", 999)
            await ann.do("note", {"cid": new_cid(), "text": "aside"}, c)
        async with shop.customer(
                visitor=customer.visitor, resume=[{"c": c, "s": last}], epoch=epoch) as back:
            await back.until(lambda frame: frame["d"].get("text") == "reply 4")
            await back.settled()
            assert back.frames[0]["t"] == "welcome" and back.welcome["d"]["recovered"] is True
            missed = back.durable(c)
            assert [frame["d"]["text"] for frame in missed] == [f"reply {n}" for n in range(5)]
            assert missed[0]["p"] == last
            assert [frame["p"] for frame in missed[1:]] == [frame["s"] for frame in missed[:-1]]
            state = next(one for one in back.welcome["d"]["conversations"] if one["c"] == c)
            assert state["s"] == missed[-1]["s"] and state["status"] == "open"
            assert state["owner"]["kind"] == "agent"


async def test_nothing_is_sent_twice_to_who_has_everything(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.message_of("system", c)
        await customer.settled()
        last = customer.durable(c)[-1]["s"]
        async with shop.customer(visitor=customer.visitor, resume=[{"c": c, "s": last}]) as back:
            await back.settled()
            assert not back.durable(c)


async def test_without_resume_open_conversations_come_whole(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.message_of("system", c)
        async with shop.customer(visitor=customer.visitor) as back:
            await back.message_of("system", c)
            assert [frame["p"] for frame in back.durable(c)][:2] == [0, 1]


async def test_what_ended_while_the_customer_was_away_is_named_and_can_be_fetched(shop):
    async with shop.conversation() as (customer, ann, c):
        await customer.settled()
        seen = customer.durable(c)[-1]["s"]
        await customer.close()
        await ann.reply(c, "done", 999)
        await ann.do("status", {"status": "resolved"}, c)
        async with shop.customer(visitor=customer.visitor) as back, shop.customer() as other:
            assert back.welcome["d"]["conversations"] == []
            [ended] = back.welcome["d"]["ended"]
            assert (ended["c"], ended["rated"]) == (c, False)
            assert ended["s"] > seen and ended["at"].endswith("Z")
            assert other.welcome["d"]["ended"] == []
            await back.settled()
            assert not back.durable(c), "nothing of it comes unasked"
            await back.do("sync", {"after": seen}, c)
            done = await back.of_type("conv.upd", c, status="resolved")
            assert done["s"] == ended["s"]
            assert "done" in [frame["d"].get("text") for frame in back.durable(c)]
            await back.do("csat", {"score": 5}, c)
        async with shop.customer(visitor=customer.visitor) as again:
            assert [one["rated"] for one in again.welcome["d"]["ended"]] == [True]
            await again.say("one more thing", c)
            async with shop.customer(visitor=customer.visitor) as reopened:
                assert [one["c"] for one in reopened.welcome["d"]["conversations"]] == [c]
                assert reopened.welcome["d"]["ended"] == []


async def test_of_all_that_ended_the_last_five_are_named(shop):
    async with shop.customer() as customer:
        ended = []
        for number in range(7):
            ended.append((await customer.say(f"matter {number}"))["c"])
            await customer.do("end", c=ended[-1])
        async with shop.customer(visitor=customer.visitor) as back:
            named = [one["c"] for one in back.welcome["d"]["ended"]]
            assert named == ended[:1:-1]


async def test_another_epoch_means_resync(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.settled()
        async with shop.customer(
                visitor=customer.visitor, resume=[{"c": c, "s": 1}], epoch="zzzz") as back:
            assert back.welcome["d"]["recovered"] is False
            assert back.welcome["d"]["epoch"] == customer.epoch
            await back.of_type("resync", c)
            await back.settled()
            assert not back.durable(c)
            # Fetched again, it goes on from there.
            last = (await back.history(c))[-1]["s"]
            await back.say("more", c)
            more = await back.until(lambda frame: frame["d"].get("text") == "more")
            assert more["p"] == last


async def test_a_number_above_the_head_means_resync(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.settled()
        async with shop.customer(visitor=customer.visitor, resume=[{"c": c, "s": 900}]) as back:
            await back.of_type("resync", c)
            await back.say("more", c)
            await back.until(lambda frame: frame["d"].get("text") == "more")
        mark = len(customer.frames)
        await customer.do("sync", {"after": 900}, c)
        await customer.of_type("resync", c, after=mark)


async def test_sync_brings_what_comes_after(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.message_of("system", c)
        await customer.settled()
        all_of_it = customer.durable(c)
        mark = len(customer.frames)
        ack = await customer.do("sync", {"after": all_of_it[1]["s"]}, c)
        await customer.settled()
        again = [frame for frame in customer.frames[mark:] if frame.get("c") == c and "s" in frame]
        assert again == all_of_it[2:]
        assert customer.frames.index(ack) < customer.frames.index(again[0], mark)




async def test_more_than_500_missed_means_resync(shop):
    async with shop.customer() as customer:
        c = (await customer.say("the first"))["c"]
        for start in range(0, 520, 52):
            for number in range(start, start + 52):
                await customer.send(
                    "msg.send", {"cid": f"many-{number:05}", "text": f"{number}"}, c, f"m{number}")
            await customer.until(lambda frame: frame.get("re") == f"m{start + 51}")
        await customer.settled()
        head = customer.durable(c)[-1]["s"]
        async with shop.customer(visitor=customer.visitor, resume=[{"c": c, "s": 1}]) as back:
            await back.of_type("resync", c)
            await back.settled()
            assert not back.durable(c)
            await back.do("sync", {"after": 2}, c)
            await back.settled()
            assert not back.durable(c)
            # REST has it in pages, the same frames as the socket's.
            stored = await back.history(c)
            assert stored == customer.durable(c)
            # A gap of 500 and less is closed by the socket.
            near = head - 499
            mark = len(back.frames)
            await back.do("sync", {"after": near}, c)
            await back.until(lambda frame: frame.get("s") == head, after=mark)
            missed = [frame["s"] for frame in back.frames[mark:] if "s" in frame]
            assert missed == [frame["s"] for frame in stored if frame["s"] > near]


async def test_an_agent_resumes(shop):
    async with shop.conversation() as (customer, ann, c):
        await ann.settled()
        last = ann.durable(c)[-1]["s"]
        epoch = ann.welcome["d"]["epoch"]
        await ann.close()
        await customer.say("while you were out", c)
        async with shop.agent(resume=[{"c": c, "s": last}], epoch=epoch) as back:
            missed = await back.until(lambda frame: frame["d"].get("text") == "while you were out")
            assert missed["p"] == last and back.welcome["d"]["recovered"] is True
        async with shop.agent(resume=[{"c": c, "s": last}], epoch="zzzz") as back:
            assert back.welcome["d"]["recovered"] is False
            await back.of_type("resync", c)


async def test_a_slow_reader_is_closed_and_loses_nothing(shop):
    """4408 when the queue is full; resume makes it lossless."""
    async with shop.conversation() as (customer, ann, c):
        slow = Customer(shop.server, customer.visitor)
        await slow.open()
        await slow.settled()
        last = customer.durable(c)[-1]["s"]
        slow.socket.transport.pause_reading()
        text = "x" * 7000
        for number in range(2000):
            answer = await ann.reply(c, f"{number} {text}", 9999)
            assert answer["t"] == "ack"
            if number % 100 == 99 and await gone(slow, shop):
                break
        slow.socket.transport.resume_reading()
        assert await slow.closed(20) == 4408
        back = Customer(shop.server, customer.visitor)
        await back.open(resume=[{"c": c, "s": max(
            [last] + [frame["s"] for frame in slow.durable(c)])}])
        resumed = await back.until(
            lambda frame: frame["t"] == "resync" or frame.get("s") == answer["d"]["s"])
        assert resumed
        await back.close()


async def gone(slow, shop):
    """Whether the server has given up on a connection: told by its own metrics."""
    text = (await shop.get("/metrics")).body.decode()
    return any(line.split()[-1] not in ("0", "0.0") for line in text.splitlines()
               if "slow" in line and not line.startswith("#"))


async def test_resumes_and_resyncs_are_counted_for_the_operator(shop):
    async with shop.customer() as customer:
        c = (await customer.say("hello"))["c"]
        await customer.settled()
        last = customer.durable(c)[-1]["s"]
        before = await shop.figures()
        async with shop.customer(visitor=customer.visitor):
            pass
        assert counted(await shop.figures(), before) == (0, 0)
        async with shop.customer(visitor=customer.visitor, resume=[{"c": c, "s": last}]):
            pass
        assert counted(await shop.figures(), before) == (1, 0)
        async with shop.customer(
                visitor=customer.visitor, resume=[{"c": c, "s": 1}], epoch="zzzz") as back:
            await back.of_type("resync", c)
        assert counted(await shop.figures(), before) == (1, 1)


def counted(after, before):
    return tuple(after[name] - before[name]
                 for name in ("maitred_resumes_total", "maitred_resyncs_total"))
