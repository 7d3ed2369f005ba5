"""What the list of markets is narrowed to and sorted by: all of it is in the address, and all of it is decided here. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from urllib.parse import urlencode

from apps.core.enums import AssetClass, TradingState
from apps.instruments.search import Match, clean, match
from apps.marketdata.board import Glance

ROWS_MAX = 100
PAGE_MAX = 1_000
CLASS_LABELS = {AssetClass.STOCK: "Stocks", AssetClass.FX: "Currencies", AssetClass.CRYPTO: "Crypto"}
STATUS_LABELS = {
    TradingState.OPEN: "Open",
    TradingState.HALTED: "Halted",
    TradingState.PRE_OPEN: "Pre-open",
    TradingState.CLOSED: "Closed",
}
#: In the place of a list's id: whatever has a star.
ANY_LIST = "any"
_STATUS_ORDER = list(STATUS_LABELS)
#: Names of fields that another name has in the address.
_IN_ADDRESS = {"class_": "class", "watchlist": "list"}

Value = Decimal | str | int | None
#: Column -> its value, and whether the first click shows the largest on top. Names come from the address: only these are known.
SORTS: dict[str, tuple[Callable[[Glance], Value], bool]] = {
    "symbol": (lambda glance: glance.instrument.symbol, False),
    "last": (lambda glance: glance.last, True),
    "change": (lambda glance: glance.change_percent, True),
    "bid": (lambda glance: glance.price.bid if glance.price else None, True),
    "ask": (lambda glance: glance.price.ask if glance.price else None, True),
    "volume": (lambda glance: glance.turnover, True),
    "status": (lambda glance: _STATUS_ORDER.index(glance.instrument.trading_state), False),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; anything unknown is as if it were not there. ``sort`` is a column, with a minus for falling.

    Without ``sort``, what is searched for is in the order of how well it fits, and anything else by symbol.
    """

    q: str = ""
    class_: str = ""
    status: str = ""
    watchlist: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str], list_ids: Sequence[int]) -> "Filters":
        """``list_ids`` are the reader's own lists."""
        wanted = {name: query.get(name, "") for name in ("class", "status", "list", "sort", "page")}
        page = wanted["page"]
        return cls(
            q=clean(query.get("q", "")),
            class_=wanted["class"] if wanted["class"] in AssetClass.__members__ else "",
            status=wanted["status"] if wanted["status"] in TradingState.__members__ else "",
            watchlist=wanted["list"] if wanted["list"] in {ANY_LIST, *map(str, list_ids)} and list_ids else "",
            sort=wanted["sort"] if wanted["sort"].removeprefix("-") in SORTS else "",
            page=int(page) if page.isascii() and page.isdecimal() and 1 <= len(page) <= 4 and 1 <= int(page) <= PAGE_MAX else 1,
        )

    @property
    def any_set(self) -> bool:
        return bool(self.q or self.class_ or self.status or self.watchlist)

    def address(self, **changes: str | int) -> str:
        """The query string that asks for these with ``changes``; a change of what is shown leads to its first page."""
        other = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        given = ((_IN_ADDRESS.get(each.name, each.name), getattr(other, each.name)) for each in fields(other))
        asked = {name: value for name, value in given if value not in ("", 1)}
        return f"?{urlencode(asked)}"

    @property
    def beside_search(self) -> list[tuple[str, str]]:
        """What the search field's form asks for as well. An order by column gives way to how well a name fits."""
        wanted = (("class", self.class_), ("status", self.status), ("list", self.watchlist))
        return [(name, value) for name, value in wanted if value]

    def toggled(self, column: str) -> str:
        """The sort that a click on the head of ``column`` asks for: its own direction first, then the other one."""
        first, other = (f"-{column}", column) if SORTS[column][1] else (column, f"-{column}")
        return other if self.sort == first else first

    def direction(self, column: str) -> str:
        """``ascending``, ``descending``, or empty when the list is not sorted by ``column``."""
        if self.sort.removeprefix("-") != column:
            return "ascending" if column == "symbol" and not self.sort and not self.q else ""
        return "descending" if self.sort.startswith("-") else "ascending"

    def apply(self, board: Sequence[Glance], listed_ids: frozenset[int]) -> list[Glance]:
        """What of ``board`` is asked for, sorted; ``listed_ids`` are the instruments of the list that is asked for."""
        kept = [
            (fit, glance)
            for glance in board
            if (not self.class_ or glance.instrument.asset_class == self.class_)
            and (not self.status or glance.instrument.trading_state == self.status)
            and (not self.watchlist or glance.instrument.id in listed_ids)
            and (fit := match(glance.instrument.symbol, glance.instrument.name, self.q)) is not None
        ]
        return self._sorted(kept)

    def _sorted(self, kept: list[tuple[Match, Glance]]) -> list[Glance]:
        """By the column and then by symbol; what has no value comes last in either direction."""
        by_fit = sorted(kept, key=lambda each: (each[0] if self.q else 0, each[1].instrument.symbol))
        found = [glance for _, glance in by_fit]
        if not self.sort:
            return found
        value = SORTS[self.sort.removeprefix("-")][0]
        known = [glance for glance in found if value(glance) is not None]
        known.sort(key=lambda glance: glance.instrument.symbol)
        known.sort(key=value, reverse=self.sort.startswith("-"))  # type: ignore[arg-type]
        return known + [glance for glance in found if value(glance) is None]


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of the list."""

    rows: tuple[Glance, ...]
    total: int
    first: int
    previous: str
    next: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def cut(found: Sequence[Glance], filters: Filters) -> Cut:
    """The rows of the page that is asked for; the last one when there are fewer. All are in memory: nothing is skipped over."""
    pages = max(1, -(-len(found) // ROWS_MAX))
    page = min(filters.page, pages)
    start = (page - 1) * ROWS_MAX
    return Cut(
        rows=tuple(found[start : start + ROWS_MAX]),
        total=len(found),
        first=start + 1,
        previous=filters.address(page=page - 1) if page > 1 else "",
        next=filters.address(page=page + 1) if page < pages else "",
    )
