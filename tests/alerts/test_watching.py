"""Which alerts a tick fires: the sorted lists against a plain list that is looked through, tick by tick."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.alerts.kinds import Basis, Direction
from apps.alerts.watching import FOREVER_NS, Hit, Watch, Watched
from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick

SYMBOLS = ("A", "B")
prices = st.integers(min_value=95, max_value=105).map(lambda cents: Decimal(cents) / 10)
instants = st.integers(min_value=0, max_value=30)


@st.composite
def alerts(draw: st.DrawFn, alert_id: int = 0) -> Watched:
    return Watched(
        alert_id=alert_id or draw(st.integers(1, 12)),
        version=draw(st.integers(1, 3)),
        symbol=draw(st.sampled_from(SYMBOLS)),
        basis=draw(st.sampled_from(list(Basis))),
        direction=draw(st.sampled_from(list(Direction))),
        price=draw(prices),
        from_ns=draw(instants),
        until_ns=draw(st.one_of(st.just(FOREVER_NS), instants)),
        pause_ns=draw(st.one_of(st.none(), st.integers(0, 5))),
        is_armed=draw(st.booleans()),
    )


@dataclass(frozen=True)
class Tick:
    symbol: str
    bid: Decimal
    ask: Decimal
    at_ns: int


ticks = st.builds(
    lambda symbol, bid, spread, at_ns: Tick(symbol, bid, bid + Decimal(spread) / 10, at_ns),
    st.sampled_from(SYMBOLS), prices, st.integers(0, 3), instants,
)  # fmt: skip
acts = st.lists(st.one_of(alerts(), ticks, st.integers(1, 12)), max_size=60)


class PlainList:
    """The oracle: every alert is asked at every tick."""

    def __init__(self) -> None:
        self.alerts: dict[int, Watched] = {}

    def take(self, symbol: str, values: dict[Basis, Decimal], at_ns: int) -> set[tuple[int, int, Decimal]]:
        hits = set()
        for alert in list(self.alerts.values()):
            if alert.symbol != symbol or alert.basis not in values or at_ns < alert.from_ns:
                continue
            value = values[alert.basis]
            beyond = value > alert.price if alert.direction is Direction.ABOVE else value < alert.price
            is_hit = (beyond or value == alert.price) if alert.is_armed else not (beyond or value == alert.price)
            if not is_hit:
                continue
            del self.alerts[alert.alert_id]
            if at_ns >= alert.until_ns:
                continue
            hits.add((alert.alert_id, alert.version, value))
            if not alert.is_armed:
                self.alerts[alert.alert_id] = replace(alert, version=alert.version + 1, from_ns=at_ns, is_armed=True)
            elif alert.pause_ns is not None:
                again = replace(alert, version=alert.version + 1, from_ns=at_ns + alert.pause_ns, is_armed=False)
                self.alerts[alert.alert_id] = again
        return hits


def told(hits: Sequence[Hit]) -> set[tuple[int, int, Decimal]]:
    assert len({hit.alert.alert_id for hit in hits}) == len(hits), "an alert is hit at most once by a tick"
    return {(hit.alert.alert_id, hit.alert.version, hit.value) for hit in hits}


@given(acts)
def test_sorted_lists_fire_what_a_plain_list_fires(acts: list[Watched | Tick | int]) -> None:
    watch, plain = Watch(), PlainList()
    for sequence, act in enumerate(acts, start=1):
        if isinstance(act, Watched):
            watch.put(act)
            plain.alerts[act.alert_id] = act
        elif isinstance(act, int):
            watch.discard(act)
            plain.alerts.pop(act, None)
        else:
            quote = QuoteTick(act.symbol, sequence, act.at_ns, str(act.bid), str(act.ask), "1", "1")
            values = {Basis.BID: act.bid, Basis.ASK: act.ask, Basis.MID: (act.bid + act.ask) / 2}
            assert told(watch.take_quote("sim", 1, quote)) == plain.take(act.symbol, values, act.at_ns)
            trade = TradeTick(act.symbol, sequence, act.at_ns, str(act.ask), "1", Side.BUY)
            assert told(watch.take_print("sim", 1, trade)) == plain.take(act.symbol, {Basis.LAST: act.ask}, act.at_ns)
        assert len(watch) == len(plain.alerts)


def one(**more: object) -> Watched:
    fields = {"alert_id": 1, "version": 1, "symbol": "A", "basis": Basis.BID, "direction": Direction.ABOVE, "price": Decimal(10)}
    return Watched(**{"from_ns": 0} | fields | more)  # type: ignore[arg-type]


def quote(sequence: int, bid: str, at_ns: int = 5) -> QuoteTick:
    return QuoteTick("A", sequence, at_ns, bid, str(Decimal(bid) + 1), "1", "1")


def test_at_the_price_is_reached_and_just_below_is_not() -> None:
    watch = Watch()
    watch.put(one())
    assert not watch.take_quote("sim", 1, quote(1, "9.99"))
    assert len(watch.take_quote("sim", 1, quote(2, "10"))) == 1
    assert not watch.take_quote("sim", 1, quote(3, "11")), "once is once"


def test_one_that_fires_again_rests_and_then_waits_for_the_other_side() -> None:
    watch = Watch()
    watch.put(one(pause_ns=10))
    bids = [(5, "10"), (8, "9"), (9, "10"), (15, "10"), (16, "11"), (17, "9.5"), (18, "9.9"), (19, "10.5")]
    hits = [watch.take_quote("sim", 1, quote(number, bid, at_ns)) for number, (at_ns, bid) in enumerate(bids)]
    assert [(hit.at_ns, hit.alert.is_armed) for each in hits for hit in each] == [(5, True), (17, False), (19, True)]


def test_a_quote_that_does_not_stand_fires_nothing() -> None:
    watch = Watch()
    watch.put(one())
    watch.take_quote("sim", 2, quote(5, "9"))
    assert not watch.take_quote("sim", 1, quote(9, "12")), "of a feed that was replaced"
    assert not watch.take_quote("sim", 2, quote(4, "12")), "older than the one that stands"
    assert not watch.take_quote("other", 3, quote(1, "12", at_ns=6)), "of another source while the first one speaks"
    assert len(watch.take_quote("sim", 2, quote(6, "12"))) == 1
