"""From the outbox to the event log, and from there to what is shown."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import COUNTS, FAST, SLOW

# --- Relay: from the outbox to the event log -----------------------------------------------------------------------------
RELAY_DEPTH = Gauge(
    "tredye_relay_depth_batches", "Outbox batches that the event log has not acknowledged, up to a counting limit.", ["lane"]
)
RELAY_OLDEST_SECONDS = Gauge("tredye_relay_oldest_seconds", "Age of the oldest outbox batch not yet acknowledged.", ["lane"])
RELAY_PUBLISHED = Counter("tredye_relay_published", "Messages that the event log acknowledged, by topic.", ["topic"])
RELAY_PUBLISH_SECONDS = Histogram(
    "tredye_relay_publish_seconds", "From reading some batches to the log's acknowledgement of the last of them.", buckets=SLOW
)
RELAY_FAILURES = Counter(
    "tredye_relay_failures",
    "Attempts that ended in an error and will be made again. server: eventlog, postgres, outbox (a damaged row).",
    ["server"],
)
RELAY_PRUNED = Counter("tredye_relay_pruned_batches", "Outbox batches removed behind the cursor.", ["lane"])

# --- Producers -----------------------------------------------------------------------------------------------------------
PRODUCER_SENT = Counter("tredye_producer_sent", "Messages that the event log acknowledged, by topic.", ["topic"])
PRODUCER_FAILED = Counter("tredye_producer_failed", "Messages that the event log did not acknowledge, by topic.", ["topic"])

# --- The embedded event log ----------------------------------------------------------------------------------------------
LOG_REMOVED = Counter("tredye_log_removed", "Records removed because their topic keeps none that old, by topic.", ["topic"])

# --- Consumers: from the event log to what is shown ----------------------------------------------------------------------
CONSUMER_RECORDS = Counter("tredye_consumer_records", "Messages applied.", ["consumer", "topic"])
CONSUMER_BATCH_SECONDS = Histogram(
    "tredye_consumer_batch_seconds", "Time to apply what one poll brought, its commit included.", ["consumer"], buckets=FAST
)
CONSUMER_BATCH_RECORDS = Histogram(
    "tredye_consumer_batch_records", "Messages that one poll brought, applied together.", ["consumer"], buckets=COUNTS
)
CONSUMER_DELAY_SECONDS = Histogram(
    "tredye_consumer_delay_seconds",
    "From a message's time on the log to the end of its batch; the newest of a batch is measured.",
    ["consumer"],
    buckets=SLOW,
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
