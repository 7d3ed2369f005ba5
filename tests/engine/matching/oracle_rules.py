"""On top of the plain market: what time ends, what staff stop, and what owners change. As slow and as plain."""

from tests.engine.matching.oracle import RESTS, SECOND, Oracle

REFUSES = {"PRE_OPEN": "NOT_OPEN_YET", "HALTED": "INSTRUMENT_HALTED", "CLOSED": "INSTRUMENT_CLOSED"}
FOLLOWS = {"PRE_OPEN": ("OPEN", "CLOSED"), "OPEN": ("CLOSED",), "CLOSED": ("PRE_OPEN", "OPEN")}


def stored(instant):
    """Instants are kept in whole microseconds."""
    return instant - instant % 1000


class Rules(Oracle):
    rejections = (
        *Oracle.rejections, *REFUSES.values(), "VENUE_KILLED", "EXPIRES_TOO_SOON", "NO_SESSION", "POST_ONLY_WOULD_TRADE",
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.killed = False
        self.states = {}  # symbol -> state, when it is not HALTED
        self.paused, self.closes, self.dead = {}, {}, {}  # symbol -> until; symbol -> ends of sessions; account -> instant
        self.modes = {}  # account -> what to do when two of its orders meet

    # States and switches

    def state(self, symbol):
        return "HALTED" if symbol in self.halted else self.states.get(symbol, "OPEN")

    def trading(self, symbol):
        return not self.killed and self.state(symbol) == "OPEN"

    def halt(self, symbol, cancels=False):
        self.halted.add(symbol)
        self.paused.pop(symbol, None)
        self.end_all("CANCELED_BY_KILL_SWITCH", lambda order: cancels and order["symbol"] == symbol)

    def pause(self, symbol, seconds, now):
        if self.state(symbol) == "OPEN":
            self.halted.add(symbol)
            self.paused[symbol] = stored(now) + seconds * SECOND

    def by_calendar(self, symbol, now):
        return "OPEN"

    def resume(self, symbol, now):
        if symbol in self.halted:
            self.halted.discard(symbol)
            self.paused.pop(symbol, None)
            self.states[symbol] = self.by_calendar(symbol, now)

    def set_state(self, symbol, state):
        """The reason for which it is not done; empty when it is, or was."""
        before = self.state(symbol)
        if before == "HALTED":
            return "INSTRUMENT_HALTED"
        if before != state and state not in FOLLOWS[before]:
            return "INVALID_FIELD"
        self.states[symbol] = state
        return ""

    def sweep_away(self, most):
        """The kill switch cancels the oldest first, so many at a time."""
        for order in sorted((o for o in self.orders if o["open"]), key=lambda o: o["born"])[:most]:
            self.cancel(order, "CANCELED_BY_KILL_SWITCH")

    def end_all(self, reason, which, status="CANCELED"):
        """The oldest first: the end of one may be the end of others."""
        for order in sorted((o for o in self.orders if o["open"] and which(o)), key=lambda o: o["born"]):
            self.cancel(order, reason, status)

    # Time

    def set_dead_man(self, account, seconds, now):
        self.dead[account] = stored(now) + seconds * SECOND if seconds else 0

    def pass_time(self, now):
        """What was due by ``now``: pauses end first, then orders do, in the order of the instants."""
        for symbol in [symbol for symbol, until in self.paused.items() if until <= now]:
            self.resume(symbol, now)
        due = [(o["until"], 2, o["born"], o) for o in self.orders if o["open"] and o.get("until") and o["until"] <= now]
        for number, symbol in enumerate(self.markets):
            due += [(close, 3, number, symbol) for close in self.closes.get(symbol, []) if close <= now]
            self.closes[symbol] = [close for close in self.closes.get(symbol, []) if close > now]
        due += [(at, 4, account, account) for account, at in self.dead.items() if at and at <= now]
        for at, kind, _, what in sorted(due, key=lambda each: each[:3]):
            if kind == 2:
                self.cancel(what, "EXPIRED_AT_ITS_TIME", "EXPIRED")
            elif kind == 3:
                day = [o for o in self.orders if o["tif"] == "DAY" and o["symbol"] == what and o["created"] < at]
                self.end_all("EXPIRED_WITH_THE_SESSION", lambda order, day=day: order in day, "EXPIRED")
            else:
                self.end_all("CANCELED_BY_DEAD_MANS_SWITCH", lambda order, what=what: order["account"] == what)
                self.dead[what] = 0

    # Orders

    def standing(self, order, now):
        symbol = order["symbol"]
        if order["account"] not in self.suspended and (self.killed or self.state(symbol) != "OPEN"):
            rests = self.state(symbol) == "PRE_OPEN" and order["price"] and order["tif"] in RESTS
            if self.killed:
                return "VENUE_KILLED"
            if not rests or self.line(symbol, order["side"], order["price"], now):
                return REFUSES[self.state(symbol)]
        reason = super().standing(order, now)
        if not reason and order["tif"] == "GTD" and order["until"] <= now:
            return "EXPIRES_TOO_SOON"
        if not reason and order["tif"] == "DAY" and not any(close > now for close in self.closes.get(symbol, [])):
            return "NO_SESSION"
        return reason

    def refuse(self, order, now):
        reason, limit = super().refuse(order, now)
        if not reason and order.get("post_only") and self.line(order["symbol"], order["side"], limit, now):
            return "POST_ONLY_WOULD_TRADE", 0
        return reason, limit

    def reach(self, order, limit, now):
        if self.modes.get(order["account"]) != "CANCEL_OLDEST":
            return super().reach(order, limit, now)
        line = self.line(order["symbol"], order["side"], limit, now)
        return sum(o[2] if is_house else o["left"] for _, is_house, _, o in line if is_house or o["account"] != order["account"])

    def goes_on(self, order, own):
        mode = self.modes.get(order["account"], "CANCEL_NEWEST")
        incoming, resting = order["left"], own["left"]
        if mode in ("CANCEL_OLDEST", "CANCEL_BOTH") or (mode == "DECREMENT" and resting <= incoming):
            self.cancel(own, "SELF_TRADE_PREVENTED")
        elif mode == "DECREMENT":
            self.decrement(own, incoming)
        if mode == "DECREMENT" and resting < incoming:
            self.decrement(order, resting)
            return True
        return mode == "CANCEL_OLDEST"

    def decrement(self, order, lots):
        self.shrink(order, lots)

    def shrink(self, order, lots):
        order |= {"lots": order["lots"] - lots, "left": order["left"] - lots}
