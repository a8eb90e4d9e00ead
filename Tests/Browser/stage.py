"""The server's part, with lines of ours: what the wire carries when no server says it by itself."""

import json
import re


class Wire:
    """The socket of a customer's chat, between its window and the real server.

    Made before the chat connects. Frames can be put in, and what the widget sends can be kept from
    the server and answered here.
    """

    def __init__(self, context):
        self.sent = []
        self.answers = {}
        self._socket = None
        context.route_web_socket(re.compile(r"/v1/ws$"), self._opened)

    def answer(self, kind, reply):
        """From now on `reply(frame)` answers frames of a kind: with an `ack`'s data, or an error
        as a dictionary with a `code`."""
        self.answers[kind] = reply

    def say(self, kind, data, conversation=None):
        """Sends a frame to the widget as the server would."""
        frame = {"t": kind, "d": data}
        if conversation:
            frame["c"] = conversation
        self._socket.send(json.dumps(frame))

    def frames(self, kind):
        """What the widget has sent of a kind."""
        return [frame for frame in self.sent if frame["t"] == kind]

    def _opened(self, socket):
        server = socket.connect_to_server()
        self._socket = socket
        socket.on_message(lambda text: self._from_widget(server, text))

    def _from_widget(self, server, text):
        frame = json.loads(text)
        self.sent.append(frame)
        reply = self.answers.get(frame["t"])
        if reply is None:
            server.send(text)
            return
        data = reply(frame)
        kind = "err" if "code" in data else "ack"
        self._socket.send(json.dumps(
            {"t": kind, "re": frame.get("id"), "c": frame.get("c"), "d": data}))


def configure(context, **changes):
    """Changes the site's configuration as the widget reads it; `site` is merged."""
    def answer(route):
        config = route.fetch().json()
        site = {**config["site"], **changes.get("site", {})}
        route.fulfill(json={**config, **changes, "site": site})

    context.route(re.compile(r"/v1/widget/config\?"), answer)
