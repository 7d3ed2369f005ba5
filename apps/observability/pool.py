"""The pool of this process's connections to Postgres, in the metrics: read when they are asked for, at no other time."""

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql.base import DatabaseWrapper

from apps.observability import metrics


def _statistic(name: str) -> int:
    """Of the pool, which is made with the first connection; 0 before that."""
    pool = DatabaseWrapper._connection_pools.get(DEFAULT_DB_ALIAS)  # type: ignore[attr-defined]
    return int(pool.get_stats().get(name, 0)) if pool else 0


def show_pool() -> None:
    """Called once, when the apps are ready."""
    metrics.DATABASE_POOL_CONNECTIONS.labels("busy").set_function(lambda: _statistic("pool_size") - _statistic("pool_available"))
    metrics.DATABASE_POOL_CONNECTIONS.labels("idle").set_function(lambda: _statistic("pool_available"))
    metrics.DATABASE_POOL_WAITING.set_function(lambda: _statistic("requests_waiting"))
