"""Plugins at work without a whole server: the real host process, and other servers played here.

`Bench` drives `maitred plugin try`, which loads a plugin as the server would and answers its
services from memory. `PlayedAPI` is a server on this machine that speaks another's interface:
subclass it, keep its state in attributes, answer requests from it.
"""

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("MAITRED_PROGRAM", ROOT / ".build/release/maitred"))


class Refused(Exception):
    """A call that the plugin, or its host, did not answer with success."""

    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")
        self.status = error.get("status")
        self.message = error.get("message") or ""


@dataclass
class Bench:
    """A plugin that runs. Use it as a context manager."""

    folder: str
    config: dict = field(default_factory=dict)
    private: bool = True
    effects: list = field(default_factory=list)
    parts: dict = field(default_factory=dict)
    logs: list = field(default_factory=list)

    def __enter__(self):
        self._file = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump(self.config, self._file)
        self._file.flush()
        command = [str(PROGRAM), "plugin", "try", str(ROOT / self.folder),
                   "--config", self._file.name]
        if self.private:
            command.append("--allow-private-network")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        self._answers = {}
        self._changed = threading.Condition()
        self._first = queue.Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._drain, daemon=True).start()
        first = self._first.get(timeout=30)
        if "ready" not in first:
            self.__exit__()
            raise Refused({"code": "failed", "message": str(first.get("failed", first))})
        self.sandbox = first["ready"].get("sandbox")
        return self

    def __exit__(self, *unused):
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._file.close()

    def _drain(self):
        for line in self._process.stderr:
            self.logs.append(line.rstrip())

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            with self._changed:
                if "ready" in message or "failed" in message:
                    self._first.put(message)
                elif "effect" in message:
                    self.effects.append(message["effect"])
                elif "part" in message:
                    self.parts.setdefault(message["id"], []).append(message["part"])
                elif "id" in message:
                    self._answers[message["id"]] = message
                self._changed.notify_all()
        self._first.put({"failed": "\n".join(self.logs) or "the program ended"})
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    _ended = False

    def _send(self, message):
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def ask(self, message, timeout=30):
        """Sends a message and waits for its answer; returns the output, raises `Refused`."""
        self._number += 1
        number = self._number
        self._send({"id": number, **message})
        with self._changed:
            self._changed.wait_for(lambda: number in self._answers or self._ended, timeout)
            answer = self._answers.pop(number, None)
        if answer is None:
            raise TimeoutError("\n".join(self.logs[-20:]))
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("output")

    def call(self, method, payload=None, deadline_ms=10_000):
        """Calls a method of the plugin as the server would: `hook/conversation.opened`."""
        return self.ask({"call": method, "input": payload or {}, "deadline_ms": deadline_ms})

    def action(self, name, payload, *, key="key-1", contact=None, conversation=None, by=None,
               deadline_ms=10_000):
        """Carries out an action with an idempotency key."""
        envelope = {"input": payload, "key": key, "by": by or {"kind": "agent", "name": "Ann"}}
        if contact:
            envelope["contact"] = contact
        if conversation:
            envelope["conversation"] = conversation
        return self.call(f"action/{name}", envelope, deadline_ms)

    def observe(self, type, data=None, *, id="evt-1", conversation="cnv_1", contact=None,
                at=1_790_000_000_000):
        """Tells the plugin of something that has happened."""
        event = {"id": id, "type": type, "at": at, "conversation": conversation,
                 "url": f"http://127.0.0.1/console/#{conversation}", "data": data or {}}
        if contact:
            event["contact"] = contact
        return self.call(f"observe/{type}", event)

    def webhook(self, path, body, headers=None, method="POST", query=""):
        """Sends a request as another server would: its signature is checked by the host."""
        return self.ask({"webhook": {"path": path, "method": method, "query": query,
                                     "headers": headers or {}, "body": body}})

    def conversation(self, **summary):
        """Enters a conversation that the plugin can read and write in."""
        self.ask({"conversation": summary})

    def contact(self, **contact):
        """Enters a contact that the plugin can find."""
        self.ask({"contact": contact})

    def advance(self, seconds):
        """Moves the clock by which reminders come due, and waits until they have been told."""
        self.ask({"advance_ms": int(seconds * 1000)})

    def effects_of(self, method):
        """What the plugin did through services: `conversations.note`, for example."""
        return [effect["input"] for effect in self.effects if effect["method"] == method]


@dataclass
class Sent:
    """A request as it came."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes
    at: float

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return dict(parse_qsl(self.text, keep_blank_values=True))


@dataclass
class Reply:
    """What the played server answers: a dict or list as JSON, or text, or bytes; an iterator of
    texts is sent piece by piece (with `pause` seconds between them)."""

    status: int = 200
    body: object = ""
    headers: dict = field(default_factory=dict)
    pause: float = 0


class PlayedAPI:
    """A server that speaks another's interface. Override `answer`; state is the subclass's own.

    Faults are put in front of what would be answered: `api.fail(429, {...}, retry_after=1)`.
    """

    def __init__(self):
        self.requests = []
        self.lock = threading.RLock()
        self._faults = []
        played = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                split = urlsplit(self.path)
                sent = Sent(self.command, split.path, dict(parse_qsl(split.query)),
                            {name.lower(): value for name, value in self.headers.items()},
                            self.rfile.read(length), time.monotonic())
                with played.lock:
                    played.requests.append(sent)
                    fault = played._faults.pop(0) if played._faults else None
                try:
                    played._reply(self, sent, fault)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

            def log_message(self, *unused):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def answer(self, sent):
        """The reply to a request, made from the state."""
        raise NotImplementedError

    # Faults, each for one request unless `times` says more.

    def fail(self, status, body=None, *, retry_after=None, times=1, after=False):
        """Answers with a status; with `after` only once the request has been carried out."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        reply = Reply(status, {} if body is None else body, headers)
        self._faults += [("after" if after else "reply", reply)] * times

    def slow(self, seconds, times=1):
        """Answers late."""
        self._faults += [("slow", seconds)] * times

    def malformed(self, body="<html>oops", times=1):
        """Answers 200 with what is no JSON."""
        self._faults += [("reply", Reply(200, body, {"Content-Type": "text/html"}))] * times

    def hang_up(self, times=1, after=False):
        """Closes the connection without an answer; with `after` once it has been carried out."""
        self._faults += [("hang_after" if after else "hang", None)] * times

    def _reply(self, handler, sent, fault):
        kind, what = fault or (None, None)
        if kind == "slow":
            time.sleep(what)
        if kind == "hang":
            handler.close_connection = True
            return
        if kind == "reply":
            reply = what
        else:
            with self.lock:
                reply = self.answer(sent)
            if kind == "after":
                reply = what
            elif kind == "hang_after":
                handler.close_connection = True
                return
        self._write(handler, reply)

    @staticmethod
    def _write(handler, reply):
        body = reply.body
        headers = dict(reply.headers)
        handler.send_response(reply.status)
        if isinstance(body, (dict, list)):
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        if isinstance(body, bytes):
            headers["Content-Length"] = str(len(body))
        else:
            headers["Transfer-Encoding"] = "chunked"
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if isinstance(body, bytes):
            handler.wfile.write(body)
            return
        for piece in body:
            data = piece.encode()
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            handler.wfile.flush()
            time.sleep(reply.pause)
        handler.wfile.write(b"0\r\n\r\n")
