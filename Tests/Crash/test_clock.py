"""The clock is set back or forward while something is owed to somebody."""

import pytest
from peers import Customer

HOUR = 3600


@pytest.fixture
def server(above):
    return above


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "forward"])
async def test_an_answer_that_waits_for_more_words_comes_when_the_clock_jumps(
        server, beneath, jump):
    customer = Customer(server)
    await customer.open()
    # Nothing ends this sentence, so the assistant waits a moment for more.
    ack = await customer.say("I forgot my password")
    beneath.clock_offset = jump
    await customer.message_of("bot", ack["c"], timeout=5)
    await customer.close()


@pytest.mark.parametrize("jump", [-24 * HOUR, 24 * HOUR], ids=["back", "forward"])
async def test_a_customer_goes_on_and_comes_back_when_the_clock_jumps_by_a_day(
        server, beneath, jump):
    customer = Customer(server)
    await customer.open()
    c = (await customer.say("Where is my parcel?"))["c"]
    beneath.clock_offset = jump
    question = {"cid": "the-second", "text": "And how do I reset my password?"}
    answer = await customer.ask("msg.send", question, c)
    if answer["t"] == "err":
        # The session has run out with the jump; the message is sent again on the next one.
        assert answer["d"]["code"] == "unauthenticated", answer
    await customer.close()
    await customer.open()
    await customer.do("msg.retry", question, c)
    said = [frame for frame in await customer.history(c) if frame["t"] == "msg.new"]
    assert [frame["d"].get("cid") for frame in said].count("the-second") == 1
    days = {frame["d"]["at"][:10] for frame in said}
    assert len(days) == 2, "the clock did not jump"
    await customer.close()
