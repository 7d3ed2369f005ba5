"""Every metric of the product, each with its meaning and unit. Nothing else imports prometheus_client.

Times are in seconds, ages too. Requests and queries are counted by django-prometheus (``django_http_*``, ``django_db_*``), the
process by prometheus_client itself (``process_*``, ``python_gc_*``). Labels are closed sets: never an id, never a user.
"""

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, Info, generate_latest, start_http_server

_FAST = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)

# --- Engine: one writer, one batch at a time --------------------------------------------------------------------------
ENGINE_BATCH_COMMANDS = Histogram("tredye_engine_batch_commands", "Commands that one commit took together.", buckets=_COUNTS)
ENGINE_STEP_SECONDS = Histogram(
    "tredye_engine_step_seconds",
    "Time of one step of a batch. step: parse, wait, match, commit, answer.",
    ["step"],
    buckets=_FAST,
)
ENGINE_STEP_WAIT = ENGINE_STEP_SECONDS.labels("wait")
ENGINE_STEP_PARSE = ENGINE_STEP_SECONDS.labels("parse")
ENGINE_STEP_MATCH = ENGINE_STEP_SECONDS.labels("match")
ENGINE_STEP_COMMIT = ENGINE_STEP_SECONDS.labels("commit")
ENGINE_STEP_ANSWER = ENGINE_STEP_SECONDS.labels("answer")
ENGINE_COMMANDS = Counter(
    "tredye_engine_commands",
    "Commands answered, by type and outcome (the order's status, the reason, or DONE); repeats are not counted.",
    ["type", "outcome"],
)
ENGINE_QUOTES = Counter("tredye_engine_quotes", "Quotes that the engine took from the feeds.")
ENGINE_QUOTES_DROPPED = Counter(
    "tredye_engine_quotes_dropped", "Quotes that the engine did not use: old, crossed, zero, off the grid, unknown."
)
ENGINE_OPEN_ORDERS = Gauge("tredye_engine_open_orders", "Customers' orders that rest in the engine's books.")
ENGINE_EPOCH = Gauge("tredye_engine_epoch", "The epoch this engine writes under; two engines never share one.")

_commands: dict[tuple[str, str], Counter] = {}


def count_commands(counts: dict[tuple[str, str], int]) -> None:
    """Count a batch of answered commands by (type, outcome). Children are kept: looking one up costs more than counting."""
    for key, count in counts.items():
        child = _commands.get(key)
        if child is None:
            child = _commands[key] = ENGINE_COMMANDS.labels(*key)
        child.inc(count)


# --- Invariants: asked every minute by the worker ----------------------------------------------------------------------------
INVARIANTS_VIOLATED = Gauge(
    "tredye_invariants_violated", "Checks of the books that found a violation when asked last. Not zero is an alarm."
)
INVARIANTS_UNANSWERED = Gauge("tredye_invariants_unanswered", "Checks of the books that took too long when asked last.")
INVARIANTS_ASKED = Gauge(
    "tredye_invariants_asked_seconds", "When the checks were asked last, in seconds since 1970. Ten minutes ago is an alarm."
)
INVARIANTS_SECONDS = Gauge("tredye_invariants_seconds", "How long the checks took when asked last, all together.")

# --- Orders, as a page sees them ------------------------------------------------------------------------------------------
ORDERS_SUBMIT_SECONDS = Histogram(
    "tredye_orders_submit_seconds",
    "From a page's call of the engine to its answer. outcome: accepted, denied, rejected, refused, unavailable.",
    ["outcome"],
    buckets=_FAST,
)

# --- The API for programs ---------------------------------------------------------------------------------------------------
API_REQUESTS = Counter("tredye_api_requests", "Requests of programs, by route and status of the answer.", ["route", "status"])
API_ITEMS = Counter(
    "tredye_api_items",
    "What programs asked for, one by one. command: place, cancel, amend; outcome: the order's status, a reason, or a code.",
    ["command", "outcome"],
)
API_STEP_SECONDS = Histogram(
    "tredye_api_step_seconds",
    "Time of one step of a request. step: admit (who asks, and may they), read (body and what it says), engine, lookup.",
    ["step"],
    buckets=_FAST,
)
API_SECONDS = Histogram("tredye_api_seconds", "Time of a request, from its headers to its answer.", ["route"], buckets=_FAST)
_api_requests: dict[tuple[str, int], tuple[Counter, Histogram]] = {}


def count_api_request(route: str, status: int, seconds: float) -> None:
    """Count a request that was answered. Children are kept: looking one up costs more than counting."""
    children = _api_requests.get((route, status))
    if children is None:
        children = _api_requests[route, status] = (API_REQUESTS.labels(route, str(status)), API_SECONDS.labels(route))
    children[0].inc()
    children[1].observe(seconds)


API_IN_FLIGHT = Gauge("tredye_api_in_flight", "Requests of programs that this process works at.")
API_CREDENTIALS = Counter(
    "tredye_api_credentials", "Keys and log-ins looked up. result: known, unknown, away (Postgres did not answer).", ["result"]
)
API_ENGINE_CONNECTIONS_LOST = Counter(
    "tredye_api_engine_connections_lost", "How often this process lost its connection to the engine."
)

# --- Relay: from the outbox to the event log ------------------------------------------------------------------------------
RELAY_DEPTH = Gauge(
    "tredye_relay_depth_batches", "Outbox batches that the event log has not acknowledged, up to a counting limit.", ["lane"]
)
RELAY_OLDEST_SECONDS = Gauge("tredye_relay_oldest_seconds", "Age of the oldest outbox batch not yet acknowledged.", ["lane"])
RELAY_PUBLISHED = Counter("tredye_relay_published", "Messages that the event log acknowledged, by topic.", ["topic"])
RELAY_PUBLISH_SECONDS = Histogram(
    "tredye_relay_publish_seconds", "From reading some batches to the log's acknowledgement of the last of them.", buckets=_SLOW
)
RELAY_FAILURES = Counter(
    "tredye_relay_failures",
    "Attempts that ended in an error and will be made again. server: eventlog, postgres, outbox (a damaged row).",
    ["server"],
)
RELAY_PRUNED = Counter("tredye_relay_pruned_batches", "Outbox batches removed behind the cursor.", ["lane"])

# --- Producers ------------------------------------------------------------------------------------------------------------
PRODUCER_SENT = Counter("tredye_producer_sent", "Messages that the event log acknowledged, by topic.", ["topic"])
PRODUCER_FAILED = Counter("tredye_producer_failed", "Messages that the event log did not acknowledge, by topic.", ["topic"])

# --- The embedded event log ----------------------------------------------------------------------------------------------
LOG_REMOVED = Counter("tredye_log_removed", "Records removed because their topic keeps none that old, by topic.", ["topic"])

# --- Consumers: from the event log to what is shown -----------------------------------------------------------------------
CONSUMER_RECORDS = Counter("tredye_consumer_records", "Messages applied.", ["consumer", "topic"])
CONSUMER_BATCH_SECONDS = Histogram(
    "tredye_consumer_batch_seconds", "Time to apply what one poll brought, its commit included.", ["consumer"], buckets=_FAST
)
CONSUMER_LAG = Gauge(
    "tredye_consumer_lag_records", "Messages between a consumer's position and the end of its partitions.", ["consumer"]
)
CONSUMER_PARKED = Counter(
    "tredye_consumer_parked", "Messages put aside because they could not be read or applied.", ["consumer", "topic"]
)
CONSUMER_STOPPED_PARTITIONS = Gauge(
    "tredye_consumer_stopped_partitions",
    "Partitions held at a message that could not be applied. Not zero is an alarm.",
    ["consumer"],
)
CONSUMER_POSITIONS_LOST = Counter(
    "tredye_consumer_positions_lost", "Times the log no longer held a consumer's position. Not zero is an alarm.", ["consumer"]
)
CONSUMER_FAILURES = Counter(
    "tredye_consumer_failures",
    "Attempts that ended in an error and were made again. server: eventlog, postgres, handler.",
    ["consumer", "server"],
)

# --- Feed -----------------------------------------------------------------------------------------------------------------
FEED_TICKS = Counter("tredye_feed_ticks", "Ticks published. kind: quote, trade.", ["source", "kind"])
FEED_PUBLISH_SECONDS = Histogram(
    "tredye_feed_publish_seconds", "From a tick's making to its hand-over for sending.", ["source"], buckets=_FAST
)
FEED_DROPPED = Counter("tredye_feed_dropped", "Ticks not sent. target: eventlog, engine.", ["source", "target"])

# --- Market data ----------------------------------------------------------------------------------------------------------
MARKETDATA_BARS = Counter("tredye_marketdata_bars", "Bars written, by interval (1s, 1m, 5m, 1h, 1d).", ["interval"])
MARKETDATA_LATE = Counter("tredye_marketdata_late", "Prints that came after their bar was closed.")
MARKETDATA_PRICE_AGE_SECONDS = Gauge(
    "tredye_marketdata_price_age_seconds", "Age of the newest price of the stalest open instrument."
)

# --- Realtime: consumer, hub, sockets -------------------------------------------------------------------------------------
REALTIME_SOCKETS = Gauge("tredye_realtime_sockets", "Open sockets of this process.")
REALTIME_TICKS_IN = Counter("tredye_realtime_ticks_in", "Ticks that reached this process's hub.")
REALTIME_FRAMES = Counter(
    "tredye_realtime_frames",
    "Frames by class (price, depth, trade, account, control) and fate (sent, skipped, conflated).",
    ["frame", "fate"],
)
REALTIME_FLUSH_SECONDS = Histogram(
    "tredye_realtime_flush_seconds", "Time of one flush over all sockets of this process.", buckets=_FAST
)
REALTIME_HEARTBEATS = Counter("tredye_realtime_heartbeats", "Heartbeats. fate: sent, acknowledged, missed.", ["fate"])
REALTIME_CLOSES = Counter("tredye_realtime_closes", "Sockets closed, by close code.", ["code"])
REALTIME_DENIED = Counter(
    "tredye_realtime_denied", "What a browser wanted and did not get. reason: origin, room, ticket, message.", ["reason"]
)
REALTIME_PRICE_AGE_SECONDS = Histogram(
    "tredye_realtime_price_age_seconds",
    "Age of a price, since the feed made it, when it reached a hop. hop: consumer, hub, send.",
    ["hop"],
    buckets=_FAST,
)
REALTIME_PUSH_SECONDS = Histogram(
    "tredye_realtime_push_seconds", "Time of one batch's hand-over to the channel layer.", buckets=_FAST
)
REALTIME_PUSH_FAILURES = Counter("tredye_realtime_push_failures", "Batches that the channel layer did not take.")

# --- Jobs -----------------------------------------------------------------------------------------------------------------
JOBS_RUNS = Counter(
    "tredye_jobs_runs",
    "Runs of jobs. outcome: done, failed, repeated (it was done before), busy (another process is at it).",
    ["job", "outcome"],
)
JOBS_SECONDS = Histogram(
    "tredye_jobs_seconds", "Time of an attempt that succeeded.", ["job"], buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800)
)
JOBS_LAST_DONE = Gauge(
    "tredye_jobs_last_done_seconds", "When the run of the newest business day was done, in seconds since 1970.", ["job"]
)
JOBS_MISSING = Gauge("tredye_jobs_missing", "Runs that are due and not done, given up or not. Not zero for an hour is an alarm.")
JOBS_ALARM = Gauge(
    "tredye_jobs_alarm", "What the newest run of a job found wrong (reconciliation: differences). Not zero is an alarm.", ["job"]
)

# --- Process --------------------------------------------------------------------------------------------------------------
PROCESS = Info("tredye_process", "Which of the product's processes this is.")


def name_process() -> None:
    """Say in the metrics which process they are of."""
    PROCESS.info({"name": settings.PROCESS_NAME})


def exposition() -> tuple[bytes, str]:
    """Return everything measured, as Prometheus reads it, and the content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


def serve_metrics() -> None:
    """Serve this process's metrics on ``METRICS_PORT`` of ``METRICS_HOST``, to whoever can reach it; port 0 means not at all.

    Loopback unless the settings say otherwise: in a container, whose network is private, Prometheus asks from outside of it.
    Every worker command calls this once. Raises OSError, naming the port, when it is taken.
    """
    if not settings.METRICS_PORT:
        return
    try:
        start_http_server(settings.METRICS_PORT, addr=settings.METRICS_HOST)
    except OSError as error:
        raise OSError(error.errno, f"METRICS_PORT {settings.METRICS_PORT} cannot be opened: {error.strerror}") from None
