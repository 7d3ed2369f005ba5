import os
from collections.abc import Iterator

import pytest

from tests.engine.processes import Cluster, cluster


@pytest.fixture(scope="module")
def engine_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A database with funded accounts and no engine, for all tests of a module."""
    name = f"tredye_processes_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("engine"), name) as made:
        first = made.start()
        made.fund()
        made.kill(first)
        yield made


@pytest.fixture
def engines(engine_cluster: Cluster) -> Iterator[Cluster]:
    """The module's cluster; what a test starts ends with it."""
    yield engine_cluster
    engine_cluster.stop_all()
