"""THE list of the product's processes: what runs, in which order it starts, and how one knows that it is ready."""

from dataclasses import dataclass
from enum import Enum

from stack import pair


class Ready(Enum):
    """What a process must do to count as ready."""

    ALIVE = "it runs"
    ENGINE = "the engine's socket takes connections"
    WEB = "GET /readyz answers 200"
    STREAM = "GET /livez answers 200"


@dataclass(frozen=True)
class Process:
    """One process. ``{NAME}`` in an argument is filled from the product's environment. With ``settings`` it is started only
    where one of them is on. ``role`` is its login of the database (apps/grants); without one it connects as the owner."""

    name: str
    arguments: tuple[str, ...]
    ready: Ready = Ready.ALIVE
    settings: tuple[str, ...] = ()
    role: str = ""


def _manage(*arguments: str) -> tuple[str, ...]:
    return ("python", "manage.py", *arguments)


# Starts the second one of everything that may be two.
TWO_OF_EACH = "TWO_OF_EACH"
# The largest frame that a browser may send: a list of symbols to watch is well below it.
_FRAME_BYTES_MAX = "16384"
# Daphne's limit of a message holds for those that it sends, too: the prices of 500 instruments are 85 KB at most.
_MESSAGE_BYTES_MAX = "131072"


def _celery(*arguments: str) -> tuple[str, ...]:
    return ("python", "-m", "celery", "-q", "-A", "tredye", *arguments)


def _web(port: str) -> tuple[str, ...]:
    return (
        *("python", "-m", "daphne", "-b", "127.0.0.1", "-p", port, "--access-log", "/dev/null"),
        *("--websocket-max-message-size", _MESSAGE_BYTES_MAX, "--websocket-max-frame-size", _FRAME_BYTES_MAX),
        "tredye.asgi:application",
    )


def _stream(port: str) -> tuple[str, ...]:
    return (
        *("python", "-m", "uvicorn", "tredye.asgi:application", "--host", "127.0.0.1", "--port", port),
        # Deflate would double CPU and memory of every socket for messages of a few dozen bytes.
        *("--loop", "uvloop", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
        # X-Forwarded-For is read by the product itself, the same way under both servers (PROXY_COUNT).
        "--no-proxy-headers",
        *("--ws-max-size", _FRAME_BYTES_MAX, "--lifespan", "off", "--no-access-log"),
        # For what is under way when it is told to end: as Daphne is given (apps/web/draining.py).
        *("--timeout-graceful-shutdown", "8"),
    )


# One process, the jobs in its main thread: they are few and coarse, and a child would be 100 MB more on a laptop.
_WORKER = _celery("worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat")

PROCESSES: tuple[Process, ...] = (
    Process("engine", _manage("run_engine"), Ready.ENGINE, role="engine"),
    Process("relay", _manage("relay_outbox"), role="relay"),
    Process("feed", _manage("run_feed", "sim"), role="feed"),
    Process("realtime", _manage("run_consumer", "realtime"), role="consumers"),
    Process("marketdata", _manage("run_consumer", "marketdata"), role="consumers"),
    # Two consumers in one process: neither is on the way of prices, and each is idle most of the time.
    Process("portfolio", _manage("run_consumer", "portfolio", "alerts"), role="consumers"),
    Process("worker", _WORKER, role="jobs"),
    Process("beat", _celery("beat"), role="jobs"),
    Process("web", _web("{WEB_PORT}"), Ready.WEB, role="web"),
    Process("stream", _stream("{STREAM_PORT}"), Ready.STREAM, role="web"),
    # A second engine, warm, that takes over when the first one dies or is frozen. Without it the supervisor starts the next one,
    # which on a laptop is soon enough.
    Process("standby", _manage("run_engine"), settings=("ENGINE_STANDBY", TWO_OF_EACH), role="engine"),
    # The same for the feed: it publishes when the first one dies or is frozen.
    Process("feed-standby", _manage("run_feed", "sim"), settings=("FEED_STANDBY", TWO_OF_EACH), role="feed"),
    # The second one of everything else; docs/scaling.md says what each pair shares. A relay waits for the lane's lock, as the
    # standbys above do for their leases. Consumers share the partitions: each member of a group has a name of its own. Whoever
    # claims a run does a job, so two workers do none twice, and two beats ask the same question twice.
    Process("relay-2", _manage("relay_outbox"), settings=(TWO_OF_EACH,), role="relay"),
    Process("realtime-2", _manage("run_consumer", "realtime", "--member", "2"), settings=(TWO_OF_EACH,), role="consumers"),
    Process("marketdata-2", _manage("run_consumer", "marketdata", "--member", "2"), settings=(TWO_OF_EACH,), role="consumers"),
    Process(
        "portfolio-2",
        _manage("run_consumer", "portfolio", "alerts", "--member", "2"),
        settings=(TWO_OF_EACH,),
        role="consumers",
    ),
    Process("worker-2", _WORKER, settings=(TWO_OF_EACH,), role="jobs"),
    Process("beat-2", _celery("beat"), settings=(TWO_OF_EACH,), role="jobs"),
    Process("web-2", _web("{WEB_2_PORT}"), Ready.WEB, settings=(TWO_OF_EACH,), role="web"),
    Process("stream-2", _stream("{STREAM_2_PORT}"), Ready.STREAM, settings=(TWO_OF_EACH,), role="web"),
    # Lets PostgreSQL's standby take over. One of it: two would ask the same note, and neither more often.
    Process("guard", _manage("watch_database"), settings=(pair.SETTING,)),
)


@dataclass(frozen=True)
class Product:
    """What is brought up on the servers: two commands that run to their end, and the processes that stay.

    ``settle`` (commits wait for PostgreSQL's standby, where there is one) and ``prepare`` (migrations, topics) run before
    anything else, ``seed`` when the engine takes commands.
    """

    processes: tuple[Process, ...]
    settle: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    seed: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(process.name for process in self.processes)


TREDYE = Product(
    PROCESSES,
    settle=_manage("watch_database", "--until-synchronous", "60"),
    prepare=_manage("prepare"),
    seed=_manage("seed_demo"),
)
