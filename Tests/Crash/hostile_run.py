#!/usr/bin/env python3
"""Lets hostile plugins loose on a server with live conversations, and says what became of them.

    Tests/Crash/hostile_run.py [--customers 100] [--only NAME,…] [--json FILE] [--figures]

For each plugin of hostile_plugins.py two servers are run, one without and one with it, both with
maitred.crm-csv, which behaves. Customers hold conversations with the assistant; afterwards what
they noted is held against the log by invariants.py and hostile_trial.py, and a table is printed.
--priority -10 (for root) keeps other work on the machine out of the figures.
"""

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from hostile_judge import CRM  # noqa: E402
from hostile_plugins import PLUGINS, QUICK, Workshop  # noqa: E402
from hostile_trial import Pace, Trial, WatchedServer, Workspace  # noqa: E402


def rows(plugin, quiet, loud):
    """A plugin's lines in the two tables."""
    def pair(name):
        return " / ".join(f"{one.figures[name]:.0f}" for one in (loud, quiet))

    found, figures = loud.findings, loud.figures
    state = loud.state["status"]
    if loud.state["restarts"]:
        state += f", {loud.state['restarts']} restarts"
    if loud.state["misbehaviours"]:
        state += f", {loud.state['misbehaviours']} misbehaviours"
    error = loud.state.get("error", "").split(" / ")[0]
    said = plugin.in_its_words(loud.account)
    counts = [len(one) for one in (
        found.lost, found.doubled, found.disordered, found.undelivered, found.misowned,
        found.unanswered, found.errors, found.factless)]
    first = [
        plugin.name, plugin.deed + (f" ({said[:60]})" if said else ""),
        f"{figures['acknowledged']} of {figures['messages']}", " / ".join(map(str, counts)),
        pair("ack_p99_ms"), pair("first_p99_ms"), pair("later_p99_ms"),
        state + (f": {error[:90]}" if error else "")]
    second = [plugin.name] + [
        pair(name) for name in ("ack_p50_ms", "first_p50_ms", "later_p50_ms", "rss_most_mb")]
    second += [f"{one.figures['server_cpu']:.2f}" for one in (loud, quiet)]
    second += [f"{figures['plugins_cpu']:.2f}", f"{figures['log_kb']:.0f}"]
    second += [f"{figures[name]:.1f}" for name in ("list_s", "sign_in_s", "disable_s", "stop_s")]
    second += [f"{one.figures['others_cpu']:.1f}" for one in (loud, quiet)]
    return first, second


def table(heads, lines):
    print("|", " | ".join(heads), "|")
    print("|" + "---|" * len(heads))
    for line in lines:
        print("|", " | ".join(one.replace("|", "\\|") for one in line), "|")
    print(flush=True)


HEADS = (
    ["plugin", "what it did", "acknowledged",
     "lost / doubled / out of order / undelivered / wrong owner / unanswered / errors / without facts",
     "p99 ack with / without, ms", "p99 first answer", "p99 later answers",
     "its state afterwards"],
    ["plugin", "p50 ack with / without, ms", "p50 first answer", "p50 later answers",
     "most RSS of the server, MB", "its CPU with", "without", "CPU of plugins", "log, KB",
     "plugin list, s", "sign-in", "disable", "stop", "CPU of others with", "without"])


def kind_of(line):
    """A line without what tells it from others of its kind."""
    return re.sub(r"caller \d+|[0-9a-f]{8}-[0-9a-f-]{27}|cnv_\w+( \d+)?", "…", line)[:160]


async def measure():
    """What a round trip costs, and a plugin's process."""
    workspace, workshop = Workspace(250), Workshop()
    extra = {"maitred.hello-c": {}, "maitred.orders-shopify": {
        "shop": "https://shop.invalid", "access_token": "none"}}
    try:
        pace = Pace(customers=250, turns=1, spread=20)
        trial = await Trial(workspace, workshop, QUICK, pace, extra).run()
    finally:
        workspace.close()
        workshop.close()
    lines = []
    for id in (QUICK.id, CRM, *extra):
        state = trial.states[id]
        latency = state.get("latency_ms", {})
        lines.append([id, str(state["calls"])] + [
            f"{latency[name]:.2f}" if name in latency else "–"
            for name in ("median", "p99", "longest")
        ] + [f"{state['memory_bytes'] / 2**20:.1f}"])
    table(["plugin", "calls", "p50, ms", "p99", "longest", "memory of its process, MB"], lines)
    print(f"CPU of others meanwhile: {trial.figures['others_cpu']:.1f}")


async def run(options):
    WatchedServer.is_apart, WatchedServer.priority = True, options.priority
    if options.priority:
        Path("/proc/self/autogroup").write_text(str(options.priority))
    names = options.only.split(",") if options.only else [one.name for one in PLUGINS]
    pace = Pace(customers=options.customers)
    workspace, workshop, all, wrong = Workspace(options.customers), Workshop(), [], []
    records = {}
    try:
        for plugin in PLUGINS:
            if plugin.name not in names:
                continue
            quiet = await Trial(workspace, workshop, None, pace).run()
            loud = await Trial(workspace, workshop, plugin, pace).run()
            all.append(rows(plugin, quiet, loud))
            print("|", " | ".join(all[-1][0]), "|", file=sys.stderr, flush=True)
            for name, trial in (("without", quiet), ("with", loud)):
                wrong += [f"{plugin.name}, {name}: {one}" for one in trial.verdict()]
            records[plugin.name] = {
                name: {"figures": trial.figures, "findings": vars(trial.findings),
                       "verdict": trial.verdict(), "state": trial.state, "crm": trial.crm,
                       "account": trial.account}
                for name, trial in (("without", quiet), ("with", loud))}
            if options.json:
                Path(options.json).write_text(json.dumps(records, indent=1))
    finally:
        workspace.close()
        workshop.close()
    for index, heads in enumerate(HEADS):
        table(heads, [one[index] for one in all])
    for kind, count in Counter(map(kind_of, wrong)).most_common(60):
        print(f"! {kind}" + (f" (and {count - 1} alike)" if count > 1 else ""))
    if options.figures:
        await measure()
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--only", help="names of plugins, with commas between them")
    parser.add_argument("--json", help="a file for everything that was found")
    parser.add_argument("--priority", type=int, default=0, help="as of nice, for the whole run")
    parser.add_argument("--figures", action="store_true", help="measure a round trip as well")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
