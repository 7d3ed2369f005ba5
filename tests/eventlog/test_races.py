"""Races behind the engine, in pairs: with the guard taken away each happens, so a test would see it; with it, none does."""

import threading
from typing import Any

import pytest

from apps.eventlog import outbox, relay
from apps.eventlog.relay import LostLaneError, Relay
from tests.eventlog.harness import EffectHandler, effects, own_connection, publish, read_log, relaying, running, write_outbox
from tests.faults.figures import note
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "committed_database")
BATCHES = 20

with_and_without = pytest.mark.parametrize("guarded", [False, True], ids=["guard off", "guard on"])


@pytest.fixture(autouse=True)
def embedded(settings: Any) -> None:
    """The guards are Postgres's, whichever log there is."""
    settings.EVENT_LOG = "embedded"


def move_from_anywhere(database: Any, lane: str, before: int, after: int) -> bool:
    """The mark without its condition."""
    database.execute("UPDATE eventlog_relaycursor SET last_sequence = %s WHERE lane = %s", [after, lane])
    return True


@with_and_without
def test_two_relays_publish_the_same(lane: str, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """Both have read what waits before either has marked it."""
    if not guarded:
        monkeypatch.setattr(Relay, "_take_lane", lambda *_: True)
        monkeypatch.setattr(outbox, "move_cursor", move_from_anywhere)
        both, right = threading.Barrier(2, timeout=20), Relay._send

        def send_together(each: Relay, batches: Any) -> bool:
            both.wait()
            return right(each, batches)

        monkeypatch.setattr(Relay, "_send", send_together)
    with own_connection() as database:
        for sequence in range(1, BATCHES + 1):
            write_outbox(database, lane, sequence, [(1, sequence)])
        with relaying(lane=lane), relaying(lane=lane):
            wait_until(lambda: outbox.cursor_of(database, lane) == BATCHES, 60, "the cursor")
            expected = BATCHES if guarded else 2 * BATCHES
            wait_until(lambda: len(read_log()) >= expected, 60, "what is published")
    ids = [value for record in read_log() for name, value in record.headers if name == "event-id"]
    assert len(ids) == expected
    assert len(set(ids)) == BATCHES


@with_and_without
def test_a_relay_that_slept_moves_the_mark_back(lane: str, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """Between its sending and its mark another relay has published, and marked, more."""
    if not guarded:
        monkeypatch.setattr(outbox, "move_cursor", move_from_anywhere)
    with own_connection() as database:
        outbox.cursor_of(database, lane)
        write_outbox(database, lane, 1, [(1, 1)])
        sleeper = Relay(threading.Event(), lane=lane)
        monkeypatch.setattr(relay, "failpoint", lambda _: move_from_anywhere(database, lane, 0, 9))
        try:
            if guarded:
                with pytest.raises(LostLaneError):
                    sleeper._publish_some(database)
            else:
                assert sleeper._publish_some(database)
        finally:
            sleeper._drop_producer()
        assert outbox.cursor_of(database, lane) == (9 if guarded else 1)


@pytest.mark.fault("F28", "F33")
@with_and_without
@pytest.mark.usefixtures("effect_table")
def test_what_was_published_twice_counts_twice(guarded: bool) -> None:
    """``once`` asks the inbox, in the transaction of the effect."""
    handler = EffectHandler(once=guarded)
    for _ in range(2):
        publish([(account, sequence) for sequence in range(1, 11) for account in (1, 2)])
    publish([(1, 11), (2, 11)])
    with running(handler):
        wait_until(lambda: {(1, 11), (2, 11)} <= set(effects(handler.name)), 60, "the last")
    assert len(effects(handler.name)) == (22 if guarded else 42)
    assert len(set(effects(handler.name))) == 22
    if not guarded:
        note("control", "the inbox off: what was published twice is applied twice")
