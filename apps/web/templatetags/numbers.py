"""How numbers and instants look on a page. Decimal in, text out; anything else is a mistake of the caller and raises.

A missing value is an en dash, so that no column changes its width and nobody reads a zero that nobody knows.

What is made here of numbers alone is marked as safe: a page of rows has hundreds, and to look each through for what must be
escaped takes longer than to write it.
"""

import zoneinfo
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
MISSING = SafeString("–")
_NOTHING = SafeString("")
MINUS = "−"
NO_BREAK = "\u00a0"
#: What a template passes for a variable that is not there.
NOT_THERE: object = ""


def grouped(value: Decimal, decimals: int) -> str:
    """``value`` with thousands separators and exactly ``decimals`` places; a true minus sign."""
    if not isinstance(value, Decimal):
        raise TypeError(f"a shown number must be a Decimal, was {type(value).__name__}")
    text = format(value, f",.{decimals}f")
    if text.startswith("-"):
        return f"{MINUS}{text[1:]}" if any(digit in "123456789" for digit in text) else text[1:]
    return text


@register.filter
def price(value: Decimal | None, decimals: int = 2) -> SafeString:
    """A price, in the instrument's ``price_decimals``."""
    return MISSING if value is None or value == NOT_THERE else SafeString(grouped(value, decimals))


@register.filter
def quantity(value: Decimal | None, decimals: int = 0) -> SafeString:
    """A quantity, in the instrument's ``quantity_decimals``."""
    return MISSING if value is None or value == NOT_THERE else SafeString(grouped(value, decimals))


@register.filter
def money(value: Decimal | None, decimals: int = 2) -> SafeString:
    """An amount of an asset, in the asset's ``display_decimals``. The currency's code is the template's to add."""
    return MISSING if value is None or value == NOT_THERE else SafeString(grouped(value, decimals))


_THOUSANDS = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))


@register.filter
def short(value: Decimal | None) -> SafeString:
    """A size to be told from others at a glance, in three figures or so: 12.3 M. The exact one stands elsewhere."""
    if value is None or value == NOT_THERE:
        return MISSING
    for unit, letter in _THOUSANDS:
        if abs(value) >= unit:
            shown = value / unit
            return SafeString(f"{grouped(shown, 0 if abs(shown) >= 100 else 1)}{NO_BREAK}{letter}")
    return SafeString(grouped(value, 0))


@register.filter
def signed(value: Decimal | None, decimals: int = 2) -> SafeString:
    """An amount that was earned or lost: always with its sign, for colour is never the only one."""
    if value is None or value == NOT_THERE:
        return MISSING
    text = grouped(value, decimals)
    return SafeString(f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text)


@register.filter
def percent(value: Decimal | None, decimals: int = 2) -> SafeString:
    """A change, given in percent (``Decimal("1.25")`` is 1.25 %), always with its sign."""
    return MISSING if value is None or value == NOT_THERE else SafeString(f"{signed(value, decimals)}%")


@register.filter
def ppm(value: int) -> str:
    """Millionths as percent: 1000 is 0.1 %."""
    return f"{wire(Decimal(value).scaleb(-4))}%"


@register.filter
def basis_points(value: int) -> str:
    """Basis points as percent: 500 is 5 %."""
    return f"{wire(Decimal(value).scaleb(-2))}%"


_UP, _DOWN, _FLAT = SafeString("up"), SafeString("down"), SafeString("flat")


@register.filter
def direction(value: Decimal | None) -> SafeString:
    """The class of a change: ``up``, ``down`` or ``flat``."""
    if not value:
        return _FLAT
    return _UP if value > 0 else _DOWN


@register.filter
def wire(value: Decimal | None) -> SafeString:
    """A number for a data attribute or a form field: plain digits, no exponent, no needless zeros."""
    if value is None or value == NOT_THERE:
        return _NOTHING
    text = format(value, "f")
    return SafeString(text.rstrip("0").rstrip(".") if "." in text else text)


@register.filter
def fixed(value: Decimal | None, decimals: int = 2) -> SafeString:
    """A number for a form field: plain digits with exactly ``decimals`` places and no separators."""
    return _NOTHING if value is None or value == NOT_THERE else SafeString(format(value, f".{decimals}f"))


#: Style -> what of 2026-11-22 08:34:05.678 it shows.
_STYLES = {"datetime": slice(0, 19), "time": slice(11, 19), "milliseconds": slice(11, 23), "date": slice(0, 10)}


@register.filter
def instant(value: datetime | None, style: str = "datetime") -> SafeString:
    """An instant in the reader's time zone, the exact one (to the microsecond, UTC) in the title.

    ``style`` is ``datetime``, ``time``, ``milliseconds`` (a time to the millisecond) or ``date``.
    """
    if value is None or value == NOT_THERE:
        return MISSING
    shown = timezone.localtime(value).isoformat(" ", "milliseconds")[_STYLES[style]]
    exact = value.astimezone(UTC).isoformat(" ", "microseconds")[:26]
    return SafeString(f'<time datetime="{value.isoformat()}" title="{exact} UTC">{shown}</time>')


@register.filter
def milliseconds(value: datetime | None) -> SafeString:
    """An instant for a data attribute: whole milliseconds since 1970, as the stream's messages have them."""
    return _NOTHING if value is None or value == NOT_THERE else SafeString((value - _EPOCH) // _MILLISECOND)


@register.filter
def exact(value: datetime | None, zone: str) -> SafeString | str:
    """An instant to the microsecond in ``zone``, whose name stands behind it: for staff, who compare it with a log."""
    if value is None or value == NOT_THERE:
        return MISSING
    text = value.astimezone(zoneinfo.ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S.%f")
    return format_html('<time datetime="{}">{} {}</time>', value.isoformat(), text, zone)
