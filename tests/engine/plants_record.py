"""What can be wrong with the record itself: what is missing, published twice, of another epoch, or not what was hashed.

See :mod:`tests.engine.plants`, which has all of them.
"""

from typing import NamedTuple

#: Whatever is changed of a fill, a transfer or what came of them is no longer what its batch was hashed with.
#: Whatever is changed of an entry of the trail is no longer what its link was made of.
LINKS = ("I22 the chain over the trail", "I22 the newest links")
HASHES = ("I25 the hash of a batch", "I25 the hash of a new batch")


class Plant(NamedTuple):
    """``found`` are the beginnings of the meanings of all checks that find it, with their law before."""

    statement: str
    found: tuple[str, ...]


RECORD: dict[str, Plant] = {
    "a batch that is missing": Plant(
        "DELETE FROM engine_journal WHERE last_sequence = (SELECT last_sequence FROM engine_journal ORDER BY 1 DESC OFFSET "
        "1 LIMIT 1)",
        (
            "I12 each journaled batch",
            "I12 each new batch",
            "I21 each new trade",
            "I21 each trade and",
            *HASHES,
            "I25 a new transfer",
            "I25 a transfer is",
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
            *HASHES,
        ),
    ),
    "a number that is none": Plant(
        "UPDATE orders_fill SET fee = 'NaN' WHERE id = (SELECT max(id) FROM orders_fill WHERE order_id IS NULL)",
        (
            "I20 every stored number",
            *HASHES,
        ),
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
            *LINKS,
        ),
    ),
    "a command of staff in another's name": Plant(
        "UPDATE backoffice_trailentry SET actor_id = actor_id + 1000 WHERE action = 'HaltInstrument'",
        (
            "I22 every command of",
            "I22 every new command",
            *LINKS,
        ),
    ),
    "an approval of what nobody proposed": Plant(
        "UPDATE backoffice_proposal SET decided_by_id = {account} WHERE action = 'RESTORE_VENUE'",
        (
            "I22 what a second person has",
            "I22 what a second person newly",
        ),
    ),
    "an adjustment by one person": Plant(
        "DELETE FROM engine_approval WHERE reference = (SELECT max(reference) FROM engine_approval WHERE kind = "
        "'ADJUST_BALANCE')",
        (
            "I22 a new adjustment",
            "I22 an adjustment that",
        ),
    ),
    "a deed in the trail that nobody decided": Plant(
        "UPDATE backoffice_trailentry SET command_id = command_id || 'x' WHERE action = 'KillVenue'",
        (
            "I22 every command of",
            "I22 every new command",
            "I22 what the trail of staff newly",
            "I22 what the trail of staff says",
            *LINKS,
        ),
    ),
    "a reason of staff that was rewritten": Plant(
        "UPDATE backoffice_trailentry SET reason = 'something else' WHERE action = 'KillVenue'",
        LINKS,
    ),
    "an entry of the trail that no link is made of": Plant(
        "INSERT INTO backoffice_trailentry (at, kind, actor_id, action, subject, reason, command_id, before, after, outcome) "
        "SELECT now() - interval '2 hours', 'LOOK', actor_id, 'SEARCH', 'somebody', 'as agreed', '', '', '', '' "
        "FROM backoffice_trailentry LIMIT 1",
        ("I22 no entry of", "I22 no new entry of"),
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
    "a batch whose hash is another": Plant(
        "UPDATE engine_journal SET hash = sha256(hash) WHERE last_sequence = (SELECT max(last_sequence) FROM engine_journal)",
        HASHES,
    ),
    "a batch without a hash": Plant(
        "UPDATE engine_journal SET hash = NULL WHERE last_sequence = (SELECT max(last_sequence) FROM engine_journal)",
        (
            "I25 since the chain began",
            "I25 every new batch",
        ),
    ),
    "a chain that begins again with another hash": Plant(
        "INSERT INTO engine_chainstart (after_sequence, hash_before, epoch) SELECT max(last_sequence), sha256(''), 1 "
        "FROM engine_journal",
        ("I25 since the chain began",),
    ),
    "a transfer behind the newest batch": Plant(
        "INSERT INTO ledger_transfer (id, kind, command_id, memo, at) SELECT max(last_sequence) + 1, 'DEPOSIT', 'x', '', now() "
        "FROM engine_journal; INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after) "
        "SELECT max(j.last_sequence) + 1, 0, max(l.id), max(l.asset_id), 0, max(l.total) FROM engine_journal j, "
        "ledger_ledgeraccount l WHERE l.id = (SELECT max(ledger_account_id) FROM ledger_posting); INSERT INTO ledger_posting "
        "(transfer_id, leg, ledger_account_id, asset_id, amount, balance_after) SELECT transfer_id, 1, ledger_account_id, "
        "asset_id, amount, balance_after FROM ledger_posting ORDER BY transfer_id DESC LIMIT 1",
        (
            "I25 a transfer is",
            "I25 a new transfer",
        ),
    ),
}
