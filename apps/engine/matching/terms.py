"""Reading what a command asks beyond side, quantity and price. Each function raises Refusal or NumberFormatError."""

from apps.commands.reasons import Reason
from apps.commands.types import Bracket, Leg, SubmitOrder, SubmitPair
from apps.core.enums import OrderType, Side, TimeInForce
from apps.core.numbers import parse_positive, shown
from apps.core.units import Grid
from apps.engine.matching.answers import check_between, read_ticks
from apps.engine.matching.memory import Refusal
from apps.engine.matching.state import Exit, Terms, whole_microseconds
from apps.engine.matching.watch import BPS

LIMIT, MARKET, TRAILING_STOP = OrderType.LIMIT, OrderType.MARKET, OrderType.TRAILING_STOP
PRICED = frozenset({LIMIT, OrderType.STOP_LIMIT})
TRIGGERED = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT})
#: Wait outside the book until the reference reaches their trigger.
WAITING_TYPES = TRIGGERED | {TRAILING_STOP}
TARGETS = frozenset({LIMIT, OrderType.TAKE_PROFIT})
STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, TRAILING_STOP})
#: An order that is not filled at once and stays.
LASTING = frozenset({TimeInForce.GTC, TimeInForce.DAY, TimeInForce.GTD})
DAY_NS = 86_400_000_000_000
GTD_NS_MAX = 90 * DAY_NS


def is_plain(command: SubmitOrder) -> bool:
    """Whether the order has no terms; most have none, and only this is asked of them."""
    return (
        (command.order_type is LIMIT or (command.order_type is MARKET and command.time_in_force is not TimeInForce.DAY))
        and command.time_in_force is not TimeInForce.GTD
        and command.expires_at_ns is None
        and command.bracket is None
        and not command.post_only
        and not command.reduce_only
        and command.trigger_price is None
        and command.trail_amount is None
        and command.trail_bps is None
    )


def read_terms(grid: Grid, command: SubmitOrder, now_ns: int) -> tuple[int, Terms]:
    """(limit in ticks or 0, terms). The priority is not known yet; nor is the trigger of a trailing stop."""
    check_lasts(command.order_type, command.time_in_force)
    leg = read_leg(grid, command)
    terms = Terms(
        priority=0,
        trigger_ticks=leg.trigger_ticks,
        trail_ticks=leg.trail_ticks,
        trail_bps=leg.trail_bps,
        expires_ns=read_expiry(command, now_ns),
        post_only=command.post_only is True,
        reduce_only=command.reduce_only is True,
    )
    if terms.post_only and (leg.order_type is not LIMIT or command.time_in_force not in LASTING):
        raise Refusal(Reason.INVALID_FIELD, "post_only must be of a limit order that may rest", "post_only", "true")
    if command.bracket is not None:
        if command.side is not Side.BUY or terms.reduce_only:
            raise Refusal(Reason.INVALID_FIELD, "bracket must be of an order that buys", "bracket", shown(command.side))
        terms.target, terms.stop = read_bracket(grid, command.bracket)
        check_around(leg.ticks or leg.trigger_ticks, terms.target, terms.stop)
    return leg.ticks, terms


def read_expiry(command: SubmitOrder | SubmitPair, now_ns: int) -> int:
    """The last instant of a GTD order, in whole microseconds, as it is stored; 0 for any other."""
    expires_ns = command.expires_at_ns
    if (expires_ns is not None) is not (command.time_in_force is TimeInForce.GTD):
        rule = "expires_at_ns must be given with GTD, and with nothing else"
        raise Refusal(Reason.INVALID_FIELD, rule, "expires_at_ns", shown(str(expires_ns)))
    if expires_ns is None:
        return 0
    if not 0 < expires_ns <= now_ns + GTD_NS_MAX:
        rule = f"expires_at_ns must be at most {GTD_NS_MAX // DAY_NS} days from now, was {shown(str(expires_ns))}"
        raise Refusal(Reason.INVALID_FIELD, rule, "expires_at_ns", shown(str(expires_ns)))
    return max(1000, whole_microseconds(expires_ns))


def check_lasts(order_type: OrderType, time_in_force: TimeInForce) -> None:
    """That the time in force fits the type."""
    if type(order_type) is not OrderType or type(time_in_force) is not TimeInForce:
        raise Refusal(Reason.INVALID_FIELD, "order_type and time_in_force must be members of their enums", "order_type")
    if order_type in WAITING_TYPES and time_in_force not in LASTING:
        message = f"time_in_force of an order that waits must be one of GTC, DAY, GTD, was {time_in_force}"
        raise Refusal(Reason.INVALID_FIELD, message, "time_in_force", time_in_force)
    if order_type is MARKET and time_in_force in LASTING and time_in_force is not TimeInForce.GTC:
        message = f"time_in_force of a market order must be one of GTC, IOC, FOK, was {time_in_force}"
        raise Refusal(Reason.INVALID_FIELD, message, "time_in_force", time_in_force)


def read_leg(grid: Grid, leg: Leg | SubmitOrder) -> Exit:
    """The prices that the type needs, each given when it must be and only then."""
    kind = leg.order_type
    if type(kind) is not OrderType:
        raise Refusal(Reason.INVALID_FIELD, "order_type must be a member of its enum", "order_type")
    _check_given(leg, "price", kind in PRICED)
    _check_given(leg, "trigger_price", kind in TRIGGERED)
    if kind is not TRAILING_STOP:
        _check_given(leg, "trail_amount", False)
        _check_given(leg, "trail_bps", False)
    elif (leg.trail_amount is None) is (leg.trail_bps is None):
        message = "a trailing stop order must have one of trail_amount and trail_bps"
        raise Refusal(Reason.INVALID_FIELD, message, "trail_amount", shown(leg.trail_amount or ""))
    if leg.trail_bps is not None:
        check_between(leg.trail_bps, "trail_bps", 1, BPS - 1)
    return Exit(
        kind,
        0 if leg.price is None else read_ticks(grid, leg.price),
        _ticks(grid, leg.trigger_price, "trigger_price"),
        _ticks(grid, leg.trail_amount, "trail_amount"),
        leg.trail_bps or 0,
    )


def _ticks(grid: Grid, price: str | None, field: str) -> int:
    return 0 if price is None else grid.ticks(parse_positive(price, field), field)


def _check_given(leg: Leg | SubmitOrder, field: str, wanted: bool) -> None:
    value = getattr(leg, field)
    if (value is not None) is wanted:
        return
    words = f"a {leg.order_type.lower().replace('_', ' ')} order"
    if wanted:
        raise Refusal(Reason.INVALID_FIELD, f"{field} must be given with {words}", field)
    given = shown(str(value))
    raise Refusal(Reason.INVALID_FIELD, f"{field} must not be given with {words}, was {given}", field, given)


def read_bracket(grid: Grid, bracket: Bracket) -> tuple[Exit | None, Exit | None]:
    """(target, stop), of which at least one is there."""
    if bracket.target is None and bracket.stop is None:
        raise Refusal(Reason.INVALID_FIELD, "bracket must have a target, a stop, or both", "bracket")
    target = None if bracket.target is None else read_leg(grid, bracket.target)
    stop = None if bracket.stop is None else read_leg(grid, bracket.stop)
    if target is not None and target.order_type not in TARGETS:
        message = f"target must be a LIMIT or a TAKE_PROFIT, was {target.order_type}"
        raise Refusal(Reason.INVALID_FIELD, message, "target", target.order_type)
    if stop is not None and stop.order_type not in STOPS:
        message = f"stop must be a STOP, a STOP_LIMIT or a TRAILING_STOP, was {stop.order_type}"
        raise Refusal(Reason.INVALID_FIELD, message, "stop", stop.order_type)
    return target, stop


def check_around(entry_ticks: int, target: Exit | None, stop: Exit | None) -> None:
    """The target is above the entry's price and the stop below it; an entry without one (0) is judged by the reference."""
    if entry_ticks and target is not None and (target.ticks or target.trigger_ticks) <= entry_ticks:
        raise Refusal(Reason.INVALID_FIELD, "the target's price must be above the entry's", "target")
    if entry_ticks and stop is not None and stop.trigger_ticks >= entry_ticks:
        raise Refusal(Reason.INVALID_FIELD, "the stop's trigger must be below the entry's price", "stop")


def read_pair(grid: Grid, command: SubmitPair, now_ns: int) -> tuple[tuple[Exit, Terms], tuple[Exit, Terms]]:
    """Both orders of a pair: one of them at most is a LIMIT, which rests; the others wait."""
    legs = (read_leg(grid, command.first), read_leg(grid, command.second))
    if any(leg.order_type is MARKET for leg in legs) or all(leg.order_type is LIMIT for leg in legs):
        message = "a pair must be of orders that wait, one of them at most a LIMIT"
        raise Refusal(Reason.INVALID_FIELD, message, "second", legs[1].order_type)
    if command.time_in_force not in LASTING:
        message = f"time_in_force of a pair must be one of GTC, DAY, GTD, was {shown(command.time_in_force)}"
        raise Refusal(Reason.INVALID_FIELD, message, "time_in_force", shown(command.time_in_force))
    for leg in legs:
        check_lasts(leg.order_type, command.time_in_force)
    expires_ns = read_expiry(command, now_ns)
    if command.post_only and all(leg.order_type is not LIMIT for leg in legs):
        raise Refusal(Reason.INVALID_FIELD, "post_only must be of a pair with a limit order, which may rest", "post_only", "true")
    first, second = (
        (leg, Terms(0, leg.trigger_ticks, leg.trail_ticks, leg.trail_bps, expires_ns, post_only=rests))
        for leg, rests in ((leg, command.post_only and leg.order_type is LIMIT) for leg in legs)
    )
    return first, second
