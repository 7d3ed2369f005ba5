# ruff: noqa: S608 - every query is text of this module
"""What happened is published, once, in its order, and counted once (I19): asked of the outbox, its cursor, the embedded log and
the positions that are made of it. A log that is in Kafka is not here to be asked; its consumers' positions are.
"""

from apps.engine.checks import Check

NEWEST = 5_000


def _unpublished(events: str) -> str:
    """Of the events behind the cursor, and of those whose batches are kept although they are published."""
    return f"""SELECT e.id, e.type FROM {events} e CROSS JOIN LATERAL (
            SELECT last_sequence FROM engine_journal j WHERE j.last_sequence >= e.id ORDER BY last_sequence LIMIT 1) j
        WHERE e.id > (SELECT coalesce(least(
                (SELECT last_sequence FROM eventlog_relaycursor WHERE lane = 'engine'),
                (SELECT last_sequence FROM eventlog_outboxbatch WHERE lane = 'engine' ORDER BY last_sequence LIMIT 1) - 1), 0))
          AND NOT EXISTS (SELECT FROM eventlog_outboxbatch o WHERE o.lane = 'engine' AND o.last_sequence = j.last_sequence)"""


#: The accounts' events as the embedded log has them, each where it was first; a relay that died may have sent it again later.
_LOGGED = """(SELECT key, account_sequence, min(sequence) AS sequence, min("offset") AS "offset", max(topic) AS topic FROM (
        SELECT r.key, r."offset", p.topic, (v.value->>'account_sequence')::bigint AS account_sequence,
               (v.value->>'sequence')::bigint AS sequence
        FROM eventlog_logpartition p JOIN eventlog_logrecord r ON r.partition_id = p.id AND r.kept
        CROSS JOIN LATERAL (SELECT convert_from(r.value, 'UTF8')::json AS value) v
        WHERE p.topic ~ '(^|[.])(orders|accounts)[.]events$') l GROUP BY key, account_sequence)"""

STANDING: tuple[Check, ...] = (
    Check(
        "I19",
        "the relay has published nothing that was not committed",
        """SELECT c.lane, c.last_sequence, b.last_sequence FROM eventlog_relaycursor c JOIN LATERAL (
               SELECT last_sequence FROM eventlog_outboxbatch o WHERE o.lane = c.lane
               ORDER BY last_sequence DESC LIMIT 1) b ON true
           WHERE c.last_sequence > b.last_sequence""",
        live=True,
    ),
    Check(
        "I19",
        "no consumer has applied an event of an account that does not exist yet",
        """SELECT p.account_id, p.account_sequence FROM portfolio_accountprogress p LEFT JOIN LATERAL (
               SELECT account_sequence AS newest FROM orders_accountevent e WHERE e.account_id = p.account_id
               ORDER BY account_sequence DESC LIMIT 1) e ON true
           WHERE p.account_sequence > coalesce(e.newest, 0)""",
        live=True,
    ),
)
EVER: tuple[Check, ...] = (
    Check("I19", "every event that is not published yet waits in the outbox", _unpublished("orders_accountevent")),
    Check(
        "I19",
        "the log has the events of an account in their order, and none is missing between its first and its last",
        f"""SELECT key, account_sequence, sequence FROM (
               SELECT key, account_sequence, sequence, lag(account_sequence) OVER w AS before, lag(sequence) OVER w AS earlier
               FROM {_LOGGED} l WINDOW w AS (PARTITION BY key ORDER BY account_sequence)) l
           WHERE account_sequence <> before + 1 OR sequence <= earlier
           UNION ALL SELECT key, account_sequence, sequence FROM (
               SELECT key, account_sequence, sequence,
                      lag("offset") OVER (PARTITION BY key, topic ORDER BY account_sequence) AS before, "offset"
               FROM {_LOGGED} l) l
           WHERE "offset" <= before""",
    ),
    Check(
        "I19",
        "a position counts each fill up to its last one, once",
        # What is sold and was not bought here leaves nothing behind: the sum of all is never below the least sum on the way.
        """SELECT p.account_id, p.instrument_id, p.quantity, f.quantity FROM portfolio_position p LEFT JOIN (
               SELECT account_id, instrument_id, sum(bought) - least(0, min(running)) AS quantity, sum(fee) AS fees FROM (
                   SELECT account_id, instrument_id, bought, fee,
                          sum(bought) OVER (PARTITION BY account_id, instrument_id ORDER BY trade_id) AS running
                   FROM orders_fill f JOIN portfolio_position p USING (account_id, instrument_id)
                   CROSS JOIN LATERAL (SELECT CASE side WHEN 'BUY' THEN f.quantity ELSE -f.quantity END AS bought) b
                   WHERE f.order_id IS NOT NULL AND f.trade_id <= p.last_sequence) f
               GROUP BY account_id, instrument_id) f
               USING (account_id, instrument_id)
           WHERE p.quantity <> coalesce(f.quantity, 0) OR p.fees <> coalesce(f.fees, 0)""",
    ),
)
LATELY = Check(
    "I19",
    "every new event that is not published yet waits in the outbox",
    _unpublished(f"(SELECT * FROM orders_accountevent ORDER BY id DESC LIMIT {NEWEST})"),
)
