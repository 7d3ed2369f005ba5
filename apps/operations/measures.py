"""What no process can count of itself: Postgres' own figures, what is set aside in the ledger, how long the queue is."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

from apps.backoffice.selectors import count_waiting
from apps.ledger.selectors import list_held
from apps.observability import metrics

_SESSIONS = """
SELECT CASE WHEN state IN ('idle', 'active') THEN state WHEN state LIKE 'idle in%' THEN 'idle_in_transaction' ELSE 'other' END,
       count(*), count(*) FILTER (WHERE wait_event_type = 'Lock'), coalesce(max(extract(epoch FROM now() - xact_start)), 0)
  FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""
_DATABASE = """
SELECT pg_database_size(datid), xact_commit, xact_rollback, blks_hit, blks_read, deadlocks, temp_bytes,
       current_setting('max_connections')::int
  FROM pg_stat_database WHERE datname = current_database()
"""
_STATES = ("active", "idle", "idle_in_transaction", "other")


def measure_postgres() -> None:
    """Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS)
        sessions = {state: (count, blocked, oldest_s) for state, count, blocked, oldest_s in cursor.fetchall()}
        cursor.execute(_DATABASE)
        size, committed, rolled_back, hit, read, deadlocks, spilled, sessions_max = cursor.fetchone()
    for state in _STATES:
        metrics.POSTGRES_SESSIONS.labels(state).set(sessions.get(state, (0, 0, 0))[0])
    metrics.POSTGRES_SESSIONS_MAX.set(sessions_max)
    metrics.POSTGRES_BLOCKED.set(sum(blocked for _, blocked, _ in sessions.values()))
    metrics.POSTGRES_OLDEST_TRANSACTION_SECONDS.set(max((float(oldest) for _, _, oldest in sessions.values()), default=0))
    metrics.POSTGRES_BYTES.set(size)
    metrics.POSTGRES_TRANSACTIONS.labels("committed").set(committed)
    metrics.POSTGRES_TRANSACTIONS.labels("rolled_back").set(rolled_back)
    metrics.POSTGRES_BLOCKS.labels("cache").set(hit)
    metrics.POSTGRES_BLOCKS.labels("disk").set(read)
    metrics.POSTGRES_DEADLOCKS.set(deadlocks)
    metrics.POSTGRES_SPILLED_BYTES.set(spilled)


def measure_holds() -> None:
    """A look at every ledger account, so it may not take long. Raises DatabaseError."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1s'")
        held = list_held()
    for asset in held:
        metrics.LEDGER_HELD.labels(asset.asset).set(float(asset.held))
        metrics.LEDGER_HOLDERS.labels(asset.asset).set(asset.accounts)


def measure_proposals() -> None:
    """What waits for a second person. Raises DatabaseError."""
    waiting = count_waiting()
    metrics.PROPOSALS_WAITING.set(waiting.count)
    metrics.PROPOSALS_OLDEST_SECONDS.set(waiting.oldest.total_seconds())


def measure_queue() -> None:
    """How many tasks wait. Without Redis nobody knows, and the chart has a gap."""
    redis: Any = cache  # apps.stores
    try:
        metrics.TASKS_QUEUED.set(redis.length(f"{settings.REDIS_PREFIX}:jobs:celery"))
    except (RedisError, OSError):
        metrics.TASKS_QUEUED.set(float("nan"))
