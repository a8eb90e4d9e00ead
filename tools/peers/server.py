"""The built server on a data folder of its own."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://shop.example"
PASSWORD = "correct horse battery"


def new_cid():
    return str(uuid.uuid4())


def binary():
    """The server to run: MAITRED_BINARY, else this repository's release build."""
    path = Path(os.environ.get("MAITRED_BINARY") or ROOT / ".build/release/maitred")
    if not path.exists():
        raise SystemExit(f"there is no {path}: run make build, or set MAITRED_BINARY")
    return path.resolve()


def free_port():
    """One that the system gives to no outgoing connection: a server that was killed comes back to it."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        first = int(file.read().split()[0])
    while True:
        port = random.randrange(10_000, max(first, 20_000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Server:
    """A workspace and the process that serves it.

    The process is started by `start`, ended by `kill` or `stop`, and may be started again on the
    same folder and port. `close` ends it and removes the folder unless it was given.
    """

    def __init__(self, folder=None, arguments=(), environment=None):
        self.folder = Path(folder or tempfile.mkdtemp(prefix="maitred-test-"))
        self._is_own_folder = folder is None
        self.port = free_port()
        self.arguments = list(arguments)
        self.environment = {
            "MAITRED_WEB_STATIC": str(ROOT / "web-static"),
            "MAITRED_PLUGIN_FOLDERS": str(ROOT / "Plugins"),
            **os.environ, **(environment or {})}
        self.process = None
        self.site = None
        # Sessions of agents by address, so that a password is checked once.
        self.signed_in = {}

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self):
        return f"ws://127.0.0.1:{self.port}/v1/ws"

    @property
    def log_path(self):
        return self.folder.parent / f"{self.folder.name}.log"

    def command(self, *arguments, stdin=None, check=True):
        """Runs `maitred ARGUMENTS --data FOLDER`; returns what it printed."""
        done = subprocess.run(
            [binary(), *map(str, arguments), "--data", str(self.folder)], input=stdin, text=True,
            capture_output=True, timeout=300, env=self.environment)
        if check and done.returncode:
            raise RuntimeError(f"maitred {arguments}: {done.returncode}: {done.stderr[-800:]}")
        return done.stdout if check else done

    def set_up(self, intents=None, agents=("Ann",), capacity=50):
        """Makes a workspace with one site, and agents such as ann@example.com."""
        self.command("init")
        self.site = self.add_site("Shop", ORIGIN)
        for name in agents:
            self.command(
                "agent", "add", f"{name.lower()}@example.com", "--name", name, "--role", "agent",
                "--capacity", capacity, "--password-stdin", stdin=PASSWORD + "\n")
        if intents:
            self.command("import", "intents", intents)

    def add_site(self, name, origin, *arguments):
        return json.loads(
            self.command("site", "add", name, "--origin", origin, "--json", *arguments))

    def start(self, limit=120):
        """Starts serving; returns the seconds until it was ready."""
        started = time.monotonic()
        self._spawn()
        alarm = threading.Timer(limit, self.process.kill)
        alarm.start()
        try:
            for line in self.process.stdout:
                if "listening on" in line:
                    threading.Thread(target=self.process.stdout.read, daemon=True).start()
                    return time.monotonic() - started
        finally:
            alarm.cancel()
        raise RuntimeError(f"the server did not come up:\n{self.log()[-2000:]}")

    def start_and_kill(self, seconds):
        """Starts serving and ends it after a moment, ready or not."""
        self._spawn()
        time.sleep(seconds)
        self.kill()
        self.process.stdout.close()

    def start_until(self, words, limit=60):
        """Starts serving; returns as soon as its log says something."""
        known = len(self.log())
        self._spawn()
        end = time.monotonic() + limit
        while words not in self.log()[known:]:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"the log does not say {words!r}:\n{self.log()[known:]}")
            time.sleep(0.005)

    def _spawn(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [binary(), "serve", "--data", str(self.folder),
                 "--listen", f"127.0.0.1:{self.port}", *self.arguments],
                stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def kill(self):
        """Ends it as a power cut would: SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self, limit=30):
        """Ends it as an operator would; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=limit)

    def close(self):
        if self.process and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        self.log_path.unlink(missing_ok=True)
        if self._is_own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)
