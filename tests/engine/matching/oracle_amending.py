"""On top of everything: orders that are changed in place, alone or together with those that they are linked to."""

from tests.engine.matching.oracle import SECOND
from tests.engine.matching.oracle_brackets import Brackets, is_target
from tests.engine.matching.oracle_rules import REFUSES
from tests.engine.matching.oracle_waiting import reached


class Amending(Brackets):
    def amend(self, order, lots, price, trigger, now):
        """(reason, whether it keeps its place), or None for a number that it has no use for. None of a number keeps what is."""
        has_trigger = not order["resting"] and order["type"] != "TRAILING_STOP"
        if (price and not order["price"]) or (trigger and not has_trigger):
            return None
        lots, price, trigger = lots or order["lots"], price or order["price"], trigger or order.get("trigger", 0)
        filled, same = order["lots"] - order["left"], (price, trigger) == (order["price"], order.get("trigger", 0))
        if lots < filled:
            return "QUANTITY_BELOW_FILLED", True
        if lots == filled:  # it has all that it asks for, and no price matters any more
            order |= {"lots": lots, "left": 0, "open": False, "status": "FILLED"}
            self.end_siblings(order, "LINKED_ORDER_FILLED")
            return "", True
        if same and lots <= order["lots"]:
            self.decrement(order, order["lots"] - lots)
            return "", True
        if not same and self.is_upside_down({"price": price, "trigger": trigger}, self.exits_of(order)):
            return None
        wanted = order | {"lots": lots, "left": lots - filled, "price": price, "trigger": trigger, "exits": self.exits_of(order)}
        reason = self.refuse_change(order, wanted, same, now)
        if not reason:
            self.change(order, wanted, now)
        return reason, bool(reason)

    def exits_of(self, entry):
        """As they are where they are open, as they were asked for where they are not."""
        alive = {is_target(o): o for o in self.orders if o["open"] and o.get("parent") == entry["born"]}
        return [alive.get(is_target(leg), leg) for leg in entry.get("exits", ())]

    def resized(self, order, wanted):
        """(order, as it is to be) of all that take a new place: those that are linked to it too, when it becomes larger."""
        more = wanted["lots"] - order["lots"]
        larger = sorted(self.siblings(order), key=lambda o: o["born"]) if more > 0 else []
        return [(order, wanted), *((o, o | {"lots": o["lots"] + more, "left": o["left"] + more}) for o in larger)]

    def refuse_change(self, order, wanted, same, now):
        """What a new order is asked, in turn, of each of them."""
        symbol, account, market = order["symbol"], order["account"], self.markets[order["symbol"]]
        all_of_them = [each for _, each in self.resized(order, wanted)]
        if account in self.suspended or self.killed:
            return "ACCOUNT_NOT_ACTIVE" if account in self.suspended else "VENUE_KILLED"
        meets = [o for o in all_of_them if o["resting"] and self.line(symbol, o["side"], o["price"], now)]
        if self.state(symbol) in ("HALTED", "CLOSED") or (self.state(symbol) == "PRE_OPEN" and meets):
            return REFUSES[self.state(symbol)]
        if any(o["lots"] > market["max_lots"] for o in all_of_them):
            return "MAX_QUANTITY"
        if order.get("parent") and wanted["lots"] > order["lots"] and wanted["left"] > self.unsold(order["parent"]):
            return "QUANTITY_ABOVE_ENTRY"
        quote = self.quotes.get(symbol)
        if not quote or abs(now - quote["at"]) > 30 * SECOND:
            return "STALE_PRICE"
        reference = quote["bid"] + quote["ask"]
        reasons = [self.refuse_price(o, reference, market["bps"]) for o in all_of_them]
        reasons += [] if same else [self.around(wanted, reference)]
        if any(reasons):
            return next(reason for reason in reasons if reason)
        most = min(market["max_notional"], *(m for m in [self.limits.get(account, [None, None])[1]] if m is not None), 10**18)
        if any(self.limit_of(o) * o["lots"] * market["value"] > most for o in all_of_them):
            return "MAX_NOTIONAL"
        if self.available(account, "USD" if order["side"] == "BUY" else symbol) < self.more_held(order, wanted):
            return "INSUFFICIENT_FUNDS" if order["side"] == "BUY" else "INSUFFICIENT_POSITION"
        return "POST_ONLY_WOULD_TRADE" if any(o.get("post_only") for o in meets) else ""

    def refuse_price(self, order, reference, bps):
        if order["resting"]:
            return "PRICE_COLLAR" if abs(2 * order["price"] - reference) * 10_000 > bps * reference else ""
        if reached(order, reference):
            return "TRIGGER_REACHED"
        return "PRICE_COLLAR" if self.is_off(order, bps) else ""

    def limit_of(self, order):
        return order["price"] or self.edge(order, 2 * order["trigger"])

    def unsold(self, parent):
        """What an entry bought and its exits have not sold."""
        filled = [(o["lots"] - o["left"]) * (1 if o["born"] == parent else -1) for o in self.orders if parent in of(o)]
        return sum(filled)

    def more_held(self, order, wanted):
        """Beyond what is set aside for the link now: its orders share the largest hold."""
        siblings, more = self.siblings(order), wanted["lots"] - order["lots"]
        now = [self.cost(o, o.get("at") or o["price"], o["left"]) for o in (order, *siblings)]
        then = [self.cost(o, o.get("at") or o["price"], o["left"] + more) for o in siblings]
        return max([self.cost(wanted, self.limit_of(wanted), wanted["left"]), *then]) - max(now)

    def cost(self, order, limit, lots):
        return self.need(order["symbol"], order["side"], limit, lots)[1]

    def change(self, order, wanted, now):
        """All have their new size and place before one of them may trade."""
        more, resized = wanted["lots"] - order["lots"], self.resized(order, wanted)
        for sibling in self.siblings(order):
            sibling |= {"lots": sibling["lots"] + more, "left": sibling["left"] + more}
        order |= {name: wanted[name] for name in ("lots", "left", "price")} | {"at": self.limit_of(wanted)}
        if not order["resting"]:
            order["trigger"] = wanted["trigger"]
        for each, _ in resized:
            self.places = each["place"] = self.places + 1
        for each, _ in resized:
            if each["resting"] and self.state(each["symbol"]) == "OPEN":
                each["open"] = False
                self.enter(each, each["price"], now)
        self.say(order)
        self.cover(now)


def of(order):
    """The entries that an order belongs to: itself, and the one whose exit it is."""
    return order["born"], order.get("parent")
