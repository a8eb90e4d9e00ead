"""The commands of those who write plugins: `new`, `check` and `dev`, from outside."""

import json
import re

import c_plugins
import pytest
from peers import ROOT
from plugin_commands import Dev, make, plugin, said

TEMPLATES = ["action", "enrich", "channel", "llm"]
READ = {"name": "shelf.read", "title": "Read", "effect": "read", "input": {
    "type": "object", "required": ["title"], "properties": {
        "title": {"type": "string", "maxLength": 40}, "copies": {"type": "integer"}}}}
# Hooks that no server calls: one of none, and one of another mode.
UNASKED = [("route.assign", "provide"), ("message.created", "filter")]
ANSWER = "INVOKE { answer(call, \"{\\\"read\\\":1}\"); }"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_plugin_in_c_passes_its_test_and_the_check_unedited(template, tmp_path):
    made = plugin("new", "my-plugin", "--lang", "c", "--template", template, cwd=tmp_path)
    assert made.returncode == 0 and "Made my-plugin/" in made.stdout, said(made)
    folder = tmp_path / "my-plugin"
    assert json.loads((folder / "plugin.json").read_text())["id"] == "com.example.my-plugin"
    tested = make(folder, "test")
    assert tested.returncode == 0 and "1 passed, 0 failed" in tested.stdout, said(tested)
    checked = check(folder, "--config", folder / "config.example.json")
    assert checked.returncode == 0, said(checked)
    for line in ("plugin.json: com.example.my-plugin 0.1.0", "exports maitred_plugin_entry alone",
                 "started and stopped 3 times", "bore 60 nonsense inputs for each method"):
        assert f"ok      {line}" in checked.stdout
    assert "warning" not in checked.stdout, checked.stdout


# The first one is built in test_plugin_kit.py.
@pytest.mark.parametrize("template", TEMPLATES[1:])
def test_a_new_plugin_in_swift_passes_its_test_unedited(template, tmp_path):
    made = plugin("new", "my-plugin", "--template", template, "--id", "org.example.mine",
                  cwd=tmp_path)
    assert made.returncode == 0, said(made)
    tested = make(tmp_path / "my-plugin", "test")
    assert tested.returncode == 0 and "1 passed, 0 failed" in tested.stdout, said(tested)


@pytest.mark.parametrize("words, reason", [
    (["My-Plugin"], "My-Plugin is not a name such as my-orders"),
    (["mine", "--lang", "cobol"], "--lang is one of swift, c"),
    (["mine", "--template", "game"], "--template is one of action, enrich, channel, llm"),
])
def test_a_plugin_that_cannot_be_made_leaves_no_folder(words, reason, tmp_path):
    made = plugin("new", *words, cwd=tmp_path)
    assert made.returncode != 0 and reason in made.stderr, said(made)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    made = plugin("new", "mine", "--lang", "c", cwd=tmp_path)
    assert made.returncode != 0 and "exists already" in made.stderr
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize("given, missing", [
    ({}, []), ({"way": "key"}, []), ({"way": "password"}, ["password", "user"]),
    ({"way": "certificate"}, ["user"]), ({"way": "password", "password": "x", "user": "y"}, []),
    # What is not asked for may be there all the same.
    ({"way": "key", "password": "x"}, []),
])
def test_a_form_asks_for_a_field_only_while_others_have_the_values_it_names(
        given, missing, tmp_path):
    form = {"type": "object", "required": ["password", "user"], "properties": {
        "way": {"type": "string", "enum": ["key", "password", "certificate"], "default": "key"},
        "password": {"type": "string", "x-if": {"way": "password"}},
        "user": {"type": "string", "x-if": {"way": ["password", "certificate"]}}}}
    folder = shelf(tmp_path, ANSWER, contributes={"actions": [{**READ, "input": form}]})
    tried = plugin("run", folder, "shelf.read", json.dumps(given), "--dry-run")
    if missing:
        assert tried.returncode != 0
        assert re.findall(r"input\.(\w+): missing", tried.stderr) == missing, said(tried)
    else:
        assert json.loads(tried.stdout) == {"way": "key", **given}


def check(folder, *words):
    return plugin("check", folder, "--cycles", 3, "--nonsense", 60, *words)


def shelf(folder, code, **manifest):
    manifest.setdefault("contributes", {"actions": [READ]})
    return c_plugins.build(folder, "test.shelf", code, **manifest)


def test_the_check_finds_what_the_servers_own_check_lets_through_to_a_plugin(tmp_path):
    folder = shelf(tmp_path, """
INVOKE {
    if (says(in, "\\"title\\":\\"\\"")) abort();
    answer(call, "{}");
}""")
    checked = check(folder)
    assert checked.returncode != 0
    assert re.search(r'BAD +action/shelf.read ended the process \(.*signal 6.*\) on .*"title":""',
                     checked.stdout), checked.stdout
    assert "BAD     health" not in checked.stdout


def test_the_check_tells_which_rule_of_the_interface_was_broken_and_where(tmp_path):
    folder = shelf(tmp_path, """
INVOKE {
    answer(call, "{}");
    if (strcmp(method, "health") == 0) answer(call, "{}");
}""")
    checked = check(folder)
    assert checked.returncode != 0
    assert ("BAD     health broke a rule of the interface: completed a call twice, or one that "
            "never was") in checked.stdout, checked.stdout
    assert checked.stdout.count("broke a rule") == 1


def test_the_check_finds_what_is_called_before_its_time(tmp_path):
    folder = shelf(tmp_path, "#define CREATING host->log(host, 1, slice(\"{}\"))\n" + ANSWER)
    checked = check(folder)
    assert checked.returncode != 0
    assert ("BAD     start 1 broke a rule of the interface: called log before create had returned"
            in checked.stdout), checked.stdout


def test_the_check_warns_of_hooks_that_nobody_will_ask_for(tmp_path):
    guide = (ROOT / "Documentation/plugins.md").read_text()
    asked = [("enrich", name) for name in re.findall(r"hook/([a-z.]+)", guide)]
    asked += [("filter", name) for name in re.findall(r"filter/([a-z]+\.[a-z]+)", guide)]
    part = guide.split("### provide/NAME")[1].split("#### Channels")[0]
    asked += [("provide", name) for name in re.findall(r"^\| `([a-z_.]+)`", part, re.MULTILINE)]
    part = guide.split("\n## Events")[1].split("\n## ")[0]
    asked += [("observe", name) for name in re.findall(r"^\| `([a-z_.]+)`", part, re.MULTILINE)]
    assert len(set(asked)) >= 27
    hooks = [{"on": name, "mode": mode} for mode, name in dict.fromkeys(asked)]
    hooks += [{"on": name, "mode": mode} for name, mode in UNASKED]
    folder = shelf(tmp_path, ANSWER, contributes={"hooks": hooks},
                   permissions={"read": ["conversation.messages"]})
    checked = plugin("check", folder, "--cycles", 1, "--nonsense", 0)
    assert checked.returncode == 0, said(checked)
    warnings = [line for line in checked.stdout.splitlines() if "hook" in line]
    assert warnings == [
        f"warning {name} is no hook that this server asks for in mode {mode}"
        for name, mode in UNASKED]


def test_the_check_lists_all_faults_of_a_manifest_and_starts_nothing(tmp_path):
    folder = shelf(tmp_path, ANSWER, limits={"concurrency": 0},
                   config={"type": "object", "required": ["key"], "properties": {}})
    checked = check(folder)
    assert checked.returncode != 0
    assert checked.stdout.count("BAD") == 2 and "started" not in checked.stdout, checked.stdout


def test_dev_builds_once_more_what_is_saved_while_it_builds(tmp_path):
    folder = shelf(tmp_path, ANSWER)
    save = "test -e saved || sed -i 's/:1}/:2}/' plugin.c; touch saved"
    # The compiler has read the source when somebody saves it; and each build writes a header.
    with Dev(folder, f"{compiled()} && {{ {save}; date +%N >made.h; }}") as dev:
        dev.until("ready")
        dev.until("ready")
        answer = dev.ask(call="action/shelf.read", input={"input": {"title": "Emma"}})
        assert answer["output"] == {"read": 2}


def compiled():
    return " ".join([*c_plugins.COMPILE, "-o new.so && mv new.so libplugin.so"])


def test_dev_builds_tests_and_swaps_and_a_broken_build_keeps_the_old_one(tmp_path):
    folder = shelf(tmp_path, ANSWER)
    (folder / "Tests").mkdir()
    (folder / "Tests/read.json").write_text(json.dumps({
        "name": "it reads", "steps": [
            {"call": "action/shelf.read", "input": {"title": "Emma"}, "expect": {"read": 1}}]}))
    source = folder / "plugin.c"
    first = source.read_text()
    order = {"call": "action/shelf.read", "input": {"input": {"title": "Emma"}}}
    with Dev(folder, compiled()) as dev:
        assert dev.until("ready")["ready"]["id"] == "test.shelf"
        assert dev.until("test") == {"test": "it reads", "faults": []}
        assert dev.ask(**order)["output"] == {"read": 1}

        source.write_text(first.replace("read\\\":1", "read\\\":2"))
        dev.until("ready")
        test = dev.until("test")
        assert len(test["faults"]) == 1 and "the answer is" in test["faults"][0]
        assert dev.ask(**order)["output"] == {"read": 2}

        source.write_text(first + "this is no C")
        assert dev.until("dev")["dev"] == "the build failed; the old one runs on"
        assert dev.ask(**order)["output"] == {"read": 2}

        source.write_text(first)
        dev.until("ready")
        assert dev.until("test")["faults"] == []
        assert dev.ask(**order)["output"] == {"read": 1}
    assert dev.code == 0
