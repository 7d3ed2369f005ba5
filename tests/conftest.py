"""What every test shares."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.template import migrated_template

# How long an example takes says nothing about it on a machine that runs servers and a browser beside the tests.
hypothesis_settings.register_profile("beside servers", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("beside servers")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database, whoever asks for it first.

    pytest-django's own fixture makes a database only when a collected test has its mark; a test whose writes must be committed
    has none, and alone it would work on the database that is configured.
    """
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = migrated_template()
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=request.config.option.verbose, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:  # whoever is left, such as a thread that is ending, would bar the removal
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        teardown_databases(made, verbosity=request.config.option.verbose)
