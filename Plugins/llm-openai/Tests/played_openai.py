# SPDX-License-Identifier: Apache-2.0
"""A server that speaks OpenAI's chat interface, with the habits and the faults of many."""

import json
import re
import threading

from plugin_bench import PlayedAPI, Reply


class Bytes(bytes):
    """A piece of a stream that is cut within a character."""

    def encode(self):
        return self


class PlayedOpenAI(PlayedAPI):
    """Answers `/chat/completions` and `/models` under `/v1`.

    What the model says is queued with `say`. `unknown` holds the names of parameters that the
    server does not take; `param` says whether its refusals name them as OpenAI's do or as vLLM's.
    """

    def __init__(self, key="sk-played", models=("gpt-played",)):
        super().__init__()
        # Small pieces are sent at once: Nagle's algorithm would hold each back for 40 ms.
        self._server.RequestHandlerClass.disable_nagle_algorithm = True
        self.key = key
        self.models = set(models)
        self.unknown = set()
        self.names_param = True
        self.largest_answer = 4096
        self.tells_usage = True
        self.is_empty = False
        self.streams = True
        self.spent = 0
        self.chats = []
        self.line_end = "\n"
        self.cut = None
        # How the pieces of a call say which one they belong to: None for not at all.
        self.call_index = lambda number: number
        # What a server that cannot have tools answers to a request with some: a status and words.
        self.without_tools = None
        self.released = threading.Event()
        self.asked = threading.Event()
        self._answers = []

    def close(self):
        self.released.set()
        super().close()

    @property
    def url(self):
        return f"{self.base}/v1"

    # What the model says.

    def say(self, *pieces, finish="stop", **more):
        """Queues an answer. More: `thought`, `refusal`, `calls` (of tools: pairs of a name and the
        arguments, a text or what becomes JSON); and, for streams, `events` (as they are sent),
        `comment`, `after` (pieces after which it waits), `hang_up`, `done=False` (without the end
        mark)."""
        self._answers.append({"pieces": pieces, "finish": finish, **more})

    # The server.

    def answer(self, sent):
        if self.key and sent.headers.get("authorization") != f"Bearer {self.key}":
            return self._fault(401, "Incorrect API key provided.", code="invalid_api_key")
        if (sent.method, sent.path) == ("GET", "/v1/models"):
            names = sorted(self.models)
            return Reply(body={"object": "list", "data": [{"id": name} for name in names]})
        if (sent.method, sent.path) != ("POST", "/v1/chat/completions"):
            return Reply(404, {"detail": "Not Found"})
        try:
            return self._chat(sent.json)
        except ValueError:
            return self._fault(400, "We could not parse the JSON body of your request.")

    def _chat(self, body):
        fault = self._check(body)
        if fault:
            return fault
        self.chats.append(body)
        told = self._answers.pop(0)
        usage = self._usage(body, told)
        self.spent += usage["total_tokens"]
        self.asked.set()
        if body.get("stream") and self.streams:
            headers = {"Content-Type": "text/event-stream"}
            return Reply(200, self._stream(body, told, usage), headers, 0.0005 if self.cut else 0)
        return Reply(body=self._whole(body, told, usage))

    def _check(self, body):
        for name in body:
            if name in self.unknown:
                return self._unsupported(name)
        if "tools" in body:
            if self.without_tools:
                status, words = self.without_tools
                return self._fault(status, words)
            fault = self._check_tools(body)
            if fault:
                return fault
        if body.get("model") not in self.models:
            text = f"The model `{body.get('model')}` does not exist or you do not have access."
            return self._fault(404, text, code="model_not_found")
        messages = body.get("messages")
        if not messages or any(set(message) != {"role", "content"} for message in messages):
            return self._fault(400, "Invalid value for 'messages'.", param="messages")
        if "stream_options" in body and not body.get("stream"):
            return self._fault(400, "'stream_options' is only allowed when streaming.",
                               param="stream_options")
        limits = [name for name in ("max_tokens", "max_completion_tokens") if name in body]
        if len(limits) != 1:
            return self._fault(400, "Set one limit of tokens.")
        if body[limits[0]] > self.largest_answer:
            text = f"{limits[0]} is too large. This model supports {self.largest_answer} tokens."
            return self._fault(400, text, param=limits[0], code="invalid_value")
        if self.is_empty:
            return self._fault(429, "You exceeded your current quota.", code="insufficient_quota")
        return None

    def _check_tools(self, body):
        """Names and descriptions have limits, and their schemas are of objects."""
        for number, tool in enumerate(body["tools"]):
            function = tool["function"]
            is_right = (
                tool["type"] == "function"
                and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", function["name"])
                and len(function["description"]) <= 1024
                and function["parameters"]["type"] == "object")
            if not is_right:
                return self._fault(400, f"Invalid 'tools[{number}]'.", param=f"tools[{number}]")
        return None

    def _unsupported(self, name):
        if self.names_param:
            text = f"Unsupported parameter: '{name}' is not supported with this model."
            return self._fault(400, text, param=name, code="unsupported_parameter")
        detail = {"type": "extra_forbidden", "loc": ["body", name],
                  "msg": "Extra inputs are not permitted"}
        return Reply(422, {"object": "error", "message": str([detail]), "param": None, "code": 422})

    @staticmethod
    def _fault(status, message, param=None, code=None):
        return Reply(status, {"error": {"message": message, "type": "invalid_request_error",
                                        "param": param, "code": code}})

    @staticmethod
    def _usage(body, told):
        """A token for each word."""
        asked = sum(len(message["content"].split()) for message in body["messages"])
        said = len("".join(told["pieces"]).split())
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}

    def _message(self, told):
        message = {"role": "assistant", "content": "".join(told["pieces"]) or None}
        if told.get("calls"):
            message["tool_calls"] = [
                {"id": f"call_{number}", "type": "function",
                 "function": {"name": name, "arguments": arguments if isinstance(arguments, str)
                              else json.dumps(arguments, ensure_ascii=False)}}
                for number, (name, arguments) in enumerate(told["calls"], 1)]
        if told.get("refusal"):
            message["refusal"] = told["refusal"]
        return message

    def _whole(self, body, told, usage):
        whole = {"id": "chatcmpl-1", "object": "chat.completion", "model": body["model"],
                 "choices": [{"index": 0, "message": self._message(told),
                              "finish_reason": told["finish"]}]}
        return {**whole, "usage": usage} if self.tells_usage else whole

    # Streams.

    def _stream(self, body, told, usage):
        text = self._events(body, told, usage)
        if not self.cut:
            yield from text
            return
        data = "".join(text).encode()
        for start in range(0, len(data), self.cut):
            yield Bytes(data[start:start + self.cut])

    def _events(self, body, told, usage):
        if told.get("comment"):
            yield f": {told['comment']}{self.line_end}{self.line_end}"
        yield self._event(body, {"role": "assistant", "content": ""})
        if told.get("thought"):
            yield self._event(body, {"reasoning_content": told["thought"]})
        for number, piece in enumerate(told["pieces"]):
            if told.get("after") == number:
                yield from self._keep_alive()
            yield self._event(body, {"content": piece})
        if told.get("after") == len(told["pieces"]):
            yield from self._keep_alive()
        if told.get("hang_up"):
            raise ConnectionResetError
        message = self._message(told)
        for number, call in enumerate(message.get("tool_calls", [])):
            for piece in self._pieces(number, call):
                yield self._event(body, {"tool_calls": [piece]})
        if "refusal" in message:
            yield self._event(body, {"refusal": message["refusal"]})
        yield from told.get("events", [])
        if told["finish"]:
            yield self._event(body, {}, told["finish"])
        if self.tells_usage and body.get("stream_options", {}).get("include_usage"):
            yield self._line({"model": body["model"], "choices": [], "usage": usage})
        if told.get("done", True):
            yield f"data: [DONE]{self.line_end}{self.line_end}"

    def _pieces(self, number, call):
        """A call as streams send it: what it is called, then its arguments bit by bit."""
        index = self.call_index(number)
        place = {} if index is None else {"index": index}
        arguments = call["function"]["arguments"]
        yield {**place, **call, "function": {"name": call["function"]["name"], "arguments": ""}}
        for start in range(0, len(arguments), 5):
            yield {**place, "function": {"arguments": arguments[start:start + 5]}}

    def _keep_alive(self):
        """Comments, as proxies and slow servers send them, until the test lets the model go on."""
        for _ in range(200):
            if self.released.wait(0.1):
                return
            yield f": keep-alive{self.line_end}{self.line_end}"

    def _event(self, body, delta, finish=None):
        return self._line({"id": "chatcmpl-1", "object": "chat.completion.chunk",
                           "model": body["model"],
                           "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _line(self, event):
        return f"data: {json.dumps(event, ensure_ascii=False)}{self.line_end}{self.line_end}"
