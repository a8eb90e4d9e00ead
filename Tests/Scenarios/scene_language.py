"""The language of the .scene files: the same reading of it as Sources/MaitredTesting/Scenes."""
import json
import re
import uuid
from dataclasses import dataclass, field


class SceneFailure(Exception):
    def __init__(self, line, reason):
        super().__init__(f"line {line}: {reason}")


@dataclass
class Step:
    line: int
    actor: str
    words: list
    data: object
    seconds: int = 0

    def value(self, word):
        """The word after a word."""
        if word not in self.words[:-1]:
            return None
        return self.words[self.words.index(word) + 1]


@dataclass
class Scene:
    title: str = ""
    steps: list = field(default_factory=list)

    @classmethod
    def parse(cls, text):
        scene = cls()
        for number, line in logical_lines(text):
            if line.startswith("#"):
                scene.title = scene.title or line.lstrip("# ")
                continue
            scene.steps.append(parse_step(line, number))
        return scene


def logical_lines(text):
    """Lines without blank ones; an indented line goes on with the one before."""
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip()
        if not words:
            continue
        if line.startswith(" ") and lines and not lines[-1][1].startswith("#"):
            lines[-1] = (lines[-1][0], lines[-1][1] + " " + words)
        else:
            lines.append((number, words))
    return lines


UNITS = {"second": 1, "minute": 60, "hour": 3600}


def parse_step(line, number):
    passing = re.fullmatch(r"(\d+) (second|minute|hour)s? pass(?:es)?", line)
    if passing:
        seconds = int(passing[1]) * UNITS[passing[2]]
        return Step(number, "", ["pass"], None, seconds)
    head, brace, tail = line.partition("{")
    words = head.split()
    try:
        data = json.loads(brace + tail) if brace else None
    except ValueError:
        raise SceneFailure(number, f"this is not JSON: {brace + tail}") from None
    if len(words) < 2:
        raise SceneFailure(number, f"not a sentence of this language: {line}")
    return Step(number, words[0], words[1:], data)


class Variables:
    """What a script's $names stand for, and how values are matched against what it says."""

    def __init__(self):
        self.values = {}

    def fill(self, value):
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if isinstance(value, str) and re.fullmatch(r"\$\w+", value):
            if value not in self.values and value.startswith("$cid"):
                self.values[value] = str(uuid.uuid4())
            return self.values[value]
        return self.fill_text(value) if isinstance(value, str) else value

    def fill_text(self, text):
        return re.sub(r"\$\w+", lambda name: str(self.values[name[0]]), text)

    def match(self, pattern, value, present=True):
        before = dict(self.values)
        if self._match(pattern, value, present):
            return True
        self.values = before
        return False

    def _match(self, pattern, value, present):
        if pattern == "-":
            return not present or value is None
        if not present:
            return False
        if isinstance(pattern, str):
            if pattern == "*":
                return True
            if pattern.startswith("$"):
                return self.values.setdefault(pattern, value) == value
            if pattern.startswith("~") and isinstance(value, str):
                return pattern[1:] in value
        if isinstance(pattern, dict) and isinstance(value, dict):
            return all(
                self._match(item, value.get(key), key in value) for key, item in pattern.items()
            )
        if isinstance(pattern, list) and isinstance(value, list):
            return all(any(self.match(wanted, item) for item in value) for wanted in pattern)
        if isinstance(pattern, bool) or isinstance(value, bool):
            return pattern is value
        return pattern == value
