"""The built server on a data folder of its own."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MAITRED_BINARY", str(ROOT / ".build/release/maitred"))
PASSWORD = "correct horse battery"


class Server:
    origin = "http://shop.example"

    def __init__(self, intents):
        self.data = tempfile.mkdtemp(prefix="maitred-scenario-")
        self.process = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.socket = f"ws://127.0.0.1:{self.port}/v1/ws"
        self.command("init")
        site = self.command("site", "add", "Shop", "--origin", self.origin, "--json")
        self.site = json.loads(site)["key"]
        self.command("import", "intents", str(intents))

    def command(self, *arguments, text=None):
        done = subprocess.run(
            [BINARY, *arguments, "--data", self.data],
            input=text, capture_output=True, text=True, timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"maitred {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def hire(self, name, skill, room):
        """Adds an agent; returns their id and address."""
        email = f"{name.lower()}@example.com"
        skills = ["--skill", skill] if skill else []
        added = self.command(
            "agent", "add", email, "--name", name, "--role", "agent", "--capacity", str(room),
            *skills, "--password-stdin", "--json", text=PASSWORD + "\n",
        )
        return json.loads(added)["id"], email

    def start(self):
        log = open(os.path.join(self.data, "server.log"), "wb")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
             "--web-static", str(ROOT / "web-static")],
            stdout=subprocess.PIPE, stderr=log, text=True,
        )
        for line in self.process.stdout:
            if "listening on" in line:
                return
        raise RuntimeError("the server did not come up: " + self.log())

    def log(self):
        return pathlib.Path(self.data, "server.log").read_text(errors="replace")[-2000:]

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)
        shutil.rmtree(self.data, ignore_errors=True)
