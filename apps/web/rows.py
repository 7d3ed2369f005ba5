"""An instrument as a row or a tile of a page. Pure."""

from dataclasses import dataclass
from datetime import datetime

from apps.marketdata.board import Glance
from apps.web.sparkline import Spark, spark


@dataclass(frozen=True, slots=True)
class Row:
    """A glance with its spark line, and whether its prices are too old to be shown as now."""

    glance: Glance
    spark: Spark | None
    stale: bool


def make_row(glance: Glance, now: datetime) -> Row:
    return Row(glance, spark(glance.day.closes) if glance.day else None, glance.is_stale(now))
