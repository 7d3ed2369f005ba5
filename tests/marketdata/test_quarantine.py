"""What was kept back, in the table that the staff look at: as it came, and never more than so much."""

from dataclasses import replace
from typing import Any

import pytest

from apps.core.enums import Side
from apps.eventlog.database import own_connection
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.feeds import keeping
from apps.marketdata.feeds.gate import Quarantined, Reason
from apps.marketdata.feeds.keeping import BATCH, Keeping
from apps.marketdata.models import QuarantinedTick
from tests.marketdata.cast import T0_NS

pytestmark = pytest.mark.usefixtures("committed")

QUOTE = QuoteTick("ACME", 7, T0_NS, "131.5", "131.52", "5", "6")
KEPT = Quarantined(QUOTE, Reason.BAND, 10_001_000_000, T0_NS + 1)


def stored(*kept: Quarantined) -> list[Any]:
    keeper = Keeping("sim")
    for each in kept:
        keeper.add(each)
    with own_connection("test") as database:
        keeper.store(database)
        keeper.store(database)  # what is written is not written again
    return list(QuarantinedTick.objects.order_by("id"))


def test_a_quote_and_a_print_are_kept_as_they_came() -> None:
    quote, trade = stored(KEPT, Quarantined(TradeTick("ACME", 8, T0_NS, "0", "NaN", Side.BUY), Reason.ZERO, 0, T0_NS))
    assert (quote.source, quote.symbol, quote.kind, quote.reason, quote.sequence) == ("sim", "ACME", "quote", "band", 7)
    assert (quote.bid, quote.ask, quote.bid_quantity, quote.ask_quantity, quote.price) == ("131.5", "131.52", "5", "6", "")
    assert str(quote.reference) == "100.01000000"
    assert quote.made_at is not None
    assert (trade.kind, trade.price, trade.quantity, trade.bid, trade.reference) == ("trade", "0", "NaN", "", None)


@pytest.mark.parametrize(
    "tick",
    [
        QuoteTick("ACME" * 50, 2**80, 2**70, "\x00\x1b[31m", "１" * 500, "-1", "\ud800"),
        QuoteTick("", -5, -5, "", "", "", ""),
        QuoteTick("ACME", 0, 0, "<script>", "'; DROP TABLE", "1e9999", "inf"),
    ],
)
def test_whatever_a_source_sends_can_be_kept(tick: QuoteTick) -> None:
    (row,) = stored(Quarantined(tick, Reason.NUMBER, 0, T0_NS))
    texts = (row.symbol, row.bid, row.ask, row.bid_quantity, row.ask_quantity)
    assert all(text.isascii() and text.isprintable() and len(text) <= 40 for text in texts)


def test_of_a_source_gone_mad_the_first_of_each_second_are_kept() -> None:
    rows = stored(*(replace(KEPT, tick=QuoteTick("ACME", number, T0_NS, "1", "2", "3", "4")) for number in range(BATCH * 20)))
    assert [row.sequence for row in rows] == list(range(BATCH))


def test_the_table_keeps_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "ROWS_MAX", 25)
    for _ in range(4):
        rows = stored(*[KEPT] * 10)
    assert len(rows) == 25


def test_what_postgres_does_not_take_now_waits_for_the_next_time() -> None:
    keeper = Keeping("sim")
    keeper.add(KEPT)
    database = own_connection("test")
    database.close()
    with pytest.raises(Exception, match="closed"):
        keeper.store(database)
    with own_connection("test") as database:
        keeper.store(database)
    assert QuarantinedTick.objects.count() == 1
