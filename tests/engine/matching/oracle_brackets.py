"""On top of waiting orders: entries with exits, and what can only make a position smaller."""

from tests.engine.matching.oracle import RESTS, SECOND
from tests.engine.matching.oracle_waiting import Waiting, behind, reached


class Brackets(Waiting):
    def __init__(self, *args):
        super().__init__(*args)
        self.made = []  # every exit ever, in the order in which they came to be
        self.due = []  # [entry, lots] that were bought in this step and have no exits yet

    # Entries

    def is_upside_down(self, leg, exits):
        """Whether the exits are on the wrong sides of a price that the entry names. Nobody needs a market to say no to that."""
        entry = leg.get("price") or leg.get("trigger")
        above = [exit.get("price") or exit["trigger"] for exit in exits if is_target(exit)]
        below = [exit.get("trigger", 0) for exit in exits if not is_target(exit)]
        return bool(entry) and (any(price <= entry for price in above) or any(trigger >= entry for trigger in below))

    def submit_with(self, account, symbol, side, lots, tif, leg, now, **more):
        """As submit, of any type, with exits or not, and cut to the position if that is asked. None when it is no order."""
        if self.is_upside_down(leg, more.get("exits", ())):
            return None
        if more.get("reduce_only") and side == "SELL":
            lots = min(lots, self.sellable(account, symbol)) or lots
        if leg["type"] in ("LIMIT", "MARKET"):
            return self.submit(account, symbol, side, lots, leg.get("price"), tif, now, **more)
        return self.submit_waiting(account, symbol, side, lots, tif, leg, now, **more)

    def sellable(self, account, symbol):
        return max(0, self.available(account, symbol)) // self.markets[symbol]["lot"]

    def standing(self, order, now):
        reason, exits, account = super().standing(order, now), len(order.get("exits", ())), order["account"]
        most = self.limits.get(account, [None])[0]
        already = len([o for o in self.orders if o["open"] and o["account"] == account])
        if not reason and exits and already + exits + (order["tif"] in RESTS) > (200 if most is None else most):
            return "TOO_MANY_OPEN_ORDERS"
        if reason or not order.get("reduce_only"):
            return reason
        if order["side"] == "BUY":
            return "REDUCE_ONLY_WOULD_INCREASE"
        return "" if self.sellable(account, order["symbol"]) else "NOTHING_TO_CLOSE"

    def around(self, order, reference):
        """The target is above and the stop below what the entry is about to pay, and the stop's own numbers fit."""
        trigger = order.get("trigger") if order.get("type") != "TRAILING_STOP" else 0
        entry = 2 * (order["price"] or trigger or 0) or reference
        for leg in order.get("exits", ()):
            at = 2 * (leg.get("trigger", 0) if not is_target(leg) else leg.get("price") or leg["trigger"])
            if at <= entry if is_target(leg) else at >= entry:
                return "TRIGGER_REACHED"
            too_far = not is_target(leg) and self.is_off(leg, self.markets[order["symbol"]]["bps"])
            if too_far or 2 * leg.get("trail", 0) >= entry:
                return "PRICE_COLLAR"
        return ""

    # Exits: made and grown after whatever it was that filled the entry

    def trade(self, symbol, price, lots, taker, maker, aggressor, quote):
        super().trade(symbol, price, lots, taker, maker, aggressor, quote)
        for order in filter(None, (taker, maker)):
            if order.get("exits"):
                order["paid"] = order.get("paid", 0) + price * lots
                known = [each for each in self.due if each[0] is order]
                self.due += [] if known else [[order, 0]]
                (known or self.due[-1:])[0][1] += lots

    def cover(self, now):
        while self.due:
            entry, lots = self.due.pop(0)
            exits = [o for o in self.orders if o["open"] and o.get("parent") == entry["born"]]
            for order in sorted(exits, key=lambda o: o["born"]):
                self.places += order["resting"]  # what rests goes to the end of its line; what waits has no line
                order |= {"lots": order["lots"] + lots, "left": order["left"] + lots}
                order["place"] = self.places if order["resting"] else order["place"]
            if not exits:
                self.make_exits(entry, lots, now)

    def make_exits(self, entry, lots, now):
        symbol, quote, link = entry["symbol"], self.quotes.get(entry["symbol"]), self.places + 1
        reference = quote["bid"] + quote["ask"] if quote else 2 * entry["paid"] // (entry["lots"] - entry["left"])
        more = {"link": link, "parent": entry["born"], "created": now, "status": "ACCEPTED"}
        made = [self.new(entry["account"], symbol, "SELL", lots, "GTC", leg, **more) for leg in entry["exits"]]
        self.made += made
        for order in made:
            if order["type"] == "TRAILING_STOP":
                order["trigger"] = max(1, behind(order, reference))
            if "trigger" in order:
                order["at"] = self.edge(order, 2 * order["trigger"])
                self.wait(order)
        for order in made:
            if "trigger" not in order:
                self.orders.append(order)
                self.enter(order, order["price"], now)
        acts = quote and self.trading(symbol) and abs(now - quote["at"]) <= 3 * SECOND
        for order in made:
            if acts and order["open"] and not order["resting"] and reached(order, reference):
                self.set_off(order, reference, now)

    def set_off(self, order, reference, now):
        """What is left of the entry would buy again what its exit sells."""
        for entry in [o for o in self.orders if o["open"] and o["born"] == order.get("parent")]:
            self.cancel(entry, "LINKED_ORDER_TRIGGERED")
        super().set_off(order, reference, now)

    # Whatever trades is followed by exits

    def say(self, order):
        """The answer is about what the order did itself."""
        order["said"] = {name: order[name] for name in ("status", "reason", "lots", "left", "open")}

    def submit(self, *args, **more):
        order = super().submit(*args, **more)
        self.say(order)
        self.cover(args[6])
        return order

    def submit_pair(self, *args, **more):
        pair = super().submit_pair(*args, **more)
        for order in pair:
            self.say(order)
        self.cover(args[6])
        return pair

    def pull(self, symbol, reference, now):
        self.cover(now)
        more = super().pull(symbol, reference, now)
        self.cover(now)
        return more

    # Closing

    def close(self, account, symbol, now):
        """The market order that sells everything, or why there is none. Where it is denied, all else stays as it was."""
        lots = self.totals.get((account, symbol), 0) // self.markets[symbol]["lot"]
        if lots <= 0:
            return "NOTHING_TO_CLOSE"
        mine = [o for o in self.orders if o["open"] and (o["account"], o["symbol"], o["side"]) == (account, symbol, "SELL")]
        before = [dict(order) for order in mine]
        for order in sorted(mine, key=lambda o: o["born"]):
            self.cancel(order, "POSITION_CLOSED")
        wanted = {"account": account, "symbol": symbol, "side": "SELL", "price": None, "lots": lots, "tif": "IOC"}
        reason, limit = self.refuse(wanted, now)
        if reason or not self.reach(wanted, limit, now):
            for order, as_it_was in zip(mine, before, strict=True):
                order |= as_it_was
        if reason or self.reach(wanted, limit, now):
            return self.submit(account, symbol, "SELL", lots, None, "IOC", now)
        return "SELF_TRADE" if self.line(symbol, "SELL", limit, now) else "NO_LIQUIDITY"


def is_target(leg):
    return leg["type"] in ("LIMIT", "TAKE_PROFIT")
