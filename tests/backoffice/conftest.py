"""A market with an engine in the test's process, and the admins whose buttons are pressed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.enums import Role
from tests.backoffice.walk import Shown, fill_every_table
from tests.pages import client_of
from tests.rolledback import rolled_back
from tests.staff import make_staff


@pytest.fixture
def ann(db: None) -> User:
    """The admin who proposes."""
    return make_staff("ann@example.com", Role.ADMIN)


@pytest.fixture
def ben(db: None) -> User:
    """The admin who approves."""
    return make_staff("ben@example.com", Role.ADMIN)


@pytest.fixture
def proposer(ann: User) -> Client:
    return client_of(ann)


@pytest.fixture
def approver(ben: User) -> Client:
    return client_of(ben)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Shown]:
    """A row in every table, for a whole file: to make them takes longer than to look at most pages."""
    with rolled_back(django_db_blocker):
        yield fill_every_table()
