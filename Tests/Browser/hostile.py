"""Texts that would like to be more than text, and a workspace where everything is one of them."""

import asyncio
import csv
import json
import sqlite3
import sys
import threading
import time
import urllib.parse
from types import SimpleNamespace

import server as servers

sys.path.append(str(servers.ROOT / "tools"))
import peers  # noqa: E402

# Each calls `ran` in one of the ways in which browsers have been made to. Short: the limits of
# some fields are narrow.
ATTACKS = {
    "elements": "<img src=x onerror=ran(1)><svg/onload=ran(2)>",
    "ends": "</script></title><script>ran(1)</script><iframe srcdoc='<script>parent.ran(1)'>",
    "attributes": "\"'><b onfocus=ran(1) autofocus x='\" onmouseover=ran(1) y=\"",
    "addresses": "javascript:ran(1)//[a](javascript:ran(1)) {{ran(1)}}${ran(1)}<%=ran(1)%>",
    "hidden signs": "\u202e\u2067<b x>\u200b\u2060\u2066gpj.txt",
}
# What a window does when it is had; `Windows` takes note of whatever is written as an error.
TRAP = """globalThis.ran = () => { console.error("a text was run"); };
    for (const name of ["alert", "confirm", "prompt"]) globalThis[name] = globalThis.ran;"""
# Elements and attributes that no page of ours has: they can only have come out of a text.
FOREIGN = """() => [...document.querySelectorAll("*")].filter((element) =>
    element.matches("script:not([src]), style, iframe[srcdoc], b[x], img[src='x'], b[autofocus]") ||
    [...element.attributes].some(({ name, value }) => /^on/i.test(name) ||
        /^(href|src|action|formaction|xlink:href)$/i.test(name) &&
            /^[\\s\\0-\\x1f]*(javascript|vbscript|data:text)/i.test(value)))
    .map((element) => element.cloneNode().outerHTML)"""
# Everything that stands in a page as text, seen or not: in it, in its fields, in its tooltips.
TEXTS = """() => [document.title, document.documentElement.textContent,
    ...[...document.querySelectorAll("*")].flatMap((element) => [
        element.value, ...["title", "aria-label", "alt", "placeholder", "label"].map(
            (name) => element.getAttribute(name))])]
    .filter((text) => typeof text === "string").join("\\n")"""
HIDDEN = dict.fromkeys(map(ord, "\u202e\u2067\u200b\u2060\u2066"))


class Texts:
    """Makes a text for each field, with its name in it, and remembers them."""

    def __init__(self, attack):
        self.attack = ATTACKS[attack]
        self.made = {}

    def __call__(self, field):
        self.made[field] = f"{field} {self.attack}"
        return self.made[field]

    def are_shown(self, frame, *fields):
        """Waits until the texts of these fields stand in a page as they were written."""
        self._await(frame, [self.made[field] for field in fields])

    def is_shown(self, frame):
        """Waits until the attack stands in a page somewhere."""
        self._await(frame, [self.attack])

    @staticmethod
    def _await(frame, texts):
        wanted = [text.translate(HIDDEN) for text in texts]
        for _ in range(100):
            found = frame.evaluate(TEXTS).translate(HIDDEN)
            missing = [text for text in wanted if text not in found]
            if not missing:
                break
            frame.page.wait_for_timeout(100)
        assert not missing, f"not shown as text: {missing}"
        are_harmless(frame)


def are_harmless(frame):
    """Looks for what texts have become; what ran is known to the windows."""
    assert frame.evaluate(FOREIGN) == [], "a text became a part of the page"


def fill_workspace(folder, texts):
    """Writes texts into what the team keeps: people, sites, content, the customers' records."""
    with sqlite3.connect(folder / "maitred.sqlite") as database:
        def change(table, key, **members):
            rows = database.execute(
                f"SELECT document, {key} FROM {table} ORDER BY {key}").fetchall()
            for number, (document, name) in enumerate(rows):
                made = {member: make(number, name) for member, make in members.items()}
                database.execute(
                    f"UPDATE {table} SET document = ? WHERE {key} = ?",
                    (json.dumps({**json.loads(document), **made}).encode(), name))

        change("agents", "email", name=lambda _, email: texts(f"{email.partition('@')[0]}"))
        change("sites", "id", name=lambda *_: texts("site"), greeting=lambda *_: texts("greeting"),
               bot_name=lambda *_: texts("assistant"), asks=lambda *_: ["name"])
        change("canned", "name", title=lambda _, name: texts(f"canned title {name}"),
               text=lambda _, name: texts(f"canned text {name}"))
        change("articles", "name", title=lambda _, name: texts(f"article {name}"),
               summary=lambda *_: texts("article summary"),
               # Markdown: what looks like an element or a bad link in it is left out.
               body=lambda *_: f"{texts.attack}\n\nThe rest [of it]({texts.attack}).")
    customers = folder / "customers.csv"
    with customers.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update({name: texts(f"record {name}") for name in ("company", "plan", "tier")})
    with customers.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


class Behind:
    """Customers and agents without windows, who say what no window would let them say."""

    def __init__(self, server, site):
        self.server = server
        self.place = SimpleNamespace(
            base=server.url, socket_url=f"{server.url.replace('http', 'ws', 1)}/v1/ws",
            site={"key": site}, signed_in={})
        self.customers = []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=30)

    def close(self):
        for customer in self.customers:
            self.do(customer.close())
        self.loop.call_soon_threadsafe(self.loop.stop)

    def customer(self, **options):
        self.customers.append(peers.Customer(self.place, origin=self.server.shop, **options))
        return self.customers[-1]

    async def agent(self, name):
        """An agent who looks on."""
        agent = peers.Agent(self.place, name)
        email, password = self.server.passwords[name]
        agent.email = email
        reply = await peers.request(
            "POST", f"{self.place.base}/v1/auth/login", {"email": email, "password": password})
        self.place.signed_in[email] = {
            "cookie": reply.cookies[0].split(";")[0], "x-csrf-token": reply.json["csrf"],
            "origin": self.place.base}
        await agent.open(presence=None)
        return agent

    async def upload(self, customer, name):
        reply = await peers.request(
            "POST", f"{self.place.base}/v1/uploads?name={urllib.parse.quote(name, safe='')}",
            b"words", {"authorization": f"Bearer {customer.token}"})
        assert reply.status == 201, reply.body
        return reply.json["upload_id"]
