"""Runs `async def` tests, and makes the client of tools/peers known."""

import asyncio
import inspect
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from beneath import Beneath  # noqa: E402
from crash_run import INTENTS  # noqa: E402
from peers import Server  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=4, help="how often the server is killed")
    parser.addoption("--clients", type=int, default=50, help="how many customers write")


def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture
def server():
    server = Server()
    server.set_up(INTENTS)
    yield server
    server.close()


@pytest.fixture
def beneath():
    """The disk and the clock of a server, in the hands of a test."""
    beneath = Beneath()
    yield beneath
    beneath.close()


@pytest.fixture
def above(beneath):
    """A server that runs on them."""
    server = Server(environment=beneath.environment)
    server.set_up(INTENTS)
    server.start()
    yield server
    server.close()


@pytest.fixture
def small_disk():
    """A file system of 24 MB, by root only."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = tempfile.mkdtemp(prefix="maitred-disk-")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "maitred", place], capture_output=True)
    if mounted.returncode:
        os.rmdir(place)
        pytest.skip(f"mounting failed: {mounted.stderr.decode().strip()}")
    yield Path(place)
    subprocess.run(["umount", "--lazy", place], check=False)
    os.rmdir(place)
