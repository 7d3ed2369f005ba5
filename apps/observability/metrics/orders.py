"""Orders, as pages and programs ask for them."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import FAST

# --- Orders, as a page sees them -----------------------------------------------------------------------------------------
ORDERS_SUBMIT_SECONDS = Histogram(
    "tredye_orders_submit_seconds",
    "From a page's call of the engine to its answer. outcome: accepted, denied, rejected, refused, unavailable.",
    ["outcome"],
    buckets=FAST,
)

#: why: moved (beyond the tolerance), old (the page's price), unseen (the page told of none), no_price (the server has none).
ORDERS_ASKED_AGAIN = Counter("tredye_orders_asked_again", "Market orders that were not sent but asked for again.", ["why"])
#: ending: closed (trading never got it, and never will), found (it was decided after all).
ORDERS_ANSWERS_LOST = Counter("tredye_orders_answers_lost", "Orders and changes whose answer was not found in time.", ["ending"])

RECEIPT_NOTES = Counter(
    "tredye_receipt_notes",
    "Notes for the receipts of orders. fate: kept, dropped (no room), unmatched (a browser's, of no order of its account).",
    ["fate"],
)

# --- The API for programs ------------------------------------------------------------------------------------------------
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
    buckets=FAST,
)
API_SECONDS = Histogram("tredye_api_seconds", "Time of a request, from its headers to its answer.", ["route"], buckets=FAST)
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
