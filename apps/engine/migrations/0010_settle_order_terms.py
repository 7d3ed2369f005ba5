"""The settlement functions, written out whole as they are now. Against 0005, 0007 and 0008:

- an order may be WAITING, and be amended; what it has beyond a plain order goes to ``orders_orderterms``;
- instruments have a band, pauses and sessions; accounts a self-trade prevention and a dead man's switch; the venue a kill switch.
- columns are unrolled in the SELECT list, side by side, rather than in FROM: there each has its rows put into a store of its own
  first, and a batch of 200 has some 75 columns. Measured on six columns of 378 rows, their parsing (0.6) included: 1.3 us a row
  in FROM, 0.8 in the SELECT list.

``engine_settle_one`` writes a plain order and nothing of this: it stays as 0005 made it.
"""

from importlib import import_module

from django.db import migrations

SETTLE = r"""
CREATE OR REPLACE FUNCTION engine_settle(
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
    r_scope bigint[], r_id text[], r_account bigint[], r_digest bytea[], r_answer bytea[]
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
        PERFORM engine_settle_rare(p_rare, p_shard, p_at);
    END IF;

    IF n_id IS NOT NULL THEN
        INSERT INTO ledger_ledgeraccount (id, account_id, asset_id, may_be_negative, total, held)
            SELECT id, account, asset, negative, 0, 0
            FROM (SELECT unnest(n_id) AS id, unnest(n_account) AS account, unnest(n_asset) AS asset,
                         unnest(n_negative) AS negative) AS u;
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
            FROM (SELECT unnest(o_id) AS id, unnest(o_account) AS account, unnest(o_client) AS client,
                         unnest(o_instrument) AS instrument, unnest(o_side) AS side, unnest(o_type) AS type, unnest(o_tif) AS tif,
                         unnest(o_quantity) AS quantity, unnest(o_price) AS price, unnest(o_status) AS status,
                         unnest(o_reason) AS reason, unnest(o_filled) AS filled, unnest(o_notional) AS notional,
                         unnest(o_fee) AS fee, unnest(o_held) AS held) AS u;
    END IF;

    IF c_id IS NOT NULL THEN
        UPDATE orders_order o SET status = u.status, reason = u.reason, filled_quantity = u.filled, filled_notional = u.notional,
                                  fee = u.fee, held = u.held, updated_at = p_at
            FROM (SELECT unnest(c_id) AS id, unnest(c_status) AS status, unnest(c_reason) AS reason, unnest(c_filled) AS filled,
                         unnest(c_notional) AS notional, unnest(c_fee) AS fee, unnest(c_held) AS held) AS u
            WHERE o.id = u.id AND o.status IN ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED');
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched <> cardinality(c_id) THEN
            RAISE EXCEPTION '% of % changed orders were open', touched, cardinality(c_id) USING ERRCODE = 'TD002';
        END IF;
    END IF;

    IF t_id IS NOT NULL THEN
        INSERT INTO orders_trade (id, instrument_id, epoch, instrument_sequence, price, quantity, aggressor_side,
                                  quote_source, quote_epoch, quote_sequence, at)
            SELECT id, instrument, p_epoch, sequence, price, quantity, side, source, quote_epoch, quote, p_at
            FROM (SELECT unnest(t_id) AS id, unnest(t_instrument) AS instrument, unnest(t_sequence) AS sequence,
                         unnest(t_price) AS price, unnest(t_quantity) AS quantity, unnest(t_side) AS side,
                         unnest(t_source) AS source, unnest(t_epoch) AS quote_epoch, unnest(t_quote) AS quote) AS u;
        INSERT INTO orders_fill (id, trade_id, order_id, account_id, instrument_id, side, liquidity_side, price, quantity, fee, at)
            SELECT id, trade, order_id, account, instrument, side, liquidity, price, quantity, fee, p_at
            FROM (SELECT unnest(f_id) AS id, unnest(f_trade) AS trade, unnest(f_order) AS order_id, unnest(f_account) AS account,
                         unnest(f_instrument) AS instrument, unnest(f_side) AS side, unnest(f_liquidity) AS liquidity,
                         unnest(f_price) AS price, unnest(f_quantity) AS quantity, unnest(f_fee) AS fee) AS u;
    END IF;

    IF x_id IS NOT NULL THEN
        INSERT INTO ledger_transfer (id, kind, trade_id, command_id, memo, at)
            SELECT id, kind, trade, command, memo, p_at
            FROM (SELECT unnest(x_id) AS id, unnest(x_kind) AS kind, unnest(x_trade) AS trade, unnest(x_command) AS command,
                         unnest(x_memo) AS memo) AS u;
        INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after)
            SELECT transfer, leg, ledger, asset, amount, after
            FROM (SELECT unnest(p_transfer) AS transfer, unnest(p_leg) AS leg, unnest(p_ledger) AS ledger,
                         unnest(p_asset) AS asset, unnest(p_amount) AS amount, unnest(p_after) AS after) AS u;
    END IF;

    IF b_id IS NOT NULL THEN
        -- The ledger adds up for itself: a total is what it was plus what was posted, and that must be what the engine holds.
        WITH moved AS (
            SELECT ledger, asset, sum(amount) AS delta, count(*) AS legs
            FROM (SELECT unnest(p_ledger) AS ledger, unnest(p_asset) AS asset, unnest(p_amount) AS amount) AS u
            GROUP BY ledger, asset
        ), done AS (
            UPDATE ledger_ledgeraccount l SET total = l.total + coalesce(m.delta, 0), held = u.held
                FROM (SELECT unnest(b_id) AS id, unnest(b_total) AS total, unnest(b_held) AS held) AS u
                LEFT JOIN moved m ON m.ledger = u.id
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
            FROM (SELECT unnest(e_id) AS id, unnest(e_account) AS account, unnest(e_sequence) AS sequence,
                         unnest(e_order) AS order_id, unnest(e_type) AS type, unnest(e_data) AS data) AS u;
    END IF;

    IF r_id IS NOT NULL THEN
        INSERT INTO engine_commandrecord (scope, command_id, account_id, body_digest, answer, at)
            SELECT scope, id, account, digest, answer, p_at
            FROM (SELECT unnest(r_scope) AS scope, unnest(r_id) AS id, unnest(r_account) AS account, unnest(r_digest) AS digest,
                         unnest(r_answer) AS answer) AS u;
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

SETTLE_RARE = r"""
CREATE FUNCTION engine_settle_rare(p_rare jsonb, p_shard int, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    touched bigint;
BEGIN
    INSERT INTO instruments_asset (id, code, name, asset_class, display_decimals)
        SELECT * FROM jsonb_to_recordset(p_rare->'assets')
            AS a (id int, code text, name text, asset_class text, display_decimals smallint);
    INSERT INTO instruments_instrument (id, symbol, name, asset_class, base_id, quote_id, tick_size, lot_size, price_decimals,
                                        quantity_decimals, max_quantity, max_notional, collar_bps, maker_fee_ppm, taker_fee_ppm,
                                        ladder_step_ticks, trading_state, state_reason, band_bps, paused_until, is_sweeping,
                                        around_the_clock, state_changed_at)
        SELECT i.*, p_at FROM jsonb_to_recordset(p_rare->'instruments')
            AS i (id int, symbol text, name text, asset_class text, base_id int, quote_id int, tick_size numeric, lot_size numeric,
                  price_decimals smallint, quantity_decimals smallint, max_quantity numeric, max_notional numeric, collar_bps int,
                  maker_fee_ppm int, taker_fee_ppm int, ladder_step_ticks int, trading_state text, state_reason text, band_bps int,
                  paused_until timestamptz, is_sweeping boolean, around_the_clock boolean);
    UPDATE instruments_instrument k SET
            symbol = i.symbol, name = i.name, asset_class = i.asset_class, tick_size = i.tick_size, lot_size = i.lot_size,
            price_decimals = i.price_decimals, quantity_decimals = i.quantity_decimals, max_quantity = i.max_quantity,
            max_notional = i.max_notional, collar_bps = i.collar_bps, maker_fee_ppm = i.maker_fee_ppm,
            taker_fee_ppm = i.taker_fee_ppm, ladder_step_ticks = i.ladder_step_ticks, state_reason = i.state_reason,
            state_changed_at = CASE WHEN k.trading_state = i.trading_state THEN k.state_changed_at ELSE p_at END,
            trading_state = i.trading_state, band_bps = i.band_bps, paused_until = i.paused_until, is_sweeping = i.is_sweeping,
            around_the_clock = i.around_the_clock
        FROM jsonb_to_recordset(p_rare->'changed_instruments')
            AS i (id int, symbol text, name text, asset_class text, base_id int, quote_id int, tick_size numeric, lot_size numeric,
                  price_decimals smallint, quantity_decimals smallint, max_quantity numeric, max_notional numeric, collar_bps int,
                  maker_fee_ppm int, taker_fee_ppm int, ladder_step_ticks int, trading_state text, state_reason text, band_bps int,
                  paused_until timestamptz, is_sweeping boolean, around_the_clock boolean)
        WHERE k.id = i.id AND k.base_id = i.base_id AND k.quote_id = i.quote_id;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(p_rare->'changed_instruments') THEN
        RAISE EXCEPTION 'a changed instrument is not there' USING ERRCODE = 'TD002';
    END IF;
    -- An instrument's known sessions are replaced as a whole; those that are over go with them.
    DELETE FROM instruments_tradingsession WHERE instrument_id IN (
        SELECT instrument_id FROM jsonb_to_recordset(p_rare->'schedules') AS s (instrument_id int));
    INSERT INTO instruments_tradingsession (instrument_id, pre_open_at, opens_at, closes_at)
        SELECT s.instrument_id, t.pre_open_at, t.opens_at, t.closes_at
        FROM jsonb_to_recordset(p_rare->'schedules') AS s (instrument_id int, sessions jsonb),
             jsonb_to_recordset(s.sessions) AS t (pre_open_at timestamptz, opens_at timestamptz, closes_at timestamptz);
    UPDATE accounts_account k SET
            status = a.status, max_open_orders = a.max_open_orders, max_order_notional = a.max_order_notional,
            self_trade_prevention = a.self_trade_prevention, dead_man_at = a.dead_man_at
        FROM jsonb_to_recordset(p_rare->'accounts')
            AS a (id bigint, status text, max_open_orders smallint, max_order_notional numeric, self_trade_prevention text,
                  dead_man_at timestamptz)
        WHERE k.id = a.id AND k.kind = 'CUSTOMER';
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(p_rare->'accounts') THEN
        RAISE EXCEPTION 'a changed account is not there' USING ERRCODE = 'TD002';
    END IF;
    -- What an amendment changes of an order that is stored already; its status and sums come with the other changed orders.
    UPDATE orders_order o SET quantity = a.quantity, price = a.price
        FROM jsonb_to_recordset(p_rare->'amended') AS a (id bigint, quantity numeric, price numeric)
        WHERE o.id = a.id AND o.status IN ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED');
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(p_rare->'amended') THEN
        RAISE EXCEPTION 'an amended order is not open' USING ERRCODE = 'TD002';
    END IF;
    INSERT INTO orders_orderterms (order_id, trigger_price, trail_amount, trail_bps, expires_at, post_only, reduce_only, priority,
                                   link_id, parent_id, exits)
        SELECT order_id, trigger_price, trail_amount, trail_bps, expires_at, post_only, reduce_only, priority, link_id, parent_id,
               exits
        FROM jsonb_to_recordset(p_rare->'terms')
            AS t (order_id bigint, trigger_price numeric, trail_amount numeric, trail_bps int, expires_at timestamptz,
                  post_only boolean, reduce_only boolean, priority bigint, link_id bigint, parent_id bigint, exits text)
        ON CONFLICT (order_id) DO UPDATE SET
            trigger_price = excluded.trigger_price, priority = excluded.priority, link_id = excluded.link_id;
    IF p_rare->'venue' <> 'null'::jsonb THEN
        UPDATE engine_lease SET is_killed = (p_rare->'venue'->>'is_killed')::boolean, kill_reason = p_rare->'venue'->>'reason'
            WHERE shard = p_shard;
    END IF;
END $function$;
"""

FORMER_SETTLE = str(import_module("apps.engine.migrations.0007_scope_of_command_records").scoped())
FORMER_RARE = str(import_module("apps.engine.migrations.0008_settle_account_limits").SETTLE_RARE)
FORWARD = "DROP FUNCTION engine_settle_rare(jsonb, timestamptz);" + SETTLE + SETTLE_RARE
BACKWARD = (
    "DROP FUNCTION engine_settle_rare(jsonb, int, timestamptz);"
    + FORMER_SETTLE.replace("CREATE FUNCTION engine_settle(", "CREATE OR REPLACE FUNCTION engine_settle(")
    + FORMER_RARE
)


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0009_kill_switch"),
        ("orders", "0006_order_terms"),
        ("accounts", "0008_trading_safeguards"),
        ("instruments", "0003_sessions_and_bands"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
