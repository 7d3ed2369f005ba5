"""What can be wrong with the books, as the statement that makes it so and the checks that must say so, and no other.

Each is planted into the books of a :class:`tests.engine.day.Day`, whose names for its rows are in braces.
"""

from tests.engine.plants_record import HASHES, RECORD, Plant

PLANTS: dict[str, Plant] = {
    "a posting of another amount": Plant(
        "UPDATE ledger_posting SET amount = amount + 1 WHERE leg = 0 AND transfer_id = {newest_transfer}",
        (
            "I1 money is conserved: the postings",
            "I2 a new transfer",
            "I2 a transfer balances",
            "I3 a new posting",
            "I3 a posting leaves",
            "I3 a total is",
            *HASHES,
        ),
    ),
    "a total that nothing made": Plant(
        "UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}",
        (
            "I1 money is conserved: the totals",
            "I3 a total is",
            "I3 what moved lately",
        ),
    ),
    "a transfer of no posting": Plant(
        "INSERT INTO ledger_transfer (id, kind, command_id, memo, at) SELECT max(id) + 1, 'DEPOSIT', 'x', '', now() FROM "
        "ledger_transfer",
        (
            "I2 a new transfer",
            "I2 a transfer has",
            *HASHES,
        ),
    ),
    "a posting on nobody's account": Plant(
        "INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after) SELECT "
        "transfer_id, leg + 90, 987654, asset_id, 0, 0 FROM ledger_posting WHERE leg = 0 AND transfer_id = "
        "{newest_transfer}",
        (
            "I2 a posting belongs",
            "I3 a total is",
            "I3 what moved lately",
            *HASHES,
        ),
    ),
    "less than nothing held": Plant(
        "UPDATE ledger_ledgeraccount SET held = -1 WHERE account_id = {account}",
        (
            "I3 held and available",
            "I4 what an account",
        ),
    ),
    "a balance after a posting that is not": Plant(
        "UPDATE ledger_posting SET balance_after = balance_after + 1 WHERE (transfer_id, leg) = (SELECT transfer_id, leg "
        "FROM ledger_posting ORDER BY 1 DESC, 2 LIMIT 1)",
        (
            "I3 a new posting",
            "I3 a posting leaves",
            *HASHES,
        ),
    ),
    "a hold that was forgotten": Plant(
        "UPDATE ledger_ledgeraccount SET held = 0 WHERE account_id = {account}",
        ("I4 what an account",),
    ),
    "an order that holds too little": Plant(
        "UPDATE orders_order SET held = held - 0.01 WHERE id = (SELECT min(id) FROM orders_order WHERE status = 'ACCEPTED')",
        (
            "I4 an open order",
            "I4 what an account",
        ),
    ),
    "a status that does not fit": Plant(
        "UPDATE orders_order SET filled_quantity = quantity WHERE id = (SELECT max(id) FROM orders_order WHERE status = "
        "'ACCEPTED')",
        (
            "I4 an open order",
            "I5 an order's status",
            "I5 the status of",
            "I7 an order that",
            "I7 an order's filled",
            "I14 an order that",
            "I14 open orders of",
        ),
    ),
    "an order decided twice": Plant(
        "UPDATE orders_accountevent SET type = 'ORDER_ACCEPTED' WHERE id = (SELECT max(id) FROM orders_accountevent WHERE "
        "type = 'ORDER_FILLED')",
        (
            "I5 an order's first",
            "I5 the first event",
            "I6 an order is",
            "I6 an order that",
            "I7 an order that",
            "I9 an order is",
            "I9 an order that",
        ),
    ),
    "an order that is open no more but in the table": Plant(
        "UPDATE orders_order SET status = 'ACCEPTED', reason = '', held = 1 WHERE status = 'CANCELED'",
        (
            "I4 an open order",
            "I4 what an account",
            "I6 an order is",
            "I6 an order that",
        ),
    ),
    "a trade with one fill": Plant(
        "DELETE FROM orders_fill WHERE id = (SELECT max(id) FROM orders_fill)",
        (
            "I7 a new trade has",
            "I7 a trade has",
            "I7 an order's filled",
            *HASHES,
        ),
    ),
    "a fee that was not counted": Plant(
        "UPDATE orders_order SET fee = fee + 1 WHERE status = 'FILLED'",
        ("I7 an order's filled",),
    ),
    "a trade settled twice": Plant(
        "UPDATE ledger_transfer SET trade_id = {newest_trade} WHERE id = (SELECT max(id) FROM ledger_transfer WHERE "
        "trade_id < {newest_trade})",
        (
            "I7 a new trade is",
            "I7 a trade is",
            *HASHES,
        ),
    ),
    "a maker that got another price": Plant(
        "UPDATE orders_fill SET price = price + 0.01 WHERE trade_id = {newest_trade}; UPDATE orders_trade SET price = price "
        "+ 0.01 WHERE id = {newest_trade}",
        (
            "I7 an order's filled",
            "I8 nobody has newly",
            "I8 nobody trades worse",
            *HASHES,
        ),
    ),
    "a quantity that nobody decided": Plant(
        "UPDATE orders_order SET quantity = quantity + 1, held = held + 1 WHERE id = (SELECT min(id) FROM orders_order "
        "WHERE status = 'ACCEPTED' AND side = 'SELL')",
        (
            "I4 what an account",
            "I9 an order is",
            "I9 an order that",
        ),
    ),
    "the second at a price filled before the first": Plant(
        "UPDATE orders_fill SET order_id = {second} WHERE order_id = {first}",
        (
            "I7 an order's filled",
            "I9 nobody has newly",
            "I9 nobody has traded",
            *HASHES,
        ),
    ),
    "an order of a better price passed over": Plant(
        "UPDATE orders_order SET price = 100.30 WHERE client_order_id = 'behind'",
        (
            "I8 nobody has newly",
            "I8 nobody trades worse",
            "I9 an order is",
            "I9 an order that",
            "I9 nobody has newly",
            "I9 nobody has traded",
        ),
    ),
    "the house before a customer at its price": Plant(
        "UPDATE orders_fill SET order_id = NULL WHERE order_id = {first} AND liquidity_side = 'MAKER'",
        (
            "I7 an order's filled",
            "I9 nobody has newly",
            "I9 nobody has traded",
            "I19 a position counts",
            *HASHES,
        ),
    ),
    "an amended order filled as if it had kept its place": Plant(
        "UPDATE orders_fill SET order_id = CASE order_id WHEN {amended} THEN {unamended} ELSE {amended} END WHERE order_id "
        "IN ({amended}, {unamended})",
        (
            "I7 an order's filled",
            "I9 nobody has newly",
            "I9 nobody has traded",
            *HASHES,
        ),
    ),
    "a fill of an order that was not in the book": Plant(
        "UPDATE orders_fill SET order_id = {waiting} WHERE id = (SELECT max(id) FROM orders_fill WHERE liquidity_side = 'MAKER')",
        (
            "I7 an order's filled",
            "I8 nobody has newly",
            "I8 nobody trades worse",
            "I9 nobody has newly",
            "I9 nobody has traded",
            *HASHES,
        ),
    ),
    "an order in another place than it took": Plant(
        "UPDATE orders_orderterms SET priority = order_id WHERE order_id = {moved}",
        ("I9 an open order",),
    ),
    "a crossed book": Plant(
        "UPDATE orders_order SET price = 110 WHERE id = {resting_buy}",
        (
            "I4 an open order",
            "I9 an order is",
            "I9 an order that",
            "I9 nobody has newly",
            "I9 nobody has traded",
            "I10 no book is",
        ),
    ),
    "a trade with oneself": Plant(
        "UPDATE orders_fill SET account_id = {account} WHERE trade_id = {newest_trade}",
        (
            "I11 nobody has newly",
            "I11 nobody trades with",
            *HASHES,
        ),
    ),
    "a trade while halted": Plant(
        "INSERT INTO instruments_statechange (instrument_id, state, after_sequence, at) SELECT id, 'HALTED', {first}, now() "
        "FROM instruments_instrument WHERE symbol = 'BTC-USD'",
        (
            "I11 nothing has newly",
            "I11 nothing trades in",
            "I11 the state of",
        ),
    ),
    "a trade while killed": Plant(
        "INSERT INTO instruments_statechange (instrument_id, state, after_sequence, at) VALUES (NULL, 'KILLED', {first}, now())",
        (
            "I11 nothing has traded,",
            "I11 the state of",
        ),
    ),
    "a trade's number that repeats": Plant(
        "UPDATE orders_trade SET instrument_sequence = instrument_sequence + 1 WHERE id = {newest_trade}",
        (
            "I12 each new trade",
            "I12 the trades of",
            *HASHES,
        ),
    ),
    "an event that is missing": Plant(
        "DELETE FROM orders_accountevent WHERE id = (SELECT min(id) FROM orders_accountevent WHERE type = 'ORDER_TRIGGERED')",
        (
            "I6 an order is",
            "I6 an order that",
            "I9 an open order",
            "I12 each new trade",
            "I12 the events of",
        ),
    ),
    **RECORD,
}
