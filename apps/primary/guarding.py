"""The guard: looks at both servers once a second, keeps commits waiting for the standby, and lets it take over.

Each act is safe to be cut off anywhere and begun again. docs/architecture.md says why nothing that was acknowledged is lost.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from apps.observability import metrics
from apps.primary import witness
from apps.primary.fencing import Fenced, fence
from apps.primary.generations import Place
from apps.primary.judging import Act, Judge, Verdict
from apps.primary.looking import FOLLOWER, WAITS_FOR, Server, Sight, look, look_at
from apps.primary.talk import Talk, UnansweredError

TALK_S = 2.0
#: A server that is not busy makes one in far less; while one is made nobody is looked at.
CHECKPOINT_S = 30.0
PROMOTE_S = 60.0
POLL_S = 0.05

_KEEP_WAITING = f"ALTER SYSTEM SET synchronous_standby_names = '{WAITS_FOR}'"
_STOP_WAITING = "ALTER SYSTEM SET synchronous_standby_names = ''"
_RELOAD = "SELECT pg_reload_conf()"
#: A commit that touches no table, and waits for the standby's disk if any does.
_COMMIT = "SELECT pg_logical_emit_message(true, 'tredye', 'guard')"

_DROP_SLOT = f"""
SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots
WHERE slot_name = '{FOLLOWER}' AND NOT active"""  # noqa: S608 - a constant

log = logging.getLogger(__name__)


class Pair(NamedTuple):
    """What the guard is told. ``data`` has the directory of each place whose server runs on this machine."""

    database: Mapping[str, str]
    places: tuple[Place, ...]
    data: Mapping[Place, Path]
    note: Path
    fence_command: str
    wait_s: float


class TakenOver(NamedTuple):
    """``seconds`` from the decision to the first commit on the new primary."""

    primary: Place
    timeline: int
    fenced: Fenced
    seconds: float


class Guard:
    def __init__(self, pair: Pair, now: Callable[[], float] = time.monotonic) -> None:
        self._pair = pair
        self._judge = Judge(pair.wait_s, now)
        self._said = ""

    def round(self) -> Verdict:
        """Look, judge, act, tell. Never raises for servers that are away; OSError when the note cannot be written."""
        with witness.alone(self._pair.note):
            sights = look(self._pair.database, self._pair.places)
            note = witness.read(self._pair.note)
            verdict = self._judge.judge(sights, note)
            is_news = self._tell(verdict)
            self._keep_honest(verdict, note)
            try:
                self._act(verdict, is_news)
            except UnansweredError as error:
                log.warning("database: %s: not done: %s", verdict.act.value, error)
            self._show(verdict, witness.read(self._pair.note))
        return verdict

    def _keep_honest(self, verdict: Verdict, note: witness.Note | None) -> None:
        """Somebody else may have let commits go on without the standby: then the note must not say that it has all of them."""
        server = verdict.leader.server if verdict.leader else None
        if note is not None and note.synchronous and server and not server.recovering and server.waits_for != WAITS_FOR:
            witness.write(self._pair.note, _note(server, verdict.leader, synchronous=False))

    def _act(self, verdict: Verdict, is_news: bool) -> None:
        leader, other = verdict.leader, verdict.other
        if verdict.act is Act.ARM and leader is not None:
            arm(self._pair, leader.place)
        elif verdict.act is Act.RELEASE and leader is not None:
            release(self._pair, leader)
        elif verdict.act is Act.RENEW and leader is not None and other is not None:
            renew(self._pair, leader, other.place)
        elif verdict.act is Act.FENCE and other is not None:
            metrics.DATABASE_FORMER_PRIMARIES.inc()
            fenced = fence_place(self._pair, other.place)
            if is_news:
                log.error("database: %s:%s: %s", *other.place, fenced.value)
        elif verdict.act is Act.FAIL_OVER and leader is not None and other is not None:
            fail_over(self._pair, leader.place, other.place)

    def _tell(self, verdict: Verdict) -> bool:
        """Into the log, once for each change. Returns whether it is one."""
        news = verdict.act.value + (verdict.why if verdict.act is Act.HELPLESS else "")
        if news == self._said:
            return False
        self._said = news
        level = logging.INFO if verdict.act in (Act.NOTHING, Act.ARM) else logging.WARNING
        log.log(level, "database: %s%s", verdict.act.value, f": {verdict.why}" if verdict.why else "")
        return True

    def _show(self, verdict: Verdict, note: witness.Note | None) -> None:
        server = verdict.leader.server if verdict.leader else None
        leads = server is not None and not server.recovering
        follower = server.follower if server is not None and leads else None
        metrics.DATABASE_LOOKED.set_to_current_time()
        there = {
            "primary": leads,
            "standby": follower is not None and follower.streams,
            "synchronous": leads and note is not None and note.synchronous,
        }
        for what, is_there in there.items():
            metrics.DATABASE_MISSING.labels(what).set(not is_there)
        if server is not None and leads:
            metrics.DATABASE_TIMELINE.set(server.timeline)
        if follower is not None:
            metrics.DATABASE_STANDBY_BEHIND_BYTES.set(follower.behind or 0)
            metrics.DATABASE_STANDBY_BEHIND_SECONDS.set(follower.behind_s)


def arm(pair: Pair, primary: Place) -> None:
    """Let commits wait for the standby, and note it when that is sure to be so. Raises UnansweredError.

    Sessions ask a flag whether to wait, which the checkpointer sets once it has read the changed setting. A checkpoint that was
    asked for later tells that it has. Whatever was committed before that is on the standby's disk when it has what is written
    now.
    """
    with Talk(pair.database, primary, TALK_S) as talk:
        talk.ask(_KEEP_WAITING, TALK_S)
        talk.ask(_RELOAD, TALK_S)
        _await(lambda: _is_synchronous(pair, primary), TALK_S, "the standby is not synchronous yet")
        talk.ask("CHECKPOINT", CHECKPOINT_S)
        written = talk.ask("SELECT pg_current_wal_insert_lsn()", TALK_S)
        talk.ask(_COMMIT, TALK_S)
        has_it = f"SELECT bool_or(flush_lsn >= '{written}') FROM pg_stat_replication WHERE application_name = '{FOLLOWER}'"  # noqa: S608
        _await(lambda: talk.ask(has_it, TALK_S) == "t", TALK_S, "the standby does not have everything yet")
    sight = look_at(pair.database, primary)
    if sight.server is None or sight.server.waits_for != WAITS_FOR:
        raise UnansweredError(sight.why_not or "commits do not wait for the standby")
    witness.write(pair.note, _note(sight.server, sight, synchronous=True))


def release(pair: Pair, primary: Sight) -> None:
    """Let commits go on without the standby. From here on it must not take over by itself. Raises UnansweredError."""
    if primary.server is None:
        raise ValueError("only a primary that answers can let commits go on")
    witness.write(pair.note, _note(primary.server, primary, synchronous=False))
    metrics.DATABASE_STANDBY_LOST.inc()
    with Talk(pair.database, primary.place, TALK_S) as talk:
        talk.ask(_STOP_WAITING, TALK_S)
        talk.ask(_RELOAD, TALK_S)


def renew(pair: Pair, primary: Sight, standby: Place) -> None:
    """Have the standby copied anew: its slot is of no use any more. Raises UnansweredError."""
    if primary.server is None:
        raise ValueError("a standby is copied from a primary that answers")
    witness.write(pair.note, _note(primary.server, primary, synchronous=False))
    with Talk(pair.database, primary.place, TALK_S) as talk:
        talk.ask(_DROP_SLOT, TALK_S)
    fence_place(pair, standby)


def fail_over(pair: Pair, standby: Place, former: Place) -> TakenOver:
    """End the former primary, promote the standby, and return when it has committed something. Raises UnansweredError."""
    began = time.monotonic()
    fenced = fence_place(pair, former)
    log.error("database: %s:%s: %s", former.host, former.port, fenced.value)
    with Talk(pair.database, standby, TALK_S) as talk:
        # Nobody follows it yet, and it would wait for itself if its files came from the former one.
        talk.ask(_STOP_WAITING, TALK_S)
        talk.ask(_RELOAD, TALK_S)
        if talk.ask(f"SELECT pg_promote(true, {PROMOTE_S:.0f})", PROMOTE_S + TALK_S) != "t":
            raise UnansweredError(f"{standby.host}:{standby.port} was not promoted within {PROMOTE_S:.0f} s")
        talk.ask(_COMMIT, TALK_S)
    sight = look_at(pair.database, standby)
    if sight.server is None:
        raise UnansweredError(sight.why_not)
    witness.write(pair.note, _note(sight.server, sight, synchronous=False))
    done = TakenOver(standby, sight.server.timeline, fenced, time.monotonic() - began)
    metrics.DATABASE_FAILOVERS.inc()
    metrics.DATABASE_FAILOVER_SECONDS.set(done.seconds)
    log.error("database: %s:%s is the primary, on timeline %d, after %.1f s", *standby, done.timeline, done.seconds)
    return done


def fence_place(pair: Pair, place: Place) -> Fenced:
    return fence(place, pair.data.get(place), pair.fence_command)


def _note(server: Server, sight: Sight | None, *, synchronous: bool) -> witness.Note:
    name = f"{sight.place.host}:{sight.place.port}" if sight else ""
    since = datetime.now(UTC).isoformat(timespec="milliseconds")
    return witness.Note(server.system, server.timeline, name, synchronous, since)


def _is_synchronous(pair: Pair, primary: Place) -> bool:
    server = look_at(pair.database, primary).server
    return bool(server and server.follower and server.follower.synchronous)


def _await(is_so: Callable[[], bool], within_s: float, otherwise: str) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            raise UnansweredError(otherwise)
        time.sleep(POLL_S)
