"""The settlement functions again, as they are now. Against 0003 and 0004:

- the events' documents are text, as their column is (orders/0004), and Postgres does not parse them;
- the instruments of new orders are looked up once each: a batch names few of them, many times.
"""

from importlib import import_module

from django.db import migrations

DROP = "DROP FUNCTION engine_settle; DROP FUNCTION engine_settle_one;"

SETTLE = r"""
CREATE FUNCTION engine_settle(
    p_shard int, p_epoch int, p_at timestamptz, p_now_ns bigint, p_first bigint, p_last bigint, p_journal bytea, p_outbox bytea,
    p_rare jsonb,
    n_id bigint[], n_account bigint[], n_asset int[], n_negative boolean[],
    o_id bigint[], o_account bigint[], o_client text[], o_instrument int[], o_side text[], o_type text[], o_tif text[],
    o_quantity numeric[], o_price numeric[], o_status text[], o_reason text[], o_filled numeric[], o_notional numeric[],
    o_fee numeric[], o_held numeric[],
    c_id bigint[], c_status text[], c_reason text[], c_filled numeric[], c_notional numeric[], c_fee numeric[], c_held numeric[],
    t_id bigint[], t_instrument int[], t_sequence bigint[], t_price numeric[], t_quantity numeric[], t_side text[],
    t_source text[], t_epoch bigint[], t_quote bigint[],
    f_id bigint[], f_trade bigint[], f_order bigint[], f_account bigint[], f_instrument int[], f_side text[], f_liquidity text[],
    f_price numeric[], f_quantity numeric[], f_fee numeric[],
    x_id bigint[], x_kind text[], x_trade bigint[], x_command text[], x_memo text[],
    p_transfer bigint[], p_leg smallint[], p_ledger bigint[], p_asset int[], p_amount numeric[], p_after numeric[],
    b_id bigint[], b_total numeric[], b_held numeric[],
    e_id bigint[], e_account bigint[], e_sequence bigint[], e_order bigint[], e_type text[], e_data text[],
    r_id text[], r_account bigint[], r_digest bytea[], r_answer bytea[]
) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    touched bigint;
    covered bigint;
BEGIN
    PERFORM 1 FROM engine_lease WHERE shard = p_shard AND epoch = p_epoch FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'epoch % of shard % is over', p_epoch, p_shard USING ERRCODE = 'TD001';
    END IF;

    IF p_rare IS NOT NULL THEN
        PERFORM engine_settle_rare(p_rare, p_at);
    END IF;

    IF n_id IS NOT NULL THEN
        INSERT INTO ledger_ledgeraccount (id, account_id, asset_id, may_be_negative, total, held)
            SELECT id, account, asset, negative, 0, 0
            FROM unnest(n_id, n_account, n_asset, n_negative) AS u (id, account, asset, negative);
    END IF;

    IF o_id IS NOT NULL THEN
        IF EXISTS (SELECT FROM unnest(o_account) AS a (id) WHERE NOT EXISTS (SELECT FROM accounts_account k WHERE k.id = a.id))
           OR EXISTS (SELECT FROM (SELECT DISTINCT id FROM unnest(o_instrument) AS u (id)) AS i
                      WHERE NOT EXISTS (SELECT FROM instruments_instrument k WHERE k.id = i.id)) THEN
            RAISE EXCEPTION 'an order names an account or an instrument that is not there' USING ERRCODE = 'TD002';
        END IF;
        INSERT INTO orders_order (id, account_id, client_order_id, instrument_id, side, order_type, time_in_force, quantity, price,
                                  status, reason, filled_quantity, filled_notional, fee, held, created_at, updated_at)
            SELECT id, account, client, instrument, side, type, tif, quantity, price,
                   status, reason, filled, notional, fee, held, p_at, p_at
            FROM unnest(o_id, o_account, o_client, o_instrument, o_side, o_type, o_tif, o_quantity, o_price,
                        o_status, o_reason, o_filled, o_notional, o_fee, o_held)
                AS u (id, account, client, instrument, side, type, tif, quantity, price,
                      status, reason, filled, notional, fee, held);
    END IF;

    IF c_id IS NOT NULL THEN
        UPDATE orders_order o SET status = u.status, reason = u.reason, filled_quantity = u.filled, filled_notional = u.notional,
                                  fee = u.fee, held = u.held, updated_at = p_at
            FROM unnest(c_id, c_status, c_reason, c_filled, c_notional, c_fee, c_held)
                AS u (id, status, reason, filled, notional, fee, held)
            WHERE o.id = u.id AND o.status IN ('ACCEPTED', 'PARTIALLY_FILLED');
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched <> cardinality(c_id) THEN
            RAISE EXCEPTION '% of % changed orders were open', touched, cardinality(c_id) USING ERRCODE = 'TD002';
        END IF;
    END IF;

    IF t_id IS NOT NULL THEN
        INSERT INTO orders_trade (id, instrument_id, epoch, instrument_sequence, price, quantity, aggressor_side,
                                  quote_source, quote_epoch, quote_sequence, at)
            SELECT id, instrument, p_epoch, sequence, price, quantity, side, source, quote_epoch, quote, p_at
            FROM unnest(t_id, t_instrument, t_sequence, t_price, t_quantity, t_side, t_source, t_epoch, t_quote)
                AS u (id, instrument, sequence, price, quantity, side, source, quote_epoch, quote);
        INSERT INTO orders_fill (id, trade_id, order_id, account_id, instrument_id, side, liquidity_side, price, quantity, fee, at)
            SELECT id, trade, order_id, account, instrument, side, liquidity, price, quantity, fee, p_at
            FROM unnest(f_id, f_trade, f_order, f_account, f_instrument, f_side, f_liquidity, f_price, f_quantity, f_fee)
                AS u (id, trade, order_id, account, instrument, side, liquidity, price, quantity, fee);
    END IF;

    IF x_id IS NOT NULL THEN
        INSERT INTO ledger_transfer (id, kind, trade_id, command_id, memo, at)
            SELECT id, kind, trade, command, memo, p_at
            FROM unnest(x_id, x_kind, x_trade, x_command, x_memo) AS u (id, kind, trade, command, memo);
        INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after)
            SELECT transfer, leg, ledger, asset, amount, after
            FROM unnest(p_transfer, p_leg, p_ledger, p_asset, p_amount, p_after)
                AS u (transfer, leg, ledger, asset, amount, after);
    END IF;

    IF b_id IS NOT NULL THEN
        -- The ledger adds up for itself: a total is what it was plus what was posted, and that must be what the engine holds.
        WITH moved AS (
            SELECT ledger, asset, sum(amount) AS delta, count(*) AS legs
            FROM unnest(p_ledger, p_asset, p_amount) AS u (ledger, asset, amount) GROUP BY ledger, asset
        ), done AS (
            UPDATE ledger_ledgeraccount l SET total = l.total + coalesce(m.delta, 0), held = u.held
                FROM unnest(b_id, b_total, b_held) AS u (id, total, held) LEFT JOIN moved m ON m.ledger = u.id
                WHERE l.id = u.id AND l.total + coalesce(m.delta, 0) = u.total AND coalesce(m.asset, l.asset_id) = l.asset_id
                RETURNING coalesce(m.legs, 0) AS legs
        )
        SELECT count(*), coalesce(sum(legs), 0) INTO touched, covered FROM done;
        IF touched <> cardinality(b_id) OR covered <> coalesce(cardinality(p_ledger), 0) THEN
            RAISE EXCEPTION '% of % ledger accounts and % of % postings agree with the engine',
                touched, cardinality(b_id), covered, coalesce(cardinality(p_ledger), 0) USING ERRCODE = 'TD002';
        END IF;
    ELSIF p_ledger IS NOT NULL THEN
        RAISE EXCEPTION 'postings without the totals that they lead to' USING ERRCODE = 'TD002';
    END IF;

    IF e_id IS NOT NULL THEN
        INSERT INTO orders_accountevent (id, account_id, account_sequence, epoch, order_id, type, data, at)
            SELECT id, account, sequence, p_epoch, order_id, type, data, p_at
            FROM unnest(e_id, e_account, e_sequence, e_order, e_type, e_data) AS u (id, account, sequence, order_id, type, data);
    END IF;

    IF r_id IS NOT NULL THEN
        INSERT INTO engine_commandrecord (command_id, account_id, body_digest, answer, at)
            SELECT id, account, digest, answer, p_at
            FROM unnest(r_id, r_account, r_digest, r_answer) AS u (id, account, digest, answer);
    END IF;

    IF p_journal IS NOT NULL THEN
        INSERT INTO engine_journal (last_sequence, first_sequence, epoch, now_ns, inputs)
            VALUES (p_last, p_first, p_epoch, p_now_ns, p_journal);
    END IF;
    IF p_outbox IS NOT NULL THEN
        INSERT INTO eventlog_outboxbatch (lane, last_sequence, messages) VALUES ('engine', p_last, p_outbox);
        NOTIFY tredye_outbox;
    END IF;
END $function$;
"""

SETTLE_ONE = r"""
CREATE FUNCTION engine_settle_one(
    p_shard int, p_epoch int, p_at timestamptz, p_now_ns bigint, p_first bigint, p_last bigint, p_journal bytea, p_outbox bytea,
    o_id bigint, o_account bigint, o_client text, o_instrument int, o_side text, o_type text, o_tif text,
    o_quantity numeric, o_price numeric, o_status text, o_reason text, o_held numeric,
    b_id bigint, b_total numeric, b_held numeric,
    e_id bigint, e_sequence bigint, e_type text, e_data text
) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM 1 FROM engine_lease WHERE shard = p_shard AND epoch = p_epoch FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'epoch % of shard % is over', p_epoch, p_shard USING ERRCODE = 'TD001';
    END IF;
    -- No posting moves this ledger account's total, so it must be what the engine holds.
    IF b_id IS NOT NULL THEN
        UPDATE ledger_ledgeraccount SET held = b_held WHERE id = b_id AND total = b_total AND account_id = o_account;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ledger account % does not agree with the engine', b_id USING ERRCODE = 'TD002';
        END IF;
    END IF;
    INSERT INTO orders_order (id, account_id, client_order_id, instrument_id, side, order_type, time_in_force, quantity, price,
                              status, reason, filled_quantity, filled_notional, fee, held, created_at, updated_at)
        SELECT o_id, a.id, o_client, i.id, o_side, o_type, o_tif, o_quantity, o_price,
               o_status, o_reason, 0, 0, 0, o_held, p_at, p_at
        FROM accounts_account a, instruments_instrument i WHERE a.id = o_account AND i.id = o_instrument;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an order names an account or an instrument that is not there' USING ERRCODE = 'TD002';
    END IF;
    INSERT INTO orders_accountevent (id, account_id, account_sequence, epoch, order_id, type, data, at)
        VALUES (e_id, o_account, e_sequence, p_epoch, o_id, e_type, e_data, p_at);
    INSERT INTO engine_journal (last_sequence, first_sequence, epoch, now_ns, inputs)
        VALUES (p_last, p_first, p_epoch, p_now_ns, p_journal);
    INSERT INTO eventlog_outboxbatch (lane, last_sequence, messages) VALUES ('engine', p_last, p_outbox);
    NOTIFY tredye_outbox;
END $function$;
"""


def former(migration: str) -> str:
    return str(import_module(f"apps.engine.migrations.{migration}").FUNCTION).partition("-- What happens a few times a day")[0]


class Migration(migrations.Migration):
    dependencies = [("engine", "0004_settle_one"), ("orders", "0004_event_text")]

    operations = [migrations.RunSQL(DROP + SETTLE + SETTLE_ONE, DROP + former("0003_settle") + former("0004_settle_one"))]
