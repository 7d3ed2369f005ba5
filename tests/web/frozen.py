"""An engine that reads nothing for a while: what is sent to it waits in its socket, or is lost with it."""

from typing import Any

import pytest

from apps.commands.answers import AnyAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.types import AnyCommand
from tests.inprocess import CALLERS, InProcessEngine


class Frozen:
    """Stands before the engine. Frozen, it keeps what is sent and answers nothing; ``wake`` lets it all be decided, late."""

    def __init__(self, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = engine
        self.kept: list[AnyCommand] = []
        self.is_frozen = False
        self.wakes_with_the_next = False
        for caller in CALLERS:
            monkeypatch.setattr(f"{caller}.get_client", lambda: self)

    def send(self, command: AnyCommand, *, deadline_s: float = 2.0) -> AnyAnswer:
        if self.wakes_with_the_next:  # what waited is read first, as from a socket
            self.wakes_with_the_next = False
            self.wake()
        if self.is_frozen:
            self.kept.append(command)
            raise EngineUnavailableError(command.command_id, deadline_s)
        return self.engine.send(command, deadline_s=deadline_s)

    def wake(self) -> list[Any]:
        """The answers to what was kept, which nobody hears any more."""
        self.is_frozen = False
        kept, self.kept = self.kept, []
        return [self.engine.send(command) for command in kept]

    def lose(self) -> None:
        """Another engine takes over: what waited in this one's socket is gone."""
        self.is_frozen, self.kept = False, []
