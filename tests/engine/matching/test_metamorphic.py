"""What must not matter does not: how an order is split, what happens meanwhile in other instruments, in which unit quantities are
counted, and who the accounts are."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import pytest

from apps.commands.types import Leg
from apps.core.enums import OrderType
from apps.engine.matching.changes import Changes
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, FEES, HOUSE, Market, acme

PARTIES = (ALICE, BOB, CHARLIE, HOUSE, FEES)


def filled_market() -> Market:
    """Fees come out even at these numbers, so that splitting cannot round differently."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        for asset in ("USD", "ACME", "BETA"):
            market.fund(account, "100000", asset)
    for symbol in ("ACME", "BETA"):
        market.quote(9_990, 10_010, symbol=symbol)
    for offset in range(4):
        market.submit(BOB, "SELL", "30", f"100.0{offset + 5}")
        market.submit(CHARLIE, "SELL", "20", f"100.0{offset + 5}")
    return market


def totals(market: Market) -> list[tuple[int, int]]:
    return [market.money(account, asset) for account in PARTIES for asset in ("USD", "ACME", "BETA")]


@pytest.mark.parametrize("seed", range(10))
def test_split_order_costs_and_brings_the_same(seed: int) -> None:
    random = Random(seed)
    whole, split = filled_market(), filled_market()
    lots = random.randrange(2, 600)
    whole.submit(ALICE, "BUY", str(lots), "100.30", "IOC")
    while lots:
        part = random.randrange(1, lots + 1)
        split.submit(ALICE, "BUY", str(part), "100.30", "IOC")
        lots -= part
    assert totals(whole) == totals(split)


@pytest.mark.parametrize("seed", range(10))
def test_order_of_independent_instruments_does_not_matter(seed: int) -> None:
    """Each instrument's own steps stay in order; how the two are interleaved changes nobody's money and no trade."""
    random = Random(seed)
    steps = {
        symbol: [
            (random.choice((ALICE, BOB, CHARLIE)), random.choice(("BUY", "SELL")), str(random.randrange(1, 80)), price)
            for price in (f"{random.randrange(9_985, 10_016) / 100:.2f}" for _ in range(40))
        ]
        for symbol in ("ACME", "BETA")
    }
    outcomes = []
    for interleaving in (["ACME"] * 40 + ["BETA"] * 40, ["BETA"] * 40 + ["ACME"] * 40, random.sample(["ACME", "BETA"] * 40, 80)):
        market = filled_market()
        market.take()
        queues = {symbol: list(queue) for symbol, queue in steps.items()}
        for symbol in interleaving:
            market.submit(*queues[symbol].pop(0), symbol=symbol)
        trades = market.take().trades
        by_symbol = [[(t.ticks, t.lots, t.aggressor_side) for t in trades if t.instrument.symbol == s] for s in ("ACME", "BETA")]
        outcomes.append((totals(market), by_symbol))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert outcomes[0][1][0] and outcomes[0][1][1]


class Asked(NamedTuple):
    """``what``: submit, wait, pair, amend, cancel or quote; ``of`` counts orders in the order in which they were made."""

    what: str
    account: int
    side: str = "BUY"
    lots: int = 0
    ticks: int = 0
    tif: str = "GTC"
    of: int = 0


def wishes(random: Random, steps: int = 120) -> list[Asked]:
    """Orders of every kind within some ticks of 100.00, and quotes that wander through what rests and waits."""
    asked: list[Asked] = []
    for _ in range(steps):
        account, side, lots = random.choice((ALICE, BOB, CHARLIE)), random.choice(("BUY", "SELL")), random.randrange(1, 40)
        ticks, of = 10_000 + random.randint(-12, 12), random.randrange(1, 60)
        what = random.choices(("submit", "wait", "pair", "amend", "cancel", "quote"), (50, 10, 8, 12, 8, 12))[0]
        tif = random.choice(("GTC", "GTC", "GTC", "IOC", "FOK")) if what == "submit" else "GTC"
        asked.append(Asked(what, account, side, lots, ticks, tif, of))
    return asked


def cents(ticks: int) -> str:
    return f"{ticks // 100}.{ticks % 100:02d}"


def lived(asked: list[Asked], scale: int = 1, whose: Callable[[int], int] = int) -> tuple[Market, Changes]:
    """A market with limits that nothing reaches and fees that are never rounded, in which all of it was asked for."""
    configured = acme(
        max_quantity="1000000", max_notional="90000000", maker_fee_ppm=10_000, taker_fee_ppm=20_000, quote_decimals=4
    )
    market = Market(configured)
    for account in (ALICE, BOB, CHARLIE):
        market.fund(whose(account), str(scale * 150_000))
        market.fund(whose(account), str(scale * 900), "ACME")
    market.quote(9_995, 10_005, lots=60 * scale)
    market.take()
    made: list[int] = []
    for step in asked:
        _ask(market, step, scale, whose, made)
    return market, market.take()


def _ask(market: Market, step: Asked, scale: int, whose: Callable[[int], int], made: list[int]) -> None:
    account, lots, sells = whose(step.account), str(step.lots * scale), step.side == "SELL"
    away = cents(step.ticks + (-20 if sells else 20))
    order_id = made[step.of % len(made)] if made else 1
    answer: Any = None
    if step.what == "submit":
        answer = market.order(account, step.side, lots, cents(step.ticks), step.tif)
    elif step.what == "wait":
        answer = market.order(account, step.side, lots, order_type=OrderType.STOP, trigger_price=away)
    elif step.what == "pair":
        limit = Leg(order_type=OrderType.LIMIT, price=cents(step.ticks))
        answer = market.pair(account, step.side, lots, limit, Leg(order_type=OrderType.STOP, trigger_price=away))
        made += [order.order_id for order in answer.orders]
        return
    elif step.what == "amend":
        market.amend(account, order_id, quantity=lots, price=cents(step.ticks) if step.of % 2 else None)
    elif step.what == "cancel":
        market.cancel(account, order_id)
    else:
        market.quote(step.ticks - 5, step.ticks + 5, lots=60 * scale)
    if answer is not None:
        made.append(answer.order_id)


def told(changes: Changes) -> list[tuple[Any, ...]]:
    """Every fill: whose, of which order, at which price, how much, and the fee."""
    return [
        (fill.account_id, 0 if fill.order is None else fill.order.order_id, fill.side, fill.liquidity_side, fill.trade.ticks,
         fill.trade.lots, fill.fee)
        for fill in changes.fills
    ]  # fmt: skip


def books(market: Market, whose: Callable[[int], int] = int) -> list[tuple[int, int]]:
    return [market.money(whose(account), asset) for account in PARTIES for asset in ("USD", "ACME")]


@pytest.mark.parametrize("seed", range(8))
def test_quantities_in_another_unit_trade_the_same(seed: int) -> None:
    """k times everything is k times every fill, fee and balance, of the same orders at the same prices."""
    asked = wishes(Random(seed))
    one, of_one = lived(asked)
    many, of_many = lived(asked, scale=7)
    assert len(of_one.trades) > 20 and {fill.order is None for fill in of_one.fills} == {True, False}
    assert [(*fill[:5], fill[5] * 7, fill[6] * 7) for fill in told(of_one)] == told(of_many)
    assert [(total * 7, held * 7) for total, held in books(one)] == books(many)


@pytest.mark.parametrize("seed", range(8))
def test_other_names_trade_the_same(seed: int) -> None:
    """Whose an order is matters to nobody but the account itself: the accounts change places, and so do their trades."""
    asked = wishes(Random(seed))
    others = {ALICE: CHARLIE, BOB: ALICE, CHARLIE: BOB}

    def renamed(account: int) -> int:
        return others.get(account, account)

    before, of_before = lived(asked)
    after, of_after = lived(asked, whose=renamed)
    assert len(of_before.trades) > 20
    assert [(renamed(fill[0]), *fill[1:]) for fill in told(of_before)] == told(of_after)
    assert books(before) == books(after, renamed)
