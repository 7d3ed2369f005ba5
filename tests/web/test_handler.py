"""A request runs in one thread, leaves nothing there, and gives its connection back before its answer is sent."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

from apps.receipts.services import RECEIVED, received_at
from apps.stores.postgres.base import DatabaseWrapper
from apps.web import handler
from apps.web.handler import PageHandler

Message = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]

seen: list[dict[str, Any]] = []
held = threading.Event()


def note(request: HttpRequest) -> HttpResponse:
    seen.append({"view": threading.get_ident(), "zone": timezone.get_current_timezone_name(), "body": request.body})
    if "zone" in request.GET:
        timezone.activate(request.GET["zone"])
        structlog.contextvars.bind_contextvars(left="behind")
    seen[-1]["bound"] = structlog.contextvars.get_contextvars()
    return HttpResponse(request.path)


def query(_request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return HttpResponse("asked")


def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


def hold(_request: HttpRequest) -> HttpResponse:
    held.wait(10)
    return HttpResponse("done")


class Endless:
    """Parts that come for ever, until they are closed."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = 0

    def __iter__(self) -> "Endless":
        return self

    def __next__(self) -> bytes:
        self.made += 1
        return b"part"

    def close(self) -> None:
        self.closed += 1


endless = Endless()


def stream(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(endless)


urlpatterns = [path("note", note), path("query", query), path("fail", fail), path("hold", hold), path("stream", stream)]
urlpatterns.append(path("admin/note", note))


def outer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        began = threading.get_ident()
        response = get_response(request)
        if seen:
            seen[-1] |= {"before": began, "after": threading.get_ident()}
        return response

    return middleware


@pytest.fixture
def pages(settings: Any) -> PageHandler:
    seen.clear()
    held.clear()
    settings.ROOT_URLCONF = "tests.web.test_handler"
    settings.MIDDLEWARE = ["tests.web.test_handler.outer", "whitenoise.middleware.WhiteNoiseMiddleware"]
    return PageHandler()


async def ask(
    pages: PageHandler,
    address: str,
    *messages: Message,
    on_send: Callable[[], None] = lambda: None,
    sent: list[Message] | None = None,
) -> list[Message]:
    route, _, query_string = address.partition("?")
    scope = {"type": "http", "method": "POST" if messages else "GET", "path": route, "query_string": query_string.encode(),
             "headers": [(b"host", b"localhost")], "scheme": "http", "root_path": "", "http_version": "1.1"}  # fmt: skip
    waiting = list(messages) or [{"type": "http.request"}]
    sent = [] if sent is None else sent

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()  # who asks is still there
        return waiting.pop(0)

    async def send(message: Message) -> None:
        on_send()
        sent.append(message)

    await pages(scope, receive, send)
    return sent


def body_of(sent: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


def test_middleware_and_view_share_a_thread_that_is_not_the_loops(pages: PageHandler) -> None:
    parts = ({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"})
    sent = asyncio.run(ask(pages, "/note", *parts))
    assert sent[0]["status"] == 200 and body_of(sent) == b"/note"
    assert seen[0]["body"] == b"ab"
    assert seen[0]["before"] == seen[0]["view"] == seen[0]["after"] != threading.get_ident()


def of_threads(count: int, settings: Any, monkeypatch: pytest.MonkeyPatch) -> PageHandler:
    monkeypatch.setattr(handler, "THREADS_BESIDE", count - 1)
    settings.DATABASE_POOL_MAX = 1
    return PageHandler()


def test_what_a_request_activates_ends_with_it_though_its_thread_does_not(
    pages: PageHandler, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = of_threads(1, settings, monkeypatch)

    async def two() -> None:
        await ask(one, "/note?zone=Asia/Tokyo")
        await ask(one, "/note")

    asyncio.run(two())
    assert seen[0]["view"] == seen[1]["view"]
    assert seen[0]["bound"] == {"left": "behind"}
    assert (seen[1]["zone"], seen[1]["bound"]) == ("UTC", {})


def test_the_staff_are_answered_while_every_thread_of_the_others_is_taken(
    pages: PageHandler, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = of_threads(1, settings, monkeypatch)

    async def both() -> bytes:
        held_up = asyncio.create_task(ask(one, "/hold"))
        answered = await asyncio.wait_for(ask(one, "/admin/note"), 10)
        assert not held_up.done()
        held.set()
        await held_up
        return body_of(answered)

    assert asyncio.run(both()) == b"/admin/note"


@pytest.mark.django_db
def test_the_connection_is_given_back_before_the_answer_is_sent(pages: PageHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    close = DatabaseWrapper.close

    def closing(self: Any) -> None:
        if self.connection is not None:
            events.append("given back")
        close(self)

    monkeypatch.setattr(DatabaseWrapper, "close", closing)
    sent = asyncio.run(ask(pages, "/query", on_send=lambda: events.append("sent")))
    assert body_of(sent) == b"asked"
    assert events == ["given back", "sent", "sent"]


def test_a_caller_who_leaves_before_the_body_has_come_is_not_answered(pages: PageHandler) -> None:
    gone = {"type": "http.disconnect"}
    assert asyncio.run(ask(pages, "/note", {"type": "http.request", "body": b"a", "more_body": True}, gone)) == []
    assert seen == []


def test_a_bug_is_a_page_that_says_so(pages: PageHandler, settings: Any) -> None:
    settings.DEBUG = False
    sent = asyncio.run(ask(pages, "/fail"))
    assert sent[0]["status"] == 500
    assert b"a bug" not in body_of(sent)


@pytest.mark.filterwarnings("error")  # Django's own way for such a file is to warn, and to read all of it first
def test_a_file_is_read_block_by_block_and_closed(pages: PageHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageHandler, "chunk_size", 1024)
    closed: list[int] = []
    close = FileResponse.close
    monkeypatch.setattr(FileResponse, "close", lambda self: (closed.append(len(sent)), close(self)))
    path_of = ROOT / "static" / "web" / "tokens.css"
    sent: list[Message] = []
    asyncio.run(ask(pages, "/static/web/tokens.css", sent=sent))
    assert sent[0]["status"] == 200
    assert body_of(sent) == path_of.read_bytes()
    blocks = [message for message in sent if message.get("body")]
    assert len(blocks) == -(-path_of.stat().st_size // 1024) > 1
    assert closed == [len(sent)]
    assert sent[-1].get("more_body", False) is False


def test_nothing_more_is_made_for_a_reader_who_is_gone(pages: PageHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.web.test_handler.endless", Endless())
    sent: list[Message] = []

    async def leaves_after_three() -> None:
        scope = {"type": "http", "method": "GET", "path": "/stream", "query_string": b"", "headers": [(b"host", b"localhost")],
                 "scheme": "http", "root_path": "", "http_version": "1.1"}  # fmt: skip
        three, asked = asyncio.Event(), []

        async def receive() -> Message:
            asked.append(1)
            if len(asked) == 1:
                return {"type": "http.request"}
            await three.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if len(sent) == 4:  # the head, and three parts
                three.set()

        await asyncio.wait_for(pages(scope, receive, send), 30)

    asyncio.run(leaves_after_three())
    assert 3 <= endless.made <= 5, "the one that was being made, and at most one more"
    assert endless.closed == 1


def test_more_requests_than_threads_wait_and_are_answered(
    pages: PageHandler, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = of_threads(3, settings, monkeypatch)

    async def many() -> list[list[Message]]:
        asked = [asyncio.ensure_future(ask(few, "/hold")) for _ in range(5)]
        asked += [asyncio.ensure_future(ask(few, "/note"))]
        while few._threads._work_queue.qsize() < 3:  # three at work, three wait
            await asyncio.sleep(0.01)
        assert not any(task.done() for task in asked)
        held.set()
        return await asyncio.gather(*asked)

    assert [body_of(sent) for sent in asyncio.run(many())] == [b"done"] * 5 + [b"/note"]
    assert len(few._threads._threads) == 3


def test_a_request_is_received_when_it_comes_and_not_when_a_thread_has_time_for_it() -> None:
    scope: dict[str, Any] = {}
    before_ns = time.time_ns()

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def unheard(_message: Any) -> None:
        raise AssertionError("nobody is there")

    asyncio.run(PageHandler()(scope, gone, unheard))
    assert before_ns <= scope[RECEIVED] <= time.time_ns()
    request = HttpRequest()
    request.scope = scope  # type: ignore[attr-defined]
    assert received_at(request) == scope[RECEIVED]
    assert received_at(HttpRequest()) > scope[RECEIVED], "one that came another way came now"
