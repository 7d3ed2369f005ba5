"""Logs: one line an event, JSON for machines, readable where a person watches. Everything goes to stdout.

structlog and the standard library meet in one formatter, so that a line of Django's or Kafka's looks like one of ours and carries
the same correlation id.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError
from structlog.types import EventDict, Processor, WrappedLogger

from apps.observability.hiding import hide

#: A server that is away is foreseen: the line says what and why, a stack adds nothing. Anything else is a bug, with its stack.
ANTICIPATED = (OperationalError, InterfaceError, PoolTimeout, RedisError, ConnectionError, TimeoutError, DisallowedHost)

#: Foreseen in these loggers only. uvicorn says so of each client that sends text that is no UTF-8: anybody could fill the disk.
_ANTICIPATED_OF = {"uvicorn.error": UnicodeDecodeError}

_CORRELATION = "correlation_id"
_LEVELS = {
    # Twenty lines a second while a broker is away, and errors that are none; the event log's own lines say it once.
    "kafka": logging.CRITICAL,
    "django.server": logging.WARNING,
    "daphne.http_protocol": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "asyncio": logging.WARNING,
    # A line for each message taken and each done; the jobs' own lines say what became of them.
    "celery.worker.strategy": logging.WARNING,
    "celery.app.trace": logging.WARNING,
}
_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "django", "django.server", "daphne")


def configure_logging() -> None:
    """Send every logger of the process to stdout. May be called again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        shorten_anticipated,
    ]
    formatter = _HidingFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=["status_code"]), _add_request],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering()],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for former in root.handlers[:]:
        # Only what writes to a terminal is replaced: a test's own handlers stay.
        if type(former) is logging.StreamHandler:
            root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _HidingFormatter(structlog.stdlib.ProcessorFormatter):
    """Looks through the finished line, with its stack, since a secret may come in any part of it."""

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))


def _rendering() -> list[Processor]:
    """LOG_FORMAT is json or text; unset, a terminal gets text and everything else JSON."""
    watched = sys.stdout.isatty()
    if settings.LOG_FORMAT == "text" or (watched and settings.LOG_FORMAT != "json"):
        # A plain traceback: the richer one prints local variables, and those may be secrets.
        plain = structlog.dev.plain_traceback
        return [_keep_to_one_line, structlog.dev.ConsoleRenderer(colors=watched, pad_event_to=0, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _keep_to_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escape line breaks: what somebody sent must not look like a line of its own. JSON does that by itself."""
    return {
        name: value.replace("\n", r"\n").replace("\r", r"\r") if isinstance(value, str) else value
        for name, value in event.items()
    }


def _add_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Django logs a failed request after the last middleware has ended: take the id from the request it names."""
    request = getattr(event.get("_record"), "request", None)
    request_id = getattr(request, "correlation_id", None)
    if request_id:
        event.setdefault(_CORRELATION, request_id)
    return event


def shorten_anticipated(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the stack of a foreseen failure by its one sentence."""
    info = event.get("exc_info")
    error = (
        info if isinstance(info, BaseException) else (info[1] if isinstance(info, tuple) else sys.exc_info()[1] if info else None)
    )
    if isinstance(error, (*ANTICIPATED, _ANTICIPATED_OF.get(str(event.get("logger")), ()))):
        event.pop("exc_info")
        event["error"] = f"{type(error).__name__}: {error}".strip().replace("\n", " ")[:300]
    return event


@contextmanager
def correlated(correlation_id: str, request_id: str = "") -> Iterator[None]:
    """Every line logged inside carries ``correlation_id``, in threads and tasks started from here as well; ``request_id`` beside
    it, where the caller has one of its own."""
    bound = {_CORRELATION: correlation_id}
    if request_id and request_id != correlation_id:
        bound["request_id"] = request_id
    with structlog.contextvars.bound_contextvars(**bound):
        yield


def correlation_id() -> str:
    """The id of the story that is being told, empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get(_CORRELATION, ""))
