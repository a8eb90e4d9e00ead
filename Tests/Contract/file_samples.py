"""Files of the kinds that people send, as small as they can be."""

import io
import struct
import zipfile
import zlib


def png(width=64, height=48):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\x80\x90\xa0" * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def office(folder="word"):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("[Content_Types].xml", "<Types/>")
        files.writestr(f"{folder}/document.xml", "<document/>")
    return archive.getvalue()


def noise(size):
    """Text that does not repeat, so that a lost or moved piece shows."""
    lines = b"".join(b"%08d the quick brown fox\n" % n for n in range(size // 29 + 1))
    return lines[:size]
