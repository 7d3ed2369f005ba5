"""Postgres, as those who ask it see it, and as it tells of itself."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import FAST

# --- Those who ask ------------------------------------------------------------------------------------------------------------
DATABASE_QUERY_SECONDS = Histogram(
    "tredye_database_query_seconds",
    "Time of one query until its first row. caller: the page's view, the consumer, the job, the task, the reader, relay; and the"
    " process's name for all else. The engine's writing is its step commit.",
    ["caller"],
    buckets=FAST,
)
DATABASE_QUERIES_FAILED = Counter("tredye_database_queries_failed", "Queries that ended in an error.", ["caller"])
DATABASE_PAGE_QUERIES = Histogram(
    "tredye_database_page_queries", "Queries that one request made, by view.", ["caller"], buckets=(0, 1, 2, 3, 5, 8, 12, 20, 50)
)
DATABASE_POOL_CONNECTIONS = Gauge(
    "tredye_database_pool_connections", "Connections of this process's pool. state: busy, idle.", ["state"]
)
DATABASE_POOL_WAITING = Gauge("tredye_database_pool_waiting", "Threads that wait for a connection of the pool.")

# --- Those who do not wait for it (apps/breakers) -----------------------------------------------------------------------------
BREAKER_OPEN = Gauge(
    "tredye_breaker_open", "Whether this process asks the server nothing, 1, or asks it, 0. server: postgres, redis.", ["server"]
)
BREAKER_OPENED = Counter(
    "tredye_breaker_opened", "How often this process found a server to be away. server: postgres, redis.", ["server"]
)
BREAKER_CUT = Counter(
    "tredye_breaker_cut",
    "Statements that were ended by a clock of this process. server: postgres. why: silent, the one that found the server silent;"
    " away, those that were under way beside it; late, the server answers others and never answered this one.",
    ["server", "why"],
)

# --- The server, asked every 15 s by the process that samples ------------------------------------------------------------------
POSTGRES_SESSIONS = Gauge(
    "tredye_postgres_sessions", "Sessions of the database. state: active, idle, idle_in_transaction, other.", ["state"]
)
POSTGRES_SESSIONS_MAX = Gauge("tredye_postgres_sessions_max", "Sessions that the server takes.")
POSTGRES_BLOCKED = Gauge("tredye_postgres_blocked", "Sessions of the database that wait for a lock.")
POSTGRES_OLDEST_TRANSACTION_SECONDS = Gauge(
    "tredye_postgres_oldest_transaction_seconds", "Age of the oldest open transaction. Minutes keep old rows from being removed."
)
POSTGRES_BYTES = Gauge("tredye_postgres_bytes", "Size of the database on disk, in bytes.")
#: Counted by the server since its statistics were reset: a gauge here, to be read with rate() all the same.
POSTGRES_TRANSACTIONS = Gauge(
    "tredye_postgres_transactions",
    "Transactions since the server's statistics began. outcome: committed, rolled_back.",
    ["outcome"],
)
POSTGRES_BLOCKS = Gauge(
    "tredye_postgres_blocks", "Blocks read since the server's statistics began. where: cache, disk.", ["where"]
)
POSTGRES_DEADLOCKS = Gauge("tredye_postgres_deadlocks", "Deadlocks since the server's statistics began.")
POSTGRES_SPILLED_BYTES = Gauge(
    "tredye_postgres_spilled_bytes", "Bytes that sorts and joins put on disk since the server's statistics began."
)

# --- Two servers, of which one follows the other: told by the guard, which looks at them once a second --------------------------
DATABASE_LOOKED = Gauge("tredye_database_looked_seconds", "When the guard last looked at both servers, in seconds since 1970.")
DATABASE_MISSING = Gauge(
    "tredye_database_missing",
    "1 while it is missing. what: primary, standby, synchronous; the last is that every commit waits for the standby's disk, and"
    " without it the standby does not take over.",
    ["what"],
)
DATABASE_TIMELINE = Gauge("tredye_database_timeline", "The primary's timeline: one more with each promotion.")
DATABASE_STANDBY_BEHIND_BYTES = Gauge(
    "tredye_database_standby_behind_bytes", "WAL that the primary has on its disk and the standby has not."
)
DATABASE_STANDBY_BEHIND_SECONDS = Gauge(
    "tredye_database_standby_behind_seconds", "How long a commit takes to be seen on the standby; 0 while nothing is written."
)
DATABASE_STANDBY_LOST = Counter("tredye_database_standby_lost", "Times that commits went on without a standby that was silent.")
DATABASE_FORMER_PRIMARIES = Counter("tredye_database_former_primaries", "Looks at which a former primary was awake.")
DATABASE_FAILOVERS = Counter("tredye_database_failovers", "Promotions of the standby by this guard.")
DATABASE_FAILOVER_SECONDS = Gauge(
    "tredye_database_failover_seconds", "Of the last failover: from the decision to the first commit on the new primary."
)
