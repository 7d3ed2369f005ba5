"""The ticket's other types: each takes its own fields, ignores the others, and is asked of the engine as it was meant."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.commands.types import Leg, SubmitOrder, SubmitPair
from apps.orders.models import Order
from tests.engine.world import World
from tests.inprocess import InProcessEngine
from tests.web.test_ticket import HTMX, fields, submit, text_of

EVERYTHING = {
    "price": "95.00", "trigger_price": "96.00", "trail": "1.5", "trail_unit": "PERCENT", "expires_at": "2030-01-01T10:00",
    "target_price": "120.00", "stop_price": "80.00",
}  # fmt: skip


def asked(engine: InProcessEngine) -> dict[str, Any]:
    """What the one order that was sent says beyond side, quantity and id."""
    [command] = [each for each in engine.sent if isinstance(each, SubmitOrder)]
    names = ("order_type", "price", "trigger_price", "trail_amount", "trail_bps", "post_only", "reduce_only")
    return {name: getattr(command, name) for name in names if getattr(command, name) not in (None, False)}


def leg_of(leg: Leg | None) -> dict[str, Any] | None:
    """What was asked of one exit."""
    return None if leg is None else {name: value for name in leg.__struct_fields__ if (value := getattr(leg, name)) is not None}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("MARKET", {}),
        ("LIMIT", {"price": "95"}),
        ("STOP", {"trigger_price": "96"}),
        ("STOP_LIMIT", {"price": "95", "trigger_price": "96"}),
        ("TAKE_PROFIT", {"trigger_price": "96"}),
        ("TRAILING_STOP", {"trail_bps": 150}),
    ],
)
def test_each_type_takes_its_own_numbers_and_leaves_the_others(
    alice: Client, engine: InProcessEngine, code: str, wanted: dict[str, Any]
) -> None:
    response = submit(alice, **EVERYTHING, side="SELL", order_type=code)
    assert response.status_code == 200, text_of(response)
    assert asked(engine) == {"order_type": code, **wanted}


def test_a_waiting_order_is_told_in_words_and_found_in_the_history(alice: Client, engine: InProcessEngine) -> None:
    text = text_of(submit(alice, side="SELL", order_type="STOP", trigger_price="96.00"))
    assert "Order is waiting" in text and "waits outside the book" in text
    order = Order.objects.get()
    assert order.status == "WAITING"
    history = text_of(alice.get("/orders/"))
    assert "Waiting" in history and "waits for" in history and "96.00" in history
    page = text_of(alice.get(f"/orders/{order.pk}/"))
    assert "It waits until the market reaches 96.00." in page and "Waits for" in page


def test_a_trail_may_be_an_amount(alice: Client, engine: InProcessEngine) -> None:
    submit(alice, side="SELL", order_type="TRAILING_STOP", trail="2.50", trail_unit="AMOUNT")
    assert asked(engine) == {"order_type": "TRAILING_STOP", "trail_amount": "2.5"}
    assert "Follows the market" in text_of(alice.get(f"/orders/{Order.objects.get().pk}/"))


def test_a_pair_is_two_orders_that_name_each_other(alice: Client, engine: InProcessEngine) -> None:
    text = text_of(submit(alice, side="SELL", order_type="PAIR", price="105.00", trigger_price="95.00"))
    assert "The other order of the pair: order is waiting" in text
    [command] = [each for each in engine.sent if isinstance(each, SubmitPair)]
    assert (command.first.price, command.second.trigger_price) == ("105", "95")
    first, second = Order.objects.order_by("id")
    assert f"Stop {second.pk}" in text_of(alice.get(f"/orders/{first.pk}/"))
    again = submit(alice, side="SELL", order_type="PAIR", price="105.00", trigger_price="95.00")
    assert again.status_code == 200 and Order.objects.count() == 2, "sent twice, done once"
    other = submit(alice, side="SELL", order_type="PAIR", price="106.00", trigger_price="95.00")
    assert "This ticket was already sent" in text_of(other) and "ID_REUSED" in text_of(other)
    assert Order.objects.count() == 2, "the changed one was not sent"


def test_a_pair_may_be_post_only(alice: Client, engine: InProcessEngine) -> None:
    met = submit(alice, side="SELL", order_type="PAIR", price="99.00", trigger_price="95.00", post_only="on")
    assert "A post-only order may only rest" in text_of(met)
    rests = {"price": "105.00", "trigger_price": "95.00", "client_order_id": "rests"}
    submit(alice, side="SELL", order_type="PAIR", post_only="on", **rests)
    limit = Order.objects.get(status="ACCEPTED")
    assert "rests, or is not taken" in text_of(alice.get(f"/orders/{limit.pk}/"))


def test_exits_make_a_bracket_of_a_buy(alice: Client, world: World, engine: InProcessEngine) -> None:
    submit(alice, order_type="MARKET", target_price="110.00", stop_price="90.00")
    entry, target, stop = Order.objects.order_by("id")
    assert (target.order_type, target.price, stop.order_type) == ("LIMIT", Decimal("110.00000000"), "STOP")
    page = text_of(alice.get(f"/orders/{entry.pk}/"))
    assert "Target when it fills" in page and "Limit, at 110" in page and f"Stop {stop.pk}" in page


@pytest.mark.parametrize(
    ("typed", "target", "stop"),
    [
        ({"target_price": "110.00"}, {"order_type": "LIMIT", "price": "110"}, None),
        ({"target_type": "TAKE_PROFIT", "target_price": "110.00"}, {"order_type": "TAKE_PROFIT", "trigger_price": "110"}, None),
        ({"stop_price": "90.00"}, None, {"order_type": "STOP", "trigger_price": "90"}),
        (
            {"stop_type": "STOP_LIMIT", "stop_price": "90.00", "stop_limit_price": "89.00"},
            None,
            {"order_type": "STOP_LIMIT", "trigger_price": "90", "price": "89"},
        ),
        ({"stop_type": "TRAILING_STOP", "stop_trail": "2.5"}, None, {"order_type": "TRAILING_STOP", "trail_bps": 250}),
        (
            {
                "stop_type": "TRAILING_STOP",
                "stop_trail": "2.5",
                "stop_trail_unit": "AMOUNT",
                "stop_price": "what was typed before",
            },
            None,
            {"order_type": "TRAILING_STOP", "trail_amount": "2.5"},
        ),
    ],
)
def test_exits_are_asked_for_as_they_were_chosen_and_made_when_it_fills(
    alice: Client, engine: InProcessEngine, typed: dict[str, str], target: dict[str, Any] | None, stop: dict[str, Any] | None
) -> None:
    response = submit(alice, order_type="MARKET", **typed)
    assert response.status_code == 200, text_of(response)
    [command] = [each for each in engine.sent if isinstance(each, SubmitOrder)]
    assert command.bracket is not None
    assert leg_of(command.bracket.target) == target
    assert leg_of(command.bracket.stop) == stop
    entry, made = Order.objects.order_by("id")
    assert made.order_type == (target or stop or {})["order_type"]
    assert entry.status == "FILLED"


@pytest.mark.parametrize(
    ("typed", "stop"),
    [
        ({"trigger_price": "95.00"}, {"order_type": "STOP", "trigger_price": "95"}),
        (
            {"pair_stop": "STOP_LIMIT", "trigger_price": "95.00", "pair_limit_price": "94.00"},
            {"order_type": "STOP_LIMIT", "trigger_price": "95", "price": "94"},
        ),
        ({"pair_stop": "TRAILING_STOP", "trail": "5", "trigger_price": "x"}, {"order_type": "TRAILING_STOP", "trail_bps": 500}),
    ],
)
def test_a_pair_s_stop_may_be_any(alice: Client, engine: InProcessEngine, typed: dict[str, str], stop: dict[str, Any]) -> None:
    response = submit(alice, side="SELL", order_type="PAIR", price="105.00", **typed)
    assert response.status_code == 200, text_of(response)
    [command] = [each for each in engine.sent if isinstance(each, SubmitPair)]
    assert (leg_of(command.first), leg_of(command.second)) == ({"order_type": "LIMIT", "price": "105"}, stop)
    assert list(Order.objects.order_by("id").values_list("order_type", flat=True)) == ["LIMIT", stop["order_type"]]


def test_an_exit_on_the_wrong_side_is_marked_at_its_field(alice: Client) -> None:
    text = text_of(submit(alice, price="100.00", target_price="99.00"))
    assert "the target&#x27;s price must be above the entry&#x27;s" in text
    assert 'id="ticket-error-target_price" hx-swap-oob="true">the target' in text
    preview = text_of(alice.post("/orders/preview/", fields(price="100.00", stop_price="100.50"), headers=HTMX))
    assert 'id="ticket-error-stop_price" hx-swap-oob="true">the stop' in preview


def test_a_reduce_only_order_tells_what_it_was_cut_from(alice: Client, engine: InProcessEngine) -> None:
    submit(alice, side="SELL", price="104.00", quantity="500", reduce_only="on")
    order = Order.objects.get()
    assert order.quantity == 100
    assert "Cut from 500.000 to what there is to sell." in text_of(alice.get(f"/orders/{order.pk}/"))


def test_a_time_of_ones_choice_is_the_readers_own(alice: Client, world: World, engine: InProcessEngine) -> None:
    from datetime import UTC, datetime, timedelta

    soon = datetime.fromtimestamp(world.clock.now_ns() / 10**9, UTC) + timedelta(days=1)
    submit(alice, price="99.00", time_in_force="GTD", expires_at=soon.strftime("%Y-%m-%dT%H:%M"))
    [command] = [each for each in engine.sent if isinstance(each, SubmitOrder)]
    assert command.expires_at_ns == int(soon.replace(second=0, microsecond=0).timestamp()) * 10**9
    assert "Good until" in text_of(alice.get(f"/orders/{Order.objects.get().pk}/"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"order_type": "STOP", "trigger_price": ""}, "trigger_price must be"),
        ({"order_type": "STOP", "trigger_price": "96.005"}, "trigger_price must be a multiple of 0.01"),
        ({"order_type": "TRAILING_STOP", "trail": "100"}, "distance must be less than 100 %"),
        ({"order_type": "TRAILING_STOP", "trail": "1.005"}, "in steps of 0.01"),
        ({"order_type": "TRAILING_STOP", "trail": "x"}, "distance must be"),
        ({"time_in_force": "GTD"}, "good until must be a day and a time"),
        ({"time_in_force": "GTD", "expires_at": "tomorrow"}, "good until must be a day and a time"),
        ({"side": "BUY", "stop_price": "1e3"}, "stop_price must be"),
        ({"stop_type": "STOP_LIMIT", "stop_price": "90.00"}, "stop_limit_price must be"),
        ({"stop_type": "STOP_LIMIT", "stop_limit_price": "90.00"}, "stop_price must be"),
        ({"stop_type": "TRAILING_STOP", "stop_trail": "100"}, "distance must be less than 100 %"),
        ({"stop_type": "MARKET"}, "stop must be one of STOP, STOP_LIMIT, TRAILING_STOP"),
        ({"target_type": "STOP", "target_price": "110"}, "target must be one of LIMIT, TAKE_PROFIT"),
        ({"order_type": "PAIR", "side": "SELL", "trigger_price": ""}, "trigger_price must be"),
        ({"order_type": "PAIR", "side": "SELL", "trigger_price": "95", "pair_stop": "STOP_LIMIT"}, "pair_limit_price must be"),
        ({"order_type": "PAIR", "side": "SELL", "pair_stop": "TRAILING_STOP", "trail": "x"}, "distance must be"),
        ({"order_type": "ICEBERG"}, "order type must be one of"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_sent(
    alice: Client, engine: InProcessEngine, changes: dict[str, str], message: str
) -> None:
    response = submit(alice, **changes)
    assert response.status_code == 422
    assert message in text_of(response)
    assert engine.sent == []


def test_without_javascript_the_form_comes_back_with_what_was_typed(alice: Client, engine: InProcessEngine) -> None:
    response = alice.post("/orders/submit/", fields(order_type="STOP", trigger_price="9x", side="SELL", reduce_only="on"))
    assert response.status_code == 422
    text = text_of(response)
    assert 'value="9x"' in text and 'value="STOP" checked' in text and 'name="reduce_only" value="on" checked' in text
