"""Feeds, and what is made of their ticks."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import FAST

# --- Feed ----------------------------------------------------------------------------------------------------------------
FEED_TICKS = Counter("tredye_feed_ticks", "Ticks published. kind: quote, trade.", ["source", "kind"])
FEED_PUBLISH_SECONDS = Histogram(
    "tredye_feed_publish_seconds", "From a tick's making to its hand-over for sending.", ["source"], buckets=FAST
)
FEED_DROPPED = Counter("tredye_feed_dropped", "Ticks not sent. target: eventlog, engine.", ["source", "target"])
FEED_SKIPPED = Counter(
    "tredye_feed_skipped",
    "Ticks of the source that are no news. reason: old (out of order, or sent twice), late (3 s old), unknown (no such"
    " instrument), history (from before this feed took over), asleep (made while this feed may have been replaced).",
    ["source", "reason"],
)
FEED_QUARANTINED = Counter(
    "tredye_feed_quarantined",
    "Ticks kept back because they make no sense. reason: number, zero, crossed, grid, future, band.",
    ["source", "reason"],
)
FEED_GAPS = Counter("tredye_feed_gaps", "Holes in the source's own numbers, or of its own account.", ["source"])
FEED_MISSED = Counter("tredye_feed_missed", "Ticks that fell into those holes, where the numbers tell.", ["source"])
FEED_RESNAPSHOTS = Counter("tredye_feed_resnapshots", "Whole states that ended a gap.", ["source"])
FEED_RESETS = Counter("tredye_feed_resets", "Times the source began to count anew.", ["source"])
FEED_FLAGGED = Gauge("tredye_feed_flagged", "Instruments that wait for a snapshot after a gap.", ["source"])
FEED_RECONNECTS = Counter(
    "tredye_feed_reconnects",
    "Connections to the source made anew. reason: lost, silent, refused, malformed, gap.",
    ["source", "reason"],
)
FEED_LAG_SECONDS = Histogram(
    "tredye_feed_lag_seconds", "From the source's own time of a tick to its publication.", ["source"], buckets=FAST
)
FEED_ACTIVE = Gauge("tredye_feed_active", "1 where this process publishes, 0 where it stands by.", ["source"])
FEED_LOG_SILENT_SECONDS = Gauge(
    "tredye_feed_log_silent_seconds", "For how long the event log has owed this feed an answer; 0 when nothing waits.", ["source"]
)
FEED_DIRECT = Gauge(
    "tredye_feed_direct", "1 while a feed's ticks go straight to the hubs, because the event log does not take them.", ["source"]
)
FEED_DIRECT_SINCE_SECONDS = Gauge(
    "tredye_feed_direct_since_seconds", "Since when, in seconds since 1970; 0 while they go by the log alone.", ["source"]
)
FEED_DIRECT_TICKS = Counter("tredye_feed_direct_ticks", "Ticks that went straight to the hubs.", ["source"])
FEED_DIRECT_BEGUN = Counter(
    "tredye_feed_direct_begun",
    "Times that began. why: away (no connection to the log), late (it did not acknowledge), refused (it took none of a topic).",
    ["source", "why"],
)
FEED_ROWS_BAD = Counter("tredye_feed_rows_bad", "Rows of a recording that could not be read.", ["source"])

# --- Market data ---------------------------------------------------------------------------------------------------------
MARKETDATA_BARS = Counter("tredye_marketdata_bars", "Bars written, by interval (1s, 1m, 5m, 1h, 1d).", ["interval"])
MARKETDATA_BARS_DROPPED = Counter(
    "tredye_marketdata_bars_dropped", "Changes of bars that were not told, because the event log took none for too long."
)
MARKETDATA_LATE = Counter("tredye_marketdata_late", "Prints that came after their bar was closed.")
MARKETDATA_PRICE_AGE_SECONDS = Gauge(
    "tredye_marketdata_price_age_seconds", "Age of the newest price of the stalest open instrument."
)
