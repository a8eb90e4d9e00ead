"""What the HubSpot plugin does, at work against a played HubSpot."""

import time

import pytest

from played_hubspot import TOKEN, PlayedHubSpot, limit
from plugin_bench import Bench, Refused

ADA = {"id": "ctc_1", "name": "Ada Lovelace", "email": "Ada@Example.com"}
OPENED = "hook/conversation.opened"
NOTES = "/objects/notes"


@pytest.fixture
def hubspot():
    with PlayedHubSpot() as api:
        yield api


def bench_for(api, **settings):
    return Bench("Plugins/crm-hubspot",
                 {"access_token": TOKEN, "api_base": api.base, **settings})


@pytest.fixture
def bench(hubspot):
    with bench_for(hubspot) as bench:
        yield bench


def add_ada(api, **more):
    """Ada, whose company is looked after by Grace."""
    api.owners["77"] = {"id": "77", "email": "grace@example.org", "type": "PERSON",
                        "firstName": "Grace", "lastName": "Hopper", "archived": False}
    company = api.add("companies", name="Analytical Engines", tier="gold",
                      renewal_date="2027-03-01")
    return api.add("contacts", **{
        "email": "ada@example.com", "firstname": "Ada", "lastname": "Lovelace",
        "company": "analytical engines ltd", "lifecyclestage": "customer",
        "hubspot_owner_id": "77", "associatedcompanyid": company, **more})


def enter(bench, *texts, **more):
    """Ada's conversation, as the server has it."""
    messages = [{"from": "customer", "name": "Ada Lovelace", "text": text, "at": 1} for text in
                texts or ["The invoice is wrong."]]
    bench.conversation(**{"id": "cnv_1", "status": "resolved", "contact": ADA,
                          "messages": messages, **more})


def resolve(bench, id="evt-1", by="Ann", **more):
    return bench.observe("conversation.resolved", {"by": {"kind": "agent", "name": by}}, id=id,
                         contact=ADA, **more)


def logged(bench, text, within=5):
    """Whether the log has a text; it comes by a way of its own, later than answers maybe."""
    end = time.monotonic() + within
    while not any(text in line for line in bench.logs) and time.monotonic() < end:
        time.sleep(0.01)
    return any(text in line for line in bench.logs)


def facts(bench, contact=ADA):
    output = bench.call(OPENED, {"contact": contact})
    return output and output["facts"]


# Facts


def test_a_conversation_opens_with_what_hubspot_knows_in_order(hubspot, bench):
    add_ada(hubspot)
    known = bench.call(OPENED, {"contact": ADA})
    assert known["title"] == "HubSpot"
    assert list(known["facts"].items()) == [
        ("company", "Analytical Engines"), ("tier", "gold"), ("owner", "Grace Hopper"),
        ("renewal", "2027-03-01"), ("lifecycle", "customer")]


def test_what_the_contact_says_counts_before_what_its_company_says(hubspot, bench):
    add_ada(hubspot, tier="platinum", renewal_date="2026-12-24T00:00:00Z")
    assert facts(bench)["tier"] == "platinum"
    assert facts(bench)["renewal"] == "2026-12-24"


def test_a_contact_without_a_company_record_has_the_name_it_wrote(hubspot, bench):
    hubspot.add("contacts", email="ada@example.com", company="Engines", lifecyclestage="lead")
    assert facts(bench) == {"company": "Engines", "lifecycle": "lead"}
    assert not hubspot.asked("/companies")


def test_the_owner_of_the_company_stands_in_for_a_contact_without_one(hubspot, bench):
    contact = add_ada(hubspot, hubspot_owner_id="")
    company = hubspot.objects["contacts"][contact]["associatedcompanyid"]
    hubspot.objects["companies"][company]["hubspot_owner_id"] = "77"
    assert facts(bench)["owner"] == "Grace Hopper"


def test_an_owners_name_is_asked_for_once_an_hour(hubspot, bench):
    add_ada(hubspot)
    assert facts(bench)["owner"] == facts(bench)["owner"] == "Grace Hopper"
    assert len(hubspot.asked("/owners")) == 1
    bench.advance(3601)
    assert facts(bench)["owner"] == "Grace Hopper"
    assert len(hubspot.asked("/owners")) == 2


def test_an_owner_who_has_left_is_left_out_and_not_asked_for_again(hubspot, bench):
    add_ada(hubspot, hubspot_owner_id="78")
    assert "owner" not in facts(bench)
    assert "owner" not in facts(bench)
    assert len(hubspot.asked("/owners")) == 1


def test_properties_have_the_names_that_the_operator_gives_them(hubspot):
    hubspot.known["contacts"] |= {"plan_level", "contract_end", "account_manager"}
    add_ada(hubspot, plan_level="enterprise", contract_end="2028-01-31", account_manager="77",
            hubspot_owner_id="", mrr="4200", lifecyclestage="")
    names = {"tier_property": "plan_level", "renewal_property": "contract_end",
             "owner_property": "account_manager", "extra_properties": ["mrr"]}
    with bench_for(hubspot, **names) as bench:
        assert facts(bench) == {"company": "Analytical Engines", "tier": "enterprise",
                                "owner": "Grace Hopper", "renewal": "2028-01-31", "mrr": "4200"}


def test_nothing_is_asked_for_that_the_operator_has_left_empty(hubspot):
    add_ada(hubspot)
    names = {"tier_property": "", "renewal_property": "", "owner_property": "",
             "company_name_property": ""}
    with bench_for(hubspot, **names) as bench:
        assert facts(bench) == {"company": "analytical engines ltd", "lifecycle": "customer"}
    assert len(hubspot.requests) == 1
    assert "" not in hubspot.requests[0].json["properties"]


def test_a_contact_that_the_search_does_not_know_yet_is_read_by_its_address(hubspot, bench):
    add_ada(hubspot)
    hubspot.indexed.clear()
    assert facts(bench)["tier"] == "gold"
    search, read = hubspot.requests[:2]
    assert search.path == "/crm/v3/objects/contacts/search"
    assert read.path == "/crm/v3/objects/contacts/ada@example.com"
    assert read.query["idProperty"] == "email"


def test_the_search_alone_is_enough_when_it_finds_the_contact(hubspot, bench):
    add_ada(hubspot)
    facts(bench)
    assert [sent.method for sent in hubspot.asked("/contacts")] == ["POST"]


def test_an_address_with_a_plus_is_found(hubspot, bench):
    hubspot.add("contacts", email="ada+work@example.com", lifecyclestage="lead")
    hubspot.indexed.clear()
    assert facts(bench, {"email": "ada+work@example.com"}) == {"lifecycle": "lead"}


def test_a_stranger_has_no_facts(hubspot, bench):
    assert facts(bench) is None
    assert [sent.method for sent in hubspot.requests] == ["POST", "GET"]


def test_a_contact_without_an_address_is_not_asked_for(hubspot, bench):
    assert facts(bench, {"id": "ctc_1", "name": "Ada"}) is None
    assert not hubspot.requests


def test_facts_do_without_what_the_token_may_not_read(hubspot, bench):
    add_ada(hubspot)
    hubspot.scopes -= {"crm.objects.owners.read", "crm.objects.companies.read"}
    assert facts(bench) == {"company": "analytical engines ltd", "lifecycle": "customer"}


def test_dated_versions_have_paths_of_their_own():
    with PlayedHubSpot("2026-03") as hubspot:
        add_ada(hubspot)
        hubspot.indexed.clear()
        with bench_for(hubspot, api_version="2026-03") as bench:
            enter(bench)
            assert facts(bench)["owner"] == "Grace Hopper"
            resolve(bench)
            bench.call("health")
            panel = bench.call("panel/crm", {"contact": ADA, "conversation": "cnv_1"})
        assert len(hubspot.notes) == 1
        assert any(block["type"] == "link" for block in panel["blocks"])
        paths = {sent.path for sent in hubspot.requests}
        assert "/crm/objects/2026-03/contacts/search" in paths
        assert "/crm/objects/2026-03/notes" in paths
        assert "/crm/owners/2026-03/77" in paths


def test_a_version_that_is_none_is_refused_at_the_start(hubspot):
    with pytest.raises(Refused, match="api_version"):
        with bench_for(hubspot, api_version="latest"):
            pass


# What goes wrong


def test_a_token_that_hubspot_refuses_is_named(hubspot, bench):
    add_ada(hubspot)
    hubspot.token = "pat-eu1-another"
    with pytest.raises(Refused, match="access token") as refused:
        facts(bench)
    assert refused.value.status == 1


def test_a_scope_that_is_missing_is_named(hubspot, bench):
    hubspot.scopes.clear()
    with pytest.raises(Refused, match="lacks a scope: crm.objects.contacts.read") as refused:
        facts(bench)
    assert refused.value.status == 1


def test_a_version_that_hubspot_has_no_paths_for_is_named(hubspot):
    add_ada(hubspot)
    with bench_for(hubspot, api_version="v9") as bench:
        for call in (facts, lambda bench: bench.call("health")):
            with pytest.raises(Refused, match="nothing at this address .404.*api_version") as no:
                call(bench)
            assert no.value.status == 1


def test_a_company_that_was_deleted_leaves_what_the_contact_says(hubspot, bench):
    add_ada(hubspot)
    hubspot.objects["companies"].clear()
    assert facts(bench) == {"company": "analytical engines ltd", "owner": "Grace Hopper",
                            "lifecycle": "customer"}


def test_what_hubspot_cannot_make_sense_of_is_final_and_asked_once(hubspot, bench):
    hubspot.fail(422, {"status": "error", "message": "ada@example.com is odd", "category":
                       "VALIDATION_ERROR"})
    with pytest.raises(Refused, match="refuses .422 VALIDATION_ERROR") as refused:
        bench.action("hubspot.create_contact", {"email": "ada@example.com"})
    assert refused.value.status == 2 and "ada@" not in refused.value.message
    assert len(hubspot.asked("/contacts")) == 1


def test_a_search_at_its_limit_is_gone_around(hubspot, bench):
    add_ada(hubspot)
    hubspot.fail(429, limit("SECONDLY"))
    assert facts(bench)["tier"] == "gold"
    assert [sent.method for sent in hubspot.asked("/contacts")] == ["POST", "GET"]


def test_a_request_that_was_too_many_is_repeated_after_the_time_it_was_told(hubspot, bench):
    add_ada(hubspot)
    hubspot.fail(429, limit("SECONDLY"))
    hubspot.fail(429, limit("TEN_SECONDLY_ROLLING"), retry_after=1)
    assert facts(bench)["tier"] == "gold"
    second, third = hubspot.asked("/contacts/")[1:3]
    assert third.at - second.at >= 1


def test_facts_do_not_wait_longer_than_a_conversation_does(hubspot, bench):
    add_ada(hubspot)
    hubspot.fail(429, limit("SECONDLY"), retry_after=10)
    with pytest.raises(Refused) as refused:
        bench.call(OPENED, {"contact": ADA}, deadline_ms=800)
    assert refused.value.status == 4


def test_a_limit_that_stays_reached_is_a_matter_of_time(hubspot, bench):
    hubspot.fail(429, limit("DAILY"), retry_after=0, times=10)
    with pytest.raises(Refused, match="limit of requests is reached .DAILY.") as refused:
        facts(bench)
    assert refused.value.status == 4


def test_a_server_in_trouble_is_a_matter_of_time(hubspot, bench):
    hubspot.fail(503, "<html>", retry_after=0, times=10)
    with pytest.raises(Refused, match="cannot answer now .503.") as refused:
        facts(bench)
    assert refused.value.status == 4


def test_an_account_that_is_being_moved_is_a_matter_of_time(hubspot, bench):
    hubspot.fail(477, {"status": "error", "message": "Migration in progress"}, times=2)
    with pytest.raises(Refused) as refused:
        facts(bench)
    assert refused.value.status == 4


def test_an_answer_that_is_no_json_is_a_matter_of_time(hubspot, bench):
    hubspot.malformed(times=10)
    with pytest.raises(Refused) as refused:
        facts(bench)
    assert refused.value.status == 4


def test_a_slow_hubspot_costs_the_facts_and_no_more(hubspot, bench):
    add_ada(hubspot)
    hubspot.slow(1.5)
    with pytest.raises(Refused) as refused:
        bench.call(OPENED, {"contact": ADA}, deadline_ms=300)
    assert refused.value.code == "plugin_timeout"
    assert facts(bench)["tier"] == "gold"


def test_a_connection_that_breaks_is_made_again(hubspot, bench):
    add_ada(hubspot)
    hubspot.indexed.clear()
    hubspot.hang_up(times=2)
    assert facts(bench)["tier"] == "gold"


# Notes of resolved conversations


def test_a_resolved_conversation_is_on_the_contacts_timeline(hubspot, bench):
    ada = add_ada(hubspot)
    enter(bench, "The invoice is wrong.", tags=["billing", "intent:billing.invoice"])
    bench.observe("conversation.handed_off",
                  {"reason": {"code": "asked_for_person", "text": "The customer asked for a "
                                                                  "person."}}, id="evt-0")
    resolve(bench, at=1_790_000_123_456)
    assert len(hubspot.notes) == 1
    [note] = hubspot.notes_of[ada]
    assert hubspot.objects["notes"][note]["hs_timestamp"] == "1790000123456"
    [body] = hubspot.notes
    assert "Support conversation resolved</strong> by Ann" in body
    assert "With: Ada Lovelace" in body
    assert "About: billing.invoice" in body
    assert "Handed to the team: The customer asked for a person." in body
    assert "<strong>Ada Lovelace</strong>: The invoice is wrong." in body
    assert '<a href="http://127.0.0.1/console/#cnv_1">' in body


def test_a_note_says_why_only_for_the_conversation_it_was_about(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    bench.observe("conversation.handed_off", {"reason": {"code": "low_confidence"}}, id="evt-0")
    resolve(bench, id="evt-1")
    resolve(bench, id="evt-2")
    assert "Handed to the team: low_confidence" in hubspot.notes[0]
    assert "Handed" not in hubspot.notes[1]


def test_a_contact_that_is_deleted_meanwhile_gets_no_note_and_holds_up_nothing(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.fail_note(404, {"status": "error", "category": "OBJECT_NOT_FOUND",
                            "message": "ada@example.com is gone"})
    resolve(bench, id="evt-1")
    assert logged(bench, "no note was written") and hubspot.notes == []
    assert not any("ada@" in line for line in bench.logs)
    resolve(bench, id="evt-2")
    assert len(hubspot.notes) == 1


def test_a_resolution_told_twice_is_one_note(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    resolve(bench)
    resolve(bench)
    assert len(hubspot.notes) == 1


def test_a_conversation_resolved_twice_is_two_notes(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    resolve(bench, id="evt-1")
    resolve(bench, id="evt-2")
    assert len(hubspot.notes) == 2


def test_a_note_that_was_refused_for_now_is_written_when_it_is_told_again(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.fail_note(429, limit("DAILY"))
    with pytest.raises(Refused) as refused:
        resolve(bench)
    assert refused.value.status == 4
    assert not hubspot.notes
    resolve(bench)
    assert len(hubspot.notes) == 1
    assert not any("associations" in sent.query for sent in hubspot.requests)


def test_a_note_waits_out_a_short_limit(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.fail_note(429, limit("SECONDLY"), retry_after=0)
    resolve(bench)
    assert len(hubspot.notes) == 1


def test_a_note_whose_answer_was_lost_is_not_written_again(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.fail_note(502, "<html>", after=True)
    with pytest.raises(Refused):
        resolve(bench)
    assert len(hubspot.notes) == 1
    resolve(bench)
    resolve(bench)
    assert len(hubspot.notes) == 1
    assert len([sent for sent in hubspot.requests if sent.path.endswith(NOTES)]) == 1


def test_a_note_whose_connection_broke_is_looked_for_before_it_is_written(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.hang_up_on_note()
    with pytest.raises(Refused):
        resolve(bench)
    assert not hubspot.notes
    resolve(bench)
    assert len(hubspot.notes) == 1
    assert hubspot.requests[-2].query["associations"] == "notes"


def test_a_note_whose_connection_broke_after_it_was_written_is_found(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.hang_up_on_note(after=True)
    with pytest.raises(Refused):
        resolve(bench)
    resolve(bench)
    assert len(hubspot.notes) == 1


def test_a_note_is_found_among_others_of_the_same_contact(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    resolve(bench, id="evt-1", at=1_790_000_000_000)
    hubspot.fail_note(504, "<html>", after=True)
    with pytest.raises(Refused):
        resolve(bench, id="evt-2", at=1_790_000_000_001)
    resolve(bench, id="evt-2", at=1_790_000_000_001)
    resolve(bench, id="evt-3", at=1_790_000_000_002)
    assert len(hubspot.notes) == 3


def test_a_note_that_may_never_be_written_is_given_up_and_logged(hubspot, bench):
    add_ada(hubspot)
    enter(bench)
    hubspot.scopes.remove("crm.objects.contacts.write")
    resolve(bench)
    assert not hubspot.notes
    assert logged(bench, "crm.objects.contacts.write")
    assert not any("ada@example.com" in line.lower() for line in bench.logs)


def test_no_note_is_written_for_a_stranger(hubspot, bench):
    enter(bench)
    resolve(bench)
    assert not hubspot.asked("/notes")


def test_a_contact_added_a_moment_ago_gets_its_note(hubspot, bench):
    enter(bench)
    bench.action("hubspot.create_contact", {"email": "ada@example.com"})
    resolve(bench)
    assert len(hubspot.notes) == 1


def test_notes_can_be_switched_off(hubspot):
    add_ada(hubspot)
    with bench_for(hubspot, write_notes=False) as bench:
        enter(bench)
        bench.observe("conversation.handed_off", {"reason": {"text": "…"}}, id="evt-0")
        resolve(bench)
    assert not hubspot.requests


def test_a_note_quotes_as_many_of_the_last_messages_as_it_should(hubspot):
    add_ada(hubspot)
    with bench_for(hubspot, note_messages=2) as bench:
        enter(bench, "first", "second", "third")
        resolve(bench)
    [body] = hubspot.notes
    assert "first" not in body
    assert body.index("second") < body.index("third")


def test_long_messages_are_cut_and_a_note_stays_within_hubspots_limit(hubspot):
    add_ada(hubspot)
    with bench_for(hubspot, note_messages=50) as bench:
        enter(bench, *[f"{number:02} " + "<" * 2000 for number in range(50)])
        resolve(bench)
    [body] = hubspot.notes
    assert len(body) <= 65_536
    assert "49 &lt;" in body
    assert "00 &lt;" not in body
    assert "…" in body


def test_what_customers_write_is_no_markup_in_hubspot(hubspot, bench):
    add_ada(hubspot)
    enter(bench, '<img src=x onerror="alert(1)"> & more\nnext line')
    resolve(bench, by="<b>Ann</b>")
    [body] = hubspot.notes
    assert "<img" not in body
    assert "<b>" not in body
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; more<br>next line" in body


# Actions


def test_a_contact_is_added_with_what_is_known(hubspot, bench):
    output = bench.action("hubspot.create_contact", {
        "email": "Ada@Example.com", "first_name": "Ada", "last_name": "Lovelace",
        "company": "Analytical Engines"})
    [(id, contact)] = hubspot.objects["contacts"].items()
    assert {name: contact[name] for name in ("email", "firstname", "lastname", "company")} == {
        "email": "ada@example.com", "firstname": "Ada", "lastname": "Lovelace",
        "company": "Analytical Engines"}
    assert output == {
        "summary": "The contact is in HubSpot now.", "contact_id": id, "created": True,
        "url": f"https://app-eu1.hubspot.com/contacts/123456/record/0-1/{id}"}


def test_a_contact_that_hubspot_has_already_is_no_failure(hubspot, bench):
    id = add_ada(hubspot)
    output = bench.action("hubspot.create_contact", {"email": "ada@example.com"})
    assert output["contact_id"] == id
    assert output["created"] is False
    assert len(hubspot.objects["contacts"]) == 1


def test_adding_a_contact_twice_with_one_key_adds_one(hubspot, bench):
    first = bench.action("hubspot.create_contact", {"email": "ada@example.com"}, key="k")
    second = bench.action("hubspot.create_contact", {"email": "ada@example.com"}, key="k")
    assert first["contact_id"] == second["contact_id"]
    assert len(hubspot.objects["contacts"]) == 1


def test_adding_a_contact_is_repeated_when_its_answer_was_lost(hubspot, bench):
    hubspot.fail(503, "<html>", retry_after=0, after=True)
    output = bench.action("hubspot.create_contact", {"email": "ada@example.com"})
    assert list(hubspot.objects["contacts"]) == [output["contact_id"]]


def test_what_hubspot_refuses_is_said_without_the_customers_data(hubspot, bench):
    with pytest.raises(Refused, match="INVALID_EMAIL of email") as refused:
        bench.action("hubspot.create_contact", {"email": "ada@secret"})
    assert refused.value.status == 2
    assert "secret" not in refused.value.message


def test_a_property_that_the_account_lacks_is_named(hubspot):
    with bench_for(hubspot, company_property="employer") as bench:
        with pytest.raises(Refused, match="PROPERTY_DOESNT_EXIST of employer"):
            bench.action("hubspot.create_contact",
                         {"email": "ada@example.com", "company": "Engines"})


def test_an_agents_note_is_on_the_timeline_of_the_conversations_contact(hubspot, bench):
    ada = add_ada(hubspot)
    output = bench.action("hubspot.note", {"text": "Wants <50> seats\nsoon"}, contact=ADA)
    assert hubspot.notes == [
        "<p>Wants &lt;50&gt; seats<br>soon</p><p>Written in maitred by Ann</p>"]
    assert hubspot.notes_of[ada] == [output["note_id"]]
    assert output["url"].endswith(f"/record/0-1/{ada}")


def test_an_agents_note_can_be_for_another_contact(hubspot, bench):
    add_ada(hubspot)
    grace = hubspot.add("contacts", email="grace@example.org")
    bench.action("hubspot.note", {"text": "Hello", "email": "grace@example.org"}, contact=ADA)
    assert list(hubspot.notes_of) == [grace]


def test_an_agents_note_with_one_key_is_written_once(hubspot, bench):
    add_ada(hubspot)
    first = bench.action("hubspot.note", {"text": "Hello"}, contact=ADA, key="k")
    second = bench.action("hubspot.note", {"text": "Hello"}, contact=ADA, key="k")
    bench.action("hubspot.note", {"text": "Hello"}, contact=ADA, key="another")
    assert first["note_id"] == second["note_id"]
    assert len(hubspot.notes) == 2


def test_an_agents_note_whose_answer_was_lost_is_found_again(hubspot, bench):
    add_ada(hubspot)
    hubspot.fail_note(503, "<html>", after=True)
    with pytest.raises(Refused):
        bench.action("hubspot.note", {"text": "Hello"}, contact=ADA, key="k")
    output = bench.action("hubspot.note", {"text": "Hello"}, contact=ADA, key="k")
    assert [output["note_id"]] == list(hubspot.objects["notes"])


def test_a_note_for_a_stranger_says_what_to_do(hubspot, bench):
    with pytest.raises(Refused, match="add it first") as refused:
        bench.action("hubspot.note", {"text": "Hello"}, contact=ADA)
    assert refused.value.status == 2
    with pytest.raises(Refused, match="address is not known"):
        bench.action("hubspot.note", {"text": "Hello"})


# Panel and health


def panel(bench, contact=ADA):
    return bench.call("panel/crm", {"contact": contact, "conversation": "cnv_1"})["blocks"]


def test_the_panel_shows_the_customer_and_leads_to_the_record(hubspot, bench):
    ada = add_ada(hubspot)
    fields, link, button = panel(bench)
    assert [(field["name"], field["value"]) for field in fields["fields"]] == [
        ("Name", "Ada Lovelace"), ("Company", "Analytical Engines"), ("Tier", "gold"),
        ("Owner", "Grace Hopper"), ("Renewal", "2027-03-01"), ("Lifecycle", "Customer")]
    assert link["url"] == f"https://app-eu1.hubspot.com/contacts/123456/record/0-1/{ada}"
    assert button["action"] == "hubspot.note"


def test_the_account_is_asked_for_once_an_hour(hubspot, bench):
    add_ada(hubspot)
    assert panel(bench) == panel(bench)
    assert len(hubspot.asked("/account-info")) == 1


def test_the_panel_offers_to_add_a_stranger(hubspot, bench):
    text, button = panel(bench, {**ADA, "name": "Augusta Ada Lovelace"})
    assert text["text"] == "Not in HubSpot."
    assert button["action"] == "hubspot.create_contact"
    assert button["input"] == {"email": ADA["email"], "first_name": "Augusta Ada",
                               "last_name": "Lovelace"}


def test_the_panel_says_that_there_is_no_address(hubspot, bench):
    [text] = panel(bench, {"id": "ctc_1"})
    assert "not known yet" in text["text"]
    assert not hubspot.requests


def test_the_connection_test_asks_for_all_that_is_needed(hubspot, bench):
    bench.call("health")
    assert {sent.path.split("/")[-1] for sent in hubspot.requests} == {
        "contacts", "companies", "owners"}


@pytest.mark.parametrize("scope", ["contacts", "companies", "owners"])
def test_the_connection_test_names_the_scope_that_is_missing(hubspot, bench, scope):
    hubspot.scopes.remove(f"crm.objects.{scope}.read")
    with pytest.raises(Refused, match=f"lacks a scope: crm.objects.{scope}.read"):
        bench.call("health")


def test_the_connection_test_names_a_refused_token(hubspot, bench):
    hubspot.token = "pat-eu1-another"
    with pytest.raises(Refused, match="access token"):
        bench.call("health")


def test_the_token_is_sent_to_hubspot_alone_and_never_logged(hubspot, bench):
    add_ada(hubspot)
    facts(bench)
    assert {sent.headers["authorization"] for sent in hubspot.requests} == {f"Bearer {TOKEN}"}
    assert not any(TOKEN in sent.path + str(sent.query) + sent.text for sent in hubspot.requests)
    assert not any(TOKEN in line for line in bench.logs)
