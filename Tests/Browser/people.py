"""A customer in the demo and an agent at the console, as their windows show them."""

from playwright.sync_api import expect

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
# After a few attempts in vain the widget may wait for half a minute before it tries again.
LONGEST_WAIT = 40_000


class Customer:
    """A window on the demo, with the chat in its corner."""

    def __init__(self, page, server):
        self.page = page
        self.server = server
        self.chat = page.frame_locator("#maitred iframe")
        self.launcher = page.locator("#maitred .launcher")
        self.dialog = page.get_by_role("dialog", name="Chat")
        self.log = self.chat.get_by_role("log")
        self.field = self.chat.locator("#message")
        self.lines = self.chat.locator("#log .line")
        self.replies = self.chat.locator(".replies button")

    def visit(self, path="/demo/"):
        self.page.goto(self.server.shop + path)
        return self

    def open_chat(self):
        self.launcher.click()
        expect(self.field).to_be_visible()
        self.is_connected()
        expect(self.field).to_be_focused()
        return self

    def is_connected(self):
        expect(self.chat.locator("html")).to_have_attribute("data-connection", "online")

    def is_disconnected(self):
        expect(self.chat.locator("html")).not_to_have_attribute("data-connection", "online")

    def write(self, text):
        """Fills the field, with a press of the mouse first where nothing arrives.

        Playwright types where the browser has the focus, and of tabs in the background that is not
        always the frame in which it has just focused a field.
        """
        self.field.fill(text)
        if self.field.input_value() != text:
            self.field.click()
            self.field.fill(text)
        expect(self.field).to_have_value(text)

    def say(self, text):
        self.write(text)
        self.field.press("Enter")
        try:
            expect(self.field).not_to_have_value(text, timeout=3000)
        except AssertionError:
            self.chat.locator("#send").click()
        expect(self.line(text)).to_be_visible()
        return self

    def line(self, text):
        return self.lines.filter(has_text=text)

    def said_by(self, kind):
        """The lines of one side: customer, bot, agent or system."""
        return self.chat.locator(f'#log .line[data-kind="{kind}"]')

    def own_texts(self):
        return self.said_by("customer").locator(".bubble").all_inner_texts()

    def go(self, name):
        """Follows a link of the demo's menu."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
        return self

    def ask_for_a_person(self):
        self.chat.locator("#human").click()
        return self


class Agent:
    """A window on the console."""

    def __init__(self, page, server, name):
        self.page = page
        self.server = server
        self.email, self.password = server.passwords[name]
        self.offer = page.locator("#offers .offer")
        self.rows = page.locator("#rows .row")
        self.timeline = page.get_by_role("log")
        self.entries = page.locator("#timeline .entry")
        self.messages = page.locator("#timeline .entry--message")
        self.panel = page.get_by_role("complementary", name="About this conversation")
        self.field = page.locator("#reply-field")

    def log_in(self, state="online"):
        self.page.goto(f"{self.server.url}/console/")
        self.page.get_by_label("Email address").fill(self.email)
        self.page.get_by_label("Password").fill(self.password)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.locator("#live")).to_have_attribute("data-state", "online")
        self.be(state)
        return self

    def be(self, state):
        presence = self.page.get_by_label("Your presence")
        expect(presence).to_be_enabled()
        presence.select_option(state)
        expect(presence).to_have_value(state)

    def accept(self):
        self.offer.get_by_role("button", name="Accept").click()
        expect(self.page.locator("#thread")).to_have_attribute("data-empty", "false")
        expect(self.field).to_be_editable()
        return self

    def take_over(self):
        self.page.get_by_role("button", name="Take over", exact=True).click()
        expect(self.field).to_be_editable()
        return self

    def resolve(self):
        self.page.get_by_role("button", name="Resolve", exact=True).click()
        return self

    def open_first(self):
        self.rows.first.click()
        expect(self.page.locator("#thread")).to_have_attribute("data-empty", "false")
        return self

    def reply(self, text):
        self.field.fill(text)
        self.field.press("Enter")
        return self

    def note(self, text):
        self.page.get_by_role("button", name="Note", exact=True).click()
        self.reply(text)
        self.page.get_by_role("button", name="Reply", exact=True).click()
        return self

    def message(self, text):
        return self.messages.filter(has_text=text)

    def held_back(self, why):
        """The reply that the server refused, with the reason and the ways on."""
        return self.page.get_by_role("alert").filter(has_text=why)

    def page_moves(self, text):
        return self.page.locator("#timeline .entry--pages").filter(has_text=text)

    def event(self, text):
        """What happened between the messages: decisions, pages, offers, changes."""
        return self.page.locator("#timeline .event").filter(has_text=text)
