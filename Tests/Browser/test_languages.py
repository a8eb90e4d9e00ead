"""English, German and Arabic, from one table each."""

import re

import pytest
from playwright.sync_api import expect

from embedding import host, product  # noqa: F401 (fixtures)
from stage import configure, frame_of, staged, talking

IN_LANGUAGE = """new MutationObserver((_, observer) => {{
    if (!document.documentElement) return;
    document.documentElement.lang = "{language}";
    document.documentElement.dir = "{direction}";
    observer.disconnect();
}}).observe(document, {{ childList: true }})"""


def page_in(language):
    direction = "rtl" if language == "ar" else "ltr"
    return IN_LANGUAGE.format(language=language, direction=direction)


LANGUAGES = {
    "en": ("Write a message", "Talk to a person", "More options", "Download conversation"),
    "de": ("Nachricht schreiben", "Mit einem Menschen sprechen", "Weitere Möglichkeiten",
           "Gespräch herunterladen"),
    "ar": ("اكتب رسالة", "التحدث إلى شخص", "خيارات أخرى", "تنزيل المحادثة"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_speaks_the_language_of_the_page(windows, language):
    write, human, more, download = LANGUAGES[language]
    customer = talking(windows, locale=language, script=page_in(language))
    html = customer.chat.locator("html")
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(customer.field).to_have_accessible_name(write)
    expect(customer.chat.locator("#human")).to_have_text(human)
    customer.chat.get_by_role("button", name=more).click()
    expect(customer.chat.get_by_role("menuitem", name=download)).to_be_visible()


def test_only_the_tables_that_are_spoken_are_loaded(windows):
    loaded = []
    customer = windows.customer(locale="de")
    customer.page.add_init_script(page_in("de"))
    customer.page.on("request", lambda request: loaded.append(request.url))
    customer.visit().open_chat()
    tables = {url.rsplit("/", 1)[1] for url in loaded if re.search(r"/strings/\w\w\.js$", url)}
    assert "de.js" in tables
    assert "ar.js" not in tables


def test_the_place_in_line_is_counted_as_arabic_counts(windows):
    customer = talking(windows, locale="ar", script=page_in("ar"))
    windows.agent("marta").log_in()
    customer.ask_for_a_person()
    queue = customer.chat.locator("#queue")
    expect(queue).to_contain_text("أنت التالي في الدور")
    customer.wire.say("queue.pos", position=3, expect_s=170)
    expect(queue).to_contain_text("أنت رقم 3 في الدور")
    expect(queue).to_contain_text("حوالي 3 دقائق")
    customer.wire.say("queue.pos", position=11, expect_s=720)
    expect(queue).to_contain_text("حوالي 12 دقيقة")


def test_what_the_server_says_is_arabic_in_an_arabic_chat(windows, host):
    host.server.order("site", "set", host.site, "--ask", "name", "--ask", "email")
    host.page.add_init_script(page_in("ar"))
    host.serve().visit()
    host.launcher.click()
    host.is_connected()
    host.ask_for_a_person()
    notice = host.said_by("system").locator(".bubble")
    expect(notice).to_contain_text("لا يوجد أحد من الفريق الآن")
    form = host.chat.get_by_role("form", name="ريثما يأتي دورك: كيف يمكننا التواصل معك؟")
    expect(form.get_by_label("اسمك")).to_be_visible()
    expect(form.get_by_label("البريد الإلكتروني")).to_be_visible()
    for part in (notice, form):
        assert not re.search(r"[A-Za-z]", part.inner_text()), part.inner_text()


def test_the_server_answers_in_the_arabic_that_a_customer_writes(windows):
    windows.agent("marta").log_in()
    customer = windows.customer(locale="ar-EG")
    customer.page.add_init_script(page_in("ar"))
    customer.visit().launcher.click()
    customer.is_connected()
    customer.write("أريد التحدث إلى شخص")
    customer.field.press("Enter")
    expect(customer.said_by("system").first).to_contain_text("سأستدعي شخصًا من الفريق")


def test_a_chat_from_the_right_mirrors_everything(windows):
    customer = talking(windows, locale="ar", script=page_in("ar"))
    send = customer.chat.locator("#send").bounding_box()
    field = customer.field.bounding_box()
    assert send["x"] < field["x"]
    own = customer.said_by("customer").locator(".bubble").bounding_box()
    other = customer.said_by("bot").locator(".bubble").bounding_box()
    assert own["x"] < other["x"] or own["x"] + own["width"] < other["x"] + other["width"]


def test_times_are_written_as_the_customer_writes_them(windows):
    british = talking(windows, locale="en-GB")
    expect(british.said_by("bot").locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))


HOURS = {"open": False, "timezone": "Europe/Berlin", "text": "Mon to Fri, 9 to 17 in Berlin"}


@pytest.mark.parametrize(("language", "zone", "words"), [
    ("en", "Europe/Berlin", "We are back Monday 09:00"),
    ("en", "America/New_York", "We are back Monday 03:00"),
    ("de", "Europe/Berlin", "Wir sind Montag um 09:00 wieder da"),
    ("ar", "Africa/Cairo", "نعود يوم الاثنين الساعة"),
])
def test_opening_hours_are_told_in_the_customers_own_time(windows, language, zone, words):
    customer = windows.customer(
        locale={"en": "en-GB"}.get(language, language), timezone_id=zone)
    # The Saturday before.
    customer.page.clock.set_fixed_time("2026-11-28T12:00:00Z")
    configure(customer.page.context, hours={**HOURS, "opens_at": "2026-11-30T08:00:00Z"})
    customer.page.add_init_script(page_in(language))
    customer.visit()
    customer.launcher.click()
    expect(customer.chat.locator("#status")).to_contain_text(words)
    expect(customer.chat.locator("#status")).to_have_attribute("data-presence", "away")
    expect(customer.log).to_contain_text("Mon to Fri")


def test_who_waits_outside_the_hours_hears_when_it_goes_on_and_can_leave_an_address(windows):
    customer = staged(windows, config={
        "hours": {**HOURS, "opens_at": "2099-11-30T08:00:00Z"}, "online": False})
    customer.open_chat().ask_for_a_person()
    expect(customer.chat.get_by_role("textbox", name="Email address")).to_be_visible()
    expect(customer.chat.locator("#status")).to_contain_text("We are back 30 November")


def test_while_the_desk_is_open_the_usual_reply_time_is_told(windows):
    customer = staged(windows, config={"hours": {**HOURS, "open": True, "opens_at": None},
                                       "reply_s": 240})
    customer.open_chat()
    expect(customer.chat.locator("#status")).to_have_text("The assistant answers right away")
    expect(customer.log).to_contain_text("People usually reply within 5 minutes")


def test_a_bubble_and_a_name_find_their_own_direction(windows):
    customer = talking(windows)
    customer.wire.message("agent", "مرحبا، كيف حالك؟")
    customer.wire.message("agent", "and hello")
    bubbles = customer.said_by("agent").locator(".blocks")
    expect(bubbles.nth(0)).to_have_css("direction", "rtl")
    expect(bubbles.nth(1)).to_have_css("direction", "ltr")


def test_a_language_that_cannot_be_loaded_is_replaced_by_english(windows):
    windows.allows_cuts = True
    customer = windows.customer(locale="de")
    customer.page.add_init_script(page_in("de"))
    customer.page.route(re.compile(r"/strings/de\.js$"), lambda route: route.abort())
    customer.visit().open_chat()
    expect(customer.field).to_have_accessible_name("Write a message")
    assert frame_of(customer).evaluate("document.documentElement.lang") == "en"
