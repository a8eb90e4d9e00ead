"""A server's disk and clock in the hands of a test; the C is beneath.c."""

import errno
import mmap
import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "beneath.c"
NUMBERS = ["write_error", "sync_error", "truncate_error", "per_mille", "lies", "keeps_undo",
           "clock_offset", "sync_delay", "injected", "syncs", "doomed"]
SECTOR = 512
PAGE = 4096
RECORD = struct.Struct("=qqqq")
SYNCED, SYNC_FAILED = -1, -2
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
        """Takes from a stopped server's files what was never synced; returns how many pages of it.

        Of what the disk had not been told to keep it may have kept anything: nothing, the first
        writes, some of them, half of one, or rubbish in a sector.
        """
        found = 0
        for name in ("maitred.sqlite", "maitred.sqlite-wal"):
            undo = Path(f"{self.control}.{name}.undo")
            if undo.exists():
                pieces, size = unsynced(read_undo(undo.read_bytes()))
                found += len(pieces)
                take_back(
                    Path(data) / name, pieces, size, random, manner or random.choice(MANNERS))
                undo.unlink()
        self.doomed = 0
        return found


@dataclass
class Piece:
    """A write, or what of it lies in one page of the kernel's."""
    offset: int
    length: int
    # Of the file, before.
    size: int
    # What was there, less of it where the file ended.
    before: bytes
    # Its sync has failed: the kernel does not write it again.
    is_clean: bool = False

    @property
    def page(self):
        return self.offset // PAGE


def read_undo(data):
    """(offset, length, size of the file, bytes before) of each write and sync, in order."""
    place = 0
    while place + RECORD.size <= len(data):
        offset, length, size, kept = RECORD.unpack_from(data, place)
        place += RECORD.size
        if place + kept > len(data):
            return  # Its write never began.
        yield offset, length, size, data[place:place + kept]
        place += kept


def unsynced(records):
    """What the disk need not have, in order of writing; and how large the file surely is.

    A page whose sync has failed is written by a later one only if something has been written to it
    meanwhile.
    """
    pieces, sure = [], 0
    for offset, length, size, before in records:
        if length == SYNCED:
            pieces, sure = [piece for piece in pieces if piece.is_clean], size
        elif length == SYNC_FAILED:
            for piece in pieces:
                piece.is_clean = True
        else:
            new = list(in_pages(offset, length, size, before))
            for piece in pieces:
                piece.is_clean &= not new[0].page <= piece.page <= new[-1].page
            pieces += new
    return pieces, sure


def in_pages(offset, length, size, before):
    """A write as pieces."""
    start = offset
    while start < offset + length:
        end = min(offset + length, (start // PAGE + 1) * PAGE)
        yield Piece(start, end - start, max(size, start), before[start - offset:end - offset])
        start = end


def take_back(path, pieces, size, random, manner):
    """Undoes writes to a file as a power cut may have; it stays at least so large."""
    if not pieces or not path.exists():
        return
    first = 0 if manner in ("all", "some") else random.randrange(len(pieces))
    lost = [n for n in range(first, len(pieces)) if manner != "some" or random.random() < 0.5]
    with open(path, "r+b") as file:
        for number in reversed(lost):
            piece = pieces[number]
            file.seek(piece.offset)
            written = file.read(piece.length)
            file.seek(piece.offset)
            file.write(piece.before.ljust(piece.length, b"\0"))
        if manner == "some":
            return
        piece = pieces[first]
        file.truncate(max(size, piece.size))
        # Of the first write that is lost some sectors may have arrived.
        whole = SECTOR * random.randrange(piece.length // SECTOR + 1)
        if manner in ("torn", "rubbish"):
            file.seek(piece.offset)
            file.write(written[:whole])
        if manner == "rubbish":
            file.write(random.randbytes(min(SECTOR, piece.length - whole)))
