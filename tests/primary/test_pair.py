"""A primary and its standby, the guard beside them, and clients that know both: on real servers."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from apps.primary import witness
from apps.primary.connections import LEFT, is_led, warnings_of
from apps.primary.guarding import fail_over, renew
from apps.primary.judging import Act
from apps.primary.looking import WAITS_FOR, look_at
from apps.primary.talk import UnansweredError
from stack import pair as stack_pair
from tests.faults.figures import note, recovered
from tests.primary.pairs import PATIENCE_S, Servers
from tests.waiting import wait_until

pytestmark = pytest.mark.processes

FIRST, SECOND = stack_pair.PRIMARY, stack_pair.STANDBY
TABLE = "CREATE TABLE words (word text)"


@pytest.fixture
def apart(settings: Any) -> Iterator[Servers]:
    """Nobody can end the other's processes."""
    with Servers(reaches=False) as servers:
        settings.DATABASE_PAIR_NOTE = servers.pair.note
        yield servers


@pytest.fixture
def together(settings: Any) -> Iterator[Servers]:
    with Servers(reaches=True, wait_s=3.0) as servers:
        settings.DATABASE_PAIR_NOTE = servers.pair.note
        servers.rounds_until(Act.NOTHING)
        yield servers


@pytest.mark.fault("F8")
def test_a_primary_that_freezes_is_replaced_and_confirms_nothing_when_it_wakes(apart: Servers) -> None:
    apart.rounds_until(Act.NOTHING)
    assert witness.read(apart.pair.note) == witness.Note(
        apart.server(FIRST).system, 1, ":".join(apart.places[FIRST]), True, witness.read(apart.pair.note).since  # type: ignore[union-attr]
    )
    before = apart.connect()
    before.execute(TABLE)
    before.execute("INSERT INTO words VALUES ('confirmed')")

    apart.freeze(FIRST)
    took_s = apart.rounds_until(Act.FAIL_OVER)
    after = apart.connect()
    assert after.execute("SELECT word FROM words").fetchall() == [("confirmed",)]
    after.execute("INSERT INTO words VALUES ('confirmed by the new one')")

    apart.thaw()
    wait_until(lambda: apart.server(FIRST) is not None, PATIENCE_S, "the former primary is awake")
    assert not apart.server(FIRST).recovering, "it thinks that it leads"
    with pytest.raises(UnansweredError, match="no answer in time"):
        apart.ask(FIRST, "INSERT INTO words VALUES ('lost') RETURNING 1", 1.0)
    assert not is_led(before) and is_led(after)
    with pytest.raises(psycopg.OperationalError, match=LEFT):
        before.execute("SELECT word FROM words")
    assert before.closed
    words = apart.connect().execute("SELECT word FROM words").fetchall()
    assert words == [("confirmed",), ("confirmed by the new one",)], "a new session is on the new one, awake as the other is"
    assert apart.guard.round().act is Act.FENCE
    note("F8", f"frozen, replaced after {took_s:.1f} s; awake again it confirmed nothing and nobody used it")


@pytest.mark.long
@pytest.mark.fault("F6")
def test_on_one_machine_the_former_primary_is_killed_and_comes_back_as_the_standby(together: Servers) -> None:
    session = together.connect()
    session.execute(TABLE)
    for way, (old, new) in enumerate(((FIRST, SECOND), (SECOND, FIRST), (FIRST, SECOND)), 1):
        session.execute("INSERT INTO words VALUES (%s)", [str(way)])
        together.freeze(old)
        took_s = together.rounds_until(Act.FAIL_OVER)
        recovered(took_s, "F6")
        assert together.server(new).timeline == way + 1
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
        session = together.connect()
        assert session.execute("SELECT count(*) FROM words").fetchone() == (way,)
        back_s = together.rounds_until(Act.NOTHING)
        assert together.server(old).recovering and together.server(new).waits_for == WAITS_FOR
        note("F6", f"the former primary followed, with every commit waiting for it, {back_s:.1f} s after it was ended")


@pytest.mark.long
@pytest.mark.fault("F6")
def test_commits_wait_for_a_silent_standby_then_go_on_and_it_no_longer_takes_over(together: Servers) -> None:
    session = together.connect()
    session.execute(TABLE)
    together.freeze(SECOND)
    done = threading.Event()

    def write() -> None:
        session.execute("INSERT INTO words VALUES ('late')")
        done.set()

    began = time.monotonic()
    writer = threading.Thread(target=write)
    writer.start()
    released_s = together.rounds_until(Act.RELEASE)
    writer.join(PATIENCE_S)
    assert done.is_set() and time.monotonic() - began >= 2.0
    known = witness.read(together.pair.note)
    assert known is not None and not known.synchronous
    session.execute("INSERT INTO words VALUES ('on one server alone')")
    note("F6", f"a commit waited {released_s:.1f} s for a frozen standby, then went on without it")

    # Both at once: the standby may lack what was confirmed.
    together.freeze(FIRST)
    together.cluster.kill(SECOND, signal.SIGCONT)
    wait_until(lambda: together.server(SECOND) is not None, PATIENCE_S, "the standby is awake")
    assert {together.guard.round().act for _ in range(6)} == {Act.WAIT, Act.HELPLESS}
    assert together.server(SECOND).recovering
    together.thaw()
    together.rounds_until(Act.NOTHING)
    assert session.execute("SELECT count(*) FROM words").fetchone() == (2,)


@pytest.mark.long
@pytest.mark.fault("F6")
def test_a_primary_that_only_the_guard_does_not_reach_goes_on(together: Servers) -> None:
    session = together.connect()
    session.execute(TABLE)
    # Only whoever takes new connections: sessions, and what sends to the standby, are processes of their own.
    postmaster = together.cluster.pid(FIRST)
    os.kill(postmaster, signal.SIGSTOP)
    try:
        for number in range(6):
            session.execute("INSERT INTO words VALUES (%s)", [str(number)])
            assert together.guard.round().act in (Act.WAIT, Act.HELPLESS)
    finally:
        os.kill(postmaster, signal.SIGCONT)
    together.rounds_until(Act.NOTHING)
    assert together.server(FIRST).timeline == 1, "nobody was promoted"


@pytest.mark.long
def test_a_commit_whose_wait_somebody_canceled_is_not_taken_for_confirmed(together: Servers) -> None:
    session = together.connect()
    session.execute(TABLE)
    warnings = warnings_of(session)
    pid = session.info.backend_pid
    together.freeze(SECOND)
    writer = threading.Thread(target=lambda: session.execute("INSERT INTO words VALUES ('where?')"))
    writer.start()
    waits = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid} AND wait_event = 'SyncRep'"
    wait_until(lambda: together.ask(FIRST, waits) == "1", PATIENCE_S, "the commit waits")
    together.ask(FIRST, f"SELECT pg_cancel_backend({pid})")
    writer.join(PATIENCE_S)
    assert warnings == ["canceling wait for synchronous replication due to user request"]


@pytest.mark.long
def test_a_standby_is_copied_anew_and_commits_wait_for_it_again(together: Servers) -> None:
    together.connect().execute(TABLE)
    renew(together.pair, look_at(together.pair.database, together.places[FIRST]), together.places[SECOND])
    known = witness.read(together.pair.note)
    assert known is not None and not known.synchronous
    together.rounds_until(Act.NOTHING)
    assert together.ask(SECOND, "SELECT count(*) FROM words") == "0"


@pytest.mark.long
def test_a_failover_that_was_cut_off_is_begun_again(together: Servers) -> None:
    """The guard dies after it ended the primary, and another one finds things as they are."""
    (together.data[together.places[FIRST]] / stack_pair.FENCED).touch()
    together.cluster.kill(FIRST)
    together.rounds_until(Act.FAIL_OVER)
    # And after it promoted the standby, before it noted that.
    together.rounds_until(Act.NOTHING)
    known = witness.read(together.pair.note)
    assert known is not None and known.synchronous
    done = fail_over(together.pair, together.places[FIRST], together.places[SECOND])
    witness.write(together.pair.note, known)
    assert together.guard.round().act is not Act.FAIL_OVER
    known = witness.read(together.pair.note)
    assert known is not None and not known.synchronous and known.timeline == done.timeline == 3
    together.rounds_until(Act.NOTHING)


@pytest.mark.long
def test_the_next_run_finds_the_roles_as_they_were_left(together: Servers) -> None:
    together.connect().execute(TABLE)
    together.freeze(FIRST)
    together.rounds_until(Act.FAIL_OVER)
    together.rounds_until(Act.NOTHING)
    together.thaw()
    together.cluster.down()
    homes = {name: data.parent for name, data in zip((FIRST, SECOND), together.data.values(), strict=True)}
    assert stack_pair.leader(homes) == SECOND and stack_pair.timeline(homes[SECOND] / "data") == 2
    # As after a power cut in the middle of a failover: both think that they lead, and one of them was promoted.
    (homes[FIRST] / "data" / "standby.signal").unlink()
    (homes[FIRST] / "data" / "pg_wal" / "00000002.history").unlink()
    assert stack_pair.leader(homes) == SECOND
    stack_pair.leave_behind(homes[FIRST] / "data")
    (homes[SECOND] / "data" / "standby.signal").touch()
    with pytest.raises(Exception, match="and no primary"):
        stack_pair.leader(homes)
    (homes[SECOND] / "data" / "standby.signal").unlink()


def test_the_words_that_start_a_server_are_a_shells() -> None:
    assert subprocess.run(["/bin/sh", "-n", str(stack_pair.START)], check=False).returncode == 0
