# ruff: noqa: S608 - every query is text of this module
"""What can be asked every minute of a venue that has lived for years.

The checks here look at what is small by nature (open orders, accounts, the lease, the relay's cursor) or at the newest stretch
of the engine's sequence, through primary keys: their cost does not grow with history. The older rows were checked when they were
new, nothing may change them (a trigger refuses it), and ``manage.py check_invariants`` asks about all of them.
"""

from apps.engine.checks import Check

#: Rows of each table. A minute at hundreds of commands a second is less than this; of a busier one the oldest are left to the
#: check of everything.
NEWEST = 10_000


def _newest(table: str, key: str = "id") -> str:
    """The newest rows of ``table``. With a limit, and what belongs to them looked up row by row, the planner
    does not read whole tables as it would for a comparison and a join."""
    return f"(SELECT * FROM {table} ORDER BY {key} DESC LIMIT {NEWEST})"


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
        "the relay has published nothing that was not committed",
        """SELECT c.lane, c.last_sequence, b.last_sequence FROM eventlog_relaycursor c JOIN LATERAL (
               SELECT last_sequence FROM eventlog_outboxbatch o WHERE o.lane = c.lane
               ORDER BY last_sequence DESC LIMIT 1) b ON true
           WHERE c.last_sequence > b.last_sequence""",
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
        "no two sessions have the engine's lock",
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
        f"""SELECT t.id, p.postings, p.unbalanced FROM {_newest("ledger_transfer")} t CROSS JOIN LATERAL (
                SELECT coalesce(sum(count), 0) AS postings, count(*) FILTER (WHERE amount <> 0) AS unbalanced
                FROM (SELECT count(*) AS count, sum(amount) AS amount FROM ledger_posting
                      WHERE transfer_id = t.id GROUP BY asset_id) a) p
            WHERE p.postings < 2 OR p.unbalanced > 0""",
    ),
    Check(
        "I7",
        "a new trade has two fills, a buy and a sell, of its price and quantity",
        f"""SELECT t.id FROM {_newest("orders_trade")} t CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE side = 'BUY') AS buys, count(*) FILTER (WHERE side = 'SELL') AS sells
                FROM orders_fill f WHERE f.id IN (2 * t.id, 2 * t.id + 1) AND f.trade_id = t.id
                    AND f.price = t.price AND f.quantity = t.quantity) f
            WHERE f.buys <> 1 OR f.sells <> 1""",
    ),
    Check(
        "I11",
        "nobody has newly traded with himself",
        f"""SELECT b.trade_id, b.account_id FROM {_newest("orders_fill")} b JOIN orders_fill s ON s.id = b.id + 1
            WHERE b.side = 'BUY' AND s.side = 'SELL' AND b.trade_id = s.trade_id AND b.account_id = s.account_id""",
    ),
    Check(
        "I12",
        "each new batch begins where the one before it ended, and epochs only rise",
        f"""SELECT last_sequence FROM (
                SELECT last_sequence, first_sequence, epoch, lag(last_sequence) OVER w AS before,
                       lag(epoch) OVER w AS epoch_before
                FROM {_newest("engine_journal", "last_sequence")} j WINDOW w AS (ORDER BY last_sequence)) j
            WHERE first_sequence <> before OR epoch < epoch_before OR last_sequence <= first_sequence""",
    ),
    Check(
        "I20",
        "new trades are on the grid, and their numbers finite",
        f"""SELECT t.id, t.price, t.quantity FROM {_newest("orders_trade")} t
            JOIN instruments_instrument i ON i.id = t.instrument_id
            WHERE 'NaN' IN (t.price, t.quantity) OR mod(t.price, i.tick_size) <> 0 OR mod(t.quantity, i.lot_size) <> 0""",
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
        "I19",
        "no consumer has applied an event of an account that does not exist yet",
        """SELECT p.account_id, p.account_sequence FROM portfolio_accountprogress p JOIN LATERAL (
               SELECT max(account_sequence) AS newest FROM orders_accountevent e WHERE e.account_id = p.account_id) e ON true
           WHERE p.account_sequence > coalesce(e.newest, 0)""",
    ),
    Check(
        "I22",
        "what the trail of staff says was done was decided by the engine",
        """SELECT t.id, t.command_id FROM backoffice_trailentry t LEFT JOIN engine_commandrecord r
               ON r.scope = 0 AND r.command_id = t.command_id
           WHERE t.kind = 'COMMAND' AND t.outcome LIKE 'DONE:%' AND r.command_id IS NULL""",
    ),
)
