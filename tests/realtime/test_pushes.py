"""What the stream notes for the receipts of orders: the decision on each, once it was handed over."""

import time

import pytest

from apps.core.enums import OrderType, Side, TimeInForce
from apps.eventlog.codec import encode
from apps.eventlog.schemas.accounts import Event, FundsDeposited, OrderAccepted, OrderCanceled, OrderDenied, OrderRejected
from apps.observability.lines import Lines
from apps.realtime.pushes import note_pushes
from apps.realtime.reader import StoredEvent
from apps.receipts import line as line_module
from apps.receipts.line import ReceiptLine

ALICE = 5
LINES = Lines("event_pushed", __name__)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> ReceiptLine:
    made = ReceiptLine()
    monkeypatch.setattr(line_module, "_line", made)
    return made


def stored(*events: Event) -> list[StoredEvent]:
    return [StoredEvent(number, encode(event).decode()) for number, event in enumerate(events, start=1)]


def common(order_id: int, at_ns: int) -> dict[str, object]:
    return {
        "epoch": 1, "sequence": order_id + 1, "at_ns": at_ns, "account_id": ALICE, "account_sequence": 1, "order_id": order_id,
        "client_order_id": "a", "instrument_id": 1, "symbol": "BTC-USD",
    }  # fmt: skip


def asked() -> dict[str, object]:
    return {
        "side": Side.BUY, "order_type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC, "quantity": "1", "price": "2",
    }  # fmt: skip


def test_every_kind_of_decision_is_noted_and_nothing_else(line: ReceiptLine) -> None:
    now_ns = time.time_ns()
    accepted = OrderAccepted(**common(1, now_ns), **asked(), held="2")  # type: ignore[arg-type]
    denied = OrderDenied(**common(2, now_ns), **asked(), reason="X")  # type: ignore[arg-type]
    rejected = OrderRejected(**common(3, now_ns), **asked(), reason="X")  # type: ignore[arg-type]
    canceled = OrderCanceled(**common(4, now_ns), reason="X", filled_quantity="0", released="2")  # type: ignore[arg-type]
    money = FundsDeposited(
        epoch=1, sequence=9, at_ns=now_ns, account_id=ALICE, account_sequence=5, transfer_id=9, asset="USD", amount="1"
    )
    note_pushes(ALICE, stored(accepted, denied, rejected, canceled, money), 0, LINES)
    assert [(note.order_id, note.account_id, note.received_ns) for note in line._known] == [(n, ALICE, 0) for n in (1, 2, 3)]
    assert all(note.pushed_ns >= now_ns for note in line._known)


def test_what_is_replayed_to_somebody_who_was_away_is_no_measure_of_the_push(line: ReceiptLine) -> None:
    long_ago = time.time_ns() - 61_000_000_000
    note_pushes(ALICE, stored(OrderAccepted(**common(1, long_ago), **asked(), held="2")), 0, LINES)  # type: ignore[arg-type]
    assert not line._known
