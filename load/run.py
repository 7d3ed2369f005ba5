"""One run of a lane against a target: people, clients, what is looked at meanwhile, what is checked afterwards."""

import json
import os
import platform
import random
import re
import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from load import checking
from load.children import NAMES, Client, wait_until_ready
from load.journal import Pushed, read_journal
from load.knee import Step, is_carried
from load.lanes import Lane
from load.plan import Instrument, Person, Plan, write_begin
from load.progress import progress_line
from load.sampling import Sampler
from load.target import Target, TargetError
from stack.settings import ROOT

READY_S = 240.0
_LOOK_S = 5.0
_BEGIN_AFTER_S = 0.3
_SUMMARY = re.compile(r"(\d+) checks, (\d+) violations(?:, (\d+) unanswered)?")
_REPLAYED = re.compile(r"(\d+) batches, .* (\d+) differences")

Say = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """Everything that a run brought, before it is made into results. ``offered_s``: how long load was offered."""

    lane: Lane
    run: str
    started_at: datetime
    load_before: float
    is_own: bool
    event_log: str
    offered_s: float = 0.0
    interrupted: bool = False
    gave_up: bool = False
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    windows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sampler: Sampler | None = None
    statements: list[dict[str, Any]] = field(default_factory=list)
    findings: dict[str, Any] = field(default_factory=dict)
    pushed: int = 0
    invariants: dict[str, Any] = field(default_factory=dict)
    replay: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)


def run_lane(lane: Lane, target: Target, directory: Path, say: Say, stop: threading.Event | None = None) -> Outcome:
    """Offer the lane's load, look, check. ``stop`` ends the offering early: then there is less of everything. Raises ClientError
    and TargetError."""
    stop = stop or threading.Event()
    directory.mkdir(parents=True, exist_ok=True)
    outcome = Outcome(
        lane,
        f"l{secrets.token_hex(4)}",
        datetime.now(UTC),
        os.getloadavg()[0],
        target.is_own,
        target.event_log,
        machine=_machine(),
    )
    say(f"{lane.name}: {lane.about}")
    plan = _plan(lane, target, outcome.run, directory, say)
    path = plan.write()
    clients = []
    try:
        clients = [Client(name, path, _client_env(target)) for name in NAMES]
        say(f"opening {lane.sockets} sockets and getting ready")
        wait_until_ready(clients, READY_S, stop)
        _offer(outcome, target, directory, clients, say, stop)
    finally:
        for client in clients:
            client.kill()
        path.unlink(missing_ok=True)  # it holds keys
    say("checking the journal, the books and the engine's own journal")
    _check(outcome, target, plan, directory)
    return outcome


def _plan(lane: Lane, target: Target, run: str, directory: Path, say: Say) -> Plan:
    say(f"making {lane.traders} traders with money and keys")
    people_path = directory / "people.json"
    try:
        made = target.run("-m", "load.people", str(lane.traders), run, str(people_path))
        if made.returncode:
            raise TargetError(f"the traders could not be made:\n{made.stderr[-1500:]}")
        document = json.loads(people_path.read_text())
    finally:
        people_path.unlink(missing_ok=True)
    instruments = msgspec.convert(document["instruments"], list[Instrument])
    if not instruments:
        raise TargetError("no instrument is open in that stack, so nothing can be traded; seed the demo market first")
    random.Random(1).shuffle(instruments)  # which ones are popular has nothing to do with their names
    return Plan(
        run=run,
        seed=secrets.randbelow(2**31),
        directory=str(directory),
        web_url=target.web_url,
        stream_url=target.stream_url,
        api_url=target.stream_http_url,
        origin=target.origin,
        people=msgspec.convert(document["people"], list[Person], strict=False),
        instruments=instruments,
        orders=lane.stretches("orders"),
        visits=lane.stretches("visits"),
        log_ins=lane.stretches("log_ins"),
        cancel_alls=lane.stretches("cancel_alls"),
        cuts_at_s=_cuts(lane),
        sockets=lane.sockets,
        observers=lane.observers,
        socket_life_s=lane.socket_life_s,
        visitors=lane.visitors,
        spreads_addresses="//127.0.0.1:" in target.web_url,
    )


def _cuts(lane: Lane) -> list[float]:
    found, at = [], 0.0
    for phase in lane.phases:
        if phase.cuts_sockets:
            found.append(at)
        at += phase.seconds
    return found


def _client_env(target: Target) -> dict[str, str]:
    """A client knows nothing of the stack but what its plan says."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def _offer(outcome: Outcome, target: Target, directory: Path, clients: list[Client], say: Say, stop: threading.Event) -> None:
    outcome.sampler = sampler = Sampler(target)
    begin = time.monotonic() + _BEGIN_AFTER_S
    write_begin(directory, begin)
    sampler.start(begin)
    try:
        _wait(outcome, clients, begin, say, stop)
        outcome.offered_s = min(time.monotonic() - begin, outcome.lane.seconds)
        outcome.interrupted = stop.is_set()
        sampler.stop()  # its last look is at a stack that is still used
        for client in clients:
            client.ask_to_end()
        for client in clients:
            client.join()
    finally:
        sampler.stop()
    outcome.statements = sampler.statements()
    outcome.totals = {client.name: client.total for client in clients}
    outcome.windows = {client.name: client.windows for client in clients}


def _wait(outcome: Outcome, clients: list[Client], begin: float, say: Say, stop: threading.Event) -> None:
    lane = outcome.lane
    next_line = begin + _LOOK_S + 0.5  # when the windows have come
    while (left := begin + lane.seconds - time.monotonic()) > 0:
        if stop.wait(min(left, max(next_line - time.monotonic(), 0.0))):
            say("stopping: waiting for what is under way")
            return
        for client in clients:
            client.check()
        if time.monotonic() >= next_line:
            next_line += _LOOK_S
            say(progress_line(lane, time.monotonic() - begin, clients))
            if lane.gives_up_after and _is_beyond(lane, clients, time.monotonic() - begin):
                say(f"{lane.gives_up_after} steps in a row were not carried: no further")
                outcome.gave_up = True
                return


def _is_beyond(lane: Lane, clients: list[Client], t: float) -> bool:
    windows = next(client.windows for client in clients if client.name == "orders")
    steps = steps_of_windows(lane, windows, t)
    return len(steps) >= lane.gives_up_after and not any(is_carried(step) for step in steps[-lane.gives_up_after :])


def steps_of_windows(lane: Lane, windows: list[dict[str, Any]], t: float) -> list[Step]:
    """The steps that are over at ``t``, as far as the windows tell."""
    found, at = [], 0.0
    for phase in lane.phases:
        inside = [each for each in windows if at < each["t"] - each["seconds"] / 2 <= at + phase.seconds]
        at += phase.seconds
        if at > t or not inside:
            break
        seconds = sum(each["seconds"] for each in inside)
        offered, good = (sum(each["counts"].get(name, 0) for each in inside) / seconds for name in ("offered", "good"))
        p99 = max(each["kinds"].get("request", {}).get("p99_ms", 0.0) for each in inside)
        found.append(Step(phase.name, offered, good, p99))
    return found


# --- afterwards


def _check(outcome: Outcome, target: Target, plan: Plan, directory: Path) -> None:
    account_ids = [person.account_id for person in plan.people]
    stored = checking.read_orders(target.database_url, outcome.run, account_ids)
    found = checking.check_orders(read_journal(directory / "orders.jsonl"), stored)
    pushed = [line for line in read_journal(directory / "sockets.jsonl") if isinstance(line, Pushed)]
    events = checking.read_events(target.database_url, account_ids, pushed) if pushed else {}
    outcome.pushed = checking.check_pushed(pushed, events, found)
    outcome.findings = found.document()
    outcome.invariants = _read_invariants(target.run("manage.py", "check_invariants"))
    if outcome.lane.replays:
        outcome.replay = _read_replay(target.run("manage.py", "replay_engine"))


def _read_invariants(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    summary = _SUMMARY.search(done.stdout)
    if summary is None:
        return {"error": (done.stderr or done.stdout)[-1500:]}
    bad = [
        line for line in done.stdout.splitlines() if " VIOLATED " in line or " unanswered " in line or line.startswith("     ")
    ]
    return {
        "checks": int(summary[1]),
        "violated": int(summary[2]),
        "unanswered": int(summary[3] or 0),
        "lines": bad[:50],
    }


def _read_replay(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    summary = _REPLAYED.search(done.stdout)
    if summary is None:
        return {"error": (done.stderr or done.stdout)[-1500:]}
    different = [line for line in done.stdout.splitlines() if "DIFFERENT" in line]
    return {"batches": int(summary[1]), "differences": int(summary[2]) + len(different), "lines": different[:50]}


def _machine() -> dict[str, Any]:
    try:
        git = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, timeout=10, check=False
        )  # fmt: skip
        commit = git.stdout.strip()
    except OSError:
        commit = ""
    return {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version(), "commit": commit}
