"""Questions to a server that faults are done to."""

import asyncio
import time

from invariants import Evidence, Message, check
from peers import Agent, request


async def readiness(server):
    return await request("GET", server.base + "/readyz")


async def eventually(holds, limit=20):
    """Waits until an asynchronous question is answered with something true; returns that."""
    end = time.monotonic() + limit
    while True:
        if found := await holds():
            return found
        assert time.monotonic() < end, f"it did not come about in {limit} s"
        await asyncio.sleep(0.1)


async def is_ready(server):
    return (await readiness(server)).status == 200


async def sound(server, c, sent, first, customer):
    """Everything acknowledged is there, and the numbers have no gap."""
    asked = [frame for frame in await Agent(server).history(c)]
    start = next(frame for frame in asked if frame["s"] == first["d"]["s"])
    known = Message(customer.contact, start["d"]["cid"], start["d"]["text"], c,
                    [(c, first["d"]["m"], first["d"]["s"])])
    violations = check(Evidence(messages=[known, *sent], team={c: asked}), is_at_rest=False)
    assert not violations, "\n".join(map(str, violations))
