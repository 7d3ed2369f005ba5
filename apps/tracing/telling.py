"""From what an engineer asks for to the whole story: an order by its id or its client's, a trace, or a request."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.observability.tracing import is_trace_id, trace_id_of
from apps.orders import selectors_staff as staff
from apps.orders.selectors import OrderView, get_by_client_order_id
from apps.tracing import logfiles, stored, topics
from apps.tracing.entries import Entry, Told, in_order
from apps.tracing.logfiles import Wanted

#: Orders that are told of one trace: a request of a program may place twenty.
ORDERS_MAX = 20
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_EVENT_ID = re.compile(r"[1-9][0-9]{0,9}-(?P<sequence>[1-9][0-9]{0,17})", re.ASCII)


class NotFoundError(LookupError):
    """There is nothing to tell, and why; the sentence says what to try."""


@dataclass(frozen=True, slots=True)
class Story:
    """``entries`` in order; ``notes`` say what is missing, or was left out."""

    orders: tuple[OrderView, ...]
    trace_ids: tuple[str, ...]
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logs:
    """Where the logs are: a directory, or lines that were piped in."""

    directory: Path
    lines: Sequence[str] | None = None

    def tell(self, wanted: Wanted) -> Told:
        if self.lines is not None:
            return logfiles.tell_lines(self.lines, wanted)
        return logfiles.tell(self.directory, wanted)


def tell(asked: Sequence[str], logs: Logs) -> Story:
    """The story of what ``asked`` names: ``ORDER_ID``, ``ACCOUNT CLIENT_ORDER_ID``, a trace id, or a request's id.

    Raises :class:`NotFoundError`.
    """
    if len(asked) == 2:
        return _of_orders([_by_client_order_id(*asked)], logs)
    text = asked[0].removeprefix("#")
    if _NUMBER.fullmatch(text):
        return _of_orders([_by_id(int(text))], logs)
    return _of_trace(text if is_trace_id(text) else trace_id_of(text), logs)


def _by_id(order_id: int) -> OrderView:
    found = staff.list_by_id([order_id])
    if found:
        return found[0]
    of_trade = staff.list_orders_of_trade(order_id)
    if of_trade:
        ids = " and ".join(str(order.id) for order in of_trade)
        raise NotFoundError(f"{order_id} is no order but a trade, of the order(s) {ids}: ask for one of them")
    raise NotFoundError(
        f"there is no order {order_id}. Its number stands on the order's page and in the answer to its request; a client's own "
        "id is asked for as: trace ACCOUNT CLIENT_ORDER_ID"
    )


def _by_client_order_id(account: str, client_order_id: str) -> OrderView:
    account = account.removeprefix("#")
    found = get_by_client_order_id(int(account), client_order_id) if _NUMBER.fullmatch(account) else None
    if found is None:
        raise NotFoundError(
            f"account {account!r} has no order with the client order id {client_order_id!r}. The account is its number, as the "
            "support console and the order's page show it"
        )
    return found


def _of_orders(orders: Sequence[OrderView], logs: Logs) -> Story:
    told = [stored.tell(order) for order in orders]
    trace_ids = tuple(dict.fromkeys(trace_id for each in told for trace_id in each.trace_ids))
    own = frozenset[str]().union(*(each.event_ids | frozenset(each.command_ids) for each in told))
    parts = [each.told for each in told]
    if trace_ids:
        parts.append(logs.tell(Wanted(trace_ids, min(order.created_at for order in orders), own)))
    else:
        parts.append(Told(notes=("none of the order's events has a trace id, so the logs are not looked through",)))
    parts += [topics.tell(each.order.account_id, each.steps) for each in told]
    return _story(orders, trace_ids, parts)


def _of_trace(trace_id: str, logs: Logs) -> Story:
    """What the logs have of the trace, and the orders that its lines name: no index leads from a trace to its orders."""
    found = logs.tell(Wanted((trace_id,)))
    if not found.entries:
        why = "; ".join(found.notes) or "they may have been rotated away since"
        raise NotFoundError(
            f"no line of the logs names the trace {trace_id} ({why}). Ask for the order instead: trace ORDER_ID, or "
            "trace ACCOUNT CLIENT_ORDER_ID"
        )
    orders = _orders_of(found.entries)
    if orders:
        story = _of_orders(orders, logs)
        others = [entry for entry in found.entries if entry not in story.entries]
        return _story(orders, story.trace_ids, [Told(story.entries, story.notes), Told(tuple(others))])
    return _story((), (trace_id,), [found])


def _orders_of(entries: Iterable[Entry]) -> tuple[OrderView, ...]:
    sequences = {
        int(named["sequence"])
        for entry in entries
        if (named := _EVENT_ID.fullmatch(str(entry.facts.get("event_id", "")))) is not None
    }
    return staff.list_orders_of_events(sorted(sequences), ORDERS_MAX) if sequences else ()


def _story(orders: Sequence[OrderView], trace_ids: Sequence[str], parts: Sequence[Told]) -> Story:
    entries = in_order(entry for part in parts for entry in part.entries)
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    return Story(tuple(orders), tuple(trace_ids), tuple(entries), tuple(notes))
