"""Engines as processes: killed, fenced, restarted. What was answered stays true."""

import random
import signal
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from apps.commands.answers import AnyAnswer
from apps.commands.client import EngineClient, EngineUnavailableError
from apps.commands.types import Actor, AdjustBalance, SetAccountLimits
from apps.core.enums import Role
from apps.engine.management.commands.run_engine import EXIT_DATABASE, EXIT_FENCED
from apps.engine.repeats import encode_answer
from apps.engine.watchdog import EXIT_CODE
from tests.ddl import change_tables
from tests.engine.callers import Feed, Load, accepted, an_order, check_answers, finish, stored_adjustments, stored_orders
from tests.engine.processes import Cluster
from tests.faults.figures import note
from tests.faults.proxy import BOTH, TO_CLIENT, TO_SERVER, Proxy, Way

pytestmark = pytest.mark.processes


@pytest.mark.fault("F38")
@pytest.mark.fault("F12")
def test_killed_in_the_middle_of_a_load_nothing_is_lost_and_nothing_twice(engines: Cluster) -> None:
    chance = random.Random(7)
    callers = [Load(engines, f"load{i}", deadline_s=20) for i in range(4)]
    with Feed(engines.url):
        engine = engines.start()
        for caller in callers:
            caller.start()
        for _ in range(4):
            time.sleep(chance.uniform(0.2, 0.8))  # the moment of the kill is the point
            engines.kill(engine)
            engine = engines.start()
        finish(engines, callers)
    check_answers(engines, callers, "load")


DISK_FULL = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER disk_full BEFORE INSERT ON engine_journal FOR EACH ROW EXECUTE FUNCTION disk_full();
"""


@pytest.mark.fault("F12", "F25")
@pytest.mark.parametrize(("point", "is_stored"), [("engine.before_commit", False), ("engine.after_commit_before_reply", True)])
def test_dying_around_the_commit_leaves_one_order_and_one_answer(engines: Cluster, point: str, is_stored: bool) -> None:
    prefix = f"point-{point.split('.')[1]}"
    with Feed(engines.url):
        first = engines.start()
        accepted(engines, f"{prefix}-warm")
        engines.kill(first)
        dying = engines.start(FAILPOINT=f"{point}:1:exit")
        order = an_order(engines, f"{prefix}-order")
        with pytest.raises(EngineUnavailableError):
            engines.client.send(order, deadline_s=0.5)
        assert dying.wait(60) == 137
        assert stored_orders(engines, f"{prefix}-order") == int(is_stored)
        engines.start()
        answer = engines.client.send(order, deadline_s=20)
        assert engines.client.send(order) == answer
    assert stored_orders(engines, f"{prefix}-order") == 1
    engines.check_books()


@pytest.mark.fault("F12")
@pytest.mark.parametrize(("point", "is_stored"), [("engine.before_commit", False), ("engine.after_commit_before_reply", True)])
def test_dying_around_the_commit_of_staff_s_commands_does_each_once(engines: Cluster, point: str, is_stored: bool) -> None:
    """An adjustment is done once, whenever the engine dies; a limit that was answered is known to the next engine."""
    name, account_id = point.split(".")[1].replace("_", "-"), engines.account_ids[-1]
    staff: dict[str, Any] = {"actor": Actor(1, Role.ADMIN), "approver_id": 2, "account_id": account_id, "reason": "as agreed"}
    adjust = AdjustBalance(command_id=f"adjust-{name}", asset="USD", amount="-0.00000001", **staff)
    tight = SetAccountLimits(command_id=f"tight-{name}", max_open_orders=0, max_order_notional=None, **staff)
    loose = SetAccountLimits(command_id=f"loose-{name}", max_open_orders=None, max_order_notional=None, **staff)
    dying = engines.start(FAILPOINT=f"{point}:1:exit")
    with pytest.raises(EngineUnavailableError):
        engines.client.send(adjust, deadline_s=0.5)
    assert dying.wait(60) == 137
    assert stored_adjustments(engines, adjust.command_id) == int(is_stored)
    second = engines.start()
    answers = [engines.client.send(command, deadline_s=20) for command in (adjust, tight)]
    engines.kill(second)
    with Feed(engines.url):
        engines.start()
        assert [engines.client.send(command, deadline_s=20) for command in (adjust, tight)] == answers
        assert accepted(engines, f"tight-{name}").reason == "TOO_MANY_OPEN_ORDERS"  # type: ignore[union-attr]
        engines.client.send(loose, deadline_s=20)
        assert accepted(engines, f"loose-{name}").status == "ACCEPTED"  # type: ignore[union-attr]
    assert stored_adjustments(engines, adjust.command_id) == 1
    engines.check_books()


@pytest.mark.fault("F12")
def test_dying_with_the_lease_just_taken_hinders_nobody(engines: Cluster) -> None:
    dying = engines.start(wait=False, FAILPOINT="engine.after_lease:1:exit")
    assert dying.wait(60) == 137
    with Feed(engines.url):
        engines.start()
        assert accepted(engines, "lease").status == "ACCEPTED"  # type: ignore[union-attr]


@pytest.mark.fault("F13")
def test_a_fenced_engine_writes_nothing_and_ends(engines: Cluster) -> None:
    engine = engines.start()
    before = engines.log.stat().st_size
    with engines.connection() as connection:
        connection.execute("UPDATE engine_lease SET epoch = epoch + 1")
    with pytest.raises(EngineUnavailableError) as caught:
        engines.client.send(an_order(engines, "fenced-1"), deadline_s=0.5)
    assert "not known whether it was done" in str(caught.value)
    assert engine.wait(60) == EXIT_FENCED
    assert stored_orders(engines, "fenced") == 0
    log = engines.log.read_bytes()[before:]
    assert b"is over" in log
    assert b"Traceback" not in log


@pytest.mark.fault("F4")
def test_a_lost_database_connection_ends_the_engine_with_one_line(engines: Cluster) -> None:
    engine = engines.start()
    before = engines.log.stat().st_size
    with engines.connection() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'engine:0:%'"
        )
    with pytest.raises(EngineUnavailableError):
        engines.client.send(an_order(engines, "lost-1"), deadline_s=0.5)
    assert engine.wait(60) == EXIT_DATABASE
    log = engines.log.read_bytes()[before:].decode()
    assert "the engine ends" in log
    assert "Traceback" not in log


@pytest.mark.fault("F7")
@pytest.mark.long
@pytest.mark.parametrize("ways", [(TO_CLIENT,), (TO_SERVER,), BOTH], ids=["deaf", "mute", "cut off"])
def test_a_database_that_is_silent_ends_the_engine_which_could_wait_for_ever(engines: Cluster, ways: tuple[Way, ...]) -> None:
    """What it sent may have been committed, or not have arrived: whoever asks the next one again has one order."""
    prefix = f"silent-{'-'.join(way.name for way in ways)}"
    of = urlsplit(engines.environment["DATABASE_URL"])
    with Feed(engines.url), Proxy((of.hostname or "", of.port or 5432)) as line:
        netloc = of.netloc.replace(f":{of.port}", f":{line.port}").replace(f"{of.hostname}:", "127.0.0.1:")
        engine = engines.start(DATABASE_URL=of._replace(netloc=netloc).geturl())
        accepted(engines, prefix)
        line.blackhole(*ways)
        began, order = time.monotonic(), an_order(engines, f"{prefix}-order")
        with pytest.raises(EngineUnavailableError):
            engines.client.send(order, deadline_s=0.5)
        assert engine.wait(60) == EXIT_CODE
        note("F7", f"engine–PostgreSQL, {prefix}: the engine ends after {time.monotonic() - began:.1f} s")
        line.heal()
        engines.start()
        answer = engines.client.send(order, deadline_s=20)
        assert engines.client.send(order) == answer
    assert stored_orders(engines, f"{prefix}-order") == 1
    engines.check_books()


def test_a_disk_that_is_full_writes_nothing_and_heals_without_a_hand(engines: Cluster) -> None:
    """As PostgreSQL says it when it cannot extend a file: in the middle of a settlement."""
    with Feed(engines.url), engines.connection() as connection:
        first = engines.start()
        accepted(engines, "full-warm")
        change_tables(connection, DISK_FULL)
        before = engines.log.stat().st_size
        order = an_order(engines, "full-order")
        try:
            with pytest.raises(EngineUnavailableError):
                engines.client.send(order, deadline_s=0.5)
            assert first.wait(60) == EXIT_DATABASE
            assert stored_orders(engines, "full-order") == 0
            log = engines.log.read_bytes()[before:].decode()
            assert "No space left on device" in log and "Traceback" not in log
            engines.start()  # what only reads is answered meanwhile
            assert engines.client.send(an_order(engines, "full-order", quantity="0")).reason == "INVALID_NUMBER"  # type: ignore[union-attr]
        finally:
            change_tables(connection, "DROP FUNCTION disk_full CASCADE")
        assert accepted(engines, "full-order").status == "ACCEPTED"  # type: ignore[union-attr]
        answer = engines.client.send(an_order(engines, "full-order"), deadline_s=20)
        assert engines.client.send(order) == answer
    engines.check_books()


def test_sigterm_answers_what_has_come_and_ends_well(engines: Cluster) -> None:
    with Feed(engines.url):
        engine = engines.start()
        accepted(engines, "term")
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(60) == 0


@pytest.mark.fault("F25")
def test_a_caller_whose_line_is_cut_has_one_order_and_one_answer(engines: Cluster, tmp_path: Path) -> None:
    """Before the request has come, as soon as it has, before the answer's first byte, and in the middle of it."""
    with Feed(engines.url), Proxy(engines.url.removeprefix("unix://"), str(tmp_path / "line")) as line:
        engines.start()
        accepted(engines, "cut-warm")
        caller = EngineClient(f"unix://{tmp_path}/line")
        for number, (way, after, holding) in enumerate(
            [(TO_SERVER, 9, b""), (TO_SERVER, 0, b"cut-order-1"), (TO_CLIENT, 0, b""), (TO_CLIENT, 9, b"")]
        ):
            order = an_order(engines, f"cut-order-{number}")
            cut = line.cut(way, after, holding=holding)
            answer = caller.send(order, deadline_s=20)
            assert cut.fired.is_set()
            assert answer.status == "ACCEPTED"  # type: ignore[union-attr]
            assert caller.send(order, deadline_s=20) == answer
        caller.close()
    assert stored_orders(engines, "cut-order") == 4
    engines.check_books()


@pytest.mark.fault("F24")
def test_the_same_id_from_many_callers_at_once_is_one_order(engines: Cluster) -> None:
    with Feed(engines.url):
        engines.start()
        accepted(engines, "parallel-warm")
        order = an_order(engines, "parallel-order")
        answers: list[AnyAnswer] = []
        callers = [threading.Thread(target=lambda: answers.append(engines.client.send(order))) for _ in range(8)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(10)
    assert len(answers) == 8
    assert len({encode_answer(answer) for answer in answers}) == 1
    assert stored_orders(engines, "parallel-order") == 1
