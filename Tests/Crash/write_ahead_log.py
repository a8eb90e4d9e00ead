"""What a write-ahead log of SQLite's holds (https://sqlite.org/fileformat2.html, 4.1)."""

HEADER, FRAME_HEADER = 32, 24


def written(log):
    """The part that was written since the last checkpoint; behind it lie zeros or an older log."""
    page, salts = int.from_bytes(log[8:12], "big"), log[16:24]
    end = HEADER
    while end < len(log) and log[end + 8:end + 16] == salts:
        end += FRAME_HEADER + page
    return log[:end]
