"""Redis: operations end by the client's own short clock, and while Redis is away nobody waits for it at all."""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.breakers.breaker import Breaker, RefusedError, SilentError
from apps.degraded import Dependency

#: Seconds of a connection and of an answer. What it is asked takes it less than a millisecond.
ANSWER_S = 0.2


class RedisAwayError(redis.ConnectionError):
    """Nothing was asked: Redis is away."""


def _ask() -> None:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=ANSWER_S, socket_connect_timeout=ANSWER_S, retry=Retry(NoBackoff(), 0)
    )
    try:
        client.ping()
    except redis.TimeoutError as error:
        raise SilentError("no answer") from error
    except redis.BusyLoadingError as error:
        raise RefusedError(str(error)) from error
    except redis.ConnectionError as error:
        raise RefusedError(" ".join(str(error).split())[:200]) from error
    except redis.ResponseError:
        return  # it is there to refuse
    finally:
        client.close()


REDIS = Breaker(Dependency.REDIS, _ask, silent_s=ANSWER_S)


def check() -> None:
    """Raises :class:`RedisAwayError` while Redis is known to be away."""
    if REDIS.is_open:
        raise RedisAwayError(f"Redis is away: {REDIS.reason}")


def note_failure(error: BaseException) -> None:
    """``error`` of an operation: one that Redis did not answer in time, or took no connection for, makes it suspect."""
    if isinstance(error, redis.TimeoutError) and REDIS.silent_s() >= ANSWER_S:
        REDIS.open("no answer")
    elif isinstance(error, redis.ConnectionError | redis.TimeoutError) and not isinstance(error, RedisAwayError):
        REDIS.suspect()
