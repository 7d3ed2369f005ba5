# ruff: noqa: S608 - every query is text of this module
"""Price-time priority (I9), asked of what is stored: nobody trades while another who comes before him rests.

Every order that was in the book has a *place*, one number that is higher the earlier it is to trade: its price, the better the
higher, and behind it the engine's sequence at which it came there, the earlier the higher. It has it during a *stay*: from that
sequence until the one at which it ended, or took another place. Orders without terms have one stay; of the others it follows
from their events. The law: whoever is filled as a maker has, of all that stay at that moment on that side of that instrument,
the highest place; and the house, whose fills have no order, comes after every customer of its price.

Turned around: no fill within an order's stay is of a lower place than its own. So a stay needs the lowest place among the fills
of a stretch of them, and that is looked up in a tree: the lowest of each two, four, eight ... fills that follow one another. A
stretch is put together from at most two nodes of each height, so all of history costs what sorting it costs.

What the house offered and nobody took is stored nowhere but in the journal: that a customer was not filled while the house had
the better price is for ``manage.py replay_engine`` to say.
"""

from apps.engine.checks import Check
from apps.engine.invariants_orders import ITS_TERMS
from apps.engine.invariants_orders import OPEN as _OPEN

#: The newest events whose trades are asked about every minute, with all orders that were open then.
NEWEST_EVENTS = 5_000

_NEVER = 2**63 - 1
#: Ten to this power times the least step of a price is more than any sequence.
_PRICE = "1e28"
_BEHIND_ALL = "1e19"

_LIFE = "o.id, o.instrument_id, o.side, o.order_type, o.price, t.order_id IS NULL AS is_plain"
_MAY_REST = """o.price IS NOT NULL AND o.time_in_force IN ('GTC', 'DAY', 'GTD')
        AND o.status NOT IN ('WAITING', 'DENIED', 'REJECTED')"""
_ENDED = f"CASE WHEN o.status IN {_OPEN} THEN {_NEVER} ELSE e.last END AS ended"

#: Every order that may have been in the book, with its last event if it has ended.
_ALL_LIVES = f"""
lives AS MATERIALIZED (
    SELECT {_LIFE}, {_ENDED}
    FROM orders_order o
    JOIN (SELECT order_id, max(id) AS last FROM orders_accountevent WHERE order_id IS NOT NULL GROUP BY order_id) e
        ON e.order_id = o.id
    LEFT JOIN orders_orderterms t ON t.order_id = o.id
    WHERE {_MAY_REST}
)"""

#: Those of them that the newest events are about.
_NEWEST_LIVES = f"""
newest AS MATERIALIZED (
    SELECT id, order_id FROM orders_accountevent ORDER BY id DESC LIMIT {{newest}}
), edge AS MATERIALIZED (
    SELECT min(id) AS id FROM newest
), lives AS MATERIALIZED (
    SELECT o.* FROM (SELECT order_id, max(id) AS last FROM newest WHERE order_id IS NOT NULL GROUP BY order_id) e
    CROSS JOIN LATERAL (
        SELECT {_LIFE}, {_ENDED} FROM orders_order o {ITS_TERMS} WHERE o.id = e.order_id AND {_MAY_REST} OFFSET 0) o
)"""

#: A plain order stays where it came. Another comes to a place when it is accepted, set off, or amended so that it loses the one
#: it had.
_STAYS = f"""
stays AS MATERIALIZED (
    SELECT order_id, instrument_id, side, since, until,
           CASE side WHEN 'BUY' THEN price ELSE -price END * {_PRICE} - since AS place
    FROM (
        SELECT o.id AS order_id, o.instrument_id, o.side, o.price, o.id AS since, o.ended AS until
        FROM lives o WHERE o.is_plain
        UNION ALL
        SELECT o.id, o.instrument_id, o.side, p.price, e.id,
               lead(e.id, 1, o.ended) OVER (PARTITION BY o.id ORDER BY e.id)
        FROM lives o JOIN orders_accountevent e ON e.order_id = o.id AND CASE e.type
            WHEN 'ORDER_ACCEPTED' THEN o.order_type = 'LIMIT'
            WHEN 'ORDER_TRIGGERED' THEN true
            WHEN 'ORDER_AMENDED' THEN e.data::json->>'kept_priority' = 'false' AND e.data::json->>'status' <> 'WAITING'
            ELSE false END
        CROSS JOIN LATERAL (
            SELECT (told.data::json->>'price')::numeric AS price FROM orders_accountevent told
            WHERE told.order_id = o.id AND told.id <= e.id AND told.type IN ('ORDER_ACCEPTED', 'ORDER_AMENDED')
            ORDER BY told.id DESC LIMIT 1) p
        WHERE NOT o.is_plain) s
)"""

#: Makers' fills, numbered in their instrument and side. ``place`` is null of one that did not stay anywhere.
_MAKERS = f"""
makers AS MATERIALIZED (
    SELECT f.trade_id, f.order_id, f.instrument_id, f.side,
           row_number() OVER (PARTITION BY f.instrument_id, f.side ORDER BY f.trade_id) - 1 AS number,
           CASE WHEN f.order_id IS NOT NULL THEN s.place
                ELSE CASE f.side WHEN 'BUY' THEN f.price ELSE -f.price END * {_PRICE} - {_BEHIND_ALL} END AS place
    FROM orders_fill f LEFT JOIN stays s ON s.order_id = f.order_id AND f.trade_id > s.since AND f.trade_id < s.until
    WHERE f.liquidity_side = 'MAKER' {{fills}}
)"""

#: Of all others that are open, which have been where they are since before, the first of each side stands for all.
_NEWEST_RIVALS = f"""
others AS (
    SELECT o.id AS order_id, o.instrument_id, o.side, o.price FROM orders_order o
    WHERE o.status IN {_OPEN} AND {_MAY_REST} AND o.id NOT IN (SELECT order_id FROM newest WHERE order_id IS NOT NULL)
), rivals AS (
    SELECT * FROM stays
    UNION ALL
    (SELECT DISTINCT ON (instrument_id, side) order_id, instrument_id, side, since, {_NEVER}::bigint,
            CASE side WHEN 'BUY' THEN price ELSE -price END * {_PRICE} - since
     FROM (SELECT o.*, coalesce(t.priority, o.order_id) AS since
           FROM others o JOIN (SELECT instrument_id, side, max(price) AS highest, min(price) AS lowest
                               FROM others GROUP BY instrument_id, side) best USING (instrument_id, side)
           LEFT JOIN LATERAL (SELECT priority FROM orders_orderterms WHERE order_id = o.order_id OFFSET 0) t ON true
           WHERE price = CASE side WHEN 'BUY' THEN highest ELSE lowest END) first
     ORDER BY instrument_id, side, since)
)"""

#: Of each stay, which of the fills are within it; the least place of each stretch of them; who was passed over.
_PASSED = """
spans AS MATERIALIZED (
    SELECT order_id, instrument_id, side, place, min(passed) AS first, max(passed) AS behind FROM (
        SELECT order_id, instrument_id, side, place, count(trade_id) OVER (PARTITION BY instrument_id, side ORDER BY at) AS passed
        FROM (
            SELECT order_id, instrument_id, side, place, since AS at, NULL::bigint AS trade_id FROM rivals
            UNION ALL SELECT order_id, instrument_id, side, place, until, NULL FROM rivals
            UNION ALL SELECT NULL, instrument_id, side, NULL, trade_id, trade_id FROM makers) marks) counted
    WHERE order_id IS NOT NULL GROUP BY order_id, instrument_id, side, place HAVING max(passed) > min(passed)
), heights AS MATERIALIZED (
    SELECT height FROM generate_series(0, 62) height WHERE 1::bigint << height <= (SELECT max(behind - first) FROM spans)
), tree AS (
    SELECT instrument_id, side, height, number >> height AS node, min(place) AS least
    FROM makers CROSS JOIN heights GROUP BY instrument_id, side, height, number >> height
), cuts AS (
    SELECT s.*, height, (first + (1::bigint << height) - 1) >> height AS low, behind >> height AS high
    FROM spans s JOIN heights ON 1::bigint << height <= behind - first
), pieces AS (
    SELECT *, low AS node FROM cuts WHERE low < high AND low & 1 = 1
    UNION ALL SELECT *, high - 1 FROM cuts WHERE low < high AND high & 1 = 1
), passed AS (
    SELECT DISTINCT p.order_id, p.instrument_id, p.side, p.place, p.first, p.behind
    FROM pieces p JOIN tree t USING (instrument_id, side, height, node) WHERE t.least < p.place
)
SELECT p.order_id, m.trade_id, m.order_id FROM passed p CROSS JOIN LATERAL (
    SELECT trade_id, order_id FROM makers
    WHERE instrument_id = p.instrument_id AND side = p.side AND number >= p.first AND number < p.behind AND place < p.place
    ORDER BY number LIMIT 1) m
UNION ALL
SELECT NULL, trade_id, order_id FROM makers WHERE place IS NULL"""


def _query(lives: str, rivals: str, fills: str) -> str:
    return "WITH " + ",".join((lives, _STAYS, _MAKERS.format(fills=fills), rivals, _PASSED))


EVER = Check(
    "I9",
    "nobody has traded before an order of a better price, or of the same price and there before",
    _query(_ALL_LIVES, "rivals AS (SELECT * FROM stays)", ""),
)


def lately(newest_events: int) -> Check:
    """The trades since the oldest of so many events, with every order that was open then."""
    return Check(
        "I9",
        "nobody has newly traded before an order of a better price, or of the same price and there before",
        _query(_NEWEST_LIVES.format(newest=newest_events), _NEWEST_RIVALS, "AND f.id > 2 * (SELECT id FROM edge)"),
    )


LATELY = lately(NEWEST_EVENTS)
PLACES = Check(
    "I9",
    "an open order has the place in its queue that its last event gave it",
    f"""SELECT t.order_id, t.priority, e.id, e.type FROM orders_orderterms t
        JOIN orders_order o ON o.id = t.order_id AND o.status IN {_OPEN}
        LEFT JOIN LATERAL (
            SELECT id, type FROM orders_accountevent
            WHERE order_id = o.id AND (type IN ('ORDER_ACCEPTED', 'ORDER_TRIGGERED')
                OR (type = 'ORDER_AMENDED' AND data::json->>'kept_priority' = 'false'))
            ORDER BY id DESC LIMIT 1) e ON true
        WHERE t.priority IS DISTINCT FROM CASE e.type WHEN 'ORDER_ACCEPTED' THEN o.id WHEN 'ORDER_TRIGGERED' THEN e.id
                                                      WHEN 'ORDER_AMENDED' THEN e.id - 1 END""",
    live=True,
)
