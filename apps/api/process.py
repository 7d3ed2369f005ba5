"""What a server process keeps for its programs: the lines to the engine and to Postgres, who is known, and how much is under way.

Started by the first request, because neither Daphne nor a lifespan-less uvicorn tells the application that it begins.
"""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import structlog
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from apps.accounts.api_keys import note_uses
from apps.api import limits
from apps.api.credentials import Credential, Credentials, Principal
from apps.api.door import network_of
from apps.api.problems import Problem
from apps.api.reader import ApiReader
from apps.asyncreads.pool import ReaderUnavailableError
from apps.commands.async_client import AsyncEngineClient, get_async_client
from apps.commands.rate import LocalBuckets
from apps.observability import metrics
from apps.observability.accesslog import AccessLog

log = structlog.get_logger(__name__)


class ApiProcess:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.reader = ApiReader(settings.DATABASES["default"])
        self.engine: AsyncEngineClient = get_async_client()
        self._credentials = Credentials(loop, self.reader)
        self._buckets = LocalBuckets()
        self.access_log = AccessLog(loop, "api_request", "apps.api.asgi")
        self._under_way = 0
        self._under_way_of: Counter[int] = Counter()
        self._used: dict[int, datetime] = {}
        self._used_at: dict[int, float] = {}
        self._tasks = [
            loop.create_task(self._kept_running("credentials", self._credentials.keep_fresh)),
            loop.create_task(self._kept_running("uses", self._note_uses)),
        ]
        self._start = loop.create_task(self.reader.open())

    async def ready(self) -> None:
        if not self._start.done():
            await asyncio.shield(self._start)

    # --- Who asks -----------------------------------------------------------------------------------------------------------

    async def identify(self, credential: Credential, address: str) -> Principal:
        """Whoever sent ``credential``. Raises :class:`Problem` when it does not hold, or cannot be looked up."""
        principal = self._credentials.recall(credential)
        if principal is None:
            self._take(f"unknown:{network_of(address)}", limits.UNKNOWN_PER_SECOND, burst_s=limits.UNKNOWN_BURST_S)
            try:
                principal = await self._credentials.find(credential)
            except ReaderUnavailableError:
                raise Problem("READ_UNAVAILABLE") from None
        if principal is None:
            raise Problem("BAD_CREDENTIALS")
        if not principal.may_come_from(address):
            raise Problem("WRONG_ADDRESS")
        return principal

    def note_use(self, principal: Principal) -> None:
        """Remember that the key was used; it is written later, by :meth:`_note_uses`."""
        now = self._loop.time()
        if principal.key_id and now - self._used_at.get(principal.key_id, -limits.USED_AGAIN_AFTER) >= limits.USED_AGAIN_AFTER:
            self._used_at[principal.key_id] = now
            self._used[principal.key_id] = datetime.now(UTC)

    # --- How much -----------------------------------------------------------------------------------------------------------

    def count_orders(self, account_id: int, count: int) -> None:
        """Raises :class:`Problem` when ``count`` orders, cancels and amendments are more than the account may send now."""
        self._take(f"orders:{account_id}", settings.API_ORDERS_PER_SECOND, count=count)

    def count_lookup(self, account_id: int) -> None:
        self._take(f"lookups:{account_id}", settings.API_LOOKUPS_PER_SECOND)

    def count_switch(self, account_id: int) -> None:
        self._take(f"switch:{account_id}", limits.SWITCHES_PER_SECOND)

    def _take(self, key: str, per_second: int, *, count: int = 1, burst_s: int = limits.BURST_S) -> None:
        if not self._buckets.take(key, per_second, time.monotonic_ns() // 1000, count=count, burst_s=burst_s):
            raise Problem("TOO_FAST", retry_after_s=max(1, -(-count // per_second)))

    def enter(self) -> None:
        """A request begins. Raises :class:`Problem` when the process works at as many as it may; then it is not counted."""
        if self._under_way >= settings.API_REQUESTS_MAX:
            raise Problem("BUSY")
        self._under_way += 1
        metrics.API_IN_FLIGHT.inc()

    def leave(self) -> None:
        self._under_way -= 1
        metrics.API_IN_FLIGHT.dec()

    def enter_account(self, account_id: int) -> None:
        """As :meth:`enter`, for one account."""
        if self._under_way_of[account_id] >= settings.API_REQUESTS_PER_ACCOUNT:
            raise Problem("BUSY")
        self._under_way_of[account_id] += 1

    def leave_account(self, account_id: int) -> None:
        self._under_way_of[account_id] -= 1
        if not self._under_way_of[account_id]:
            del self._under_way_of[account_id]

    # --- What goes on beside ------------------------------------------------------------------------------------------------

    async def _note_uses(self) -> None:
        while True:
            await asyncio.sleep(limits.NOTE_USES_EVERY)
            limit = self._loop.time() - limits.USED_AGAIN_AFTER
            self._used_at = {key_id: at for key_id, at in self._used_at.items() if at > limit}
            uses, self._used = self._used, {}
            if not uses:
                continue
            try:
                async with ThreadSensitiveContext():  # a thread of its own: nobody's request waits behind it
                    await sync_to_async(_write_uses)(uses)
            except DatabaseError as error:  # the next use of each key is written, in a minute
                log.warning("api_uses_not_noted", error=str(error))

    async def _kept_running(self, name: str, forever: Any) -> None:
        """Run a loop that should never end, again after a second if it fails."""
        while True:
            try:
                await forever()
            except Exception:
                log.exception("api_loop_failed", loop=name)
            await asyncio.sleep(1.0)


def _write_uses(uses: dict[int, datetime]) -> None:
    try:
        note_uses(uses)
    finally:
        close_old_connections()


_processes: dict[asyncio.AbstractEventLoop, ApiProcess] = {}


def api_process() -> ApiProcess:
    """The one of this process (a test may run several loops)."""
    loop = asyncio.get_running_loop()
    known = _processes.get(loop)
    if known is None:
        known = _processes[loop] = ApiProcess(loop)
    return known
