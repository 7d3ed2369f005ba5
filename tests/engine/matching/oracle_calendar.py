"""On top of the rules: trading sessions, which move an instrument at their boundaries unless it is halted. As plain."""

from tests.engine.matching.oracle_rules import FOLLOWS, Rules


class Calendar(Rules):
    def __init__(self, *args):
        super().__init__(*args)
        self.sessions = {}  # symbol -> (pre-open, open, close) of each, in order
        self.around_the_clock = set()  # those symbols whose sessions only end DAY orders
        self.boundary = {}  # symbol -> the next instant at which something may change

    def by_calendar(self, symbol, now):
        """Where the instrument belongs. One whose sessions nobody ever told is always open."""
        if symbol not in self.sessions or symbol in self.around_the_clock:
            return "OPEN"
        for pre_open, opening, close in self.sessions[symbol]:
            if now < close:
                return "CLOSED" if now < pre_open else "PRE_OPEN" if now < opening else "OPEN"
        return "CLOSED"

    def set_sessions(self, symbol, sessions, around_the_clock, now):
        """What staff decided for today stands, unless the new sessions say otherwise of now than the old ones did."""
        before = self.by_calendar(symbol, now)
        self.sessions[symbol] = [session for session in sessions if session[2] > now]
        self.closes[symbol] = [close for _, _, close in self.sessions[symbol]]
        (self.around_the_clock.add if around_the_clock else self.around_the_clock.discard)(symbol)
        if self.by_calendar(symbol, now) != before:
            self.follow(symbol, now)
        self.look_ahead(symbol, now)

    def look_ahead(self, symbol, now):
        self.boundary[symbol] = min((at for session in self.sessions[symbol] for at in session if at > now), default=None)

    def follow(self, symbol, now):
        state, wanted = self.state(symbol), self.by_calendar(symbol, now)
        if state != "HALTED" and wanted in FOLLOWS[state]:
            self.states[symbol] = wanted

    def pass_time(self, now):
        for symbol, boundary in self.boundary.items():
            if boundary is not None and boundary <= now:
                if symbol not in self.around_the_clock:
                    self.follow(symbol, now)
                # What is over does not come again, though the next engine's clock may be behind.
                self.sessions[symbol] = [session for session in self.sessions[symbol] if session[2] > now]
                self.look_ahead(symbol, now)
        super().pass_time(now)
