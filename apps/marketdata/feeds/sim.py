"""A simulated market. PURE and seeded: the same seed, calls and times give the same ticks.

The random process is in floating point, because it is weather and not money. What leaves it is a whole number of ticks and
lots, written as decimal text, so that no float ever becomes a price.

How a price moves, and why it looks like one:

- the log price is a random walk, drawn back a little to the anchor, so that a market that runs for a month is still believable;
- its volatility is itself a process (log-normal, over minutes and over an hour): quiet and wild times cluster;
- now and then it jumps, and a jump excites the volatility;
- the spread follows the volatility, with a wobble of its own;
- trades come in runs of one side, print at the bid or the ask, and push the price a little.
"""

import math
from bisect import bisect
from random import Random

from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.feeds.profile import Profile, Writer

SOURCE = "sim"

_REVERSION_S = 2 * 86_400.0
_FAST_S, _FAST_STRENGTH = 60.0, 0.55
_SLOW_S, _SLOW_STRENGTH = 3_600.0, 0.35
_SPREAD_S, _SPREAD_STRENGTH = 20.0, 0.25
_SPREAD_OF_VOLATILITY = 0.8
_HEAT_MAX = 2.5
_WEATHER_S = 0.1
_JUMPS_A_SECOND = 1 / 1_800.0
_JUMP_SIGMAS = 10.0  # of one second: more than a minute and a half's worth at once
_JUMP_HEAT = 1.2
_GAP_MAX_S = 5.0  # a market that was not asked for longer is not made to catch up at once
_BAND = math.log(2)  # the price stays between half and twice its anchor
_SAME_SIDE = 0.7
_IMPACT = 0.12  # of the spread, for a trade of the whole quantity at the touch
_TRADE_SHARE = 0.15


class Market:
    """One instrument. ``quote`` moves it to a new time; ``trade`` prints against the quote that stands."""

    __slots__ = (
        "_anchor", "_ask", "_ask_lots", "_at_ns", "_bid", "_bid_lots", "_fast", "_log", "_price", "_profile", "_quantity",
        "_quotes", "_random", "_side", "_sigma", "_slow", "_trades", "_weather_s", "_wide", "_wobble", "symbol",
    )  # fmt: skip

    def __init__(self, profile: Profile, seed: int) -> None:
        self.symbol = profile.symbol
        self._profile = profile
        self._random = Random(f"{seed}:{profile.symbol}")
        self._anchor = profile.anchor_ticks
        self._log = math.log(profile.start_ticks / profile.anchor_ticks)
        self._fast = self._slow = self._wobble = 0.0
        self._sigma, self._wide, self._weather_s = profile.second_sigma, float(profile.spread_ticks), 0.0
        self._side = Side.BUY
        self._quotes = self._trades = 0
        self._at_ns = 0
        self._price, self._quantity = Writer(profile.grid.tick), Writer(profile.grid.lot)
        self._bid_lots = self._ask_lots = profile.size_lots
        self._bid = max(1, profile.start_ticks - (profile.spread_ticks + 1) // 2)
        self._ask = self._bid + profile.spread_ticks

    @property
    def touch(self) -> tuple[int, int]:
        """Best bid and ask, in ticks."""
        return self._bid, self._ask

    @property
    def has_quoted(self) -> bool:
        return self._quotes > 0

    def quote(self, at_ns: int) -> QuoteTick:
        """Move the market to ``at_ns`` and return its quote. The first one is the start itself."""
        if self._at_ns:
            self._move(max(0.0, min((at_ns - self._at_ns) / 1e9, _GAP_MAX_S)))  # a clock may be set back
        self._at_ns = at_ns
        self._quotes += 1
        return QuoteTick(
            self.symbol, self._quotes, at_ns,
            self._price(self._bid), self._price(self._ask), self._quantity(self._bid_lots), self._quantity(self._ask_lots),
        )  # fmt: skip

    def trade(self, at_ns: int) -> TradeTick:
        """Print a trade at the bid or the ask as it stands, and let it push the next quote."""
        random = self._random.random
        if random() >= _SAME_SIDE:
            self._side = Side.SELL if self._side is Side.BUY else Side.BUY
        shown = self._ask_lots if self._side is Side.BUY else self._bid_lots
        lots = min(shown, 1 + int(shown * 0.2 * -math.log(1.0 - random())))
        price = self._ask if self._side is Side.BUY else self._bid
        push = _IMPACT * (self._ask - self._bid) * lots / shown / price
        self._log += push if self._side is Side.BUY else -push
        self._trades += 1
        return TradeTick(self.symbol, self._trades, at_ns, self._price(price), self._quantity(lots), self._side)

    def _move(self, seconds: float) -> None:
        self._weather_s += seconds
        if self._weather_s >= _WEATHER_S:
            self._change_weather(self._weather_s)
            self._weather_s = 0.0
        self._log += self._random.gauss(0.0, self._sigma * math.sqrt(seconds)) - self._log * seconds / _REVERSION_S
        self._log = max(-_BAND, min(_BAND, self._log))
        self._set_touch()

    def _change_weather(self, seconds: float) -> None:
        """Move on volatility and spread: slow processes, which need not be asked at every tick."""
        random = self._random
        self._fast = _drift(self._fast, seconds, _FAST_S, _FAST_STRENGTH, random)
        self._slow = _drift(self._slow, seconds, _SLOW_S, _SLOW_STRENGTH, random)
        self._wobble = _drift(self._wobble, seconds, _SPREAD_S, _SPREAD_STRENGTH, random)
        if random.random() < _JUMPS_A_SECOND * seconds:
            self._log += random.gauss(0.0, _JUMP_SIGMAS * self._profile.second_sigma)
            self._fast += _JUMP_HEAT
        heat = max(-_HEAT_MAX, min(_HEAT_MAX, self._fast + self._slow))
        # Less the variance, so that the mean of the squared volatility stays what the profile says.
        self._sigma = self._profile.second_sigma * math.exp(heat - _FAST_STRENGTH**2 - _SLOW_STRENGTH**2)
        self._wide = self._profile.spread_ticks * math.exp(_SPREAD_OF_VOLATILITY * heat + self._wobble)

    def _set_touch(self) -> None:
        random = self._random.random
        spread = max(1, int(self._wide + random()))  # rounded at random: a usual spread of 1.5 ticks is 1 or 2
        self._bid = max(1, int(self._anchor * math.exp(self._log) - spread / 2 + 0.5))
        self._ask = self._bid + spread
        lots = max(1, int(self._profile.size_lots * (0.3 - math.log(1.0 - random()) * 0.7)))
        if random() < 0.5:
            self._bid_lots = lots
        else:
            self._ask_lots = lots


def _drift(value: float, seconds: float, memory_s: float, strength: float, random: Random) -> float:
    """One step of a process that wanders with standard deviation ``strength`` and forgets over ``memory_s``."""
    kept = math.exp(-seconds / memory_s)
    return value * kept + strength * math.sqrt(1.0 - kept * kept) * random.gauss(0.0, 1.0)


class Simulator:
    """All instruments together: whose turn it is, and whether it quotes or trades."""

    def __init__(self, profiles: list[Profile], seed: int) -> None:
        self.markets = {profile.symbol: Market(profile, seed) for profile in profiles}
        self._order = list(self.markets.values())
        self._random = Random(f"{seed}:order")
        weights = [profile.intensity for profile in profiles]
        self._cumulated = [sum(weights[: index + 1]) for index in range(len(weights))]

    def next(self, at_ns: int) -> QuoteTick | TradeTick:
        """Return one tick of whichever instrument is next, at ``at_ns``; an instrument's first tick is a quote."""
        draw = self._random.random()
        market = self._order[bisect(self._cumulated, draw * self._cumulated[-1])]
        if self._random.random() < _TRADE_SHARE and market.has_quoted:
            return market.trade(at_ns)
        return market.quote(at_ns)
