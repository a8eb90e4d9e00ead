"""Files that go with a message: chosen, pasted and dropped, sent, and found again."""

import re

import pytest
from playwright.sync_api import expect

from fake_uploads import uploads_for  # noqa: F401
from stage import configure, frame_of, png, staged

PHOTO = {"name": "photo.png", "mimeType": "image/png", "buffer": png(600, 400)}
NOTES = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Two lines\nof notes.\n"}
# Drops or pastes a file as a browser does when somebody does it by hand.
HAND_OVER = """([selector, kind, name, type, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
    const target = document.querySelector(selector);
    const event = kind === "paste"
        ? new ClipboardEvent(kind, { clipboardData: transfer, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
}"""


@pytest.fixture
def customer(windows, uploads_for):  # noqa: F811
    """In a conversation, with files that can be sent."""
    person = staged(windows)
    uploads_for(person)
    person.page.reload()
    person.open_chat().say("Where can I download my invoice?")
    expect(person.said_by("bot")).to_have_count(1)
    return person


def choose(customer, *files):
    customer.chat.locator("#files").set_input_files(list(files))


def tray(customer, name):
    return customer.chat.get_by_role("list", name="Files to send").get_by_role(
        "listitem").filter(has_text=name)


def hand_over(customer, selector, kind, file):
    frame_of(customer).evaluate(
        HAND_OVER, [selector, kind, file["name"], file["mimeType"], list(file["buffer"])])


def test_files_are_sent_with_a_message_and_open_in_a_tab_of_their_own(customer):
    choose(customer, PHOTO, NOTES)
    expect(tray(customer, "photo.png")).to_have_attribute("data-state", "done")
    expect(tray(customer, "photo.png").locator("canvas")).to_be_visible()
    expect(tray(customer, "notes.txt")).to_contain_text("20 byte")
    expect(customer.field).to_be_focused()
    customer.say("These two")
    line = customer.line("These two")
    expect(line).to_have_attribute("data-mark", re.compile("tick"))
    expect(customer.chat.locator("#tray")).to_be_hidden()

    notes = line.get_by_role("link", name="notes.txt")
    expect(notes).to_have_attribute("href", re.compile(r"^/v1/files/fil_\w+\?"))
    expect(notes).to_have_attribute("target", "_blank")
    expect(notes).to_have_attribute("rel", "noopener noreferrer")
    photo = line.get_by_role("link", name="Open image photo.png")
    expect(photo).to_have_attribute("href", re.compile(r"inline=1"))
    expect(photo.locator("img")).to_have_js_property("naturalWidth", 600)


def test_a_message_may_be_a_file_alone(customer):
    choose(customer, PHOTO)
    expect(tray(customer, "photo.png")).to_have_attribute("data-state", "done")
    customer.chat.get_by_role("button", name="Send message").click()
    own = customer.said_by("customer").last
    expect(own.get_by_role("link", name="Open image photo.png")).to_be_visible()
    expect(own.locator(".bubble")).to_have_count(0)


def test_the_place_of_an_image_is_kept_free_before_it_comes(customer):
    held = []
    customer.page.context.route(re.compile(r"/v1/files/fil_"), lambda route: held.append(route))
    choose(customer, PHOTO)
    expect(tray(customer, "photo.png")).to_have_attribute("data-state", "done")
    customer.say("Look")
    link = customer.line("Look").get_by_role("link", name="Open image photo.png")
    expect(link).to_have_attribute("href", re.compile("/v1/files/"))
    before = link.bounding_box()
    assert before["width"] / before["height"] == pytest.approx(600 / 400, rel=0.02)
    held[0].fulfill(body=PHOTO["buffer"], content_type="image/png")
    expect(link.locator("img")).to_be_visible()
    after = link.bounding_box()
    # Where the line stands may be a fraction of a pixel, and sizes are read as differences of edges.
    assert after["width"] == pytest.approx(before["width"], abs=0.01)
    assert after["height"] == pytest.approx(before["height"], abs=0.01)


def test_a_screenshot_can_be_pasted(customer):
    hand_over(customer, "#message", "paste", PHOTO)
    expect(tray(customer, "photo.png")).to_have_attribute("data-state", "done")
    expect(customer.field).to_have_value("")


def test_a_file_can_be_dropped_anywhere_and_the_chat_says_so(customer):
    target = customer.chat.get_by_text("Drop files to attach them")
    expect(target).to_be_hidden()
    hand_over(customer, "#log", "dragenter", PHOTO)
    expect(target).to_be_visible()
    hand_over(customer, "#log", "drop", PHOTO)
    expect(target).to_be_hidden()
    expect(tray(customer, "photo.png")).to_have_attribute("data-state", "done")


def test_leaving_with_the_file_takes_the_offer_back(customer):
    target = customer.chat.get_by_text("Drop files to attach them")
    hand_over(customer, "#log", "dragenter", PHOTO)
    expect(target).to_be_visible()
    hand_over(customer, "#log", "dragleave", PHOTO)
    expect(target).to_be_hidden()


def test_what_is_too_large_is_told_at_the_file_with_the_limit(customer):
    limit = frame_of(customer).evaluate("""async () => (await (await fetch(
        `/v1/widget/config?site=${new URLSearchParams(location.search).get("site")}`
    )).json()).uploads.limit""")
    asked = []
    customer.page.on("request", lambda request: asked.append(request.url))
    if limit > 2_000_000:
        # As large as it needs to be, without being carried from here.
        frame_of(customer).evaluate("""(size) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(size)], "film.png", {type: "image/png"}));
            const field = document.querySelector("#message");
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer}));
        }""", limit + 1)
    else:
        choose(customer, {**PHOTO, "name": "film.png", "buffer": bytes(limit + 1)})
    file = tray(customer, "film.png")
    expect(file).to_have_attribute("data-state", "failed")
    expect(file).to_contain_text(re.compile(r"Too large: at most [\d.]+ MB"))
    expect(file.get_by_role("button", name="Try film.png again")).to_be_hidden()
    assert not any("/v1/uploads" in url for url in asked)
    file.get_by_role("button", name="Remove film.png").click()
    expect(file).to_have_count(0)
    expect(customer.field).to_be_focused()


REFUSALS = [
    (415, {"code": "unsupported_media", "type": "text/html"}, "type are not accepted", False),
    (413, {"code": "too_large", "limit": 100}, "Too large", False),
    (429, {"code": "rate_limited", "temporary": True}, "Could not be uploaded", True),
    (507, {"code": "overloaded"}, "Could not be uploaded", True),
]


@pytest.mark.parametrize(("status", "problem", "words", "again"), REFUSALS,
                         ids=[problem["code"] for _, problem, _, _ in REFUSALS])
def test_a_refusal_of_the_server_is_told_at_the_file(
        customer, windows, status, problem, words, again):
    windows.allows_cuts = True
    customer.page.context.route(re.compile(r"/v1/uploads\?"), lambda route: route.fulfill(
        status=status, json={"status": status, **problem}))
    choose(customer, NOTES)
    file = tray(customer, "notes.txt")
    expect(file).to_contain_text(words)
    retry = file.get_by_role("button", name="Try notes.txt again")
    expect(retry).to_be_visible() if again else expect(retry).to_be_hidden()
    # Nothing is sent without what failed unless the writer says so.
    customer.field.fill("and a word")
    expect(customer.chat.get_by_role("button", name="Send message")).to_be_enabled()


def test_an_upload_that_failed_can_be_tried_again(customer, windows):
    windows.allows_cuts = True
    pattern = re.compile(r"/v1/uploads\?")
    customer.page.context.route(pattern, lambda route: route.fulfill(
        status=503, json={"status": 503, "code": "overloaded"}), times=1)
    choose(customer, NOTES)
    file = tray(customer, "notes.txt")
    expect(file).to_have_attribute("data-state", "failed")
    file.get_by_role("button", name="Try notes.txt again").click()
    expect(file).to_have_attribute("data-state", "done")


def test_an_upload_waits_for_the_network_and_goes_on_by_itself(customer, windows):
    windows.allows_cuts = True
    pattern = re.compile(r"/v1/uploads\?")
    customer.page.context.route(pattern, lambda route: route.abort(), times=1)
    choose(customer, NOTES)
    file = tray(customer, "notes.txt")
    expect(file).to_contain_text("Waits for a connection")
    customer.page.context.set_offline(True)
    customer.is_disconnected()
    customer.page.context.set_offline(False)
    customer.is_connected()
    expect(file).to_have_attribute("data-state", "done")


def test_a_message_waits_for_its_files(customer):
    held = []
    customer.page.context.route(re.compile(r"/v1/uploads\?"), lambda route: held.append(route))
    choose(customer, NOTES)
    expect(tray(customer, "notes.txt")).to_have_attribute("data-state", "sending")
    customer.field.fill("Here they are")
    customer.field.press("Enter")
    expect(customer.chat.get_by_text("Will be sent as soon as")).to_be_visible()
    expect(customer.line("Here they are")).to_have_count(0)
    held[0].fallback()
    line = customer.line("Here they are")
    expect(line.get_by_role("link", name="notes.txt")).to_be_visible()
    expect(customer.field).to_have_value("")


def test_a_message_with_files_waits_for_the_network(customer, windows):
    windows.allows_cuts = True
    choose(customer, NOTES)
    expect(tray(customer, "notes.txt")).to_have_attribute("data-state", "done")
    customer.page.context.set_offline(True)
    customer.is_disconnected()
    customer.say("From the tunnel")
    line = customer.line("From the tunnel")
    expect(line).to_have_attribute("data-mark", "clock")
    expect(line).to_contain_text("notes.txt")
    customer.page.context.set_offline(False)
    customer.is_connected()
    expect(line).to_have_attribute("data-mark", re.compile("tick"))
    expect(line.get_by_role("link", name="notes.txt")).to_have_count(1)


def test_progress_is_shown_and_told(customer):
    held = []
    customer.page.context.route(re.compile(r"/v1/uploads\?"), lambda route: held.append(route))
    choose(customer, NOTES)
    file = tray(customer, "notes.txt")
    bar = file.get_by_role("progressbar", name="Uploading notes.txt")
    expect(bar).to_be_visible()
    status = customer.chat.get_by_role("status").filter(has_text="notes.txt")
    expect(status).to_be_attached()
    # The bar is there before the request is.
    for _ in range(200):
        if held:
            break
        customer.page.wait_for_timeout(50)
    held[0].fallback()
    expect(bar).to_be_hidden()
    expect(status).to_have_text("notes.txt: uploaded")


def test_an_upload_can_be_taken_back(customer):
    held = []
    customer.page.context.route(re.compile(r"/v1/uploads\?"), lambda route: held.append(route))
    choose(customer, NOTES)
    with customer.page.expect_event("requestfailed"):
        tray(customer, "notes.txt").get_by_role("button", name="Remove notes.txt").click()
    expect(customer.chat.locator("#tray")).to_be_hidden()
    expect(customer.chat.get_by_role("button", name="Send message")).to_be_disabled()


def test_ten_files_fit_into_a_message_and_the_rest_is_told(customer):
    choose(customer, *({**NOTES, "name": f"{number}.txt"} for number in range(12)))
    expect(customer.chat.locator(".tray__item")).to_have_count(10)
    expect(customer.chat.get_by_text("No more than 10 files").first).to_be_visible()


def test_without_uploads_there_is_nothing_to_attach_with(windows):
    customer = staged(windows)
    configure(customer.page.context, uploads=None)
    customer.page.reload()
    customer.open_chat()
    expect(customer.chat.get_by_role("button", name="Attach files")).to_have_count(0)
