"""What can be wrong with the books, as the statement that makes it so and the checks that must say so, and no other.

Each is planted into the books of a :class:`tests.engine.day.Day`, whose names for its rows are in braces.
"""

from typing import NamedTuple


class Plant(NamedTuple):
    """``found`` are the beginnings of the meanings of all checks that find it, with their law before."""

    statement: str
    found: tuple[str, ...]


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
        ),
    ),
    "a maker that got another price": Plant(
        "UPDATE orders_fill SET price = price + 0.01 WHERE trade_id = {newest_trade}; UPDATE orders_trade SET price = price "
        "+ 0.01 WHERE id = {newest_trade}",
        (
            "I7 an order's filled",
            "I8 nobody has newly",
            "I8 nobody trades worse",
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
        ),
    ),
    "an amended order filled as if it had kept its place": Plant(
        "UPDATE orders_fill SET order_id = CASE order_id WHEN {amended} THEN {unamended} ELSE {amended} END WHERE order_id "
        "IN ({amended}, {unamended})",
        (
            "I7 an order's filled",
            "I9 nobody has newly",
            "I9 nobody has traded",
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
    "a batch that is missing": Plant(
        "DELETE FROM engine_journal WHERE last_sequence = (SELECT last_sequence FROM engine_journal ORDER BY 1 DESC OFFSET "
        "1 LIMIT 1)",
        (
            "I12 each journaled batch",
            "I12 each new batch",
            "I21 each new trade",
            "I21 each trade and",
        ),
    ),
    "one id of two orders": Plant(
        "ALTER TABLE orders_order DROP CONSTRAINT order_client_order_id_once; UPDATE orders_order SET client_order_id = "
        "'c999' WHERE id IN ({resting_buy}, {day})",
        (
            "I13 a client order",
            "I13 the client order",
        ),
    ),
    "two answers to one command": Plant(
        "ALTER TABLE engine_commandrecord DROP CONSTRAINT engine_commandrecord_pkey; INSERT INTO engine_commandrecord "
        "SELECT * FROM engine_commandrecord LIMIT 1",
        ("I13 a command's id",),
    ),
    "linked orders that want different quantities": Plant(
        "UPDATE orders_order SET quantity = quantity + 1 WHERE id = {linked}",
        (
            "I4 an open order",
            "I9 an order is",
            "I9 an order that",
            "I14 open orders of",
        ),
    ),
    "an order that waits for nothing": Plant(
        "UPDATE orders_orderterms SET trigger_price = NULL WHERE order_id = {waiting}",
        ("I14 an order that",),
    ),
    "an event that the log does not have": Plant(
        'DELETE FROM eventlog_logrecord WHERE (partition_id, "offset") = (SELECT partition_id, 5 FROM eventlog_logpartition '
        "JOIN eventlog_logrecord ON partition_id = eventlog_logpartition.id WHERE topic = 'day.orders.events' LIMIT 1)",
        ("I19 the log has",),
    ),
    "an event published before its commit": Plant(
        "UPDATE eventlog_relaycursor SET last_sequence = (SELECT max(last_sequence) + 1 FROM eventlog_outboxbatch)",
        ("I19 the relay has",),
    ),
    "an event that waits nowhere": Plant(
        "DELETE FROM eventlog_outboxbatch WHERE last_sequence = (SELECT max(last_sequence) FROM eventlog_outboxbatch)",
        (
            "I19 every event that",
            "I19 every new event",
        ),
    ),
    "an event applied that does not exist": Plant(
        "UPDATE portfolio_accountprogress SET account_sequence = 999 WHERE account_id = {account}",
        ("I19 no consumer has",),
    ),
    "a fill counted twice": Plant(
        "UPDATE portfolio_position SET quantity = quantity + 1, cost = cost + 1",
        ("I19 a position counts",),
    ),
    "a price off the grid": Plant(
        "UPDATE orders_order SET price = price + 0.001 WHERE id = {resting_buy}",
        (
            "I4 an open order",
            "I9 an order is",
            "I9 an order that",
            "I20 open orders are",
        ),
    ),
    "a trade off the grid": Plant(
        "UPDATE orders_trade SET quantity = quantity + 0.0001 WHERE id = {newest_trade}",
        (
            "I7 a new trade has",
            "I7 a trade has",
            "I20 new trades are",
            "I20 prices and quantities",
        ),
    ),
    "a number that is none": Plant(
        "UPDATE orders_fill SET fee = 'NaN' WHERE id = (SELECT max(id) FROM orders_fill WHERE order_id IS NULL)",
        ("I20 every stored number",),
    ),
    "a batch of an engine that has no lease": Plant(
        "UPDATE engine_lease SET epoch = 0",
        ("I21 no batch is",),
    ),
    "a row of another epoch than its batch": Plant(
        "UPDATE orders_trade SET epoch = epoch + 1 WHERE id = {newest_trade}",
        (
            "I21 each new trade",
            "I21 each trade and",
        ),
    ),
    "a batch of a former engine that came late": Plant(
        "UPDATE engine_journal SET inputs = inputs WHERE epoch = 1",
        ("I21 no engine has",),
    ),
    "a command of staff that is in no trail": Plant(
        "DELETE FROM backoffice_trailentry WHERE action = 'HaltInstrument'",
        (
            "I22 every command of",
            "I22 every new command",
        ),
    ),
    "a command of staff in another's name": Plant(
        "UPDATE backoffice_trailentry SET actor_id = actor_id + 1000 WHERE action = 'HaltInstrument'",
        (
            "I22 every command of",
            "I22 every new command",
        ),
    ),
    "a deed in the trail that nobody decided": Plant(
        "UPDATE backoffice_trailentry SET command_id = command_id || 'x' WHERE action = 'KillVenue'",
        (
            "I22 every command of",
            "I22 every new command",
            "I22 what the trail of staff newly",
            "I22 what the trail of staff says",
        ),
    ),
    "an account with others' limits": Plant(
        "UPDATE accounts_account SET max_open_orders = 8 WHERE max_open_orders = 9",
        (
            "I23 an account's status, limits and choices are what its last",
            "I23 an account's status, limits and choices are what its new",
        ),
    ),
    "an order that outlived its time": Plant(
        "UPDATE orders_orderterms SET expires_at = expires_at - interval '2 hours' WHERE expires_at IS NOT NULL",
        ("I24 a GTD order",),
    ),
    "a DAY order without a session": Plant(
        "DELETE FROM instruments_tradingsession",
        ("I24 an open DAY",),
    ),
    "sessions that overlap": Plant(
        "UPDATE instruments_tradingsession SET pre_open_at = pre_open_at - interval '2 hours'",
        ("I24 the sessions of",),
    ),
    "a switch that did not fire": Plant(
        "UPDATE accounts_account SET dead_man_at = dead_man_at - interval '2 hours' WHERE dead_man_at IS NOT NULL",
        ("I24 a dead man's",),
    ),
}
