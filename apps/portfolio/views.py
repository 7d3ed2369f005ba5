"""The portfolio page, and the position in one instrument as a fragment."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.instruments.selectors import InstrumentNotFoundError, get_instrument
from apps.marketdata.selectors import STALE_AFTER
from apps.portfolio.selectors import get_portfolio, get_position
from apps.portfolio.selectors_equity import get_equity_curve
from apps.portfolio.valuation import REPORTING_ASSET, PositionView


def _rows(positions: tuple[PositionView, ...]) -> list[tuple[PositionView, bool]]:
    now = timezone.now()
    return [(position, position.is_stale(now)) for position in positions]


@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    """One view for the page and for the part that htmx refreshes after a fill."""
    account = access_account(request)
    view = get_portfolio(account.id)
    now, oldest = timezone.now(), view.oldest_quoted_at
    context = {
        "portfolio": view,
        "rows": _rows(view.positions),
        "asset": REPORTING_ASSET,
        "equity": get_equity_curve(account.id),
        "now": now,
        "oldest": oldest,
        "oldest_is_stale": oldest is not None and now - oldest > STALE_AFTER,
    }
    return render(request, "portfolio/_portfolio.html" if is_partial(request) else "portfolio/portfolio.html", context)


@require_GET
def position(request: HttpRequest, symbol: str) -> HttpResponse:
    """The position in one instrument: a fragment of its page, and a plain page without htmx."""
    account = access_account(request)
    try:
        instrument = get_instrument(symbol)
    except InstrumentNotFoundError:
        raise Http404 from None
    view = get_position(account.id, instrument)
    context = {"position": view, "stale": view.is_stale(timezone.now()), "instrument": instrument}
    return render(request, "portfolio/_position.html" if is_partial(request) else "portfolio/position.html", context)
