"""Noting what is known of an order, from wherever it is known. None of it waits for anything or raises."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest

from apps.commands.answers import AnyAnswer, OrderAnswer, PairAnswer
from apps.receipts.line import PATIENCE_S, ROOM, ROOM_OF_PROGRAMS, Claim, Known, Shown, receipt_line
from apps.receipts.models import Door

__all__ = ["Door", "Exchange", "OnScreen", "Seen", "exchange_at", "note_pushed", "note_received", "note_seen", "received_at"]

#: A request that came this long after the decision asked for it again: its receipt is the first one's. The time is for two
#: machines whose clocks differ.
ASKED_AGAIN_NS = 250_000_000
#: What is pushed later than this was replayed to somebody who was away: that is no measure of the push.
PUSHED_WITHIN_NS = 60_000_000_000
#: A page may say any number; one that no column holds would cost the whole batch.
_STORABLE = 2**63
#: The key of a scope in which the server notes when a request began to come in.
RECEIVED = "tredye.received_ns"


class Seen(NamedTuple):
    """What a browser says of an order of its own, in microseconds since 1970 by the server's clock; None for what it does
    not know."""

    order_id: int
    clicked_us: int | None
    painted_us: int | None


class OnScreen(NamedTuple):
    """The quote that a page carried with an order. ``was_asked``: the page had asked again, and this price was confirmed."""

    epoch: int
    sequence: int
    quoted_at: datetime
    bid: Decimal
    ask: Decimal
    was_asked: bool


class Exchange(NamedTuple):
    """When a request came in and when its answer was ready, in microseconds since 1970. The browser, which knows when it sent the
    one and had the other, sees from them how far its clock is off."""

    received_us: int
    answered_us: int


def exchange_at(received_ns: int) -> Exchange:
    """The exchange that began at ``received_ns`` and is answered now."""
    return Exchange(received_ns // 1000, time.time_ns() // 1000)


def received_at(request: HttpRequest) -> int:
    """When ``request`` began to come in, in nanoseconds since 1970: before it waited for a thread."""
    scope: Mapping[str, Any] = getattr(request, "scope", {})
    return int(scope.get(RECEIVED) or time.time_ns())


def orders_of(answer: AnyAnswer) -> list[OrderAnswer]:
    """The orders that ``answer`` decided."""
    if isinstance(answer, PairAnswer):
        return answer.orders
    return [answer] if isinstance(answer, OrderAnswer) else []


def note_received(
    account_id: int, answer: AnyAnswer, *, at_ns: int, door: Door, on_screen: OnScreen | None = None
) -> None:
    """The request that ``answer`` answers came in at ``at_ns``; ``on_screen`` is what its page showed, where it said."""
    room = ROOM if door is Door.PAGE else ROOM_OF_PROGRAMS
    for order in orders_of(answer):
        if at_ns - order.at_ns <= ASKED_AGAIN_NS:
            receipt_line().note(Known(order.order_id, account_id, door, at_ns, 0), room=room)
            if on_screen is not None and max(on_screen.epoch, on_screen.sequence) < _STORABLE:
                receipt_line().show(Shown(order.order_id, account_id, *on_screen))


def note_pushed(account_id: int, order_id: int, *, decided_ns: int, at_ns: int) -> None:
    """The decision on the order, made at ``decided_ns``, was handed to a socket of its account."""
    if at_ns - decided_ns <= PUSHED_WITHIN_NS:
        receipt_line().note(Known(order_id, account_id, "", 0, at_ns))


def note_seen(account_id: int, seen: Iterable[Seen]) -> None:
    """What a browser claims of orders; what is not the account's own, or not plausible, comes to nothing."""
    until_s = time.monotonic() + PATIENCE_S
    for each in seen:
        clicked_us, painted_us = each.clicked_us or 0, each.painted_us or 0
        receipt_line().claim(Claim(each.order_id, account_id, clicked_us * 1000, painted_us * 1000, until_s))
