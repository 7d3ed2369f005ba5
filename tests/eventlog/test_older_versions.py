"""What version 1 wrote is read as it was: each message whose version rose, with exactly the fields it had."""

import json
from typing import Any

import pytest

from apps.eventlog.codec import UnreadableMessageError, decode
from tests.eventlog.fingerprints import current, saved

_IDENTITY = {"version": 1, "epoch": 3, "sequence": 40, "at_ns": 5, "correlation_id": "click", "causation_id": "c1"}
_ORDER = {
    **_IDENTITY, "account_id": 7, "account_sequence": 2, "order_id": 39, "client_order_id": "c1", "instrument_id": 1,
    "symbol": "BTC-USD",
}  # fmt: skip
_ASKED = {"side": "BUY", "order_type": "LIMIT", "time_in_force": "GTC", "quantity": "1", "price": "100"}
WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "ORDER_ACCEPTED": ("orders.events", {**_ORDER, **_ASKED, "held": "100.2"}),
    "ORDER_DENIED": ("orders.events", {**_ORDER, **_ASKED, "reason": "PRICE_COLLAR"}),
    "ORDER_REJECTED": ("orders.events", {**_ORDER, **_ASKED, "reason": "INSTRUMENT_HALTED"}),
    "ORDER_FILLED": (
        "orders.events",
        {
            **_ORDER, "trade_id": 41, "side": "BUY", "liquidity_side": "TAKER", "price": "99", "quantity": "1", "fee": "0.2",
            "status": "FILLED", "filled_quantity": "1", "leaves_quantity": "0", "held": "0", "quote_source": "sim",
            "quote_epoch": 1, "quote_sequence": 9,
        },
    ),
    "ACCOUNT_LIMITS_SET": (
        "accounts.events",
        {
            **_IDENTITY, "account_id": 7, "account_sequence": 2, "max_open_orders": 3, "max_order_notional": None,
            "reason": "risk",
        },
    ),
    "INSTRUMENT_LIMITS_SET": (
        "instruments.events",
        {
            **_IDENTITY, "instrument_id": 1, "symbol": "BTC-USD", "max_quantity": "1", "max_notional": "2", "collar_bps": 3,
            "reason": "calm",
        },
    ),
}  # fmt: skip


def test_every_message_that_has_an_older_version_is_tried() -> None:
    raised = {name.split()[0] for messages in current().values() for name in messages if not name.endswith(" v1")}
    assert raised == set(WRITTEN)


@pytest.mark.fault("F36")
@pytest.mark.parametrize("tag", WRITTEN)
def test_what_version_1_wrote_is_read(tag: str) -> None:
    topic, fields = WRITTEN[tag]
    frozen = [line.split(":")[0] for line in saved()[topic][f"{tag} v1"]]
    assert sorted(frozen) == sorted(fields), "exactly the fields that version 1 had"
    message = decode(topic, json.dumps({"type": tag, **fields}).encode())
    assert {name: getattr(message, name) for name in fields} == fields
    later = ("terms", "band_bps", "orders_per_second")
    assert [getattr(message, name, None) for name in later] == [None] * len(later)


@pytest.mark.fault("F36")
@pytest.mark.parametrize("tag", WRITTEN)
def test_a_version_from_the_future_is_refused(tag: str) -> None:
    topic, fields = WRITTEN[tag]
    with pytest.raises(UnreadableMessageError, match="version must be 1 to 2, was 3"):
        decode(topic, json.dumps({"type": tag, **fields, "version": 3}).encode())
