"""The rare part of the settlement again, as it is now. Against 0003: an account's limits are written beside its status.

``engine_settle`` itself is untouched: it calls this one only for a batch that changed an asset, an instrument or an account.
"""

from importlib import import_module

from django.db import migrations

SETTLE_RARE = r"""
CREATE OR REPLACE FUNCTION engine_settle_rare(p_rare jsonb, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    touched bigint;
BEGIN
    INSERT INTO instruments_asset (id, code, name, asset_class, display_decimals)
        SELECT * FROM jsonb_to_recordset(p_rare->'assets')
            AS a (id int, code text, name text, asset_class text, display_decimals smallint);
    INSERT INTO instruments_instrument (id, symbol, name, asset_class, base_id, quote_id, tick_size, lot_size, price_decimals,
                                        quantity_decimals, max_quantity, max_notional, collar_bps, maker_fee_ppm, taker_fee_ppm,
                                        ladder_step_ticks, trading_state, state_reason, state_changed_at)
        SELECT i.*, p_at FROM jsonb_to_recordset(p_rare->'instruments')
            AS i (id int, symbol text, name text, asset_class text, base_id int, quote_id int, tick_size numeric, lot_size numeric,
                  price_decimals smallint, quantity_decimals smallint, max_quantity numeric, max_notional numeric, collar_bps int,
                  maker_fee_ppm int, taker_fee_ppm int, ladder_step_ticks int, trading_state text, state_reason text);
    UPDATE instruments_instrument k SET
            symbol = i.symbol, name = i.name, asset_class = i.asset_class, tick_size = i.tick_size, lot_size = i.lot_size,
            price_decimals = i.price_decimals, quantity_decimals = i.quantity_decimals, max_quantity = i.max_quantity,
            max_notional = i.max_notional, collar_bps = i.collar_bps, maker_fee_ppm = i.maker_fee_ppm,
            taker_fee_ppm = i.taker_fee_ppm, ladder_step_ticks = i.ladder_step_ticks, state_reason = i.state_reason,
            state_changed_at = CASE WHEN k.trading_state = i.trading_state THEN k.state_changed_at ELSE p_at END,
            trading_state = i.trading_state
        FROM jsonb_to_recordset(p_rare->'changed_instruments')
            AS i (id int, symbol text, name text, asset_class text, base_id int, quote_id int, tick_size numeric, lot_size numeric,
                  price_decimals smallint, quantity_decimals smallint, max_quantity numeric, max_notional numeric, collar_bps int,
                  maker_fee_ppm int, taker_fee_ppm int, ladder_step_ticks int, trading_state text, state_reason text)
        WHERE k.id = i.id AND k.base_id = i.base_id AND k.quote_id = i.quote_id;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(p_rare->'changed_instruments') THEN
        RAISE EXCEPTION 'a changed instrument is not there' USING ERRCODE = 'TD002';
    END IF;
    UPDATE accounts_account k SET
            status = a.status, max_open_orders = a.max_open_orders, max_order_notional = a.max_order_notional
        FROM jsonb_to_recordset(p_rare->'accounts')
            AS a (id bigint, status text, max_open_orders smallint, max_order_notional numeric)
        WHERE k.id = a.id AND k.kind = 'CUSTOMER';
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(p_rare->'accounts') THEN
        RAISE EXCEPTION 'a changed account is not there' USING ERRCODE = 'TD002';
    END IF;
END $function$;
"""

_CREATE = "CREATE FUNCTION engine_settle_rare"
_FORMER = str(import_module("apps.engine.migrations.0003_settle").FUNCTION).partition(_CREATE)[2]
BACKWARD = "DROP FUNCTION engine_settle_rare(jsonb, timestamptz);\n" + _CREATE + _FORMER


class Migration(migrations.Migration):
    dependencies = [("engine", "0007_scope_of_command_records"), ("accounts", "0004_account_limits")]

    operations = [migrations.RunSQL(SETTLE_RARE, BACKWARD)]
