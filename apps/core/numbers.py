"""The one strict parser of numbers, used at every door: form, socket, feed, file.

Python's own readers accept what a trading screen must not: ``Decimal`` takes ``1_0``, full-width digits, ``1e3`` and
``NaN``, and a large exponent costs half a minute of CPU. Here a number is plain ASCII digits with at most eight decimals.
"""

import re
from decimal import Decimal

#: Places behind the point that the platform knows. Every amount of every asset is a multiple of 10**-8.
SCALE = 8
UNITS_PER_ONE = 10**SCALE

_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,8})?", re.ASCII)
_LENGTH_MAX = 21


class NumberFormatError(ValueError):
    """The text is not a plain decimal number. Carries ``field`` and ``value`` so that the message names both."""

    def __init__(self, field: str, value: object, rule: str) -> None:
        self.field = field
        self.value = shown(value)
        super().__init__(f"{field} {rule}, was {self.value}")


def shown(value: object) -> str:
    """``value`` as it may appear in a message: quoted, printable ASCII, and short whatever was sent."""
    text = value if isinstance(value, str) else type(value).__name__
    clean = ascii(text[:32])
    return clean if len(text) <= 32 else f"{clean}..."


def parse_decimal(value: object, field: str) -> Decimal:
    """Return the non-negative Decimal that ``value`` spells.

    ``value`` must be a str of at most 12 digits before the point and 8 behind it; anything else, floats and ints
    included, raises :class:`NumberFormatError`.
    """
    if not isinstance(value, str) or len(value) > _LENGTH_MAX or not _PLAIN.fullmatch(value):
        raise NumberFormatError(field, value, "must be a plain number such as 12.5")
    return Decimal(value)


def parse_units(value: object, field: str) -> int:
    """Like :func:`parse_decimal`, in units of 10**-8: for those who read a hundred thousand numbers a second."""
    if not isinstance(value, str) or len(value) > _LENGTH_MAX or not _PLAIN.fullmatch(value):
        raise NumberFormatError(field, value, "must be a plain number such as 12.5")
    whole, _, rest = value.partition(".")
    return int(whole + rest.ljust(SCALE, "0"))


def parse_positive(value: object, field: str) -> Decimal:
    """Like :func:`parse_decimal`, and raises when the number is zero."""
    number = parse_decimal(value, field)
    if not number:
        raise NumberFormatError(field, value, "must be greater than zero")
    return number


def parse_signed(value: object, field: str) -> Decimal:
    """Like :func:`parse_positive`, and with a ``-`` in front a number below zero."""
    below = isinstance(value, str) and value.startswith("-")
    try:
        number = parse_positive(value[1:] if isinstance(value, str) and below else value, field)
    except NumberFormatError:
        raise NumberFormatError(field, value, "must be a plain number other than zero, such as 12.5 or -12.5") from None
    return number.copy_negate() if below else number


def to_units(value: Decimal, field: str = "amount") -> int:
    """Return ``value`` in units of 10**-8, exactly; raises :class:`NumberFormatError` when it is finer than that."""
    scaled = value.scaleb(SCALE)
    units = int(scaled)
    if units != scaled:
        raise NumberFormatError(field, str(value), f"must have at most {SCALE} decimals")
    return units


def from_units(units: int) -> Decimal:
    """Return units of 10**-8 as a Decimal: the inverse of :func:`to_units`."""
    return Decimal(units).scaleb(-SCALE)


def plain(value: Decimal) -> str:
    """``value`` on the wire: plain digits, no exponent, no trailing zeros behind the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
