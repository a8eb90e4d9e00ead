"""What the disk beneath the server has after a power cut: failed syncs take pages along."""

import errno
import random
import subprocess
import sys

import pytest

# Writes and syncs as it is told, on a disk that is not always well.
HAND = """
import os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
for line in sys.stdin:
    word, *numbers = line.split()
    try:
        if word == "write":
            os.pwrite(file, numbers[1].encode() * 4096, int(numbers[0]) * 4096)
        else:
            os.fsync(file)
    except OSError:
        print("failed", flush=True)
    else:
        print("done", flush=True)
"""


class Disk:
    """A log of pages, each full of one letter."""

    def __init__(self, beneath, folder):
        self.beneath, self.path = beneath, folder / "maitred.sqlite-wal"
        beneath.keeps_undo, beneath.per_mille = 1, 1000
        self.start()

    def start(self):
        self.hand = subprocess.Popen(
            [sys.executable, "-c", HAND, self.path], env=self.beneath.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tell(self, *words):
        print(*words, file=self.hand.stdin, flush=True)
        return self.hand.stdout.readline().strip()

    def write(self, page, letter):
        assert self.tell("write", page, letter) == "done"

    def sync(self, *, fails=False):
        self.beneath.sync_error = errno.EIO if fails else 0
        assert self.tell("sync") == ("failed" if fails else "done")

    def kill(self):
        self.hand.kill()
        self.hand.wait()

    def after_power_cut(self):
        """The first letter of each page once everything that may be lost is lost."""
        self.kill()
        self.beneath.cut_power(self.path.parent, random.Random(1), "all")
        return self.path.read_bytes()[::4096].replace(b"\0", b".").decode()


@pytest.fixture
def disk(beneath, tmp_path):
    disk = Disk(beneath, tmp_path)
    yield disk
    disk.kill()


def test_what_was_synced_outlives_a_power_cut_and_nothing_else_does(disk):
    disk.write(0, "a")
    disk.sync()
    disk.write(1, "b")
    assert disk.after_power_cut() == "a"


def test_a_page_whose_sync_failed_is_lost_though_a_later_sync_succeeds(disk):
    disk.write(0, "a")
    disk.sync(fails=True)
    disk.write(1, "b")
    disk.sync()
    assert disk.after_power_cut() == ".b"


def test_a_page_that_is_written_again_after_a_failed_sync_is_kept_by_the_next(disk):
    disk.write(0, "a")
    disk.write(1, "b")
    disk.sync(fails=True)
    disk.write(0, "c")
    disk.sync()
    assert disk.after_power_cut() == "c."


def test_a_failed_sync_is_remembered_beyond_the_end_of_the_process(disk):
    disk.write(0, "a")
    disk.sync(fails=True)
    disk.kill()
    disk.start()
    disk.write(1, "b")
    disk.sync()
    assert disk.after_power_cut() == ".b"
