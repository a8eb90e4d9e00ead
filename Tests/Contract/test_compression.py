"""Pages and scripts in gzip, from the copy that `scripts/bundle-web` makes, and without it."""

import gzip
import re
import subprocess
import sys

import pytest
from conftest import Shop
from peers import Server, request
from peers.server import ROOT

GZIP = {"accept-encoding": "gzip, deflate, br, zstd"}
FILES = ["/widget/v1/loader.js", "/widget/v1/host/host.js", "/widget/v1/app.js",
         "/widget/v1/styles.css", "/widget/v1/strings/de.js", "/widget/v1/maitred.d.ts",
         "/shared/protocol.js", "/console/", "/console/styles/base.css", "/demo/app.js"]


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A server of the copy, with the demo."""
    web = tmp_path_factory.mktemp("copy") / "web"
    subprocess.run([sys.executable, ROOT / "scripts/bundle-web", web], check=True,
                   capture_output=True)
    server = Server(arguments=["--demo", "--web-static", str(web)])
    server.start()
    yield Shop(server)
    server.close()


def is_plain(reply):
    assert reply.status == 200 and "content-encoding" not in reply.headers, reply.headers
    return reply.body


@pytest.mark.parametrize("path", FILES)
async def test_a_file_is_the_same_in_gzip_and_smaller(packed, path):
    plain = is_plain(await packed.get(path))
    small = await packed.get(path, GZIP)
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain) and gzip.decompress(small.body) == plain


@pytest.mark.parametrize("encodings", [
    None, "", "identity", "br", "deflate", "gzip;q=0", "gzip;q=0.000, *", "*;q=0",
    "identity, gzip;q=0.2", "gzippy", "gzip;q=nan", ",;=,"])
async def test_who_does_not_take_gzip_gets_none(packed, encodings):
    reply = await packed.get(FILES[0], {"accept-encoding": encodings})
    assert b"currentScript" in is_plain(reply)
    # A cache in between has to know that others get something else.
    assert reply.headers["vary"] == "Accept-Encoding"


async def test_the_two_encodings_have_tags_of_their_own(packed):
    plain, small = await packed.get(FILES[0]), await packed.get(FILES[0], GZIP)
    tags = [plain.headers["etag"], small.headers["etag"]]
    assert tags[0] != tags[1] and all(tag.startswith('"') for tag in tags)
    for encodings, tag, other in (({}, *tags), (GZIP, *reversed(tags))):
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = await packed.get(FILES[0], {**encodings, "if-none-match": known})
            assert again.status == 304 and not again.body, known
            assert again.headers["etag"] == tag and again.headers["vary"] == "Accept-Encoding"
        changed = await packed.get(FILES[0], {**encodings, "if-none-match": other})
        assert changed.status == 200 and changed.headers["etag"] == tag


async def test_a_head_tells_of_the_encoding_that_a_get_would_bring(packed):
    for encodings in ({}, GZIP):
        got = await packed.get(FILES[2], encodings)
        head = await request("HEAD", packed.base + FILES[2], headers=encodings)
        assert head.status == 200 and not head.body
        assert int(head.headers["content-length"]) == len(got.body)
        for name in ("etag", "vary", "content-type", "content-encoding", "cache-control"):
            assert head.headers.get(name) == got.headers.get(name), name


async def test_a_part_of_a_file_is_answered_with_all_of_it(packed):
    for encodings in ({}, GZIP):
        whole = await packed.get(FILES[0], encodings)
        for asked in ({"range": "bytes=0-9"}, {"range": "bytes=5-", "if-range": '"x"'}):
            part = await packed.get(FILES[0], {**encodings, **asked})
            assert (part.status, part.body) == (200, whole.body)
            assert "content-range" not in part.headers


async def test_a_file_asked_for_by_its_hash_may_be_kept_in_either_encoding(packed):
    digest = (await packed.get(FILES[0])).headers["etag"].strip('"')
    for encodings in ({}, GZIP):
        reply = await packed.get(f"{FILES[0]}?h={digest}", encodings)
        assert "immutable" in reply.headers["cache-control"]
        assert reply.headers["vary"] == "Accept-Encoding"


async def test_the_frame_keeps_its_policy_in_gzip(packed):
    site = re.search(rb'data-site="([^"]+)"', (await packed.get("/demo/")).body)[1].decode()
    path = "/widget/v1/frame?site=" + site
    plain, small = await packed.get(path), await packed.get(path, GZIP)
    assert gzip.decompress(small.body) == plain.body
    assert small.headers["content-encoding"] == "gzip"
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert small.headers[name] == plain.headers[name]


async def test_a_page_that_names_this_server_is_not_packed_ahead(packed):
    page = is_plain(await packed.get("/demo/", GZIP))
    assert packed.base.encode() in page and b"{{maitred" not in page


async def test_the_packed_copy_has_no_address_of_its_own(packed):
    assert (await packed.get(FILES[0] + ".gz", GZIP)).status == 404


@pytest.mark.parametrize("path", ["/widget/v1/loader.js", "/widget/v1/app.js", "/console/"])
async def test_the_sources_are_served_as_they_are(shop, path):
    reply = await shop.get(path, GZIP)
    assert reply.body == is_plain(await shop.get(path)) and "vary" not in reply.headers
    again = await shop.get(path, {**GZIP, "if-none-match": reply.headers["etag"]})
    assert again.status == 304
