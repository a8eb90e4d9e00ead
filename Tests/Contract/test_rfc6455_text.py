"""RFC 6455 and text: what is no UTF-8 is refused as soon as it cannot become any (Autobahn's
section 6)."""

import pytest
from raw_websocket import CONTINUATION, TEXT, Place, fragments, frame, ping_request, split

# Beginnings and ends of what one to four bytes say, around the surrogates, noncharacters.
TEXTS = [
    "\x7f", "\x80", "\u07ff", "\u0800", "\uffff", "\U00010000", "\U0010ffff", "\ud7ff", "\ue000",
    "\ufffd", "\ufffe", "\ufdd0", "\U0001fffe", "\U0010fffe", "\ufeff", "\u2028", "κόσμε",
    "Hello-µ@ßöäüàá-UTF-8!!", "\U0001f469\u200d\U0001f4bb", "e\u0301",
    # The specials, and the last two of every plane, which are no characters and text all the same.
    "".join(map(chr, range(0xfff9, 0x10000))),
    *["".join(chr(plane << 16 | last) for plane in planes for last in (0xfffe, 0xffff))
      for planes in (range(0, 6), range(6, 12), range(12, 17))]]
# The same for what is none; each is refused wherever it stands.
NO_TEXTS = {
    "continuation": "80", "last continuation": "bf", "two continuations": "80 bf",
    "seven continuations": "80 bf 80 bf 80 bf 80",
    "all continuations": bytes(range(128, 192)).hex(),
    "lonely starts of 2": "c2 20 df 20", "lonely starts of 3": "e0 20 ef 20",
    "lonely starts of 4": "f0 20 f4 20", "lonely starts of 5": "f8 20 fb 20",
    "lonely starts of 6": "fc 20 fd 20", "last of 2 missing": "c3 22",
    "last of 3 missing": "e2 82 22",
    "last of 4 missing": "f0 9f 98 22", "several cut": "c3 e2 82 f0 9f 98", "fe": "fe", "ff": "ff",
    "fe and ff": "fe fe ff ff", "overlong slash in 2": "c0 af", "overlong slash in 3": "e0 80 af",
    "overlong slash in 4": "f0 80 80 af", "overlong slash in 5": "f8 80 80 80 af",
    "overlong slash in 6": "fc 80 80 80 80 af", "longest overlong of 2": "c1 bf",
    "longest overlong of 3": "e0 9f bf", "longest overlong of 4": "f0 8f bf bf",
    "longest overlong of 5": "f8 87 bf bf bf", "longest overlong of 6": "fc 83 bf bf bf bf",
    "NUL in 2": "c0 80", "NUL in 3": "e0 80 80", "NUL in 4": "f0 80 80 80",
    "first of 5": "f8 88 80 80 80", "first of 6": "fc 84 80 80 80 80",
    "last of 4": "f7 bf bf bf", "last of 5": "fb bf bf bf bf", "last of 6": "fd bf bf bf bf bf",
    "beyond the last": "f4 90 80 80", "first surrogate": "ed a0 80", "last high": "ed af bf",
    "first low": "ed b0 80", "last surrogate": "ed bf bf", "a pair": "ed a0 80 ed b0 80",
    "another pair": "ed af bf ed bf bf", "a surrogate in a word": "ce ba e1 bd b9 ed a0 80 65",
}
WORD = "κόσμε😀".encode()


def around(octets):
    """A request with these bytes in its id."""
    head, tail = ping_request("•").split("•".encode())
    return head + octets + tail


@pytest.fixture(scope="module")
def place(shop):
    return Place(shop.server)


@pytest.mark.parametrize("size", [None, 1, 3])
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
async def test_all_text_comes_back_as_it_was_cut_anywhere(place, text, size):
    async with place.socket() as socket:
        data = ping_request(text)
        await socket.send(*fragments(TEXT, *split(data, size or len(data))))
        await socket.answer(text)
        # And octet by octet inside one frame.
        await socket.send(*split(frame(TEXT, data), size or 7), apart=True)
        await socket.answer(text)


@pytest.mark.parametrize("size", [None, 1, 3])
@pytest.mark.parametrize("name", NO_TEXTS)
async def test_what_is_no_text_ends_the_connection_with_1007(place, name, size):
    async with place.socket() as socket:
        data = around(bytes.fromhex(NO_TEXTS[name]))
        await socket.send(*fragments(TEXT, *split(data, size or len(data))))
        ending = await socket.ending()
        assert ending.code == 1007 and not ending.answers


@pytest.mark.parametrize("length", [n for n in range(1, len(WORD))
                                    if WORD[n] & 0xc0 == 0x80])
@pytest.mark.parametrize("size", [None, 1])
async def test_a_message_that_ends_inside_a_character_is_no_text(place, length, size):
    async with place.socket() as socket:
        data = b'{"t":"ping","id":"' + WORD[:length]
        await socket.send(*fragments(TEXT, *split(data, size or len(data))))
        ending = await socket.ending()
        assert ending.code == 1007 and not ending.frames


@pytest.mark.parametrize("octets", ["f4 90", "ed a0", "e0 9f", "f0 8f", "ff", "c0"])
@pytest.mark.parametrize("in_frame", [False, True], ids=["fragments", "one frame"])
async def test_it_is_refused_before_the_message_is_there(place, octets, in_frame):
    """As soon as no continuation could make it text."""
    async with place.socket() as socket:
        data = b'{"t":"ping","id":"' + WORD + bytes.fromhex(octets)
        if in_frame:
            # The frame announces more than comes.
            cut = len(frame(TEXT, data + b"x" * 50)) - 50
            await socket.send(frame(TEXT, data + b"x" * 50)[:cut])
        else:
            await socket.send(frame(TEXT, data[:20], fin=False),
                              frame(CONTINUATION, data[20:], fin=False))
        assert (await socket.ending(timeout=3)).code == 1007


async def test_a_fault_of_one_is_no_fault_of_another(place):
    async with place.socket() as calm, place.socket() as half:
        await half.send(frame(TEXT, b'{"t":"ping","id":"' + WORD[:1], fin=False))
        for octets in ("ff", "c0 80"):
            async with place.socket() as bad:
                await bad.send(frame(TEXT, around(bytes.fromhex(octets))))
                assert (await bad.ending()).code == 1007
        await calm.send(frame(TEXT, ping_request("calm")))
        await calm.answer("calm")
        await half.send(frame(CONTINUATION, WORD[1:2] + b'"}'))
        await half.answer("κ")


async def test_a_nul_is_text_but_no_json(place):
    async with place.socket() as socket:
        await socket.send(frame(TEXT, around(b"\0")))
        ending = await socket.ending()
        assert ending.code == 4400 and not ending.answers


async def test_text_before_hello_is_judged_too(place):
    async with place.unopened() as socket:
        await socket.send(frame(TEXT, around(b"\xff")))
        assert (await socket.ending()).code == 1007
