"""What must not matter does not: how an order is split, and what happens meanwhile in other instruments."""

from random import Random

import pytest

from tests.engine.matching.kit import ALICE, BOB, CHARLIE, FEES, HOUSE, Market

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
