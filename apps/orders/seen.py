"""What you saw is what you trade: whether the price behind a market order is still the one that its sender looked at.

A ticket carries the quote that its page showed. Here it is held against the newest that the server knows. Pure, but for
:func:`question_about` and :func:`questions_about_closing`, which read and count.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from apps.accounts.preferences import get_preferences
from apps.core.enums import OrderType, Side
from apps.core.numbers import NumberFormatError, parse_positive, plain
from apps.marketdata.selectors import STALE_AFTER, PriceView, latest_prices
from apps.observability.metrics import ORDERS_ASKED_AGAIN
from apps.orders.services import Ticket
from apps.receipts.services import OnScreen

#: How old a price on a page may be when its ticket is sent, and the newest that the server itself knows.
AGE_MAX = STALE_AFTER
#: How long the price of a question stands: who reads two prices and confirms takes longer than a price on a ticket is young.
QUESTION_AGE_MAX = timedelta(seconds=30)
#: A quote from further ahead is no quote that anybody saw.
CLOCK_SLACK = timedelta(seconds=2)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_HUNDREDTH = Decimal("0.01")
_SEEN = re.compile(r"([0-9]{1,19}):([0-9]{1,18}):([0-9]{1,15}):([0-9.]{1,21}):([0-9.]{1,21})", re.ASCII)
_AT_MS_MAX = 32_503_680_000_000  # the year 3000


class Doubt(StrEnum):
    """Why an order is asked for again."""

    MOVED = "moved"  # further than the sender's tolerance
    OLD = "old"  # the page's price, when it was sent
    UNSEEN = "unseen"  # the page tells of no price, or of none that could be
    NO_PRICE = "no_price"  # the server knows of no young one itself


@dataclass(frozen=True, slots=True)
class Seen:
    """The quote that a page showed. ``at`` is the feed's instant, to the millisecond."""

    epoch: int
    sequence: int
    at: datetime
    bid: Decimal
    ask: Decimal

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """What a ticket carries, ``epoch:sequence:at:bid:ask``, ``at`` in ms; None for anything else."""
        match = _SEEN.fullmatch(text)
        if match is None or int(match[3]) > _AT_MS_MAX:
            return None
        try:
            bid, ask = parse_positive(match[4], "bid"), parse_positive(match[5], "ask")
        except NumberFormatError:
            return None
        return cls(int(match[1]), int(match[2]), _EPOCH + int(match[3]) * _MILLISECOND, bid, ask)

    @classmethod
    def of(cls, price: PriceView) -> "Seen":
        return cls(price.epoch, price.sequence, price.quoted_at, price.bid, price.ask)

    @property
    def text(self) -> str:
        return f"{self.epoch}:{self.sequence}:{(self.at - _EPOCH) // _MILLISECOND}:{plain(self.bid)}:{plain(self.ask)}"

    def touch(self, side: Side) -> Decimal:
        """What an order of that side meets first."""
        return self.ask if side is Side.BUY else self.bid

    def is_newer_than(self, price: PriceView) -> bool:
        """Whether the page was ahead of the server's own price, which is stored about once a second."""
        if self.epoch == price.epoch:
            return self.sequence > price.sequence
        return self.at > price.quoted_at


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked again: the price that was seen, None where there was none, and the one of now, None where none is young.

    ``moved_bps`` is of the touch, up or down, in basis points. ``carries`` is what the answer sends instead of what was seen.
    """

    doubt: Doubt
    side: Side
    old: Decimal | None
    old_at: datetime | None
    new: Decimal | None
    new_at: datetime | None
    moved_bps: Decimal | None
    tolerance_bps: int
    carries: str

    @property
    def can_confirm(self) -> bool:
        return self.new is not None


def question_of(
    seen: Seen | None, newest: PriceView | None, *, side: Side, tolerance_bps: int, now: datetime, age_max: timedelta = AGE_MAX
) -> Question | None:
    """What to ask before a market order is sent; None when it may go."""
    is_possible = seen is not None and seen.at <= now + CLOCK_SLACK
    old = seen.touch(side) if seen is not None and is_possible else None
    old_at = seen.at if seen is not None and is_possible else None
    if newest is None or now - newest.quoted_at > AGE_MAX:
        known = None if newest is None else newest.quoted_at
        return Question(Doubt.NO_PRICE, side, old, old_at, None, known, None, tolerance_bps, "")
    current = Seen.of(newest)
    new = current.touch(side)
    moved_bps = None if old is None else ((new - old) * 10_000 / old).quantize(_HUNDREDTH)
    doubt = _doubt(seen if is_possible else None, newest, new, side=side, tolerance_bps=tolerance_bps, now=now, age_max=age_max)
    if doubt is None:
        return None
    return Question(doubt, side, old, old_at, new, newest.quoted_at, moved_bps, tolerance_bps, current.text)


def _doubt(
    seen: Seen | None, newest: PriceView, new: Decimal, *, side: Side, tolerance_bps: int, now: datetime, age_max: timedelta
) -> Doubt | None:
    if seen is None:
        return Doubt.UNSEEN
    old = seen.touch(side)
    if not seen.is_newer_than(newest) and abs(new - old) * 10_000 > tolerance_bps * old:
        return Doubt.MOVED
    return Doubt.OLD if now - seen.at > age_max else None


def question_about(
    ticket: Ticket, *, account_id: int, instrument_id: int, seen: str, confirms: str, now: datetime
) -> Question | None:
    """As :func:`question_of`, for a ticket that was sent: ``seen`` is what its page showed, ``confirms`` the question answered.

    Only a market order is asked about: every other one names the worst price at which it trades, or waits.
    """
    if ticket.order_type is not OrderType.MARKET or ticket.is_pair:
        return None
    age_max = QUESTION_AGE_MAX if confirms else AGE_MAX
    found = _questions({instrument_id: confirms or seen}, account_id, side=ticket.side, now=now, age_max=age_max)
    return found.get(instrument_id)


def questions_about_closing(confirms: Mapping[int, str], *, account_id: int, now: datetime) -> dict[int, Question]:
    """The same for positions that are to be sold: ``confirms`` is the price that the page to confirm showed, by instrument id.

    That page is a question already, so its prices stand as long as those of one. Instruments that may be sold are left out.
    """
    return _questions(confirms, account_id, side=Side.SELL, now=now, age_max=QUESTION_AGE_MAX)


def _questions(seen: Mapping[int, str], account_id: int, *, side: Side, now: datetime, age_max: timedelta) -> dict[int, Question]:
    if not seen:
        return {}
    prices, tolerance_bps = latest_prices(seen), get_preferences(account_id).tolerance_bps
    asked = {
        each: question_of(Seen.read(text), prices.get(each), side=side, tolerance_bps=tolerance_bps, now=now, age_max=age_max)
        for each, text in seen.items()
    }
    found = {each: question for each, question in asked.items() if question is not None}
    for question in found.values():
        ORDERS_ASKED_AGAIN.labels(question.doubt.value).inc()
    return found


def on_screen(seen: str, confirms: str = "") -> OnScreen | None:
    """What the page of an order showed, to be kept beside its receipt: the price confirmed on a question, else the ticket's.

    None for what a page could not have shown.
    """
    shown = Seen.read(confirms or seen)
    return None if shown is None else OnScreen(shown.epoch, shown.sequence, shown.at, shown.bid, shown.ask, bool(confirms))


def carried(price: PriceView | None, now: datetime) -> str:
    """What a page to confirm carries of the price that it shows; empty when that is too old to trade on, or there is none."""
    return "" if price is None or now - price.quoted_at > AGE_MAX else Seen.of(price).text
