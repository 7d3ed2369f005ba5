"""The rules of the market a second time, as slow and as plain as possible, sharing no code with the engine.

Everything is a list or a dict that is searched and sorted from scratch. Prices are ticks, quantities lots, money units.
"""

SECOND = 1_000_000_000


def fee(notional, ppm):
    whole, rest = divmod(notional * ppm, 1_000_000)
    return whole + (1 if rest else 0)


class Oracle:
    """``markets``: symbol -> dict of value (units of one lot at one tick), lot, max_lots, max_notional, bps, fees and step."""

    def __init__(self, markets, house, fees, external):
        self.markets = markets
        self.house, self.fees, self.external = house, fees, external
        self.orders = []  # every order ever, oldest first, as dicts
        self.trades = []  # (symbol, ticks, lots, buyer, seller, buyer's fee, seller's fee, aggressor, quote's sequence or None)
        self.totals = {}
        self.quotes = {}  # symbol -> dict
        self.halted = set()
        self.suspended = set()
        self.places = 0  # given out to orders: who came first
        self.limits = {}  # account -> [open orders or None, units of one order or None]

    def move(self, account, asset, amount):
        self.totals[account, asset] = self.totals.get((account, asset), 0) + amount

    def fund(self, account, asset, amount):
        self.move(account, asset, amount)
        self.move(self.external, asset, -amount)

    def adjust(self, account, asset, amount):
        if amount < 0 and self.available(account, asset) + amount < 0:
            return "INSUFFICIENT_FUNDS"
        self.fund(account, asset, amount)
        return ""

    def withdraw(self, account, asset, amount):
        return "ACCOUNT_NOT_ACTIVE" if account in self.suspended else self.adjust(account, asset, -amount)

    def need(self, symbol, side, limit, lots):
        """(asset, units) that an order with so many lots left could still cost."""
        market = self.markets[symbol]
        if side == "SELL":
            return symbol, lots * market["lot"]
        one = limit * market["value"]
        return "USD", lots * (one + fee(one, max(market["maker"], market["taker"])))

    def held(self, account, asset):
        total = 0
        for order in self.orders:
            if order["account"] == account and order["open"]:
                of, units = self.need(order["symbol"], order["side"], order["price"], order["left"])
                total += units if of == asset else 0
        return total

    def available(self, account, asset):
        return self.totals.get((account, asset), 0) - self.held(account, asset)

    def resting(self, symbol, side):
        """The book's side, best price first, at one price the oldest first."""
        found = [o for o in self.orders if o["open"] and o["resting"] and o["symbol"] == symbol and o["side"] == side]
        return sorted(found, key=lambda o: (-o["price"] if side == "BUY" else o["price"], o["place"]))

    def quote(self, symbol, sequence, bid, ask, bid_lots, ask_lots, now):
        known = self.quotes.get(symbol)
        if bid <= 0 or ask <= bid or (known and sequence <= known["sequence"]):
            return
        step = self.markets[symbol]["step"]
        rungs = []  # [house's side, price, lots]
        for i in range(10):
            rungs.append(["BUY", bid - i * step, bid_lots * (4 + i) // 4])
            rungs.append(["SELL", ask + i * step, ask_lots * (4 + i) // 4])
        rungs = [rung for rung in rungs if rung[1] > 0 and rung[2] > 0]
        self.quotes[symbol] = {"sequence": sequence, "bid": bid, "ask": ask, "at": now, "rungs": rungs}
        if symbol not in self.halted:
            for side in ("BUY", "SELL"):
                self.sweep(symbol, side)

    def sweep(self, symbol, side):
        """The house's new quote against the customers' resting orders of one side, each at its own price."""
        quote = self.quotes[symbol]
        better = -1 if side == "BUY" else 1
        for order in self.resting(symbol, side):
            rungs = [r for r in quote["rungs"] if r[0] != side and better * r[1] >= better * order["price"] and r[2]]
            rungs.sort(key=lambda r: -better * r[1])
            got = 0
            for rung in rungs:
                take = min(rung[2], order["left"] - got)
                rung[2] -= take
                got += take
            if got:
                aggressor = "SELL" if side == "BUY" else "BUY"
                self.trade(symbol, order["price"], got, None, order, aggressor, quote["sequence"])

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
        for order in (taker, maker):
            if order:
                order["left"] -= lots
                order["status"] = "PARTIALLY_FILLED" if order["left"] else "FILLED"
                order["open"] = order["open"] and order["left"] > 0
        self.trades.append((symbol, price, lots, buyer, seller, buyer_fee, seller_fee, aggressor, quote))

    def line(self, symbol, side, limit, now):
        """Whom an order would meet, in turn: (price, 0 customer or 1 house, place in line, order or rung)."""
        sign = 1 if side == "BUY" else -1
        others = self.resting(symbol, "SELL" if side == "BUY" else "BUY")
        found = [(sign * order["price"], 0, age, order) for age, order in enumerate(others)]
        quote = self.quotes.get(symbol)
        if quote and abs(now - quote["at"]) <= 3 * SECOND:
            found += [(sign * rung[1], 1, 0, rung) for rung in quote["rungs"] if rung[0] != side and rung[2]]
        return sorted((f for f in found if f[0] <= sign * limit), key=lambda f: f[:3])

    def refuse(self, account, symbol, side, lots, price, tif, now):
        """(reason, limit): the first rule that says no, in the documented order; or None and the limit to trade up to."""
        market, quote = self.markets[symbol], self.quotes.get(symbol)
        most_open, most_units = self.limits.get(account, [None, None])
        if account in self.suspended:
            return "ACCOUNT_NOT_ACTIVE", 0
        if symbol in self.halted:
            return "INSTRUMENT_HALTED", 0
        if lots > market["max_lots"]:
            return "MAX_QUANTITY", 0
        already = len([o for o in self.orders if o["open"] and o["account"] == account])
        if tif == "GTC" and price and already >= (200 if most_open is None else most_open):
            return "TOO_MANY_OPEN_ORDERS", 0
        if not quote or abs(now - quote["at"]) > (30 if price else 3) * SECOND:
            return "STALE_PRICE", 0
        low = (quote["bid"] + quote["ask"]) * (10_000 - market["bps"])  # both in twenty-thousandths of a tick
        high = (quote["bid"] + quote["ask"]) * (10_000 + market["bps"])
        if price and not low <= price * 20_000 <= high:
            return "PRICE_COLLAR", 0
        limit = price or (high // 20_000 if side == "BUY" else max(1, (low + 19_999) // 20_000))
        worth = limit * lots * market["value"]
        if worth > market["max_notional"] or (most_units is not None and worth > most_units):
            return "MAX_NOTIONAL", 0
        asset, units = self.need(symbol, side, limit, lots)
        if self.available(account, asset) < units:
            return ("INSUFFICIENT_FUNDS" if side == "BUY" else "INSUFFICIENT_POSITION"), 0
        if tif == "FOK":
            reach = 0
            for _, is_house, _, other in self.line(symbol, side, limit, now):
                if not is_house and other["account"] == account:
                    break
                reach += other[2] if is_house else other["left"]
            if reach < lots:
                return "FOK_NOT_FILLABLE", 0
        return None, limit

    def submit(self, account, symbol, side, lots, price, tif, now):
        """Returns the order; ``price`` None is a market order."""
        if price is None and tif == "GTC":
            tif = "IOC"
        order = {"account": account, "symbol": symbol, "side": side, "price": price, "lots": lots, "left": lots}
        order |= {"status": "ACCEPTED", "reason": "", "open": False}
        reason, limit = self.refuse(account, symbol, side, lots, price, tif, now)
        self.places += 1
        order |= {"place": self.places, "resting": True}
        if reason:
            rejected = reason in ("INSTRUMENT_HALTED", "FOK_NOT_FILLABLE")
            return order | {"status": "REJECTED" if rejected else "DENIED", "reason": reason}
        for _, is_house, _, other in self.line(symbol, side, limit, now):
            if not order["left"]:
                break
            if not is_house and other["account"] == account:
                order |= {"status": "CANCELED", "reason": "SELF_TRADE"}
                break
            available = other[2] if is_house else other["left"]
            take = min(order["left"], available)
            if is_house:
                other[2] -= take
                self.trade(symbol, other[1], take, order, None, side, self.quotes[symbol]["sequence"])
            else:
                self.trade(symbol, other["price"], take, order, other, side, None)
        if order["left"] and order["status"] != "CANCELED":
            if tif == "GTC":
                order["open"] = True
            else:
                untouched = order["left"] == lots
                order |= {"status": "CANCELED", "reason": "NO_LIQUIDITY" if untouched else "UNFILLED_REMAINDER"}
        self.orders.append(order)
        return order

    def cancel(self, order, reason="CANCELED_BY_CUSTOMER"):
        if order["open"]:
            order |= {"open": False, "status": "CANCELED", "reason": reason}
