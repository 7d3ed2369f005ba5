"""Numbers and times of other people's files and exchanges, brought to ours. PURE.

They come as text, as binary floating point that was once a decimal (``0.00031099999999999997``), with exponents, off our steps.
What is read here is a decimal of eight places; a bid is rounded down to the instrument's tick and an ask up, so that nobody is
promised a better price than there was; a quantity down to its lot, and to one lot at least, since less cannot be said.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from apps.core.enums import Side
from apps.core.numbers import SCALE, NumberFormatError, from_units, plain, shown, to_units
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick

#: What a quote without quantities is taken to be good for, in lots.
LOTS_UNSAID = 100
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_EIGHT_PLACES = Decimal(1).scaleb(-SCALE)
_DAY_AND_TIME = re.compile(r"([0-9]{8}) ([0-9]{9})", re.ASCII)  # 20200101 170000065
_WHOLE_OR_DECIMAL = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,9})?", re.ASCII)
_LENGTH_MAX = 60
#: A whole number is in the unit that brings it nearest to our days: (from, factor to nanoseconds).
_EPOCHS = ((10**17, 1), (10**14, 10**3), (10**11, 10**6), (0, 10**9))
_AT_NS_MAX = 4_000_000_000 * 10**9


class TimeFormatError(ValueError):
    """The value is no instant; the message names it."""


def read_number(value: object, field: str) -> int:
    """A number that is not below zero, in units of 10**-8, rounded half to even; raises NumberFormatError."""
    text = value.strip() if isinstance(value, str) else repr(value) if isinstance(value, int | float) else str(value)
    if isinstance(value, bool) or len(text) > _LENGTH_MAX or not _NUMBER.fullmatch(text):
        raise NumberFormatError(field, text, "must be a number")
    number = Decimal(text)
    if number.adjusted() > 11:
        raise NumberFormatError(field, text, "must have at most 12 digits before the point")
    return to_units(number.quantize(_EIGHT_PLACES), field)


def read_time(value: object) -> int:
    """Nanoseconds since 1970: of an ISO text, of ``YYYYMMDD HHMMSSmmm``, of a number of seconds, ms, µs or ns; UTC unless the
    text says otherwise. Raises :class:`TimeFormatError`."""
    if isinstance(value, datetime):
        return _of_datetime(value)
    text = str(value).strip()
    if isinstance(value, bool) or len(text) > _LENGTH_MAX:
        raise TimeFormatError(f"time must be an instant, was {shown(text)}")
    if _WHOLE_OR_DECIMAL.fullmatch(text):
        return _of_number(Decimal(text))
    if match := _DAY_AND_TIME.fullmatch(text):
        day, clock = match.groups()
        text = f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:6]}.{clock[6:]}"
    try:
        return _of_datetime(datetime.fromisoformat(text))
    except ValueError:
        raise TimeFormatError(f"time must be an instant, was {shown(text)}") from None


def _of_datetime(at: datetime) -> int:
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    nanoseconds = ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
    if nanoseconds <= 0:
        raise TimeFormatError(f"time must be after 1970, was {at.isoformat()[:40]}")
    return nanoseconds


def _of_number(number: Decimal) -> int:
    factor = next(factor for least, factor in _EPOCHS if number >= least)
    nanoseconds = int(number * factor)
    if not 0 < nanoseconds < _AT_NS_MAX:
        raise TimeFormatError(f"time must be between 1970 and 2096, was {shown(str(number))}")
    return nanoseconds


def quote_tick(
    grid: Grid, symbol: str, number: int, at_ns: int, prices: tuple[int, int], quantities: tuple[int | None, int | None]
) -> QuoteTick:
    """A quote of units (bid and ask, their quantities or None) on the instrument's steps."""
    bid, ask = prices
    sizes = [plain(from_units(_lots(grid, quantity))) for quantity in quantities]
    below = bid // grid.tick * grid.tick
    # Locked or crossed is for the gate to refuse: rounding apart would make a market of it.
    above = -(-ask // grid.tick) * grid.tick if bid < ask else ask // grid.tick * grid.tick
    return QuoteTick(symbol, number, at_ns, plain(from_units(below)), plain(from_units(above)), sizes[0], sizes[1])


def trade_tick(grid: Grid, symbol: str, number: int, at_ns: int, price: int, quantity: int | None, side: Side) -> TradeTick:
    """A print of units on the instrument's steps: its price is the nearest tick."""
    nearest = (2 * price + grid.tick) // (2 * grid.tick) * grid.tick
    return TradeTick(symbol, number, at_ns, plain(from_units(nearest)), plain(from_units(_lots(grid, quantity))), side)


def _lots(grid: Grid, quantity: int | None) -> int:
    """Units in whole lots; none said is ``LOTS_UNSAID``, and zero stays zero: it is for the gate to refuse."""
    if quantity is None:
        return LOTS_UNSAID * grid.lot
    return max(quantity // grid.lot, 1 if quantity else 0) * grid.lot


def as_sent(value: object) -> str:
    """Whatever it was, as short text: for the quarantine."""
    return str(value)[:40]
