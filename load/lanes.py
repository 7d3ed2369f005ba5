"""The lanes: what each offers, and for how long. Sizes are for two cores that carry the clients too; docs/load.md says what each
is for."""

from dataclasses import dataclass, field, replace

from load.arrivals import Stretch, expected

#: A journal has a line or two for each request; a lane that would write more is refused.
JOURNAL_REQUESTS_MAX = 1_000_000
#: What the simulated feed takes at most (FEED_RATE).
FEED_RATE_MAX = 20_000


class LaneError(ValueError):
    """A lane that there is not, or that cannot be run so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Some seconds of one offer. Rates are a second, over all clients."""

    name: str
    seconds: float
    orders: float = 0.0
    visits: float = 0.0
    log_ins: float = 0.0
    cancel_alls: float = 0.0
    #: Every socket is cut when the phase begins, and comes back by the page's rules.
    cuts_sockets: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """``socket_life_s``: how long a page stays open on average, 0 for ever. ``feed_rate``: ticks a second, where the stack is
    started for the lane."""

    name: str
    about: str
    phases: tuple[Phase, ...]
    sockets: int
    traders: int
    feed_rate: int = 100
    socket_life_s: float = 60.0
    #: In how many of the sockets every price is read and timed: the others are counted, so that the client keeps up.
    observers: int = 10
    visitors: int = 40
    #: A step lane ends by itself when this many phases in a row could not carry what was offered; 0: never.
    gives_up_after: int = 0
    #: Seconds at the beginning that slopes leave out.
    warm_s: float = 10.0
    replays: bool = True
    env: dict[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(phase.seconds for phase in self.phases)

    def stretches(self, what: str) -> list[Stretch]:
        """The rates of ``orders``, ``visits``, ``log_ins`` or ``cancel_alls``, phase by phase."""
        return [Stretch(phase.seconds, getattr(phase, what)) for phase in self.phases]


_STANDARD = Phase("steady", 120, orders=30, visits=1.5, log_ins=0.1, cancel_alls=0.2)


def _steps() -> tuple[Phase, ...]:
    rates = (20, 40, 80, 120, 180, 270, 400, 600, 900, 1350)
    return tuple(Phase(f"{rate}/s", 15, orders=rate, visits=0.5) for rate in rates)


LANES: dict[str, Lane] = {
    lane.name: lane
    for lane in (
        Lane(
            "smoke",
            "everything once, in ten seconds: does it work at all under a little load",
            (Phase("steady", 10, orders=20, visits=1, log_ins=0.3, cancel_alls=0.2),),
            sockets=30,
            traders=10,
            observers=5,
            visitors=8,
            socket_life_s=8,
            warm_s=2,
            replays=False,
        ),
        Lane(
            "standard",
            "a working day: people watch, trade, look things up and log in, at one rate",
            (_STANDARD,),
            sockets=300,
            traders=100,
        ),
        Lane(
            "firehose",
            "prices at the highest rate that two cores carry from the feed to the sockets",
            (Phase("firehose", 90, orders=5, visits=0.2),),
            sockets=100,
            traders=50,
            feed_rate=3000,
            observers=5,
        ),
        Lane(
            "storm",
            "everybody at once: all sockets are cut, people log in, cancel all, and trade the open",
            (
                Phase("calm", 20, orders=20, visits=1),
                Phase("reconnection", 40, orders=20, visits=1, log_ins=2, cuts_sockets=True),
                Phase("cancel all", 10, orders=20, visits=1, cancel_alls=10),
                Phase("open", 5, orders=300, visits=2),
                Phase("after", 25, orders=20, visits=1),
            ),
            sockets=600,
            traders=150,
            socket_life_s=0,
            observers=20,
        ),
        Lane(
            "soak",
            "half an hour of coming and going: nothing may grow",
            (replace(_STANDARD, name="churn", seconds=1800, orders=6, visits=0.7),),
            sockets=200,
            traders=100,
            socket_life_s=45,
            warm_s=300,
        ),
        Lane(
            "step",
            "orders at rising rates, until no more is carried: where the knee is",
            _steps(),
            sockets=100,
            traders=300,
            gives_up_after=2,
        ),
    )
}


def find_lane(name: str, minutes: float | None = None, scale: float = 1.0) -> Lane:
    """The lane, its one phase lasting ``minutes``, with ``scale`` times its rates, sockets and ticks.

    Raises :class:`LaneError`.
    """
    lane = LANES.get(name)
    if lane is None:
        raise LaneError(f"there is no lane {name!r}; there are {', '.join(LANES)}")
    if minutes is not None:
        if len(lane.phases) != 1:
            raise LaneError(f"MINUTES is for lanes of one phase; {name} has {len(lane.phases)}, of {lane.seconds:g} s together")
        lane = replace(lane, phases=(replace(lane.phases[0], seconds=minutes * 60),), warm_s=min(lane.warm_s, minutes * 60 / 5))
    if scale != 1.0:
        lane = replace(
            lane,
            phases=tuple(_scaled(phase, scale) for phase in lane.phases),
            sockets=max(1, int(lane.sockets * scale)),
            feed_rate=min(FEED_RATE_MAX, max(1, int(lane.feed_rate * scale))),
        )
    asked = sum(expected(lane.stretches(what)) for what in ("orders", "cancel_alls"))
    if asked > JOURNAL_REQUESTS_MAX:
        raise LaneError(f"that would be {asked:.0f} requests, and a journal holds {JOURNAL_REQUESTS_MAX}: take fewer MINUTES")
    return lane


def _scaled(phase: Phase, scale: float) -> Phase:
    return replace(
        phase,
        orders=phase.orders * scale,
        visits=phase.visits * scale,
        log_ins=phase.log_ins * scale,
        cancel_alls=phase.cancel_alls * scale,
    )
