"""A server's disk and clock in the hands of a test; the C is beneath.c."""

import errno
import mmap
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "beneath.c"
NUMBERS = ["write_error", "sync_error", "truncate_error", "per_mille", "lies", "keeps_undo",
           "clock_offset", "sync_delay", "injected", "syncs"]
SECTOR = 512
RECORD = struct.Struct("=qqqq")
MANNERS = ["all", "last", "some", "torn", "rubbish"]


class Beneath:
    """Compiles the library and holds the page of numbers that it goes by.

    The numbers are attributes: `beneath.sync_delay = 2000` slows every sync down by two
    milliseconds from now on.
    """

    def __init__(self):
        folder = Path(tempfile.mkdtemp(prefix="maitred-beneath-"))
        library, control = folder / "beneath.so", folder / "control"
        subprocess.run(
            ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread", SOURCE,
             "-o", library, "-ldl"], check=True)
        control.write_bytes(bytes(mmap.PAGESIZE))
        with open(control, "r+b") as file:
            page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        self.__dict__.update(folder=folder, control=control, _page=page)
        self.environment = {"LD_PRELOAD": str(library), "BENEATH_CONTROL": str(control)}

    def __getattr__(self, name):
        if name not in NUMBERS:
            raise AttributeError(name)
        return struct.unpack_from("=q", self._page, 8 * NUMBERS.index(name))[0]

    def __setattr__(self, name, value):
        if name in NUMBERS:
            struct.pack_into("=q", self._page, 8 * NUMBERS.index(name), value)
        else:
            self.__dict__[name] = value

    def fill_disk(self):
        self.per_mille = 1000
        self.write_error = errno.ENOSPC

    def break_disk(self, per_mille):
        """Some writes, syncs and truncations fail."""
        self.per_mille = per_mille
        self.write_error = self.sync_error = self.truncate_error = errno.EIO

    def mend(self):
        self.write_error = self.sync_error = self.truncate_error = 0

    def close(self):
        self._page.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What a power cut takes

    def cut_power(self, data, random, manner=None):
        """Takes from a stopped server's files what was never synced; returns how many writes were.

        Of what the disk had not been told to keep it may have kept anything: nothing, the first
        writes, some of them, half of one, or rubbish in a sector.
        """
        found = 0
        for name in ("maitred.sqlite", "maitred.sqlite-wal"):
            undo = Path(f"{self.control}.{name}.undo")
            if undo.exists():
                records = list(read_undo(undo.read_bytes()))
                found += len(records)
                take_back(Path(data) / name, records, random, manner or random.choice(MANNERS))
                undo.unlink()
        return found


def read_undo(data):
    """(offset, length, size of the file before, bytes before) of each write, in order."""
    place = 0
    while place + RECORD.size <= len(data):
        offset, length, size, kept = RECORD.unpack_from(data, place)
        place += RECORD.size
        if place + kept > len(data):
            return  # Its write never began.
        yield offset, length, size, data[place:place + kept]
        place += kept


def take_back(path, records, random, manner):
    """Undoes writes to a file as a power cut may have."""
    if not records or not path.exists():
        return
    first = 0 if manner in ("all", "some") else random.randrange(len(records))
    lost = [n for n in range(first, len(records)) if manner != "some" or random.random() < 0.5]
    with open(path, "r+b") as file:
        for number in reversed(lost):
            offset, length, _, before = records[number]
            file.seek(offset)
            written = file.read(length)
            file.seek(offset)
            file.write(before.ljust(length, b"\0"))
        if manner == "some":
            return
        offset, length, size, _ = records[first]
        file.truncate(size)
        # Of the first write that is lost some sectors may have arrived.
        whole = SECTOR * random.randrange(length // SECTOR + 1)
        if manner in ("torn", "rubbish"):
            file.seek(offset)
            file.write(written[:whole])
        if manner == "rubbish":
            file.write(random.randbytes(min(SECTOR, length - whole)))
