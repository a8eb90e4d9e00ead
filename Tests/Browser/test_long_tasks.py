"""The time that the widget takes of the page's main thread."""

import json

from playwright.sync_api import expect

from bundled import bundle, bundled  # noqa: F401 (fixtures)
from embedding import Host

# In milliseconds: what browsers call a long task.
LONG = 50
SLOWER = 4


def test_no_task_of_the_page_is_long_on_a_slow_machine(bundled, chromium):
    assert shortest_of_three(bundled, chromium, use_the_chat) <= LONG


def shortest_of_three(bundled, chromium, use):
    """The longest task of each time, of which the shortest counts, in milliseconds.

    What is long by itself is long each time; a machine that does other things is not.
    """
    longest = []
    while len(longest) < 3 and (not longest or longest[-1] > LONG):
        page = bundled.page.context.browser.new_page()
        host = Host(page, bundled.product)
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        chromium.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
        use(host.serve().visit())
        longest.append(tasks_after_the_loader(json.loads(chromium.stop_tracing()))[0])
        page.context.close()
    print(longest)
    return min(longest)


def use_the_chat(host):
    host.launcher.hover()
    expect(host.page.locator("#maitred iframe")).to_be_attached()
    host.open_chat().say("Where can I download my invoice?")
    expect(host.said_by("bot")).to_have_count(1, timeout=30_000)
    host.call("context", {"page": "a", "facts": {"plan": "pro"}})
    host.page.evaluate("history.pushState(null, '', '/own/other')")
    host.call("close")


def tasks_after_the_loader(trace):
    """Milliseconds of the page's tasks from the loader's arrival on, the longest first.

    In time of the processor, which other programs on the machine do not lengthen as they do a
    clock's. The time that the browser throttles by counts; what Playwright asks for does not.
    """
    events = [event for event in trace["traceEvents"] if "tdur" in event]
    loader = next(event for event in events if event["name"] == "EvaluateScript"
                  and event["args"]["data"]["url"].endswith("/loader.js"))
    events = [event for event in events
              if (event["pid"], event["tid"]) == (loader["pid"], loader["tid"])]
    asked = [event["ts"] for event in events if "DevToolsSession" in str(event["args"])]
    return sorted((task["tdur"] / 1000 for task in events if task["name"].endswith("RunTask")
                   and task["ts"] + task["dur"] >= loader["ts"]
                   and not any(task["ts"] <= at <= task["ts"] + task["dur"] for at in asked)),
                  reverse=True)
