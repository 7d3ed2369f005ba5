"""What nearly every part of the front door needs at hand: settings, progress, running commands and the wish to stop."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from stack.commands import Commands
from stack.interrupt import Interrupt
from stack.progress import Progress
from stack.settings import Settings
from stack.terminal import Terminal


@dataclass(frozen=True)
class Context:
    settings: Settings
    progress: Progress
    commands: Commands
    interrupt: Interrupt

    @property
    def terminal(self) -> Terminal:
        return self.progress.terminal

    def run(self, argv: Sequence[str], *, log: str, **options: Any) -> list[str]:
        """Run a helper command in the project's directory; see Commands.run."""
        options.setdefault("env", self.settings.tool_env())
        options.setdefault("cwd", self.settings.root)
        return self.commands.run(argv, log=self.settings.log(log), **options)

    def with_settings(self, settings: Settings) -> "Context":
        return Context(settings, self.progress, self.commands, self.interrupt)


def make_context(settings: Settings, stream: TextIO | None = sys.stdout) -> Context:
    """A context that speaks on `stream`, or nowhere at all when that is None."""
    commands = Commands()
    interrupt = Interrupt()
    interrupt.on_first.append(commands.abort)
    return Context(settings, Progress(Terminal(stream)), commands, interrupt)
