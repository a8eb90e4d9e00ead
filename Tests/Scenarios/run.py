#!/usr/bin/env python3
"""Performs scripts on the real server, over real sockets: run.py [FILE.scene ...]

MAITRED_BINARY names the server; the default is the release build. Needs PyPI's websockets.
Scripts in which more than a few seconds pass run on the loopback server only.
"""
import asyncio
import datetime
import pathlib
import sys

from scene_people import Person
from scene_language import Scene, SceneFailure, Variables
from scene_server import PASSWORD, Server

FOLDER = pathlib.Path(__file__).resolve().parent
LONGEST_WAIT = 3


def load(path):
    return Scene.parse(pathlib.Path(path).read_text())


def is_timeless(scene):
    """Whether a script can be performed without moving a clock."""
    return all(step.seconds <= LONGEST_WAIT for step in scene.steps)


class Runner:
    def __init__(self, server):
        self.server = server
        self.people = {}
        self.variables = Variables()
        self.refusal = None
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
        self.variables.values = {
            "$site": server.site,
            "$origin": server.base,
            "$later": later.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }

    async def perform(self, scene):
        for step in scene.steps:
            self.check_refusal(step)
            try:
                await self.step(step)
            except KeyError as name:
                raise SceneFailure(step.line, f"{name} stands for nothing yet") from None
        self.check_refusal(None)
        for person in self.people.values():
            if gap := person.gap():
                raise SceneFailure(scene.steps[-1].line, gap)

    async def step(self, step):
        if step.words[0] == "pass":
            await asyncio.sleep(step.seconds)
            return
        phrase = " ".join(step.words)
        if phrase.startswith("is "):
            await self.state(step, phrase)
            return
        person = self.people[step.actor]
        match step.words:
            case ["connects", *rest]:
                await self.connect(step, person, "resuming" in rest)
            case ["opens", *_]:
                await person.open(False)
            case ["disconnects"]:
                await person.hang_up()
            case ["sends" | "signals" as verb, kind, *_]:
                await self.send(step, person, kind, step.data or {}, verb == "signals")
            case ["receives", kind, *_]:
                await self.receive(step, person, kind)
            case ["has", "not", "received", kind, *_]:
                await self.refuse(step, person, kind)
            case ["posts", path]:
                await self.ask(person, "POST", path, step.data)
            case ["fetches", path]:
                await self.ask(person, "GET", path, None)
            case _:
                raise SceneFailure(step.line, f"not a sentence of this language: {phrase}")

    async def state(self, step, phrase):
        """Who somebody is, or what has become of them."""
        if phrase.startswith("is answered "):
            self.expect_answer(step, self.people[step.actor], int(step.words[-1]), step.data or {})
        elif phrase.startswith("is disconnected "):
            await self.expect_close(step, self.people[step.actor])
        elif phrase.startswith("is an agent"):
            room = int(step.value("for") or 5)
            identity, email = await asyncio.to_thread(
                self.server.hire, step.actor, step.value("skill"), room
            )
            self.variables.values[f"${step.actor}"] = identity
            self.people[step.actor] = Person(step.actor, "agent", self.server, email, PASSWORD)
        else:
            person = Person(step.actor, "customer", self.server)
            if "another" in step.words:
                person.visitor = self.people[step.value("of")].visitor
            self.people[step.actor] = person

    # Frames

    async def send(self, step, person, kind, data, is_signal=False):
        frame = {"t": kind, "d": self.variables.fill(data)}
        if step.value("in"):
            frame["c"] = self.variables.fill(step.value("in"))
        if not is_signal:
            frame["id"] = person.next_request()
        await person.say(frame)
        if is_signal:
            return
        answer = await person.wait(
            lambda: next((f for f in person.frames if f.get("re") == frame["id"]), None)
        )
        if answer is None and person.close_code is None:
            raise SceneFailure(step.line, f"{kind} of {person.name} was not answered")
        if answer and answer["t"] == "err":
            self.refusal = (step.line, person.name, answer)

    def matches(self, step, kind, frame, request):
        if frame["t"] != kind:
            return False
        if request and frame.get("re", request) != request and kind != "welcome":
            return False
        before = dict(self.variables.values)
        for key, word in [("c", "in"), ("s", "at"), ("p", "after")]:
            wanted = step.value(word)
            if wanted is None:
                continue
            pattern = int(wanted) if wanted.isdigit() else wanted
            if not self.variables.match(pattern, frame.get(key), key in frame):
                self.variables.values = before
                return False
        if self.variables.match(step.data or {}, frame.get("d", {})):
            return True
        self.variables.values = before
        return False

    async def receive(self, step, person, kind):
        if kind == "err":
            self.refusal = None

        def found():
            for index, frame in enumerate(person.frames):
                if index not in person.consumed and self.matches(
                    step, kind, frame, person.last_request
                ):
                    person.consumed.add(index)
                    return index
            return None

        if await person.wait(found) is None:
            left = [f for i, f in enumerate(person.frames) if i not in person.consumed]
            shown = "\n".join(f"    {str(frame)[:500]}" for frame in left[-8:]) or "    nothing"
            raise SceneFailure(
                step.line,
                f"{person.name} did not receive {kind} {step.data or ''}\n"
                f"  what is there instead, latest last:\n{shown}",
            )

    async def refuse(self, step, person, kind):
        # Whatever was on its way arrives before the answer.
        await self.send(step, person, "ping", {})
        for frame in person.frames:
            before = dict(self.variables.values)
            if self.matches(step, kind, frame, None):
                raise SceneFailure(step.line, f"{person.name} has received {frame}")
            self.variables.values = before

    async def expect_close(self, step, person):
        self.refusal = None
        await person.wait(lambda: None)
        if person.close_code != int(step.value("with")):
            raise SceneFailure(
                step.line, f"{person.name} should be disconnected, but has {person.close_code}"
            )

    # Requests

    async def connect(self, step, person, resuming):
        hello = {}
        if person.role == "customer":
            visitor = {"visitor": person.visitor} if person.visitor else {}
            await person.ask("POST", "/v1/widget/sessions", {"site": self.server.site, **visitor})
            self.expect_answer(step, person, 201, {})
            hello["token"] = person.token
        else:
            if not person.csrf:
                sign_in = {"email": person.email, "password": person.password}
                await person.ask("POST", "/v1/auth/login", sign_in)
                self.expect_answer(step, person, 200, {})
            _, answer = await person.ask("POST", "/v1/ws-tickets", {})
            self.expect_answer(step, person, 201, {"ticket": "*"})
            hello |= {"ticket": answer["ticket"], "feed": person.feed() if resuming else 0}
        if resuming:
            hello["epoch"] = person.epoch
            hello["resume"] = [{"c": c, "s": s} for c, s in sorted(person.last_seen().items())]
        await person.open(resuming)
        # The data of the step belongs to hello, not its conversation.
        await self.send(step, person, "hello", {**hello, **(step.data or {})})
        welcome = person.frames[0] if person.frames else None
        if not welcome or welcome["t"] != "welcome":
            raise SceneFailure(step.line, f"{person.name} was not welcomed: {welcome}")
        person.epoch = welcome["d"]["epoch"]

    async def ask(self, person, method, path, body):
        body = None if body is None else self.variables.fill(body)
        await person.ask(method, self.variables.fill_text(path), body)

    def expect_answer(self, step, person, status, pattern):
        if person.answer[0] != status or not self.variables.match(pattern, person.answer[1]):
            raise SceneFailure(
                step.line,
                f"{person.name} should be answered {status} {pattern}\n"
                f"  was answered {person.answer[0]} {str(person.answer[1])[:1000]}",
            )

    def check_refusal(self, step):
        """A refusal that the script does not expect is a failure where it happened."""
        if not self.refusal:
            return
        line, actor, frame = self.refusal
        expected = step and step.actor == actor and (
            step.words[:2] == ["receives", "err"] or step.words[:2] == ["is", "disconnected"]
        )
        if not expected:
            raise SceneFailure(line, f"{actor} was refused: {frame}")


async def perform(scene):
    """Performs a script on a server of its own."""
    server = await asyncio.to_thread(Server, FOLDER / "intents.csv")
    try:
        await asyncio.to_thread(server.start)
        runner = Runner(server)
        await runner.perform(scene)
        for person in runner.people.values():
            if person.socket:
                await person.hang_up()
    finally:
        await asyncio.to_thread(server.stop)


def main(paths):
    failures = 0
    for path in paths or sorted(FOLDER.glob("*.scene")):
        scene = load(path)
        name = pathlib.Path(path).name
        if not is_timeless(scene):
            print(f"skip  {name}: time passes in it")
            continue
        try:
            asyncio.run(perform(scene))
            print(f"ok    {name}: {scene.title}")
        except SceneFailure as failure:
            failures += 1
            print(f"FAIL  {name}: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
