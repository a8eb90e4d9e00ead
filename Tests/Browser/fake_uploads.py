"""A stand-in for the server's part of attachments, for a server without it.

`uploads_for` gives a chat files: the real server's when its configuration has `uploads`, these
otherwise. The tests are the same for both.
"""

import re
import struct
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from stage import configure

LIMIT = 1_000_000


class FakeUploads:
    """Keeps what is uploaded, and puts the message that refers to it into the conversation."""

    def __init__(self, customer):
        self.wire = customer.wire
        self.kept = {}
        context = customer.page.context
        configure(context, uploads={"limit": LIMIT, "types": [
            "image/png", "image/jpeg", "text/plain", "application/pdf"]})
        context.route(re.compile(r"/v1/uploads\?"), self._take)
        context.route(re.compile(r"/v1/files/links$"), self._links)
        context.route(re.compile(r"/v1/files/fil_\d+\?"), self._give)
        self.wire.answer("msg.send", self._sent)

    def _take(self, route):
        request = route.request
        if not request.headers.get("authorization", "").startswith("Bearer "):
            route.fulfill(status=401, json={"code": "unauthenticated", "status": 401})
            return
        body = request.post_data_buffer or b""
        number = len(self.kept) + 1
        file = {"name": unquote(parse_qs(urlsplit(request.url).query)["name"][0]),
                "type": request.headers["content-type"], "size": len(body)}
        if body.startswith(b"\x89PNG"):
            file["width"], file["height"] = struct.unpack(">II", body[16:24])
        self.kept[number] = {"file": file, "body": body}
        route.fulfill(status=201, json={"upload_id": f"upl_{number}", **file})

    def _links(self, route):
        ids = route.request.post_data_json["ids"]
        route.fulfill(json={"links": {each: f"/v1/files/{each}?e=1&k=x" for each in ids},
                            "expires_at": "2099-01-01T00:00:00.000Z"})

    def _give(self, route):
        kept = self.kept[int(re.search(r"fil_(\d+)", route.request.url).group(1))]
        route.fulfill(body=kept["body"], content_type=kept["file"]["type"])

    def _sent(self, frame):
        data = frame["d"]
        if "uploads" not in data:
            return None
        numbers = [int(each.removeprefix("upl_")) for each in data["uploads"]]
        files = [{"id": f"fil_{number}", **self.kept[number]["file"]} for number in numbers]
        s = self.wire.last + 1
        self.wire.message("customer", data["text"], cid=data["cid"], files=files)
        return {"m": f"msg_stage{s}", "s": s}


@pytest.fixture
def uploads_for(server):
    """Gives a staged customer files before the chat is opened; says whether they are real."""
    def give(customer):
        site = customer.page.locator("script[data-site]").get_attribute("data-site")
        config = customer.page.request.get(f"{server.url}/v1/widget/config?site={site}").json()
        if config.get("uploads"):
            return None
        return FakeUploads(customer)

    return give
