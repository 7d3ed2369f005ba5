"""One question to the books that must have no answer, and how it is asked."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

ROWS_PER_CHECK = 5


class Check(NamedTuple):
    """``reconciles``: it computes a balance anew, and is asked every night. ``live``: its cost does not grow with history, and it
    is asked every minute. The others are asked by hand and in tests."""

    name: str
    meaning: str
    query: str
    reconciles: bool = False
    live: bool = False


class Violation(NamedTuple):
    name: str
    meaning: str
    row: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.meaning}: {', '.join(map(str, self.row))}"


class Result(NamedTuple):
    """What a check came to. ``error`` says why it was not answered; then ``rows`` says nothing."""

    check: Check
    rows: list[tuple[Any, ...]]
    took_ms: int
    error: str = ""

    @property
    def holds(self) -> bool:
        return not self.rows and not self.error


def find_violations_of(
    connection: "psycopg.Connection[Any]", checks: Sequence[Check], rows_per_check: int = ROWS_PER_CHECK
) -> list[Violation]:
    """At most ``rows_per_check`` violations of each of ``checks``, of one snapshot. Raises when one cannot be asked.

    Within a transaction of the caller's own the checks see what that transaction sees.
    """
    found: list[Violation] = []
    with connection.transaction(), psycopg.Cursor(connection, row_factory=psycopg.rows.tuple_row) as cursor:
        _begin_snapshot(connection, cursor)
        for check in checks:
            found += [Violation(check.name, check.meaning, row) for row in _rows(cursor, check, rows_per_check)]
    return found


def ask_each(connection: "psycopg.Connection[Any]", checks: Sequence[Check], *, each_s: float, all_s: float) -> list[Result]:
    """Ask all of ``checks`` in one snapshot, giving ``each_s`` seconds to one and ``all_s`` to all.

    What takes longer is given up, and says so. Nothing here takes a lock that a writer would wait for.
    """
    results: list[Result] = []
    deadline = time.monotonic() + all_s
    with connection.transaction(), psycopg.Cursor(connection, row_factory=psycopg.rows.tuple_row) as cursor:
        _begin_snapshot(connection, cursor)
        # A question that reads some thousand rows would be compiled for longer than it takes.
        cursor.execute("SELECT set_config('jit', 'off', true)")
        for check in checks:
            began = time.monotonic()
            limit_s = min(each_s, deadline - began)
            if limit_s <= 0:
                results.append(Result(check, [], 0, f"not asked: all together took longer than {all_s:g} s"))
                continue
            rows: list[tuple[Any, ...]] = []
            error = ""
            try:
                with connection.transaction():
                    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{max(1, round(limit_s * 1000))}ms"])
                    rows = _rows(cursor, check, ROWS_PER_CHECK)
            except psycopg.errors.QueryCanceled:
                error = f"given up after {limit_s:.1f} s"
            results.append(Result(check, rows, round((time.monotonic() - began) * 1000), error))
    return results


def _begin_snapshot(connection: "psycopg.Connection[Any]", cursor: "psycopg.Cursor[Any]") -> None:
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS and connection.autocommit:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def planned_for_all(query: str, limit: int) -> str:
    """``query`` for at most ``limit`` rows, planned for all of them.

    There is usually none, and to be sure of that takes the whole answer. A planner that is told of the limit hopes to be done
    sooner, and joined two large tables row by row for it: minutes where a second is enough.
    """
    return f"WITH found AS MATERIALIZED ({query}) SELECT * FROM found LIMIT {limit:d}"  # noqa: S608 - our own texts


def _rows(cursor: "psycopg.Cursor[Any]", check: Check, limit: int) -> list[tuple[Any, ...]]:
    return cursor.execute(planned_for_all(check.query, limit)).fetchall()
