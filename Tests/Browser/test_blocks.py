"""What a message can be made of, text that grows, and forms."""

import pytest
from playwright.sync_api import expect

from stage import FORM, frame_of, png, talking

# What a screen reader would be told: the log's additions, but not in parts that are silent.
LISTEN = """() => {
    window.heard = [];
    const isSilent = (node) => node.closest?.('[aria-live="off"]');
    new MutationObserver((records) => {
        for (const { addedNodes, target } of records) {
            if (isSilent(target)) continue;
            for (const node of addedNodes) {
                if (node.nodeType === 1 && !isSilent(node)) window.heard.push(node.innerText);
            }
        }
    }).observe(document.querySelector("#log"), { childList: true, subtree: true });
}"""


def text(words):
    return {"type": "text", "text": words}


def paragraph(*inline):
    return {"type": "paragraph", "inline": list(inline)}


def test_every_kind_of_block_is_drawn(windows):
    customer = talking(windows)
    customer.wire.message("bot", "All of it", blocks=[
        {"type": "heading", "level": 2, "inline": [text("A heading")]},
        paragraph({"type": "strong", "inline": [text("Strong")]}, text(" and "),
                  {"type": "emphasis", "inline": [text("stressed")]}, text(", with "),
                  {"type": "code", "text": "code"}, {"type": "break"},
                  {"type": "link", "url": "https://example.com/a", "inline": [text("a link")]}),
        {"type": "list", "ordered": True, "items": [[paragraph(text("first"))],
                                                    [paragraph(text("second"))]]},
        {"type": "code", "language": "sh", "text": "curl example.com"},
        {"type": "quote", "blocks": [paragraph(text("quoted"))]},
        {"type": "rule"},
        {"type": "from the future", "text": "unknown"},
    ])
    bubble = customer.said_by("bot").last.locator(".bubble")
    expect(bubble.locator("strong")).to_have_text("Strong")
    expect(bubble.locator("em")).to_have_text("stressed")
    expect(bubble.locator("ol > li")).to_have_text(["first", "second"])
    expect(bubble.locator("pre code")).to_have_text("curl example.com")
    expect(bubble.locator("blockquote")).to_have_text("quoted")
    expect(bubble.get_by_role("separator")).to_be_attached()
    expect(bubble).not_to_contain_text("unknown")
    link = bubble.get_by_role("link", name="a link")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")


def test_text_is_never_markup_and_an_address_never_a_script(windows):
    customer = talking(windows)
    customer.wire.message("agent", "<img src=x onerror=alert(1)>", blocks=[
        paragraph(text("<b>not bold</b>"),
                  {"type": "link", "url": "javascript:alert(1)", "inline": [text("press me")]}),
        {"type": "link_card", "url": "javascript:alert(1)", "title": "a trap"},
    ])
    bubble = customer.said_by("agent").locator(".bubble")
    expect(bubble).to_contain_text("<b>not bold</b>")
    expect(bubble).to_contain_text("a trap")
    expect(bubble.locator("b, img, a")).to_have_count(0)


def test_a_link_card_is_one_link_with_the_place_it_leads_to(windows):
    customer = talking(windows)
    customer.wire.message("agent", "How billing works", blocks=[{
        "type": "link_card", "url": "https://www.docs.example.com/billing?x=1",
        "title": "How billing works", "text": "Invoices, VAT numbers, copies."}])
    card = customer.said_by("agent").get_by_role("link")
    expect(card).to_have_attribute("href", "https://www.docs.example.com/billing?x=1")
    expect(card).to_have_accessible_name(
        "How billing works Invoices, VAT numbers, copies. docs.example.com")


def test_the_sources_of_an_answer_are_links_that_bear_the_names_of_the_pages(windows):
    customer = talking(windows)
    customer.wire.message("bot", "Below Billing.", sources=[
        {"title": "Invoices and receipts", "url": "https://docs.example.com/invoices?x=1"},
        {"title": "Your invoices", "url": "/billing"},
        {"title": "A trap", "url": "javascript:alert(1)"},
        {"title": "<b>A note</b>"}])
    sources = customer.said_by("bot").last.locator(".sources")
    expect(sources).to_contain_text("From our help pages")
    links = sources.get_by_role("link")
    expect(links).to_have_count(2)
    expect(links.first).to_have_accessible_name("Invoices and receipts")
    expect(links.first).to_have_attribute("href", "https://docs.example.com/invoices?x=1")
    expect(links.first).to_have_attribute("target", "_blank")
    expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    # A path is the product's own: it leads there in the customer's window.
    expect(links.last).to_have_accessible_name("Your invoices")
    expect(links.last).to_have_attribute("href", f"{customer.server.shop}/demo/billing")
    expect(links.last).to_have_attribute("target", "_top")
    # What leads nowhere that may be gone to is a name and no link.
    expect(sources.locator("span.source")).to_have_text(["A trap", "<b>A note</b>"])


def test_an_image_moves_nothing_when_it_comes(windows):
    customer = talking(windows)
    held = []
    customer.page.route("https://images.example.com/**", lambda route: held.append(route))
    customer.wire.message("agent", "A picture", blocks=[{
        "type": "image", "url": "https://images.example.com/a.png", "alt": "A bar chart",
        "width": 600, "height": 300}])
    image = customer.said_by("agent").get_by_role("img", name="A bar chart")
    image.scroll_into_view_if_needed()
    before = image.bounding_box()
    assert before["height"] == pytest.approx(before["width"] / 2, abs=1)
    customer.page.wait_for_function("() => true")
    held[0].fulfill(body=png(600, 300), content_type="image/png")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") == 600
    assert image.bounding_box()["height"] == pytest.approx(before["height"], abs=1)


@pytest.mark.parametrize(("width", "height"), [(600, 300), (200, 900), (48, 48), (1600, 120)])
def test_an_image_of_unknown_size_moves_nothing_when_it_comes(windows, width, height):
    """As every image of an article is: the server has never seen it."""
    customer = talking(windows)
    held = []
    customer.page.route("https://images.example.com/**", lambda route: held.append(route))
    customer.wire.message("agent", "A picture", blocks=[
        {"type": "image", "url": "https://images.example.com/a.png", "alt": "A bar chart"},
        {"type": "paragraph", "inline": [{"type": "text", "text": "Below it."}]}])
    customer.wire.message("agent", "The next one")
    image = customer.said_by("agent").get_by_role("img", name="A bar chart")
    parts = [image, image.locator("xpath=.."), customer.line("The next one")]
    image.scroll_into_view_if_needed()
    expect(customer.line("The next one")).to_be_visible()
    customer.page.wait_for_function("() => true")
    before = [part.bounding_box() for part in parts]
    assert before[0]["height"] > 80
    held[0].fulfill(body=png(width, height), content_type="image/png")
    expect(image).to_have_js_property("naturalWidth", width)
    assert [part.bounding_box() for part in parts] == before


def test_streamed_text_is_seen_to_grow_and_heard_once(windows):
    customer = talking(windows)
    frame = frame_of(customer)
    frame.evaluate(LISTEN)
    draft = customer.chat.locator('.line[data-kind="draft"]')
    m = "msg_streamed"
    customer.wire.say("typing", who="bot", kind="bot", on=True)
    customer.wire.say("msg.delta", m=m, i=0, text="Invoices are ")
    expect(draft.locator(".bubble")).to_have_text("Invoices are ")
    customer.wire.say("msg.delta", m=m, i=1, text="below Billing.")
    expect(draft.locator(".bubble")).to_have_text("Invoices are below Billing.")
    expect(draft).to_have_attribute("aria-live", "off")
    expect(customer.chat.locator(".typing")).to_have_count(0)
    customer.wire.message("bot", "Invoices are below Billing.", m=m)
    expect(draft).to_have_count(0)
    expect(customer.said_by("bot")).to_have_count(2)
    heard = [said for said in frame.evaluate("heard") if "Invoices are" in said]
    assert len(heard) == 1


def test_a_streamed_answer_that_is_dropped_leaves_nothing_behind(windows):
    customer = talking(windows)
    draft = customer.chat.locator('.line[data-kind="draft"]')
    customer.wire.say("msg.delta", m="msg_9", i=0, text="Perhaps you could")
    expect(draft).to_be_visible()
    customer.wire.say("msg.delta", m="msg_9", end="dropped")
    expect(draft).to_have_count(0)
    customer.wire.say("msg.delta", m="msg_9", i=1, text=" also")
    customer.wire.message("agent", "Hello")
    expect(customer.said_by("agent")).to_have_count(1)
    expect(draft).to_have_count(0)


def test_a_form_is_asked_checked_and_handed_in(windows):
    customer = talking(windows)
    customer.wire.answer("form.submit", lambda frame: {"s": 1})
    customer.wire.say("form.show", **FORM)
    form = customer.chat.get_by_role("form", name="Before a person joins")
    name = form.get_by_role("textbox", name="Your name")
    email = form.get_by_role("textbox", name="Where we can write to")
    expect(name).to_have_js_property("required", True)
    # It does not take the focus from somebody who writes.
    expect(customer.field).to_be_focused()

    email.fill("ida")
    form.get_by_role("button", name="Continue").click()
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Please fill this in.")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_accessible_description(
        "Please enter an address such as name@example.com.")
    assert customer.wire.frames("form.submit") == []

    name.fill("Ida")
    expect(name).to_have_attribute("aria-invalid", "false")
    email.fill("ida@fjordfern.example")
    form.get_by_role("combobox", name="What is it about?").select_option(label="Projects")
    form.get_by_role("checkbox", name="You may write to me").check()
    email.press("Enter")
    expect(form).to_have_count(0)
    expect(customer.field).to_be_focused()
    handed_in = customer.wire.frames("form.submit")
    assert [frame["d"] for frame in handed_in] == [{"form": "prechat", "values": {
        "name": "Ida", "email": "ida@fjordfern.example", "topic": "prj", "more": "",
        "agreed": True}}]


def test_what_the_server_refuses_is_said_at_its_field_and_nothing_is_lost(windows):
    customer = talking(windows)
    refusal = {"code": "unprocessable", "status": 422, "title": "No such mailbox",
               "temporary": False, "field": "values.email"}
    customer.wire.answer("form.submit", lambda frame: refusal)
    customer.wire.say("form.show", **FORM)
    form = customer.chat.get_by_role("form", name="Before a person joins")
    form.get_by_role("textbox", name="Your name").fill("Ida")
    email = form.get_by_role("textbox", name="Where we can write to")
    email.fill("ida@nowhere.example")
    email.press("Enter")
    expect(email).to_have_accessible_description(
        "Please enter an address such as name@example.com.")
    expect(email).to_be_focused()
    expect(email).to_have_value("ida@nowhere.example")

    refusal.pop("field")
    email.fill("ida@fjordfern.example")
    email.press("Enter")
    expect(form.get_by_role("alert").filter(has_text="could not be sent")).to_be_visible()


def test_a_form_that_need_not_be_answered_can_be_skipped(windows):
    customer = talking(windows)
    customer.wire.answer("form.submit", lambda frame: {"s": 1})
    customer.wire.say("form.show", **FORM)
    form = customer.chat.get_by_role("form", name="Before a person joins")
    form.get_by_role("button", name="Skip").click()
    expect(form).to_have_count(0)
    assert customer.wire.frames("form.submit")[0]["d"] == {"form": "prechat", "values": {}}
