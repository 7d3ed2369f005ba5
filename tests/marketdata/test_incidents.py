"""Scripted bad days of the simulated source, and what the gate makes of each."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick
from apps.marketdata.feeds.gate import Gate, Quarantined, Reason
from apps.marketdata.feeds.incidents import INCIDENTS_MAX, Incident, IncidentError, Kind, Script, read_incidents
from apps.marketdata.feeds.profile import plain_profile
from apps.marketdata.feeds.sim import Market

T0_NS = 1_700_000_000_000_000_000
STEP_NS = 100_000_000
GRID = Grid(5_000_000, 100_000_000)


class Day:
    """A simulated market, ten quotes a second, with incidents, through the gate."""

    def __init__(self, *incidents: str) -> None:
        self.kept: list[Quarantined] = []
        self.shown: dict[float, QuoteTick] = {}
        self._script = Script(Incident.parse(each) for each in incidents)
        self._market = Market(plain_profile("ACME", GRID, Decimal("100.00")), seed=3)
        self._wanted = False
        self.gate = Gate(T0_NS - 1, self.kept.append)
        self.gate.know({"ACME": GRID})
        self.gate.describe_source(dense=True, resnapshot=self._ask)

    def _ask(self, _symbol: str) -> None:
        self._wanted = True

    def run(self, seconds: float) -> "Day":
        for step in range(int(seconds * 10)):
            now_ns = T0_NS + step * STEP_NS
            self._script.advance(step / 10)
            self._take(step, self.gate.quotes(self._script.play(self._market.quote(now_ns), GRID), now_ns))
            if self._wanted:
                self._wanted = False
                self._take(step, self.gate.snapshot(self._script.play(self._market.quote(now_ns), GRID), now_ns))
            self._take(step, self.gate.overdue(now_ns))
        return self

    def _take(self, step: int, groups: list[tuple[int, list[QuoteTick]]]) -> None:
        for _, ticks in groups:
            self.shown[step / 10] = ticks[-1]

    def silent(self, from_s: float, until_s: float) -> bool:
        return not [at for at in self.shown if from_s <= at < until_s]

    @property
    def reasons(self) -> list[Reason]:
        return [kept.reason for kept in self.kept]


def test_without_incidents_every_tick_is_shown() -> None:
    day = Day().run(5)
    assert len(day.shown) == 50
    assert not day.kept


@pytest.mark.fault("F31")
def test_a_silence_lasts_as_long_as_it_says_and_has_a_length_of_its_own() -> None:
    day = Day("silence:ACME:2:1").run(5)
    assert day.silent(2, 3)
    assert not day.silent(3, 3.5)
    assert Incident.parse("silence:ACME:2").length_s == 5


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("spike", Reason.BAND), ("crossed", Reason.CROSSED), ("zero", Reason.ZERO), ("nan", Reason.NUMBER)],
)
def test_one_senseless_tick_is_kept_back_and_nothing_else(kind: str, reason: Reason) -> None:
    day = Day(f"{kind}:ACME:2").run(5)
    assert day.reasons == [reason]
    assert len(day.shown) == 49
    assert all(Decimal(tick.bid) < 110 for tick in day.shown.values())


@pytest.mark.fault("F31")
def test_a_spike_that_lasts_is_confirmed_by_its_second_tick_and_so_is_the_way_back() -> None:
    day = Day("spike:ACME:2:1").run(5)
    assert day.reasons == [Reason.BAND, Reason.BAND]
    assert Decimal(day.shown[2.5].bid) > 125
    assert Decimal(day.shown[4.0].bid) < 110


@pytest.mark.fault("F31")
def test_crossed_quotes_for_a_while_are_a_silence_to_everybody_else() -> None:
    day = Day("crossed:ACME:2:1").run(5)
    assert day.reasons == [Reason.CROSSED] * 10
    assert day.silent(2, 3)


@pytest.mark.fault("F31")
def test_a_frozen_value_is_no_price_of_now_after_three_seconds() -> None:
    day = Day("frozen:ACME:2:5").run(9)
    assert not day.silent(2, 5)
    assert day.silent(5.1, 7)
    assert day.gate.figures.late == 19
    assert not day.silent(7, 7.2)


@pytest.mark.fault("F30")
def test_ticks_out_of_order_never_bring_an_older_price() -> None:
    day = Day("out-of-order:ACME:2:1").run(5)
    times = [tick.at_ns for _, tick in sorted(day.shown.items())]
    assert times == sorted(set(times))
    assert day.gate.figures.old == 5


@pytest.mark.fault("F30")
def test_a_gap_ends_with_a_snapshot_at_once() -> None:
    day = Day("gap:ACME:2").run(5)
    assert (day.gate.figures.gaps, day.gate.figures.missed, day.gate.figures.resnapshots) == (1, 3, 1)
    assert not day.silent(2, 2.2)
    assert len(day.shown) == 50


@pytest.mark.fault("F30")
def test_a_reset_begins_an_epoch_and_costs_one_tick() -> None:
    day = Day("reset:ACME:2").run(5)
    assert day.gate.figures.resets == 1
    assert day.gate.epoch > T0_NS
    assert day.silent(2, 2.1)
    assert len(day.shown) == 49


def test_only_the_named_symbol_suffers() -> None:
    day = Day("silence:OTHER:1:3").run(5)
    assert len(day.shown) == 50


def test_a_script_is_read_line_by_line() -> None:
    lines = ["# a bad day", "", "spike:BTC-USD:10  # once", "silence:ETH-USD:20.5:3"]
    assert read_incidents(lines) == [
        Incident(Kind.SPIKE, "BTC-USD", 10.0, 0.0),
        Incident(Kind.SILENCE, "ETH-USD", 20.5, 3.0),
    ]


def too_many() -> list[str]:
    return ["spike:A:1"] * (INCIDENTS_MAX + 1)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["spike:A"], "line 1: an incident must be KIND:SYMBOL"),
        (["", "boom:A:1"], "line 2: the kind must be one of silence, spike"),
        (["spike:A:-1"], "line 1: seconds must be a plain number"),
        (["spike:A:1:x"], "line 1: seconds must be a plain number"),
        (["spike::1"], "line 1: an incident must be"),
        (too_many, f"line {INCIDENTS_MAX + 1}: there may be at most"),
    ],
)
def test_a_line_that_is_no_incident_is_named(lines: list[str] | Callable[[], list[str]], message: str) -> None:
    given: Any = lines() if callable(lines) else lines
    with pytest.raises(IncidentError, match=message):
        read_incidents(given)
