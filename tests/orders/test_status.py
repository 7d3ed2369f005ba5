"""The table of an order's life is whole and closed."""

from itertools import product

import pytest

from apps.core.enums import OrderStatus
from apps.orders.status import INITIAL, NEXT, OPEN, RESTING, TERMINAL, IllegalTransitionError, check_transition


def test_every_status_is_in_the_table_and_either_open_or_final() -> None:
    assert set(NEXT) == set(OrderStatus)
    assert set(OrderStatus) == OPEN | TERMINAL and not OPEN & TERMINAL
    assert {OrderStatus.WAITING, OrderStatus.ACCEPTED, OrderStatus.PARTIALLY_FILLED} == OPEN
    assert OPEN - {OrderStatus.WAITING} == RESTING


@pytest.mark.parametrize("before,after", list(product([None, *OrderStatus], OrderStatus)))
def test_a_step_is_allowed_exactly_when_the_table_says_so(before: OrderStatus | None, after: OrderStatus) -> None:
    legal = {
        (None, "WAITING"), (None, "ACCEPTED"), (None, "DENIED"), (None, "REJECTED"),
        ("WAITING", "ACCEPTED"), ("WAITING", "CANCELED"), ("WAITING", "EXPIRED"),
        ("ACCEPTED", "PARTIALLY_FILLED"), ("ACCEPTED", "FILLED"), ("ACCEPTED", "CANCELED"), ("ACCEPTED", "EXPIRED"),
        ("PARTIALLY_FILLED", "PARTIALLY_FILLED"), ("PARTIALLY_FILLED", "FILLED"),
        ("PARTIALLY_FILLED", "CANCELED"), ("PARTIALLY_FILLED", "EXPIRED"),
    }  # fmt: skip
    if (before, after) in legal:
        check_transition(before, after)
    else:
        with pytest.raises(IllegalTransitionError):
            check_transition(before, after)


def test_what_begins_is_no_fill() -> None:
    assert {OrderStatus.WAITING, OrderStatus.ACCEPTED, OrderStatus.DENIED, OrderStatus.REJECTED} == INITIAL
