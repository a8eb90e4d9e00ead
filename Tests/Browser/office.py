"""The plugins' page, as an agent's window shows it."""

import re

from playwright.sync_api import expect

from stage import answer_to


class Office:
    """The plugins' page in an agent's window."""

    def __init__(self, agent):
        self.page = agent.page
        self.url = f"{agent.server.url}/console/"
        self.settings = self.page.get_by_role("region", name="Settings")
        self.dialog = self.page.get_by_role("dialog")
        self.log = self.page.get_by_role("region", name="Log")

    def visit(self, plugin=""):
        self.page.goto(f"{self.url}#plugins{'/' if plugin else ''}{plugin}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self

    def row(self, plugin):
        return self.page.locator(f'.plugin-row[data-id="{plugin}"]')

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, label):
        return self.settings.get_by_label(label, exact=True)

    def rule(self, action):
        """Who may have an action done, as the page of its plugin has it."""
        heading = self.page.get_by_role("heading", level=4, name=action)
        return self.page.locator(".policy").filter(has=heading)

    def fact(self, path):
        """What the server says, asked in this window's name."""
        return self.page.evaluate("path => fetch(path).then((answer) => answer.json())", path)

    def save(self):
        self.settings.get_by_role("button", name="Save").click()

    def is_in_state(self, words):
        expect(self.page.locator(".plugin__who .state")).to_have_text(words)

    def seen_as(self, **members):
        """Has the page see Desk tools as if it were otherwise; what it asks for is kept."""
        plugin = {"sent": []}

        def answer(route):
            if route.request.method == "GET":
                plugin.update({**answer_to(route.request), **members})
            else:
                plugin["sent"].append(route.request.post_data_json)
            if route.request.url.endswith("/rollback"):
                problem = {"code": "needs_confirmation", "faults": ["store 1048576 bytes"]}
                route.fulfill(status=409, json=problem)
            else:
                route.fulfill(json={key: plugin[key] for key in plugin if key != "sent"})

        self.page.route(re.compile(r"/v1/plugins/test\.desk-tools(/.*)?$"), answer)
        return plugin
