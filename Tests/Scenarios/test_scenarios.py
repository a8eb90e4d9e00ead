"""The scripts beside this file, on the real server: see run.py."""
import asyncio
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import run  # noqa: E402

SCENES = {path.name: run.load(path) for path in sorted(run.FOLDER.glob("*.scene"))}


@pytest.mark.parametrize("name", SCENES)
def test_goes_as_it_is_written(name):
    if not run.is_timeless(SCENES[name]):
        pytest.skip("time passes in it: on the loopback server only")
    asyncio.run(run.perform(SCENES[name]))
