"""The bars of an instrument, for the chart. Prices are public: no log-in is asked for."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, JsonResponse, QueryDict
from django.views.decorators.http import require_safe

from apps.core.numbers import plain, shown
from apps.instruments.selectors import InstrumentNotFoundError, get_instrument
from apps.marketdata.models import INTERVAL_SECONDS
from apps.marketdata.selectors import BARS_MAX, BarView, list_bars

BARS_DEFAULT = 500
_WHOLE = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


class BarsRequestError(ValueError):
    """A parameter of the address is not what it must be. Carries ``field``; the message names field and value."""

    def __init__(self, field: str, rule: str, value: str) -> None:
        self.field = field
        super().__init__(f"{field} {rule}, was {shown(value)}")


@dataclass(frozen=True, slots=True)
class BarsRequest:
    """``before`` is in seconds since 1970 on the wire."""

    interval: str
    limit: int
    before: datetime | None

    @classmethod
    def of(cls, query: QueryDict) -> "BarsRequest":
        interval = query.get("interval", "1m")
        if interval not in INTERVAL_SECONDS:
            raise BarsRequestError("interval", f"must be one of {', '.join(INTERVAL_SECONDS)}", interval)
        limit = _whole("limit", query.get("limit", str(BARS_DEFAULT)))
        if limit > BARS_MAX:
            raise BarsRequestError("limit", f"must be at most {BARS_MAX}", str(limit))
        before = query.get("before")
        return cls(interval, limit, datetime.fromtimestamp(_whole("before", before), UTC) if before is not None else None)


def _whole(field: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise BarsRequestError(field, "must be a whole number above zero", text)
    return int(text)


@require_safe
def bars(request: HttpRequest, symbol: str) -> JsonResponse:
    """``{"bars": [[start in seconds, open, high, low, close, volume], ...]}``, oldest first; numbers of money are text."""
    try:
        wanted = BarsRequest.of(request.GET)
        instrument = get_instrument(symbol)
    except BarsRequestError as error:
        return JsonResponse({"error": {"field": error.field, "text": str(error)}}, status=400)
    except InstrumentNotFoundError as error:
        return JsonResponse({"error": {"field": "symbol", "text": str(error)}}, status=404)
    found = list_bars(instrument.id, wanted.interval, wanted.limit, wanted.before)
    response = JsonResponse({"symbol": instrument.symbol, "interval": wanted.interval, "bars": [_row(bar) for bar in found]})
    response["Cache-Control"] = "no-store"
    return response


def _row(bar: BarView) -> list[int | str]:
    numbers = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    return [int(bar.start.timestamp()), *(plain(number) for number in numbers)]
