"""Reads what test runners report, for run-tests."""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree


@dataclass
class Outcome:
    """What one step came to. A failing exit code without a failed test counts as one failure."""

    code: int = 0
    passed: int = 0
    failed: int = 0
    skips: list = field(default_factory=list)
    failures: dict = field(default_factory=dict)  # Tests and the first line of why.
    unsteady: dict = field(default_factory=dict)  # The same, of tests that passed when tried again.
    missing: str = ""
    log: str = ""

    def __post_init__(self):
        if self.code != 0 and self.failed == 0:
            self.failed = 1

    @property
    def skipped(self):
        return len(self.skips)

    def __str__(self):
        if self.missing:
            return f"not run: {self.missing}"
        if not (self.passed or self.failed or self.skips):
            return "done"
        skipped = f", {self.skipped} skipped" if self.skips else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def from_junit(code, path):
    """The outcome in the XML report of swift test or pytest. No report, or no test: a failure."""
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Outcome(code=code or 1)
    skips, failures, failed = [], {}, 0
    for case in cases:
        skip = case.find("skipped")
        problem = case.find("failure")
        if problem is None:
            problem = case.find("error")
        if skip is not None:
            skips.append(f"{case.get('name')}: {skip.get('message')}")
        elif problem is not None:
            failures[f"{case.get('classname')}: {case.get('name')}"] = first_line(problem)
            failed += 1
    passed = len(cases) - failed - len(skips)
    return Outcome(code=code if cases else code or 1, passed=passed, failed=failed, skips=skips,
                   failures=failures)


def first_line(problem):
    """What a report says of a failure, on one line."""
    return (problem.get("message") or problem.text or "").strip().partition("\n")[0][:200]


def tried_again(first, second):
    """The outcome of a suite whose failed tests ran a second time, alone.

    What passes then has passed, and is named beside it with what it failed of before. A second try
    that did not come to all of them changes nothing, nor does one after a run that broke off.
    """
    if first.code != 1 or second.passed + len(second.failures) != len(first.failures):
        return first
    unsteady = {test: why for test, why in first.failures.items() if test not in second.failures}
    return Outcome(passed=first.passed + second.passed, failed=len(second.failures),
                   skips=first.skips, failures=second.failures, unsteady=unsteady)


def name_reasons(outcome, path):
    """Takes the reasons for skips from the log of swift test, whose report leaves them out."""
    reasons = re.findall(r'^➜ Test (.+) skipped: (.+)$', path.read_text(errors="replace"), re.M)
    if len(reasons) == outcome.skipped:
        outcome.skips = [f"{test}: {reason}" for test, reason in reasons]
    return outcome


def unfinished(path):
    """The Swift tests that were running when their process died."""
    text = path.read_text(errors="replace")
    started = re.findall(r'^◇ Test (?!run|case)(".+?"|\S+) started', text, re.M)
    ended = set(re.findall(r'^[✔✘] Test (".+?"|\S+) (?:with .+ )?(?:passed|failed)', text, re.M))
    return [test for test in started if test not in ended]


def from_tap(code, path):
    """The outcome in the closing lines of node's test runner."""
    text = path.read_text(errors="replace")
    counts = {name: int(number) for name, number in re.findall(r"^# (\w+) (\d+)$", text, re.M)}
    skips = re.findall(r"^\s*ok \d+ - (.*) # SKIP", text, re.M)
    failed = counts.get("fail", 0) + counts.get("cancelled", 0)
    passed = counts.get("pass", 0)
    return Outcome(code=code if passed else code or 1, passed=passed, failed=failed, skips=skips)


def lines_of_interest(path, limit=150):
    """The end of a log without the tests that went well."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    dull = re.compile(r"^\s*(✔|◇|ok \d|# Subtest|---$|\.\.\.$|duration_ms|type:|\[\d+/\d+\])")
    kept = [line for line in lines if line.strip() and not dull.match(line)]
    return "\n".join(f"   | {line}" for line in kept[-limit:])
