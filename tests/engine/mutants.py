"""The proof of the proof: every bug on the list is planted and must be found. ``make mutants`` prints by what, and how soon.

``python -m tests.engine.mutants [NAME ...]`` ends with 1 when one survives.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import django
import psycopg
from django.apps import apps
from django.test.utils import setup_test_environment

if not apps.ready:
    django.setup()

import pytest

from apps.core.checks import InvariantError
from apps.engine.settlement import SettlementError
from tests.engine import bugs
from tests.engine.fates import ROUNDS
from tests.engine.matching import test_planted_bugs as core
from tests.engine.matching.driver import drive
from tests.engine.matching.pair_whole import WholePair
from tests.engine.stored import StoredPair, drive_stored, in_a_transaction
from tests.engine.stories import DOWNSTREAM, Stories, telling
from tests.template import make_database, remove_database

Plant = Callable[[pytest.MonkeyPatch], None]
#: What a checker raises. Anything else is a bug that was not planted.
FOUND = (InvariantError, AssertionError, SettlementError, psycopg.Error)
#: How many programs are tried, and of how many steps, before a bug has survived.
CORE_SEEDS, CORE_STEPS = core.SEEDS, core.STEPS
STORED_SEEDS, STORED_STEPS = range(8), 120
PROCESS_SEEDS = range(3)
PATIENCE_S = 3.0  # for events that will never come


class Finding(NamedTuple):
    bug: str
    checker: str
    steps: int
    seconds: float


def checker_of(error: BaseException) -> str:
    """A short name of what bit: the law, the kind of comparison, or the database's own code."""
    if isinstance(error, SettlementError):
        return f"database {error.sqlstate}"
    if isinstance(error, psycopg.Error):
        return f"database {error.sqlstate}"
    first = str(error).split("\n")[0]
    law = re.search(r"\bI[0-9]+\b", first)
    if law:
        return law[0]
    named = re.match(r"[a-z]+: [a-z]+", first)
    return named[0] if named else type(error).__name__


def hunt(name: str, plant: Plant | None, live: Callable[[int], list[str]], seeds: range) -> Finding | None:
    """Live with the bug, seed after seed, until it is found; None when it survives."""
    began, steps = time.monotonic(), 0
    for seed in seeds:
        program: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            if plant is not None:
                plant(patch)
            try:
                program = live(seed)
            except FOUND as error:
                program = getattr(error, "__notes__", [""])[0].splitlines() or [""]
                return Finding(name, checker_of(error), steps + len(program), time.monotonic() - began)
        steps += len(program)
    return None


def live_in_the_core(seed: int) -> list[str]:
    pair = WholePair()
    drive(pair, seed, CORE_STEPS)
    pair.replay_log()
    return pair.program


def live_with_the_database(seed: int) -> list[str]:
    with in_a_transaction():
        pair = StoredPair()
        drive_stored(pair, seed, STORED_STEPS)
        return pair.program


def hunt_in_the_core(name: str) -> Finding | None:
    return hunt(name, core.BUGS[name], live_in_the_core, CORE_SEEDS)


def hunt_with_the_database(name: str) -> Finding | None:
    return hunt(name, bugs.STORED[name], live_with_the_database, STORED_SEEDS)


def hunt_with_processes(stories: Stories, name: str) -> Finding | None:
    """One process of the product has the bug, and dies; another goes on without it."""
    point, _, _ = bugs.PROCESSES[name]

    def live(seed: int) -> list[str]:
        if point in DOWNSTREAM:
            stories.with_a_death_downstream(point, seed, name, limit_s=PATIENCE_S)
        else:
            stories.with_a_death(point, seed, name)
        return [""] * ROUNDS

    return hunt(name, None, live, PROCESS_SEEDS)


def table(wanted: list[str]) -> Iterator[tuple[str, Finding | None]]:
    for names, one in ((core.BUGS, hunt_in_the_core), (bugs.STORED, hunt_with_the_database)):
        for name in names:
            if not wanted or name in wanted:
                yield name, one(name)
    with tempfile.TemporaryDirectory() as directory, telling(Path(directory)) as stories:
        for name in bugs.PROCESSES:
            if not wanted or name in wanted:
                yield name, hunt_with_processes(stories, name)


@contextmanager
def a_database() -> Iterator[None]:
    setup_test_environment()
    made = make_database(verbosity=0)
    try:
        yield
    finally:
        remove_database(made, verbosity=0)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(wanted: list[str]) -> int:
    survivors = 0
    say(f"{'bug':<52} {'found by':<22} {'steps':>6} {'seconds':>8}")
    with a_database():
        for name, finding in table(wanted):
            if finding is None:
                survivors += 1
                say(f"{name:<52} NOTHING: IT SURVIVES")
            else:
                say(f"{name:<52} {finding.checker:<22} {finding.steps:>6} {finding.seconds:>8.2f}")
    say(f"{survivors} bugs survive" if survivors else "every bug is found")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
