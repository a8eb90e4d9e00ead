#!/usr/bin/env python3
"""Does a server keep memory of chats that are over? Counts it over 10,000 of them.

    Tests/Crash/memory_soak.py [--rounds 2] [--chats 5000] [--warm-up 21000] [--at-once 16]
                               [--quiet 330] [--bound 1.0] [--json FILE]

A chat is a visitor who arrives, asks three things, has three answers, ends it and leaves. After
each round the server is left alone until it has let go of every conversation, which it does five
minutes after the last word, and its resident memory is read. The warm-up comes first, in which it
fills what it keeps on purpose: it knows the latest 20,000 visitors. Ends with 1 when memory has
grown by more than --bound per cent since then.
"""

import argparse
import asyncio
import json
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
sys.path.append(str(HERE))
sys.dont_write_bytecode = True

from peers import Customer, Server, new_cid  # noqa: E402

QUESTIONS = ["How do I reset my password?", "Where is my parcel?", "Where do I find my invoice?"]


async def chat(server):
    customer = Customer(server)
    await customer.open()
    c = None
    for question in QUESTIONS:
        seen = len(customer.frames)
        c = (await customer.do("msg.send", {"cid": new_cid(), "text": question}, c))["c"]
        await customer.message_of("bot", c, after=seen)
    await customer.do("end", c=c)
    await customer.close()


async def chats(server, count, at_once):
    left = iter(range(count))

    async def one_after_the_other():
        for _ in left:
            await chat(server)

    await asyncio.gather(*[one_after_the_other() for _ in range(at_once)])


def resident(server):
    """Bytes."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the server is gone")


def in_use(server):
    """Bytes that the server's allocator has handed out."""
    with urllib.request.urlopen(f"{server.base}/metrics", timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith("maitred_memory_used_bytes "):
                return int(line.split()[1])
    raise AssertionError("the server does not say what it uses")


async def run(options):
    server = Server()
    server.set_up(intents=HERE / "intents.csv")
    server.start()
    sizes, used = [], []
    begun = time.monotonic()
    try:
        done = 0
        for count in [options.warm_up] + [options.chats] * options.rounds:
            await chats(server, count, options.at_once)
            done += count
            busy = resident(server)
            await asyncio.sleep(options.quiet)
            sizes.append(resident(server))
            used.append(in_use(server))
            print(f"{done} chats: {busy / 1e6:.1f} MB, then {sizes[-1] / 1e6:.1f} MB "
                  f"and {used[-1] / 1e6:.1f} MB in use", file=sys.stderr, flush=True)
    finally:
        server.close()
    count = options.rounds * options.chats
    grown = sizes[-1] - sizes[0]
    result = {
        "chats": count, "seconds": round(time.monotonic() - begun), "sizes": sizes, "used": used,
        "growth_percent": round(100 * grown / sizes[0], 2), "bytes_a_chat": round(grown / count)}
    print(f"{count} chats behind {options.warm_up} of warm-up, {result['seconds']} s: "
          f"{result['growth_percent']} % more memory, {result['bytes_a_chat']} bytes a chat")
    if options.json:
        options.json.write_text(json.dumps(result))
    return 0 if result["growth_percent"] < options.bound else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--chats", type=int, default=5000, help="of a round")
    parser.add_argument("--warm-up", type=int, default=21_000, help="chats before the rounds")
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--quiet", type=float, default=330, help="seconds after each round")
    parser.add_argument("--bound", type=float, default=1.0, help="per cent, over all rounds")
    parser.add_argument("--json", type=Path, help="a file for every reading")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
