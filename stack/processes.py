"""THE list of the product's processes: what runs, in which order it starts, and how one knows that it is ready."""

from dataclasses import dataclass
from enum import Enum


class Ready(Enum):
    """What a process must do to count as ready."""

    ALIVE = "it runs"
    ENGINE = "the engine's socket takes connections"
    WEB = "GET /readyz answers 200"
    STREAM = "GET /livez answers 200"


@dataclass(frozen=True)
class Process:
    """One process. ``{NAME}`` in an argument is filled from the product's environment. With a ``setting`` it is started only
    where that is on."""

    name: str
    arguments: tuple[str, ...]
    ready: Ready = Ready.ALIVE
    setting: str = ""


def _manage(*arguments: str) -> tuple[str, ...]:
    return ("python", "manage.py", *arguments)


# The largest frame that a browser may send: a list of symbols to watch is well below it.
_FRAME_BYTES_MAX = "16384"


def _celery(*arguments: str) -> tuple[str, ...]:
    return ("python", "-m", "celery", "-q", "-A", "tredye", *arguments)


PROCESSES: tuple[Process, ...] = (
    Process("engine", _manage("run_engine"), Ready.ENGINE),
    Process("relay", _manage("relay_outbox")),
    Process("feed", _manage("run_feed", "sim")),
    Process("realtime", _manage("run_consumer", "realtime")),
    Process("marketdata", _manage("run_consumer", "marketdata")),
    Process("portfolio", _manage("run_consumer", "portfolio")),
    Process(
        "worker",
        # One process, the jobs in its main thread: they are few and coarse, and a child would be 100 MB more on a laptop.
        _celery("worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"),
    ),
    Process("beat", _celery("beat")),
    Process(
        "web",
        (
            *("python", "-m", "daphne", "-b", "127.0.0.1", "-p", "{WEB_PORT}", "--access-log", "/dev/null"),
            *("--websocket-max-message-size", _FRAME_BYTES_MAX, "--websocket-max-frame-size", _FRAME_BYTES_MAX),
            "tredye.asgi:application",
        ),
        Ready.WEB,
    ),
    Process(
        "stream",
        (
            *("python", "-m", "uvicorn", "tredye.asgi:application", "--host", "127.0.0.1", "--port", "{STREAM_PORT}"),
            # Deflate would double CPU and memory of every socket for messages of a few dozen bytes.
            *("--loop", "uvloop", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
            # X-Forwarded-For is read by the product itself, the same way under both servers (PROXY_COUNT).
            "--no-proxy-headers",
            *("--ws-max-size", _FRAME_BYTES_MAX, "--lifespan", "off", "--no-access-log"),
        ),
        Ready.STREAM,
    ),
    # A second engine, warm, that takes over when the first one dies or is frozen. Without it the supervisor starts the next one,
    # which on a laptop is soon enough.
    Process("standby", _manage("run_engine"), setting="ENGINE_STANDBY"),
)


@dataclass(frozen=True)
class Product:
    """What is brought up on the servers: two commands that run to their end, and the processes that stay.

    ``prepare`` (migrations, topics) runs before anything else, ``seed`` when the engine takes commands.
    """

    processes: tuple[Process, ...]
    prepare: tuple[str, ...] = ()
    seed: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(process.name for process in self.processes)


TREDYE = Product(PROCESSES, prepare=_manage("prepare"), seed=_manage("seed_demo"))
