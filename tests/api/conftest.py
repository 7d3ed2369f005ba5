"""One engine, one uvicorn and one Daphne for all tests of the API."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.world import ApiWorld
from tests.engine.callers import wait_for_price
from tests.engine.processes import cluster
from tests.realtime.conftest import Server


@pytest.fixture(scope="package")
def api_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiWorld]:
    name = f"tredye_api_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    directory = tmp_path_factory.mktemp("api")
    with cluster(directory, name) as engines:
        engines.start()
        engines.fund()
        with engines.connection() as database:
            world = ApiWorld(engines, database)
            with world.feed:
                wait_for_price(engines)
                yield world
                for server in world.servers.values():
                    server.end()


@pytest.fixture(params=["daphne", pytest.param("uvicorn", marks=pytest.mark.long)])
def server(request: pytest.FixtureRequest, api_world: ApiWorld) -> Server:
    """Daphne, as the product runs its pages and its API; in ``make prove`` uvicorn as well."""
    return server_of(api_world, request.param)


@pytest.fixture
def uvicorn(api_world: ApiWorld) -> Server:
    return server_of(api_world, "uvicorn")


def server_of(world: ApiWorld, kind: str, name: str = "", **environment: str) -> Server:
    """The server of that kind, started once; one with a ``name`` is another, with ``environment`` of its own."""
    known = world.servers.get(name or kind)
    if known is None:
        engines = world.engines
        urls = {"DATABASE_URL": engines.environment["DATABASE_URL"], "ENGINE_URL": engines.url}
        log: Path = engines.directory / f"{name or kind}.log"
        known = world.servers[name or kind] = Server(kind, log, **(urls | environment))
    known.check()
    return known
