"""Realtime: consumer, hub, sockets."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import FAST, SLOW

REALTIME_SOCKETS = Gauge("tredye_realtime_sockets", "Open sockets of this process.")
REALTIME_TICKS_IN = Counter("tredye_realtime_ticks_in", "Ticks that reached this process's hub.")
REALTIME_FRAMES = Counter(
    "tredye_realtime_frames",
    "Frames by class (price: all that is latest-wins; account; control) and fate. fate: sent, or skipped (the socket was still"
    " busy with what it got before, and gets the newest later).",
    ["frame", "fate"],
)
REALTIME_CONFLATED = Counter(
    "tredye_realtime_conflated",
    "Quotes that a newer one replaced before any socket got them. where: consumer (between two pushes), hub (between two flushes,"
    " of symbols that are watched).",
    ["where"],
)
REALTIME_DROPPED = Counter(
    "tredye_realtime_dropped",
    "What came and is not passed on. what: quote, depth, bar (older than what is known), print (more than are shown between two"
    " pushes or frames), symbol (values of more symbols than are kept), bell (too many accounts at once; the poll finds their"
    " events).",
    ["what"],
)
REALTIME_HUB_ASKS = Counter(
    "tredye_realtime_hub_asks",
    "Times a hub asked the consumer for all values. why: subscribed, hole (a message was missed), publisher (another consumer).",
    ["why"],
)
REALTIME_LINES_LOST = Counter(
    "tredye_realtime_lines_lost", "Lines to the channel layer that were built anew. why: silent, error.", ["why"]
)
REALTIME_FLUSH_SECONDS = Histogram(
    "tredye_realtime_flush_seconds", "Time of one flush over all sockets of this process.", buckets=FAST
)
REALTIME_SNAPSHOT_ASKS = Counter(
    "tredye_realtime_snapshot_asks",
    "Books that a browser asked for anew. why: checksum (it held another book than the server), gap (a delta did not fit).",
    ["why"],
)
REALTIME_HEARTBEATS = Counter("tredye_realtime_heartbeats", "Heartbeats. fate: sent, acknowledged, missed.", ["fate"])
REALTIME_ROUND_TRIP_SECONDS = Histogram(
    "tredye_realtime_round_trip_seconds", "From a heartbeat's sending to the browser's answer.", buckets=SLOW
)
REALTIME_CLOSES = Counter(
    "tredye_realtime_closes", "Sockets that the server closed, by close code and the reason that it gave.", ["code", "reason"]
)
REALTIME_DENIED = Counter(
    "tredye_realtime_denied",
    "What a browser wanted and did not get. reason: origin, handshakes (too many a second), room, ticket, ban, message.",
    ["reason"],
)
REALTIME_RECONNECTS = Counter(
    "tredye_realtime_reconnects",
    "Sockets that came back. after: the close code or the word that the page gives as its reason, or other.",
    ["after"],
)
REALTIME_HOP_SECONDS = Histogram(
    "tredye_realtime_hop_seconds",
    "How long a quote took over one hop; one of a batch is measured. hop: feed_log (from the feed's stamp to the record's),"
    " log_consumer (to the realtime consumer), consumer_hub (through the channel layer), hub_socket (from the oldest arrival to"
    " the end of the flush).",
    ["hop"],
    buckets=FAST,
)
HOP_FEED_LOG = REALTIME_HOP_SECONDS.labels("feed_log")
HOP_LOG_CONSUMER = REALTIME_HOP_SECONDS.labels("log_consumer")
HOP_CONSUMER_HUB = REALTIME_HOP_SECONDS.labels("consumer_hub")
HOP_HUB_SOCKET = REALTIME_HOP_SECONDS.labels("hub_socket")
REALTIME_EVENT_SECONDS = Histogram(
    "tredye_realtime_event_seconds",
    "From the engine's instant of a must-arrive event to its hand-over to a socket: through commit, relay, log, consumer, bell,"
    " read. Events replayed to a socket that came back are not measured.",
    buckets=SLOW,
)
REALTIME_PUSH_SECONDS = Histogram(
    "tredye_realtime_push_seconds", "Time of one batch's hand-over to the channel layer.", buckets=FAST
)
REALTIME_PUSH_FAILURES = Counter("tredye_realtime_push_failures", "Batches that the channel layer did not take.")
