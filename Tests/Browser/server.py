"""The built server, on a folder and a port of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MAITRED_BINARY", ROOT / ".build/release/maitred")).resolve()
STARTS_WITHIN = 60
STOPS_WITHIN = 20


class Server:
    """`maitred serve --demo`. It can be killed and started again on the same folder and port."""

    def __init__(self, folder, port=None):
        self.folder = Path(folder)
        self.port = port or free_port()
        self.process = None

    @property
    def url(self):
        """Where the console is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self):
        """Where the demo is: another site than the server's, as a customer's product is."""
        return f"http://shop.localhost:{self.port}"

    @property
    def passwords(self):
        """By the first name of an agent: their address and password."""
        people = {}
        for line in (self.folder / "demo-passwords.txt").read_text().splitlines():
            email, password = line.split()[:2]
            people[email.partition("@")[0]] = (email, password)
        return people

    @property
    def command(self):
        """How it is started."""
        return [BINARY, "serve", "--data", self.folder, "--demo",
                "--listen", f"127.0.0.1:{self.port}"]

    def start(self):
        """Returns once the server says that it listens."""
        with open(self.folder.parent / f"{self.folder.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment())
        is_listening = threading.Event()
        threading.Thread(
            target=read_until_listening, args=(self.process.stdout, is_listening),
            daemon=True).start()
        if not is_listening.wait(STARTS_WITHIN) or self.process.poll() is not None:
            self.kill()
            raise RuntimeError(f"the server did not start:\n{self.log[-3000:]}")
        return self

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it as an operator would; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def order(self, *words):
        """Runs another command of the program on the folder."""
        done = subprocess.run(
            [BINARY, *words, "--data", self.folder], capture_output=True, text=True,
            timeout=STARTS_WITHIN, env=environment(), check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, words))}: {done.stderr.strip()}")
        return done.stdout

    @property
    def log(self):
        return (self.folder.parent / f"{self.folder.name}.log").read_text(errors="replace")

    def copy(self, folder):
        """Another server that begins with the folder of this one, which must not be running."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("lock", "*.sock"))
        return Server(folder)


def prepared(folder):
    """A demo workspace with its triage trained: copies of it start in an instant."""
    server = Server(folder).start()
    if server.stop() != 0:
        raise RuntimeError(f"the server did not stop:\n{server.log[-3000:]}")
    return server


def read_until_listening(output, is_listening):
    for line in output:
        if re.match(r"listening on http", line):
            is_listening.set()
    # The end of the output is an end of the wait too.
    is_listening.set()


def environment():
    """A build in another place has neither the pages nor the plugins beside it."""
    return {"MAITRED_WEB_STATIC": str(ROOT / "web-static"),
            "MAITRED_PLUGIN_FOLDERS": str(ROOT / "Plugins"), **os.environ}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def temporary_folder():
    return Path(tempfile.mkdtemp(prefix="maitred-browser-"))
