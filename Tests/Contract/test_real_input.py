"""The command that measures real input does what it says, on a small file."""

import asyncio
import json
import subprocess
import sys

from conftest import TAUGHT
from peers import ROOT


async def test_real_input_counts_every_message():
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, ROOT / "tools/real-input", "--json", "--messages", "12", "--train", TAUGHT,
         "--test", TAUGHT], capture_output=True, text=True, timeout=55)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["messages"] == 12 and figures["without_outcome"] == 0
    assert figures["answered"] + figures["clarified"] + figures["handed_off"] == 12
    # It is asked what it has been taught.
    assert figures["answered_rightly"] == figures["answered"] > 0
    assert figures["briefings_checked"] == figures["handed_off"] and not figures["faults"]
    assert figures["ms_to_ack"]["p50"] <= figures["ms_to_answer"]["p50"]
