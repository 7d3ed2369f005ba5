"""The console's statements are its own login's, on connections of its own, and everybody else's are not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from apps.grants.roles import Role
from apps.stores.postgres.base import DatabaseWrapper
from apps.stores.postgres.kept import as_console, for_staff, is_console


@pytest.fixture
def in_web(settings: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As a process of the pages is set up, in no transaction; nothing is written."""
    settings.DATABASE_ROLE = Role.WEB
    with django_db_blocker.unblock():
        yield
        connection.close()
    for name in [name for name in DatabaseWrapper._connection_pools if name.endswith("of the console")]:
        DatabaseWrapper._connection_pools.pop(name).close()


def who() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_only_what_is_inside_is_the_console_s(in_web: None) -> None:
    before = who()
    with as_console():
        assert is_console() and who() == "tredye_console"
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM watchlists_watchlist")
        assert who() == "tredye_console"
    assert not is_console() and who() == before != "tredye_console"


def test_it_ends_with_an_error_too_and_the_staff_s_connections_are_told_apart(in_web: None) -> None:
    with for_staff():
        before = who()
        with pytest.raises(ValueError, match="planted"), as_console():
            assert who() == "tredye_console"
            raise ValueError("planted")
        assert who() == before
        connection.close()
    assert {"default of staff", "default of staff of the console"} <= DatabaseWrapper._connection_pools.keys()


def test_it_is_not_taken_within_a_transaction(in_web: None) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="within a transaction"), as_console():
        raise AssertionError("not reached")


def test_a_process_without_a_login_of_its_own_stays_the_owner(settings: Any, db: None) -> None:
    settings.DATABASE_ROLE = ""
    before = who()
    with as_console():
        assert who() == before
