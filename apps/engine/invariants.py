# ruff: noqa: S608 - every query is text of this module
"""What is always true of the books, as questions to the database that must have no answer.

One library for every lane: tests, fault runs, benchmarks and the running product. Each check is one SELECT whose rows are
violations; all of them are asked in one REPEATABLE READ snapshot, so a writing engine does not disturb them.
"""

from collections.abc import Iterable
from typing import Any

import psycopg

from apps.engine import (
    invariants_approvals,
    invariants_chain,
    invariants_orders,
    invariants_priority,
    invariants_published,
    invariants_states,
    invariants_trail,
)
from apps.engine.checks import ROWS_PER_CHECK, Check, Violation, find_violations_of
from apps.engine.invariants_orders import ITS_TERMS
from apps.engine.invariants_orders import OPEN as _OPEN
from apps.engine.invariants_recent import RECENT, STANDING, WHOLE

#: A minute before the newest batch: the clock's work may be spread over some batches, but not over a minute of them.
_LATELY = """(SELECT to_timestamp(now_ns / 1000000000) - interval '1 minute'
              FROM engine_journal ORDER BY last_sequence DESC LIMIT 1)"""

_ALL: tuple[Check, ...] = (
    Check(
        "I1",
        "money is conserved: the postings of an asset sum to zero",
        "SELECT asset_id, sum(amount) FROM ledger_posting GROUP BY asset_id HAVING sum(amount) <> 0",
        reconciles=True,
    ),
    Check(
        "I1",
        "money is conserved: the totals of an asset sum to zero",
        "SELECT asset_id, sum(total) FROM ledger_ledgeraccount GROUP BY asset_id HAVING sum(total) <> 0",
        reconciles=True,
        live=True,
    ),
    Check(
        "I2",
        "a transfer balances per asset",
        "SELECT transfer_id, asset_id, sum(amount) FROM ledger_posting GROUP BY 1, 2 HAVING sum(amount) <> 0",
    ),
    Check(
        "I2",
        "a transfer has at least two postings",
        """SELECT t.id, count(p.leg) FROM ledger_transfer t LEFT JOIN ledger_posting p ON p.transfer_id = t.id
           GROUP BY t.id HAVING count(p.leg) < 2""",
    ),
    Check(
        "I2",
        "a posting belongs to a transfer and to a ledger account of its asset",
        """SELECT p.transfer_id, p.leg FROM ledger_posting p LEFT JOIN ledger_transfer t ON t.id = p.transfer_id
           LEFT JOIN ledger_ledgeraccount l ON l.id = p.ledger_account_id AND l.asset_id = p.asset_id
           WHERE t.id IS NULL OR l.id IS NULL""",
    ),
    Check(
        "I3",
        "held and available are not negative",
        """SELECT id, total, held FROM ledger_ledgeraccount
           WHERE held < 0 OR (NOT may_be_negative AND total < held)""",
        reconciles=True,
        live=True,
    ),
    Check(
        "I3",
        "a total is the sum of its postings",
        """SELECT coalesce(l.id, p.ledger_account_id), l.total, coalesce(p.total, 0) FROM ledger_ledgeraccount l
           FULL JOIN (SELECT ledger_account_id, sum(amount) AS total FROM ledger_posting GROUP BY 1) p
               ON p.ledger_account_id = l.id
           WHERE l.total IS DISTINCT FROM coalesce(p.total, 0)""",
        reconciles=True,
    ),
    Check(
        "I3",
        "a posting leaves behind the total before it plus its amount",
        """SELECT * FROM (
               SELECT ledger_account_id, transfer_id, leg, balance_after,
                      sum(amount) OVER (PARTITION BY ledger_account_id ORDER BY transfer_id, leg) AS running
               FROM ledger_posting) p
           WHERE balance_after <> running""",
    ),
    Check(
        "I4",
        "what an account holds back is what its open orders hold: of those that are linked, the largest hold",
        f"""SELECT l.id, l.held, coalesce(o.held, 0), o.account_id, o.asset_id FROM ledger_ledgeraccount l FULL JOIN (
               SELECT account_id, asset_id, sum(held) AS held FROM (
                   SELECT o.account_id, CASE o.side WHEN 'BUY' THEN i.quote_id ELSE i.base_id END AS asset_id, max(o.held) AS held
                   FROM orders_order o JOIN instruments_instrument i ON i.id = o.instrument_id
                   {ITS_TERMS}
                   WHERE o.status IN {_OPEN} GROUP BY 1, 2, coalesce(t.link_id, -o.id)) shared
               GROUP BY 1, 2) o ON o.account_id = l.account_id AND o.asset_id = l.asset_id
           WHERE l.held IS DISTINCT FROM coalesce(o.held, 0)""",
        reconciles=True,
        live=True,
    ),
    Check(
        "I4",
        "an open order holds what its rest may still cost; one that will buy at the market holds no less than at its trigger",
        f"""SELECT * FROM (
               SELECT o.id, o.held, o.price IS NULL AND o.side = 'BUY' AS has_no_limit,
                   CASE o.side WHEN 'SELL' THEN o.quantity - o.filled_quantity ELSE
                   (o.quantity - o.filled_quantity) / i.lot_size * (coalesce(o.price, t.trigger_price) * i.lot_size
                       + ceil(coalesce(o.price, t.trigger_price) * i.lot_size * greatest(i.maker_fee_ppm, i.taker_fee_ppm) * 100)
                         / 100000000) END AS cost
               FROM orders_order o JOIN instruments_instrument i ON i.id = o.instrument_id
               {ITS_TERMS} WHERE o.status IN {_OPEN}) o
           WHERE cost IS NULL OR CASE WHEN has_no_limit THEN held < cost ELSE held <> cost END""",
        live=True,
    ),
    Check(
        "I14",
        "open orders of a link are of one account, instrument, side and parent, want the same, and one at most is in the book",
        f"""SELECT t.link_id, count(*) FROM orders_orderterms t JOIN orders_order o ON o.id = t.order_id
           WHERE t.link_id IS NOT NULL AND o.status IN {_OPEN} GROUP BY t.link_id
           HAVING count(DISTINCT (o.account_id, o.instrument_id, o.side, o.quantity - o.filled_quantity)) <> 1
               OR count(DISTINCT coalesce(t.parent_id, 0)) <> 1 OR count(*) FILTER (WHERE o.status <> 'WAITING') > 1""",
    ),
    Check(
        "I14",
        "an order that waits has a trigger, and the exits of an entry are open for no more than it bought and they have not sold",
        f"""SELECT o.id, o.quantity FROM orders_order o LEFT JOIN orders_orderterms t ON t.order_id = o.id
           LEFT JOIN orders_order p ON p.id = t.parent_id
           WHERE o.status IN {_OPEN} AND ((o.status = 'WAITING' AND t.trigger_price IS NULL)
              OR (t.parent_id IS NOT NULL AND o.quantity - o.filled_quantity > coalesce(p.filled_quantity, 0) - (
                  SELECT sum(x.filled_quantity) FROM orders_orderterms s JOIN orders_order x ON x.id = s.order_id
                  WHERE s.parent_id = t.parent_id)))""",
    ),
    Check(
        "I7",
        "a trade has two fills, a buy and a sell, of its price and quantity",
        """SELECT t.id FROM orders_trade t LEFT JOIN orders_fill f ON f.trade_id = t.id
           GROUP BY t.id, t.price, t.quantity
           HAVING count(*) FILTER (WHERE f.side = 'BUY') <> 1 OR count(*) FILTER (WHERE f.side = 'SELL') <> 1
               OR count(*) <> 2 OR bool_or(f.price <> t.price OR f.quantity <> t.quantity)""",
    ),
    Check(
        "I7",
        "a trade is settled by one transfer",
        """SELECT t.id, count(x.id) FROM orders_trade t LEFT JOIN ledger_transfer x ON x.trade_id = t.id
           GROUP BY t.id HAVING count(x.id) <> 1""",
    ),
    Check(
        "I12",
        "the trades of an instrument are counted without a gap",
        """SELECT instrument_id, count(*), max(instrument_sequence) FROM orders_trade GROUP BY instrument_id
           HAVING min(instrument_sequence) <> 1 OR max(instrument_sequence) <> count(*)
               OR count(DISTINCT instrument_sequence) <> count(*)""",
    ),
    Check(
        "I12",
        "the events of an account are counted without a gap",
        """SELECT account_id, count(*), max(account_sequence) FROM orders_accountevent GROUP BY account_id
           HAVING min(account_sequence) <> 1 OR max(account_sequence) <> count(*)
               OR count(DISTINCT account_sequence) <> count(*)""",
    ),
    Check(
        "I12",
        "each journaled batch begins where the one before it ended, or the last restoration did, and epochs only rise",
        """SELECT last_sequence FROM (
               SELECT last_sequence, first_sequence, epoch, lag(last_sequence, 1, 0::bigint) OVER w AS before,
                      lag(epoch, 1, 0) OVER w AS epoch_before FROM engine_journal WINDOW w AS (ORDER BY last_sequence)) j
           WHERE epoch < epoch_before OR last_sequence <= first_sequence OR first_sequence <> before AND NOT EXISTS (
               SELECT FROM eventlog_lostrange r WHERE r.lane = 'engine' AND before <= r.after_sequence
                 AND first_sequence = r.up_to_sequence)""",
    ),
    Check(
        "I20",
        "prices and quantities are on the grid",
        """SELECT t.id, t.price, t.quantity FROM orders_trade t JOIN instruments_instrument i ON i.id = t.instrument_id
           WHERE mod(t.price, i.tick_size) <> 0 OR mod(t.quantity, i.lot_size) <> 0""",
    ),
    Check(
        "I20",
        "open orders are on the grid",
        f"""SELECT o.id, o.price, o.quantity FROM orders_order o JOIN instruments_instrument i ON i.id = o.instrument_id
           WHERE o.status IN {_OPEN} AND (mod(o.price, i.tick_size) <> 0 OR mod(o.quantity, i.lot_size) <> 0)""",
        live=True,
    ),
    Check(
        "I20",
        "every stored number is finite",
        """SELECT 'orders_order', id FROM orders_order
               WHERE 'NaN' IN (quantity, coalesce(price, 0), filled_quantity, filled_notional, fee, held)
           UNION ALL SELECT 'orders_trade', id FROM orders_trade WHERE 'NaN' IN (price, quantity)
           UNION ALL SELECT 'orders_fill', id FROM orders_fill WHERE 'NaN' IN (price, quantity, fee)
           UNION ALL SELECT 'ledger_posting', transfer_id FROM ledger_posting WHERE 'NaN' IN (amount, balance_after)
           UNION ALL SELECT 'ledger_ledgeraccount', id FROM ledger_ledgeraccount WHERE 'NaN' IN (total, held)""",
    ),
    Check(
        "I23",
        "an account's status, limits and choices are what its last events say",
        """SELECT a.id, a.status, a.max_open_orders, a.max_order_notional, a.orders_per_second FROM accounts_account a LEFT JOIN (
               SELECT account_id,
                      (array_agg(type ORDER BY id DESC) FILTER (WHERE type NOT LIKE '%_SET'))[1] AS type,
                      (array_agg(data ORDER BY id DESC) FILTER (WHERE type = 'ACCOUNT_LIMITS_SET'))[1]::json AS limits,
                      (array_agg(data ORDER BY id DESC) FILTER (WHERE type = 'SELF_TRADE_PREVENTION_SET'))[1]::json AS choice
               FROM orders_accountevent
               WHERE type IN ('ACCOUNT_OPENED', 'ACCOUNT_SUSPENDED', 'ACCOUNT_REINSTATED', 'ACCOUNT_LIMITS_SET',
                              'SELF_TRADE_PREVENTION_SET')
               GROUP BY account_id) e ON e.account_id = a.id
           WHERE (a.status <> CASE e.type WHEN 'ACCOUNT_SUSPENDED' THEN 'SUSPENDED' ELSE 'ACTIVE' END AND e.type IS NOT NULL)
              OR a.max_open_orders IS DISTINCT FROM (e.limits->>'max_open_orders')::int
              OR a.max_order_notional IS DISTINCT FROM (e.limits->>'max_order_notional')::numeric
              OR a.orders_per_second IS DISTINCT FROM (e.limits->>'orders_per_second')::int
              OR a.self_trade_prevention <> coalesce(e.choice->>'mode', 'CANCEL_NEWEST')""",
    ),
    Check(
        "I24",
        "a GTD order has a last instant, any other has none, and no open one outlives its own by a minute of the engine's clock",
        f"""SELECT o.id, o.time_in_force, t.expires_at FROM orders_order o {ITS_TERMS}
           WHERE o.status IN {_OPEN} AND ((o.time_in_force = 'GTD') <> (t.expires_at IS NOT NULL) OR t.expires_at < {_LATELY})""",
        live=True,
    ),
    Check(
        "I24",
        "an open DAY order has a session that will end, and outlives none by a minute of the engine's clock",
        f"""SELECT o.id, o.created_at, s.closes_at FROM orders_order o LEFT JOIN LATERAL (
               SELECT min(closes_at) AS closes_at FROM instruments_tradingsession
               WHERE instrument_id = o.instrument_id AND closes_at > o.created_at) s ON true
           WHERE o.status IN {_OPEN} AND o.time_in_force = 'DAY' AND (s.closes_at IS NULL OR s.closes_at < {_LATELY})""",
        live=True,
    ),
    Check(
        "I24",
        "the sessions of an instrument do not overlap",
        """SELECT * FROM (
               SELECT instrument_id, pre_open_at, lag(closes_at) OVER (PARTITION BY instrument_id ORDER BY closes_at) AS closed_at
               FROM instruments_tradingsession) s
           WHERE pre_open_at < closed_at""",
        live=True,
    ),
    Check(
        "I24",
        "a dead man's switch that was not renewed has fired, at most a minute of the engine's clock late",
        f"SELECT id, dead_man_at FROM accounts_account WHERE dead_man_at < {_LATELY}",
        live=True,
    ),
    *invariants_orders.EVER,
    *invariants_states.STANDING,
    *invariants_published.STANDING,
    *invariants_published.EVER,
    *STANDING,
    *WHOLE,
    invariants_priority.EVER,
    invariants_priority.PLACES,
    invariants_states.EVER,
    *invariants_trail.EVER,
    *invariants_approvals.EVER,
    *invariants_chain.EVER,
)

_LATELY_ALL: tuple[Check, ...] = (
    *RECENT,
    *invariants_orders.LATELY,
    invariants_priority.LATELY,
    invariants_states.LATELY,
    invariants_published.LATELY,
    *invariants_trail.LATELY,
    *invariants_approvals.LATELY,
    *invariants_chain.LATELY,
)


def _in_order(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(sorted(checks, key=lambda check: int(check.name[1:])))


#: Everything there is to ask; of what is also asked in part every minute, the whole.
CHECKS = _in_order(_ALL)
#: What is asked every minute of the running product.
LIVE = _in_order((*(check for check in _ALL if check.live), *_LATELY_ALL))


def find_violations(
    connection: "psycopg.Connection[Any]", checks: tuple[Check, ...] = CHECKS, rows_per_check: int = ROWS_PER_CHECK
) -> list[Violation]:
    """Ask every check; return at most ``rows_per_check`` violations of each. An empty list is what is hoped for."""
    return find_violations_of(connection, checks, rows_per_check)
