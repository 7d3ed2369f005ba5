"""``manage.py prepare``: it goes up, waits for others, and does not touch what a newer version made."""

import re
import threading
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.engine.recovery import connect
from apps.eventlog.models import LogInUse

# The newest migration of an app, and what comes before it.
LATER = MigrationLoader(None).graph.leaf_nodes("eventlog")[0]
BEFORE = ("eventlog", "0001_initial")
# One beside which the version before it cannot run.
APART = ("engine", "0013_settle_orders_per_second")


def prepare() -> str:
    said = StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_refused_by_name() -> None:
    recorder = MigrationRecorder(connection)
    for number in range(4):
        recorder.record_applied("orders", f"09{number:02}_of_tomorrow")
    recorder.record_applied("app_of_tomorrow", "0001_initial")
    with pytest.raises(CommandError) as caught:
        prepare()
    assert str(caught.value).startswith(
        "the database was made by a newer version: this one does not know its migrations "
        "app_of_tomorrow.0001_initial, orders.0900_of_tomorrow, orders.0901_of_tomorrow and 2 more. Run that version"
    )


def test_it_waits_for_a_table_that_somebody_holds_for_a_moment(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        migrate_while_somebody_holds_a_table()
        LogInUse.objects.all().delete()  # a preparation notes which log it is of
        connection.close()


def migrate_while_somebody_holds_a_table() -> None:
    MigrationExecutor(connection).migrate([BEFORE])
    held, holder = threading.Event(), psycopg.connect(**connection.get_connection_params())
    try:
        holder.execute("LOCK TABLE django_migrations IN EXCLUSIVE MODE")
        # Longer than a page may wait for a lock, which is what this connection is set up for.
        threading.Timer(1.5, lambda: (holder.rollback(), held.set())).start()
        said = prepare()
        assert held.is_set()
    finally:
        holder.close()
        MigrationExecutor(connection).migrate([LATER])
    assert re.search(r"applying \d+ migrations", said)
    assert LATER in MigrationRecorder(connection).applied_migrations()


@pytest.mark.django_db
def test_an_engine_is_not_changed_under_its_hands() -> None:
    recorder = MigrationRecorder(connection)
    for app, name in [key for key in recorder.applied_migrations() if key[0] == APART[0] and key >= APART]:
        recorder.record_unapplied(app, name)
    refusal = rf"\d+ migrations .* an engine is at work \(engine:0.*cannot run beside {'.'.join(APART)}"
    with connect(connection.settings_dict), pytest.raises(CommandError, match=refusal):
        prepare()


@pytest.mark.django_db
def test_what_is_up_to_date_stays_as_it_is() -> None:
    assert "database is up to date" in prepare()
