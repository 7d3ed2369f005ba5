# ruff: noqa: S608 - every query is text of this module
"""Nothing trades in an instrument that is not OPEN, or while the venue is killed (I11), asked of the history of states.

The database keeps that history by itself, with the engine's sequence before the batch of each change. Within that batch a trade
may have come before the change or after it, which the tables do not tell; every later one is judged exactly.
"""

from apps.engine.checks import Check

NEWEST_TRADES = 5_000

#: A change that was made by hand counts as one of the batch that follows it.
_BATCH_OF_CHANGE = "(SELECT j.last_sequence FROM engine_journal j WHERE j.last_sequence > s.after_sequence ORDER BY 1 LIMIT 1)"


def _while_not_open(trades: str) -> str:
    return f"""SELECT t.id, t.instrument_id, s.state FROM {trades} t CROSS JOIN LATERAL (
            SELECT state, after_sequence FROM instruments_statechange c
            WHERE c.instrument_id = t.instrument_id AND c.after_sequence < t.id
            ORDER BY c.after_sequence DESC, c.id DESC LIMIT 1) s
        WHERE s.state <> 'OPEN' AND t.id > {_BATCH_OF_CHANGE}"""


def _while_killed(table: str, wanted: str = "true") -> str:
    """The time between a kill and its end, or now. There are few of them, and each is a range of keys."""
    return f"""SELECT t.id, s.after_sequence FROM (
            SELECT state, after_sequence, lead(after_sequence) OVER (ORDER BY after_sequence, id) AS until
            FROM instruments_statechange WHERE instrument_id IS NULL) s
        CROSS JOIN LATERAL (
            SELECT x.id FROM {table} x
            WHERE x.id > {_BATCH_OF_CHANGE} AND x.id <= coalesce(s.until, x.id) AND {wanted} ORDER BY x.id LIMIT 5) t
        WHERE s.state = 'KILLED'"""


STANDING: tuple[Check, ...] = (
    Check(
        "I11",
        "nothing has traded, and no order was accepted, while all trading was stopped",
        f"""{_while_killed("orders_trade")}
            UNION ALL {_while_killed("orders_order", "x.status NOT IN ('DENIED', 'REJECTED')")}""",
        live=True,
    ),
    Check(
        "I11",
        "the state of an instrument and of the kill switch is the one that its history ends with",
        """SELECT i.symbol, i.trading_state, s.state FROM instruments_instrument i LEFT JOIN LATERAL (
               SELECT state FROM instruments_statechange c WHERE c.instrument_id = i.id
               ORDER BY c.after_sequence DESC, c.id DESC LIMIT 1) s ON true
           WHERE s.state IS DISTINCT FROM i.trading_state
           UNION ALL SELECT 'the venue', l.is_killed::text, s.state FROM engine_lease l LEFT JOIN LATERAL (
               SELECT state FROM instruments_statechange c WHERE c.instrument_id IS NULL
               ORDER BY c.after_sequence DESC, c.id DESC LIMIT 1) s ON true
           WHERE (coalesce(s.state, 'OPEN') = 'KILLED') <> l.is_killed""",
        live=True,
    ),
)
EVER = Check("I11", "nothing trades in an instrument that is not open", _while_not_open("orders_trade"))
LATELY = Check(
    "I11",
    "nothing has newly traded in an instrument that is not open",
    _while_not_open(f"(SELECT * FROM orders_trade ORDER BY id DESC LIMIT {NEWEST_TRADES})"),
)
