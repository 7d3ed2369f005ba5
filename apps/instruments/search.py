"""Finding an instrument as one types: by symbol or by name, the likeliest first. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum

from apps.instruments.selectors import InstrumentView

TEXT_LENGTH_MAX = 40
_SEPARATORS = re.compile(r"[\W_]+")
#: What stands between the parts of a symbol.
_JOINTS = re.compile(r"[\s./-]+")


class Match(IntEnum):
    """How well a text fits, best first."""

    SYMBOL = 0
    SYMBOL_BEGINS = 1
    NAME_BEGINS = 2
    WORD_BEGINS = 3
    CONTAINS = 4


def clean(text: str) -> str:
    """What was typed, without what cannot be searched for and no longer than any name."""
    return " ".join(text[:TEXT_LENGTH_MAX].replace("\x00", " ").split())


def folded(text: str) -> str:
    """Small letters without accents: nobody types them in a search."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def match(symbol: str, name: str, text: str) -> Match | None:
    """How ``text`` fits the instrument; None when it does not. Of several words each must fit, and the worst counts."""
    wanted = folded(text)
    found = _match_word(folded(symbol), folded(name), wanted)
    if found is not None or " " not in wanted:
        return found
    each = [_match_word(folded(symbol), folded(name), word) for word in wanted.split()]
    return None if None in each else max(word for word in each if word is not None)


def _match_word(symbol: str, name: str, wanted: str) -> Match | None:
    # "btcusd" is BTC-USD as well: nobody remembers where the dash is.
    joined, plain = _JOINTS.sub("", symbol), _JOINTS.sub("", wanted)
    if wanted == symbol or (plain and plain == joined):
        return Match.SYMBOL
    if symbol.startswith(wanted) or (plain and joined.startswith(plain)):
        return Match.SYMBOL_BEGINS
    if name.startswith(wanted):
        return Match.NAME_BEGINS
    if any(word.startswith(wanted) for word in _SEPARATORS.split(name)):
        return Match.WORD_BEGINS
    return Match.CONTAINS if wanted in symbol or wanted in name else None


def search(instruments: Iterable[InstrumentView], text: str) -> list[InstrumentView]:
    """The instruments that ``text`` finds, the likeliest first, and by symbol among equals. An empty text finds all of them."""
    ranked = [(match(view.symbol, view.name, text), view.symbol, view) for view in instruments]
    found = [(fit, symbol, view) for fit, symbol, view in ranked if fit is not None]
    return [view for _, _, view in sorted(found, key=lambda each: each[:2])]
