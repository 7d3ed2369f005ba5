"""Both logs, one suite: every test here runs on Kafka and on the embedded log."""

from typing import Any

import pytest

from tests.eventlog.logs import Log, log_of_run


@pytest.fixture(params=["kafka", "embedded"], autouse=True)
def log(request: pytest.FixtureRequest, settings: Any) -> Log:
    """The log of this test, whatever the environment names; Kafka only where there is one."""
    if request.param == "kafka" and not settings.KAFKA_BOOTSTRAP:
        pytest.skip("no Kafka here: KAFKA_BOOTSTRAP is not set")
    settings.EVENT_LOG = request.param
    return log_of_run()
