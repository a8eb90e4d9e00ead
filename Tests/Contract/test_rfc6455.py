"""RFC 6455 to the letter, through sockets of our own: what the Autobahn suite names in its
sections 1 to 7, 9 and 10. Documentation/websocket-cases.md has its numbers.

The server speaks the protocol's JSON, so its `ping` stands for an echo: it is acknowledged under
its `id`, in which any text may stand. Compression (12, 13) is not offered.
"""

import json

import pytest
from raw_websocket import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Place, fragments, frame, ping_request, split)

LIMIT = 65_536
# Of these lengths the form changes in which the length stands.
LENGTHS = [40, 125, 126, 127, 128, 65_535, LIMIT]
BURST = "libwebsockets answers the first of pings that arrive at once and drops the others; " \
    "RFC 6455 (5.5.3) lets a server answer the newest only"
# A client at fault is hung up on with this code, or without a word where libwebsockets says none.
FAULT = (1002, None)
UNMASKED = "libwebsockets takes unmasked frames of clients and does not tell of it"


@pytest.fixture(scope="module")
def place(shop):
    return Place(shop.server)


async def fails(place, *parts, code=1002, apart=False, answers=()):
    """The server closes with a code, and has acknowledged nothing but these requests."""
    async with place.socket() as socket:
        await socket.send(*parts, apart=apart)
        ending = await socket.ending()
        assert ending.answers == list(answers), ending
        assert ending.code in (code if isinstance(code, tuple) else (code,)), ending
        return ending


# 1, 9, 10: lengths, however they arrive

@pytest.mark.parametrize("size", [None, 997])
@pytest.mark.parametrize("length", LENGTHS)
async def test_a_message_of_any_length_is_taken_however_it_is_cut_into_segments(
        place, length, size):
    async with place.socket() as socket:
        data = frame(TEXT, ping_request(length=length))
        await socket.send(*split(data, size or len(data)), apart=True)
        await socket.answer()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("size", [64, 256, 1300, 4096, 32_768])
async def test_a_message_of_any_length_is_taken_in_any_fragments(place, length, size):
    async with place.socket() as socket:
        await socket.send(*fragments(TEXT, *split(ping_request(length=length), size)))
        await socket.answer()


@pytest.mark.parametrize("parts", [
    [frame(TEXT, ping_request(length=LIMIT + 1))],
    fragments(TEXT, *split(ping_request(length=LIMIT + 1), 4096)),
    fragments(TEXT, *split(b"x" * LIMIT + b"x", 4096), end=False),
    # The length alone says enough; nothing of it has to come.
    [bytes([0x81, 0xff]) + (LIMIT + 1).to_bytes(8) + bytes(4) + b"x"],
    [bytes([0x81, 0xff]) + (1 << 40).to_bytes(8) + bytes(4) + b"x"],
], ids=["whole", "fragments", "unfinished", "announced", "terabyte"])
async def test_a_message_beyond_the_limit_ends_the_connection_with_4413(place, parts):
    await fails(place, *parts, code=4413)


async def test_who_goes_on_sending_beyond_the_limit_is_hung_up_on(place):
    """What is still on its way then may cut the close frame off."""
    await fails(place, frame(TEXT, ping_request(length=1 << 20)), code=(4413, None))


async def test_a_length_beyond_63_bits_is_a_fault(place):
    async with place.socket() as socket:
        await socket.send(bytes([0x81, 0xff]) + b"\xff" * 8 + bytes(4) + b"x")
        assert (await socket.ending()).code in (*FAULT, 4413)


@pytest.mark.parametrize("opcode, code", [(TEXT, 4400), (BINARY, 1003)])
async def test_an_empty_message_is_no_request(place, opcode, code):
    await fails(place, frame(opcode), code=code)


@pytest.mark.parametrize("length", LENGTHS)
async def test_binary_messages_of_any_length_are_refused(place, length):
    await fails(place, frame(BINARY, ping_request(length=length)), code=1003)


async def test_requests_in_one_segment_are_answered_in_their_order(place):
    async with place.socket() as socket:
        ids = [str(number) for number in range(200)]
        await socket.send(*[frame(TEXT, ping_request(id)) for id in ids])
        frames = await socket.answer(ids[-1])
        read = [json.loads(payload) for _, payload in frames]
        assert [one["re"] for one in read if one["t"] == "ack"] == ids


@pytest.mark.parametrize("mask", [bytes(4), b"\xff" * 4, b"\x00\xff\x00\xff", b"\x7f\x80\x0d\x0a"])
async def test_any_mask_is_taken_off(place, mask):
    async with place.socket() as socket:
        await socket.send(frame(TEXT, ping_request("Ä", length=300), mask=mask))
        await socket.answer("Ä")


@pytest.mark.xfail(strict=True, reason=UNMASKED)
@pytest.mark.parametrize("opcode", [TEXT, PING])
async def test_a_client_that_does_not_mask_is_hung_up_on(place, opcode):
    async with place.socket() as socket:
        await socket.send(
            frame(opcode, ping_request("bare"), mask=None), frame(TEXT, ping_request("behind")))
        ending = await socket.ending(timeout=2)
        assert ending.code == 1002 and not ending.frames


# 2: pings and pongs

@pytest.mark.parametrize("payload", [
    b"", b"Hello, world!", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", b"\xfe" * 125],
    ids=["empty", "text", "bytes", "longest"])
@pytest.mark.parametrize("apart", [False, True])
async def test_a_ping_is_answered_by_a_pong_with_the_same_content(place, payload, apart):
    async with place.socket() as socket:
        data = frame(PING, payload)
        await socket.send(*split(data, 1 if apart else len(data)), apart=apart)
        assert await socket.frame() == (PONG, payload)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
async def test_a_control_frame_of_more_than_125_bytes_is_a_fault(place, opcode):
    await fails(
        place, frame(opcode, b"\x03\xe8" + b"x" * 124), frame(TEXT, ping_request()), code=FAULT)


@pytest.mark.parametrize("payload", [b"", b"unsolicited"])
async def test_pongs_nobody_asked_for_are_passed_over(place, payload):
    async with place.socket() as socket:
        await socket.send(frame(PONG, payload), frame(PING, b"mine"))
        assert await socket.frame() == (PONG, b"mine")


async def test_pings_one_after_the_other_are_all_answered(place):
    async with place.socket() as socket:
        for number in range(10):
            await socket.send(frame(PING, b"%d" % number))
            assert await socket.frame() == (PONG, b"%d" % number)


@pytest.mark.xfail(strict=True, reason=BURST)
async def test_of_ten_pings_at_once_the_last_is_answered(place):
    async with place.socket() as socket:
        await socket.send(*[frame(PING, b"%d" % number) for number in range(10)])
        pongs = []
        while pongs[-1:] != [b"9"]:
            opcode, payload = await socket.frame(timeout=2)
            assert opcode == PONG
            pongs.append(payload)
        assert pongs == sorted(pongs)


@pytest.mark.parametrize("apart", [False, True], ids=["at once", "octet by octet"])
async def test_ten_pings_at_once_harm_nothing_else(place, apart):
    async with place.socket() as socket:
        data = b"".join(frame(PING, b"%d" % number) for number in range(10))
        data += frame(TEXT, ping_request())
        await socket.send(*split(data, 1), apart=apart)
        frames = await socket.answer()
        assert {payload for opcode, payload in frames if opcode == PONG} <= {
            b"%d" % number for number in range(10)}
        await socket.send(frame(PING, b"later"))
        while (await socket.frame()) != (PONG, b"later"):
            pass


# 3, 4: reserved bits and opcodes

@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, PONG, CLOSE])
@pytest.mark.parametrize("rsv", range(1, 8))
async def test_reserved_bits_are_a_fault(place, rsv, opcode):
    payload = b"\x03\xe8" if opcode == CLOSE else ping_request("bad")
    await fails(
        place, frame(TEXT, ping_request("good")), frame(opcode, payload, rsv=rsv),
        frame(TEXT, ping_request("behind")), answers=["good"])


@pytest.mark.parametrize("payload", [b"", ping_request("bad")], ids=["empty", "full"])
@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
async def test_reserved_opcodes_are_a_fault(place, opcode, payload):
    await fails(
        place, frame(TEXT, ping_request("good")), frame(opcode, payload),
        frame(TEXT, ping_request("behind")), answers=["good"])


# 5: fragments

@pytest.mark.parametrize("size", [1, 2, 7, None])
@pytest.mark.parametrize("between", [[], [frame(PING, b"p")], [frame(PONG)]],
                         ids=["nothing", "ping", "pong"])
async def test_fragments_are_put_together_around_control_frames(place, between, size):
    """However the bytes arrive: in one piece or octet by octet."""
    async with place.socket() as socket:
        first, second = fragments(TEXT, *split(ping_request(), 20)[:1], ping_request()[20:])
        data = b"".join([first, *between, second])
        await socket.send(*split(data, size or len(data)), apart=True)
        frames = await socket.answer()
        await socket.send(frame(TEXT, ping_request("2")))
        frames += await socket.answer("2")
        pongs = [payload for opcode, payload in frames if opcode == PONG]
        assert pongs == [b"p"] * between.count(frame(PING, b"p"))


async def test_pings_between_all_fragments_of_a_message(place):
    async with place.socket() as socket:
        pieces = fragments(TEXT, *split(ping_request(length=100), 20))
        for number, piece in enumerate(pieces[:-1]):
            await socket.send(piece, frame(PING, b"%d" % number))
            assert await socket.frame() == (PONG, b"%d" % number)
        await socket.send(pieces[-1])
        await socket.answer()


async def test_a_message_in_a_fragment_for_each_byte_and_with_empty_ones(place):
    async with place.socket() as socket:
        await socket.send(*fragments(TEXT, *split(ping_request("bytes"), 1)))
        await socket.answer("bytes")
        await socket.send(*fragments(TEXT, b"", ping_request("middle"), b""))
        await socket.answer("middle")
        await socket.send(*fragments(TEXT, b"", b"", b"{}", b"", b""))
        assert (await socket.ending()).code == 4400


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
async def test_control_frames_are_never_fragments(place, opcode):
    await fails(place, *fragments(opcode, b"\x03\xe8", b"x"), frame(TEXT, ping_request()))


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("before", [[], [frame(TEXT, ping_request("good"))]],
                         ids=["first", "later"])
@pytest.mark.parametrize("fin", [True, False])
async def test_a_continuation_of_nothing_is_a_fault(place, fin, before, apart):
    await fails(
        place, *before, frame(CONTINUATION, ping_request("bad"), fin=fin),
        frame(TEXT, ping_request("behind")), answers=["good"] if before else [], apart=apart)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
async def test_a_message_that_begins_inside_another_is_a_fault(place, opcode):
    whole = ping_request("bad")
    await fails(
        place, frame(TEXT, whole[:9], fin=False), frame(opcode, whole[9:]),
        frame(TEXT, ping_request("behind")))


# 7: closing

CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
NO_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999]


@pytest.mark.parametrize("code", CODES)
async def test_a_close_is_answered_with_its_code(place, code):
    async with place.socket() as socket:
        await socket.send(frame(CLOSE, code.to_bytes(2)))
        assert (await socket.ending(to_the_end=True)).code == code


@pytest.mark.parametrize("code", NO_CODES)
async def test_a_close_with_a_code_that_is_none_is_a_fault(place, code):
    await fails(place, frame(CLOSE, code.to_bytes(2)), code=1002)


async def test_a_close_without_a_code_is_answered_without_one(place):
    await fails(place, frame(CLOSE), code=1005)


@pytest.mark.parametrize("code", [5000, 65_535])
async def test_a_close_with_a_code_beyond_those_defined_ends_the_connection(place, code):
    await fails(place, frame(CLOSE, code.to_bytes(2)), code=(*FAULT, code))


async def test_half_a_close_code_is_a_fault(place):
    await fails(place, frame(CLOSE, b"\x03"), code=1002)


@pytest.mark.parametrize("reason", [b"done", b"x" * 123, "ü€😀".encode()],
                         ids=["short", "longest", "letters"])
async def test_a_close_with_a_reason_is_answered(place, reason):
    await fails(place, frame(CLOSE, b"\x03\xe8" + reason), code=1000)


@pytest.mark.parametrize("reason", [
    b"\xff", b"\xed\xa0\x80", b"half \xe2\x82"])
async def test_a_reason_that_is_no_text_is_a_fault(place, reason):
    async with place.socket() as socket:
        await socket.send(frame(CLOSE, b"\x03\xe8" + reason))
        assert (await socket.ending()).code in (*FAULT, 1007)


async def test_a_message_behind_a_close_is_not_taken(place):
    await fails(
        place, frame(TEXT, ping_request("good")), frame(CLOSE, b"\x03\xe8"),
        frame(TEXT, ping_request("behind")), code=1000, answers=["good"])


@pytest.mark.parametrize("behind", [frame(PING, b"behind"), frame(CLOSE, b"\x03\xe9")],
                         ids=["ping", "close"])
@pytest.mark.parametrize("apart", [False, True])
async def test_behind_a_close_nothing_is_answered(place, behind, apart):
    ending = await fails(
        place, frame(TEXT, ping_request("good")), frame(CLOSE, b"\x03\xe8"), behind,
        code=1000, answers=["good"], apart=apart)
    assert PONG not in [opcode for opcode, _ in ending.frames]


@pytest.mark.parametrize("behind", [frame(TEXT, ping_request("1", length=1 << 18)), frame(3)],
                         ids=["large", "nonsense"])
async def test_nonsense_behind_a_close_is_not_answered_either(place, behind):
    """The end of the connection may come before what was to be said."""
    async with place.socket() as socket:
        await socket.send(frame(TEXT, ping_request("good")), frame(CLOSE, b"\x03\xe8"), behind)
        ending = await socket.ending()
        assert ending.code in (1000, None) and ending.answers in ([], ["good"])


async def test_who_does_not_answer_a_close_is_let_go(place):
    async with place.socket() as socket:
        await socket.send(frame(3))
        assert (await socket.ending()).code == 1002
        assert (await socket.ending(timeout=8)).code is None


async def test_a_close_ends_a_message_that_is_not_finished(place):
    whole = ping_request("cut")
    await fails(
        place, frame(TEXT, whole[:9], fin=False), frame(CLOSE, b"\x03\xe8"),
        frame(CONTINUATION, whole[9:]), code=1000)
