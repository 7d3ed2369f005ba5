"""What every test shares."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test.client import ClientHandler
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect

from apps import degraded
from apps.grants.roles import Role
from tests.engine.world import World
from tests.inprocess import InProcessEngine, connect
from tests.leftovers import Leftovers, plain_parameters
from tests.logins import as_login
from tests.template import make_database, remove_database
from tests.waiting import PATIENCE_MS

# How long an example takes says nothing about it on a machine that runs servers and a browser beside the tests.
hypothesis_settings.register_profile("beside servers", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("beside servers")
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start processes come first, those that live in a transaction last; within each the order stays.

    The first wait more than they work, so several at a time leave the cores free for each other, and their bounds on time are not
    tried beside work that fills the cores. The last only work and are short: no worker is left with a long one at the end.
    """
    rank: dict[Path, int] = {}
    for item in items:
        rank[item.path] = min(_rank(item), rank.get(item.path, 2))
    items.sort(key=lambda item: rank[item.path])


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("processes"):
        return 0
    fixtures = getattr(item, "fixturenames", ())
    return 2 if item.get_closest_marker("django_db") or "db" in fixtures else 1


_left: list[Leftovers] = []  #: of this worker's database, once it is made


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
    verbosity = request.config.option.verbose
    with django_db_blocker.unblock():
        made = make_database(verbosity=verbosity)
        _left.append(Leftovers(plain_parameters()))
    yield
    _left.clear()
    with django_db_blocker.unblock():
        remove_database(made, verbosity=verbosity)


@pytest.fixture(scope="session", autouse=True)
def pages_may_only_what_they_may() -> Iterator[None]:
    """Whatever a test asks of a page is done with the rights of the pages' login; what the console reads, with its own."""
    answer = ClientHandler.__call__

    def answer_as_web(handler: ClientHandler, environ: Any) -> Any:
        with as_login(Role.WEB):
            return answer(handler, environ)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "__call__", answer_as_web)
        patch.setattr("apps.support.access.as_console", lambda: as_login(Role.CONSOLE))
        yield


@pytest.fixture(autouse=True)
def nothing_seen_before() -> None:
    """Each test begins as a process does: what another one took away is not away here."""
    degraded.forget()


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A file whose tests commit removes what they wrote: another one would fail by it, where it happens to come after."""
    yield
    if _left and (left := _left[0].found()):
        pytest.fail(f"rows that this file's tests left in the database, by table: {left}")


@pytest.fixture
def world(db: None) -> World:
    """A market with two customers, in the test's transaction."""
    return World()


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> InProcessEngine:
    """What the pages' services reach in place of the engine's socket."""
    return connect(world, monkeypatch)
