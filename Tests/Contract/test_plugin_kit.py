"""The Swift kit's helpers for other servers' interfaces, in a plugin that is made of them."""

import json

import pytest
from plugin_commands import make, plugin, said

SOURCE = """
public import CMaitredPlugin
import MaitredPluginKit

struct ShopTrialPlugin: Plugin {
    struct Config: Decodable, Sendable {
        let apiBase: String
        let apiKey: String
    }

    struct Question: Decodable, Sendable { let id: String }
    struct Order: Codable, Sendable { let displayName: String }
    struct Found: Decodable, Sendable { let order: Order }
    struct Wish: Decodable, Sendable { let limit: Int }
    struct Page: Decodable, Sendable {
        let itemNames: [String]
        let nextCursor: String?
    }
    struct Listed: Encodable, Sendable { let names: [String] }

    static var manifest: [UInt8] { PackageResources.plugin_json }
    private let config: Config

    init(_ host: Host, config: Config) { self.config = config }

    func register(_ registrar: inout Registrar) {
        registrar.action("shop-trial.ask") { [config] (input: Question, call) in
            try await call.http.graphQL(
                "\\(config.apiBase)/graphql",
                "query ($id: ID!) { order(id: $id) { displayName } }",
                variables: ["id": .text(input.id)],
                headers: ["X-Key": config.apiKey],
                idempotencyKey: call.idempotencyKey,
                service: "The shop",
                as: Found.self
            ).order
        }
        registrar.action("shop-trial.list") { [config] (input: Wish, call) in
            let base = config.apiBase
            let names = try await call.http.pages(
                from: HTTPRequest("GET", "\\(base)/items"),
                limit: input.limit,
                service: "The shop",
                as: Page.self,
                items: { $0.itemNames },
                next: { page in
                    page.nextCursor.map {
                        HTTPRequest("GET", "\\(base)/items", query: [("after", $0)])
                    }
                }
            )
            return Listed(names: names)
        }
    }
}

@c(maitred_plugin_entry)
public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
    export(ShopTrialPlugin.self, major)
}
"""
ACTIONS = [
    {"name": f"shop-trial.{name}", "title": name, "effect": "read", "input": {
        "type": "object", "required": [member], "properties": {member: {"type": kind}}}}
    for name, member, kind in (("ask", "id", "string"), ("list", "limit", "integer"))]
BASE = "https://api.example.com"


@pytest.fixture(scope="module")
def scaffold(tmp_path_factory):
    """The folder of a new plugin, and what its test said before it was edited."""
    place = tmp_path_factory.mktemp("kit")
    made = plugin("new", "shop-trial", cwd=place)
    assert made.returncode == 0, said(made)
    return place / "shop-trial", make(place / "shop-trial", "test")


@pytest.fixture(scope="module")
def trial(scaffold):
    """The plugin's folder, built."""
    folder, _ = scaffold
    for file in [*(folder / "Sources").iterdir(), *(folder / "Tests").iterdir()]:
        file.unlink()
    (folder / "Sources/ShopTrialPlugin.swift").write_text(SOURCE)
    manifest = json.loads((folder / "plugin.json").read_text())
    manifest["contributes"] = {"actions": ACTIONS}
    (folder / "plugin.json").write_text(json.dumps(manifest))
    built = make(folder)
    assert built.returncode == 0, said(built)
    return folder


def run(folder, step, *http):
    """Plays one step beside a server that answers as told; the fixture must pass."""
    (folder / "Tests/one.json").write_text(json.dumps({
        "name": "one", "config": {"api_key": "sk_test"}, "steps": [step],
        "http": [{"request": request, "response": response} for request, response in http]}))
    done = plugin("test", folder)
    assert done.returncode == 0, said(done)


ASK = {"call": "action/shop-trial.ask", "input": {"id": "o_1"}}
ASKED = {
    "method": "POST", "url": f"{BASE}/graphql",
    "headers": {"content-type": "application/json", "x-key": "sk_test",
                "idempotency-key": "run_test"},
    "body": {"query": "query ($id: ID!) { order(id: $id) { displayName } }",
             "variables": {"id": "o_1"}}}


def test_a_new_plugin_with_actions_passes_its_test_unedited(scaffold):
    _, tested = scaffold
    assert tested.returncode == 0 and "1 passed, 0 failed" in tested.stdout, said(tested)


def test_what_graphql_answers_is_read_by_the_names_it_has(trial):
    answer = {"body": {"data": {"order": {"displayName": "Nine chairs"}}}}
    run(trial, {**ASK, "expect": {"display_name": "Nine chairs"}}, (ASKED, answer))


@pytest.mark.parametrize("answer, status, words", [
    ({"body": {"data": None, "errors": [{"message": "who are you"}]}}, 1, "The shop: who are you"),
    ({"body": {"data": {"order": None}, "errors": [{"message": "no such order"}]}}, 1,
     "The shop: no such order"),
    ({"body": {"data": None}}, 4, "The shop answered without data"),
    ({"body": {"data": {"order": {}}}}, 4, "an answer that makes no sense"),
    ({"body": "<html>"}, 4, "an answer that makes no sense"),
    ({"status": 401, "body": {"errors": [{"message": "a wrong key"}]}}, 1,
     "The shop refuses the key (401): a wrong key"),
    ({"status": 400, "body": {"errors": [{"message": "no query"}]}}, 2,
     "The shop refuses (400): no query"),
])
def test_what_graphql_refuses_is_told_in_the_other_servers_words(answer, status, words, trial):
    run(trial, {**ASK, "expect_error": {"status": status, "message": words}}, (ASKED, answer))


def page(names, after=None, cursor=None):
    url = f"{BASE}/items" + (f"?after={after}" if after else "")
    return {"method": "GET", "url": url}, {"body": {"item_names": names, "next_cursor": cursor}}


FIRST = page(["a", "b"], cursor="2&2")
SECOND = page([], after="2%262", cursor="3")
THIRD = page(["c", "d"], after="3")


@pytest.mark.parametrize("limit, names, pages", [
    (10, ["a", "b", "c", "d"], [FIRST, SECOND, THIRD]),
    (3, ["a", "b", "c"], [FIRST, SECOND, THIRD]),
    # No page is asked for beyond what is wanted.
    (2, ["a", "b"], [FIRST]), (1, ["a"], [FIRST]), (0, [], []),
])
def test_pages_are_followed_as_far_as_there_are_any_and_they_are_wanted(limit, names, pages, trial):
    run(trial, {"call": "action/shop-trial.list", "input": {"limit": limit},
               "expect": {"names": names}}, *pages)


def test_a_page_that_is_refused_ends_the_list_with_its_reason(trial):
    refusal = (SECOND[0], {"status": 403, "body": {"message": "not your shelf"}})
    run(trial, {"call": "action/shop-trial.list", "input": {"limit": 10}, "expect_error": {
        "status": 1, "message": "The shop refuses the key (403): not your shelf"}}, FIRST, refusal)
