"""What a symbol looks like: one pattern for addresses, forms and tickets. Anything else is no symbol, and not worth a query."""

import re

#: 1 to 16 capital letters, digits, dots and dashes; the first is a letter or a digit.
SYMBOL = r"[A-Z0-9][A-Z0-9.-]{0,15}"
#: For the routes: a path's ``<str:symbol>`` would also take what the database refuses to compare with, such as a NUL.
SYMBOL_IN_PATH = rf"(?P<symbol>{SYMBOL})"

_SYMBOL = re.compile(SYMBOL, re.ASCII)


def is_symbol(text: str) -> bool:
    """Whether ``text`` has the form of a symbol; it says nothing about whether there is such an instrument."""
    return _SYMBOL.fullmatch(text) is not None
