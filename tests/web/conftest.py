from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.enums import Role
from apps.orders import seen
from tests.cached import clear_cache
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine, connect
from tests.pages import client_of
from tests.prices import set_price


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    clear_cache()
    yield
    clear_cache()


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> InProcessEngine:
    # As the engine's own. How long it stays young must not depend on this machine's pace.
    set_price(SYMBOL, "99.00", "101.00")
    monkeypatch.setattr(seen, "AGE_MAX", timedelta(hours=1))
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
