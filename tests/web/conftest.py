from collections.abc import Iterator

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.enums import Role
from tests.cached import clear_cache
from tests.engine.world import World
from tests.inprocess import InProcessEngine, connect
from tests.pages import client_of


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    clear_cache()
    yield
    clear_cache()


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> InProcessEngine:
    return connect(world, monkeypatch)


@pytest.fixture
def alice(world: World, engine: InProcessEngine) -> Client:
    return client_of(world.alice)


@pytest.fixture
def bob(world: World, engine: InProcessEngine) -> Client:
    return client_of(world.bob)


@pytest.fixture
def support(db: None) -> Client:
    return client_of(User.objects.create_user("support@tredye.example", "x", role=Role.SUPPORT))


@pytest.fixture
def admin(db: None) -> Client:
    return client_of(User.objects.create_superuser("admin@tredye.example", "x"))
