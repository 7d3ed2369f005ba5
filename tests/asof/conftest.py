import pytest

from tests.engine.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
