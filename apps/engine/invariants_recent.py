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
#: Of these each has three or four postings.
_NEWEST_TRANSFERS = 3_000
_NEWEST_POSTINGS = f"""(
    SELECT p.* FROM (SELECT id FROM ledger_transfer ORDER BY id DESC LIMIT {_NEWEST_TRANSFERS}) t
    CROSS JOIN LATERAL (SELECT * FROM ledger_posting WHERE transfer_id = t.id OFFSET 0) p)"""


def _newest(table: str, key: str = "id") -> str:
    """The newest rows of ``table``. With a limit, and what belongs to them looked up row by row, the planner
    does not read whole tables as it would for a comparison and a join."""
    return f"(SELECT * FROM {table} ORDER BY {key} DESC LIMIT {NEWEST})"


def _not_of_its_batch(table: str) -> str:
    """What the engine writes has its sequence from a batch that is journaled, and its epoch from the same."""
    return f"""SELECT t.id, t.epoch, j.epoch FROM {table} t LEFT JOIN LATERAL (
            SELECT epoch, first_sequence FROM engine_journal WHERE last_sequence >= t.id ORDER BY last_sequence LIMIT 1) j ON true
        WHERE j.epoch IS DISTINCT FROM t.epoch OR j.first_sequence >= t.id"""


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
        "I3",
        "a new posting leaves behind what the one before it left plus its amount",
        f"""SELECT * FROM (
                SELECT p.*, lag(balance_after) OVER (PARTITION BY ledger_account_id ORDER BY transfer_id, leg) AS before
                FROM {_NEWEST_POSTINGS} p) p
            WHERE balance_after <> before + amount""",
    ),
    Check(
        "I3",
        "what moved lately is what its newest posting left",
        f"""SELECT l.id, l.total, p.balance_after FROM (SELECT DISTINCT ledger_account_id AS id FROM {_NEWEST_POSTINGS} p) moved
            LEFT JOIN ledger_ledgeraccount l ON l.id = moved.id
            LEFT JOIN LATERAL (SELECT balance_after FROM ledger_posting WHERE ledger_account_id = moved.id
                               ORDER BY transfer_id DESC, leg DESC LIMIT 1) p ON true
            WHERE l.total IS DISTINCT FROM p.balance_after""",
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
        "I7",
        "a new trade is settled by one transfer",
        f"""SELECT t.id, count(x.id) FROM {_newest("orders_trade")} t LEFT JOIN (
                SELECT id, trade_id FROM ledger_transfer
                WHERE id > (SELECT min(id) FROM {_newest("orders_trade")} n)) x ON x.trade_id = t.id
            GROUP BY t.id HAVING count(x.id) <> 1""",
    ),
    Check(
        "I11",
        "nobody has newly traded with himself",
        f"""SELECT b.trade_id, b.account_id FROM {_newest("orders_fill")} b JOIN orders_fill s ON s.id = b.id + 1
            WHERE b.side = 'BUY' AND s.side = 'SELL' AND b.trade_id = s.trade_id AND b.account_id = s.account_id""",
    ),
    Check(
        "I12",
        "each new batch begins where the one before it ended, or the last restoration did, and epochs only rise",
        f"""SELECT last_sequence FROM (
                SELECT last_sequence, first_sequence, epoch, lag(last_sequence) OVER w AS before,
                       lag(epoch) OVER w AS epoch_before
                FROM {_newest("engine_journal", "last_sequence")} j WINDOW w AS (ORDER BY last_sequence)) j
            WHERE epoch < epoch_before OR last_sequence <= first_sequence OR first_sequence <> before AND NOT EXISTS (
                SELECT FROM eventlog_lostrange r WHERE r.lane = 'engine' AND before <= r.after_sequence
                  AND first_sequence = r.up_to_sequence)""",
    ),
    Check(
        "I12",
        "each new trade of an instrument, and each new event of an account, follows on the one before it",
        f"""SELECT 'trade', id FROM (
                SELECT id, instrument_sequence, lag(instrument_sequence) OVER (PARTITION BY instrument_id ORDER BY id) AS before
                FROM {_newest("orders_trade")} t) t WHERE instrument_sequence <> before + 1
            UNION ALL SELECT 'event', id FROM (
                SELECT id, account_sequence, lag(account_sequence) OVER (PARTITION BY account_id ORDER BY id) AS before
                FROM {_newest("orders_accountevent")} e) e WHERE account_sequence <> before + 1""",
    ),
    Check(
        "I20",
        "new trades are on the grid, and their numbers finite",
        f"""SELECT t.id, t.price, t.quantity FROM {_newest("orders_trade")} t
            JOIN instruments_instrument i ON i.id = t.instrument_id
            WHERE 'NaN' IN (t.price, t.quantity) OR mod(t.price, i.tick_size) <> 0 OR mod(t.quantity, i.lot_size) <> 0""",
    ),
    Check(
        "I21",
        "each new trade and event is of a journaled batch, and of its epoch",
        f"""{_not_of_its_batch(_newest("orders_trade"))}
            UNION ALL {_not_of_its_batch(_newest("orders_accountevent"))}""",
    ),
    Check(
        "I21",
        "no engine has committed a new batch after one of its successor",
        f"""SELECT last_sequence, epoch, later FROM (
                SELECT last_sequence, epoch, max(epoch) OVER (ORDER BY age(xmin) DESC, last_sequence) AS later
                FROM (SELECT last_sequence, epoch, xmin FROM engine_journal ORDER BY last_sequence DESC LIMIT {NEWEST}) n) j
            WHERE epoch < later""",
    ),
    Check(
        "I23",
        "an account's status, limits and choices are what its new events say",
        f"""SELECT a.id, a.status, e.type FROM (
                SELECT DISTINCT ON (account_id, kind) account_id, type, data::json AS said FROM (
                    SELECT *, CASE WHEN type LIKE '%_SET' THEN type ELSE 'STATUS' END AS kind
                    FROM {_newest("orders_accountevent")} n
                    WHERE type IN ('ACCOUNT_OPENED', 'ACCOUNT_SUSPENDED', 'ACCOUNT_REINSTATED', 'ACCOUNT_LIMITS_SET',
                                   'SELF_TRADE_PREVENTION_SET')) n
                ORDER BY account_id, kind, id DESC) e
            JOIN accounts_account a ON a.id = e.account_id
            WHERE CASE e.type
                WHEN 'ACCOUNT_LIMITS_SET' THEN a.max_open_orders IS DISTINCT FROM (said->>'max_open_orders')::int
                    OR a.max_order_notional IS DISTINCT FROM (said->>'max_order_notional')::numeric
                WHEN 'SELF_TRADE_PREVENTION_SET' THEN a.self_trade_prevention <> said->>'mode'
                ELSE a.status <> CASE e.type WHEN 'ACCOUNT_SUSPENDED' THEN 'SUSPENDED' ELSE 'ACTIVE' END END""",
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
        "I21",
        "each trade and event is of a journaled batch, and of its epoch",
        f"""{_not_of_its_batch("orders_trade")} UNION ALL {_not_of_its_batch("orders_accountevent")}""",
    ),
)
