"""The servers together: which are given, which are started, and starting those beside each other."""

import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from stack import eventlog, pair, postgres, redis
from stack.child import Child, exit_text
from stack.context import Context
from stack.errors import StackError
from stack.eventlog import EventLog
from stack.kafka import FetchError, Kafka
from stack.places import Places
from stack.postgres import Postgres, PostgresStandby
from stack.redis import Redis
from stack.server import Server
from stack.settings import Settings
from stack.supervisor import Supervisor

CLASSES: tuple[type[Server], ...] = (Postgres, Redis, Kafka)
FALLS_MAX = 3
TAIL_LINES_SHOWN = 8


def given_urls(environ: Mapping[str, str]) -> dict[str, str]:
    """The servers that the environment gives, by variable. A broker that nobody is to use is not among them."""
    unused = {Kafka.variable} if eventlog.asked_for(environ) == eventlog.EMBEDDED else set()
    variables = [kind.variable for kind in CLASSES if kind.variable not in unused]
    return {variable: environ[variable] for variable in variables if environ.get(variable)}


def ports_needed(settings: Settings, log: EventLog) -> dict[str, int]:
    """The ports that this stack will listen on: none for a given server, and none for a broker that is not used."""
    given = given_urls(settings.environ)
    absent = {kind.name for kind in CLASSES if kind.variable in given or (kind is Kafka and not log.is_kafka)}
    if Postgres.name in absent:
        absent.add(pair.STANDBY)
    return {name: port for name, port in settings.ports_used().items() if name.removesuffix("-controller") not in absent}


def needs_wheels(environ: Mapping[str, str]) -> bool:
    """Whether a server must come from a Python wheel, because it is neither given nor installed on this machine."""
    lacks_postgres = not environ.get(Postgres.variable) and not postgres.has_machine_binaries()
    lacks_redis = not environ.get(Redis.variable) and redis.machine_program() is None
    return lacks_postgres or lacks_redis


def check_given(context: Context) -> None:
    """Raises StackError when a given server cannot be reached."""
    for variable, url in given_urls(context.settings.environ).items():
        addresses = url.split(",") if variable == Kafka.variable else _one_by_one(url)
        if not any(_is_reachable(address) for address in addresses):
            shown = ", ".join(_without_password(address) for address in addresses)
            raise StackError(
                f"{variable} is set to {shown}, but nothing answers there",
                f"Start that server, or unset {variable} and one is started for you.",
            )


def _one_by_one(url: str) -> list[str]:
    """A database's URL names two servers where one follows the other: a URL for each."""
    head, at, rest = url.rpartition("@")
    scheme, _, hosts = (head + at + rest).partition("://") if not at else (head, at, rest)
    places, slash, path = hosts.partition("/")
    if "," not in places:
        return [url]
    start = f"{head}@" if at else f"{scheme}://"
    return [f"{start}{place}{slash}{path}" for place in places.split(",")]


def _is_reachable(address: str) -> bool:
    parts = urlsplit(address if "://" in address else f"//{address}")
    default = {"redis": 6379, "rediss": 6379, "": 9092}.get(parts.scheme, 5432)
    if not parts.hostname:
        # A socket in the file system, or a form that only the client library knows: the preparation will tell.
        return True
    try:
        with socket.create_connection((parts.hostname, parts.port or default), timeout=3):
            return True
    except (OSError, ValueError):
        return False


def _without_password(url: str) -> str:
    """The address without its password, or nothing of it when its form does not say where a password would be."""
    form = r"(?P<head>(?:[a-z+]+://)?(?:[^:@/]*)?)(?P<password>:[^@]*)?(?P<at>@)(?P<place>[^@]*)|(?:[a-z+]+://)?[\w.\[\]-]*(?::\d+)?(?:/[^?]*)?"
    match = re.fullmatch(form, url)
    if match is None:
        return "something else than an address"
    return f"{match['head']}:***@{match['place']}" if match["password"] else url


def start_missing(
    context: Context, places: Places, supervisor: Supervisor, log: EventLog
) -> tuple[dict[str, str], EventLog]:
    """Start every server that is needed and not given, beside each other. Returns the URLs of all of them, by variable,
    and the event log: another than `log` when Kafka could not be fetched and nobody insisted on it.

    Raises StackError with the reason and the log of one that cannot be started.
    """
    urls = given_urls(context.settings.environ)
    missing = [kind for kind in CLASSES if kind.variable not in urls and (log.is_kafka or kind is not Kafka)]
    servers = [kind(context, places, context.settings.ports[kind.name]) for kind in missing]
    with ThreadPoolExecutor(max_workers=len(CLASSES), thread_name_prefix="start") as pool:
        running: list[tuple[Server, Future[None]]] = [
            (server, pool.submit(_start_with_standby, context, places, supervisor, server)) for server in servers
        ]
        wait(future for _, future in running)
    for server, future in running:
        try:
            future.result()
        except FetchError as error:
            if log.is_asked_for:
                raise
            log = log.instead(f"{error.reason} ({error.log})" if error.log else error.reason)
            continue
        urls[server.variable] = server.url
        if isinstance(server, Postgres) and server.is_one_of_two:
            urls["DATABASE_DATA_DIRS"] = ",".join(map(str, server.both_data))
    return urls | {eventlog.SETTING: log.name}, log


def _start_with_standby(context: Context, places: Places, supervisor: Supervisor, server: Server) -> None:
    """Start one server; of two that are one database, the one that leads first, since the other copies it."""
    both = [server]
    if isinstance(server, Postgres) and server.is_one_of_two:
        both.append(PostgresStandby(context, places, context.settings.ports[pair.STANDBY]))
        both.sort(key=lambda one: isinstance(one, Postgres) and not one.leads)
    for one in both:
        _start(context, supervisor, one)


def _start(context: Context, supervisor: Supervisor, server: Server) -> None:
    with context.progress.step(server.title) as step:
        server.prepare(step)
        context.interrupt.check()
        child = supervisor.start(server.spec())
        step.note = "starting"
        wait_until(context, child, server.answers, server.start_timeout_s)


def wait_until(
    context: Context,
    child: Child,
    is_ready: Callable[[], bool],
    timeout_s: float,
    *,
    beside: Sequence[Child] = (),
    poll_s: float = 0.05,
    explain: Callable[[], list[str]] = list,
) -> None:
    """Wait until a started process is ready.

    Raises StackError with the reason when it, or one of those started `beside` it, only falls, or when it is late; then
    with what `explain` finds out.
    """
    start = time.monotonic()
    while not (child.is_alive and is_ready()):
        context.interrupt.check()
        for fallen in (child, *beside):
            if fallen.falls >= FALLS_MAX:
                raise _cannot_start(fallen, exit_text(fallen.exit_code), [])
        if time.monotonic() - start > timeout_s:
            raise _cannot_start(child, f"is not ready after {timeout_s:.0f} s", explain())
        context.interrupt.wait(poll_s)


def _cannot_start(child: Child, why: str, explanation: list[str]) -> StackError:
    tail = [*list(child.tail)[-TAIL_LINES_SHOWN:], *explanation]
    return StackError(f"{child.name} cannot be started: it {why}. Its last lines:", tail=tail, log=child.spec.log)
