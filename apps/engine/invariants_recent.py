# ruff: noqa: S608 - every query is text of this module
"""What can be asked every minute of a venue that has lived for years.

The checks here look at what is small by nature (open orders, accounts, the lease, the relay's cursor) or at the newest stretch
of the engine's sequence, through primary keys: their cost does not grow with history. The older rows were checked when they were
new, nothing may change them (a trigger refuses it), and ``manage.py check_invariants`` asks about all of them.
"""

from apps.engine.checks import Check

#: Sequence numbers, about as many rows of each table. A minute at two thousand commands a second is more than this; then
#: the oldest of that minute are left to the check of everything.
STRETCH = 50_000
_SINCE = f"(SELECT coalesce(max(last_sequence), 0) - {STRETCH} FROM engine_journal)"

#: Asked every minute, and with all others.
STANDING: tuple[Check, ...] = (
    Check(
        "I10",
        "no book is crossed: the best resting buy is below the best resting sell",
        """SELECT instrument_id, max(price) FILTER (WHERE side = 'BUY'), min(price) FILTER (WHERE side = 'SELL')
           FROM orders_order WHERE status IN ('ACCEPTED', 'PARTIALLY_FILLED') AND price IS NOT NULL GROUP BY instrument_id
           HAVING max(price) FILTER (WHERE side = 'BUY') >= min(price) FILTER (WHERE side = 'SELL')""",
        live=True,
    ),
    Check(
        "I19",
        "the relay has published nothing that was not committed, and of each lane in order",
        """SELECT c.lane, c.last_sequence, b.last_sequence FROM eventlog_relaycursor c JOIN LATERAL (
               SELECT last_sequence FROM eventlog_outboxbatch o WHERE o.lane = c.lane
               ORDER BY last_sequence DESC LIMIT 1) b ON true
           WHERE c.last_sequence > b.last_sequence""",
        live=True,
    ),
    Check(
        "I19",
        "no consumer has applied an event of an account that does not exist yet",
        """SELECT p.account_id, p.account_sequence FROM portfolio_accountprogress p JOIN LATERAL (
               SELECT max(account_sequence) AS newest FROM orders_accountevent e WHERE e.account_id = p.account_id) e ON true
           WHERE p.account_sequence > coalesce(e.newest, 0)""",
        live=True,
    ),
    Check(
        "I21",
        "no batch is of a later epoch than the lease",
        """SELECT j.last_sequence, j.epoch, l.epoch FROM engine_lease l CROSS JOIN LATERAL (
               SELECT last_sequence, epoch FROM engine_journal ORDER BY last_sequence DESC LIMIT 1) j
           WHERE j.epoch > l.epoch""",
        live=True,
    ),
    Check(
        "I21",
        "one session has the engine's lock, and it is of the lease's epoch",
        """SELECT array_agg(a.application_name) FROM pg_locks k JOIN pg_stat_activity a ON a.pid = k.pid
           WHERE k.locktype = 'advisory' AND k.granted AND k.classid = 29810 AND k.objid = 0
             AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           HAVING count(*) > 1""",
        live=True,
    ),
)

#: Asked every minute in place of the ones that read whole tables.
RECENT: tuple[Check, ...] = (
    Check(
        "I2",
        "a new transfer balances per asset and has at least two postings",
        f"""SELECT t.id, p.asset_id, sum(p.amount) FROM ledger_transfer t LEFT JOIN ledger_posting p ON p.transfer_id = t.id
            WHERE t.id > {_SINCE} GROUP BY 1, 2 HAVING coalesce(sum(p.amount), 1) <> 0 OR count(*) < 2""",
    ),
    Check(
        "I7",
        "a new trade has two fills, a buy and a sell, of its price and quantity",
        f"""SELECT t.id FROM orders_trade t
            LEFT JOIN orders_fill b ON b.id = 2 * t.id AND b.trade_id = t.id AND b.side = 'BUY'
            LEFT JOIN orders_fill s ON s.id = 2 * t.id + 1 AND s.trade_id = t.id AND s.side = 'SELL'
            WHERE t.id > {_SINCE} AND (b.id IS NULL OR s.id IS NULL OR b.price <> t.price OR s.price <> t.price
               OR b.quantity <> t.quantity OR s.quantity <> t.quantity)""",
    ),
    Check(
        "I11",
        "nobody has newly traded with himself",
        f"""SELECT b.trade_id, b.account_id FROM orders_fill b JOIN orders_fill s ON s.id = b.id + 1
            WHERE b.id > 2 * {_SINCE} AND b.side = 'BUY' AND s.side = 'SELL' AND b.trade_id = s.trade_id
              AND b.account_id = s.account_id""",
    ),
    Check(
        "I12",
        "each new batch begins where the one before it ended, and epochs only rise",
        f"""SELECT last_sequence FROM (
                SELECT last_sequence, first_sequence, epoch, lag(last_sequence) OVER w AS before,
                       lag(epoch) OVER w AS epoch_before
                FROM engine_journal WHERE last_sequence > {_SINCE} WINDOW w AS (ORDER BY last_sequence)) j
            WHERE first_sequence <> before OR epoch < epoch_before OR last_sequence <= first_sequence""",
    ),
    Check(
        "I20",
        "new trades are on the grid, and their numbers finite",
        f"""SELECT t.id, t.price, t.quantity FROM orders_trade t JOIN instruments_instrument i ON i.id = t.instrument_id
            WHERE t.id > {_SINCE} AND ('NaN' IN (t.price, t.quantity) OR mod(t.price, i.tick_size) <> 0
               OR mod(t.quantity, i.lot_size) <> 0)""",
    ),
)

#: Asked with all others only.
WHOLE: tuple[Check, ...] = (
    Check(
        "I11",
        "nobody trades with himself",
        """SELECT b.trade_id, b.account_id FROM orders_fill b JOIN orders_fill s ON s.trade_id = b.trade_id AND s.side = 'SELL'
           WHERE b.side = 'BUY' AND b.account_id = s.account_id""",
    ),
    Check(
        "I22",
        "what the trail of staff says was done was decided by the engine",
        """SELECT t.id, t.command_id FROM backoffice_trailentry t LEFT JOIN engine_commandrecord r
               ON r.scope = 0 AND r.command_id = t.command_id
           WHERE t.kind = 'COMMAND' AND t.outcome LIKE 'DONE:%' AND r.command_id IS NULL""",
    ),
)
