"""The engine: one writer, one batch at a time; and the laws of the books, asked every minute by the worker."""

from prometheus_client import Counter, Gauge, Histogram

from apps.observability.metrics.buckets import COUNTS, FAST

# --- Engine: one writer, one batch at a time -----------------------------------------------------------------------------
ENGINE_BATCH_COMMANDS = Histogram("tredye_engine_batch_commands", "Commands that one commit took together.", buckets=COUNTS)
ENGINE_STEP_SECONDS = Histogram(
    "tredye_engine_step_seconds",
    "Time of one step of a batch. step: parse (reading what came), wait (of its oldest command), match (all of its decisions, the"
    " checks of risk among them), risk (those checks for its first order), commit, answer.",
    ["step"],
    buckets=FAST,
)
ENGINE_STEP_WAIT = ENGINE_STEP_SECONDS.labels("wait")
ENGINE_STEP_PARSE = ENGINE_STEP_SECONDS.labels("parse")
ENGINE_STEP_RISK = ENGINE_STEP_SECONDS.labels("risk")
ENGINE_STEP_MATCH = ENGINE_STEP_SECONDS.labels("match")
ENGINE_STEP_COMMIT = ENGINE_STEP_SECONDS.labels("commit")
ENGINE_STEP_ANSWER = ENGINE_STEP_SECONDS.labels("answer")
ENGINE_COMMANDS = Counter(
    "tredye_engine_commands",
    "Commands answered, by type and outcome (the order's status, the reason, or DONE); repeats are not counted.",
    ["type", "outcome"],
)
ENGINE_TRADES = Counter("tredye_engine_trades", "Trades that the engine settled.")
ENGINE_QUOTES = Counter("tredye_engine_quotes", "Quotes that the engine took from the feeds.")
ENGINE_QUOTES_DROPPED = Counter(
    "tredye_engine_quotes_dropped", "Quotes that the engine did not use: old, crossed, zero, off the grid, unknown."
)
ENGINE_OPEN_ORDERS = Gauge("tredye_engine_open_orders", "Customers' orders that rest in the engine's books.")
ENGINE_UNPUBLISHED = Gauge(
    "tredye_engine_unpublished_events", "Events that were decided and are not on the event log yet, as the engine last saw it."
)
ENGINE_ORDERS_REFUSED = Gauge(
    "tredye_engine_orders_refused",
    "1 while the engine takes no new orders: too much waits for the event log, or the disk of the books is full.",
)
ENGINE_EPOCH = Gauge("tredye_engine_epoch", "The epoch this engine writes under; two engines never share one.")

_commands: dict[tuple[str, str], Counter] = {}


def count_commands(counts: dict[tuple[str, str], int]) -> None:
    """Count a batch of answered commands by (type, outcome). Children are kept: looking one up costs more than counting."""
    for key, count in counts.items():
        child = _commands.get(key)
        if child is None:
            child = _commands[key] = ENGINE_COMMANDS.labels(*key)
        child.inc(count)


# --- Invariants: asked every minute by the worker ------------------------------------------------------------------------
INVARIANTS_VIOLATED = Gauge(
    "tredye_invariants_violated", "Checks of the books that found a violation when asked last. Not zero is an alarm."
)
INVARIANTS_UNANSWERED = Gauge("tredye_invariants_unanswered", "Checks of the books that took too long when asked last.")
INVARIANTS_ASKED = Gauge(
    "tredye_invariants_asked_seconds", "When the checks were asked last, in seconds since 1970. Ten minutes ago is an alarm."
)
INVARIANTS_SECONDS = Gauge("tredye_invariants_seconds", "How long the checks took when asked last, all together.")
