"""Slack, played: channels with their messages, members, one app with its scopes.

Answers as https://docs.slack.dev/reference/methods says: refusals with status 200 and `ok: false`,
scopes in a header, time stamps as names of messages, no idempotency whatsoever.
"""

import hashlib
import hmac
import json
import re
import time

from plugin_bench import PlayedAPI, Reply

BROADCAST = re.compile(r"@(channel|here|everyone)\b", re.IGNORECASE)


class PlayedSlack(PlayedAPI):
    TOKEN = "xoxb-1-played"
    SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

    def __init__(self):
        super().__init__()
        self.scopes = ["chat:write", "channels:history"]
        self.channels = {}
        self.whispers = []
        self.revoked = False
        self._clock = int(time.time())
        for number, name in enumerate(["support", "risk", "incidents", "health", "engineering"]):
            self.channel(f"C00000000{number}", name)

    # What is there.

    def channel(self, id, name, *, member=True, archived=False, private=False):
        self.channels[id] = {"id": id, "name": name, "member": member, "archived": archived,
                             "private": private, "messages": [], "users": {"U0ANN", "U0BOB"}}

    def messages(self, name, thread=None):
        """The messages of a channel, or those of one of its threads below the first."""
        channel = next(c for c in self.channels.values() if c["name"] == name)
        return [m for m in channel["messages"] if m.get("thread_ts") == thread]

    # What a request is answered.

    def answer(self, sent):
        method = sent.path.removeprefix("/api/")
        work = {"auth.test": self._test, "chat.postMessage": self._post,
                "chat.postEphemeral": self._whisper, "conversations.history": self._history,
                "conversations.replies": self._replies}.get(method)
        if work is None:
            return self._refuse("unknown_method")
        token = sent.headers.get("authorization", "")
        if not token:
            return self._refuse("not_authed")
        if token != f"Bearer {self.TOKEN}":
            return self._refuse("invalid_auth")
        if self.revoked:
            return self._refuse("token_revoked")
        if sent.method == "GET":
            return work(sent.query)
        kind = sent.headers.get("content-type", "")
        if sent.body and "application/json" not in kind:
            return self._refuse("invalid_post_type")
        reply = work(json.loads(sent.body or "{}"))
        if sent.body and "charset" not in kind:
            reply.body["warning"] = "missing_charset"
        return reply

    def _refuse(self, error, **more):
        return Reply(200, {"ok": False, "error": error, **more}, self._headers())

    def _headers(self):
        return {"x-oauth-scopes": ",".join(self.scopes)}

    def _ok(self, **body):
        return Reply(200, {"ok": True, **body}, self._headers())

    def _lacks(self, scope):
        if scope in self.scopes:
            return None
        return self._refuse("missing_scope", needed=scope, provided=",".join(self.scopes))

    def _test(self, _):
        return self._ok(url="https://played.slack.com/", team="Played", user="maitred",
                        team_id="T0PLAYED", user_id="U0MAITRED", bot_id="B0MAITRED")

    def _find(self, name, by_name=True):
        for channel in self.channels.values():
            names = [channel["id"], channel["name"], "#" + channel["name"]]
            hidden = channel["private"] and not channel["member"]
            if name in names[:3 if by_name else 1] and not hidden:
                return channel
        return None

    def _post(self, body):
        lacks = self._lacks("chat:write")
        if lacks:
            return lacks
        channel = self._find(body.get("channel"))
        if channel is None:
            return self._refuse("channel_not_found")
        if not channel["member"]:
            return self._refuse("not_in_channel")
        if channel["archived"]:
            return self._refuse("is_archived")
        if not body.get("text") and not body.get("blocks"):
            return self._refuse("no_text")
        if len(body.get("text", "")) > 40_000:
            return self._refuse("msg_too_long")
        faults = self._faulty(body.get("blocks", []))
        if faults:
            return self._refuse("invalid_blocks", errors=faults)
        thread = body.get("thread_ts")
        if thread and not any(m["ts"] == thread for m in channel["messages"]):
            return self._refuse("cannot_reply_to_message")
        self._clock += 1
        message = {**body, "ts": f"{self._clock}.000100", "bot_id": "B0MAITRED",
                   "pings": self._pings(body)}
        channel["messages"].append(message)
        return self._ok(channel=channel["id"], ts=message["ts"], message={"text": body.get("text")})

    def _whisper(self, body):
        lacks = self._lacks("chat:write")
        if lacks:
            return lacks
        channel = self._find(body.get("channel"))
        if channel is None:
            return self._refuse("channel_not_found")
        if body.get("user") not in channel["users"]:
            return self._refuse("user_not_in_channel")
        if not body.get("text"):
            return self._refuse("no_text")
        self.whispers.append(body)
        return self._ok(message_ts=f"{self._clock}.000200")

    def _history(self, query):
        return self._read(query, lambda message: "thread_ts" not in message)

    def _replies(self, query):
        thread = query.get("ts")
        return self._read(query, lambda m: thread in (m["ts"], m.get("thread_ts")))

    def _read(self, query, chosen):
        lacks = self._lacks("channels:history")
        if lacks:
            return lacks
        channel = self._find(query.get("channel"), by_name=False)
        if channel is None:
            return self._refuse("channel_not_found")
        found = [m for m in channel["messages"]
                 if chosen(m) and float(m["ts"]) > float(query.get("oldest", 0))]
        if query.get("include_all_metadata") != "true":
            found = [{k: v for k, v in m.items() if k != "metadata"} for m in found]
        return self._ok(messages=found[-int(query.get("limit", 100)):], has_more=False)

    @staticmethod
    def _faulty(blocks):
        faults = ["too many blocks"] if len(blocks) > 50 else []
        for block in blocks:
            if block["type"] == "section":
                if "text" not in block and "fields" not in block:
                    faults.append("an empty section")
                if "text" in block and not 1 <= len(block["text"]["text"]) <= 3000:
                    faults.append("a text too long or empty")
                fields = block.get("fields", [])
                if len(fields) > 10 or any(len(field["text"]) > 2000 for field in fields):
                    faults.append("fields too many or too long")
            elif block["type"] == "context":
                if not 1 <= len(block["elements"]) <= 10:
                    faults.append("elements too many or none")
            else:
                faults.append(f"a block {block['type']}")
        return faults

    @staticmethod
    def _pings(body):
        """Whom the message would call: by markup, or by Slack's own reading of plain text."""
        texts = [(body.get("text", ""), body.get("parse") == "none" and not body.get("link_names"))]
        for block in body.get("blocks", []):
            parts = [block.get("text")] + block.get("fields", []) + block.get("elements", [])
            texts += [(part["text"], part.get("verbatim", False)) for part in parts if part]
        pings = []
        for text, verbatim in texts:
            text = text.replace("\u2060", "")
            pings += re.findall(r"<(?:!|@)[^>]*>", text)
            if not verbatim:
                pings += BROADCAST.findall(text)
        return pings

    # What Slack sends.

    def signed(self, body, secret=None, at=None):
        """The headers of a request with this body."""
        at = str(int(at or time.time()))
        digest = hmac.new((secret or self.SECRET).encode(), f"v0:{at}:{body}".encode(),
                          hashlib.sha256).hexdigest()
        return {"content-type": "application/json", "x-slack-request-timestamp": at,
                "x-slack-signature": f"v0={digest}"}

    def says(self, text, *, thread, ts="1790000500.000700", user="U0ANN", channel="C000000000",
             **more):
        """The event of a member's message."""
        event = {"type": "message", "user": user, "text": text, "channel": channel, "ts": ts,
                 "event_ts": ts, "channel_type": "channel", "client_msg_id": "b3c1-" + ts, **more}
        if thread:
            event["thread_ts"] = thread
        return json.dumps({"token": "old", "team_id": "T0PLAYED", "api_app_id": "A0PLAYED",
                           "event": event, "type": "event_callback", "event_id": "Ev" + ts,
                           "event_time": 1_790_000_500})
