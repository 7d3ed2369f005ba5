"""Where a page of a long list starts: the id of the last row of the page before it."""

import re
from collections.abc import Mapping

_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_BIGINT_END = 2**63


def read_cursor(query: Mapping[str, str], name: str = "before") -> int | None:
    """The id that ``query`` names; None for the first page and for anything that is not an id, so that an old or a broken link
    opens the first page."""
    return read_id(query.get(name, ""))


def read_id(text: str) -> int | None:
    """The id that ``text`` spells, one that a bigint column can have; None when it is no id."""
    number = int(text) if _ID.fullmatch(text) else None
    return number if number is not None and number < _BIGINT_END else None
