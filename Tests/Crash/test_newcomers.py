"""Who cannot show that they were here is a newcomer, who waits while there is too much to do."""

import asyncio

from peers import Customer, new_cid
from peers.identity import identity
from watching import eventually


async def status(server, **fields):
    return (await Customer(server).session(**fields)).status


async def test_a_made_up_visitor_gets_nobody_past_the_wait(above, beneath):
    known = Customer(above)
    await known.open()
    c = (await known.say("Where is my parcel?"))["c"]
    shop = identity(above.site, "ada")
    bound = (await Customer(above, identity=shop).session()).json["visitor"]
    elsewhere = above.add_site("Other", "http://other.example")
    foreign = (await Customer(above, site=elsewhere, origin="http://other.example").session()
               ).json["visitor"]

    async def keep_writing():
        while True:
            await known.ask("msg.send", {"cid": new_cid(), "text": "and on"}, c)

    async def are_put_off():
        return await status(above) == 503

    beneath.sync_delay = 2_000_000
    busy = asyncio.create_task(keep_writing())
    try:
        await eventually(are_put_off)
        for visitor in ("made-up-" + new_cid(), foreign, bound):
            assert await status(above, visitor=visitor) == 503, visitor
        # Neither does an identity by itself: it says who somebody is, not that they were here.
        assert await status(above, visitor="made-up-" + new_cid(), identity=shop) == 503
        assert await status(above, visitor=known.visitor) == 201
        assert await status(above, visitor=bound, identity=shop) == 201
    finally:
        beneath.sync_delay = 0
        busy.cancel()
    await known.close()
