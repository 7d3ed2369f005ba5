"""The first page: what this is, a few live prices, and a chart that moves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.enums import AssetClass
from apps.marketdata.board import Glance, list_board
from apps.web.rows import Row, make_row

TILES_OF_A_CLASS = 2
#: The chart shows what trades most of these: crypto never sleeps.
CHART_CLASS = AssetClass.CRYPTO


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    board = [glance for glance in list_board(now) if glance.instrument.is_open]
    context: dict[str, object] = {"rows": _tiles([make_row(glance, now) for glance in board])}
    star = max((glance for glance in board if glance.instrument.asset_class == CHART_CLASS), key=_turnover, default=None)
    if star is not None:
        row = make_row(star, now)
        context |= {"glance": star, "instrument": star.instrument, "stale": row.stale, "spark": row.spark, "interval": "1m"}
    return render(request, "web/landing.html", context)


def _turnover(glance: Glance) -> object:
    return glance.turnover


def _tiles(rows: list[Row]) -> list[Row]:
    """The busiest of each class."""
    chosen: list[Row] = []
    for asset_class in AssetClass:
        of_class = [row for row in rows if row.glance.instrument.asset_class == asset_class]
        chosen += sorted(of_class, key=lambda row: row.glance.turnover, reverse=True)[:TILES_OF_A_CLASS]
    return chosen
