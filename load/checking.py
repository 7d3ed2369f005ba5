"""The journal against the database: every accepted order is there once, nothing more is there, nothing was lost."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg

from load.journal import UNKNOWN, Answered, Line, Pushed, Sent

#: Statuses that never change again.
_FINAL = frozenset({"FILLED", "CANCELED", "EXPIRED", "DENIED", "REJECTED"})
_EXAMPLES_MAX = 10


class Stored(NamedTuple):
    """One order of the run as the database has it."""

    order_id: int
    account_id: int
    client_order_id: str
    status: str


@dataclass(slots=True)
class Findings:
    """How many there were of each kind of fault, and some examples. All but ``asked``, ``accepted`` and ``refused`` must be
    none.

    lost: answered as an order, and not there. doubled: there more than once. invented: there, and never asked for or answered
    with "nothing was done". misreported: there as something else than was answered. unresolved: nobody knows. unpushed: a socket
    was told what is not in the books.
    """

    asked: int = 0
    accepted: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, example: str) -> None:
        self.faults[kind] += 1
        if len(self.examples[kind]) < _EXAMPLES_MAX:
            self.examples[kind].append(example)

    def document(self) -> dict[str, Any]:
        kinds = ("lost", "doubled", "invented", "misreported", "unresolved", "unpushed")
        return {
            "asked": self.asked,
            "accepted": self.accepted,
            "refused": self.refused,
            **{kind: self.faults[kind] for kind in kinds},
            "examples": dict(self.examples),
        }


def check_orders(journal: Iterable[Line], stored: Iterable[Stored]) -> Findings:
    """Hold what clients were told against what is there."""
    found = Findings()
    sent, answers = _by_id(journal, found)
    rows = _by_name(found, sent, stored)
    by_id = {row.order_id: row for row in rows.values()}
    for name, asked in sent.items():
        answer = answers.get(name)
        if answer is None or answer.outcome == UNKNOWN:
            found.add("unresolved", f"{asked.kind} {name}: {answer.status if answer else 'no answer'}")
        elif asked.kind == "place":
            _check_placed(found, asked, answer, rows.get(name))
        elif answer.status == 200 and asked.kind == "cancel":
            _check_canceled(found, asked, answer, by_id.get(asked.order_id))
    return found


def _by_id(journal: Iterable[Line], found: Findings) -> tuple[dict[str, Sent], dict[str, Answered]]:
    """What was asked and what was answered; of several answers the first that says something."""
    sent: dict[str, Sent] = {}
    answers: dict[str, Answered] = {}
    for line in journal:
        if isinstance(line, Sent):
            found.asked += 1
            if line.id in sent:
                found.add("doubled", f"{line.id} was journaled twice")
            sent[line.id] = line
        elif isinstance(line, Answered):
            known = answers.get(line.id)
            if known is None or known.outcome == UNKNOWN:
                answers[line.id] = line
            elif line.outcome != UNKNOWN and (line.outcome, line.order_id) != (known.outcome, known.order_id):
                found.add("misreported", f"{line.id} was answered {known.outcome} and then {line.outcome}")
    return sent, answers


def _by_name(found: Findings, sent: dict[str, Sent], stored: Iterable[Stored]) -> dict[str, Stored]:
    rows: dict[str, Stored] = {}
    for row in stored:
        asked = sent.get(row.client_order_id)
        if row.client_order_id in rows:
            found.add("doubled", f"{row.client_order_id} is order {rows[row.client_order_id].order_id} and {row.order_id}")
        elif asked is None or asked.kind != "place" or asked.account_id != row.account_id:
            found.add(
                "invented", f"order {row.order_id} is {row.client_order_id} of account {row.account_id}, which nobody asked for"
            )
        rows[row.client_order_id] = row
    return rows


def _check_placed(found: Findings, asked: Sent, answer: Answered, row: Stored | None) -> None:
    if answer.status != 200:
        found.refused += 1
        if row is not None:
            found.add("invented", f"{asked.id} was answered {answer.outcome}, and is order {row.order_id}")
        return
    found.accepted += 1
    status = answer.outcome.partition(" ")[0]
    if row is None:
        found.add("lost", f"{asked.id} was answered {answer.outcome} as order {answer.order_id}")
    elif row.order_id != answer.order_id or (status in _FINAL and row.status != status):
        found.add("misreported", f"{asked.id} was answered {status} as {answer.order_id}, is {row.status} as {row.order_id}")


def _check_canceled(found: Findings, asked: Sent, answer: Answered, row: Stored | None) -> None:
    if row is None:
        found.add("lost", f"order {asked.order_id}, whose cancel was answered {answer.outcome}")
    elif row.status not in _FINAL:
        found.add("misreported", f"order {asked.order_id} is {row.status}, and its cancel was answered {answer.outcome}")


def check_pushed(lines: Iterable[Line], events: dict[tuple[int, int], str], found: Findings) -> int:
    """Everything that a socket was told of an account happened. Returns how many events that was."""
    count = 0
    for line in lines:
        if isinstance(line, Pushed):
            count += 1
            there = events.get((line.account_id, line.sequence))
            if there != line.type:
                found.add("unpushed", f"event {line.sequence} of account {line.account_id}: told {line.type}, is {there}")
    return count


def read_orders(database_url: str, run: str, account_ids: list[int]) -> list[Stored]:
    """The run's orders: those of its accounts whose names begin with it."""
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        rows = connection.execute(
            "SELECT id, account_id, client_order_id, status FROM orders_order"
            " WHERE account_id = ANY(%s) AND starts_with(client_order_id, %s) ORDER BY id",
            [account_ids, f"{run}-"],
        ).fetchall()
    return [Stored(*row) for row in rows]


def read_events(database_url: str, account_ids: list[int], pushed: list[Pushed]) -> dict[tuple[int, int], str]:
    """Types of the accounts' events, from the first on that a socket was told of, by account and sequence."""
    first = min((line.sequence for line in pushed), default=0)
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        rows = connection.execute(
            "SELECT account_id, account_sequence, type FROM orders_accountevent"
            " WHERE account_id = ANY(%s) AND account_sequence >= %s",
            [account_ids, first],
        ).fetchall()
    return {(account_id, sequence): kind for account_id, sequence, kind in rows}
