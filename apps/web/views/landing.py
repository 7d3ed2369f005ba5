"""The first page: what this is, the live market with a chart that moves, and the way in."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.enums import AssetClass
from apps.marketdata.board import Glance, list_board, with_lines
from apps.marketdata.intervals import DEFAULT, INTERVALS
from apps.web.account_forms import SignupForm

ROWS_OF_A_CLASS = 3
#: Of these the busiest has the chart: crypto never sleeps.
CHART_CLASS = AssetClass.CRYPTO


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    board = list_board(now)
    trading = [glance for glance in board if glance.instrument.is_open]
    rows = [glance for asset_class in AssetClass for glance in _busiest(trading, asset_class, ROWS_OF_A_CLASS)]
    shown = with_lines([*_busiest(trading, CHART_CLASS, 1), *rows])
    star = shown[0] if shown and rows and shown[0].instrument.asset_class == CHART_CLASS else None
    context = {
        "board": shown[1:] if star else shown,
        "count": len(board),
        "glance": star,
        "instrument": star.instrument if star else None,
        "interval": INTERVALS[DEFAULT],
        "deposit": Decimal(settings.PAPER_DEPOSIT["amount"]),
        "asset": settings.PAPER_DEPOSIT["asset"],
        "form": None if request.user.is_authenticated else SignupForm(),
        "now": now,
    }
    return render(request, "web/landing.html", context)


def _busiest(board: Sequence[Glance], asset_class: AssetClass, count: int) -> list[Glance]:
    of_class = [glance for glance in board if glance.instrument.asset_class == asset_class]
    return sorted(of_class, key=lambda glance: glance.turnover or Decimal(0), reverse=True)[:count]
