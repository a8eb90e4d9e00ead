"""Plugins written to do harm, and how to tell that they did it; their C is in hostile/."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "hostile"
HEADER = Path(__file__).resolve().parents[2] / "Sources/CMaitredPlugin/include"

# Asked while a conversation's first turn is read, which waits for at most so long.
ENRICH = {"on": "conversation.opened", "mode": "enrich", "deadline_ms": 500}
FILTER = {"on": "message.inbound", "mode": "filter", "deadline_ms": 50}
STORE = {"kv_bytes": 64 << 20}


@dataclass(frozen=True)
class Hostile:
    name: str
    # What it does, for people.
    deed: str
    source: str
    # Found in its state, its error or its lines when it has done it.
    proof: str
    # For the compiler: NAME or NAME=VALUE.
    defines: tuple = ()
    hook: dict = field(default_factory=lambda: ENRICH)
    permissions: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    # Whether messages are to be refused because of it, as its manifest asks.
    refuses: bool = False

    @property
    def id(self):
        return "hostile." + self.name.replace("_", "-")

    def manifest(self):
        return {
            "id": self.id, "name": self.name, "version": "1.0.0", "abi": 1, "entry": "library.so",
            "permissions": self.permissions, "contributes": {"hooks": [self.hook]},
            "limits": {"concurrency": 4, "memory_mb": 64, **self.limits}}

    def did(self, account):
        return re.search(self.proof, account) is not None

    @staticmethod
    def in_its_words(account):
        """The latest of what it says it did."""
        said = re.findall(r"^did (?!not )(.*)$", account, re.MULTILINE)
        return said[-1] if said else ""


PLUGINS = [
    Hostile("crash", "dies in every call", "crash.c", "signal 11.*died in a call"),
    Hostile("crash_early", "dies in a constructor", "crash.c", "signal 6.*died in a constructor",
            ("EARLY",)),
    Hostile("hang", "never comes back from a call", "hang.c",
            "failures=[1-9](.|\\n)*did begin a call"),
    Hostile("hang_early", "never comes back from a constructor", "hang.c", "did not start within",
            ("EARLY",)),
    Hostile("spin", "busy loop on all of 64 workers", "hang.c",
            "failures=[1-9](.|\\n)*did begin a call", ("SPIN",), limits={"concurrency": 64}),
    Hostile("block_cancel", "blocks the main thread in cancel", "block.c", "did block in cancel"),
    Hostile("block_answered", "blocks the main thread in answered", "block.c",
            "did block in answered", ("ANSWERED",)),
    Hostile("stop", "stops itself (SIGSTOP), so that its channel is not read", "block.c",
            "did stop itself", ("STOP",)),
    Hostile("leak", "fills memory to its limit of 64 MB", "leak.c", "did leak megabytes: [1-9]"),
    Hostile("log", "log lines of 2 KB without end", "chatter.c", "[0-9]{3,} log lines dropped"),
    Hostile("log_raw", "500 log frames a second past the interface, 36 KB of text each, and in it "
            "a forged line of the server's", "chatter.c", "error maitred: forged", ("RAW",)),
    Hostile("print", "lines of 100 bytes on standard error without end", "chatter.c",
            "frames and lines in a second|plugin printed", ("PRINT=100",)),
    Hostile("print_empty", "empty lines on standard error without end", "chatter.c",
            "did print bytes|frames and lines in a second", ("PRINT=1",)),
    Hostile("frames", "empty frames on descriptor 3 without end", "frames.c",
            "frames and lines in a second"),
    Hostile("frames_large", "frames of 32 KB on descriptor 3 without end", "frames.c",
            "did send frames: [0-9]{3}|frames and lines in a second", ("SIZE=32768",)),
    Hostile("frames_paced", "15,000 frames of 32 KB a second on descriptor 3", "frames.c",
            "did send frames: [0-9]{3}", ("SIZE=32768", "BURST=150")),
    Hostile("frames_nobody", "15,000 results a second for calls nobody made", "frames.c",
            "did send frames: [0-9]{3}", ("TYPE=FRAME_RESULT", "BURST=150")),
    Hostile("garbage", "random bytes on descriptor 3", "frames.c", "sent a frame", ("GARBAGE",)),
    Hostile("twice", "completes every call twice", "complete.c", "misbehaviours=[1-9]"),
    Hostile("late", "completes calls after cancel, again and again", "complete.c",
            "did complete after cancel(.|\n)*did complete after a second", ("LATE",),
            hook={**ENRICH, "deadline_ms": 100}),
    Hostile("nonsense", "answers of 256 KB that make no sense", "nonsense.c", "makes no sense"),
    Hostile("facts", "the most and largest facts that are taken (67 KB)", "nonsense.c",
            "did answer bytes: 6", ("FACTS",)),
    Hostile("kv", "sets a small value as fast as it is answered, 200 at once", "services.c",
            "did ask: [0-9]{2}", ("WORK=KV",), permissions=STORE),
    Hostile("kv_large", "sets values of 60 KB as fast as it is answered, 200 at once", "services.c",
            "did ask: [0-9]{2}", ("WORK=KV_LARGE",), permissions=STORE),
    Hostile("metrics", "counts, with questions of 200 KB, 200 at once", "services.c",
            "did ask: [0-9]{2}", ("WORK=METRICS",)),
    Hostile("events", "reads the log from its beginning, 200 at once", "services.c",
            "did ask: [0-9]{2}", ("WORK=EVENTS",), permissions={"read": ["conversation.meta"]}),
    Hostile("http_unasked", "asks for private addresses, with no permission for http", "http.c",
            "no service(.|\n)*misbehaviours=[1-9]|misbehaviours=[1-9](.|\n)*no service"),
    Hostile("http_private", "asks for private addresses that its manifest names, without the "
            "operator's yes", "http.c", "did ask .* refused", permissions={"http": [
                f"http://{host}:TRAP/*" for host in
                ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")]}),
    Hostile("escape", "tries sockets, programs, files, ptrace, io_uring, int 0x80", "escape.c",
            "did try everything"),
    Hostile("filter_silent", "a filter (fails open, 50 ms) that never answers", "filter.c",
            "did keep a message waiting", hook=FILTER,
            permissions={"read": ["conversation.messages"]}),
    Hostile("filter_closed", "a filter that fails closed, and crashes", "filter.c",
            "signal 6.*died in a filter", ("CRASH",), hook={**FILTER, "on_failure": "closed"},
            permissions={"read": ["conversation.messages"]}, refuses=True),
    Hostile("observer", "is told of each message and never acknowledges", "observe.c",
            "did ignore observe/message.created",
            hook={"on": "message.created", "mode": "observe", "deadline_ms": 2000},
            permissions={"read": ["conversation.meta", "conversation.messages"]}),
    Hostile("threads", "starts 1,000 threads, which sleep", "threads.c", "did start threads: 1000",
            ("THREADS=1000",)),
    Hostile("threads_spin", "starts 100 threads in a busy loop, and answers", "threads.c",
            "did start threads: 100", ("THREADS=100", "SPIN")),
]

# Not hostile: for measuring a round trip.
QUICK = Hostile("quick", "answers at once", "quick.c", "running")


class Workshop:
    """A folder in which plugins are built, a port that nobody must reach, a file nobody must touch.
    """

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="maitred-hostile-"))
        self.victim = self.folder / "victim.txt"
        self._trap = socket.create_server(("127.0.0.1", 0))
        self._trap.setblocking(False)

    @property
    def trap(self):
        """The address where nobody must come."""
        return self._trap.getsockname()

    def close(self):
        self._trap.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def build(self, plugin):
        """Compiles a plugin as a third party would; returns the folder of its bundle's folder."""
        self._lay_out_victim()
        place = self.folder / plugin.name
        bundle = place / "bundle"
        if bundle.exists():
            return place
        bundle.mkdir(parents=True)
        port = self.trap[1]
        manifest = json.dumps(plugin.manifest()).replace("TRAP", str(port))
        (bundle / "plugin.json").write_text(manifest)
        (place / "manifest.h").write_text(
            f"static const char manifest[] = {json.dumps(manifest)};\n")
        defines = [*plugin.defines, f"TRAP={port}", f'VICTIM="{self.victim}"']
        subprocess.run(
            ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-pthread",
             "-shared", "-fPIC", f"-I{HEADER}", *(f"-D{one}" for one in defines),
             "-include", place / "manifest.h", SOURCES / plugin.source,
             "-o", bundle / "library.so"], check=True)
        return place

    def breaches(self, account):
        """What a plugin reached that it must not reach."""
        found = re.findall(r"did .*ALLOWED.*", account)
        try:
            while True:
                self._trap.accept()[0].close()
                found.append("somebody came to the port where nobody must come")
        except BlockingIOError:
            pass
        if (now := self._look()) != self._before:
            found.append(f"the file outside was {self._before} and is {now}")
        return found

    def _lay_out_victim(self):
        for one in self.folder.glob("victim*"):
            one.unlink()
        self.victim.write_text("nobody reads this")
        self.victim.chmod(0o600)
        self._before = self._look()

    def _look(self):
        about = self.victim.stat()
        beside = sorted(one.name for one in self.folder.glob("victim*"))
        return (self.victim.read_text(), oct(about.st_mode), about.st_uid, about.st_mtime_ns,
                os.listxattr(self.victim), beside)
