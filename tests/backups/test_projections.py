"""Projections made again from the log, while people trade: the same as the live ones, and right where those were not."""

import threading
from datetime import datetime
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.backups.conftest import Followers, manage, rows, trade
from tests.engine.processes import Cluster
from tests.faults.figures import note
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(600), pytest.mark.fault("F28")]

CONSUMERS = ("portfolio", "marketdata")
BARS = "SELECT * FROM marketdata_bar ORDER BY instrument_id, interval, start"
POSITIONS = "SELECT * FROM portfolio_position ORDER BY account_id, instrument_id"
TABLES = ("portfolio_position", "portfolio_positionfill", "portfolio_accountprogress", "orders_eventposition", "marketdata_bar")


def lines(done: "CompletedProcess[str]") -> dict[str, str]:
    return {line.split()[0]: line for line in done.stdout.splitlines() if line.split()[0] in TABLES}


def equal(done: "CompletedProcess[str]") -> set[str]:
    return {table for table, line in lines(done).items() if line.endswith("equal")}


def test_what_the_log_makes_is_what_is_there_and_mends_what_is_not(books: Cluster, environment: dict[str, str]) -> None:
    assert manage(books, "prepare", **environment).returncode == 0
    books.start()
    with Followers(books, environment, CONSUMERS) as followers:
        trade(books, "first", 60)
        followers.wait()
        ((since,),) = rows(books, "SELECT now()")  # bars from here on are wholly of this log
        beside = threading.Thread(target=trade, args=(books, "second", 400), daemon=True)
        beside.start()
        live = manage(books, "rebuild_projections", "--check", **environment)
        assert live.returncode == 0, live.stdout + live.stderr
        assert equal(live) == set(TABLES)

        with books.connection() as database:
            database.execute("UPDATE portfolio_position SET quantity = quantity + 1, cost = cost + 1 WHERE quantity > 0")
            database.execute("DELETE FROM portfolio_positionfill WHERE trade_id % 3 = 0")
            database.execute("UPDATE marketdata_bar SET volume = volume + 1")
        found = manage(books, "rebuild_projections", "--check", **environment)
        assert found.returncode == 1
        assert set(TABLES) - equal(found) >= {"portfolio_position", "portfolio_positionfill", "marketdata_bar"}
        mended = manage(books, "rebuild_projections", **environment)
        assert mended.returncode == 0, mended.stdout + mended.stderr
        beside.join(100)
        assert not beside.is_alive()
        followers.wait()
        wait_until(lambda: manage(books, "rebuild_projections", "--check", **environment).returncode == 0, 60, "all is equal")
    books.stop_all()
    by_log, bars = rows(books, POSITIONS), rows(books, BARS)
    assert manage(books, "rebuild_portfolio", **environment).returncode == 0
    assert rows(books, POSITIONS) == by_log  # the tables say the same as the log
    from_nothing = deleted_and_rebuilt(books, environment, since)
    assert from_nothing == (by_log, bars)
    books.check_books()
    note("F28", f"{len(by_log)} positions and {len(bars)} bars deleted and made again from the log, equal")


def deleted_and_rebuilt(
    books: Cluster, environment: dict[str, str], since: datetime
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Bars that began before the log did are not made of it, and stay."""
    with books.connection() as database:
        for table in TABLES[:-1]:
            database.execute(f"DELETE FROM {table}".encode())
        gone = database.execute("DELETE FROM marketdata_bar WHERE interval = '1s' AND start > %s", [since])
        assert gone.rowcount > 0
    done = manage(books, "rebuild_projections", **environment)
    assert done.returncode == 0, done.stderr
    return rows(books, POSITIONS), rows(books, BARS)
