"""The commands of those who run plugins, on a server: from a package to its replacement."""

import json
import re

import c_plugins
import pytest
from administration import Administrator
from peers import Server, new_cid
from plugin_commands import plugin, said

# Says in its log which version of it is asked, and where it was set up.
CODE = r"""
static char place[60];
static void start(maitred_plugin *plugin, maitred_call *call, maitred_slice config) {
    static const char name[] = "\"place\":\"";
    const char *at = memmem(config.ptr, config.len, name, sizeof name - 1);
    for (size_t i = 0; at && i < sizeof place - 1 && at[sizeof name - 1 + i] != '"'; i++)
        place[i] = at[sizeof name - 1 + i];
    if (strcmp(place, "nowhere") == 0)
        host->complete(host, call, MAITRED_INVALID, slice("{\"message\":\"nobody lives there\"}"));
    else answer(call, "");
}
#define START start
INVOKE {
    const maitred_log_1 *log = host->get_service(host, MAITRED_LOG_SERVICE);
    char text[100];
    snprintf(text, sizeof text, "%s VERSION at %s", method, place);
    log->write(host, MAITRED_LOG_INFO, slice(text), (maitred_slice){0});
    if (strcmp(place, "ruins") == 0)
        host->complete(host, call, MAITRED_FAILED, slice("{\"message\":\"nothing but stones\"}"));
    else answer(call, "{}");
}
"""
CONFIG = {"type": "object", "required": ["place"], "properties": {"place": {"type": "string"}}}
ACTIONS = [{"name": f"town.{name}", "title": name, "effect": effect,
            "input": {"type": "object", "properties": {}}}
           for name, effect in (("build", "money"), ("raze", "irreversible"))]


class Office:
    """A server that trusts one key, and the folder of whoever has it."""

    def __init__(self, folder):
        self.folder = folder
        self.key = folder / "my-key"
        self.made = plugin("key", self.key)
        self.trusted = re.search(r'"NAME=(mtd-verify:\S+)"', self.made.stdout)[1]
        self.server = Server(environment={"MAITRED_TRUSTED_PLUGIN_KEYS": f"me={self.trusted}"})
        self.server.set_up(agents=())
        self.server.start()

    def pack(self, name, version="1.0.0", key=True, **manifest):
        """Makes a package of a plugin; returns its file."""
        place = self.folder / f"{name}-{version}"
        place.mkdir()
        manifest = {"config": CONFIG, "version": version, **manifest}
        folder = c_plugins.build(
            place, f"test.{name}", CODE.replace("VERSION", version), **manifest)
        file = self.folder / f"{name}-{version}.maitredplugin"
        done = plugin("pack", folder, "--output", file, *(["--key", self.key] if key else []))
        assert done.returncode == 0, said(done)
        assert ("not signed" in done.stdout) == (not key)
        return file

    def run(self, *words):
        """Runs a command that must succeed; returns what it printed."""
        done = self.server.command("plugin", *words, check=False)
        assert done.returncode == 0, said(done)
        return done.stdout

    def refused(self, *words):
        """Runs a command that must not; returns why not."""
        done = self.server.command("plugin", *words, check=False)
        assert done.returncode != 0, said(done)
        return done.stderr

    def config(self, **settings):
        file = self.folder / "config.json"
        file.write_text(json.dumps(settings))
        return file

    def plugin(self, name):
        listed = json.loads(self.run("list", "--json"))
        return next((each for each in listed if each["id"] == f"test.{name}"), None)

    def town(self, name, version="1.0.0", place="Bern", **manifest):
        """Installs a plugin, sets it up and switches it on; returns its id."""
        self.run("install", self.pack(name, version, **manifest))
        self.run("configure", f"test.{name}", self.config(place=place))
        self.run("enable", f"test.{name}", "--agree")
        return f"test.{name}"

    def answers(self, id):
        """Which version answers now, and where it is: its own words."""
        self.run("health", id)
        return re.findall(r"health (\S+ at \S+)", self.run("logs", id))[-1]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("packages"))
    yield office
    office.server.close()


def test_a_key_is_for_its_owner_alone_and_is_not_written_over(office):
    assert office.key.stat().st_mode & 0o777 == 0o600
    text = office.key.read_text()
    assert text.strip() not in office.made.stdout
    again = plugin("key", office.key)
    assert again.returncode != 0 and "is there already" in again.stderr
    assert office.key.read_text() == text


def test_a_package_needs_the_signature_of_somebody_who_is_trusted(office):
    file = office.pack("unknown", key=False)
    assert "nobody you trust has signed it" in office.refused("install", file)
    stranger = office.folder / "other-key"
    plugin("key", stranger)
    for key, is_trusted in ((stranger, False), (office.key, True)):
        signed = plugin("sign", file, "--key", key)
        assert signed.returncode == 0 and "Signed" in signed.stdout, said(signed)
        if not is_trusted:
            assert "nobody you trust has signed it" in office.refused("install", file)
            assert office.plugin("unknown") is None
    assert "Installed test.unknown 1.0.0." in office.run("install", file)
    no_key = plugin("sign", file, "--key", file.with_suffix(".none"))
    assert no_key.returncode != 0


def test_from_a_package_to_a_plugin_that_answers(office):
    told = office.run("install", office.pack("fresh", permissions={"read": ["contact.email"]}))
    assert "Installed test.fresh 1.0.0." in told and "read contact.email" in told
    assert office.plugin("fresh")["status"] == "off"
    # The settings first: one of them is required.
    assert "config.place: missing" in office.refused("enable", "test.fresh", "--agree")
    told = office.run("configure", "test.fresh", office.config(place="Bern"))
    assert "test.fresh has its configuration." in told
    refusal = office.refused("enable", "test.fresh")
    assert "add --agree" in refusal and "read contact.email" in refusal
    assert office.plugin("fresh")["status"] != "running"
    assert "test.fresh runs." in office.run("enable", "test.fresh", "--agree")
    assert re.search(r"^test\.fresh  1\.0\.0  running  (full|partial)  trusted$",
                     office.run("list"), re.MULTILINE)
    assert "test.fresh is well." in office.run("health", "test.fresh")
    assert office.answers("test.fresh") == "1.0.0 at Bern"


@pytest.mark.parametrize("settings, reasons", [
    ({}, ["config.place: missing"]),
    ({"place": 7, "street": "x"}, ["config.place: not a text", "config.street: the plugin has no"]),
    ({"place": "nowhere"}, ["nobody lives there"]),
])
def test_a_configuration_that_is_refused_leaves_the_old_one(settings, reasons, office):
    id = "test.settled" if office.plugin("settled") else office.town("settled")
    refusal = office.refused("configure", id, office.config(**settings))
    assert all(reason in refusal for reason in reasons), refusal
    assert office.plugin("settled")["status"] == "running"
    assert office.answers(id) == "1.0.0 at Bern"


def test_a_configuration_that_is_no_json_is_not_sent(office):
    id = office.town("strict")
    file = office.config()
    file.write_text("place: Bern")
    assert "is not JSON" in office.refused("configure", id, file)
    assert office.answers(id) == "1.0.0 at Bern"


def test_a_plugin_that_is_not_well_says_why(office):
    id = office.town("old", place="ruins")
    assert "nothing but stones" in office.refused("health", id)
    office.run("configure", id, office.config(place="Rome"))
    assert office.answers(id) == "1.0.0 at Rome"


def test_a_newer_version_takes_over_when_it_is_chosen_and_the_older_one_comes_back(office):
    id = office.town("growing")
    office.run("install", office.pack("growing", "1.1.0"))
    assert office.answers(id) == "1.0.0 at Bern"
    office.run("enable", id, "--version", "1.1.0")
    assert office.answers(id) == "1.1.0 at Bern"
    assert office.run("logs", id).count("running version 1.1.0") == 1
    assert f"{id} runs version 1.0.0." in office.run("rollback", id)
    assert office.answers(id) == "1.0.0 at Bern"
    assert "version 3.0.0 is not installed" in office.refused("enable", id, "--version", "3.0.0")


def test_a_version_that_asks_for_more_waits_for_a_yes(office):
    id = office.town("asking")
    office.run("install", office.pack("asking", "2.0.0", permissions={"kv_bytes": 1000}))
    refusal = office.refused("enable", id, "--version", "2.0.0")
    assert "add --agree" in refusal and "store 1000 bytes" in refusal
    assert office.answers(id) == "1.0.0 at Bern"
    office.run("enable", id, "--version", "2.0.0", "--agree")
    assert office.answers(id) == "2.0.0 at Bern"


def test_there_is_nothing_to_go_back_to_before_there_was_another_version(office):
    id = office.town("young")
    office.run("enable", id, "--version", "1.0.0", "--agree")
    assert "there is no version to go back to" in office.refused("rollback", id)
    office.run("install", office.pack("young", "1.1.0"))
    # Chosen twice, it is not its own predecessor.
    for _ in range(2):
        office.run("enable", id, "--version", "1.1.0", "--agree")
    assert f"{id} runs version 1.0.0." in office.run("rollback", id)
    assert office.answers(id) == "1.0.0 at Bern"


def test_a_plugin_that_is_off_answers_nothing_and_keeps_its_lines_and_settings(office):
    id = office.town("resting", place="Siena")
    office.answers(id)
    assert f"{id} is off." in office.run("disable", id)
    assert office.plugin("resting")["status"] == "off"
    assert office.refused("health", id)
    assert "health 1.0.0 at Siena" in office.run("logs", id)
    office.run("enable", id)
    assert office.answers(id) == "1.0.0 at Siena"
    before = office.plugin("resting")
    assert f"{id} runs." in office.run("restart", id)
    assert office.plugin("resting")["status"] == before["status"] == "running"


@pytest.mark.parametrize("words", [
    ["enable", "test.absent", "--agree"], ["disable", "test.absent"], ["rollback", "test.absent"],
    ["logs", "test.absent"], ["restart", "test.absent"], ["policy", "show", "test.absent"],
    ["policy", "set", "test.absent", "town.build", "--allow", "agent"]])
def test_what_is_not_there_is_said_to_be_not_there(words, office):
    refusal = office.refused(*words)
    assert "there is no" in refusal, refusal


def test_without_a_server_the_commands_say_so(tmp_path):
    done = plugin("list", "--data", tmp_path)
    assert done.returncode != 0 and "no server runs on" in done.stderr


# Who may have actions done.


def test_the_rules_of_actions_are_shown_as_their_effects_have_them(office):
    id = office.town("ruled", contributes={"actions": ACTIONS})
    assert office.run("policy", "show", id).splitlines() == [
        "town.build  money  allow=agent,supervisor  confirm=never  per_day=200",
        "town.raze  irreversible  allow=agent,supervisor  confirm=always  per_day=100"]
    office.run("disable", id)


async def test_a_rule_that_is_set_counts_at_once_and_what_is_not_named_stays(office):
    id = office.town("regulated", contributes={"actions": ACTIONS})
    root = await Administrator.sign_in(office.server)
    agent = await Administrator.sign_in(office.server, "Ann", "agent")

    async def build(by):
        reply = await by.ask("POST", "/v1/actions/town.build", {"input": {}},
                             idempotency_key=new_cid())
        return reply.status

    assert [await build(agent), await build(root)] == [200, 200]
    told = office.run("policy", "set", id, "town.build", "--allow", "supervisor", "--allow", "bot")
    assert ("town.build  money  allow=bot,supervisor  confirm=never  per_day=200  set: allow"
            in told.splitlines())
    assert [await build(agent), await build(root)] == [403, 200]
    office.run("policy", "set", id, "town.build", "--per-day", 3, "--confirm", "always")
    office.run("policy", "set", id, "town.raze", "--allow", "nobody", "--limit", 0)
    assert (await root.get(f"/v1/plugins/{id}"))["policies"] == {
        "town.build": {"allow": ["supervisor", "bot"], "per_day": 3, "confirm": "always"},
        "town.raze": {"allow": [], "limit": 0}}
    assert await build(root) == 409
    told = json.loads(office.run("policy", "set", id, "town.build", "--reset", "--json"))
    assert told[0]["set"] == {} and told[0]["policy"]["allow"] == ["agent", "supervisor"]
    assert told[1]["policy"]["allow"] == [] and told[1]["set"]["limit"] == 0
    assert [await build(agent), await build(root)] == [200, 200]
    office.run("disable", id)


@pytest.mark.parametrize("words, reason", [
    (["town.build", "--confirm", "sometimes"], "policies.town.build.confirm: not a setting"),
    (["town.build", "--allow", "everybody"], "policies.town.build.allow: not a setting"),
    (["town.build", "--per-day=-1"], "policies.town.build.per_day: not a setting"),
    (["town.paint", "--allow", "agent"], "policies.town.paint: the plugin has no such action"),
    (["town.build"], "say what: --allow, --confirm, --limit, --per-day or --reset"),
])
def test_a_rule_that_makes_no_sense_changes_nothing(words, reason, office):
    id = "test.steady"
    if not office.plugin("steady"):
        office.run("install", office.pack("steady", contributes={"actions": ACTIONS}))
        office.run("policy", "set", id, "town.build", "--per-day", 5)
    before = office.run("policy", "show", id)
    assert "per_day=5  set: per_day" in before
    assert reason in office.refused("policy", "set", id, *words)
    assert office.run("policy", "show", id) == before
