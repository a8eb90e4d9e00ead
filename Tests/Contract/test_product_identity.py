"""Identities that only the product can read: a plugin says whose they are."""

import asyncio
import json

import c_plugins
import pytest
from administration import Administrator
from peers import Customer, Server, identity, new_cid

PLUGIN = "test.passport"
CODE = r"""
INVOKE {
    if (says(in, "\"identity\":\"session-ada\""))
        return answer(call, "{\"id\":\"u-1\",\"name\":\"Ada\",\"email\":\"ada@mail.example\"}");
    if (says(in, "broken")) return answer(call, "{\"name\":\"nobody\"}");
    if (says(in, "down")) return host->complete(host, call, MAITRED_TEMPORARY, slice("{}"));
    answer(call, "{\"refused\":true}");
}
"""


async def running(server):
    root = await Administrator.sign_in(server)
    while (await root.get(f"/v1/plugins/{PLUGIN}"))["status"] != "running":
        await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    c_plugins.build(folder, PLUGIN, CODE,
                    contributes={"hooks": [{"on": "identity.verify", "mode": "provide"}]})
    server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(folder)})
    server.set_up()
    (server.folder / "plugins.json").write_text(json.dumps({PLUGIN: {"config": {}}}))
    server.start()
    asyncio.run(running(server))
    yield server
    server.close()


async def session(server, token):
    return await Customer(server, identity=token).session()


async def test_a_product_s_own_token_names_its_customer(server):
    first = await session(server, "session-ada")
    assert first.status == 201, first.body
    assert first.json["contact"]["name"] == "Ada"
    # The same person by a token that the site signs.
    signed = await session(server, identity(server.site, "u-1"))
    assert signed.json["contact"]["id"] == first.json["contact"]["id"]


@pytest.mark.parametrize(("token", "status", "code"), [
    ("session-eve", 401, "unauthenticated"),
    ("broken", 502, "upstream_error"),
    ("down", 503, "plugin_unavailable"),
])
async def test_what_the_product_does_not_vouch_for_opens_nothing(server, token, status, code):
    reply = await session(server, token)
    assert (reply.status, reply.json["code"]) == (status, code)


async def test_a_signed_token_is_never_the_plugin_s_to_accept(server):
    forged = identity(server.site, "session-ada", secret="x" * 40)
    assert (await session(server, forged)).status == 401
    assert (await session(server, f"{new_cid()}.session-ada.x")).status == 401
