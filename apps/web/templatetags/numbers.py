"""How numbers and instants look on a page. Decimal in, text out; anything else is a mistake of the caller and raises.

A missing value is an en dash, so that no column changes its width and nobody reads a zero that nobody knows.
"""

import zoneinfo
from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

MISSING = "–"
MINUS = "−"
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
def price(value: Decimal | None, decimals: int = 2) -> str:
    """A price, in the instrument's ``price_decimals``."""
    return MISSING if value is None or value == NOT_THERE else grouped(value, decimals)


@register.filter
def quantity(value: Decimal | None, decimals: int = 0) -> str:
    """A quantity, in the instrument's ``quantity_decimals``."""
    return MISSING if value is None or value == NOT_THERE else grouped(value, decimals)


@register.filter
def money(value: Decimal | None, decimals: int = 2) -> str:
    """An amount of an asset, in the asset's ``display_decimals``. The currency's code is the template's to add."""
    return MISSING if value is None or value == NOT_THERE else grouped(value, decimals)


@register.filter
def signed(value: Decimal | None, decimals: int = 2) -> str:
    """An amount that was earned or lost: always with its sign, for colour is never the only one."""
    if value is None or value == NOT_THERE:
        return MISSING
    text = grouped(value, decimals)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


@register.filter
def percent(value: Decimal | None, decimals: int = 2) -> str:
    """A change, given in percent (``Decimal("1.25")`` is 1.25 %), always with its sign."""
    return MISSING if value is None or value == NOT_THERE else f"{signed(value, decimals)}%"


@register.filter
def ppm(value: int) -> str:
    """Millionths as percent: 1000 is 0.1 %."""
    return f"{wire(Decimal(value).scaleb(-4))}%"


@register.filter
def basis_points(value: int) -> str:
    """Basis points as percent: 500 is 5 %."""
    return f"{wire(Decimal(value).scaleb(-2))}%"


@register.filter
def direction(value: Decimal | None) -> str:
    """The class of a change: ``up``, ``down`` or ``flat``."""
    if not value:
        return "flat"
    return "up" if value > 0 else "down"


@register.filter
def wire(value: Decimal | None) -> str:
    """A number for a data attribute or a form field: plain digits, no exponent, no needless zeros."""
    if value is None or value == NOT_THERE:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def fixed(value: Decimal | None, decimals: int = 2) -> str:
    """A number for a form field: plain digits with exactly ``decimals`` places and no separators."""
    return "" if value is None or value == NOT_THERE else format(value, f".{decimals}f")


@register.filter
def instant(value: datetime | None, style: str = "datetime") -> SafeString | str:
    """An instant in the reader's time zone, the exact one (to the microsecond, UTC) in the title.

    ``style`` is ``datetime``, ``time`` or ``date``.
    """
    if value is None or value == NOT_THERE:
        return MISSING
    formats = {"datetime": "%Y-%m-%d %H:%M:%S", "time": "%H:%M:%S", "date": "%Y-%m-%d"}
    exact = value.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, timezone.localtime(value).strftime(formats[style])
    )


@register.filter
def exact(value: datetime | None, zone: str) -> SafeString | str:
    """An instant to the microsecond in ``zone``, whose name stands behind it: for staff, who compare it with a log."""
    if value is None or value == NOT_THERE:
        return MISSING
    text = value.astimezone(zoneinfo.ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S.%f")
    return format_html('<time datetime="{}">{} {}</time>', value.isoformat(), text, zone)
