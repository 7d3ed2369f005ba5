"""The first page: what this is, a few live prices, and a chart that moves."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.enums import AssetClass
from apps.web.board import Glance, list_board

TILES_OF_A_CLASS = 2
#: Of these the busiest has the chart: crypto never sleeps.
CHART_CLASS = AssetClass.CRYPTO


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    board = [glance for glance in list_board(timezone.now()) if glance.instrument.is_open]
    busiest = _busiest(board, CHART_CLASS, 1)
    star = busiest[0] if busiest else None
    tiles = [glance for asset_class in AssetClass for glance in _busiest(board, asset_class, TILES_OF_A_CLASS)]
    context = {"tiles": tiles, "glance": star, "instrument": star.instrument if star else None, "interval": "1m"}
    return render(request, "web/landing.html", context)


def _busiest(board: Sequence[Glance], asset_class: AssetClass, count: int) -> list[Glance]:
    of_class = [glance for glance in board if glance.instrument.asset_class == asset_class]
    return sorted(of_class, key=lambda glance: glance.turnover, reverse=True)[:count]
