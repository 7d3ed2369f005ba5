"""Every metric of the product, declared once, each with its meaning."""

from prometheus_client import Counter, Gauge, Histogram

_STEP_BUCKETS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

# --- The engine ---------------------------------------------------------------------------------------------------------
ENGINE_BATCH_COMMANDS = Histogram(
    "tredye_engine_batch_commands", "Commands in one batch, which is one commit.", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
ENGINE_STEP_SECONDS = Histogram(
    "tredye_engine_step_seconds",
    "Time of one batch in each step: wait (of its oldest command), parse, match, commit, answer.",
    ["step"],
    buckets=_STEP_BUCKETS,
)
ENGINE_STEP_WAIT = ENGINE_STEP_SECONDS.labels("wait")
ENGINE_STEP_PARSE = ENGINE_STEP_SECONDS.labels("parse")
ENGINE_STEP_MATCH = ENGINE_STEP_SECONDS.labels("match")
ENGINE_STEP_COMMIT = ENGINE_STEP_SECONDS.labels("commit")
ENGINE_STEP_ANSWER = ENGINE_STEP_SECONDS.labels("answer")
ENGINE_COMMANDS = Counter("tredye_engine_commands_total", "Commands answered, by type and outcome.", ["type", "outcome"])
ENGINE_QUOTES = Counter("tredye_engine_quotes_total", "Quotes that reached the engine.")
ENGINE_QUOTES_DROPPED = Counter(
    "tredye_engine_quotes_dropped_total", "Quotes that the engine did not use: old, crossed, zero, off the grid, unknown."
)
ENGINE_OPEN_ORDERS = Gauge("tredye_engine_open_orders", "Orders that rest in the books.")
ENGINE_EPOCH = Gauge("tredye_engine_epoch", "The epoch that this engine holds.")

_commands: dict[tuple[str, str], Counter] = {}


def count_commands(counts: dict[tuple[str, str], int]) -> None:
    """Count a batch of answered commands by (type, outcome). Children are kept: looking one up costs more than counting."""
    for key, count in counts.items():
        child = _commands.get(key)
        if child is None:
            child = _commands[key] = ENGINE_COMMANDS.labels(*key)
        child.inc(count)
