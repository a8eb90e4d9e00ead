"""What a site says of itself: opening hours, and what customers are asked while they wait."""


import pytest
from peers import Customer, identity, new_cid

ORIGIN = "http://desk.example"


@pytest.fixture(scope="module")
def desk(shop):
    """A site of the shared server that asks who customers are."""
    site = shop.server.add_site("Desk", ORIGIN)
    change(shop, site, "--ask", "name", "--ask", "email")
    return site


def change(shop, site, *options, **more):
    return shop.server.command("site", "set", site["key"], *options, **more)


async def config(shop, site):
    return (await shop.get(f"/v1/widget/config?site={site['key']}")).json


async def test_opening_hours_are_told_with_the_next_opening(shop, desk):
    assert (await config(shop, desk))["hours"] is None
    change(shop, desk, "--timezone", "Europe/Berlin", "--open", "mon-sun 00:00-24:00",
           "--hours-text", "Day and night")
    assert (await config(shop, desk))["hours"] == {
        "open": True, "opens_at": None, "timezone": "Europe/Berlin", "text": "Day and night"}
    # Hours of no day: nobody can say when they are back.
    change(shop, desk, "--timezone", "Asia/Tokyo")
    assert (await config(shop, desk))["hours"]["open"] is False
    change(shop, desk, "--no-hours")
    assert (await config(shop, desk))["hours"] is None


async def test_origins_and_identity_can_be_changed_while_the_server_runs(shop):
    site = shop.server.add_site("Moved", "http://old.example")
    new = "http://new.example"
    assert (await Customer(shop.server, site=site, origin=new).session()).status == 403
    change(shop, site, "--origin", "http://old.example", "--origin", new, "--require-identity")
    reply = await Customer(shop.server, site=site, origin=new).session()
    assert (reply.status, reply.json["code"]) == (401, "unauthenticated")
    change(shop, site, "--no-require-identity")
    assert (await Customer(shop.server, site=site, origin=new).session()).status == 201


async def test_all_consoles_hear_of_a_site_that_came_after_them_and_by_its_name(shop):
    async with shop.agent("Ann") as ann, shop.agent("Ben") as ben:
        site = shop.server.add_site("Newcomer", "http://newcomer.example")
        customer = Customer(shop.server, site=site, origin="http://newcomer.example")
        await customer.open()
        c = (await customer.say("Hello"))["c"]
        rows = [await one.of_type("inbox.delta", c) for one in (ann, ben)]
        assert rows[0] == rows[1] and rows[0]["d"]["site"] == {"key": site["key"], "name": "Newcomer"}
        change(shop, site, "--name", "Renamed")
        await customer.say("Still there?", c)
        for one in (ann, ben):
            await one.until(lambda frame: frame["t"] == "inbox.delta" and frame["d"]["c"] == c
                            and frame["d"]["site"]["name"] == "Renamed")
        await customer.close()


async def test_keys_are_changed_without_turning_anybody_away(shop, tmp_path):
    site = shop.server.add_site("Rotated", "http://rotated.example")
    token = identity(site, "ada")
    fresh = tmp_path / "key"
    fresh.write_text("k" * 40)
    shop.server.command("site", "key", "add", site["key"], "--algorithm", "HS256",
                        "--kid", "new", "--file", fresh)

    async def status(token):
        customer = Customer(shop.server, identity=token, site=site, origin="http://rotated.example")
        return (await customer.session()).status

    renewed = identity(site, "ada", secret="k" * 40, header={"kid": "new"})
    assert [await status(one) for one in (token, renewed)] == [201, 201]
    shop.server.command("site", "key", "remove", site["key"])
    assert [await status(one) for one in (token, renewed)] == [401, 201]
    assert "new  HS256" in shop.server.command("site", "key", "list", site["key"])
    again = shop.server.command("site", "key", "remove", site["key"], check=False)
    assert again.returncode and "site key list" in again.stderr


@pytest.mark.parametrize(("options", "names"), [
    (["--timezone", "Europe/Nowhere"], "Europe/Nowhere"),
    (["--timezone", "UTC", "--open", "always"], "always"),
    (["--timezone", "UTC", "--closed-on", "christmas"], "christmas"),
    (["--open", "mon 09:00-10:00"], "--timezone"),
    (["--ask", "age"], "age"),
    (["--colour", "green"], "green"),
    (["--origin", "shop"], "shop"),
])
def test_a_change_that_makes_no_sense_changes_nothing_and_says_why(shop, desk, options, names):
    done = change(shop, desk, "--name", "Changed", *options, check=False)
    assert done.returncode != 0
    assert names in done.stderr
    assert "Changed" not in shop.server.command("site", "list")


async def test_customers_are_asked_who_they_are_while_they_wait_and_only_then(shop, desk):
    async with shop.customer(site=desk, origin=ORIGIN) as customer, shop.agent() as ann:
        c = (await customer.say("hello"))["c"]
        form = (await customer.of_type("form.show", c))["d"]
        assert form["form"] == "contact" and form["optional"]
        assert [field["name"] for field in form["fields"]] == ["name", "email"]
        queued = [frame["t"] for frame in customer.frames].index("form.show")
        assert any(frame["t"] == "conv.upd" and frame["d"]["status"] == "queued"
                   for frame in customer.frames[:queued])
        error = await customer.ask(
            "form.submit", {"form": "contact", "values": {"email": "ada at example"}}, c)
        assert (error["d"]["code"], error["d"]["field"]) == ("invalid", "values.email")
        await customer.do("form.submit", {
            "form": "contact", "values": {"name": "Ada", "email": "ada@example.com"}}, c)
        row = await ann.until(lambda frame: frame["t"] == "inbox.delta" and frame["d"]["c"] == c
                              and frame["d"]["contact"].get("email"))
        assert row["d"]["contact"]["name"] == "Ada"
        # The next time it is known.
        async with shop.customer(site=desk, origin=ORIGIN, visitor=customer.visitor) as again:
            other = (await again.say("and another thing"))["c"]
            await again.until(lambda frame: frame["t"] == "conv.upd" and frame["c"] == other
                              and frame["d"]["status"] == "queued")
            await again.settled()
            assert not [frame for frame in again.frames if frame["t"] == "form.show"]


async def test_what_the_product_says_of_its_customer_is_not_asked_nor_overwritten(shop, desk):
    token = identity(desk, new_cid(), name="Ada Lovelace")
    async with shop.customer(site=desk, origin=ORIGIN, identity=token) as customer:
        c = (await customer.say("hello"))["c"]
        form = (await customer.of_type("form.show", c))["d"]
        assert [field["name"] for field in form["fields"]] == ["email"]
        await customer.do("form.submit", {
            "form": "contact", "values": {"name": "Eve", "email": "ada@example.com"}}, c)
        reply = await Customer(shop.server, identity=token, site=desk, origin=ORIGIN).session()
        assert reply.json["contact"]["name"] == "Ada Lovelace"


async def test_a_name_alone_is_shown_to_the_team(shop, desk):
    async with shop.customer(site=desk, origin=ORIGIN) as customer, shop.agent() as ann:
        c = (await customer.say("hello"))["c"]
        await customer.of_type("form.show", c)
        await customer.do("form.submit", {"form": "contact", "values": {"name": "Ada"}}, c)
        await ann.until(lambda frame: frame["t"] == "inbox.delta" and frame["d"]["c"] == c
                        and frame["d"]["contact"].get("name") == "Ada")


async def test_a_form_may_be_left_empty(shop, desk):
    async with shop.customer(site=desk, origin=ORIGIN) as customer:
        c = (await customer.say("hello"))["c"]
        await customer.of_type("form.show", c)
        await customer.do("form.submit", {"form": "contact", "values": {}}, c)
        await customer.do("form.submit", {"form": "contact", "values": {"name": ""}}, c)


async def test_what_a_customer_does_in_the_product_is_told_to_the_team_alone(shop):
    async with shop.customer() as customer, shop.agent() as ann:
        # Before there is a conversation it waits for one.
        await customer.do("track", {"name": "export.failed", "data": {"format": "csv"}})
        c = (await customer.say("hello"))["c"]
        await ann.take(c)
        first = await ann.until(lambda frame: frame["t"] == "event.new" and frame["c"] == c
                                and frame["d"]["type"] == "tracked")
        assert (first["d"]["name"], first["d"]["data"]) == ("export.failed", {"format": "csv"})
        await customer.do("track", {"name": "export.done"}, c)
        await ann.until(lambda frame: frame["t"] == "event.new" and frame["c"] == c
                        and frame["d"].get("name") == "export.done")
        assert await customer.refused("track", {"name": "x"}, "cnv_01kajqz5m8e6tr4v9s2w7n0b3d") \
            == "not_found"
        await customer.settled()
        assert not [frame for frame in customer.frames if frame["t"] == "event.new"]
