"""The portfolio's own HTML in a real browser: each row and each sum moves with the prices, to the digit, or not at all."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from apps.core.enums import TradingState
from apps.instruments.selectors import AssetView, InstrumentView
from apps.marketdata.selectors import PriceView
from apps.portfolio.position_math import mid
from apps.portfolio.selectors import PortfolioView
from apps.portfolio.valuation import CountedPosition, DayStart, PositionView, Total, view_position
from tests.realtime.conftest import Market, Server
from tests.realtime.pages import Opening

pytestmark = [pytest.mark.processes, pytest.mark.e2e]

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
USD = AssetView(1, "USD", "US dollar", "CASH", 2)
REALIZED, CLOSED_TODAY, CASH = Decimal("9.77"), Decimal("39.52"), Decimal("1000.005")


def position(number: int, symbol: str, quantity: str, cost: str, first: str) -> PositionView:
    """Held since yesterday, when its mark was ``first``; the price that was read is far from what will be streamed."""
    base = AssetView(number + 1, symbol, symbol, "STOCK", 0)
    view = InstrumentView(
        number, symbol, symbol, "STOCK", base, USD, Decimal("0.01"), Decimal("0.001"), 2, 3, Decimal(1000), Decimal(10**7), 500,
        500, 1000, 5, TradingState.OPEN, "", MIDNIGHT,
    )  # fmt: skip
    price = PriceView(number, "sim", 1, 1, Decimal(1), Decimal(1), Decimal(1), Decimal(1), MIDNIGHT, None, None)
    start = DayStart(Decimal(quantity), Decimal(cost), Decimal(0), Decimal(first))
    counted = CountedPosition(Decimal(quantity), Decimal(cost), Decimal(0), Decimal(0), 1, start)
    return view_position(view, Decimal(quantity), counted, price, updating=False)


def html(*positions: PositionView) -> str:
    value = CASH + sum(position.market_value or 0 for position in positions)
    unrealized = sum((position.unrealized_pnl or Decimal(0) for position in positions), Decimal(0))
    today = CLOSED_TODAY + sum((position.today_pnl or Decimal(0) for position in positions), Decimal(0))
    portfolio = PortfolioView(
        MIDNIGHT, positions, (), (), (), Total(value), Total(REALIZED), Total(unrealized), Total(today), Total(CLOSED_TODAY),
        Total(Decimal(0)), {},
    )  # fmt: skip
    context = {"portfolio": portfolio, "rows": [(each, False) for each in positions], "asset": "USD", "now": MIDNIGHT}
    sheets = "".join(f'<link rel="stylesheet" href="/static/web/{name}.css">' for name in ("tokens", "base", "tables", "hint"))
    return sheets + render_to_string("portfolio/_totals.html", context) + render_to_string("portfolio/_positions.html", context)


def test_rows_and_sums_move_with_the_prices_and_a_sum_waits_for_all_its_rows(
    uvicorn: Server, market: Market, open_page: Any
) -> None:
    one, other = position(1, "FOLIO-A", "2", "200.2", "110"), position(2, "FOLIO-B", "0.333", "20.5", "60")
    with open_page(uvicorn, Opening(body=html(one, other))) as page:
        today, value, total = (page.locator(f"[data-sum={field}]") for field in ("today", "value", "pnl"))
        before = today.text_content()
        market.quote("FOLIO-A", "124", "126")
        market.flush()
        row = page.locator("tr[data-watch=FOLIO-A]")
        expect(row.locator("[data-today]")).to_have_text("+30.00")
        expect(row.locator("[data-pnl]")).to_have_text("+49.80")
        expect(row.locator("[data-value]")).to_have_text("250.00")
        assert today.text_content() == before, "the other row has no price yet"
        market.quote("FOLIO-B", "50.01", "50.02")
        market.flush()
        mark = mid(Decimal("50.01"), Decimal("50.02"))
        expected = CLOSED_TODAY + 30 + Decimal("0.333") * (mark - 60)
        expect(today).to_have_text(f"+{expected:.2f}")
        expect(value).to_have_text(f"{CASH + 250 + Decimal('0.333') * mark:,.2f}")
        unrealized = Decimal("49.8") + Decimal("0.333") * mark - Decimal("20.5")
        expect(total.nth(0)).to_have_text(f"+{unrealized + REALIZED:.2f}")
        expect(total.nth(1)).to_have_text(f"+{unrealized:.2f}")
        assert "up" in (today.get_attribute("class") or "").split()
        expect(page.locator("tr[data-watch=FOLIO-B] [data-today]")).to_have_class("nowrap down")
