"""What rests, by price, and the sequence at which that holds: where the shown depth begins."""

from decimal import Decimal

import pytest

from apps.core.enums import Side
from apps.orders.selectors_levels import list_open_levels
from tests.builders import Venue

pytestmark = pytest.mark.django_db


def test_nothing_rests_at_first() -> None:
    assert list_open_levels() == (0, [])


def test_open_orders_are_added_up_by_price_and_side() -> None:
    venue = Venue()
    alice, bob = (venue.customer(f"{name}@tredye.example", funded="100000") for name in ("alice", "bob"))
    venue.order(alice, "BTC-USD", Side.BUY, "2", "100")
    partly = venue.order(bob, "BTC-USD", Side.BUY, "3", "100")
    venue.order(bob, "BTC-USD", Side.BUY, "1", "99.5")
    venue.fill(partly, "1", "100")
    refused = venue.order(alice, "BTC-USD", Side.BUY, "7")
    sequence, levels = list_open_levels()
    instrument_id = refused.instrument_id
    assert sorted(levels) == [
        (instrument_id, Side.BUY, Decimal("99.5"), Decimal(1)),
        (instrument_id, Side.BUY, Decimal(100), Decimal(4)),
    ]
    assert sequence == venue.sequence
