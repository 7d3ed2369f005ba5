"""Orders that wait, pairs and brackets through the session and PostgreSQL: repeats, restarts, the books, and replays."""

from typing import Any

import pytest

from apps.commands.answers import ConflictAnswer, OrderAnswer, PairAnswer
from apps.commands.types import Actor, Bracket, ClosePosition, Leg, SubmitOrder, SubmitPair
from apps.core.enums import OrderType, Role, Side, TimeInForce
from apps.engine.matching.state import HouseQuote
from apps.engine.repeats import Recent
from apps.orders.models import Order, OrderTerms
from tests.engine.world import SYMBOL, World, configure

pytestmark = pytest.mark.django_db

DAY_NS = 86_400_000_000_000
BOTH = Bracket(
    target=Leg(order_type=OrderType.LIMIT, price="108"), stop=Leg(order_type=OrderType.TRAILING_STOP, trail_bps=300)
)


def order(world: World, **fields: Any) -> SubmitOrder:
    kind = OrderType(fields.pop("kind"))
    side, quantity = fields.pop("side", "SELL"), fields.pop("quantity", "1")
    return world.order(world.alice, side, quantity, fields.pop("price", None), order_type=kind, **fields)


def pair(world: World, command_id: str, quantity: str = "2") -> SubmitPair:
    return SubmitPair(
        command_id=command_id,
        actor=Actor(world.alice.user_id, Role.CUSTOMER),
        account_id=world.alice.pk,
        symbol=SYMBOL,
        side=Side.SELL,
        quantity=quantity,
        first=Leg(order_type=OrderType.LIMIT, price="105"),
        second=Leg(order_type=OrderType.STOP, trigger_price="95"),
    )


def close(world: World, command_id: str) -> ClosePosition:
    actor = Actor(world.alice.user_id, Role.CUSTOMER)
    return ClosePosition(command_id=command_id, actor=actor, account_id=world.alice.pk, symbol=SYMBOL)


def move(world: World, bid: str, ask: str) -> None:
    """The feed's quote, and what it sets off."""
    world.clock.advance_ns(1_000_001)
    crossed = world.quote(bid, ask)
    if crossed is not None:
        world.session.process_raw([], world.clock.now_ns(), [crossed])


def is_sound(world: World) -> bool:
    assert world.violations() == []
    assert world.replay() == []
    return True


ASKED: dict[str, dict[str, Any]] = {
    "stop": {"kind": "STOP", "trigger_price": "95.50"},
    "stop buy": {"kind": "STOP", "side": "BUY", "trigger_price": "105"},
    "stop limit": {"kind": "STOP_LIMIT", "trigger_price": "95", "price": "94.9"},
    "trail by an amount": {"kind": "TRAILING_STOP", "trail_amount": "2.5"},
    "trail by a part": {"kind": "TRAILING_STOP", "trail_bps": 250, "side": "BUY"},
    "take profit": {"kind": "TAKE_PROFIT", "trigger_price": "110"},
    "reduce only, cut": {"kind": "LIMIT", "price": "104", "quantity": "500", "reduce_only": True},
    "reduce only, denied": {"kind": "LIMIT", "price": "96", "side": "BUY", "reduce_only": True},
    "post only": {"kind": "LIMIT", "price": "104", "post_only": True},
    "until a day": {"kind": "LIMIT", "price": "104", "time_in_force": TimeInForce.GTD, "expires_at_ns": 1},
    "bracket": {"kind": "MARKET", "side": "BUY", "bracket": BOTH},
    "bracket that rests": {"kind": "LIMIT", "side": "BUY", "price": "97", "bracket": BOTH},
    "reached": {"kind": "STOP", "trigger_price": "101"},
    "too far": {"kind": "TRAILING_STOP", "trail_amount": "100"},
}


@pytest.mark.parametrize("name", ASKED)
def test_the_same_again_gets_the_same_answer_whatever_happened_since(world: World, name: str) -> None:
    fields = dict(ASKED[name])
    if "expires_at_ns" in fields:
        fields["expires_at_ns"] = world.clock.now_ns() + DAY_NS + 999
    command = order(world, command_id="same", **fields)
    [wire] = process(world, command)
    move(world, "96.00", "98.00")
    move(world, "88.00", "90.00")
    world.session._recent_orders = Recent()
    assert process(world, command) == [wire]
    world.restart()
    move(world, "99.00", "101.00")
    assert process(world, command) == [wire]
    for changed in different(command):
        assert isinstance(world.do(changed), ConflictAnswer), changed
    assert is_sound(world)


def process(world: World, *commands: Any) -> list[bytes]:
    from apps.engine.session import _encoder
    from apps.engine.steps import Request

    world.clock.advance_ns(1_000_001)
    return world.session.process_raw([Request(each, _encoder.encode(each)) for each in commands], world.clock.now_ns())


def different(command: SubmitOrder) -> list[SubmitOrder]:
    """The same id, and each field that the order has asked otherwise."""
    from msgspec.structs import replace

    changes: list[dict[str, Any]] = [{"quantity": "3"}, {"reduce_only": not command.reduce_only}]
    for name in ("price", "trigger_price", "trail_amount"):
        if getattr(command, name) is not None:
            changes.append({name: "77"})
    if command.trail_bps is not None:
        changes.append({"trail_bps": 251})
    if command.expires_at_ns is not None:
        changes.append({"expires_at_ns": command.expires_at_ns + 1000})
    if command.bracket is not None:
        changes += [{"bracket": None}, {"bracket": Bracket(target=BOTH.target)}]
    return [replace(command, **change) for change in changes]


def test_a_pair_and_a_closing_are_answered_again_from_their_records(world: World) -> None:
    [wire] = process(world, pair(world, "both"))
    world.submit(world.bob, "BUY", "1", "105")
    [closing] = process(world, close(world, "out"))
    world.restart()
    assert process(world, pair(world, "both"), close(world, "out")) == [wire, closing]
    assert isinstance(world.do(pair(world, "both", "3")), ConflictAnswer)
    assert is_sound(world)


def test_the_id_of_an_order_is_not_taken_by_closing_nor_the_other_way_round(world: World) -> None:
    world.submit(world.alice, "SELL", "1", "105", command_id="one")
    assert isinstance(world.do(close(world, "one")), ConflictAnswer)
    assert isinstance(world.do(close(world, "two")), OrderAnswer)
    assert isinstance(world.submit(world.alice, "SELL", "1", "105", command_id="two"), ConflictAnswer)
    world.restart()
    world.quote("99.00", "101.00")
    assert isinstance(world.do(close(world, "one")), ConflictAnswer)
    assert isinstance(world.submit(world.alice, "SELL", "1", "105", command_id="two"), ConflictAnswer)
    first, second = world.batch(close(world, "three"), world.order(world.alice, "SELL", "1", "105", command_id="three"))
    assert isinstance(first, OrderAnswer) and isinstance(second, ConflictAnswer), "in one batch, too"
    assert is_sound(world)


def test_what_waits_is_stored_and_goes_on_after_a_restart(world: World) -> None:
    stop = world.do(order(world, kind="STOP", trigger_price="95"))
    trail = world.do(order(world, kind="TRAILING_STOP", trail_amount="2"))
    stored = Order.objects.get(pk=stop.order_id)
    assert (stored.status, stored.price, f"{stored.held:f}") == ("WAITING", None, "1.00000000")
    assert OrderTerms.objects.get(pk=trail.order_id).trigger_price == 98
    move(world, "102.00", "104.00")
    assert OrderTerms.objects.get(pk=trail.order_id).trigger_price == 101
    world.restart()
    watch = world.session.venue.watches[1]
    assert sorted(watch.orders) == [stop.order_id, trail.order_id]
    move(world, "99.90", "101.90")
    assert set(Order.objects.filter(pk__in=[stop.order_id, trail.order_id]).values_list("id", "status")) == {
        (stop.order_id, "WAITING"),
        (trail.order_id, "FILLED"),
    }
    world.restart()
    move(world, "94.00", "96.00")
    assert Order.objects.get(pk=stop.order_id).status == "FILLED"
    assert is_sound(world)


def test_a_pair_shares_its_hold_across_restarts(world: World) -> None:
    answer = world.do(pair(world, "both"))
    assert isinstance(answer, PairAnswer) and not answer.reason
    world.submit(world.bob, "BUY", "0.5", "100.99")  # below the house: it rests
    world.restart()
    move(world, "104.00", "106.00")
    world.submit(world.bob, "BUY", "0.5", "105")
    limit, stop = (Order.objects.get(pk=each.order_id) for each in answer.orders)
    assert (limit.status, f"{limit.filled_quantity:f}") == ("PARTIALLY_FILLED", "0.50000000")
    assert (stop.status, f"{stop.quantity:f}") == ("WAITING", "1.50000000")
    assert world.violations() == []
    world.restart()
    move(world, "94.00", "96.00")
    limit.refresh_from_db()
    stop.refresh_from_db()
    assert (limit.status, limit.reason) == ("CANCELED", "LINKED_ORDER_TRIGGERED")
    assert stop.status == "FILLED"
    assert is_sound(world)


def test_a_bracket_lives_through_restarts_at_every_step(world: World) -> None:
    entry = world.submit(world.alice, "BUY", "2", "98", bracket=BOTH)
    world.restart()
    move(world, "99.00", "101.00")
    world.submit(world.bob, "SELL", "0.5", "98")  # the house bids more: it meets it
    move(world, "97.10", "98.20")
    world.submit(world.bob, "SELL", "0.5", "98")
    exits = list(Order.objects.filter(terms__parent_id=entry.order_id).order_by("id"))
    assert [(each.order_type, each.status, f"{each.quantity:f}") for each in exits] == [
        ("LIMIT", "ACCEPTED", "0.50000000"),
        ("TRAILING_STOP", "WAITING", "0.50000000"),
    ]
    world.restart()
    move(world, "97.10", "98.20")
    world.submit(world.bob, "SELL", "0.25", "98")
    world.restart()
    quantities = Order.objects.filter(terms__parent_id=entry.order_id).values_list("quantity", flat=True)
    assert {f"{quantity:f}" for quantity in quantities} == {"0.75000000"}
    move(world, "90.00", "92.00")
    assert not Order.objects.filter(status__in=["WAITING", "ACCEPTED", "PARTIALLY_FILLED"]).exists()
    assert is_sound(world)


def test_a_refused_trail_without_a_reference_is_stored_without_a_trigger(world: World) -> None:
    world.clock.advance_ns(31_000_000_000)
    answer = world.do(order(world, kind="TRAILING_STOP", trail_bps=100))
    assert (answer.status, answer.reason) == ("DENIED", "STALE_PRICE")
    assert not OrderTerms.objects.filter(pk=answer.order_id).exists()
    assert is_sound(world)


def test_a_trail_that_leads_beyond_all_prices_is_denied_and_not_an_engines_end(world: World) -> None:
    """Regression: no column takes such a trigger, so the engine ended, and the next one with the same request again."""
    world.do(configure("DEAR-USD", tick_size="1", lot_size="0.00000001", max_quantity="1", max_notional="999999999999"))
    now_ns = world.clock.now_ns()
    quote = HouseQuote("test", world.epoch, 1, now_ns, now_ns, 899_999_999_999, 900_000_000_001, 10, 10)
    world.session.on_quote("DEAR-USD", quote, now_ns)
    trail = {"order_type": OrderType.TRAILING_STOP, "symbol": "DEAR-USD", "trail_bps": 9_999}
    assert world.submit(world.alice, "BUY", "0.00000001", None, **trail).reason == "PRICE_COLLAR"
    assert world.submit(world.alice, "BUY", "0.00000001", None, **(trail | {"trail_bps": 1_000})).status == "WAITING"
    assert world.violations() == [] and world.replay() == []
