"""What an upgrade must leave as it was: questions to the database that every schema since the first answers alike."""

from typing import Any

import psycopg

#: Whoever has orders that end by themselves: what became of them depends on the day of the upgrade.
_TIMED = "(SELECT account_id FROM orders_order WHERE time_in_force IN ('DAY', 'GTD'))"
FACTS = {
    "people": "SELECT id, email, password, role, is_staff, is_active, time_zone FROM accounts_user ORDER BY id",
    "accounts": "SELECT id, user_id, kind, status, opened_at, paper_deposit_at FROM accounts_account ORDER BY id",
    "log-ins": "SELECT session_key, session_data FROM django_session ORDER BY session_key",
    "balances": "SELECT id, account_id, asset_id, total, held FROM ledger_ledgeraccount"
    f" WHERE account_id NOT IN {_TIMED} ORDER BY id",
    "transfers": "SELECT id, kind, trade_id, command_id, memo, at FROM ledger_transfer ORDER BY id",
    "postings": "SELECT transfer_id, leg, ledger_account_id, amount, balance_after FROM ledger_posting ORDER BY transfer_id, leg",
    "orders": "SELECT id, account_id, client_order_id, instrument_id, side, order_type, time_in_force, quantity, price, status,"
    " reason, filled_quantity, filled_notional, fee, held, created_at, updated_at FROM orders_order"
    f" WHERE account_id NOT IN {_TIMED} ORDER BY id",
    "trades": "SELECT id, instrument_id, instrument_sequence, price, quantity, aggressor_side, at FROM orders_trade ORDER BY id",
    "fills": "SELECT id, order_id, account_id, side, liquidity_side, price, quantity, fee, at FROM orders_fill ORDER BY id",
    "events": "SELECT id, account_id, account_sequence, order_id, type, at FROM orders_accountevent ORDER BY id",
    "journal": "SELECT first_sequence, last_sequence, epoch, now_ns, inputs FROM engine_journal ORDER BY last_sequence",
    "answers": "SELECT command_id, account_id, body_digest, answer, at FROM engine_commandrecord ORDER BY command_id, account_id",
}
# What each dump must hold at least, so that the questions are about something.
LEAST = {"people": 5, "balances": 8, "transfers": 10, "orders": 10, "trades": 5, "fills": 5, "events": 20, "log-ins": 1}


#: What not every schema has: asked where there is somebody to answer.
LATER_FACTS = {
    "terms": "SELECT order_id, trigger_price, trail_amount, trail_bps, expires_at, post_only, reduce_only, priority, link_id,"
    " parent_id, exits::text FROM orders_orderterms JOIN orders_order o ON o.id = order_id"
    f" WHERE account_id NOT IN {_TIMED} ORDER BY order_id",
    "limits and choices": "SELECT id, max_open_orders, max_order_notional, self_trade_prevention FROM accounts_account"
    " ORDER BY id",
    # Where no halt stands, the state follows a calendar.
    "instruments": "SELECT symbol, trading_state = 'HALTED', calendar, band_bps FROM instruments_instrument ORDER BY symbol",
    "the kill switch": "SELECT shard, is_killed, kill_reason FROM engine_lease",
}


def read_facts(url: str) -> dict[str, list[tuple[Any, ...]]]:
    with psycopg.connect(url) as connection:
        found = {name: connection.execute(question).fetchall() for name, question in FACTS.items()}
        for name, question in LATER_FACTS.items():
            try:
                with connection.transaction():
                    found[name] = connection.execute(question).fetchall()
            except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
                continue
        return found
