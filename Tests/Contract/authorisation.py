"""Who tests of authorisation are about: one customer who has things, and everybody who wants them.

Ada has a conversation of the site Shop, owned by Ann, with a message and a file in it, and an
upload that she has not sent. Bob is another customer of Shop, Cyd one of another site. Ann is an
agent, Sue a supervisor, Root an admin.
"""

import asyncio
import json
from dataclasses import dataclass, field

from administration import Administrator
from peers import Agent, Customer, new_cid, request
from test_uploads import uploaded

OTHER_ORIGIN = "http://other.example"
EVIL = "http://evil.example"
# Well-formed ids of nothing.
NOTHING = "01kajqz5m8e6tr4v9s2w7n0b3d"
TEAM = {"agent": "Ann", "supervisor": "Sue", "admin": "Root"}


@dataclass
class Workspace:
    """A server, and the ids and secrets of what is on it."""

    server: object
    other_site: dict = None
    # Ada's conversation, message, file, upload.
    c: str = None
    m: str = None
    file: str = None
    upload: str = None
    # Of each customer: visitor token, session token, a conversation of their own.
    visitors: dict = field(default_factory=dict)
    tokens: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)
    # Of each member of the team, by role: headers of a sign-in.
    signed_in: dict = field(default_factory=dict)
    key: str = None
    webhook: str = None

    def customer(self, name):
        """A customer, not connected."""
        elsewhere = {"site": self.other_site, "origin": OTHER_ORIGIN} if name == "Cyd" else {}
        return Customer(self.server, visitor=self.visitors.get(name), **elsewhere)

    def member(self, role):
        return Agent(self.server, TEAM[role])

    async def log(self):
        """Ada's conversation as the team may read it."""
        return await self.member("agent").history(self.c)

    async def fill(self):
        self.other_site = await asyncio.to_thread(
            self.server.add_site, "Other", OTHER_ORIGIN)
        for name in ("Ada", "Bob", "Cyd"):
            customer = self.customer(name)
            await customer.open()
            ack = await customer.say("I need a person.")
            self.visitors[name], self.tokens[name] = customer.visitor, customer.token
            self.own[name] = ack["c"]
            if name == "Ada":
                self.c, self.m = ack["c"], ack["d"]["m"]
                one = await uploaded(customer, b"hers")
                await customer.do(
                    "msg.send", {"cid": new_cid(), "text": "", "uploads": [one["upload_id"]]},
                    self.c)
                message = await customer.until(
                    lambda frame: frame["t"] == "msg.new" and frame["d"].get("files"))
                self.file = message["d"]["files"][0]["id"]
                self.upload = (await uploaded(customer, b"not sent"))["upload_id"]
            await customer.close()
        for role, name in TEAM.items():
            one = await Administrator.sign_in(self.server, name, role)
            self.signed_in[role] = {**one.headers, "origin": self.server.base}
        ann = self.member("agent")
        await ann.open(presence=None)
        await ann.do("takeover", c=self.c)
        await ann.close()
        reply = await request(
            "POST", self.server.base + "/v1/webhooks", {"url": "https://example.com/hook"},
            self.signed_in["admin"])
        assert reply.status == 201, reply.body
        self.webhook = reply.json["id"]
        self.key = json.loads(await asyncio.to_thread(
            self.server.command, "key", "add", "desk", "--scope", "triage", "--json"))["key"]
