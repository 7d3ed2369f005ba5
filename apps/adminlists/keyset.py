"""Pages of a list by key: no counting, no OFFSET, and a bound on what one page may read.

A list is ordered by one unique column that has an index. A page is what comes after, or before, a key. A condition that no index
serves is looked for in a window of rows only, in the direction of the page; if the page does not fill, it says how far it looked
and the next one goes on from there. So the rarest condition costs as much as the commonest.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

PAGE_SIZE = 50
#: Rows that one page looks through for a condition without an index. At 300 bytes a row this is 15 MB of table.
WINDOW = 50_000


@dataclass(frozen=True, slots=True)
class Page:
    """``next_key`` and ``previous_key`` are where the neighbours start, None where the list ends.

    ``looked_to`` is set when the window ended before the page was full: the last key that was looked at.
    """

    rows: list[Any]
    next_key: Any
    previous_key: Any
    looked_to: Any = None


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is ordered: by ``key``, a unique column with an index, from the highest when ``descending``."""

    key: str = "pk"
    descending: bool = True

    def ordered(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        return rows.order_by(f"-{self.key}" if self.descending != backwards else self.key)

    def beyond(self, rows: QuerySet[Any], key: Any, *, backwards: bool = False) -> QuerySet[Any]:
        """The rows that come after ``key`` in this order, or before it when ``backwards``."""
        return rows.filter(**{f"{self.key}__{'lt' if self.descending != backwards else 'gt'}": key})

    def up_to(self, rows: QuerySet[Any], key: Any, *, backwards: bool = False) -> QuerySet[Any]:
        return rows.filter(**{f"{self.key}__{'gte' if self.descending != backwards else 'lte'}": key})


def read_page(
    rows: QuerySet[Any], order: Order, *, loose: Q | None = None, after: Any = None, before: Any = None, size: int = PAGE_SIZE
) -> Page:
    """One page of ``rows``, whose conditions an index serves; those of ``loose`` are looked for in a window.

    ``after`` is the key that the page starts behind; ``before`` the one that it ends in front of.
    """
    backwards = before is not None
    cursor = before if backwards else after
    ahead = rows if cursor is None else order.beyond(rows, cursor, backwards=backwards)
    edge = None
    if loose is not None:
        edge = _edge_of_window(ahead, order, backwards)
        if edge is None:
            return Page([], None, None)
        ahead = order.up_to(ahead, edge, backwards=backwards).filter(loose)
    found = list(order.ordered(ahead, backwards=backwards)[: size + 1])
    more, shown = len(found) > size, found[:size]
    looked_to = None
    if loose is not None and not more and _exists_beyond(rows, order, edge, backwards):
        looked_to = edge
    if backwards:
        shown.reverse()
    return _page(shown, order, more=more, looked_to=looked_to, cursor=cursor, backwards=backwards)


def _edge_of_window(ahead: QuerySet[Any], order: Order, backwards: bool) -> Any:
    """The last key of the next :data:`WINDOW` rows, None when there are none: one walk of the key's index."""
    farthest = Min if order.descending != backwards else Max
    window = order.ordered(ahead.select_related(None), backwards=backwards)[:WINDOW]
    return window.aggregate(edge=farthest(order.key))["edge"]


def _exists_beyond(rows: QuerySet[Any], order: Order, edge: Any, backwards: bool) -> bool:
    beyond = order.ordered(order.beyond(rows.select_related(None), edge, backwards=backwards), backwards=backwards)
    return bool(beyond.values_list(order.key)[:1])


def _page(shown: list[Any], order: Order, *, more: bool, looked_to: Any, cursor: Any, backwards: bool) -> Page:
    def key_of(row: Any) -> Any:
        return row.pk if order.key == "pk" else getattr(row, order.key)

    first, last = (key_of(shown[0]), key_of(shown[-1])) if shown else (None, None)
    onwards = looked_to if looked_to is not None else ((first if backwards else last) if more else None)
    # There is something behind a page that was come to by a key: the row of that key, at least.
    back = None if cursor is None else ((last if backwards else first) if shown else looked_to)
    return Page(shown, back, onwards, looked_to) if backwards else Page(shown, onwards, back, looked_to)


def first_key_at(rows: QuerySet[Any], key: str, time: str, instant: Any) -> int | None:
    """The lowest number from which on every row of ``rows`` has a ``time`` of ``instant`` or later; None when no row has.

    ``key`` is a whole number that rises with ``time``, as ids do that a sequence gave. Found by bisecting on the key's index, in
    about 30 probes: the time itself has no index, which every insert would pay for.
    """

    def time_from(number: int) -> Any:
        return rows.filter(**{f"{key}__gte": number}).order_by(key).values_list(time, flat=True)[:1].get()

    def end(way: str) -> list[int]:
        return list(rows.order_by(way).values_list(key, flat=True)[:1])

    lowest, highest = end(key), end(f"-{key}")
    if not lowest or not highest or time_from(highest[0]) < instant:
        return None
    low, high = lowest[0], highest[0]
    while low < high:
        middle = (low + high) // 2
        if time_from(middle) >= instant:
            high = middle
        else:
            low = middle + 1
    return low
