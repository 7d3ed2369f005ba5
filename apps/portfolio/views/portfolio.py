"""The portfolio page, and what of it htmx refreshes after a fill."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.marketdata.selectors import STALE_AFTER
from apps.portfolio.drawing import draw
from apps.portfolio.forms import read_range
from apps.portfolio.selectors import get_portfolio
from apps.portfolio.selectors_equity import EquityRange, get_equity_curve
from apps.portfolio.valuation import REPORTING_ASSET, PositionView

#: Days of the curve that are also a table.
DAYS_IN_TABLE = 31
DAY = timedelta(days=1)


@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    """One view for the page and for the part that htmx refreshes after a fill."""
    account = access_account(request)
    view = get_portfolio(account.id)
    now, oldest = timezone.now(), view.oldest_quoted_at
    context = {
        "portfolio": view,
        "rows": _rows(view.positions, now),
        "asset": REPORTING_ASSET,
        "now": now,
        "day_ends_in_s": int((view.day_began_at + DAY - now).total_seconds()) + 1,
        "oldest": oldest,
        "oldest_is_stale": oldest is not None and now - oldest > STALE_AFTER,
        "here": request.get_full_path(),
    }
    context |= _equity(account.id, read_range(request.GET))
    return render(request, "portfolio/_portfolio.html" if is_partial(request) else "portfolio/portfolio.html", context)


def _rows(positions: tuple[PositionView, ...], now: datetime) -> list[tuple[PositionView, bool]]:
    return [(position, position.is_stale(now)) for position in positions]


def _equity(account_id: int, within: EquityRange) -> dict[str, Any]:
    curve = get_equity_curve(account_id, within)
    return {
        "ranges": [(each, each is within) for each in EquityRange],
        "equity": curve,
        "drawing": draw(curve) if curve else None,
        "newest_days": curve.days[: -DAYS_IN_TABLE - 1 : -1] if curve else (),
    }
