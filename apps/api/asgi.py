"""The ASGI application below ``/api/``: routes, the order of the checks, and the answer.

Django's request cycle is the expensive part of an order, several times what the engine takes, so programs do not go through it.
What it does for safety is done here, in this order: the room, the host, https, who asks, the own page's token, the right to
trade; then the body is read, and what is in it is counted against the account's rate.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

import structlog
from django.conf import settings

from apps.api import account, limits, orders
from apps.api.credentials import Principal, Session
from apps.api.door import Headers, check_host, check_own_page, is_secure, read_credential
from apps.api.items import ORDERS, PAIRS, SWITCH, Asked, Handler
from apps.api.problems import Problem
from apps.api.process import ApiProcess, api_process
from apps.api.reading import ORDER_NAME_PATTERN
from apps.observability import metrics, tracing
from apps.observability.logs import correlated
from apps.observability.middleware import note_request, request_span
from apps.observability.tracing import story_of

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Pairs = list[tuple[bytes, bytes]]

PREFIX = "/api/"


class Route(NamedTuple):
    """``name`` is its address as the docs and the metrics have it; what stands in braces is the handler's ``name``."""

    method: str
    name: str
    handler: Handler
    trades: bool


ROUTES: tuple[Route, ...] = (
    Route("POST", ORDERS, orders.place, trades=True),
    Route("POST", f"{ORDERS}/cancel", orders.cancel, trades=True),
    Route("POST", f"{ORDERS}/amend", orders.amend, trades=True),
    Route("POST", f"{ORDERS}/cancel-all", account.cancel_all, trades=True),
    Route("POST", f"{ORDERS}/preview", orders.preview, trades=False),
    Route("GET", ORDERS, orders.list_open, trades=False),
    Route("GET", f"{ORDERS}/{{order_id}}", orders.look_up, trades=False),
    Route("GET", f"{ORDERS}/by-client-id/{{client_order_id}}", orders.look_up_by_client_id, trades=False),
    Route("POST", PAIRS, account.place_pair, trades=True),
    Route("GET", f"{PAIRS}/by-client-id/{{client_order_id}}", account.look_up_pair, trades=False),
    Route("POST", "/api/v1/positions/close", account.close_position, trades=True),
    Route("POST", SWITCH, account.set_dead_mans_switch, trades=True),
    Route("GET", SWITCH, account.look_up_dead_mans_switch, trades=False),
)
_NAMED = {"{order_id}": r"([1-9][0-9]{0,18})", "{client_order_id}": f"({ORDER_NAME_PATTERN})"}
_BY_PATH: dict[str, list[Route]] = {}
for _route in ROUTES:
    _BY_PATH.setdefault(_route.name, []).append(_route)
_WITH_NAME = [
    (re.compile(path.replace(mark, pattern), re.ASCII), routes)
    for path, routes in _BY_PATH.items()
    for mark, pattern in _NAMED.items()
    if mark in path
]

_SECURITY_HEADERS: Pairs = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Authorization, Cookie"),
]
_STEP_ADMIT = metrics.API_STEP_SECONDS.labels("admit")
_JSON = (b"content-type", b"application/json")
_PROBLEM_JSON = (b"content-type", b"application/problem+json")


def find_route(method: str, path: str) -> tuple[Route, str]:
    """The route, and what its address names. Raises :class:`Problem` for an address or a method that there is not."""
    routes, name = _BY_PATH.get(path, []), ""
    if not routes and len(path) <= limits.PATH_BYTES_MAX:
        for pattern, named in _WITH_NAME:
            if found := pattern.fullmatch(path):
                routes, name = named, found[1]
    if not routes or "{" in path:
        raise Problem("NOT_FOUND")
    for route in routes:
        if route.method == method:
            return route, name
    allowed = ", ".join(route.method for route in routes).encode()
    raise Problem("BAD_METHOD", headers=((b"allow", allowed),))


class _Exchange:
    """One request, and what is told of it: to the caller, to the metrics, to the log."""

    def __init__(self, scope: Message, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = Headers(scope["headers"])
        self._started = time.perf_counter()
        self._received_ns = time.time_ns()
        self._story = story_of(self._offered(b"traceparent"), self._offered(b"x-request-id"))
        self.route = "none"
        self.principal: Principal | None = None

    async def run(self) -> None:
        self._span_id = request_span(self._story, self._received_ns)
        with correlated(self._story.trace_id, self._story.request_id), tracing.inside(self._span_id):
            try:
                body = await self._obey()
            except Problem as problem:
                await self._tell(problem.status, problem.body(), _PROBLEM_JSON, _headers_of(problem), problem.code)
            except Exception:
                log.exception("api_request_failed", route=self.route)
                bug = Problem("INTERNAL_ERROR")
                await self._tell(bug.status, bug.body(), _PROBLEM_JSON, [], bug.code)
            else:
                await self._tell(200, body, _JSON, [], "")

    def _offered(self, name: bytes) -> str:
        """What the caller says of itself; nothing when it says two things."""
        try:
            return self._headers.get(name)
        except Problem:
            return ""

    async def _obey(self) -> bytes:
        process = api_process()
        process.enter()
        try:
            route, name = find_route(self._scope["method"], self._scope["path"])
            self.route = route.name
            await process.ready()
            principal = await self._admit(process, route)
            if principal.account_id is None:
                raise Problem("NO_ACCOUNT")
            process.enter_account(principal.account_id)
            try:
                _STEP_ADMIT.observe(time.perf_counter() - self._started)
                query = self._scope.get("query_string", b"")
                if len(query) > limits.QUERY_BYTES_MAX:
                    raise Problem("INVALID_FIELD", "The query of the address is too long.", field="query")
                body = await self._read_body() if route.method == "POST" else b""
                return await route.handler(
                    Asked(process, principal, principal.account_id, self._story.trace_id, name, query, body, self._received_ns)
                )
            finally:
                process.leave_account(principal.account_id)
        finally:
            process.leave()

    async def _admit(self, process: ApiProcess, route: Route) -> Principal:
        headers, scheme = self._headers, self._scope.get("scheme", "http")
        check_host(headers)
        credential, cookies = read_credential(headers)
        if settings.SECURE_SSL_REDIRECT and not is_secure(scheme, headers):
            raise Problem("HTTPS_REQUIRED")
        principal = await process.identify(credential, self._address)
        self.principal = principal
        if isinstance(credential, Session):
            check_own_page(route.method, scheme, headers, cookies, (self._scope.get("server") or ("", 0))[1] or 0)
        if route.trades and not principal.may_trade:
            raise Problem("READ_ONLY_KEY")
        process.note_use(principal)
        return principal

    @property
    def _address(self) -> str:
        return str((self._scope.get("client") or ("unknown", 0))[0])

    async def _read_body(self) -> bytes:
        if self._headers.get(b"content-type").partition(";")[0].strip().lower() != "application/json":
            raise Problem("NOT_JSON")
        length = self._headers.get(b"content-length")
        if length and not (length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= limits.BODY_BYTES_MAX):
            raise Problem("TOO_LARGE")
        try:
            async with asyncio.timeout(limits.BODY_WITHIN):
                return await self._receive_all()
        except TimeoutError:
            raise Problem("TOO_SLOW") from None

    async def _receive_all(self) -> bytes:
        body = b""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Problem("TOO_SLOW")
            body += message.get("body", b"")
            if len(body) > limits.BODY_BYTES_MAX:
                raise Problem("TOO_LARGE")
            if not message.get("more_body", False):
                return body

    async def _tell(self, status: int, body: bytes, kind: tuple[bytes, bytes], headers: Pairs, code: str) -> None:
        own = [kind, (b"content-length", str(len(body)).encode()), (b"x-request-id", self._story.request_id.encode())]
        if settings.SECURE_HSTS_SECONDS:
            own.append((b"strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains".encode()))
        try:
            await self._send({"type": "http.response.start", "status": status, "headers": [*own, *headers, *_SECURITY_HEADERS]})
            await self._send({"type": "http.response.body", "body": body})
        except OSError:  # the other side is gone; what was done is done, and can be looked up
            log.info("api_caller_gone", route=self.route)
        seconds = time.perf_counter() - self._started
        metrics.count_api_request(self.route, status, seconds)
        self._log(status, code, seconds)

    def _log(self, status: int, code: str, seconds: float) -> None:
        """One line a request: who, what, and how it ended. No header, no body, no address's query: a secret may be in each."""
        principal = self.principal
        api_process().access_log.note(
            method=self._scope["method"] if self.route != "none" else "",
            route=self.route,
            status=status,
            code=code,
            ms=round(seconds * 1000, 2),
            ip=self._address,
            account_id=principal.account_id if principal else None,
            key_id=principal.key_id if principal else None,
            correlation_id=self._story.trace_id,
            **({} if self._story.request_id == self._story.trace_id else {"request_id": self._story.request_id}),
        )
        name = f"{self._scope['method']} {self.route}" if self.route != "none" else "none"
        note_request(self._story, self._span_id, name, status, self._received_ns, time.time_ns())


def _headers_of(problem: Problem) -> Pairs:
    headers = list(problem.headers)
    if problem.retry_after_s is not None:
        headers.append((b"retry-after", str(problem.retry_after_s).encode()))
    if problem.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="tredye"'))
    return headers


async def api(scope: Message, receive: Receive, send: Send) -> None:
    """An ``http`` scope whose path begins with :data:`PREFIX`."""
    await _Exchange(scope, receive, send).run()
