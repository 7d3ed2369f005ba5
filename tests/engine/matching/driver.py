"""A seeded driver: the same seed asks the same things of a pair, in the same order."""

from collections import Counter
from random import Random

from tests.engine.matching.pair import CUSTOMERS, MARKET, SYMBOLS, Pair


def drive(pair: Pair, seed: int, steps: int) -> Counter[str]:
    """Do ``steps`` random things; return how often each outcome was seen. Raises on the first thing that is not as it should."""
    random = Random(seed)
    seen: Counter[str] = Counter()
    order_ids: list[int] = []
    begin(pair, random)
    for _ in range(steps):
        take_a_step(pair, random, order_ids, seen)
    return seen


def begin(pair: Pair, random: Random) -> None:
    for account in CUSTOMERS:
        for asset in ("USD", *SYMBOLS):
            pair.fund(account, asset, random.randrange(10**7, 10**8))
    for symbol in SYMBOLS:
        pair.quote(symbol, 9_995, 10_005, 8, 8)


def take_a_step(pair: Pair, random: Random, order_ids: list[int], seen: Counter[str]) -> None:
    if random.random() < 0.10:
        _one_of_staff(pair, random, order_ids)
    else:
        _one_step(pair, random, order_ids, seen)


def _one_step(pair: Pair, random: Random, order_ids: list[int], seen: Counter[str]) -> None:
    dice = random.random()
    symbol = random.choice((*SYMBOLS[:1] * 4, SYMBOLS[1]))
    account = random.choice(CUSTOMERS)
    if dice < 0.60:
        ticks = random.choice((None, *(random.gauss(10_000, 6) for _ in range(5)), random.gauss(10_000, 70)))
        tif = random.choice(("GTC", "GTC", "GTC", "IOC", "FOK"))
        side, lots = random.choice(("BUY", "SELL")), int(random.paretovariate(0.9)) % 64 + 1
        order_id = pair.submit(account, symbol, side, lots, None if ticks is None else int(ticks), tif)
        order_ids.append(order_id)
        order = pair.placed[order_id]
        seen[f"{order['status']} {order['reason']}".strip()] += 1
    elif dice < 0.72 and order_ids:
        pair.cancel(random.choice(order_ids[-30:]))
    elif dice < 0.92:
        middle = int(random.gauss(10_000, 8))
        step = random.choice((1, 1, 1, 1, 1, 0, -1))
        pair.quote(
            symbol, middle - random.randrange(5), middle + random.randrange(5), random.randrange(9), random.randrange(9), step
        )
    elif dice < 0.95:
        pair.pass_seconds(random.choice((1, 1, 2, 4, 31)))
    elif dice < 0.955:
        pair.halt(symbol)
    elif dice < 0.975:
        pair.resume(symbol)
    elif dice < 0.99:
        pair.fund(account, random.choice(("USD", symbol)), random.randrange(1, 10**8))
    else:
        pair.withdraw(account, random.choice(("USD", symbol)), random.randrange(1, 10**7))


def _one_of_staff(pair: Pair, random: Random, order_ids: list[int]) -> None:
    """One command of staff. What narrows the market is soon taken back, so that there is one to look at."""
    dice = random.random()
    account, symbol = random.choice(CUSTOMERS), random.choice(SYMBOLS)
    asset = random.choice(("USD", symbol))
    if dice < 0.20:
        pair.adjust(account, asset, random.choice((-1, 1)) * random.randrange(1, 10**8))
    elif dice < 0.30:
        pair.adjust(account, asset, -pair.oracle.available(account, asset) - 1)  # one unit of what may be held
    elif dice < 0.50:
        pair.limit(account, random.choice((None, 0, 1, 3)), random.choice((None, 2 * 10**6)))
    elif dice < 0.60:
        pair.limit(account, None, None)
    elif dice < 0.75 and order_ids:
        still_open = [order_id for order_id in order_ids if pair.placed[order_id]["open"]]
        pair.force_cancel(random.choice(still_open or order_ids))
    elif dice < 0.80:
        pair.suspend(account)
    elif dice < 0.90:
        for each in CUSTOMERS:
            pair.reinstate(each)
    elif dice < 0.95:
        pair.limit_instrument(symbol, random.randrange(10, 60), random.randrange(10**6, 55 * 10**6), random.choice((20, 50, 200)))
    else:
        pair.limit_instrument(symbol, MARKET["max_lots"], MARKET["max_notional"], MARKET["bps"])
