"""How each part of the product stands, in the words of the public page. Never raises for what is away."""

from collections.abc import Mapping
from enum import IntEnum

from apps.degraded import Dependency, standing
from apps.operations.figures import Figures

_SERVERS = {
    "postgres": Dependency.POSTGRES,
    "engine": Dependency.ENGINE,
    "room": Dependency.ROOM,
    "redis": Dependency.REDIS,
    "eventlog": Dependency.LOG,
}
#: Prices are greyed at two seconds, and market orders refused at three.
PRICE_LATE_S, PRICE_GONE_S = 3.0, 30.0
#: An order's way from its door to the answer, for 95 of a hundred.
ORDER_SLOW_S = 0.5
OUTBOX_LATE_S = 10.0
LAG_MANY = 5_000


class State(IntEnum):
    """The numbers are those of ``tredye_component_state``."""

    UP = 0
    DEGRADED = 1
    DOWN = 2


#: In the order of the page: what it is to a reader.
COMPONENTS = {
    "pages": "Pages",
    "trading": "Trading",
    "prices": "Prices",
    "updates": "Live updates",
    "money": "Accounts, orders and money",
    "history": "History and alerts",
}


def seen_servers() -> dict[str, bool]:
    """Which of the servers are there, by what this process saw of them (:mod:`apps.operations.watch`)."""
    return {name: not standing(dependency).is_away for name, dependency in _SERVERS.items()}


def component_states(servers: Mapping[str, bool], up: Mapping[str, tuple[int, int]], figures: Figures) -> dict[str, State]:
    """``up`` says of each process how many of how many answered; without it (nobody knows where they are) the servers decide."""
    away = {name for name, is_up in servers.items() if not is_up}
    slow = (figures.get("orders p95") or 0) > ORDER_SLOW_S
    return {
        "pages": max(_of(up, "web"), State.DEGRADED if "postgres" in away else State.UP),
        "trading": State.DOWN if away & {"engine", "postgres"} else State.DEGRADED if slow or "room" in away else State.UP,
        "prices": _prices(up, figures),
        "updates": max(_of(up, "stream"), _of(up, "realtime"), State.DEGRADED if "redis" in away else State.UP),
        "money": State.DOWN if "postgres" in away else State.UP,
        "history": max(State.DEGRADED if "eventlog" in away else State.UP, _history(up, figures)),
    }


def _of(up: Mapping[str, tuple[int, int]], process: str) -> State:
    answered, asked = up.get(process, (0, 0))
    return State.UP if answered == asked else State.DEGRADED if answered else State.DOWN


def _prices(up: Mapping[str, tuple[int, int]], figures: Figures) -> State:
    age_s = figures.get("price age") or 0
    by_age = State.DOWN if age_s > PRICE_GONE_S else State.DEGRADED if age_s > PRICE_LATE_S else State.UP
    return max(by_age, _of(up, "feed"), _of(up, "marketdata"))


def _history(up: Mapping[str, tuple[int, int]], figures: Figures) -> State:
    lag = max((value or 0 for name, value in figures.items() if name.startswith("lag ")), default=0)
    late = (figures.get("outbox age") or 0) > OUTBOX_LATE_S or lag > LAG_MANY or bool(figures.get("stopped"))
    away = any(_of(up, process) is not State.UP for process in ("relay", "portfolio", "marketdata"))
    return State.DEGRADED if late or away else State.UP
