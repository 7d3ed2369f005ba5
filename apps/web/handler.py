"""Django's request cycle under ASGI, with one change: a request is answered in one thread, from its first middleware to its last.

Every page here is written synchronously, and so is most middleware. Django's own handler hands each hook, the view, the signals
and the closing from the event loop to a thread by itself and back, and makes that thread for the request.
"""

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.urls import set_script_prefix

from apps.receipts.services import RECEIVED
from apps.stores.postgres.kept import STAFF_CONNECTIONS, for_staff

#: Requests at once, besides as many as the database's connections: probes and static files are answered while others wait for one
#: of those, each two seconds and then 503. A thread that is not needed is not made.
THREADS_BESIDE = 96
#: What begins like this has threads and connections of its own: the staff look and act while customers' pages wait for one.
PATHS_OF_STAFF = ("/admin/", "/operators/", "/support/")


class PageHandler(ASGIHandler):
    """``get_asgi_application`` makes its parent. The connections to Postgres stay those of the pool: a thread gives its own back
    with every answer."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(settings.DATABASE_POOL_MAX + THREADS_BESIDE, thread_name_prefix="page")
        self._threads_of_staff = ThreadPoolExecutor(2 * STAFF_CONNECTIONS, thread_name_prefix="staff")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope[RECEIVED] = time.time_ns()
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        if scope["path"].startswith(PATHS_OF_STAFF):
            response = await self._in_thread(self._answer_staff, scope, body, threads=self._threads_of_staff)
        else:
            response = await self._in_thread(self._answer, scope, body)
        if not response.streaming:
            await self.send_response(response, send)
            return
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            response.streaming_content = self._blocks(iter(response), gone)
            await self.send_response(response, send)
        finally:
            gone.cancel()
            await self._in_thread(response.close)

    async def _blocks(self, parts: Iterator[bytes], gone: "asyncio.Future[None]") -> AsyncIterator[bytes]:
        """A file's blocks, each made in a thread when the one before it was sent; Django would make all of them first.

        When the reader is ``gone``, no more are made.
        """
        while not gone.done() and (part := await self._in_thread(next, parts, None)) is not None:
            yield part

    async def _in_thread(self, function: Any, *arguments: Any, threads: ThreadPoolExecutor | None = None) -> Any:
        # A context of its own: the time zone and the correlation id of a request do not outlive it, though its thread does.
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(threads or self._threads, context.run, function, *arguments)

    def _answer_staff(self, scope: Any, body: IO[bytes]) -> Any:
        with for_staff():
            return self._answer(scope, body)

    def _answer(self, scope: Any, body: IO[bytes]) -> Any:
        """All that Django does for a request. What streams is still open; anything else is closed, its connection given back."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        response: Any
        request, response = self.create_request(scope, body)
        if request is not None:
            response = self.get_response(request)
        response._resource_closers.append(body.close)
        response._handler_class = type(self)
        if response.streaming:
            response.block_size = self.chunk_size
        else:
            response.close()
        return response


async def _until_gone(receive: Any) -> None:
    """Return when the reader has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
