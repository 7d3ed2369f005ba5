"""A seeded driver: the same seed asks the same things of a pair, in the same order."""

from collections import Counter
from random import Random
from typing import Any

from tests.engine.matching.pair import CUSTOMERS, MARKET, SYMBOLS
from tests.engine.matching.pair_whole import WholePair


def drive(pair: WholePair, seed: int, steps: int) -> Counter[str]:
    """Do ``steps`` random things; return how often each outcome was seen. Raises on the first thing that is not as it should."""
    random = Random(seed)
    seen: Counter[str] = Counter()
    order_ids: list[int] = []
    begin(pair, random)
    do_what_is_rare(pair)
    for _ in range(steps):
        take_a_step(pair, random, order_ids, seen)
    return seen


def do_what_is_rare(pair: WholePair) -> None:
    """What random steps lead to once in some thousand: everything that somebody has is asked for, and an exit meets a bid."""
    one, other, third = CUSTOMERS
    lots = pair.oracle.sellable(one, "ACME")
    limit, stop = {"type": "LIMIT", "price": 10_009}, {"type": "STOP", "trigger": 9_990}
    first, _ = pair.submit_pair(one, "ACME", "SELL", min(lots - 1, 50), [limit, stop])
    pair.amend(first, min(lots, 51), None)
    pair.amend(first, 60, None)
    pair.submit(other, "ACME", "BUY", 2, 10_003, "GTC")
    pair.submit_with(third, "ACME", "BUY", 3, {"type": "LIMIT", "price": 10_008}, exits=[{"type": "STOP", "trigger": 10_003}])
    pair.close(one, "ACME")
    for account in CUSTOMERS:
        pair.cancel_all(account)
    dear = pair.submit(other, "ACME", "BUY", 1, 9_950, "GTC")
    rest = pair.oracle.available(other, "USD")
    pair.withdraw(other, "USD", rest)
    pair.amend(dear, 2, None)
    pair.cancel(dear)
    pair.fund(other, "USD", rest or 1)
    pair.quote("ACME", 9_995, 10_005, 8, 8)


def begin(pair: WholePair, random: Random) -> None:
    for account in CUSTOMERS:
        for asset in ("USD", *SYMBOLS):
            pair.fund(account, asset, random.randrange(10**7, 10**8))
    for symbol in SYMBOLS:
        pair.quote(symbol, 9_995, 10_005, 8, 8)


def take_a_step(pair: WholePair, random: Random, order_ids: list[int], seen: Counter[str]) -> None:
    order_ids += pair.exit_ids[seen["exits"] :]
    seen["exits"] = len(pair.exit_ids)
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
    elif dice < 0.42:
        _one_that_waits(pair, random, order_ids)
    elif dice < 0.54:
        _one_with_exits(pair, random, order_ids)
    else:
        _one_step(pair, random, order_ids, seen)


def _one_step(pair: WholePair, random: Random, order_ids: list[int], seen: Counter[str]) -> None:
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


def _one_of_staff(pair: WholePair, random: Random, order_ids: list[int]) -> None:
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


def _one_of_time(pair: WholePair, random: Random, order_ids: list[int]) -> None:
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
            for _ in range(random.choice((1, 1, 5))):  # more than a batch expires, or fewer
                side = random.choice(("BUY", "SELL"))
                offset = random.randrange(3, 20) * (1 if side == "SELL" else -1)
                order_ids.append(pair.submit_until(account, each, side, random.randrange(1, 9), 10_000 + offset, "DAY"))
        pair.pass_seconds(random.choice((1, 2)))
    elif dice < 0.60:
        pair.dead_man(account, random.choice((0, 2, 3)))
    elif dice < 0.65:
        pair.dead_man(account, 3)
        pair.pass_seconds(2)
        pair.dead_man(account, random.choice((2, 3)))
        order_ids.append(pair.submit_until(account, symbol, "BUY", 1, 9_990, "GTD", 2))
        pair.pass_seconds(random.choice((1, 2, 2)))
    elif dice < 0.70:
        pair.pause(symbol, random.randrange(1, 4))
        pair.pass_seconds(random.choice((0, 1, 2)))
        order_ids.append(pair.submit(account, symbol, "BUY", 1, 10_000, "GTC"))
    elif dice < 0.73:
        pair.halt_and_cancel(symbol)
    elif dice < 0.735:
        pair.kill()
        order_ids.append(pair.submit(account, symbol, "BUY", 1, 10_000, "GTC"))
        pair.restore()
    elif dice < 0.76:
        pair.kill_and_look(random.random() < 0.5, account, "ACME", "BUY", 1, 10_000)
        pair.quote("ACME", 9_995, 10_005, 8, 8)
    elif dice < 0.80:
        _a_day_at_an_exchange(pair, random, account, symbol, order_ids)
    elif dice < 0.83:
        pair.suspend_and_cancel(account)
    else:
        pair.set_state(symbol, "CLOSED")
        pair.set_state(symbol, random.choice(("CLOSED", "PRE_OPEN", "PRE_OPEN")))
        for _ in range(4):
            side, ticks = random.choice(("BUY", "SELL")), 10_000 + random.randrange(-3, 4)
            order_ids.append(pair.submit(random.choice(CUSTOMERS), symbol, side, random.randrange(1, 9), ticks, "GTC"))
        resting = [each for each in order_ids[-12:] if pair.placed[each]["open"] and pair.placed[each]["resting"]]
        for order_id in random.sample(resting, min(2, len(resting))):
            pair.amend(order_id, None, 10_000 + random.randrange(-5, 6))


def _a_day_at_an_exchange(pair: WholePair, random: Random, account: int, symbol: str, order_ids: list[int]) -> None:
    """Pre-open, open and close follow each other in seconds; a halt or a pause may stand in between. Around the clock again."""
    begin = random.randrange(-1, 3)
    pair.set_calendar(symbol, (begin, begin + 1, begin + 3), (begin + 4, begin + 5, begin + 9))
    for _ in range(random.randrange(3, 7)):
        pair.pass_seconds(random.choice((1, 1, 2)))
        dice = random.random()
        if dice < 0.3:
            pair.halt(symbol)
        elif dice < 0.4:
            pair.pause(symbol, random.randrange(1, 3))
        elif dice < 0.5:
            pair.set_state(symbol, random.choice(("OPEN", "CLOSED", "PRE_OPEN")))
        pair.quote(symbol, 9_995, 10_005, 8, 8)
        side, ticks = random.choice(("BUY", "SELL")), 10_000 + random.randrange(-3, 4)
        tif = random.choice(("GTC", "DAY", "DAY"))
        order_ids.append(pair.submit_until(account, symbol, side, random.randrange(1, 9), ticks, tif))
        if dice < 0.2:
            pair.resume(symbol)
    pair.set_sessions(symbol, 100)


def _one_of_owners(pair: WholePair, random: Random, order_ids: list[int]) -> None:
    """What an owner does with orders that are there, or chooses for those to come."""
    dice = random.random()
    account = random.choice(CUSTOMERS)
    still_open = [each for each in order_ids if pair.placed[each]["open"]]
    if dice < 0.04:
        _smaller_in_front(pair, random, order_ids)
    elif dice < 0.55 and still_open:
        partly = [each for each in still_open if pair.placed[each]["status"] == "PARTIALLY_FILLED"]
        linked = [each for each in still_open if pair.placed[each].get("link") or pair.placed[each].get("exits")]
        some = random.choice((partly, linked, still_open, still_open)) or still_open
        _amend(pair, random, random.choice(some))
    elif dice < 0.65:
        offset = random.randrange(-6, 7)
        side, lots = random.choice(("BUY", "SELL")), random.randrange(1, 12)
        order_id = pair.submit_until(account, "ACME", side, lots, 10_000 + offset, "GTC", 0, True)
        order_ids.append(order_id)
        if random.random() < 0.5:
            pair.amend(order_id, None, 10_000 + random.randrange(3, 9) * (1 if side == "BUY" else -1))
    elif dice < 0.85:
        pair.cancel_all(account, random.choice((None, *SYMBOLS)), random.choice((None, "BUY", "SELL")))
    else:
        pair.prevent(account, random.choice(("CANCEL_NEWEST", "CANCEL_OLDEST", "CANCEL_BOTH", "DECREMENT")))


def _smaller_in_front(pair: WholePair, random: Random, order_ids: list[int]) -> None:
    """Of two who stand in line the first wants less, and is first still."""
    first, second, third = random.sample(CUSTOMERS, 3)
    ids = [pair.submit(account, "ACME", "SELL", 3, 10_004, "GTC") for account in (first, second)]
    pair.amend(ids[0], 2, None)
    order_ids += [*ids, pair.submit(third, "ACME", "BUY", random.randrange(1, 3), 10_004, "IOC")]


def _amend(pair: WholePair, random: Random, order_id: int) -> None:
    order = pair.placed[order_id]
    filled, price, trigger = order["lots"] - order["left"], order["price"], order.get("trigger")
    larger = order["lots"] + random.randrange(1, 4)
    lots = random.choice((None, max(1, filled - 1), filled or None, order["lots"] - 1 or None, larger))
    ticks = None if price is None else random.choice((None, price, price + random.randrange(-3, 4)))
    waits = trigger and not order["resting"] and order["type"] != "TRAILING_STOP"
    to = random.choice((None, trigger, trigger + random.randrange(-4, 5))) if waits else None
    if order.get("exits") and random.random() < 0.5:
        leg = random.choice(pair.oracle.exits_of(order))  # to where its exits are, or beyond
        beyond = (leg.get("price") or leg.get("trigger") or 10_000) + random.randrange(-1, 2)
        ticks, to = (beyond, None) if price else (None, beyond if waits else None)
    dice = random.random()
    if dice < 0.03:
        ticks, to = 10_000, 10_000  # whether it has such a thing or not
    elif dice < 0.10 and price:
        ticks = price + random.choice((-1, 1)) * random.randrange(80, 160)  # beyond the collar
    pair.amend(order_id, lots, ticks, to)


def _one_that_waits(pair: WholePair, random: Random, order_ids: list[int]) -> None:
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
        legs = [first, second] if random.random() < 0.7 else [second, first]
        order_ids.extend(pair.submit_pair(account, "ACME", side, lots, legs))
    elif dice < 0.66:
        _gap(pair, random, middle, account, order_ids)
    elif dice < 0.70:
        _behind_a_stop(pair, random, middle, account, order_ids)
    else:
        for _ in range(random.randrange(1, 6)):
            middle += random.randrange(-5, 6)
            pair.quote("ACME", middle - 5, middle + 5, random.randrange(1, 12), random.randrange(1, 12))


def _gap(pair: WholePair, random: Random, middle: int, account: int, order_ids: list[int]) -> None:
    """The market jumps over the trigger of a buy and over all that it may pay, and comes back."""
    leg: dict[str, Any] = random.choice(({"type": "STOP", "trigger": middle + 3}, {"type": "TRAILING_STOP", "trail": 3}))
    order_ids.append(pair.submit_waiting(account, "ACME", "BUY", random.randrange(1, 9), leg))
    far = middle + random.randrange(90, 130)
    pair.quote("ACME", far - 5, far + 5, 8, 8)
    pair.quote("ACME", middle - 5, middle + 5, 8, 8)


def _behind_a_stop(pair: WholePair, random: Random, middle: int, account: int, order_ids: list[int]) -> None:
    """Somebody rests where a stop-limit will, which was there before him and comes to the market after him."""
    leg = {"type": "STOP_LIMIT", "trigger": middle - 2, "price": middle + 2}
    order_ids.append(pair.submit_waiting(account, "ACME", "SELL", random.randrange(1, 9), leg))
    order_ids.append(pair.submit(random.choice(CUSTOMERS), "ACME", "SELL", random.randrange(1, 9), middle + 2, "GTC"))
    pair.quote("ACME", middle - 8, middle + 4, 8, 8)
    order_ids.append(pair.submit(random.choice(CUSTOMERS), "ACME", "BUY", random.randrange(1, 9), middle + 2, "IOC"))


def _one_with_exits(pair: WholePair, random: Random, order_ids: list[int]) -> None:
    """An entry with its exits and what fills it, or something that makes a position smaller."""
    dice, account = random.random(), random.choice(CUSTOMERS)
    quote = pair.oracle.quotes.get("ACME")
    middle = (quote["bid"] + quote["ask"]) // 2 if quote else 10_000
    if dice < 0.60:
        leg = _entry(random, middle)
        entry = leg.get("price") or leg.get("trigger") or middle
        exits = [_target(random, entry), _stop(random, entry)]
        exits = random.choice((exits, exits, exits[:1], exits[1:]))
        tif = random.choice(("GTC", "GTC", "GTD")) if leg["type"] != "MARKET" else random.choice(("GTC", "IOC", "FOK"))
        order_id = pair.submit_with(account, "ACME", "BUY", random.randrange(1, 24), leg, tif, 5, exits)
        order_ids += [] if order_id is None else [order_id]
    elif dice < 0.72:
        for _ in range(random.randrange(1, 4)):  # what fills entries piece by piece
            other = random.choice(CUSTOMERS)
            order_ids.append(pair.submit(other, "ACME", "SELL", random.randrange(1, 9), middle + random.randrange(-6, 2), "IOC"))
    elif dice < 0.90:
        side = "BUY" if random.random() < 0.1 else "SELL"
        limit = {"type": "LIMIT", "price": middle + random.randrange(-6, 9)}
        leg = random.choice(({"type": "MARKET"}, limit, _leg(random, middle, side)))
        order_id = pair.submit_with(account, "ACME", side, random.randrange(1, 60), leg, "GTC", 0, None, True)
        order_ids += [] if order_id is None else [order_id]
    else:
        order_id = pair.close(account, random.choice(SYMBOLS))
        order_ids += [] if order_id is None else [order_id]


def _entry(random: Random, middle: int) -> dict[str, Any]:
    kind = random.choice(("LIMIT", "LIMIT", "LIMIT", "MARKET", "STOP", "STOP_LIMIT", "TAKE_PROFIT", "TRAILING_STOP"))
    if kind == "LIMIT":
        return {"type": kind, "price": middle + random.randrange(-6, 9)}
    return {"type": kind} if kind == "MARKET" else _leg(random, middle, "BUY", kind)


def _target(random: Random, entry: int) -> dict[str, Any]:
    """Rarely on the wrong side."""
    price = entry + random.randrange(0, 16)
    return random.choice(({"type": "LIMIT", "price": price}, {"type": "TAKE_PROFIT", "trigger": price}))


def _stop(random: Random, entry: int) -> dict[str, Any]:
    trigger = entry - random.randrange(0, 16)
    kind = random.choice(("STOP", "STOP_LIMIT", "TRAILING_STOP"))
    if kind == "TRAILING_STOP":
        return {"type": kind, random.choice(("trail", "bps")): random.randrange(1, 30)}
    return {"type": kind, "trigger": trigger} | ({"price": trigger - random.randrange(-2, 6)} if kind == "STOP_LIMIT" else {})


def _leg(random: Random, middle: int, side: str, kind: str = "") -> dict[str, Any]:
    """Mostly one whose trigger is not reached yet."""
    kind = kind or random.choice(("STOP", "STOP_LIMIT", "TAKE_PROFIT", "TRAILING_STOP", "TRAILING_STOP"))
    if kind == "TRAILING_STOP":
        return {"type": kind, random.choice(("trail", "bps")): random.randrange(1, 30)}
    away = random.randrange(0, 12) * (1 if (side == "SELL") == (kind == "TAKE_PROFIT") else -1)
    leg: dict[str, Any] = {"type": kind, "trigger": middle + away}
    if kind == "STOP_LIMIT":
        leg["price"] = middle + away + random.randrange(-4, 5)
    return leg
