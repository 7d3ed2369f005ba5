"""What programs may ask for: place, cancel and amend orders, one or up to a hundred a request, and look them up.

A request for one is answered for that one. A request for several is answered 200 with a result for each, in their order: what
could not be read stands beside what was done, for nothing of a list depends on the rest of it.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from apps.api import limits, reading
from apps.api.credentials import Principal
from apps.api.problems import Problem, bad_field
from apps.api.process import ApiProcess
from apps.api.reader import OrderRow
from apps.api.writing import encode, stored_order, told
from apps.asyncreads.pool import ReaderUnavailableError
from apps.commands.answers import AmendAnswer, AnyAnswer, CancelAnswer, OrderAnswer
from apps.commands.async_client import EngineBusyError
from apps.commands.client import EngineUnavailableError
from apps.commands.types import AmendOrder, AnyCommand, CancelOrder, SubmitOrder
from apps.core.numbers import shown
from apps.instruments.symbols import is_symbol
from apps.observability import metrics
from apps.orders.services import cancel_id

BASE = "/api/v1/orders"
_BIGINT_MAX = 2**63 - 1
_STEP_ENGINE = metrics.API_STEP_SECONDS.labels("engine")
_STEP_LOOKUP = metrics.API_STEP_SECONDS.labels("lookup")
_STEP_READ = metrics.API_STEP_SECONDS.labels("read")


class Asked(NamedTuple):
    """A request that was let in. ``account_id`` is the principal's own: nothing else says whose orders are meant."""

    process: ApiProcess
    principal: Principal
    account_id: int
    request_id: str
    name: str
    query: bytes
    body: bytes


Handler = Callable[[Asked], Awaitable[bytes]]
#: A command for each item, or why there is none.
Items = list[AnyCommand | Problem]


async def place(asked: Asked) -> bytes:
    def read(document: Any) -> AnyCommand:
        return reading.read_order(document, asked.account_id, asked.principal.actor, asked.request_id)

    documents, several = _read_items(asked, "orders")
    return await _send(asked, "place", [_or_problem(read, document) for document in documents], several)


async def cancel(asked: Asked) -> bytes:
    documents, several = _read_items(asked, "cancels")
    targets = [_or_problem(reading.read_cancel, document) for document in documents]
    found = await _find(asked, [target for target in targets if isinstance(target, reading.Target)])

    def make(target: reading.Target) -> AnyCommand:
        order_id = _order_id(target, found)
        return CancelOrder(
            command_id=cancel_id(asked.account_id, order_id),
            actor=asked.principal.actor,
            correlation_id=asked.request_id,
            account_id=asked.account_id,
            order_id=order_id,
        )

    return await _send(asked, "cancel", [_or_problem(make, target) for target in targets], several)


async def amend(asked: Asked) -> bytes:
    def read(document: Any) -> tuple[reading.Target, AmendOrder]:
        return reading.read_amend(document, asked.account_id, asked.principal.actor, asked.request_id)

    documents, several = _read_items(asked, "amends")
    changes = [_or_problem(read, document) for document in documents]
    found = await _find(asked, [change[0] for change in changes if isinstance(change, tuple)])

    def make(change: tuple[reading.Target, AmendOrder]) -> AnyCommand:
        target, command = change
        return msgspec.structs.replace(command, order_id=_order_id(target, found))

    return await _send(asked, "amend", [_or_problem(make, change) for change in changes], several)


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
    rows = await _looked_up(asked.process.reader.open_orders(asked.account_id, symbol, before, limit + 1))
    page = rows[:limit]
    following = page[-1].order_id if len(rows) > limit else None
    return encode({"orders": [stored_order(row) for row in page], "next_before": following})


# --- What was asked ---------------------------------------------------------------------------------------------------------


def _read_items(asked: Asked, plural: str) -> tuple[list[Any], bool]:
    """The items of the body, and whether it is a list of them; counted against the account's rate."""
    started = time.perf_counter()
    document = reading.read_json(asked.body)
    several = plural in document
    items = document.pop(plural) if several else [document]
    if several and document:
        raise bad_field(shown(next(iter(document)))[1:-1], f"left out beside {plural}", "there")
    if not isinstance(items, list) or not 1 <= len(items) <= limits.ITEMS_MAX:
        was = f"{len(items)} of them" if isinstance(items, list) else reading.as_sent(items)
        raise bad_field(plural, f"a list of 1 to {limits.ITEMS_MAX}", was)
    asked.process.count_orders(asked.account_id, len(items))
    _STEP_READ.observe(time.perf_counter() - started)
    return items, several


def _or_problem(make: Callable[[Any], Any], value: Any) -> Any:
    """``make(value)``, or the problem with it; a problem stays what it is."""
    if isinstance(value, Problem):
        return value
    try:
        return make(value)
    except Problem as problem:
        return problem


async def _find(asked: Asked, targets: list[reading.Target]) -> dict[str, int]:
    names = [target.client_order_id for target in targets if not target.order_id]
    return await _looked_up(asked.process.reader.order_ids(asked.account_id, names)) if names else {}


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


# --- What became of it --------------------------------------------------------------------------------------------------------


async def _send(asked: Asked, name: str, items: Items, several: bool) -> bytes:
    """Send what could be read, and tell what became of each item."""
    commands = [item for item in items if not isinstance(item, Problem)]
    outcomes = iter(await _ask_engine(asked, commands) if commands else ())
    results: list[dict[str, Any] | Problem] = []
    for item in items:
        result = item if isinstance(item, Problem) else _result(item, next(outcomes))
        results.append(result)
        outcome = result.code if isinstance(result, Problem) else str(result["reason"] or result["status"])
        metrics.API_ITEMS.labels(name, outcome).inc()
    if several:
        return encode({"results": [_as_item(result) for result in results]})
    only = results[0]
    if isinstance(only, Problem):
        raise only
    return encode(only)


async def _ask_engine(asked: Asked, commands: list[AnyCommand]) -> list[AnyAnswer | EngineUnavailableError]:
    started = time.perf_counter()
    try:
        return await asked.process.engine.send_all(commands, deadline_s=limits.ENGINE_WITHIN)
    except EngineBusyError:
        raise Problem("BUSY") from None
    finally:
        _STEP_ENGINE.observe(time.perf_counter() - started)


def _result(command: AnyCommand, outcome: AnyAnswer | EngineUnavailableError) -> dict[str, Any] | Problem:
    if isinstance(outcome, EngineUnavailableError):
        return Problem("UNAVAILABLE", resolve=_resolve(command), retry_after_s=1)
    if isinstance(outcome, OrderAnswer | CancelAnswer | AmendAnswer):
        return told(outcome)
    try:
        return told(outcome)
    except Problem as problem:
        return problem


def _resolve(command: AnyCommand) -> str:
    """Where one sees what became of it."""
    if isinstance(command, SubmitOrder):
        return f"{BASE}/by-client-id/{command.command_id}"
    return f"{BASE}/{getattr(command, 'order_id', 0)}"


def _as_item(result: dict[str, Any] | Problem) -> dict[str, Any]:
    if isinstance(result, Problem):
        return {"status": result.status, "problem": result.members()}
    return {"status": 200, "order": result}


async def _told_order(asked: Asked, reading_it: Awaitable[OrderRow | None]) -> bytes:
    row = await _looked_up(reading_it)
    if row is None:
        raise Problem("UNKNOWN_ORDER")
    some = row.filled_quantity != "0"
    fills = await _looked_up(asked.process.reader.fills(asked.account_id, row.order_id, limits.FILLS_MAX)) if some else []
    return encode(stored_order(row, fills))


async def _looked_up(reading_it: Awaitable[Any]) -> Any:
    started = time.perf_counter()
    try:
        return await reading_it
    except ReaderUnavailableError:
        raise Problem("READ_UNAVAILABLE") from None
    finally:
        _STEP_LOOKUP.observe(time.perf_counter() - started)
