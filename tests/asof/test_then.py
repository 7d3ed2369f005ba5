"""What is rebuilt of an instant is what the engine had in memory then: book, holds and totals, after every command of a mess."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.core.enums import OrderType, Side, TimeInForce
from apps.instruments.models import Instrument
from apps.ledger.selectors_then import list_totals_before
from apps.orders import selectors_then
from apps.orders.models import AccountEvent
from apps.orders.selectors_then import held_together, list_open_before, list_resting_before
from tests.engine.world import SYMBOL, World

UNIT = Decimal(10) ** -8
Memory = dict[str, Any]


def book_of(world: World) -> set[tuple[int, int, str, Decimal, Decimal]]:
    """The orders in the engine's own book."""
    (book,) = world.session.venue.books.values()
    return {
        (order.order_id, order.account_id, str(side), Decimal(order.ticks) / 100, Decimal(order.lots - order.filled_lots) / 1000)
        for side in Side
        for level in book.side(side).levels()
        for order in level.orders.values()
    }


def money_of(world: World, account: Account) -> dict[int, tuple[Decimal, Decimal]]:
    balances = world.session.venue.accounts[account.pk].balances.values()
    return {b.asset_id: (b.total * UNIT, b.held * UNIT) for b in balances if b.total or b.held}


def memory_of(world: World) -> Memory:
    return {
        "before": world.session.venue.sequence + 1,
        "book": book_of(world),
        "money": {account.pk: money_of(world, account) for account in (world.alice, world.bob)},
    }


def rebuilt_money(account_id: int, before: int, at: Any) -> dict[int, tuple[Decimal, Decimal]]:
    instrument = Instrument.objects.get(symbol=SYMBOL)
    orders = list_open_before(account_id, before, at).orders
    held = {
        instrument.quote_id: held_together([order for order in orders if order.side is Side.BUY]),
        instrument.base_id: held_together([order for order in orders if order.side is Side.SELL]),
    }
    totals = {each.asset.id: each.total for each in list_totals_before(account_id, before)}
    return {asset: (totals[asset], held.get(asset, Decimal(0))) for asset in totals if totals[asset] or held.get(asset)}


def live(world: World, chance: Random, steps: int) -> list[Memory]:
    """Orders of every kind, cancels, amendments and quotes; what the engine had after each of them."""
    memories, orders = [], []
    for _ in range(steps):
        account = chance.choice([world.alice, world.bob])
        price = f"{chance.randint(9850, 10150) / 100:.2f}"
        side, kind = chance.choice(["BUY", "SELL"]), chance.random()
        if kind < 0.55:
            answer = world.submit(account, side, str(chance.randint(1, 9)), price)
        elif kind < 0.65:
            answer = world.submit(account, side, "2", None, time_in_force=TimeInForce.IOC)
        elif kind < 0.75:
            trigger = "104.00" if side == "BUY" else "96.00"
            answer = world.submit(account, side, "1", None, order_type=OrderType.STOP, trigger_price=trigger)
        elif kind < 0.85 and orders:
            answer = world.amend(*chance.choice(orders), quantity=str(chance.randint(5, 12)), price=price)
        elif kind < 0.93 and orders:
            answer = world.cancel(*chance.choice(orders))
        else:
            mid = chance.randint(9930, 10070)
            crossed = world.quote(f"{(mid - 60) / 100:.2f}", f"{(mid + 60) / 100:.2f}", chance.randint(1_000, 9_000))
            world.clock.advance_ns(1_000_000)
            world.session.process_raw([], world.clock.now_ns(), [] if crossed is None else [crossed])
            answer = None
        if getattr(answer, "order_id", None):
            orders.append((account, answer.order_id))
        memories.append(memory_of(world))
    return memories


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_instant_of_a_mess_is_rebuilt_as_it_was(world: World, seed: int) -> None:
    memories = live(world, Random(seed), 90)
    instrument_id = Instrument.objects.get(symbol=SYMBOL).pk
    newest = AccountEvent.objects.order_by("-id").first()
    assert newest is not None
    depths = 0
    for memory in memories:
        before = memory["before"]
        known = AccountEvent.objects.filter(id__lt=before).order_by("-id").first()
        assert known is not None
        then = list_resting_before(instrument_id, before, known.at)
        assert then.since is None
        found = {(o.id, o.account_id, str(o.side), o.price, o.leaves_quantity) for o in then.orders}
        assert found == memory["book"], before
        depths = max(depths, len(found))
        for account_id, money in memory["money"].items():
            assert rebuilt_money(account_id, before, known.at) == money, (before, account_id)
    assert depths > 5, "the book was never more than a handful: this showed nothing"
    assert world.violations() == []


def test_what_a_bound_may_have_hidden_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old order that rested then and has ended long since is out of reach; whoever asks is told from where on it is whole."""
    old = world.submit(world.alice, "BUY", "1", "95.00")
    for number in range(6):
        world.submit(world.bob, "BUY", "1", f"9{number}.00")
    moment = world.submit(world.bob, "BUY", "1", "94.50")
    at = AccountEvent.objects.get(order_id=moment.order_id).at
    for _ in range(6):
        world.submit(world.bob, "SELL", "1", "120.00")
    world.cancel(world.alice, old.order_id)
    instrument_id = Instrument.objects.get(symbol=SYMBOL).pk
    whole = list_resting_before(instrument_id, moment.order_id, at)
    assert whole.since is None and old.order_id in {order.id for order in whole.orders}
    bounded = {"WALK_MAX": 3, "LATER_MAX": 4}
    statement = selectors_then._CANDIDATES_OF_BOOK
    for name, number in bounded.items():
        statement = statement.replace(str(getattr(selectors_then, name)), str(number))
    monkeypatch.setattr(selectors_then, "_CANDIDATES_OF_BOOK", statement)
    cut = list_resting_before(instrument_id, moment.order_id, at)
    assert old.order_id not in {order.id for order in cut.orders}
    assert cut.since is not None and cut.since < at
    assert len(cut.orders) == len(whole.orders) - 1, "what is open still is found however old it is"
