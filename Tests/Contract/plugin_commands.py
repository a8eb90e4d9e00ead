"""`maitred plugin …` as those who write plugins type it, in their own folder."""

import json
import queue
import subprocess
import threading

from peers.server import binary


def plugin(*words, cwd=None):
    """Runs a command to its end; `returncode`, `stdout` and `stderr` say how that was."""
    return subprocess.run([binary(), "plugin", *map(str, words)], cwd=cwd, text=True,
                          capture_output=True, timeout=300, check=False)


def make(folder, *words):
    """Runs `make` in a plugin's folder, with this program as its `maitred`."""
    return subprocess.run(["make", *words, f"MAITRED={binary()}"], cwd=folder, text=True,
                          capture_output=True, timeout=300, check=False)


def said(done):
    return done.stdout + done.stderr


class Dev:
    """`maitred plugin dev` at work on a folder; lines of JSON go in and come out."""

    def __init__(self, folder, build):
        self._process = subprocess.Popen(
            [binary(), "plugin", "dev", str(folder), "--build", build], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def until(self, member):
        """The next line that has a member; those before it are passed over."""
        while member not in (line := self._lines.get(timeout=60)):
            pass
        return line

    def ask(self, **message):
        """Sends a line and waits for its answer."""
        self._process.stdin.write(json.dumps({"id": "asked", **message}) + "\n")
        self._process.stdin.flush()
        return self.until("id")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._process.stdin.close()
        try:
            self.code = self._process.wait(timeout=30)
        finally:
            self._process.kill()
            self._process.wait()
