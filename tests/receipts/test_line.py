"""From notes to rows: each instant once, claims only beside what a server saw, and nothing that grows."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import OperationalError
from prometheus_client import REGISTRY

from apps.receipts import line as line_module
from apps.receipts.line import BATCH_MAX, ROOM, ROOM_OF_PROGRAMS, Claim, Known, ReceiptLine
from apps.receipts.models import Door, Receipt
from apps.receipts.selectors import find_receipt

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORDER, ALICE, BOB = 7001, 5, 6
MS = timedelta(milliseconds=1)


@pytest.fixture
def line() -> ReceiptLine:
    return ReceiptLine()


def ns(at: datetime | None) -> int:
    return 0 if at is None else (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def received(order_id: int = ORDER, *, at: datetime = AT, door: Door = Door.PAGE, account_id: int = ALICE) -> Known:
    return Known(order_id, account_id, door, ns(at), 0)


def pushed(order_id: int = ORDER, *, at: datetime = AT + 30 * MS, account_id: int = ALICE) -> Known:
    return Known(order_id, account_id, "", 0, ns(at))


def claimed(
    clicked: datetime | None = AT - 12 * MS,
    painted: datetime | None = AT + 41 * MS,
    *,
    order_id: int = ORDER,
    account_id: int = ALICE,
    patience_s: float = 60.0,
) -> Claim:
    return Claim(order_id, account_id, ns(clicked), ns(painted), time.monotonic() + patience_s)


def fates() -> dict[str, float]:
    return {
        fate: REGISTRY.get_sample_value("tredye_receipt_notes_total", {"fate": fate}) or 0.0
        for fate in ("kept", "dropped", "unmatched")
    }


def changed(before: dict[str, float]) -> dict[str, float]:
    return {fate: count - before[fate] for fate, count in fates().items() if count != before[fate]}


def times_of(order_id: int = ORDER) -> tuple[Any, ...]:
    row = Receipt.objects.get(order_id=order_id)
    return row.door, row.clicked_at, row.received_at, row.pushed_at, row.painted_at


@pytest.mark.parametrize("pushed_first", [False, True])
@pytest.mark.parametrize("one_batch", [False, True])
def test_an_order_s_instants_come_together_in_whatever_order(line: ReceiptLine, pushed_first: bool, one_batch: bool) -> None:
    notes = [received(), pushed()]
    for note in reversed(notes) if pushed_first else notes:
        line.note(note)
        if not one_batch:
            line.flush()
    line.claim(claimed())
    line.flush()
    assert times_of() == ("PAGE", AT - 12 * MS, AT, AT + 30 * MS, AT + 41 * MS)
    found = find_receipt(ALICE, ORDER)
    assert found is not None and found.door is Door.PAGE and found.painted_at == AT + 41 * MS
    assert find_receipt(BOB, ORDER) is None


def test_what_is_known_stays_as_it_is_whoever_says_it_again(line: ReceiptLine) -> None:
    for later in (0 * MS, 500 * MS):
        line.note(received(at=AT + later))
        line.note(pushed(at=AT + 30 * MS + later))
        line.claim(claimed(AT - 12 * MS - later, AT + 41 * MS + later))
        line.flush()
    line.note(received(at=AT, door=Door.PROGRAM))
    line.note(received(at=AT - 5 * MS, account_id=BOB))
    line.flush()
    assert times_of() == ("PAGE", AT - 12 * MS, AT, AT + 30 * MS, AT + 41 * MS)
    assert Receipt.objects.get().account_id == ALICE


@pytest.mark.parametrize(
    ("clicked", "painted", "kept"),
    [
        (AT - timedelta(seconds=61), AT + MS, (None, AT + MS)),
        (AT + MS, AT + MS, (None, AT + MS)),
        (AT - timedelta(days=3650), AT + MS, (None, AT + MS)),
        (AT - MS, AT - MS, (AT - MS, None)),
        (AT - MS, AT + timedelta(seconds=61), (AT - MS, None)),
        (AT - MS, None, (AT - MS, None)),
        (None, AT + MS, (None, AT + MS)),
        (AT - timedelta(seconds=60), AT + timedelta(seconds=60), (AT - timedelta(seconds=60), AT + timedelta(seconds=60))),
    ],
)
def test_a_claim_that_is_not_plausible_is_not_kept(line: ReceiptLine, clicked: Any, painted: Any, kept: tuple[Any, Any]) -> None:
    line.note(received())
    line.claim(claimed(clicked, painted))
    line.flush()
    _, *times = times_of()
    assert (times[0], times[3]) == kept


def test_a_claim_of_somebody_else_s_order_or_of_none_makes_no_row_and_is_given_up(line: ReceiptLine) -> None:
    before = fates()
    line.note(received())
    line.claim(claimed(account_id=BOB))
    line.claim(claimed(order_id=999))
    line.flush()
    assert Receipt.objects.count() == 1 and times_of()[1] is None
    assert changed(before) == {"kept": 1}
    line._claims = type(line._claims)(claim._replace(until_s=time.monotonic()) for claim in line._claims)
    line.flush()
    assert changed(before) == {"kept": 1, "unmatched": 2}
    assert not line._claims


def test_a_claim_waits_for_the_row_that_another_process_has_not_written_yet(line: ReceiptLine) -> None:
    line.note(pushed())
    line.claim(claimed())
    line.flush()
    assert times_of() == ("", None, None, AT + 30 * MS, None)
    other = ReceiptLine()
    other.note(received())
    other.flush()
    line.flush()
    assert times_of() == ("PAGE", AT - 12 * MS, AT, AT + 30 * MS, AT + 41 * MS)


def test_a_program_s_order_has_no_click_and_no_painting(line: ReceiptLine) -> None:
    line.note(received(door=Door.PROGRAM))
    line.claim(claimed(patience_s=-1))
    line.flush()
    assert times_of() == ("PROGRAM", None, AT, None, None)


def test_there_is_room_for_so_many_and_pages_come_before_programs(line: ReceiptLine) -> None:
    before = fates()
    for number in range(ROOM_OF_PROGRAMS + 3):
        line.note(received(number + 1, door=Door.PROGRAM), room=ROOM_OF_PROGRAMS)
    assert changed(before) == {"dropped": 3}
    for number in range(ROOM):
        line.note(received(number + 10_000))
    assert len(line._known) == ROOM
    for _ in range(ROOM + 1):
        line.claim(claimed())
    assert len(line._claims) == ROOM
    line.flush()
    assert Receipt.objects.count() == BATCH_MAX, "a bounded batch at a time"


def test_while_postgres_is_away_the_notes_wait(line: ReceiptLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line.note(received())
    line.claim(claimed())

    def away(_notes: Any) -> None:
        raise OperationalError("no connection")

    with monkeypatch.context() as patch:
        patch.setattr(line_module, "_write", away)
        with pytest.raises(OperationalError):
            line.flush()
    line.flush()
    assert times_of() == ("PAGE", AT - 12 * MS, AT, None, AT + 41 * MS)


def test_a_batch_costs_two_statements(line: ReceiptLine, django_assert_num_queries: Any) -> None:
    for number in range(50):
        line.note(received(number + 1))
        line.claim(claimed(order_id=number + 1))
    with django_assert_num_queries(2):
        line.flush()
    with django_assert_num_queries(0):
        line.flush()
    assert Receipt.objects.filter(painted_at__isnull=False).count() == 50


# --- The database refuses what the code never asks for --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"received_at": AT + MS},
        {"received_at": None, "door": ""},
        {"pushed_at": AT},
        {"pushed_at": None},
        {"clicked_at": AT - MS},
        {"painted_at": AT + MS},
        {"account_id": BOB},
        {"door": "PROGRAM"},
        {"noted_at": AT},
    ],
)
def test_no_instant_can_be_changed_once_it_is_known(line: ReceiptLine, change: dict[str, Any]) -> None:
    line.note(received())
    line.note(pushed())
    line.claim(claimed())
    line.flush()
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.filter(order_id=ORDER).update(**change)


@pytest.mark.parametrize(
    "values",
    [
        {"door": "", "received_at": AT},
        {"door": "OTHER", "received_at": AT},
        {"door": "PAGE"},
        {"door": ""},
        {"door": "PAGE", "received_at": AT, "clicked_at": AT + MS},
        {"door": "PAGE", "received_at": AT, "clicked_at": AT - timedelta(seconds=61)},
        {"door": "PAGE", "received_at": AT, "painted_at": AT - MS},
        {"door": "PAGE", "received_at": AT, "painted_at": AT + timedelta(seconds=61)},
        {"door": "PROGRAM", "received_at": AT, "clicked_at": AT},
        {"door": "PROGRAM", "received_at": AT, "painted_at": AT},
        {"door": "", "pushed_at": AT, "painted_at": AT},
    ],
)
def test_no_row_can_say_what_cannot_be(values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(order_id=ORDER, account_id=ALICE, noted_at=AT, **values)


def test_an_old_receipt_is_found_without_reading_the_table_to_its_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT order_id, noted_at FROM receipts_receipt ORDER BY order_id LIMIT 1000")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using receipts_receipt_pkey" in plan and "Sort" not in plan
