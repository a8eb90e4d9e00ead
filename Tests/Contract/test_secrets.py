"""What is secret is sealed on disk, with a key that lies in a file of its own."""

import asyncio
import base64
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from administration import Administrator
from peers import Server, new_cid, request
from test_oauth import PLUGIN, Accounts, build

KEY = "maitred.key"
ADDRESS = "https://example.com/hook"
SHARED = "a secret that the shop's server and this one share"


def forms(secret):
    """The ways in which a secret could be written down: as it is, as digits, as base64."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    yield raw
    yield raw.hex().encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).rstrip(b"=")


def lying_open(folder, secrets):
    """Which of the secrets can be read in which files below a folder."""
    found = []
    for place in folder.rglob("*"):
        if place.is_file():
            content = place.read_bytes()
            found += [(place.name, secret) for secret in secrets
                      if any(form in content for form in forms(secret))]
    return found


class NotingAccounts(Accounts):
    """Notes the tokens that it gives out."""

    given = ()

    def _tokens(self, seconds):
        reply = super()._tokens(seconds)
        self.given = (*self.given, *self.good, self.refresh)
        return reply


async def connected(root, server, accounts, secret):
    """A plugin with a secret in its configuration, signed in at the accounts' server."""
    config = {"base": accounts.base, "client": "shop", "secret": secret}
    for method, path, body in [
            ("PUT", "config", {"config": config, "allows_private_network": True}),
            ("POST", "enable", {"agreed": True})]:
        reply = await root.ask(method, f"/v1/plugins/{PLUGIN}/{path}", body)
        assert reply.status == 200, reply.body
    while (await root.get(f"/v1/plugins/{PLUGIN}"))["status"] != "running":
        await asyncio.sleep(0.02)
    begun = await root.ask("POST", f"/v1/plugins/{PLUGIN}/oauth/account", {})
    asked = parse_qs(urlsplit(begun.json["url"]).query)
    query = {name: values[0] for name, values in asked.items()}
    back = f"{server.base}/v1/oauth/callback?state={query['state']}&code={accounts.allow(query)}"
    assert (await request("GET", back)).status == 200


async def test_no_secret_lies_open_in_any_file_of_the_data_folder(tmp_path):
    secret = f"plugin-secret-{new_cid()}"
    with NotingAccounts(secret) as accounts:
        (tmp_path / "plugins").mkdir()
        build(tmp_path / "plugins", accounts.base)
        server = Server(environment={"MAITRED_PLUGIN_FOLDERS": str(tmp_path / "plugins")})
        server.set_up()
        server.start()
        try:
            root = await Administrator.sign_in(server)
            await connected(root, server, accounts, secret)
            hook = await root.ask("POST", "/v1/webhooks", {"url": ADDRESS})
            assert hook.status == 201, hook.body
            shared = tmp_path / "shared.txt"
            shared.write_text(SHARED)
            server.command("site", "key", "add", server.site["key"], "--algorithm", "HS256",
                           "--kid", "shared", "--file", shared)
            access, refresh = accounts.given
            webhook = hook.json["secret"].removeprefix("whsec_")
            secrets = [secret, access, refresh, webhook, base64.b64decode(webhook), SHARED,
                       server.site["identity_secret"]]
            for go_on in (lambda: None, server.kill, server.start, server.stop):
                go_on()
                assert lying_open(server.folder, [ADDRESS]), "this test sees nothing"
                assert lying_open(server.folder, secrets) == []
        finally:
            server.close()


@pytest.fixture
def kept(tmp_path):
    """A workspace that nobody serves."""
    server = Server(tmp_path / "data")
    server.set_up()
    return server


def test_the_key_is_a_file_of_its_own_for_the_owner_alone(kept):
    key = (kept.folder / KEY).read_text().strip()
    assert (kept.folder / KEY).stat().st_mode & 0o777 == 0o600
    raw = base64.urlsafe_b64decode(key + "=")
    assert len(raw) == 32 and lying_open(kept.folder, [raw]) == [(KEY, raw)]


def test_a_copy_of_the_database_alone_is_refused_and_says_what_it_lacks(kept, tmp_path):
    place = tmp_path / "copied"
    place.mkdir(mode=0o700)
    for file in kept.folder.glob("maitred.sqlite*"):
        shutil.copy(file, place)
    copied = Server(place)
    refused = copied.command("site", "list", check=False)
    assert refused.returncode and f"{KEY} is not there" in refused.stderr, refused.stderr
    other = Server(tmp_path / "other")
    other.set_up()
    shutil.copy(other.folder / KEY, place)
    refused = copied.command("site", "list", check=False)
    assert refused.returncode and "is not the key" in refused.stderr, refused.stderr
    shutil.copy(kept.folder / KEY, place)
    assert copied.command("site", "list").startswith(kept.site["key"])


def test_a_backup_has_the_key_and_opens_by_itself(kept, tmp_path):
    file = tmp_path / "backup.tar"
    kept.command("backup", file)
    assert file.stat().st_mode & 0o777 == 0o600
    restored = Server(tmp_path / "restored")
    restored.command("restore", file)
    assert (restored.folder / KEY).read_bytes() == (kept.folder / KEY).read_bytes()
    assert restored.command("site", "list").startswith(kept.site["key"])
