"""Spans for a collector that speaks OTLP, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` names one; without it this module does nothing.

What happened is noted when it is over, as a tuple in a bounded queue: about a microsecond, and nobody waits. A thread makes
the protocol's messages of it and sends them; it also is the one that imports that. A collector that is away costs spans, never
time or memory: a batch is tried for :data:`SEND_WITHIN_S`, then it is left out, and what comes while the queue is full is, too.
"""

import atexit
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

#: What a span says of itself: numbers, and words of our own.
About = dict[str, str | int | float]

ROOM = 4_096
BATCH_MAX = 512
SEND_EVERY_S = 1.0
#: Both the wait for one answer and all tries of one batch.
SEND_WITHIN_S = 3.0
#: A process that ends waits no longer for what is left.
END_WITHIN_S = 1.0
TOLD_EVERY_S = 60.0
SHARES = 10_000
_PATH = "/v1/traces"
_KINDS = {"INTERNAL": 1, "SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}
_ERROR = 2
#: What a collector says that may take the same a moment later.
_AGAIN = frozenset({429, 502, 503, 504})
_PAUSE_S = 0.5
_ANSWER_BYTES_MAX = 64 * 1024


class Span(NamedTuple):
    """``kind`` is SERVER, CLIENT, PRODUCER, CONSUMER or INTERNAL; instants are nanoseconds since 1970. ``parent_id`` may be
    empty."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    attributes: About
    failed: bool = False


class SpanLine:
    """From what is noted to the collector. ``share`` of ten thousand traces are sent."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], share: int, process: str, *, key: bytes = b"") -> None:
        self._endpoint = endpoint.rstrip("/")
        self._headers = dict(headers)
        self._process = process
        self._key = blake2b(key).digest()
        self._limit = share * 2**64 // SHARES
        self._queue: deque[Span] = deque()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told_s = float("-inf")
        self._dropped = 0
        self.sent = 0

    def takes(self, trace_id: str) -> bool:
        """Whether this trace is of the share. Every process says the same, and no caller can choose an id that is."""
        if self._limit >= 2**64:
            return True
        digest = blake2b(trace_id.encode(), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest) < self._limit

    def note(self, span: Span) -> None:
        if len(self._queue) >= ROOM:
            self._dropped += 1
            return
        self._queue.append(span)
        if self._thread is None:
            self._start()
        if not self._news.is_set():
            self._news.set()

    def stop(self, within_s: float) -> None:
        """Send what waits, for so long at most, and end."""
        self._stopping.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(within_s)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="spans", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        exporter = None
        while self._queue or not self._stopping.is_set():
            self._news.wait()
            self._stopping.wait(SEND_EVERY_S)  # what comes meanwhile goes together
            self._news.clear()
            while self._queue:
                batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
                try:
                    exporter = exporter or _Exporter(self._endpoint, self._headers, self._process)
                    lost = 0 if exporter.send(batch) else len(batch)
                except Exception:
                    log.exception("spans_failed")
                    lost = len(batch)
                self.sent += len(batch) - lost
                self._tell(lost)
                if lost and self._stopping.is_set():
                    return

    def _tell(self, lost: int) -> None:
        """Say that spans were lost, once a minute."""
        self._dropped += lost
        if self._dropped and time.monotonic() - self._told_s > TOLD_EVERY_S:
            self._told_s = time.monotonic()
            log.warning("spans_left_out", count=self._dropped, endpoint=self._endpoint)
            self._dropped = 0


class _Exporter:
    """OTLP over HTTP, one connection that is kept. Not by OpenTelemetry's SDK: redis-py imports that wherever it is installed,
    which is 3 MB and 55 ms of each process. The protocol alone is imported here, and so nowhere without a collector."""

    def __init__(self, endpoint: str, headers: Mapping[str, str], process: str) -> None:
        parts = urlsplit(endpoint + _PATH)
        self._path = parts.path
        self._headers = {**headers, "Content-Type": "application/x-protobuf"}
        self._process = process
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = connect(parts.hostname or "", parts.port, timeout=SEND_WITHIN_S)

    def send(self, batch: Sequence[Span]) -> bool:
        """Whether the collector has taken it. Tried again, for a while, where that may help."""
        body = self._encoded(batch)
        deadline_s = time.monotonic() + SEND_WITHIN_S
        while True:
            status = self._post(body)
            if status == HTTPStatus.OK or (status and status not in _AGAIN):
                return status == HTTPStatus.OK
            if time.monotonic() + _PAUSE_S > deadline_s:
                return False
            time.sleep(_PAUSE_S)

    def _post(self, body: bytes) -> int:
        """The answer's status; 0 when there was none."""
        try:
            self._connection.request("POST", self._path, body, self._headers)
            response = self._connection.getresponse()
            response.read(_ANSWER_BYTES_MAX)
            if not response.isclosed():
                self._connection.close()  # longer than an answer may be
            return response.status
        except (OSError, HTTPException):
            self._connection.close()
            return 0

    def _encoded(self, batch: Sequence[Span]) -> bytes:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        request = ExportTraceServiceRequest()
        resource = request.resource_spans.add()
        for name, value in (("service.name", self._process), ("service.namespace", "tredye")):
            resource.resource.attributes.add(key=name).value.string_value = value
        made = resource.scope_spans.add()
        made.scope.name = "tredye"
        for span in batch:
            _fill(made.spans.add(), span)
        return bytes(request.SerializeToString())


def _fill(made: Any, span: Span) -> None:
    """Say ``span`` in the protocol's words."""
    made.trace_id = bytes.fromhex(span.trace_id)
    made.span_id = bytes.fromhex(span.span_id)
    made.parent_span_id = bytes.fromhex(span.parent_id)
    made.name = span.name
    made.kind = _KINDS[span.kind]
    made.start_time_unix_nano = span.start_ns
    made.end_time_unix_nano = max(span.start_ns, span.end_ns)
    if span.failed:
        made.status.code = _ERROR
    for name, value in span.attributes.items():
        told = made.attributes.add(key=name).value
        if isinstance(value, str):
            told.string_value = value
        elif isinstance(value, int):
            told.int_value = value
        else:
            told.double_value = value


_line: SpanLine | None = None


def start() -> None:
    """Send this process's spans from now on, if the settings name a collector."""
    global _line
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        _line = SpanLine(
            settings.OTEL_EXPORTER_OTLP_ENDPOINT,
            settings.OTEL_EXPORTER_OTLP_HEADERS,
            settings.TRACE_SHARE,
            settings.PROCESS_NAME,
            key=str(settings.SECRET_KEY).encode(),
        )
        atexit.register(stop)


def stop(within_s: float = END_WITHIN_S) -> None:
    """Send what waits, and no more from now on."""
    global _line
    line, _line = _line, None
    if line is not None:
        line.stop(within_s)


def are_wanted(trace_id: str) -> bool:
    """Whether spans of this trace are sent. Asked before anything is put together for one; False where no collector is."""
    return _line is not None and bool(trace_id) and _line.takes(trace_id)


def note(span: Span) -> None:
    if _line is not None:
        _line.note(span)
