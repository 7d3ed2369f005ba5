"""The journal against the database, with every kind of fault planted: each is found, and nothing else."""

from pathlib import Path

import msgspec
import pytest

from load.checking import Findings, Stored, check_orders, check_pushed
from load.journal import UNKNOWN, Answered, Journal, Line, Pushed, Sent, read_journal

ALICE, BOB = 1, 2


def placed(name: str, outcome: str, order_id: int = 0, status: int = 200, account_id: int = ALICE) -> list[Line]:
    return [Sent(name, "place", account_id, 0.1, 0.1), Answered(name, 0.2, status, outcome, order_id)]


def sound() -> tuple[list[Line], list[Stored]]:
    """Orders that rest, filled and were denied; one canceled; one refused; one whose answer came at the second try."""
    journal = [
        *placed("r-o1", "ACCEPTED", 11),
        *placed("r-o2", "FILLED", 12),
        *placed("r-o3", "DENIED INSUFFICIENT_FUNDS", 13, account_id=BOB),
        *placed("r-o4", "TOO_FAST", status=429),
        Sent("r-o5", "place", BOB, 1, 1),
        Answered("r-o5", 2, 503, UNKNOWN),
        Answered("r-o5", 3, 200, "ACCEPTED", 15, again=True),
        Sent("r-c6", "cancel", ALICE, 4, 4, order_id=11),
        Answered("r-c6", 5, 200, "CANCELED", 11),
        Sent("r-k7", "cancel_all", BOB, 6, 6),
        Answered("r-k7", 6, 200, "DONE"),
    ]
    stored = [
        Stored(11, ALICE, "r-o1", "CANCELED"),
        Stored(12, ALICE, "r-o2", "FILLED"),
        Stored(13, BOB, "r-o3", "DENIED"),
        Stored(15, BOB, "r-o5", "CANCELED"),
    ]
    return journal, stored


def faults(journal: list[Line], stored: list[Stored]) -> dict[str, int]:
    return {kind: count for kind, count in check_orders(journal, stored).faults.items() if count}


def test_what_is_as_it_was_told_has_no_fault() -> None:
    journal, stored = sound()
    found = check_orders(journal, stored)

    assert not found.faults
    assert (found.asked, found.accepted, found.refused) == (7, 4, 1)


def test_a_lost_order_is_found() -> None:
    journal, stored = sound()
    assert faults(journal, [row for row in stored if row.order_id != 12]) == {"lost": 1}


def test_a_double_is_found_by_its_name() -> None:
    journal, stored = sound()
    assert faults(journal, [*stored, Stored(99, ALICE, "r-o2", "FILLED")])["doubled"] == 1


@pytest.mark.parametrize(
    "more",
    [
        Stored(99, ALICE, "r-o99", "FILLED"),  # nobody asked
        Stored(99, ALICE, "r-o4", "ACCEPTED"),  # the answer said that nothing was done
        Stored(99, ALICE, "r-c6", "ACCEPTED"),  # a cancel is no order
    ],
)
def test_an_order_out_of_nothing_is_found(more: Stored) -> None:
    journal, stored = sound()
    assert faults(journal, [*stored, more]) == {"invented": 1}


def test_an_order_of_another_account_than_the_one_that_asked_is_found() -> None:
    journal, stored = sound()
    assert "invented" in faults(journal, [row._replace(account_id=BOB) for row in stored])


@pytest.mark.parametrize(
    ("order_id", "change"),
    [(12, {"status": "CANCELED"}), (13, {"status": "ACCEPTED"}), (15, {"order_id": 16}), (11, {"status": "ACCEPTED"})],
    ids=["filled and then not", "denied and then not", "another id", "canceled and still open"],
)
def test_an_answer_that_does_not_hold_is_found(order_id: int, change: dict[str, str]) -> None:
    journal, stored = sound()
    changed = [row._replace(**change) if row.order_id == order_id else row for row in stored]  # type: ignore[arg-type]
    assert faults(journal, changed) == {"misreported": 1}


def test_two_answers_that_differ_are_found() -> None:
    journal, stored = sound()
    assert faults([*journal, Answered("r-o2", 9, 200, "ACCEPTED", 12, again=True)], stored) == {"misreported": 1}


def test_what_nobody_knows_is_found() -> None:
    journal, stored = sound()
    unanswered: list[Line] = [Sent("r-o8", "place", ALICE, 7, 7), Sent("r-c9", "cancel", ALICE, 7, 7, order_id=12)]
    assert faults([*journal, *unanswered, Answered("r-c9", 9, 0, UNKNOWN)], stored) == {"unresolved": 2}


def test_what_a_socket_was_told_must_be_in_the_books() -> None:
    told: list[Line] = [Pushed(ALICE, 7, "ORDER_ACCEPTED", 1.0), Pushed(ALICE, 8, "ORDER_FILLED", 1.0)]
    events = {(ALICE, 7): "ORDER_ACCEPTED", (ALICE, 8): "ORDER_FILLED"}
    sound_one, wrong = Findings(), Findings()

    assert check_pushed(told, events, sound_one) == 2
    check_pushed(told, {**events, (ALICE, 8): "ORDER_CANCELED"}, wrong)
    check_pushed([Pushed(BOB, 1, "ORDER_FILLED", 1.0)], events, wrong)

    assert not sound_one.faults
    assert wrong.faults["unpushed"] == 2


def test_a_journal_is_read_as_it_was_written_and_a_torn_end_passed_over(tmp_path: Path) -> None:
    journal, _ = sound()
    path = tmp_path / "orders.jsonl"
    with Journal(path) as written:
        for line in journal:
            written.write(line)
    with path.open("ab") as file:
        file.write(b'{"e":"sent","id":"r-o9')

    assert list(read_journal(path)) == journal
    path.write_bytes(b'{"e":"sent"\n' + path.read_bytes())
    with pytest.raises(msgspec.DecodeError):
        list(read_journal(path))
