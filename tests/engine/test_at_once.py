"""Engines that are started at the same moment, again and again: one has the lease."""

from pathlib import Path

import pytest

from tests.engine.nursery import Nursery
from tests.engine.processes import Cluster
from tests.engine.test_standby import epoch, holders
from tests.faults.figures import note
from tests.faults.lanes import times

pytestmark = pytest.mark.processes
ENGINES = 3


@pytest.mark.fault("F14")
@pytest.mark.long
@pytest.mark.timeout(600)
def test_of_three_at_once_one_has_the_lease_each_time(engines: Cluster, tmp_path: Path) -> None:
    """Forked from one that has loaded everything, so that they really come together."""
    nursery, rounds = Nursery(tmp_path), times(50, 5)
    own = {"database": engines.database["NAME"], "ENGINE_URL": f"unix://{tmp_path}/engine.sock", "ENGINE_TOKEN": ""}
    try:
        for _ in range(rounds):
            before, read = epoch(engines), nursery.log.stat().st_size if nursery.log.exists() else 0
            started = [nursery.start("run_engine", **own) for _ in range(ENGINES)]

            def said(words: bytes, begin: int = read) -> int:
                return nursery.log.read_bytes()[begin:].count(words) if nursery.log.exists() else 0

            engines.until(lambda: said(b"waiting for the lease") == ENGINES, "all are there")
            engines.until(lambda: said(b" serves "), "one serves")
            assert said(b" serves ") == 1
            assert (epoch(engines), holders(engines)) == (before + 1, 1)
            assert all(each.is_alive() for each in started)
            nursery.end_all()
    finally:
        nursery.end_all()
    engines.check_books()
    note("F14", f"{ENGINES} engines at once, {rounds} times: one holder of the lock and one epoch each time")
