"""What each lane must reach, and why. A goal names a figure of the results; one that was not measured is missed."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Goal(NamedTuple):
    """``most``: the figure may be at most ``bound``, else it must be at least that."""

    figure: str
    most: bool
    bound: float
    why: str


_RIGHT = (
    Goal("journal.lost", True, 0, "an acknowledged order is never lost"),
    Goal("journal.doubled", True, 0, "one intention is at most one order"),
    Goal("journal.invented", True, 0, "nothing is done that nobody asked for, or that was answered with a no"),
    Goal("journal.misreported", True, 0, "an answer is a promise"),
    Goal("journal.unresolved", True, 0, "nobody is left unsure: the same id gives the answer that was lost"),
    Goal("journal.unpushed", True, 0, "nothing is shown that did not happen"),
    Goal("invariants.violated", True, 0, "the books are right (manage.py check_invariants)"),
    Goal("sockets.older_after_newer", True, 0, "a socket never shows an older price after a newer one"),
    Goal("sockets.account_holes", True, 0, "events of an account come without a gap, or a gap is told"),
    Goal("processes.restarts", True, 0, "load is no fault: nothing may die of it"),
    Goal("orders.offered", False, 1, "a lane that offered nothing proves nothing"),
    Goal("prices.timed", False, 1, "and neither does one that saw no price"),
)
_GOOD = Goal("orders.good_share", False, 0.99, "99 of 100 requests have their answer within a second of being due")
_PAGES = Goal("pages.bad_share", True, 0.01, "no more than one page in a hundred fails")
_REPLAY = Goal("replay.differences", True, 0, "the engine did what its inputs ask for (manage.py replay_engine)")
_LIVE = Goal("sockets.live_share_min", False, 0.95, "sockets stay, those between two pages aside")

GOALS: Mapping[str, tuple[Goal, ...]] = {
    # Beside every other test, on a machine that does several things: it must be right, and it must answer.
    "smoke": (
        *_RIGHT,
        Goal("orders.good_share", False, 0.5, "half within a second, beside the other tests: the lanes below ask for more"),
        Goal("pages.bad_share", True, 0.0, "a little load breaks no page"),
    ),
    "standard": (
        *_RIGHT, _GOOD, _PAGES, _REPLAY, _LIVE,
        Goal("orders.request.p99_ms", True, 250, "a person feels a quarter of a second; the engine itself needs milliseconds"),
        Goal("prices.feed_to_client.p50_ms", True, 25, "a price is on a screen's doorstep within a frame or two"),
        Goal("prices.feed_to_client.p99_ms", True, 250, "the alert HopIsSlow begins there"),
        Goal("orders.commit_to_client.p99_ms", True, 500, "who traded sees it before looking for it"),
        Goal("pages.page.p95_ms", True, 500, "95 pages of 100 within half a second"),
    ),
    "firehose": (
        *_RIGHT, _GOOD, _PAGES, _REPLAY, _LIVE,
        Goal("feed.rate_share", False, 0.95, "the feed publishes what it was asked for: else this is no firehose"),
        Goal("prices.feed_to_client.p99_ms", True, 1000, "a price that is older than two seconds is greyed"),
        Goal("log.lag_records_end", True, 5000, "consumers keep up: what they are behind at the end is a second or two of ticks"),
    ),
    "storm": (
        *_RIGHT, _PAGES, _REPLAY,
        Goal("sockets.back.p95_s", True, 15, "after a cut 95 of 100 sockets are live within 15 s"),
        Goal("sockets.back.max_s", True, 40, "and all within 40 s"),
        Goal("orders.good_share", False, 0.95, "95 of 100 requests of the storm, its open included, within a second"),
        Goal("pages.log_in.p95_ms", True, 3000, "a password is slow on purpose; a morning's crowd may cost three seconds"),
    ),
    "soak": (
        *_RIGHT, _GOOD, _PAGES, _REPLAY, _LIVE,
        Goal("slopes.not_flat", True, 0, "each process is shown to grow by less than 1 MiB and half a file a minute"),
    ),
    "step": (
        *_RIGHT, _REPLAY,
        Goal("knee.carried_per_s", False, 80, "what one machine must carry with all of the product and its clients on two cores"),
    ),
}  # fmt: skip


class Verdict(NamedTuple):
    """``value`` None: not measured."""

    goal: Goal
    value: float | None
    met: bool


def judge(lane: str, figures: Mapping[str, Any]) -> list[Verdict]:
    """Each goal of the lane, in order."""
    found = []
    for goal in GOALS[lane]:
        value = figures.get(goal.figure)
        met = value is not None and (value <= goal.bound if goal.most else value >= goal.bound)
        found.append(Verdict(goal, value, met))
    return found
