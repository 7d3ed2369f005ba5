"""Frames by day: made ahead, dropped whole, and an insert that no partition expects does not fail."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from apps.marketdata import partitions
from apps.marketdata.models import QuoteFrame
from apps.marketdata.partitions import DAYS_AHEAD, drop_partitions, list_partitions, make_partitions, sweep_frames
from apps.marketdata.services import NewestPrice, store_frames

pytestmark = pytest.mark.django_db

TODAY = date(2031, 5, 1)  # beyond what the migration of the test database attached
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)


def store(at: datetime, sequence: int = 1) -> None:
    at_ns = int(at.timestamp()) * 10**9
    numbers = (Decimal(1), Decimal(2), Decimal(1), Decimal(1))
    store_frames([NewestPrice(1, "sim", 1, sequence, *numbers, at_ns)])


def where() -> dict[datetime, str]:
    """Second -> name of the partition that holds its frame."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT second, tableoid::regclass::text FROM marketdata_quoteframe")
        return dict(cursor.fetchall())


def names() -> set[str]:
    return {partition.name for partition in list_partitions()}


def test_today_and_the_coming_days_are_made_once() -> None:
    assert make_partitions(TODAY) == DAYS_AHEAD + 1
    assert make_partitions(TODAY) == 0
    assert make_partitions(TODAY + timedelta(days=1)) == 1
    assert {f"marketdata_quoteframe_{TODAY + timedelta(days=number):%Y%m%d}" for number in range(DAYS_AHEAD + 2)} <= names()


def test_a_frame_goes_to_its_day_and_is_replaced_there() -> None:
    make_partitions(TODAY)
    store(NOON)
    store(NOON, sequence=2)
    store(NOON + timedelta(days=1))
    assert where() == {NOON: "marketdata_quoteframe_20310501", NOON + timedelta(days=1): "marketdata_quoteframe_20310502"}
    assert QuoteFrame.objects.get(second=NOON).sequence == 2


def test_a_day_that_was_not_made_in_time_loses_nothing_and_gets_its_partition_later() -> None:
    store(NOON)
    store(NOON + timedelta(days=40))
    assert set(where().values()) == {"marketdata_quoteframe_default"}
    make_partitions(TODAY)
    assert where() == {NOON: "marketdata_quoteframe_20310501", NOON + timedelta(days=40): "marketdata_quoteframe_default"}
    store(NOON, sequence=2)
    assert QuoteFrame.objects.get(second=NOON).sequence == 2


def test_days_that_are_too_old_go_whole_and_no_other() -> None:
    make_partitions(TODAY)
    for number in range(4):
        store(NOON + timedelta(days=number))
    end_of_second = datetime(2031, 5, 3, tzinfo=UTC)
    dropped = drop_partitions(end_of_second)
    assert dropped[-2:] == ["marketdata_quoteframe_20310501", "marketdata_quoteframe_20310502"]
    assert list(where()) == [NOON + timedelta(days=2), NOON + timedelta(days=3)]
    assert drop_partitions(end_of_second) == []
    assert "marketdata_quoteframe_default" in names(), "whatever its age"


def test_the_sweep_keeps_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.marketdata.partitions.timezone.now", lambda: NOON + timedelta(days=32))
    there_before = names()  # of today and the coming days, where another test has made them
    make_partitions(TODAY)
    store(NOON)
    store(NOON + timedelta(days=2))
    said: list[str] = []
    old = {f"marketdata_quoteframe_{TODAY:%Y%m%d}"} | {name for name in there_before if not name.endswith("_default")}
    assert sweep_frames(NOON + timedelta(days=31), said.append) == len(old), "the day itself, and all the days before it"
    assert not old & names()
    assert list(where()) == [NOON + timedelta(days=2)]
    made = {f"marketdata_quoteframe_{TODAY + timedelta(days=32 + number):%Y%m%d}" for number in range(DAYS_AHEAD + 1)}
    assert made <= names() and any("20310501" in line for line in said)


def test_the_migration_keeps_every_row_and_attaches_the_table_as_it_is() -> None:
    """Back to one table, forth again: the rows stay, and new ones go where they belong."""
    migration = import_module("apps.marketdata.migrations.0002_frames_by_day")
    now = datetime.now(UTC).replace(microsecond=0)
    stored = [now - timedelta(days=40), now - timedelta(days=1), now]
    for at in stored:
        store(at)
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARD)
        assert list_partitions() == ()
        store(now + timedelta(days=3))  # a feed whose clock was wrong
        cursor.execute(migration.FORWARD)
    assert set(where().values()) == {"marketdata_quoteframe_before"} and len(where()) == 4
    before = list_partitions()[0]
    assert before.until is not None and before.until > now + timedelta(days=3)
    make_partitions(now.date())
    store(now, sequence=9)
    store(now + timedelta(days=8))
    assert where()[now] == "marketdata_quoteframe_before"
    assert where()[now + timedelta(days=8)] == f"marketdata_quoteframe_{now + timedelta(days=8):%Y%m%d}"


def test_whoever_writes_frames_of_other_days_does_not_keep_a_day_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The consumer's transaction is open all the while; CREATE TABLE ... PARTITION OF would wait for it, in vain."""
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    monkeypatch.setattr(partitions, "DAYS_AHEAD", 0)
    monkeypatch.setattr(partitions, "_LOCK_TIMEOUT", "1s")
    with psycopg.connect(dbname=given["NAME"], **address) as writer:
        writer.execute("INSERT INTO marketdata_quoteframe VALUES (1, '2026-01-01', 'sim', 1, 1, 1, 2, 1, 1)")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE planted PARTITION OF marketdata_quoteframe FOR VALUES FROM ('2031-05-01') TO ('2031-05-02')"
            )
        assert make_partitions(TODAY) == 1
        writer.rollback()


def test_a_frame_that_comes_while_its_day_is_made_does_not_keep_it_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed writes every second, and moving the frames of half a day takes longer: another one would forbid ATTACH."""
    given = connection.settings_dict
    address = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    monkeypatch.setattr(partitions, "DAYS_AHEAD", 0)
    refused: list[str] = []

    def write_meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "marketdata_attach_day" in sql:
            row = "INSERT INTO marketdata_quoteframe VALUES (1, '2031-05-01 12:00:01+00', 'sim', 1, 1, 1, 2, 1, 1)"
            with psycopg.connect(dbname=given["NAME"], options="-c lock_timeout=200", **address) as writer:
                writer.execute("SELECT count(*) FROM marketdata_quoteframe")  # reading goes on
                try:
                    writer.execute(row)
                except psycopg.errors.LockNotAvailable as error:
                    refused.append(str(error))
                writer.rollback()  # it is tried again, as the consumer does
        return execute(sql, params, many, context)

    store(NOON)
    with connection.execute_wrapper(write_meanwhile):
        assert make_partitions(TODAY) == 1
    assert len(refused) == 1
    assert where() == {NOON: "marketdata_quoteframe_20310501"}
