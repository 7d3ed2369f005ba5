"""Orders of programs: place, cancel and amend them, one or up to a hundred a request, preview them, and look them up."""

from collections.abc import Awaitable
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from apps.api import limits, reading
from apps.api.items import Asked, looked_up, or_problem, read_items, send
from apps.api.problems import Problem, bad_field
from apps.api.reader import OrderRow
from apps.api.writing import encode, stored_order
from apps.commands.client import new_command_id
from apps.commands.types import AmendOrder, AnyCommand, CancelOrder, PreviewOrder
from apps.core.numbers import shown
from apps.instruments.symbols import is_symbol
from apps.orders.services import cancel_id

_BIGINT_MAX = 2**63 - 1


async def place(asked: Asked) -> bytes:
    def read(document: Any) -> AnyCommand:
        return reading.read_order(document, asked.account_id, asked.principal.actor, asked.correlation_id)

    documents, several = read_items(asked, "orders")
    return await send(asked, "place", [or_problem(read, document) for document in documents], several)


async def cancel(asked: Asked) -> bytes:
    documents, several = read_items(asked, "cancels")
    targets = [or_problem(reading.read_cancel, document) for document in documents]
    found = await _find(asked, [target for target in targets if isinstance(target, reading.Target)])

    def make(target: reading.Target) -> AnyCommand:
        order_id = _order_id(target, found)
        return CancelOrder(
            command_id=cancel_id(asked.account_id, order_id),
            actor=asked.principal.actor,
            correlation_id=asked.correlation_id,
            account_id=asked.account_id,
            order_id=order_id,
        )

    return await send(asked, "cancel", [or_problem(make, target) for target in targets], several)


async def amend(asked: Asked) -> bytes:
    def read(document: Any) -> tuple[reading.Target, AmendOrder]:
        return reading.read_amend(document, asked.account_id, asked.principal.actor, asked.correlation_id)

    documents, several = read_items(asked, "amends")
    changes = [or_problem(read, document) for document in documents]
    found = await _find(asked, [change[0] for change in changes if isinstance(change, tuple)])

    def make(change: tuple[reading.Target, AmendOrder]) -> AnyCommand:
        target, command = change
        return msgspec.structs.replace(command, order_id=_order_id(target, found))

    return await send(asked, "amend", [or_problem(make, change) for change in changes], several)


async def preview(asked: Asked) -> bytes:
    """What an order would do now. It decides nothing, so it is counted among the look-ups, and a key that may read is enough."""
    asked.process.count_lookup(asked.account_id)
    command_id = new_command_id()
    document = reading.read_json(asked.body)
    order = reading.read_order(document, asked.account_id, asked.principal.actor, asked.correlation_id, unnamed=command_id)
    command = PreviewOrder(command_id=command_id, actor=asked.principal.actor, correlation_id=asked.correlation_id, order=order)
    return await send(asked, "preview", [command], several=False)


async def look_up(asked: Asked) -> bytes:
    asked.process.count_lookup(asked.account_id)
    order_id = int(asked.name)
    if order_id > _BIGINT_MAX:
        raise Problem("UNKNOWN_ORDER")
    return await _told_order(asked, asked.process.reader.order(asked.account_id, order_id))


async def look_up_by_client_id(asked: Asked) -> bytes:
    asked.process.count_lookup(asked.account_id)
    return await _told_order(asked, asked.process.reader.order_of_client(asked.account_id, asked.name))


async def list_open(asked: Asked) -> bytes:
    """Open orders, newest first; ``next_before`` is where the next page begins, null on the last."""
    asked.process.count_lookup(asked.account_id)
    symbol, before, limit = _read_page(asked.query)
    rows = await looked_up(asked.process.reader.open_orders(asked.account_id, symbol, before, limit + 1))
    page = rows[:limit]
    following = page[-1].order_id if len(rows) > limit else None
    return encode({"orders": [stored_order(row) for row in page], "next_before": following})


# --- Which orders are meant -----------------------------------------------------------------------------------------------------


async def _find(asked: Asked, targets: list[reading.Target]) -> dict[str, int]:
    names = [target.client_order_id for target in targets if not target.order_id]
    return await looked_up(asked.process.reader.order_ids(asked.account_id, names)) if names else {}


def _order_id(target: reading.Target, found: dict[str, int]) -> int:
    order_id = target.order_id or found.get(target.client_order_id)
    if order_id is None:
        raise Problem("UNKNOWN_ORDER", field="client_order_id", value=shown(target.client_order_id))
    return order_id


def _read_page(query: bytes) -> tuple[str, int, int]:
    """``symbol``, ``before`` and ``limit`` of an address, each as it may be."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, strict_parsing=bool(query), max_num_fields=8)
    except ValueError:
        raise Problem("INVALID_FIELD", "The query of the address cannot be read.", field="query") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Problem("INVALID_FIELD", "A name is given twice in the address.", field="query")
    symbol, before, limit = values.pop("symbol", ""), values.pop("before", ""), values.pop("limit", "")
    if values:
        name = shown(next(iter(values)))[1:-1]
        raise bad_field(name, "left out: it is not known here", "there")
    if symbol and not is_symbol(symbol):
        raise bad_field("symbol", "the symbol of an instrument, such as BTC-USD", shown(symbol))
    return (
        symbol,
        _whole("before", before, _BIGINT_MAX) if before else _BIGINT_MAX,
        _whole("limit", limit, limits.OPEN_ORDERS_MAX) if limit else limits.OPEN_ORDERS_MAX,
    )


def _whole(field: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= most):
        raise bad_field(field, f"a whole number from 1 to {most}", shown(text))
    return int(text)


# --- What is told --------------------------------------------------------------------------------------------------------------


async def _told_order(asked: Asked, reading_it: Awaitable[OrderRow | None]) -> bytes:
    row = await looked_up(reading_it)
    if row is None:
        raise Problem("UNKNOWN_ORDER")
    some = row.filled_quantity != "0"
    fills = await looked_up(asked.process.reader.fills(asked.account_id, row.order_id, limits.FILLS_MAX)) if some else []
    return encode(stored_order(row, fills))
