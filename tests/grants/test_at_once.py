"""Logins belong to the whole server: two preparations, each of another database, may make the same one at the same time."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings

from apps.grants import granting
from apps.grants.granting import bring, differences
from apps.grants.roles import Role
from tests.leftovers import plain_parameters
from tests.waiting import wait_until

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def other(django_db_setup: None) -> Iterator["psycopg.Connection[Any]"]:
    """The other preparation: it has made one login, and has not committed yet."""
    with psycopg.connect(**plain_parameters()) as opened:
        opened.execute("CREATE ROLE beside_web LOGIN")
        yield opened
    with psycopg.connect(**plain_parameters(), autocommit=True) as owner:
        owner.execute("DROP ROLE beside_web")  # after the test's own transaction, which granted to it


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATABASE_LOGINS", {role: {"USER": f"beside_{role}", "PASSWORD": ""} for role in Role})


def commit_when_waited_for(other: "psycopg.Connection[Any]") -> None:
    with psycopg.connect(**plain_parameters(), autocommit=True) as watch:
        wait_until(lambda: watch.execute(WAITS).fetchone() != (0,), 20, "the second one waits for the first")
    other.commit()


@pytest.mark.parametrize("tries", [1, granting._TRIES_MAX])
def test_a_login_that_somebody_else_makes_meanwhile_is_taken(
    other: "psycopg.Connection[Any]", logins: None, db: None, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    monkeypatch.setattr(granting, "_TRIES_MAX", tries)
    commits = threading.Thread(target=commit_when_waited_for, args=[other])
    commits.start()
    try:
        if tries == 1:
            with pytest.raises(Exception, match="duplicate key"):
                bring()
        else:
            assert bring().made == len(Role) - 1
            assert differences() == (set(), set())
    finally:
        commits.join()
