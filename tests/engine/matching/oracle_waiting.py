"""On top of the calendar: orders that wait for a trigger, trailing stops, and pairs of which one cancels the other."""

from tests.engine.matching.oracle_calendar import Calendar
from tests.engine.matching.oracle_rules import REFUSES

BPS = 10_000
TO_MARKET = ("STOP", "TRAILING_STOP", "TAKE_PROFIT")


def falling(order):
    """Whether it is set off by a reference that falls: stops that sell, and take-profits that buy."""
    return (order["side"] == "SELL") != (order["type"] == "TAKE_PROFIT")


def reached(order, reference):
    """``reference`` is in doubled ticks, so that the middle of a quote is a whole number."""
    return reference <= 2 * order["trigger"] if falling(order) else reference >= 2 * order["trigger"]


def behind(order, reference):
    """Where the trigger of a trailing stop belongs: its distance is rounded up, so it is never nearer than asked."""
    if order["side"] == "SELL":
        return reference // 2 - order["trail"] if order["trail"] else reference * (BPS - order["bps"]) // (2 * BPS)
    return -(-reference // 2) + order["trail"] if order["trail"] else -(-reference * (BPS + order["bps"]) // (2 * BPS))


def stride(order):
    """It follows in twentieths of its distance, one tick at least."""
    part = BPS - order["bps"] if order["side"] == "SELL" else BPS + order["bps"]
    return max(1, (order["trail"] or order["trigger"] * order["bps"] // part) // 20)


class Waiting(Calendar):
    at_once = 500  # so many are set off before whatever follows from it
    rejections = (*Calendar.rejections, "TRIGGER_REACHED")

    def edge(self, order, reference):
        """The worst price within the collar around half of ``reference``."""
        bps = self.markets[order["symbol"]]["bps"]
        if order["side"] == "BUY":
            return reference * (BPS + bps) // (2 * BPS)
        return max(1, -(-reference * (BPS - bps) // (2 * BPS)))

    def is_off(self, leg, bps):
        """Whether the limit is not within the collar around the trigger."""
        return bool(leg.get("price")) and abs(leg["price"] - leg["trigger"]) * BPS > bps * leg["trigger"]

    def held(self, account, asset):
        """Orders of one link share the largest hold: only one of them can spend it."""
        largest = {}
        for number, order in enumerate(self.orders):
            if order["open"] and order["account"] == account:
                of, units = self.need(order["symbol"], order["side"], order.get("at") or order["price"], order["left"])
                key = order.get("link") or -number - 1
                largest[key] = max(largest.get(key, 0), units if of == asset else 0)
        return sum(largest.values())

    def standing(self, order, now):
        waits = "trigger" in order
        if waits and order["account"] not in self.suspended and not self.killed and self.state(order["symbol"]) != "OPEN":
            return REFUSES[self.state(order["symbol"])]
        return super().standing(order, now)

    def judge_waiting(self, order, now):
        """The reason for which it may not wait; empty when it may. Sets the price at which its hold is counted."""
        reason, market, quote = self.standing(order, now), self.markets[order["symbol"]], self.quotes.get(order["symbol"])
        if reason or not quote or abs(now - quote["at"]) > 30 * 10**9:
            return reason or "STALE_PRICE"
        reference = quote["bid"] + quote["ask"]
        if order["type"] == "TRAILING_STOP":
            order["trigger"] = behind(order, reference)
            if order["trigger"] < 1 or 2 * order["trail"] >= reference:
                return "PRICE_COLLAR"
        if reached(order, reference):
            return "TRIGGER_REACHED"
        if self.is_off(order, market["bps"]):
            return "PRICE_COLLAR"
        if reason := self.around(order, reference):
            return reason
        order["at"] = order["price"] or self.edge(order, 2 * order["trigger"])
        worth, most = order["at"] * order["lots"] * market["value"], self.limits.get(order["account"], [None, None])[1]
        if worth > market["max_notional"] or (most is not None and worth > most):
            return "MAX_NOTIONAL"
        asset, units = self.need(order["symbol"], order["side"], order["at"], order["lots"])
        short = "INSUFFICIENT_FUNDS" if order["side"] == "BUY" else "INSUFFICIENT_POSITION"
        return short if self.available(order["account"], asset) < units else ""

    def new(self, account, symbol, side, lots, tif, leg, **more):
        """``leg``: type and price, trigger, trail or bps, as far as the type has them."""
        self.places += 1
        order = {"account": account, "symbol": symbol, "side": side, "lots": lots, "left": lots, "tif": tif, "reason": ""}
        order |= {"price": leg.get("price"), "type": leg["type"], "place": self.places, "born": self.places, "open": False}
        order |= {"resting": True, **more}
        if leg["type"] != "LIMIT":
            order |= {"trigger": leg.get("trigger", 0), "trail": leg.get("trail", 0), "bps": leg.get("bps", 0)}
        return order

    def judge(self, order, now):
        return self.judge_waiting(order, now) if "trigger" in order else self.refuse(order, now)[0] or ""

    def wait(self, order):
        order |= {"status": "WAITING", "open": True, "resting": False}
        self.orders.append(order)

    def decide(self, order, reason):
        order |= {"status": "REJECTED" if reason in self.rejections else "DENIED", "reason": reason}

    def submit_waiting(self, account, symbol, side, lots, tif, leg, now, **more):
        order = self.new(account, symbol, side, lots, tif, leg, **more)
        reason = self.judge(order, now)
        self.decide(order, reason) if reason else self.wait(order)
        return order

    def submit_pair(self, account, symbol, side, lots, tif, legs, now, **more):
        """Both are judged alone, and both are taken or none; what waits is there before the other one trades."""
        pair = [self.new(account, symbol, side, lots, tif, leg, link=self.places + 1, **more) for leg in legs]
        for order in pair:
            order["link"] = pair[0]["place"]
        reasons = [reason for reason in [self.judge(order, now) for order in pair] if reason]
        already = len([order for order in self.orders if order["open"] and order["account"] == account])
        most = self.limits.get(account, [None])[0]
        if not reasons and already + 2 > (200 if most is None else most):
            reasons = ["TOO_MANY_OPEN_ORDERS"]
        for order in pair:
            if reasons:
                self.decide(order, reasons[0])
            elif "trigger" in order:
                self.wait(order)
        for order in pair:
            if not reasons and "trigger" not in order:
                self.orders.append(order)
                self.enter(order, order["price"], now)
        return pair

    def enter(self, order, limit, now):
        """Into the market: trade what can be traded, rest or end."""
        order |= {"status": "ACCEPTED" if order["left"] == order["lots"] else order["status"], "open": False, "resting": True}
        self.match(order, limit, now)
        if order["left"] and order["status"] != "CANCELED":
            order["open"] = order.get("type") not in TO_MARKET
            if not order["open"]:
                untouched = order["left"] == order["lots"]
                order |= {"status": "CANCELED", "reason": "NO_LIQUIDITY" if untouched else "UNFILLED_REMAINDER"}
        if order["status"] == "CANCELED":
            self.end_siblings(order, "LINKED_ORDER_ENDED")

    def siblings(self, order):
        return [o for o in self.orders if o is not order and o["open"] and o.get("link") and o["link"] == order.get("link")]

    def end_siblings(self, order, reason):
        for sibling in self.siblings(order):
            sibling |= {"open": False, "status": "CANCELED", "reason": reason}

    def decrement(self, order, lots):
        for each in [order, *self.siblings(order)]:
            self.shrink(each, lots)

    def cancel(self, order, reason="CANCELED_BY_CUSTOMER", status="CANCELED"):
        if order["open"]:
            super().cancel(order, reason, status)
            self.end_siblings(order, "LINKED_ORDER_ENDED")

    def trade(self, symbol, price, lots, taker, maker, aggressor, quote):
        """What is traded of one is taken off the others."""
        super().trade(symbol, price, lots, taker, maker, aggressor, quote)
        for order in filter(None, (taker, maker)):
            for sibling in self.siblings(order):
                if order["left"] and sibling["left"] > lots:
                    self.shrink(sibling, lots)
                else:
                    sibling |= {"open": False, "status": "CANCELED", "reason": "LINKED_ORDER_FILLED"}

    def quote(self, symbol, sequence, bid, ask, bid_lots, ask_lots, now):
        before = self.quotes.get(symbol)
        super().quote(symbol, sequence, bid, ask, bid_lots, ask_lots, now)
        while self.quotes.get(symbol) is not before and self.trading(symbol) and self.pull(symbol, bid + ask, now):
            pass

    def pull(self, symbol, reference, now):
        """Those that wait, in the order in which they came: set off, or led behind the reference. Whether there are more."""
        waiting = [order for order in self.orders if order["open"] and not order["resting"] and order["symbol"] == symbol]
        due = sorted((o for o in waiting if reached(o, reference) or self.moves(o, reference)), key=lambda o: o["place"])
        for order in due[: self.at_once]:
            if order["open"] and reached(order, reference):
                self.set_off(order, reference, now)
            elif order["open"]:
                order["trigger"] = behind(order, reference)
                order["at"] = min(order["at"], self.edge(order, 2 * order["trigger"]))
        return len(due) > self.at_once

    def set_off(self, order, reference, now):
        self.end_siblings(order, "LINKED_ORDER_TRIGGERED")
        self.places = order["place"] = self.places + 1
        edge = self.edge(order, reference)
        limit = order["price"] or (min(edge, order["at"]) if order["side"] == "BUY" else edge)
        self.enter(order, limit, now)

    def moves(self, order, reference):
        gained = (behind(order, reference) - order["trigger"]) * (1 if order["side"] == "SELL" else -1)
        return order["type"] == "TRAILING_STOP" and gained >= stride(order)
