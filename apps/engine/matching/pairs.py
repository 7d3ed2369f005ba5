"""One cancels the other, and closing a position: commands that make or end more than one order in one step."""

from typing import Any

from apps.commands.answers import DoneAnswer, OrderAnswer, PairAnswer
from apps.commands.reasons import Reason
from apps.commands.types import ClosePosition, SubmitPair
from apps.core.enums import OrderType, Side, TimeInForce
from apps.engine.matching.answers import denied, known_instrument, order_answer, own_account, read_lots
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.ending import end_each
from apps.engine.matching.entering import enter, new_order, tell_decision
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import place_hold
from apps.engine.matching.orders import place
from apps.engine.matching.placing import wait
from apps.engine.matching.risk import Request, Verdict, judge, open_orders_max
from apps.engine.matching.state import Account, Instrument, Order
from apps.engine.matching.terms import read_pair
from apps.engine.matching.trading import fillable_lots, would_trade
from apps.orders.status import OPEN


def submit_pair(memory: Memory, command: SubmitPair, cause: Cause) -> PairAnswer:
    """Both orders are accepted, or neither is. Each is judged alone: they share the larger hold."""
    account, requests = _read(memory, command, cause.now_ns)
    verdicts = [judge(memory, request, cause.now_ns) for request in requests]
    reason = next((verdict.reason for verdict in verdicts if verdict.reason is not None), None)
    if reason is None and account.open_orders + len(requests) > open_orders_max(account):
        reason = Reason.TOO_MANY_OPEN_ORDERS
    if reason is not None:
        verdicts = [Verdict(reason) for _ in requests]
    orders = _store(memory, account, requests, verdicts, cause)
    trades: dict[int, list[TradeRow]] = {}
    if reason is None:
        # Those that wait come first: what the other one trades at once takes its lots off them.
        for order, verdict in zip(orders, verdicts, strict=True):
            if verdict.waits:
                wait(memory, account, order)
        for order, verdict in zip(orders, verdicts, strict=True):
            if not verdict.waits:
                trades[order.order_id] = enter(memory, account, order, verdict.limit_ticks, cause)
    answers = [
        order_answer(order.client_order_id, order, trades.get(order.order_id, []), cause.now_ns) for order in orders
    ]
    return PairAnswer(
        command_id=cause.command_id, orders=answers, reason="" if reason is None else reason.value, at_ns=cause.now_ns
    )


def _read(memory: Memory, command: SubmitPair, now_ns: int) -> tuple[Account, list[Request]]:
    account = own_account(memory, command.actor, command.account_id)
    instrument = known_instrument(memory, command.symbol)
    lots = read_lots(instrument.grid, command.quantity)
    if type(command.side) is not Side or type(command.time_in_force) is not TimeInForce:
        raise Refusal(Reason.INVALID_FIELD, "side and time_in_force must be members of their enums", "side")
    return account, [
        Request(account, instrument, command.side, leg.order_type, command.time_in_force, lots, leg.ticks, terms)
        for leg, terms in read_pair(instrument.grid, command, now_ns)
    ]


def _store(
    memory: Memory, account: Account, requests: list[Request], verdicts: list[Verdict], cause: Cause
) -> list[Order]:
    """Named after their link, whose id is the first order's: a customer's ids have no dot."""
    orders: list[Order] = []
    for number, (request, verdict) in enumerate(zip(requests, verdicts, strict=True), 1):
        order_id = memory.next_sequence()
        link_id = orders[0].order_id if orders else order_id
        terms: Any = request.terms
        terms.link_id = link_id
        orders.append(
            new_order(memory, request, verdict, cause, order_id=order_id, client_order_id=f"{link_id}.{number}")
        )
    for order, verdict in zip(orders, verdicts, strict=True):
        if verdict.reason is None:
            memory.join_link(order, order.terms)  # type: ignore[arg-type]  # each has terms: it was made with them
            place_hold(memory, account, order, verdict.hold)
        else:
            memory.end_order(order)
        tell_decision(memory, account, order, cause)
    return orders


def close_position(memory: Memory, command: ClosePosition, cause: Cause) -> OrderAnswer | DoneAnswer:
    """Cancel the account's open sells of the instrument, and sell all whole lots at the market; or deny, and cancel nothing.

    It is denied too when nobody would buy a single lot: the sells may be all that protects the position.
    """
    account = own_account(memory, command.actor, command.account_id)
    instrument = known_instrument(memory, command.symbol)
    sells = _open_sells(memory, account, instrument)
    freed = _held_by(sells)
    balance = account.balances.get(instrument.base_id)
    lots = 0 if balance is None else (balance.total - balance.held + freed) // instrument.grid.lot
    if lots <= 0:
        return denied(cause, Reason.NOTHING_TO_CLOSE)
    request = Request(account, instrument, Side.SELL, OrderType.MARKET, TimeInForce.IOC, lots, 0)
    verdict = judge(memory, request, cause.now_ns, freed=freed)
    if verdict.reason is None:
        if not fillable_lots(memory, account, Side.SELL, instrument, verdict.limit_ticks, cause.now_ns):
            met = would_trade(memory, instrument, Side.SELL, verdict.limit_ticks, cause.now_ns)
            return denied(cause, Reason.SELF_TRADE if met else Reason.NO_LIQUIDITY)
        end_each(memory, sells, Reason.POSITION_CLOSED, cause)
    return place(memory, request, cause, verdict)


def _open_sells(memory: Memory, account: Account, instrument: Instrument) -> list[Order]:
    """Oldest first."""
    if not account.open_orders:
        return []
    found = [
        order
        for order in memory.orders.values()
        if order.account_id == account.account_id
        and order.side is Side.SELL
        and order.instrument is instrument
        and order.status in OPEN
    ]
    return sorted(found, key=lambda order: order.order_id)


def _held_by(orders: list[Order]) -> int:
    """What the orders take off what is available: of each link the largest hold."""
    held: dict[int, int] = {}
    for order in orders:
        link_id = 0 if order.terms is None else order.terms.link_id
        key = link_id or -order.order_id
        held[key] = max(held.get(key, 0), order.held)
    return sum(held.values())
