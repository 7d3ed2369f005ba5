"""Asking the engine for changes to orders. Nothing is written here: what the engine answers has been committed by it."""

import time
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.accounts.selectors import AccountView
from apps.commands.answers import AnyAnswer, OrderAnswer, PairAnswer
from apps.commands.client import EngineUnavailableError, get_client, new_command_id
from apps.commands.outcomes import CommandOutcome, send_command, staff
from apps.commands.rate import RateLimit
from apps.commands.types import (
    Actor,
    AmendOrder,
    Bracket,
    CancelAll,
    CancelOrder,
    CloseId,
    ClosePosition,
    ForceCancelOrder,
    Leg,
    PreviewOrder,
    SetDeadMansSwitch,
    SubmitOrder,
    SubmitPair,
)
from apps.core.enums import OrderStatus, OrderType, Role, Side, TimeInForce
from apps.core.numbers import plain
from apps.observability.logs import correlation_id
from apps.observability.metrics import ORDERS_SUBMIT_SECONDS

#: Orders, amendments and cancels of one account together.
ORDER_RATE = RateLimit("orders", per_second=10)
PREVIEW_RATE = RateLimit("previews", per_second=5)
SWITCH_RATE = RateLimit("switch", per_second=5)
DEADLINE_S = 2.0
#: Of any id that the database can hold.
_ID_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Exit:
    """One exit of a bracket, or the stop of a pair; each number is None for a type that does not have it."""

    order_type: OrderType
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    trail_amount: Decimal | None = None
    trail_bps: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a customer asks for, checked for form; each number is None for a type that does not have it.

    ``target`` and ``stop`` are the exits of a bracket. ``is_pair``: a limit at ``price`` and ``stop``, one of which cancels the
    other.
    """

    client_order_id: str
    symbol: str
    side: Side
    order_type: OrderType
    quantity: Decimal
    price: Decimal | None
    time_in_force: TimeInForce
    trigger_price: Decimal | None = None
    trail_amount: Decimal | None = None
    trail_bps: int | None = None
    expires_at: datetime | None = None
    post_only: bool = False
    reduce_only: bool = False
    target: Exit | None = None
    stop: Exit | None = None
    is_pair: bool = False


def place_order(*, account: AccountView, ticket: Ticket) -> AnyAnswer:
    """Submit ``ticket`` and return the engine's answer: an order or a pair with its decision, a refusal, or a conflict of ids.

    Raises ``NotSentError`` (too fast, or trading is paused), and ``EngineUnavailableError`` when there was no answer in time:
    then the order may exist or not, and the same ticket may be sent again until there is one, for it can only ever be one order.
    """
    ORDER_RATE.check(account.id)
    command = pair_command(account, ticket) if ticket.is_pair else submit_command(account, ticket)
    started = time.monotonic()
    try:
        answer = get_client().send(command, deadline_s=DEADLINE_S)
    except EngineUnavailableError:
        ORDERS_SUBMIT_SECONDS.labels("unavailable").observe(time.monotonic() - started)
        raise
    ORDERS_SUBMIT_SECONDS.labels(_outcome(answer)).observe(time.monotonic() - started)
    return answer


def submit_command(account: AccountView, ticket: Ticket) -> SubmitOrder:
    """The command that asks for ``ticket``."""
    return SubmitOrder(
        command_id=ticket.client_order_id,
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        symbol=ticket.symbol,
        side=ticket.side,
        order_type=ticket.order_type,
        quantity=plain(ticket.quantity),
        price=_wire(ticket.price),
        time_in_force=ticket.time_in_force,
        trigger_price=_wire(ticket.trigger_price),
        trail_amount=_wire(ticket.trail_amount),
        trail_bps=ticket.trail_bps,
        expires_at_ns=_nanoseconds(ticket.expires_at),
        post_only=ticket.post_only,
        reduce_only=ticket.reduce_only,
        bracket=_bracket(ticket),
    )


def pair_command(account: AccountView, ticket: Ticket) -> SubmitPair:
    """The command that asks for a pair: its limit, and its stop."""
    if ticket.stop is None:
        raise ValueError("a pair has a stop")
    return SubmitPair(
        command_id=ticket.client_order_id,
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        symbol=ticket.symbol,
        side=ticket.side,
        quantity=plain(ticket.quantity),
        first=_leg(Exit(OrderType.LIMIT, price=ticket.price)),
        second=_leg(ticket.stop),
        time_in_force=ticket.time_in_force,
        expires_at_ns=_nanoseconds(ticket.expires_at),
        post_only=ticket.post_only,
    )


def _bracket(ticket: Ticket) -> Bracket | None:
    if ticket.target is None and ticket.stop is None:
        return None
    return Bracket(
        target=None if ticket.target is None else _leg(ticket.target), stop=None if ticket.stop is None else _leg(ticket.stop)
    )


def _leg(asked: Exit) -> Leg:
    return Leg(
        order_type=asked.order_type,
        price=_wire(asked.price),
        trigger_price=_wire(asked.trigger_price),
        trail_amount=_wire(asked.trail_amount),
        trail_bps=asked.trail_bps,
    )


def _nanoseconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp()) * 1_000_000_000


def close_position(*, account: AccountView, symbol: str, command_id: str) -> AnyAnswer:
    """Sell all of the instrument at the market, and cancel what was to sell it before. Raises as :func:`place_order` does."""
    ORDER_RATE.check(account.id)
    command = ClosePosition(
        command_id=command_id,
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        symbol=symbol,
    )
    return get_client().send(command, deadline_s=DEADLINE_S)


#: The last instant of an order that closes an id: long over, whatever anybody's clock says.
CLOSED_AT_NS = 1000


def close_lost_id(
    *, account: AccountView, client_order_id: str, symbol: str, side: Side, quantity: Decimal, price: Decimal
) -> AnyAnswer:
    """Make sure that an order whose answer was lost is never done later: take its id for an order that is over when it comes.

    An id is decided once and for ever. Either this takes it, is stored as denied or rejected, and the lost order would be a
    conflict whenever it came; or the lost order was first, and this is the conflict. Raises as :func:`place_order` does.
    """
    ORDER_RATE.check(account.id)
    command = SubmitOrder(
        command_id=client_order_id,
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        symbol=symbol,
        side=side,
        order_type=OrderType.LIMIT,
        quantity=plain(quantity),
        price=plain(price),
        time_in_force=TimeInForce.GTD,
        expires_at_ns=CLOSED_AT_NS,
    )
    return get_client().send(command, deadline_s=DEADLINE_S)


def close_id(*, account: AccountView, command_id: str) -> AnyAnswer:
    """The same for what is no order: an amendment, a cancel of all, a closing. Done, it is denied as ``NEVER_RECEIVED``; a
    conflict says that the id was taken, by the lost one itself. Raises as :func:`place_order` does.
    """
    ORDER_RATE.check(account.id)
    command = CloseId(command_id=command_id, actor=_owner(account), correlation_id=correlation_id(), account_id=account.id)
    return get_client().send(command, deadline_s=DEADLINE_S)


def preview_order(*, account: AccountView, ticket: Ticket) -> AnyAnswer:
    """What ``ticket`` would do if it were sent now: a preview or a refusal. Nothing is stored, and its id is not used up.

    Raises as :func:`place_order` does.
    """
    PREVIEW_RATE.check(account.id)
    order = submit_command(account, ticket)
    command = PreviewOrder(command_id=new_command_id(), actor=order.actor, correlation_id=order.correlation_id, order=order)
    return get_client().send(command, deadline_s=DEADLINE_S)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an order is to be from now on, as plain numbers; None leaves as it is. ``quantity`` counts what is filled."""

    order_id: int
    command_id: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    trigger_price: Decimal | None = None


def amend_order(*, account: AccountView, amendment: Amendment) -> AnyAnswer:
    """Change an open order in place. Raises as :func:`place_order` does; sent again with its id, it is done once."""
    ORDER_RATE.check(account.id)
    command = AmendOrder(
        command_id=amendment.command_id,
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        order_id=amendment.order_id,
        quantity=_wire(amendment.quantity),
        price=_wire(amendment.price),
        trigger_price=_wire(amendment.trigger_price),
    )
    return get_client().send(command, deadline_s=DEADLINE_S)


def cancel_all(*, account: AccountView, command_id: str, symbol: str = "", side: Side | None = None) -> AnyAnswer:
    """Cancel every open order of the account, of one instrument or one side where it is named. Raises as the others do."""
    ORDER_RATE.check(account.id)
    command = CancelAll(
        command_id=command_id,
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        symbol=symbol or None,
        side=side,
    )
    return get_client().send(command, deadline_s=DEADLINE_S)


def set_dead_mans_switch(*, account: AccountView, seconds: int) -> AnyAnswer:
    """Have all open orders canceled unless this is called again within ``seconds``; 0 switches that off.

    Doing it again is what it is for, so each call has an id of its own. Raises as the others do.
    """
    SWITCH_RATE.check(account.id)
    command = SetDeadMansSwitch(
        command_id=new_command_id(),
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        seconds=seconds,
    )
    return get_client().send(command, deadline_s=DEADLINE_S)


def _owner(account: AccountView) -> Actor:
    return Actor(user_id=account.user_id, role=Role.CUSTOMER)


def _wire(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _outcome(answer: AnyAnswer) -> str:
    """The label that the metric knows the answer by; "refused" is what was never stored: bad input, or an id used before."""
    if isinstance(answer, PairAnswer):
        answer = answer.orders[0]
    if not isinstance(answer, OrderAnswer):
        return "refused"
    return {OrderStatus.DENIED: "denied", OrderStatus.REJECTED: "rejected"}.get(answer.status, "accepted")


def cancel_id(account_id: int, order_id: int) -> str:
    """The id of the one cancel that an order can have, whichever door it comes through."""
    return f"cancel-{account_id}-{order_id}"


def order_of_cancel(account_id: int, command_id: str) -> int | None:
    """The order that a cancel with this id is for; None when it is no id of a cancel of the account's own."""
    order_id = command_id.removeprefix(f"cancel-{account_id}-")
    is_number = order_id.isdigit() and len(order_id) <= _ID_DIGITS_MAX
    return int(order_id) if order_id != command_id and is_number else None


def cancel_order(*, account: AccountView, order_id: int) -> AnyAnswer:
    """Cancel what is left of an order. Its id is made from the order's, so that a second click asks for the same thing.

    Raises as :func:`place_order` does.
    """
    ORDER_RATE.check(account.id)
    command = CancelOrder(
        command_id=cancel_id(account.id, order_id),
        actor=_owner(account),
        correlation_id=correlation_id(),
        account_id=account.id,
        order_id=order_id,
    )
    return get_client().send(command, deadline_s=DEADLINE_S)


def force_cancel(*, account_id: int, order_id: int, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    """Cancel a customer's order as the venue; the customer reads the reason in the order's timeline.

    ``actor_id`` is the member of staff who asks, whose right to do so the caller has checked. The reference is the order.
    """
    command = ForceCancelOrder(
        command_id=command_id,
        actor=staff(actor_id),
        correlation_id=correlation_id(),
        account_id=account_id,
        order_id=order_id,
        reason=reason,
    )
    return send_command(command).when_done(f"Order {order_id} is canceled.")
