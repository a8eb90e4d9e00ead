"""The webhooks' page, as an agent's window shows it, and a receiver of what it sends."""

import re
import sys

from playwright.sync_api import expect

import server as servers

sys.path.append(str(servers.ROOT / "tools"))
from plugin_bench import PlayedAPI, Reply  # noqa: E402


class Receiver(PlayedAPI):
    """Another program's endpoint: answers 204 and keeps what came."""

    def answer(self, sent):
        return Reply(204)

    def types(self):
        with self.lock:
            return [sent.json["type"] for sent in self.requests]


class Hooks:
    """The webhooks' page in an agent's window."""

    def __init__(self, agent):
        self.page = agent.page
        self.url = f"{agent.server.url}/console/"
        self.dialog = self.page.get_by_role("dialog")
        self.deliveries = self.page.get_by_role("region", name="Deliveries")
        self.settings = self.page.get_by_role("region", name="Settings")

    def visit(self, hook=""):
        self.page.goto(f"{self.url}#webhooks{'/' if hook else ''}{hook}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def add(self, url, *types, private=True, description=""):
        """Fills the dialog in and adds the webhook; the secret's dialog is open then."""
        self.button("Add webhook").click()
        self.dialog.get_by_label("Address", exact=True).fill(url)
        self.dialog.get_by_label("Description", exact=True).fill(description)
        for type in types:
            self.dialog.get_by_label(type).check()
        self.dialog.get_by_label("May reach private addresses").set_checked(private)
        self.dialog.get_by_role("button", name="Add webhook").click()
        secret = self.dialog.get_by_label("Secret", exact=True)
        expect(secret).to_have_value(re.compile(r"whsec_.{40,}"))
        return secret.input_value()

    def keep(self):
        self.dialog.get_by_role("button", name="I have kept it").click()
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Webhooks")

    def rows(self):
        return self.deliveries.locator(".delivery")

    def is_in_state(self, words):
        expect(self.page.locator("#webhooks .plugin__who .state")).to_have_text(words)

    def fact(self, path):
        """What the server says, asked in this window's name."""
        return self.page.evaluate("path => fetch(path).then((answer) => answer.json())", path)
