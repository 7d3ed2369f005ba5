"""What a client is told: one file of JSON, readable by this user alone because of the keys in it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from load.arrivals import Stretch

WINDOW_S = 5.0
_BEGIN_WITHIN_S = 120.0
_POLL_S = 0.01


class Person(msgspec.Struct, frozen=True):
    account_id: int
    key: str
    session_key: str
    email: str
    password: str


class Instrument(msgspec.Struct, frozen=True):
    """``tick`` and ``lot`` are decimal text."""

    symbol: str
    tick: str
    lot: str


class Plan(msgspec.Struct, frozen=True):
    """``run`` begins every id of the run. ``spreads_addresses``: callers come from many addresses of 127.0.0.0/8, since limits
    count by address; only towards this machine."""

    run: str
    seed: int
    directory: str
    web_url: str
    stream_url: str
    api_url: str
    origin: str
    people: list[Person]
    instruments: list[Instrument]
    orders: list[Stretch]
    visits: list[Stretch]
    log_ins: list[Stretch]
    cancel_alls: list[Stretch]
    cuts_at_s: list[float]
    sockets: int
    observers: int
    socket_life_s: float
    visitors: int
    spreads_addresses: bool

    @property
    def seconds(self) -> float:
        return sum(stretch.seconds for stretch in self.orders)

    def write(self) -> Path:
        path = Path(self.directory) / "plan.json"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(self))
        return path


def read_plan(path: Path) -> Plan:
    return msgspec.json.decode(path.read_bytes(), type=Plan)


def write_begin(directory: Path, at: float) -> None:
    """Let the clients begin at ``at``, by the clock that all processes of a machine share (monotonic seconds)."""
    unfinished = directory / "begin.new"
    unfinished.write_text(repr(at))
    unfinished.replace(directory / "begin")


def read_begin(directory: Path) -> float | None:
    path = directory / "begin"
    return float(path.read_text()) if path.exists() else None


def wait_for_begin(directory: Path, pause: Callable[[float], None] = time.sleep) -> float:
    """When to begin. Raises TimeoutError when nobody says so."""
    deadline = time.monotonic() + _BEGIN_WITHIN_S
    while (begin := read_begin(directory)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody said when to begin within {_BEGIN_WITHIN_S:g} s")
        pause(_POLL_S)
    return begin


def address(number: int, per_address: int) -> str:
    """The loopback address of the ``number``-th caller, ``per_address`` of them sharing one."""
    at = number // per_address + 2  # 127.0.0.1 is whoever looks at the machine beside this
    return f"127.0.{at // 250 + 1}.{at % 250 + 1}"
