"""Calls of a plugin that stand in line in its process."""

import threading
import time

import c_plugins
import pytest
from plugin_bench import Bench, Refused

CODE = r"""
#include <unistd.h>
INVOKE {
    if (says(in, "long")) {
        fputs("a long call has begun\n", stderr);
        sleep(9);
    }
    answer(call, "{\"facts\":{\"done\":true}}");
}
"""
OPENED = "hook/conversation.opened"


def test_a_call_given_up_behind_a_long_one_does_not_end_the_process(tmp_path):
    """A process is ended when a call goes on for five seconds after its deadline: this one never
    began."""
    c_plugins.build(
        tmp_path, "test.narrow", CODE, limits={"concurrency": 1},
        contributes={"hooks": [{"on": "conversation.opened", "mode": "enrich"}]})
    with Bench(str(tmp_path / "test.narrow")) as bench:
        answers = []
        long = threading.Thread(target=lambda: answers.append(
            bench.call(OPENED, {"kind": "long"}, deadline_ms=30_000)))
        long.start()
        end = time.monotonic() + 10
        while not any("a long call has begun" in line for line in bench.logs):
            assert time.monotonic() < end, bench.logs
            time.sleep(0.01)
        with pytest.raises(Refused) as refused:
            bench.call(OPENED, {"kind": "short"}, deadline_ms=100)
        assert refused.value.code == "plugin_timeout"
        long.join()
        assert answers == [{"facts": {"done": True}}]
        assert bench.call(OPENED, {"kind": "short"}) == {"facts": {"done": True}}
