"""Whether the price behind a market order is still the one that its sender looked at: every branch of the rule."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.core.enums import Side
from apps.marketdata.selectors import PriceView
from apps.orders.seen import Doubt, Question, Seen, question_of

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
TEXT = "7:42:1763649000000:99.5:100"


def price(bid: str = "99.00", ask: str = "100.00", *, sequence: int = 10, epoch: int = 1, age_s: float = 1) -> PriceView:
    numbers = (Decimal(bid), Decimal(ask), Decimal(1), Decimal(1))
    return PriceView(1, "sim", epoch, sequence, *numbers, NOW - timedelta(seconds=age_s), None, None)


def seen(bid: str = "99.00", ask: str = "100.00", *, sequence: int = 10, epoch: int = 1, age_s: float = 1) -> Seen:
    return Seen(epoch, sequence, NOW - timedelta(seconds=age_s), Decimal(bid), Decimal(ask))


def ask(
    quote: Seen | None, newest: PriceView | None, *, side: Side = Side.BUY, bps: int = 20, age_max_s: float = 3
) -> Question | None:
    return question_of(quote, newest, side=side, tolerance_bps=bps, now=NOW, age_max=timedelta(seconds=age_max_s))


def test_what_a_ticket_carries_is_read_as_it_was_written() -> None:
    read = Seen.read(TEXT)
    assert read is not None
    assert (read.epoch, read.sequence, read.bid, read.ask) == (7, 42, Decimal("99.5"), Decimal(100))
    assert read.text == TEXT


def test_a_feed_counts_its_epochs_in_nanoseconds() -> None:
    shown = Seen(1_763_770_123_456_789_012, 42, NOW, Decimal("99.5"), Decimal(100))
    assert Seen.read(shown.text) == shown
    # A page knows them as a double does: by the instant it is still known which quote is the newer one.
    rounded = Seen.read(shown.text.replace(str(shown.epoch), str(int(float(shown.epoch)))))
    assert rounded is not None
    assert ask(rounded, price(epoch=shown.epoch, sequence=43, age_s=0)) is None
    assert not rounded.is_newer_than(price(epoch=shown.epoch, sequence=42, age_s=0))


@pytest.mark.parametrize(
    "text",
    ["", "x", "1:2:3:4", f"{TEXT}:1", TEXT.replace("99.5", "0"), TEXT.replace("99.5", "1e3"), TEXT.replace("99.5", "."),
     TEXT.replace("1763649000000", "999999999999999"), TEXT.replace("42", "-1"), f"{TEXT}\n", TEXT.replace("7", "٧"), "\x00",
     "9" * 5000],
)  # fmt: skip
def test_anything_else_is_no_quote(text: str) -> None:
    assert Seen.read(text) is None


@pytest.mark.parametrize("side", Side)
def test_the_price_of_the_moment_may_go(side: Side) -> None:
    assert ask(seen(), price(), side=side) is None
    assert ask(seen(age_s=2.9), price(sequence=11), side=side) is None


@pytest.mark.parametrize(
    ("side", "newest", "doubt"),
    [
        (Side.BUY, ("99.00", "100.20"), None),  # 20 basis points exactly are within 20
        (Side.BUY, ("99.00", "100.21"), Doubt.MOVED),
        (Side.BUY, ("99.00", "99.79"), Doubt.MOVED),  # a move to one's advantage is a move
        (Side.BUY, ("90.00", "100.00"), None),  # the other side's price is not met
        (Side.SELL, ("90.00", "100.00"), Doubt.MOVED),
        (Side.SELL, ("99.00", "120.00"), None),
    ],
)
def test_a_move_of_the_touch_beyond_the_tolerance_is_asked_about(
    side: Side, newest: tuple[str, str], doubt: Doubt | None
) -> None:
    found = ask(seen(), price(*newest, sequence=11), side=side)
    assert (None if found is None else found.doubt) is doubt


def test_without_any_tolerance_every_move_asks_and_no_move_does_not() -> None:
    assert ask(seen(), price(sequence=11), bps=0) is None
    found = ask(seen(), price(ask="100.01", sequence=11), bps=0)
    assert found is not None and found.doubt is Doubt.MOVED


def test_a_question_shows_both_prices_and_carries_the_new_one() -> None:
    found = ask(seen(age_s=2), price("98.00", "102.00", sequence=11, age_s=1))
    assert found is not None
    assert (found.old, found.new, found.moved_bps) == (Decimal("100.00"), Decimal("102.00"), Decimal("200.00"))
    assert found.old_at == NOW - timedelta(seconds=2) and found.new_at == NOW - timedelta(seconds=1)
    carried = Seen.read(found.carries)
    assert carried is not None and (carried.sequence, carried.ask) == (11, Decimal("102.00"))
    assert ask(carried, price("98.00", "102.00", sequence=11, age_s=2), age_max_s=30) is None
    again = ask(carried, price("98.00", "103.00", sequence=12), age_max_s=30)
    assert again is not None and (again.old, again.new) == (Decimal("102.00"), Decimal("103.00"))


def test_a_page_that_is_ahead_of_the_server_is_not_asked_about_the_past() -> None:
    assert ask(seen(ask="105.00", sequence=12, age_s=0), price(sequence=11)) is None
    assert ask(seen(ask="105.00", epoch=2, sequence=1, age_s=0), price(sequence=11, age_s=1)) is None
    behind = ask(seen(ask="105.00", epoch=1, sequence=99, age_s=2), price(epoch=2, sequence=1, age_s=1))
    assert behind is not None and behind.doubt is Doubt.MOVED


def test_an_old_price_is_asked_about_though_it_is_the_same() -> None:
    found = ask(seen(age_s=3.1, sequence=9), price())
    assert found is not None and found.doubt is Doubt.OLD
    assert found.moved_bps == 0
    assert ask(seen(age_s=29, sequence=9), price(), age_max_s=30) is None
    late = ask(seen(age_s=31, sequence=9), price(), age_max_s=30)
    assert late is not None and late.doubt is Doubt.OLD


@pytest.mark.parametrize("quote", [None, seen(age_s=-10)])
def test_who_saw_nothing_is_shown_the_price_first(quote: Seen | None) -> None:
    found = ask(quote, price())
    assert found is not None and found.doubt is Doubt.UNSEEN
    assert found.old is None and found.new == Decimal("100.00") and found.can_confirm


@pytest.mark.parametrize("newest", [None, price(age_s=3.1)])
def test_without_a_young_price_of_the_servers_own_there_is_nothing_to_confirm(newest: PriceView | None) -> None:
    found = ask(seen(sequence=99, age_s=0), newest)
    assert found is not None and found.doubt is Doubt.NO_PRICE
    assert not found.can_confirm and found.carries == ""
