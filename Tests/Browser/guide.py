"""The samples of Documentation/widget.md, as readers copy them."""

import re

import server as servers

TEXT = (servers.ROOT / "Documentation/widget.md").read_text()
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def sample(heading, language, holding=""):
    """The first sample of a language below a heading, in which something stands."""
    section = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##+ |\Z)", TEXT, re.M | re.S)[1]
    return next(code for kind, code in FENCE.findall(section)
                if kind == language and holding in code)


def samples(*languages):
    """All samples of some languages, with the line at which each begins."""
    return [(TEXT[:each.start()].count("\n") + 1, each[1], each[2])
            for each in FENCE.finditer(TEXT) if each[1] in languages]


def for_site(code, url, site):
    """A sample with the reader's own server and site in it."""
    return (code.replace("wss://support.example.com", url.replace("http", "ws", 1))
            .replace("https://support.example.com", url)
            .replace("site_…", site))
