"""What sampled pages tell of themselves: claims, each of which weighs little (apps/observability/beacon.py)."""

from collections.abc import Sequence

from prometheus_client import Counter, Histogram

from apps.observability.metrics.buckets import BROWSER

#: page, wherever it is a label: landing, markets, instrument, orders, order, portfolio, ledger, other.
BROWSER_BEACONS = Counter(
    "tredye_browser_beacons", "Beacons of pages. fate: taken, too_often, foreign (no page of ours), unreadable.", ["fate"]
)
BROWSER_FRAME_SECONDS = Histogram(
    "tredye_browser_frame_seconds", "From a frame that painted prices to the next frame.", ["page"], buckets=BROWSER
)
BROWSER_PAINT_SECONDS = Histogram(
    "tredye_browser_paint_seconds", "What the painting of a frame took of it.", ["page"], buckets=BROWSER
)
BROWSER_WAIT_SECONDS = Histogram(
    "tredye_browser_wait_seconds", "From a price's arrival in the browser to its painting.", ["page"], buckets=BROWSER
)
BROWSER_SOCKET_TO_PAINTED_SECONDS = Histogram(
    "tredye_browser_socket_to_painted_seconds",
    "From the building of a frame in the hub to the painted price, by the server's clock.",
    ["page"],
    buckets=BROWSER,
)
BROWSER_FEED_TO_PAINTED_SECONDS = Histogram(
    "tredye_browser_feed_to_painted_seconds",
    "From the feed's making of a price to the painted price, by the server's clock.",
    ["page"],
    buckets=BROWSER,
)
BROWSER_LONG_TASKS = Counter("tredye_browser_long_tasks", "Tasks of more than 50 ms, in which a page could not answer.", ["page"])
BROWSER_LONGEST_TASK_SECONDS = Histogram(
    "tredye_browser_longest_task_seconds", "The longest such task of a beacon's 15 s.", ["page"], buckets=BROWSER
)
BROWSER_INTERACTION_SECONDS = Histogram(
    "tredye_browser_interaction_seconds",
    "From a click or key to the next paint: the slowest of a beacon's 15 s.",
    ["page"],
    buckets=BROWSER,
)
BROWSER_RECONNECTS = Counter(
    "tredye_browser_reconnects",
    "Sockets that pages lost. why: the close code, or silent, hole (events were missed), offline, slept, ticket, other.",
    ["why"],
)
BROWSER_RESYNCS = Counter(
    "tredye_browser_resyncs",
    "Books that pages asked for anew. why: checksum (it was another book), gap (a delta did not fit).",
    ["why"],
)
BROWSER_TICKS = Counter(
    "tredye_browser_ticks",
    "Prices that pages did not paint. fate: conflated (a newer one came first), dropped (old, or too many).",
    ["fate"],
)


def observe_browser_counts(histogram: Histogram, counts: Sequence[int]) -> None:
    """Observe how many samples fell into each bucket, at its upper edge; those beyond the last edge at twice that edge."""
    for edge_s, samples in zip((*BROWSER, 2 * BROWSER[-1]), counts, strict=True):
        for _ in range(samples):
            histogram.observe(edge_s)
