"""The rules of the market a second time, as slow and plain as possible, sharing no code with the engine. Ticks, lots, units."""

from itertools import takewhile

SECOND = 1_000_000_000
RESTS = ("GTC", "DAY", "GTD")


def fee(notional, ppm):
    return (notional * ppm + 999_999) // 1_000_000


def other_side(side):
    return "SELL" if side == "BUY" else "BUY"


class Oracle:
    """``markets``: symbol -> dict of value (units of one lot at one tick), lot, max_lots, max_notional, bps, fees and step."""

    rejections = ("INSTRUMENT_HALTED", "FOK_NOT_FILLABLE")  # the venue's rules; every other no is of a risk check

    def __init__(self, markets, house, fees, external):
        self.markets, self.house, self.fees, self.external = markets, house, fees, external
        self.orders = []  # every order ever, oldest first, as dicts
        self.trades = []  # (symbol, ticks, lots, buyer, seller, buyer's fee, seller's fee, aggressor, quote's sequence or None)
        self.totals, self.quotes = {}, {}  # by (account, asset); by symbol
        self.halted, self.suspended, self.places = set(), set(), 0  # places are given out to orders: who came first
        self.limits = {}  # account -> [open orders or None, units of one order or None]

    def move(self, account, asset, amount):
        self.totals[account, asset] = self.totals.get((account, asset), 0) + amount

    def fund(self, account, asset, amount):
        self.move(account, asset, amount)
        self.move(self.external, asset, -amount)

    def adjust(self, account, asset, amount):
        short = amount < 0 and self.available(account, asset) + amount < 0
        return "INSUFFICIENT_FUNDS" if short else self.fund(account, asset, amount) or ""

    def withdraw(self, account, asset, amount):
        return "ACCOUNT_NOT_ACTIVE" if account in self.suspended else self.adjust(account, asset, -amount)

    def need(self, symbol, side, limit, lots):
        """(asset, units) that an order with so many lots left could still cost."""
        market = self.markets[symbol]
        one = limit * market["value"]
        cost = ("USD", lots * (one + fee(one, max(market["maker"], market["taker"]))))
        return cost if side == "BUY" else (symbol, lots * market["lot"])

    def held(self, account, asset):
        mine = [o for o in self.orders if o["open"] and o["account"] == account]
        needs = [self.need(o["symbol"], o["side"], o["price"], o["left"]) for o in mine]
        return sum(units for of, units in needs if of == asset)

    def available(self, account, asset):
        return self.totals.get((account, asset), 0) - self.held(account, asset)

    def resting(self, symbol, side):
        """The book's side, best price first, at one price the oldest first."""
        found = [o for o in self.orders if o["open"] and o["resting"] and o["symbol"] == symbol and o["side"] == side]
        return sorted(found, key=lambda o: (-o["price"] if side == "BUY" else o["price"], o["place"]))

    def quote(self, symbol, sequence, bid, ask, bid_lots, ask_lots, now):
        known, step = self.quotes.get(symbol), self.markets[symbol]["step"]
        if bid <= 0 or ask <= bid or (known and sequence <= known["sequence"]):
            return
        rungs = [["BUY", bid - i * step, bid_lots * (4 + i) // 4] for i in range(10)]  # [house's side, price, lots]
        rungs += [["SELL", ask + i * step, ask_lots * (4 + i) // 4] for i in range(10)]
        rungs = [rung for rung in rungs if rung[1] > 0 < rung[2]]
        self.quotes[symbol] = {"sequence": sequence, "bid": bid, "ask": ask, "at": now, "rungs": rungs}
        for side in ("BUY", "SELL") if self.trading(symbol) else ():
            self.sweep(symbol, side)

    def trading(self, symbol):
        return symbol not in self.halted

    def sweep(self, symbol, side):
        """The house's new quote against the customers' resting orders of one side, each at its own price."""
        quote, better = self.quotes[symbol], -1 if side == "BUY" else 1
        for order in self.resting(symbol, side):
            rungs = [r for r in quote["rungs"] if r[0] != side and better * r[1] >= better * order["price"]]
            got = 0
            for rung in sorted(rungs, key=lambda r: -better * r[1]):
                take = min(rung[2], order["left"] - got)
                rung[2] -= take
                got += take
            if got:
                self.trade(symbol, order["price"], got, None, order, other_side(side), quote["sequence"])

    def trade(self, symbol, price, lots, taker, maker, aggressor, quote):
        market = self.markets[symbol]
        notional = price * lots * market["value"]
        taking = (taker["account"], fee(notional, market["taker"])) if taker else (self.house, 0)
        making = (maker["account"], fee(notional, market["maker"])) if maker else (self.house, 0)
        (buyer, buyer_fee), (seller, seller_fee) = (taking, making) if aggressor == "BUY" else (making, taking)
        self.move(buyer, "USD", -notional - buyer_fee)
        self.move(seller, "USD", notional - seller_fee)
        self.move(self.fees, "USD", buyer_fee + seller_fee)
        self.move(buyer, symbol, lots * market["lot"])
        self.move(seller, symbol, -lots * market["lot"])
        for order in filter(None, (taker, maker)):
            order["left"] -= lots
            order |= {"status": "PARTIALLY_FILLED" if order["left"] else "FILLED", "open": order["open"] and order["left"] > 0}
        self.trades.append((symbol, price, lots, buyer, seller, buyer_fee, seller_fee, aggressor, quote))

    def line(self, symbol, side, limit, now):
        """Whom an order would meet, in turn: (price, 0 customer or 1 house, place in line, order or rung)."""
        sign = 1 if side == "BUY" else -1
        found = [(sign * o["price"], 0, age, o) for age, o in enumerate(self.resting(symbol, other_side(side)))]
        quote = self.quotes.get(symbol)
        if quote and self.trading(symbol) and abs(now - quote["at"]) <= 3 * SECOND:
            found += [(sign * rung[1], 1, 0, rung) for rung in quote["rungs"] if rung[0] != side and rung[2]]
        return sorted((f for f in found if f[0] <= sign * limit), key=lambda f: f[:3])

    def standing(self, order, now):
        """What is asked before any price; the first reason to say no."""
        account, symbol = order["account"], order["symbol"]
        if account in self.suspended:
            return "ACCOUNT_NOT_ACTIVE"
        if symbol in self.halted:
            return "INSTRUMENT_HALTED"
        if order["lots"] > self.markets[symbol]["max_lots"]:
            return "MAX_QUANTITY"
        most = self.limits.get(account, [None])[0]
        already = len([o for o in self.orders if o["open"] and o["account"] == account])
        return "TOO_MANY_OPEN_ORDERS" if order["tif"] in RESTS and already >= (200 if most is None else most) else ""

    def refuse(self, order, now):
        """(reason, limit): the first rule that says no, in the documented order; or None and the limit to trade up to."""
        account, symbol, side, price, lots = (order[name] for name in ("account", "symbol", "side", "price", "lots"))
        market, quote = self.markets[symbol], self.quotes.get(symbol)
        if reason := self.standing(order, now):
            return reason, 0
        if not quote or abs(now - quote["at"]) > (30 if price else 3) * SECOND:
            return "STALE_PRICE", 0
        low = (quote["bid"] + quote["ask"]) * (10_000 - market["bps"])  # both in twenty-thousandths of a tick
        high = (quote["bid"] + quote["ask"]) * (10_000 + market["bps"])
        if price and not low <= price * 20_000 <= high:
            return "PRICE_COLLAR", 0
        if reason := self.around(order, quote["bid"] + quote["ask"]):
            return reason, 0
        limit = price or (high // 20_000 if side == "BUY" else max(1, (low + 19_999) // 20_000))
        worth, most = limit * lots * market["value"], self.limits.get(account, [None, None])[1]
        if worth > market["max_notional"] or (most is not None and worth > most):
            return "MAX_NOTIONAL", 0
        asset, units = self.need(symbol, side, limit, lots)
        if self.available(account, asset) < units:
            return ("INSUFFICIENT_FUNDS" if side == "BUY" else "INSUFFICIENT_POSITION"), 0
        return ("FOK_NOT_FILLABLE", 0) if order["tif"] == "FOK" and self.reach(order, limit, now) < lots else (None, limit)

    def around(self, order, reference):
        """What else is asked of prices."""

    def reach(self, order, limit, now):
        """How many lots it would get at once."""
        line = self.line(order["symbol"], order["side"], limit, now)
        line = takewhile(lambda each: each[1] or each[3]["account"] != order["account"], line)
        return sum(other[2] if is_house else other["left"] for _, is_house, _, other in line)

    def submit(self, account, symbol, side, lots, price, tif, now, **more):
        """Returns the order; ``price`` None is a market order."""
        tif, place = "IOC" if price is None and tif == "GTC" else tif, self.places + 1
        order = {"account": account, "symbol": symbol, "side": side, "price": price, "lots": lots, "left": lots, "tif": tif}
        order |= {"status": "ACCEPTED", "reason": "", "open": False, "resting": True, "place": place, "born": place, **more}
        self.places = place
        reason, limit = self.refuse(order, now)
        if reason:
            return order | {"status": "REJECTED" if reason in self.rejections else "DENIED", "reason": reason}
        self.orders.append(order)
        self.match(order, limit, now)
        if order["left"] and order["status"] != "CANCELED":
            order["open"] = tif in RESTS
            if not order["open"]:
                untouched = order["left"] == order["lots"]
                order |= {"status": "CANCELED", "reason": "NO_LIQUIDITY" if untouched else "UNFILLED_REMAINDER"}
        return order

    def match(self, order, limit, now):
        for _, is_house, _, other in self.line(order["symbol"], order["side"], limit, now):
            if not order["left"]:
                break
            if not is_house and other["account"] == order["account"]:
                if self.goes_on(order, other):
                    continue
                order |= {"status": "CANCELED", "reason": "SELF_TRADE"}
                break
            take = min(order["left"], other[2] if is_house else other["left"])
            if is_house:
                other[2] -= take
                self.trade(order["symbol"], other[1], take, order, None, order["side"], self.quotes[order["symbol"]]["sequence"])
            else:
                self.trade(order["symbol"], other["price"], take, order, other, order["side"], None)

    def goes_on(self, order, own):
        """Two orders of one account meet."""

    def cancel(self, order, reason="CANCELED_BY_CUSTOMER", status="CANCELED"):
        if order["open"]:
            order |= {"open": False, "status": status, "reason": reason}
