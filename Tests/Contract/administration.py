"""Whoever looks after a server, over HTTP: signed in, with the token that changes need."""

from peers import request
from peers.server import PASSWORD


class Administrator:
    """An agent with a role, signed in."""

    def __init__(self, server, headers):
        self.server = server
        self.headers = headers

    @classmethod
    async def sign_in(cls, server, name="Root", role="admin"):
        server.command(
            "agent", "add", f"{name.lower()}@example.com", "--name", name, "--role", role,
            "--password-stdin", stdin=PASSWORD + "\n", check=False)
        reply = await request(
            "POST", server.base + "/v1/auth/login",
            {"email": f"{name.lower()}@example.com", "password": PASSWORD})
        assert reply.status == 200, reply.json
        cookie = reply.cookies[0].split(";")[0]
        return cls(server, {"cookie": cookie, "x-csrf-token": reply.json["csrf"]})

    async def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return await request(
            method, self.server.base + path, body, {**self.headers, **headers})

    async def get(self, path):
        reply = await self.ask("GET", path)
        assert reply.status == 200, (path, reply.status, reply.body)
        return reply.json
