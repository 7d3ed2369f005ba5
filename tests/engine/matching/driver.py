"""A seeded driver: the same seed asks the same things of a pair, in the same order."""

from collections import Counter
from random import Random

from tests.engine.matching.pair import CUSTOMERS, MARKET, SYMBOLS
from tests.engine.matching.pair_waiting import WaitingPair


def drive(pair: WaitingPair, seed: int, steps: int) -> Counter[str]:
    """Do ``steps`` random things; return how often each outcome was seen. Raises on the first thing that is not as it should."""
    random = Random(seed)
    seen: Counter[str] = Counter()
    order_ids: list[int] = []
    begin(pair, random)
    for _ in range(steps):
        take_a_step(pair, random, order_ids, seen)
    return seen


def begin(pair: WaitingPair, random: Random) -> None:
    for account in CUSTOMERS:
        for asset in ("USD", *SYMBOLS):
            pair.fund(account, asset, random.randrange(10**7, 10**8))
    for symbol in SYMBOLS:
        pair.quote(symbol, 9_995, 10_005, 8, 8)


def take_a_step(pair: WaitingPair, random: Random, order_ids: list[int], seen: Counter[str]) -> None:
    dice = random.random()
    if dice < 0.25 and (closed := [symbol for symbol in SYMBOLS if pair.oracle.state(symbol) != "OPEN"]):
        pair.resume(closed[0])
        pair.set_state(closed[0], "OPEN")
    elif dice < 0.10:
        _one_of_staff(pair, random, order_ids)
    elif dice < 0.20:
        _one_of_time(pair, random, order_ids)
    elif dice < 0.30:
        _one_of_owners(pair, random, order_ids)
    elif dice < 0.45:
        _one_that_waits(pair, random, order_ids)
    else:
        _one_step(pair, random, order_ids, seen)


def _one_step(pair: WaitingPair, random: Random, order_ids: list[int], seen: Counter[str]) -> None:
    dice = random.random()
    symbol = random.choice((*SYMBOLS[:1] * 4, SYMBOLS[1]))
    account = random.choice(CUSTOMERS)
    if dice < 0.60:
        ticks = random.choice((None, *(random.gauss(10_000, 6) for _ in range(5)), random.gauss(10_000, 70)))
        resting = [order["price"] for side in ("BUY", "SELL") for order in pair.oracle.resting(symbol, side)]
        if resting and random.random() < 0.3:
            ticks = random.choice(resting)  # to stand behind somebody, or to meet him
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


def _one_of_staff(pair: WaitingPair, random: Random, order_ids: list[int]) -> None:
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


def _one_of_time(pair: WaitingPair, random: Random, order_ids: list[int]) -> None:
    """Something that ends by itself, or that staff end; what closes the market is soon taken back."""
    dice = random.random()
    account, symbol = random.choice(CUSTOMERS), random.choice((*SYMBOLS[:1] * 3, SYMBOLS[1]))
    if dice < 0.40:
        side, lots, ticks = random.choice(("BUY", "SELL")), random.randrange(1, 20), int(random.gauss(10_000, 6))
        tif, seconds = random.choice(("GTC", "DAY", "GTD", "GTD")), random.choice((0, 1, 2, 2, 3, 5))
        order_ids.append(pair.submit_until(account, symbol, side, lots, ticks, tif, seconds))
    elif dice < 0.55:
        for each in SYMBOLS:
            pair.set_sessions(each, random.randrange(1, 6), random.randrange(6, 20))
            side = random.choice(("BUY", "SELL"))
            offset = random.randrange(3, 20) * (1 if side == "SELL" else -1)
            order_ids.append(pair.submit_until(account, each, side, random.randrange(1, 20), 10_000 + offset, "DAY"))
        pair.pass_seconds(random.choice((1, 2)))
    elif dice < 0.60:
        pair.dead_man(account, random.choice((0, 2, 3)))
    elif dice < 0.65:
        pair.dead_man(account, 3)
        pair.pass_seconds(2)
        pair.dead_man(account, random.choice((2, 3)))
        pair.pass_seconds(random.choice((1, 2)))
    elif dice < 0.70:
        pair.pause(symbol, random.randrange(1, 4))
        pair.pass_seconds(random.choice((0, 1, 2)))
        order_ids.append(pair.submit(account, symbol, "BUY", 1, 10_000, "GTC"))
    elif dice < 0.73:
        pair.halt_and_cancel(symbol)
    elif dice < 0.75:
        pair.kill()
        pair.restore()
    elif dice < 0.78:
        pair.suspend_and_cancel(account)
    else:
        pair.set_state(symbol, "CLOSED")
        pair.set_state(symbol, random.choice(("CLOSED", "PRE_OPEN", "PRE_OPEN")))
        for _ in range(4):
            side, ticks = random.choice(("BUY", "SELL")), 10_000 + random.randrange(-3, 4)
            order_ids.append(pair.submit(random.choice(CUSTOMERS), symbol, side, random.randrange(1, 9), ticks, "GTC"))


def _one_of_owners(pair: WaitingPair, random: Random, order_ids: list[int]) -> None:
    """What an owner does with orders that are there, or chooses for those to come."""
    dice = random.random()
    account = random.choice(CUSTOMERS)
    still_open = [each for each in order_ids if pair.placed[each]["open"] and pair.placed[each]["resting"]]
    if dice < 0.55 and still_open:
        partly = [each for each in still_open if pair.placed[each]["status"] == "PARTIALLY_FILLED"]
        order_id = random.choice(partly if partly and random.random() < 0.5 else still_open)
        order = pair.placed[order_id]
        filled = order["lots"] - order["left"]
        lots = random.choice((None, max(1, filled - 1), filled or None, order["lots"] - 1 or None, order["lots"] + 3))
        ticks = random.choice((None, order["price"], order["price"] + random.randrange(-3, 4)))
        pair.amend(order_id, lots, ticks)
    elif dice < 0.65:
        offset = random.randrange(-6, 7)
        side, lots = random.choice(("BUY", "SELL")), random.randrange(1, 12)
        order_ids.append(pair.submit_until(account, "ACME", side, lots, 10_000 + offset, "GTC", 0, True))
    elif dice < 0.85:
        pair.cancel_all(account, random.choice((None, *SYMBOLS)), random.choice((None, "BUY", "SELL")))
    else:
        pair.prevent(account, random.choice(("CANCEL_NEWEST", "CANCEL_OLDEST", "CANCEL_BOTH", "DECREMENT")))


def _one_that_waits(pair: WaitingPair, random: Random, order_ids: list[int]) -> None:
    """An order that waits, a pair, or a market that walks, which they live on."""
    dice = random.random()
    quote = pair.oracle.quotes.get("ACME")
    middle = (quote["bid"] + quote["ask"]) // 2 if quote else 10_000
    account, side, lots = random.choice(CUSTOMERS), random.choice(("BUY", "SELL")), random.randrange(1, 20)
    if dice < 0.40:
        leg = _leg(random, middle, side)
        order_ids.append(pair.submit_waiting(account, "ACME", side, lots, leg, random.choice(("GTC", "GTC", "GTD")), 5))
    elif dice < 0.60:
        first, second = _leg(random, middle, side), _leg(random, middle, side)
        if random.random() < 0.6:
            second = {"type": "LIMIT", "price": middle + random.randrange(1, 12) * (1 if side == "SELL" else -1)}
        order_ids.extend(pair.submit_pair(account, "ACME", side, lots, [first, second]))
    else:
        for _ in range(random.randrange(1, 6)):
            middle += random.randrange(-5, 6)
            pair.quote("ACME", middle - 5, middle + 5, random.randrange(1, 12), random.randrange(1, 12))


def _leg(random: Random, middle: int, side: str) -> dict[str, object]:
    """Mostly one whose trigger is not reached yet."""
    kind = random.choice(("STOP", "STOP_LIMIT", "TAKE_PROFIT", "TRAILING_STOP", "TRAILING_STOP"))
    if kind == "TRAILING_STOP":
        return {"type": kind, random.choice(("trail", "bps")): random.randrange(1, 30)}
    away = random.randrange(0, 12) * (1 if (side == "SELL") == (kind == "TAKE_PROFIT") else -1)
    leg: dict[str, object] = {"type": kind, "trigger": middle + away}
    if kind == "STOP_LIMIT":
        leg["price"] = middle + away + random.randrange(-4, 5)
    return leg
