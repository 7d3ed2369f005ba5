"""A request that was let in: its items, what the engine said to each, and the answer made of that.

A request for one is answered for that one. A request for several is answered 200 with a result for each, in their order: what
could not be read stands beside what was done, for nothing of a list depends on the rest of it.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from apps.api import limits, reading
from apps.api.credentials import Principal
from apps.api.problems import Problem, bad_field
from apps.api.process import ApiProcess
from apps.api.writing import encode, told
from apps.asyncreads.pool import ReaderUnavailableError
from apps.commands.answers import AnyAnswer
from apps.commands.async_client import EngineBusyError
from apps.commands.client import EngineUnavailableError, PausedError
from apps.commands.types import (
    AmendOrder,
    AnyCommand,
    CancelOrder,
    ClosePosition,
    SetDeadMansSwitch,
    SubmitOrder,
    SubmitPair,
)
from apps.core.numbers import shown
from apps.observability import metrics
from apps.receipts.services import Door, note_received

ORDERS = "/api/v1/orders"
PAIRS = "/api/v1/pairs"
SWITCH = "/api/v1/dead-mans-switch"

_STEP_ENGINE = metrics.API_STEP_SECONDS.labels("engine")
_STEP_LOOKUP = metrics.API_STEP_SECONDS.labels("lookup")
_STEP_READ = metrics.API_STEP_SECONDS.labels("read")


class Asked(NamedTuple):
    """A request that was let in. ``account_id`` is the principal's own: nothing else says whose orders are meant."""

    process: ApiProcess
    principal: Principal
    account_id: int
    correlation_id: str
    name: str
    query: bytes
    body: bytes
    received_ns: int


Handler = Callable[[Asked], Awaitable[bytes]]
#: A command for each item, or why there is none.
Items = list[AnyCommand | Problem]


# --- What was asked ---------------------------------------------------------------------------------------------------------


def read_items(asked: Asked, plural: str) -> tuple[list[Any], bool]:
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


def or_problem(make: Callable[[Any], Any], value: Any) -> Any:
    """``make(value)``, or the problem with it; a problem stays what it is."""
    if isinstance(value, Problem):
        return value
    try:
        return make(value)
    except Problem as problem:
        return problem


# --- What became of it --------------------------------------------------------------------------------------------------------


async def send(asked: Asked, name: str, items: Items, several: bool) -> bytes:
    """Send what could be read, and tell what became of each item."""
    commands = [item for item in items if not isinstance(item, Problem)]
    answers = await ask_engine(asked, commands) if commands else []
    for answer in answers:
        if not isinstance(answer, EngineUnavailableError):
            note_received(asked.account_id, answer, at_ns=asked.received_ns, door=Door.PROGRAM)
    outcomes = iter(answers)
    results: list[dict[str, Any] | Problem] = []
    for item in items:
        result = item if isinstance(item, Problem) else _result(item, next(outcomes))
        results.append(result)
        outcome = result.code if isinstance(result, Problem) else str(result.get("reason") or result.get("status") or "DONE")
        metrics.API_ITEMS.labels(name, outcome).inc()
    if several:
        return encode({"results": [_as_item(result) for result in results]})
    only = results[0]
    if isinstance(only, Problem):
        raise only
    return encode(only)


async def ask_engine(asked: Asked, commands: list[AnyCommand]) -> list[AnyAnswer | EngineUnavailableError]:
    started = time.perf_counter()
    try:
        return await asked.process.engine.send_all(commands, deadline_s=limits.ENGINE_WITHIN)
    except EngineBusyError:
        raise Problem("BUSY") from None
    finally:
        _STEP_ENGINE.observe(time.perf_counter() - started)


def _result(command: AnyCommand, outcome: AnyAnswer | EngineUnavailableError) -> dict[str, Any] | Problem:
    if isinstance(outcome, PausedError):
        return Problem(outcome.reason, outcome.sentence, resolve=_resolve(command), retry_after_s=outcome.retry_after_s)
    if isinstance(outcome, EngineUnavailableError):
        return Problem("UNAVAILABLE", resolve=_resolve(command), retry_after_s=1)
    try:
        return told(outcome, command)
    except Problem as problem:
        return problem


def _resolve(command: AnyCommand) -> str:
    """Where one sees what became of it; empty when only asking again tells."""
    if isinstance(command, SubmitOrder | ClosePosition):
        return f"{ORDERS}/by-client-id/{command.command_id}"
    if isinstance(command, SubmitPair):
        return f"{PAIRS}/by-client-id/{command.command_id}"
    if isinstance(command, CancelOrder | AmendOrder):
        return f"{ORDERS}/{command.order_id}"
    return SWITCH if isinstance(command, SetDeadMansSwitch) else ""


def _as_item(result: dict[str, Any] | Problem) -> dict[str, Any]:
    if isinstance(result, Problem):
        return {"status": result.status, "problem": result.members()}
    return {"status": 200, "pair" if "orders" in result else "order": result}


async def looked_up(reading_it: Awaitable[Any]) -> Any:
    started = time.perf_counter()
    try:
        return await reading_it
    except ReaderUnavailableError:
        raise Problem("READ_UNAVAILABLE") from None
    finally:
        _STEP_LOOKUP.observe(time.perf_counter() - started)
