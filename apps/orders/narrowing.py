"""Which orders of an account a page of its history asks for, and how far a page may look for them.

Three indexes serve every combination: the account's orders by id, the open ones of the account, and the client's ids. What none
of them is sorted by (instrument, side, type, an ended status) is looked for along the first, no further than :data:`WALK_MAX`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import OrderStatus, OrderType, Side
from apps.core.keyset import read_id
from apps.orders.display import CLOSED_AT, GROUP_STATUSES, Sort, StatusGroup
from apps.orders.models import Order

#: A page with filters reads at most so many of the account's orders; what it has not found in them, the next page looks for.
WALK_MAX = 10_000
#: How far the engine's clock may have been set back between two of its processes: ids are in order, instants nearly.
CLOCK_SLACK = timedelta(minutes=10)

# The first id at or after an instant, by halving: ids are given out in time, so no index of instants is needed, and none is
# written with every order. About forty looks at the primary key, however many orders there are.
_FIRST_ID_AT = """
WITH RECURSIVE halved(low, high) AS (
    SELECT 0::bigint, coalesce((SELECT max(id) + 1 FROM orders_order), 0)
     UNION ALL
    SELECT CASE WHEN probe.created_at < %(at)s THEN probe.id + 1 ELSE low END,
           CASE WHEN probe.created_at < %(at)s THEN high ELSE (low + high) / 2 END
      FROM halved, LATERAL (
           SELECT id, created_at FROM orders_order WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) AS probe
     WHERE low < high)
SELECT max(low) FROM halved
"""


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """``symbol`` is upper case, ``search`` an order id or a client order id. ``status`` is one of the group's, or of any.

    ``closed_ids``: only orders that closed the id of one that was never received, or none of them.
    Orders placed at ``placed_from`` or later, and before ``placed_before``. Empty means all.
    """

    group: StatusGroup | None = None
    status: OrderStatus | None = None
    symbol: str = ""
    side: Side | None = None
    order_type: OrderType | None = None
    search: str = ""
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    sort: Sort = Sort.NEWEST
    closed_ids: bool | None = None

    @property
    def any_set(self) -> bool:
        return replace(self, sort=Sort.NEWEST) != OrderFilters()

    @property
    def statuses(self) -> tuple[OrderStatus, ...]:
        """Empty for all of them."""
        if self.status is not None:
            return (self.status,)
        return GROUP_STATUSES[self.group] if self.group is not None else ()

    @property
    def open_only(self) -> bool:
        return bool(self.statuses) and set(self.statuses) <= set(GROUP_STATUSES[StatusGroup.OPEN])

    @property
    def may_skip(self) -> bool:
        """Whether a page may have to read far more orders than it shows. Open ones and ids have indexes of their own."""
        narrowed = self.symbol or self.side or self.order_type or self.statuses or self.placed_from or self.placed_before
        return bool(narrowed or self.closed_ids is not None) and not self.search and not self.open_only


def read_page(
    account_id: int,
    filters: OrderFilters,
    instrument_ids: Sequence[int],
    cursor: int | None,
    limit: int,
    until: int | None = None,
) -> tuple[list[Order], int | None]:
    """The account's orders that fit, in the order of ``filters.sort`` and at most ``limit``, from beyond the id ``cursor`` on and
    up to the id ``until``; and the id at which the page ends because it has looked at :data:`WALK_MAX`, None when it has not.

    ``instrument_ids`` are those of the filters' symbol.
    """
    walk = _Walk.of(account_id, filters, cursor, until)
    fitting = _Where()
    _fit(fitting, filters, instrument_ids)
    if not filters.may_skip and not filters.search and not filters.open_only:
        ids, edge = walk.ids(limit), None
    elif filters.may_skip:
        ids = walk.fitting_ids(fitting, limit)
        edge = walk.edge() if len(ids) < limit else None
    else:
        ids, edge = walk.indexed_ids(fitting, limit), None
    rows = Order.objects.filter(id__in=ids).select_related("terms")
    return list(rows.order_by("id" if walk.oldest_first else "-id")), edge


class _Where:
    """Conditions of a WHERE, and what they are filled with. They are our own words; what a person wrote is a parameter."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.parameters: list[Any] = []

    def add(self, condition: str, *parameters: Any) -> None:
        self.conditions.append(condition)
        self.parameters += parameters

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "true"


class _Walk(_Where):
    """Along the index of an account's orders, from one id to another. In SQL because the planner must not choose: of an account
    with a large share of all orders it would read everybody's by the primary key, which for one that has not traded lately is
    everything. The index alone has all that the inner queries ask for, so no other way is as short.
    """

    oldest_first = False

    @classmethod
    def of(cls, account_id: int, filters: OrderFilters, cursor: int | None, until: int | None) -> "_Walk":
        walk = cls()
        walk.oldest_first = filters.sort is Sort.OLDEST
        walk.add("account_id = %s", account_id)
        if until is not None:
            walk.add("id <= %s", until)
        if cursor is not None:
            walk.add("id > %s" if walk.oldest_first else "id < %s", cursor)
        if filters.placed_from is not None:
            walk.add("id >= %s", _first_id_at(filters.placed_from - CLOCK_SLACK))
        if filters.placed_before is not None:
            walk.add("id < %s", _first_id_at(filters.placed_before + CLOCK_SLACK))
        return walk

    @property
    def _by(self) -> str:
        return "ASC" if self.oldest_first else "DESC"

    def ids(self, limit: int) -> list[int]:
        return _ids(f"SELECT id FROM orders_order WHERE {self} ORDER BY id {self._by} LIMIT %s", [*self.parameters, limit])  # noqa: S608

    def fitting_ids(self, fitting: _Where, limit: int) -> list[int]:
        """Those among the next :data:`WALK_MAX` that fit; stops when it has found ``limit``."""
        sql = f"""
            SELECT walked.id FROM
                (SELECT id FROM orders_order WHERE {self} ORDER BY id {self._by} LIMIT {WALK_MAX}) AS walked
                JOIN orders_order AS o ON o.id = walked.id
            WHERE {fitting} ORDER BY walked.id {self._by} LIMIT %s"""  # noqa: S608
        return _ids(sql, [*self.parameters, *fitting.parameters, limit])

    def indexed_ids(self, fitting: _Where, limit: int) -> list[int]:
        """Those that fit, where that is what an index is of."""
        sql = f"SELECT o.id FROM orders_order AS o WHERE {self} AND {fitting} ORDER BY o.id {self._by} LIMIT %s"  # noqa: S608
        return _ids(sql, [*self.parameters, *fitting.parameters, limit])

    def edge(self) -> int | None:
        """The id at which :data:`WALK_MAX` orders have been looked at; None when there are fewer."""
        sql = f"SELECT id FROM orders_order WHERE {self} ORDER BY id {self._by} OFFSET {WALK_MAX - 1} LIMIT 1"  # noqa: S608
        return next(iter(_ids(sql, self.parameters)), None)


def _ids(sql: str, parameters: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _first_id_at(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_ID_AT, {"at": at})
        found: int = cursor.fetchone()[0]
    return found


def _fit(where: _Where, filters: OrderFilters, instrument_ids: Sequence[int]) -> None:
    if filters.placed_from is not None:
        where.add("o.created_at >= %s", filters.placed_from)
    if filters.placed_before is not None:
        where.add("o.created_at < %s", filters.placed_before)
    if filters.search:
        _search(where, filters.search)
    if filters.statuses:  # written out: the index of open orders is used where the statuses are seen to be its own
        where.add(f"o.status IN ({_quoted(filters.statuses)})")
    if filters.closed_ids is not None:
        closed = "EXISTS (SELECT 1 FROM orders_orderterms AS t WHERE t.order_id = o.id AND t.expires_at <= %s)"
        where.add(closed if filters.closed_ids else f"NOT {closed}", CLOSED_AT)
    if filters.side is not None:
        where.add("o.side = %s", filters.side.value)
    if filters.order_type is not None:
        where.add("o.order_type = %s", filters.order_type.value)
    if filters.symbol:
        where.add("o.instrument_id = ANY(%s)", list(instrument_ids))


def _quoted(statuses: Sequence[OrderStatus]) -> str:
    return ", ".join(f"'{status.value}'" for status in statuses)


def _search(where: _Where, search: str) -> None:
    """The order with this id and the one with this client's id, which may be two; none for what can be no id."""
    order_id = read_id(search)
    if not re.fullmatch(COMMAND_ID_PATTERN, search, re.ASCII):
        where.add("false")
    elif order_id is None:
        where.add("o.client_order_id = %s", search)
    else:
        where.add("(o.client_order_id = %s OR o.id = %s)", search, order_id)
