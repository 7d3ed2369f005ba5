"""The bars of an instrument, and the newest prices of many. Prices are public: no log-in is asked for."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, JsonResponse, QueryDict
from django.views.decorators.http import require_safe

from apps.core.numbers import plain, shown
from apps.degraded import modes
from apps.instruments.selectors import InstrumentNotFoundError, get_instrument, instrument_ids
from apps.instruments.symbols import is_symbol
from apps.marketdata.intervals import DEFAULT, INTERVALS, Interval
from apps.marketdata.selectors import BarView, PriceView, latest_prices
from apps.marketdata.selectors_bars import limit_max, list_chart_bars

BARS_DEFAULT = 500
#: As many as one socket may watch.
QUOTES_MAX = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_WHOLE = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


class RequestError(ValueError):
    """A parameter of the address is not what it must be. Carries ``field``; the message names field and value."""

    def __init__(self, field: str, rule: str, value: str) -> None:
        self.field = field
        super().__init__(f"{field} {rule}, was {shown(value)}")


@dataclass(frozen=True, slots=True)
class BarsRequest:
    """``before`` is in seconds since 1970 on the wire."""

    interval: Interval
    limit: int
    before: datetime | None

    @classmethod
    def of(cls, query: QueryDict) -> "BarsRequest":
        code = query.get("interval", DEFAULT)
        if code not in INTERVALS:
            raise RequestError("interval", f"must be one of {', '.join(INTERVALS)}", code)
        interval = INTERVALS[code]
        limit = _whole("limit", query.get("limit", str(BARS_DEFAULT)))
        if limit > limit_max(interval):
            raise RequestError("limit", f"must be at most {limit_max(interval)}", str(limit))
        before = query.get("before")
        return cls(interval, limit, datetime.fromtimestamp(_whole("before", before), UTC) if before is not None else None)


def _whole(field: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise RequestError(field, "must be a whole number above zero", text)
    return int(text)


@require_safe
def bars(request: HttpRequest, symbol: str) -> JsonResponse:
    """``{"base": interval, "bars": [[start in seconds, open, high, low, close, volume], ...], "parts": [...]}``, oldest first.

    Numbers of money are text. ``base`` is the stored interval that the bars are made of, ``parts`` those of them that the newest
    bar is made of, so that whoever hears of a change of one can fold the running bar anew; empty where the two are one interval.
    """
    try:
        wanted = BarsRequest.of(request.GET)
        instrument = get_instrument(symbol)
    except RequestError as error:
        return JsonResponse({"error": {"field": error.field, "text": str(error)}}, status=400)
    except InstrumentNotFoundError as error:
        return JsonResponse({"error": {"field": "symbol", "text": str(error)}}, status=404)
    found = list_chart_bars(instrument.id, wanted.interval, wanted.limit, wanted.before, now=datetime.now(UTC))
    response = JsonResponse(
        {
            "symbol": instrument.symbol,
            "interval": wanted.interval.code,
            "base": wanted.interval.base,
            "bars": [_row(bar) for bar in found.bars],
            "parts": [_row(bar) for bar in found.parts],
        }
    )
    response["Cache-Control"] = "no-store"
    return response


def _row(bar: BarView) -> list[int | str]:
    numbers = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    return [int(bar.start.timestamp()), *(plain(number) for number in numbers)]


@require_safe
def quotes(request: HttpRequest) -> JsonResponse:
    """``{"now": ms, "d": [[symbol, epoch, sequence, at ms, bid, ask, bid quantity, ask quantity], ...], "m": …}`` of ``symbols``.

    The newest that is stored, about a second behind the market: for a page while no stream brings it any. A symbol without a
    price is left out. ``m`` is what is reduced now, as the stream tells it; null when all is well.
    """
    try:
        ids = instrument_ids(_symbols(request.GET.get("symbols", "")))
    except RequestError as error:
        return JsonResponse({"error": {"field": error.field, "text": str(error)}}, status=400)
    prices = latest_prices(ids.values())
    found = [_quote(symbol, prices[ids[symbol]]) for symbol in sorted(ids) if ids[symbol] in prices]
    response = JsonResponse({"now": time.time_ns() // 1_000_000, "d": found, "m": modes().wire()})
    response["Cache-Control"] = "no-store"
    return response


def _symbols(text: str) -> set[str]:
    # Split once more than is allowed and no further: what is left over is refused without looking at it.
    symbols = text.split(",", QUOTES_MAX)
    if len(symbols) > QUOTES_MAX:
        raise RequestError("symbols", f"must be at most {QUOTES_MAX}", f"more than {QUOTES_MAX}")
    for symbol in symbols:
        if not is_symbol(symbol):
            raise RequestError("symbols", "must be symbols separated by commas", symbol)
    return set(symbols)


def _quote(symbol: str, price: PriceView) -> list[int | str]:
    at_ms = (price.quoted_at - _EPOCH) // _MILLISECOND
    numbers = (price.bid, price.ask, price.bid_quantity, price.ask_quantity)
    return [symbol, price.epoch, price.sequence, at_ms, *(plain(number) for number in numbers)]
