"""``make load LANE=… [URL=…] [MINUTES=…] [SCALE=…]`` and ``make load-compare A B``."""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from load.children import ClientError
from load.lanes import LANES, Lane, LaneError, find_lane
from load.target import Target, TargetError, check_host, own_stack, running_stack
from stack.errors import StackError, Stopped
from stack.settings import Settings

_OK, _MISSED, _FAILED, _USAGE = 0, 1, 3, 2


def main(arguments: list[str]) -> int:
    """0: every goal was met. 1: not. 2: asked wrongly. 3: the run could not be made. 130: ended by Ctrl-C."""
    if arguments[:1] == ["compare"]:
        from load.compare import compare_files

        return compare_files(arguments[1:], _say)
    parser = argparse.ArgumentParser(prog="make load", description="Puts a stack under load; docs/load.md.")
    parser.add_argument("lane", nargs="?", default="smoke", help=f"one of {', '.join(LANES)}")
    parser.add_argument("--url", default="", help="the pages' address of a stack that runs; without it one is started")
    parser.add_argument("--minutes", type=float, help="how long the lane's one phase lasts")
    parser.add_argument("--scale", type=float, default=1.0, help="this many times the lane's rates and sockets")
    parser.add_argument("--out", default="", help="where the report goes; else a new directory in var/load")
    given = parser.parse_args(arguments)
    try:
        return _run(given)
    except (LaneError, TargetError, ClientError, StackError) as error:
        _say(f"load: {error}")
        return _USAGE if isinstance(error, LaneError | TargetError) else _FAILED
    except (KeyboardInterrupt, Stopped):
        _say("load: stopped before there was anything to report")
        return 130


def _run(given: argparse.Namespace) -> int:
    from load.report.page import write_report
    from load.results import make_results
    from load.run import run_lane

    if (given.minutes is not None and given.minutes <= 0) or given.scale <= 0:
        raise LaneError("MINUTES and SCALE must be above 0")
    lane = find_lane(given.lane, given.minutes, given.scale)
    home = Settings.from_environment().home / "load"
    directory = Path(given.out) if given.out else home / f"{lane.name}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    with _stack(given.url, lane) as target, _stoppable() as stop:
        outcome = run_lane(lane, target, directory, _say, stop)
    results = make_results(outcome)
    (directory / "results.json").write_text(json.dumps(results, indent=1))
    write_report(results, directory / "report.html")
    for line in verdict_lines(results):
        _say(line)
    _say(f"report: {directory / 'report.html'}")
    if results["interrupted"]:
        return 130
    return _OK if results["met"] else _MISSED


def verdict_lines(results: Mapping[str, Any]) -> list[str]:
    """What is said at the end: each goal, and whether the clients were the limit."""
    lines = []
    for each in results["verdict"]:
        value = "not measured" if each["value"] is None else f"{each['value']:g}"
        bound = f"{'at most' if each['most'] else 'at least'} {each['bound']:g}"
        lines.append(f"  {'met   ' if each['met'] else 'MISSED'}  {each['figure']:<34} {value:>12}  {bound}")
    for limit in results["client_limits"]:
        lines.append(f"  the client was the limit: {limit}")
    if results["interrupted"]:
        lines.append("  ended early: the figures are of what was offered until then")
    return lines


@contextlib.contextmanager
def _stack(url: str, lane: Lane) -> Iterator[Target]:
    if url:
        check_host(url, os.environ)
        yield running_stack(url)
        return
    _say("starting a stack of its own")
    with own_stack(lane) as target:
        yield target
        _say("removing it")


@contextlib.contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Ctrl-C ends the offering; the second one ends everything."""
    stop = threading.Event()

    def ask(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
