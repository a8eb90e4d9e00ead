"""What the widget costs the page around it in bytes and in layout; its time is in
`test_long_tasks`."""

import math
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

import server as servers
from bundled import BUNDLE, bundle, bundled  # noqa: F401 (fixtures)
from embedding import expect_answer, host, product  # noqa: F401 (fixtures)

GUIDE = servers.ROOT / "Documentation/widget.md"
ENGLISH = {"loader.js", "host/host.js", "app.js", "styles.css"}
# In bytes: all that the frame loads in English, its page and the site's settings among it.
FRAME_BUDGET = 43 * 1024

WATCH = """window.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
    .observe({ type: "layout-shift", buffered: true });"""


def weights(done):
    """By file of the widget: bytes after gzip and the budget, as `bundle-web` printed them."""
    rows = re.findall(r"^widget/(\S+) +\d+ +\d+ +(\d+) +(\d+)", done.stdout, re.M)
    return {name: (int(small), int(budget)) for name, small, budget in rows}


def test_every_bundle_is_within_its_budget(bundle):
    _, done = bundle
    print(done.stdout)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert ENGLISH < set(weights(done))


def test_the_guide_says_what_is_measured(bundle):
    wanted = {name: (f"{math.ceil(small / 1024 * 10) / 10:.1f}", str(budget // 1024))
              for name, (small, budget) in weights(bundle[1]).items()}
    section = GUIDE.read_text().partition("\n## Weight\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\S+)` \|.*\| ([\d.]+) \| (\d+) \|$", section, re.M)
    assert {name: (size, budget) for name, size, budget in rows} == wanted
    frame = sum(weights(bundle[1])[name][0] for name in ("app.js", "styles.css"))
    assert f"is {math.ceil(frame / 1024 * 10) / 10} KB of script and styles" in section


def test_a_budget_that_is_too_small_fails(tmp_path):
    script = BUNDLE.read_text().replace('"iife", 3 * 1024', '"iife", 1024')
    script = script.replace("Path(__file__).resolve().parent.parent", f'Path("{servers.ROOT}")')
    (tmp_path / "bundle-web").write_text(script)
    done = subprocess.run([sys.executable, tmp_path / "bundle-web", "--check"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "above" in done.stdout


def test_a_folder_may_be_named_from_where_one_is(tmp_path):
    """As `make run` does."""
    done = subprocess.run([sys.executable, BUNDLE, "copies/web"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "copies/web/widget/styles.css.gz").exists()


def test_without_esbuild_it_says_what_is_missing(tmp_path):
    done = subprocess.run([sys.executable, BUNDLE, "--check"], capture_output=True, text=True,
                          check=False, env={"PATH": str(tmp_path)})
    assert done.returncode != 0 and "there is no esbuild" in done.stderr


def test_a_browser_is_sent_what_was_measured_and_no_more(bundle, bundled):
    loaded = []
    bundled.page.on("response", lambda response: loaded.append(response))
    bundled.serve().visit()
    expect_answer(bundled)
    sent = {}
    for response in loaded:
        name = response.url.partition("/v1/")[2].partition("?")[0]
        if "/widget/" in response.url and name != "widget/sessions":
            sent[name] = response.request.sizes()["responseBodySize"]
            if name != "widget/config":
                assert response.header_value("content-encoding") == "gzip", response.url
    print(sent)
    measured = {name: small for name, (small, _) in weights(bundle[1]).items()}
    assert {name: sent[name] for name in ENGLISH} == {name: measured[name] for name in ENGLISH}
    assert set(sent) == ENGLISH | {"frame", "widget/config"}
    assert sum(sent.values()) - sent["loader.js"] - sent["host/host.js"] <= FRAME_BUDGET


def test_the_bundled_copy_holds_a_conversation(bundled):
    loaded = []
    bundled.page.on("request", lambda request: loaded.append(request.url))
    bundled.serve().visit()
    expect_answer(bundled)
    bundled.call("locale", "de")
    expect(bundled.chat.locator("html")).to_have_attribute("lang", "de")
    expect(bundled.said_by("bot")).to_have_count(1)
    files = {url.partition("/widget/v1/")[2] for url in loaded if url.endswith((".js", ".css"))}
    # Besides the bundles only the texts of a language, which are looked up by its name.
    assert files == ENGLISH | {"strings/de.js"}


# What every element of the chat looks like, as the browser has worked it out of all styles.
LOOK = """(root) => [root, ...root.querySelectorAll("body, body *")].map((each) => {
    const style = getComputedStyle(each);
    return [each.id || each.className || each.localName,
        Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]))];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bundled_styles_look_like_the_sources(bundled, windows, server, scheme):
    looks = []
    for page, running in ((bundled.page, bundled.server), (windows.page(), server)):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{running.shop}/demo/")
        site = page.locator("script[data-site]").get_attribute("data-site")
        page.goto(f"{running.url}/widget/v1/frame?site={site}")
        expect(page.locator("html")).to_have_attribute("data-connection", "online")
        expect(page.locator(".suggestion")).to_have_count(4)
        page.locator("#more").click()
        expect(page.locator("#menu-sound")).to_be_visible()
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        looks.append(page.locator("html").evaluate(LOOK))
    assert looks[0] == looks[1]


def test_nothing_of_the_page_moves(host):
    host.page.add_init_script(WATCH)
    body = "<h1>Own page</h1>" + "<p>Words and words and words.</p>" * 60
    host.serve(body=body).visit()
    expect_answer(host)
    host.call("close")
    host.call("hide")
    host.call("show")
    assert host.page.evaluate("shifts") == []
