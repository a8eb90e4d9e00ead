"""The pages before a conversation: kept until one begins, and no more than it is told."""

import pytest


def page(n, path=None, **rest):
    return {"n": n, "url_path": path or f"/page/{n}", **rest}


async def pages_of(shop, c):
    """What the team is told of pages, oldest first."""
    async with shop.agent() as ann:
        return [frame["d"] for frame in await ann.history(c)
                if frame["d"].get("type") == "context"]


async def paths_of(shop, c):
    return [one["url_path"] for one in await pages_of(shop, c)]


async def test_the_last_ten_pages_come_with_the_first_message(shop):
    async with shop.customer(context=page(1)) as customer:
        for n in range(2, 15):
            await customer.do("context", page(n))
        c = (await customer.say("hello"))["c"]
        assert await paths_of(shop, c) == [f"/page/{n}" for n in range(5, 15)]
        assert customer.durable(c)[0]["s"] == 1
        await customer.settled()
        assert not [frame for frame in customer.durable(c) if frame["t"] == "event.new"]


async def test_a_conversation_without_a_message_begins_with_them_too(shop):
    async with shop.customer(context=page(1)) as customer:
        await customer.do("context", page(2))
        c = (await customer.do("conv.start"))["c"]
        assert await paths_of(shop, c) == ["/page/1", "/page/2"]


async def test_pages_told_late_stand_where_they_belong(shop):
    """A widget says hello with the page it is on; what was before it follows."""
    async with shop.customer(context=page(4)) as customer:
        for n in (2, 3, 3, 4):
            await customer.do("context", page(n))
        await customer.do("context", page(5))
        c = (await customer.say("hello"))["c"]
        assert await paths_of(shop, c) == [f"/page/{n}" for n in range(2, 6)]


async def test_what_is_said_anew_of_a_page_is_no_other_page(shop):
    async with shop.customer(context=page(1, "/cart", facts={"items": 1})) as customer:
        for n in range(2, 14):
            await customer.do("context", page(n, "/cart", facts={"items": n}))
        await customer.do("context", page(14, "/checkout"))
        c = (await customer.say("hello"))["c"]
        told = await pages_of(shop, c)
        assert [one["url_path"] for one in told] == ["/cart", "/checkout"]
        assert told[0]["facts"] == {"items": 13}


async def test_large_pages_leave_room_for_fewer(shop):
    facts = {f"fact_{number}": "x" * 400 for number in range(9)}
    async with shop.customer(context=page(1, facts=facts)) as customer:
        for n in range(2, 11):
            await customer.do("context", page(n, facts=facts))
        c = (await customer.say("hello"))["c"]
        told = await pages_of(shop, c)
        assert [one["n"] for one in told] == list(range(11 - len(told), 11))
        assert 2 <= len(told) <= 4 and all(one["facts"] == facts for one in told)


@pytest.mark.parametrize("over", [False, True], ids=["beside another", "after another"])
async def test_the_next_conversation_is_told_what_came_since(shop, over):
    async with shop.customer(context=page(1)) as customer:
        await customer.do("context", page(2))
        first = (await customer.say("hello"))["c"]
        if over:
            await customer.do("end", c=first)
        await customer.do("context", page(3))
        second = (await customer.say("another matter"))["c"]
        assert await paths_of(shop, second) == ["/page/2", "/page/3"]
