"""How many sockets a user has in all server processes together, counted in Redis; while Redis is away each process counts alone.

Each process has a field of its own in the user's hash and writes the number that it has, never a difference: what was lost on
the way is right again with the next word. A process says every second that it lives; the numbers of one that does not are passed
over.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from apps.breakers.redis import ANSWER_S, REDIS, note_failure
from apps.realtime import limits

log = structlog.get_logger(__name__)

#: Refuses when the others' and ours are more than allowed; else notes ours.
_ENTER: Final = """
local total = tonumber(ARGV[2])
local held = redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do
  if held[i] ~= ARGV[1] then
    if redis.call('EXISTS', ARGV[4] .. held[i]) == 1 then total = total + tonumber(held[i + 1])
    else redis.call('HDEL', KEYS[1], held[i]) end
  end
end
if total > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""


def _is_canceled() -> bool:
    """Whether somebody wants this task to end. The Redis client may swallow the word: it came while an answer did."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Presence:
    """``count`` says how many sockets a user has in this process now."""

    def __init__(self, redis_url: str, prefix: str, count: Callable[[int], int]) -> None:
        self._count = count
        self._here = secrets.token_hex(6)
        self._users = f"{prefix}:sockets:"
        self._living = f"{prefix}:stream:"
        self._untold: set[int] = set()
        # One word at a time, so that the last one that Redis hears is the last one that was said.
        self._speaking = asyncio.Lock()
        self._silent_until = 0.0
        self._redis: Any = Redis.from_url(
            redis_url, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S, max_connections=4, retry=Retry(NoBackoff(), 0)
        )

    async def admits(self, user_id: int, allowed: int) -> bool:
        """Whether the user, of whom this process has just counted one more, has no more than ``allowed`` in all of them."""
        loop = asyncio.get_running_loop()
        if REDIS.is_open or loop.time() < self._silent_until:
            self._untold.add(user_id)
            return True
        try:
            async with self._speaking:
                arguments = [self._here, self._count(user_id), allowed, self._living, limits.PRESENCE_KEPT]
                admitted = await self._redis.eval(_ENTER, 1, f"{self._users}{user_id}", *arguments)
        except (RedisError, OSError) as error:
            self._fail(error)
            self._untold.add(user_id)
            return True
        return bool(admitted)

    def left(self, user_id: int) -> None:
        """The user has one less here: it is told within a second."""
        self._untold.add(user_id)

    async def keep(self) -> None:
        """Say for ever that this process lives, and what has changed."""
        loop = asyncio.get_running_loop()
        while not _is_canceled():
            if not REDIS.is_open and loop.time() >= self._silent_until:
                try:
                    await self._tell()
                except (RedisError, OSError) as error:
                    self._fail(error)
            await asyncio.sleep(limits.PRESENCE_EVERY)
        raise asyncio.CancelledError

    async def _tell(self) -> None:
        async with self._speaking:
            untold, self._untold = self._untold, set()
            try:
                pipe = self._redis.pipeline(transaction=False)
                pipe.set(f"{self._living}{self._here}", 1, ex=limits.PRESENCE_LIFE)
                for user_id in untold:
                    if number := self._count(user_id):
                        pipe.hset(f"{self._users}{user_id}", self._here, number)
                        pipe.expire(f"{self._users}{user_id}", limits.PRESENCE_KEPT)
                    else:
                        pipe.hdel(f"{self._users}{user_id}", self._here)
                await pipe.execute()
            except BaseException:
                self._untold |= untold
                raise

    def _fail(self, error: Exception) -> None:
        note_failure(error)
        self._silent_until = asyncio.get_running_loop().time() + limits.PRESENCE_PAUSE
        log.warning("sockets_of_users_not_shared", error=str(error))

    async def close(self) -> None:
        """This process ends: its numbers count no more."""
        try:
            await self._redis.delete(f"{self._living}{self._here}")
            await self._redis.aclose()
        except (RedisError, OSError) as error:
            log.info("sockets_of_users_not_withdrawn", error=str(error))
