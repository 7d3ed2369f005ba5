"""What PostgreSQL, Redis and Kafka have in common here: files to prepare, a command to run, a question that tells
readiness."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from stack.context import Context
from stack.identity import Identity
from stack.places import Places
from stack.progress import Step
from stack.supervisor import Spec

LOOPBACK = "127.0.0.1"


class Server(ABC):
    """One server on one loopback port. ``prepare`` may take long (a download, an initdb); it runs in a thread."""

    name: str
    title: str
    # The environment variable that gives a server from outside, in which case none is started.
    variable: str
    start_timeout_s = 30.0
    stop_signal = signal.SIGTERM
    hurry_signal = signal.SIGKILL
    # What the kernel sends it when the front door was killed.
    death_signal = signal.SIGTERM

    def __init__(self, context: Context, places: Places, port: int) -> None:
        self.context = context
        self.places = places
        self.port = port
        self.identity: Identity | None = self.choose_identity()
        self.home: Path = places.directory(self.name, self.identity)

    @abstractmethod
    def choose_identity(self) -> Identity | None: ...

    @abstractmethod
    def prepare(self, step: Step) -> None:
        """Find or fetch the programs, and make the data directory. Raises StackError."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server takes requests now."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The value of its variable for the product's processes."""

    def environment(self) -> Mapping[str, str]:
        """A server gets no secret and no setting of ours or the user's: it is configured by its command line alone."""
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def spec(self) -> Spec:
        return Spec(
            name=self.name,
            argv=self.command(),
            env=self.environment(),
            cwd=self.home,
            log=self.context.settings.log(self.name),
            identity=self.identity,
            stop_signal=self.stop_signal,
            hurry_signal=self.hurry_signal,
            death_signal=self.death_signal,
            is_server=True,
        )
