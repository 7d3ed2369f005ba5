"""The settlement of the commonest batch of all when the engine is idle: one new order, no trade, at most one ledger account moved.

The same laws and the same rows as ``engine_settle``, with plain values for arrays: about half of what the general function costs
for a batch of one is opening and closing its array scans.
"""

from django.db import migrations

FUNCTION = r"""
CREATE FUNCTION engine_settle_one(
    p_shard int, p_epoch int, p_at timestamptz, p_now_ns bigint, p_first bigint, p_last bigint, p_journal bytea, p_outbox bytea,
    o_id bigint, o_account bigint, o_client text, o_instrument int, o_side text, o_type text, o_tif text,
    o_quantity numeric, o_price numeric, o_status text, o_reason text, o_held numeric,
    b_id bigint, b_total numeric, b_held numeric,
    e_id bigint, e_sequence bigint, e_type text, e_data jsonb
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

BACKWARD = "DROP FUNCTION engine_settle_one;"


class Migration(migrations.Migration):
    dependencies = [("engine", "0003_settle")]

    operations = [migrations.RunSQL(FUNCTION, BACKWARD)]
