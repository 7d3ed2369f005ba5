"""The engine in the test's process, where the pages' services look for its client."""

import pytest

from apps.commands.answers import AnyAnswer
from apps.commands.types import AnyCommand
from tests.engine.world import World
from tests.logins import as_login

CALLERS = ("apps.accounts.services", "apps.orders.services", "apps.commands.outcomes")


class InProcessEngine:
    """Speaks like ``EngineClient``; the session behind it is the real one, on the test's connection."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: list[AnyCommand] = []

    def send(self, command: AnyCommand, *, deadline_s: float = 2.0) -> AnyAnswer:
        self.sent.append(command)
        with as_login(None):  # the pages may not write what it writes
            return self.world.batch(command)[0]


def connect(world: World, monkeypatch: pytest.MonkeyPatch) -> InProcessEngine:
    engine = InProcessEngine(world)
    for caller in CALLERS:
        monkeypatch.setattr(f"{caller}.get_client", lambda: engine)
    return engine
