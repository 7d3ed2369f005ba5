SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;


CREATE FUNCTION public.engine_settle(p_shard integer, p_epoch integer, p_at timestamp with time zone, p_now_ns bigint, p_first bigint, p_last bigint, p_journal bytea, p_outbox bytea, p_rare jsonb, n_id bigint[], n_account bigint[], n_asset integer[], n_negative boolean[], o_id bigint[], o_account bigint[], o_client text[], o_instrument integer[], o_side text[], o_type text[], o_tif text[], o_quantity numeric[], o_price numeric[], o_status text[], o_reason text[], o_filled numeric[], o_notional numeric[], o_fee numeric[], o_held numeric[], c_id bigint[], c_status text[], c_reason text[], c_filled numeric[], c_notional numeric[], c_fee numeric[], c_held numeric[], t_id bigint[], t_instrument integer[], t_sequence bigint[], t_price numeric[], t_quantity numeric[], t_side text[], t_source text[], t_epoch bigint[], t_quote bigint[], f_id bigint[], f_trade bigint[], f_order bigint[], f_account bigint[], f_instrument integer[], f_side text[], f_liquidity text[], f_price numeric[], f_quantity numeric[], f_fee numeric[], x_id bigint[], x_kind text[], x_trade bigint[], x_command text[], x_memo text[], p_transfer bigint[], p_leg smallint[], p_ledger bigint[], p_asset integer[], p_amount numeric[], p_after numeric[], b_id bigint[], b_total numeric[], b_held numeric[], e_id bigint[], e_account bigint[], e_sequence bigint[], e_order bigint[], e_type text[], e_data text[], r_scope bigint[], r_id text[], r_account bigint[], r_digest bytea[], r_answer bytea[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
        INSERT INTO engine_commandrecord (scope, command_id, account_id, body_digest, answer, at)
            SELECT scope, id, account, digest, answer, p_at
            FROM unnest(r_scope, r_id, r_account, r_digest, r_answer) AS u (scope, id, account, digest, answer);
    END IF;

    IF p_journal IS NOT NULL THEN
        INSERT INTO engine_journal (last_sequence, first_sequence, epoch, now_ns, inputs)
            VALUES (p_last, p_first, p_epoch, p_now_ns, p_journal);
    END IF;
    IF p_outbox IS NOT NULL THEN
        INSERT INTO eventlog_outboxbatch (lane, last_sequence, messages) VALUES ('engine', p_last, p_outbox);
        NOTIFY tredye_outbox;
    END IF;
END $$;



CREATE FUNCTION public.engine_settle_one(p_shard integer, p_epoch integer, p_at timestamp with time zone, p_now_ns bigint, p_first bigint, p_last bigint, p_journal bytea, p_outbox bytea, o_id bigint, o_account bigint, o_client text, o_instrument integer, o_side text, o_type text, o_tif text, o_quantity numeric, o_price numeric, o_status text, o_reason text, o_held numeric, b_id bigint, b_total numeric, b_held numeric, e_id bigint, e_sequence bigint, e_type text, e_data text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
END $$;



CREATE FUNCTION public.engine_settle_rare(p_rare jsonb, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
    UPDATE accounts_account k SET status = a.status
        FROM jsonb_to_recordset(p_rare->'accounts') AS a (id bigint, status text) WHERE k.id = a.id;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(p_rare->'accounts') THEN
        RAISE EXCEPTION 'a changed account is not there' USING ERRCODE = 'TD002';
    END IF;
END $$;



CREATE FUNCTION public.ledger_posting_check_balance() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    wrong record;
BEGIN
    SELECT transfer_id, asset_id, sum(amount) AS rest INTO wrong
        FROM inserted GROUP BY transfer_id, asset_id HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'postings of transfer % must sum to zero in asset %, were off by %',
            wrong.transfer_id, wrong.asset_id, wrong.rest USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;



CREATE FUNCTION public.tredye_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23514';
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;


CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);



ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);



ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.accounts_account (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    status character varying(16) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    user_id bigint,
    paper_deposit_at timestamp with time zone,
    CONSTRAINT account_customer_has_a_user CHECK (((((kind)::text = 'CUSTOMER'::text) AND (user_id IS NOT NULL)) OR ((NOT ((kind)::text = 'CUSTOMER'::text)) AND (user_id IS NULL)))),
    CONSTRAINT account_status_known CHECK (((status)::text = ANY ((ARRAY['PENDING_FUNDING'::character varying, 'ACTIVE'::character varying, 'SUSPENDED'::character varying])::text[])))
);



ALTER TABLE public.accounts_account ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    email character varying(254) NOT NULL,
    role character varying(12) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    time_zone character varying(64) NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    CONSTRAINT user_email_lower_case CHECK (((email)::text = lower((email)::text))),
    CONSTRAINT user_role_known CHECK (((role)::text = ANY ((ARRAY['CUSTOMER'::character varying, 'SUPPORT'::character varying, 'ADMIN'::character varying, 'SYSTEM'::character varying])::text[])))
);



CREATE TABLE public.accounts_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);



ALTER TABLE public.accounts_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.accounts_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);



ALTER TABLE public.accounts_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);



ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);



ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);



ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);



ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);



ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);



ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);



CREATE TABLE public.engine_commandrecord (
    command_id character varying(48) NOT NULL,
    account_id bigint,
    body_digest bytea NOT NULL,
    answer bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    scope bigint NOT NULL
);



CREATE TABLE public.engine_journal (
    last_sequence bigint NOT NULL,
    first_sequence bigint NOT NULL,
    epoch integer NOT NULL,
    now_ns bigint NOT NULL,
    inputs bytea NOT NULL
);
ALTER TABLE ONLY public.engine_journal ALTER COLUMN inputs SET STORAGE EXTERNAL;



CREATE TABLE public.engine_lease (
    shard integer NOT NULL,
    epoch integer NOT NULL,
    holder character varying(80) NOT NULL,
    taken_at timestamp with time zone NOT NULL
);



CREATE TABLE public.eventlog_appliedevent (
    consumer character varying(40) NOT NULL,
    key character varying(48) NOT NULL,
    last_sequence bigint NOT NULL
);



CREATE TABLE public.eventlog_consumerposition (
    consumer character varying(40) NOT NULL,
    topic character varying(80) NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    moved_at timestamp with time zone NOT NULL
);



CREATE TABLE public.eventlog_outboxbatch (
    lane character varying(16) NOT NULL,
    last_sequence bigint NOT NULL,
    messages bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);
ALTER TABLE ONLY public.eventlog_outboxbatch ALTER COLUMN messages SET STORAGE EXTERNAL;



CREATE TABLE public.eventlog_parkedmessage (
    id bigint NOT NULL,
    consumer character varying(40) NOT NULL,
    topic character varying(80) NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    value bytea NOT NULL,
    error character varying(400) NOT NULL,
    parked_at timestamp with time zone NOT NULL
);



ALTER TABLE public.eventlog_parkedmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.eventlog_parkedmessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.eventlog_relaycursor (
    lane character varying(16) NOT NULL,
    last_sequence bigint NOT NULL,
    moved_at timestamp with time zone NOT NULL
);



CREATE TABLE public.instruments_asset (
    id integer NOT NULL,
    code character varying(12) NOT NULL,
    name character varying(80) NOT NULL,
    asset_class character varying(12) NOT NULL,
    display_decimals smallint NOT NULL,
    CONSTRAINT asset_display_decimals_max_8 CHECK ((display_decimals <= 8)),
    CONSTRAINT instruments_asset_display_decimals_check CHECK ((display_decimals >= 0))
);



CREATE TABLE public.instruments_instrument (
    id integer NOT NULL,
    symbol character varying(16) NOT NULL,
    name character varying(80) NOT NULL,
    asset_class character varying(12) NOT NULL,
    tick_size numeric(20,8) NOT NULL,
    lot_size numeric(20,8) NOT NULL,
    price_decimals smallint NOT NULL,
    quantity_decimals smallint NOT NULL,
    max_quantity numeric(20,8) NOT NULL,
    max_notional numeric(28,8) NOT NULL,
    collar_bps integer NOT NULL,
    maker_fee_ppm integer NOT NULL,
    taker_fee_ppm integer NOT NULL,
    ladder_step_ticks integer NOT NULL,
    trading_state character varying(12) NOT NULL,
    state_reason character varying(200) NOT NULL,
    state_changed_at timestamp with time zone NOT NULL,
    base_id integer NOT NULL,
    quote_id integer NOT NULL,
    CONSTRAINT instrument_base_is_not_quote CHECK ((NOT (base_id = quote_id))),
    CONSTRAINT instrument_ladder_step_positive CHECK ((ladder_step_ticks > 0)),
    CONSTRAINT instrument_numbers_finite CHECK (((tick_size < 'NaN'::numeric) AND (lot_size < 'NaN'::numeric) AND (max_quantity < 'NaN'::numeric) AND (max_notional < 'NaN'::numeric))),
    CONSTRAINT instrument_state_known CHECK (((trading_state)::text = ANY ((ARRAY['OPEN'::character varying, 'HALTED'::character varying, 'CLOSED'::character varying])::text[]))),
    CONSTRAINT instrument_steps_positive CHECK (((lot_size > (0)::numeric) AND (tick_size > (0)::numeric))),
    CONSTRAINT instruments_instrument_collar_bps_check CHECK ((collar_bps >= 0)),
    CONSTRAINT instruments_instrument_ladder_step_ticks_check CHECK ((ladder_step_ticks >= 0)),
    CONSTRAINT instruments_instrument_maker_fee_ppm_check CHECK ((maker_fee_ppm >= 0)),
    CONSTRAINT instruments_instrument_price_decimals_check CHECK ((price_decimals >= 0)),
    CONSTRAINT instruments_instrument_quantity_decimals_check CHECK ((quantity_decimals >= 0)),
    CONSTRAINT instruments_instrument_taker_fee_ppm_check CHECK ((taker_fee_ppm >= 0))
);



CREATE TABLE public.ledger_ledgeraccount (
    id bigint NOT NULL,
    may_be_negative boolean NOT NULL,
    total numeric(36,8) NOT NULL,
    held numeric(36,8) NOT NULL,
    account_id bigint NOT NULL,
    asset_id integer NOT NULL,
    CONSTRAINT ledger_account_available_not_negative CHECK ((may_be_negative OR (total >= held))),
    CONSTRAINT ledger_account_held_not_negative CHECK ((held >= (0)::numeric)),
    CONSTRAINT ledger_account_numbers_finite CHECK (((total < 'NaN'::numeric) AND (held < 'NaN'::numeric)))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_cost_delay='0');



CREATE TABLE public.ledger_posting (
    leg smallint NOT NULL,
    asset_id integer NOT NULL,
    amount numeric(36,8) NOT NULL,
    balance_after numeric(36,8) NOT NULL,
    ledger_account_id bigint NOT NULL,
    transfer_id bigint NOT NULL,
    CONSTRAINT posting_moves_something CHECK ((NOT (amount = (0)::numeric))),
    CONSTRAINT posting_numbers_finite CHECK (((amount < 'NaN'::numeric) AND (balance_after < 'NaN'::numeric)))
);



CREATE TABLE public.ledger_transfer (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    trade_id bigint,
    command_id character varying(48) NOT NULL,
    memo character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT transfer_has_its_cause CHECK (((((kind)::text = 'TRADE'::text) AND (trade_id IS NOT NULL)) OR ((NOT ((kind)::text = 'TRADE'::text)) AND (NOT ((command_id)::text = ''::text))))),
    CONSTRAINT transfer_kind_known CHECK (((kind)::text = ANY ((ARRAY['TRADE'::character varying, 'DEPOSIT'::character varying, 'WITHDRAWAL'::character varying, 'ADJUSTMENT'::character varying])::text[])))
);



CREATE TABLE public.marketdata_bar (
    instrument_id integer NOT NULL,
    "interval" character varying(2) NOT NULL,
    start timestamp with time zone NOT NULL,
    open numeric(20,8) NOT NULL,
    high numeric(20,8) NOT NULL,
    low numeric(20,8) NOT NULL,
    close numeric(20,8) NOT NULL,
    volume numeric(28,8) NOT NULL,
    trades integer NOT NULL,
    CONSTRAINT bar_holds_its_prices CHECK (((high >= open) AND (low > (0)::numeric) AND (low <= open) AND (volume >= (0)::numeric) AND (high >= close) AND (low <= close)))
);



CREATE TABLE public.marketdata_latestprice (
    instrument_id integer NOT NULL,
    source character varying(32) NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    bid numeric(20,8) NOT NULL,
    ask numeric(20,8) NOT NULL,
    bid_quantity numeric(20,8) NOT NULL,
    ask_quantity numeric(20,8) NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    last numeric(20,8),
    last_at timestamp with time zone,
    CONSTRAINT latest_price_not_crossed CHECK (((ask > bid) AND (bid > (0)::numeric)))
);



CREATE TABLE public.marketdata_quoteframe (
    instrument_id integer NOT NULL,
    second timestamp with time zone NOT NULL,
    source character varying(32) NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    bid numeric(20,8) NOT NULL,
    ask numeric(20,8) NOT NULL,
    bid_quantity numeric(20,8) NOT NULL,
    ask_quantity numeric(20,8) NOT NULL
);



CREATE TABLE public.orders_accountevent (
    id bigint NOT NULL,
    account_sequence bigint NOT NULL,
    epoch integer NOT NULL,
    order_id bigint,
    type character varying(32) NOT NULL,
    data text NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT account_event_is_an_object CHECK (starts_with(data, '{'::text))
);



CREATE TABLE public.orders_eventposition (
    event_id bigint NOT NULL,
    partition smallint NOT NULL,
    "offset" bigint NOT NULL
);



CREATE TABLE public.orders_fill (
    id bigint NOT NULL,
    side character varying(4) NOT NULL,
    liquidity_side character varying(5) NOT NULL,
    price numeric(20,8) NOT NULL,
    quantity numeric(20,8) NOT NULL,
    fee numeric(36,8) NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    instrument_id integer NOT NULL,
    order_id bigint,
    trade_id bigint NOT NULL,
    CONSTRAINT fill_numbers_finite CHECK (((price < 'NaN'::numeric) AND (quantity < 'NaN'::numeric) AND (fee < 'NaN'::numeric))),
    CONSTRAINT fill_positive CHECK (((fee >= (0)::numeric) AND (price > (0)::numeric) AND (quantity > (0)::numeric)))
);



CREATE TABLE public.orders_order (
    id bigint NOT NULL,
    client_order_id character varying(48) NOT NULL,
    side character varying(4) NOT NULL,
    order_type character varying(12) NOT NULL,
    time_in_force character varying(4) NOT NULL,
    quantity numeric(20,8) NOT NULL,
    price numeric(20,8),
    status character varying(18) NOT NULL,
    reason character varying(32) NOT NULL,
    filled_quantity numeric(20,8) NOT NULL,
    filled_notional numeric(36,8) NOT NULL,
    fee numeric(36,8) NOT NULL,
    held numeric(36,8) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    instrument_id integer NOT NULL,
    CONSTRAINT order_filled_is_full CHECK (((NOT ((status)::text = 'FILLED'::text)) OR (filled_quantity = quantity))),
    CONSTRAINT order_filled_within_quantity CHECK (((filled_quantity >= (0)::numeric) AND (filled_quantity <= quantity) AND (quantity > (0)::numeric))),
    CONSTRAINT order_holds_money_while_open CHECK ((((held > (0)::numeric) AND ((status)::text = ANY ((ARRAY['ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying])::text[]))) OR ((NOT ((status)::text = ANY ((ARRAY['ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying])::text[]))) AND (held = (0)::numeric)))),
    CONSTRAINT order_numbers_finite CHECK (((quantity < 'NaN'::numeric) AND (price < 'NaN'::numeric) AND (filled_quantity < 'NaN'::numeric) AND (filled_notional < 'NaN'::numeric) AND (fee < 'NaN'::numeric) AND (held < 'NaN'::numeric))),
    CONSTRAINT order_price_fits_type CHECK (((((order_type)::text = 'MARKET'::text) AND (price IS NULL)) OR (((order_type)::text = 'LIMIT'::text) AND (price > (0)::numeric)))),
    CONSTRAINT order_status_known CHECK (((status)::text = ANY ((ARRAY['ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying, 'FILLED'::character varying, 'CANCELED'::character varying, 'EXPIRED'::character varying, 'DENIED'::character varying, 'REJECTED'::character varying])::text[])))
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0.05');



CREATE TABLE public.orders_trade (
    id bigint NOT NULL,
    epoch integer NOT NULL,
    instrument_sequence bigint NOT NULL,
    price numeric(20,8) NOT NULL,
    quantity numeric(20,8) NOT NULL,
    aggressor_side character varying(4) NOT NULL,
    quote_source character varying(32) NOT NULL,
    quote_epoch bigint,
    quote_sequence bigint,
    at timestamp with time zone NOT NULL,
    instrument_id integer NOT NULL,
    CONSTRAINT trade_numbers_finite CHECK (((price < 'NaN'::numeric) AND (quantity < 'NaN'::numeric))),
    CONSTRAINT trade_positive CHECK (((price > (0)::numeric) AND (quantity > (0)::numeric)))
);



CREATE TABLE public.portfolio_accountprogress (
    account_id bigint NOT NULL,
    account_sequence bigint NOT NULL
);



CREATE TABLE public.portfolio_position (
    account_id bigint NOT NULL,
    instrument_id integer NOT NULL,
    quantity numeric(20,8) NOT NULL,
    cost numeric(36,8) NOT NULL,
    realized_pnl numeric(36,8) NOT NULL,
    fees numeric(36,8) NOT NULL,
    last_sequence bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT position_flat_costs_nothing CHECK (((quantity > (0)::numeric) OR (cost = (0)::numeric))),
    CONSTRAINT position_long_or_flat CHECK (((cost >= (0)::numeric) AND (quantity >= (0)::numeric)))
);









INSERT INTO public.accounts_account VALUES
	(1, 'HOUSE', 'ACTIVE', '2026-11-21 13:29:33.377309+00', NULL, NULL),
	(2, 'FEES', 'ACTIVE', '2026-11-21 13:29:33.377309+00', NULL, NULL),
	(3, 'EXTERNAL', 'ACTIVE', '2026-11-21 13:29:33.377309+00', NULL, NULL),
	(1000, 'CUSTOMER', 'ACTIVE', '2026-11-21 13:29:38.586838+00', 1, '2026-11-21 13:29:38.98295+00'),
	(1001, 'CUSTOMER', 'ACTIVE', '2026-11-21 13:29:44.166635+00', 4, '2026-11-21 13:29:44.187886+00'),
	(1002, 'CUSTOMER', 'SUSPENDED', '2026-11-21 13:29:44.730342+00', 5, '2026-11-21 13:29:44.755988+00');



INSERT INTO public.accounts_user VALUES
	(2, 'argon2$argon2id$v=19$m=102400,t=2,p=8$ajdNWTBPamVpM3lUMzFtN0ZFY2FHag$Bi0OXtRLRvRv+E5x0q3CtSDlwxkvJIz0Z7d0Ca9BUHY', NULL, false, 'support@tredye.example', 'SUPPORT', false, true, 'UTC', '2026-11-21 13:29:38.59105+00'),
	(3, 'argon2$argon2id$v=19$m=102400,t=2,p=8$SlVPU0pLVlIxTzk0MEk4NlMydnBzaA$2V8neiLyxzZnXwZ+uCLRGabCSjCwrCIIkqTnWkMrL6s', NULL, true, 'admin@tredye.example', 'ADMIN', true, true, 'UTC', '2026-11-21 13:29:38.781431+00'),
	(4, 'argon2$argon2id$v=19$m=102400,t=2,p=8$TlhTNUhLVVRCWXdISVBwS3JNYjVQQg$hmJAB/+z1GBk+IFxusrYoYzpbVA/CkCKLweuk5KbLwU', NULL, false, 'bob@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 13:29:42.871807+00'),
	(5, 'argon2$argon2id$v=19$m=102400,t=2,p=8$SDNVY09NZWd2aWpNdFZMcVJFTGI4Zg$Bv/v6hnGCngwTJjc2gUNQmsXqd7BCMr8fgUTnL8LuiE', NULL, false, 'carol@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 13:29:44.197717+00'),
	(1, 'argon2$argon2id$v=19$m=102400,t=2,p=8$NmtjRFJTZ0x4MUoycXVVQ0dMb0Z1Wg$sUYf1R5N3sjOvgcBziqlwSL9aOLAJb/Cqzcy/hAhLLU', '2026-11-21 13:29:45.533412+00', false, 'customer@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 13:29:38.118733+00');















INSERT INTO public.auth_permission VALUES
	(1, 'Can add log entry', 1, 'add_logentry'),
	(2, 'Can change log entry', 1, 'change_logentry'),
	(3, 'Can delete log entry', 1, 'delete_logentry'),
	(4, 'Can view log entry', 1, 'view_logentry'),
	(5, 'Can add permission', 2, 'add_permission'),
	(6, 'Can change permission', 2, 'change_permission'),
	(7, 'Can delete permission', 2, 'delete_permission'),
	(8, 'Can view permission', 2, 'view_permission'),
	(9, 'Can add group', 3, 'add_group'),
	(10, 'Can change group', 3, 'change_group'),
	(11, 'Can delete group', 3, 'delete_group'),
	(12, 'Can view group', 3, 'view_group'),
	(13, 'Can add content type', 4, 'add_contenttype'),
	(14, 'Can change content type', 4, 'change_contenttype'),
	(15, 'Can delete content type', 4, 'delete_contenttype'),
	(16, 'Can view content type', 4, 'view_contenttype'),
	(17, 'Can add session', 5, 'add_session'),
	(18, 'Can change session', 5, 'change_session'),
	(19, 'Can delete session', 5, 'delete_session'),
	(20, 'Can view session', 5, 'view_session'),
	(21, 'Can add email address', 6, 'add_emailaddress'),
	(22, 'Can change email address', 6, 'change_emailaddress'),
	(23, 'Can delete email address', 6, 'delete_emailaddress'),
	(24, 'Can view email address', 6, 'view_emailaddress'),
	(25, 'Can add email confirmation', 7, 'add_emailconfirmation'),
	(26, 'Can change email confirmation', 7, 'change_emailconfirmation'),
	(27, 'Can delete email confirmation', 7, 'delete_emailconfirmation'),
	(28, 'Can view email confirmation', 7, 'view_emailconfirmation'),
	(29, 'Can add applied event', 8, 'add_appliedevent'),
	(30, 'Can change applied event', 8, 'change_appliedevent'),
	(31, 'Can delete applied event', 8, 'delete_appliedevent'),
	(32, 'Can view applied event', 8, 'view_appliedevent'),
	(33, 'Can add consumer position', 9, 'add_consumerposition'),
	(34, 'Can change consumer position', 9, 'change_consumerposition'),
	(35, 'Can delete consumer position', 9, 'delete_consumerposition'),
	(36, 'Can view consumer position', 9, 'view_consumerposition'),
	(37, 'Can add outbox batch', 10, 'add_outboxbatch'),
	(38, 'Can change outbox batch', 10, 'change_outboxbatch'),
	(39, 'Can delete outbox batch', 10, 'delete_outboxbatch'),
	(40, 'Can view outbox batch', 10, 'view_outboxbatch'),
	(41, 'Can add relay cursor', 11, 'add_relaycursor'),
	(42, 'Can change relay cursor', 11, 'change_relaycursor'),
	(43, 'Can delete relay cursor', 11, 'delete_relaycursor'),
	(44, 'Can view relay cursor', 11, 'view_relaycursor'),
	(45, 'Can add parked message', 12, 'add_parkedmessage'),
	(46, 'Can change parked message', 12, 'change_parkedmessage'),
	(47, 'Can delete parked message', 12, 'delete_parkedmessage'),
	(48, 'Can view parked message', 12, 'view_parkedmessage'),
	(49, 'Can add asset', 13, 'add_asset'),
	(50, 'Can change asset', 13, 'change_asset'),
	(51, 'Can delete asset', 13, 'delete_asset'),
	(52, 'Can view asset', 13, 'view_asset'),
	(53, 'Can add instrument', 14, 'add_instrument'),
	(54, 'Can change instrument', 14, 'change_instrument'),
	(55, 'Can delete instrument', 14, 'delete_instrument'),
	(56, 'Can view instrument', 14, 'view_instrument'),
	(57, 'Can add user', 15, 'add_user'),
	(58, 'Can change user', 15, 'change_user'),
	(59, 'Can delete user', 15, 'delete_user'),
	(60, 'Can view user', 15, 'view_user'),
	(61, 'Can add account', 16, 'add_account'),
	(62, 'Can change account', 16, 'change_account'),
	(63, 'Can delete account', 16, 'delete_account'),
	(64, 'Can view account', 16, 'view_account'),
	(65, 'Can add ledger account', 17, 'add_ledgeraccount'),
	(66, 'Can change ledger account', 17, 'change_ledgeraccount'),
	(67, 'Can delete ledger account', 17, 'delete_ledgeraccount'),
	(68, 'Can view ledger account', 17, 'view_ledgeraccount'),
	(69, 'Can add transfer', 18, 'add_transfer'),
	(70, 'Can change transfer', 18, 'change_transfer'),
	(71, 'Can delete transfer', 18, 'delete_transfer'),
	(72, 'Can view transfer', 18, 'view_transfer'),
	(73, 'Can add posting', 19, 'add_posting'),
	(74, 'Can change posting', 19, 'change_posting'),
	(75, 'Can delete posting', 19, 'delete_posting'),
	(76, 'Can view posting', 19, 'view_posting'),
	(77, 'Can add order', 20, 'add_order'),
	(78, 'Can change order', 20, 'change_order'),
	(79, 'Can delete order', 20, 'delete_order'),
	(80, 'Can view order', 20, 'view_order'),
	(81, 'Can add trade', 21, 'add_trade'),
	(82, 'Can change trade', 21, 'change_trade'),
	(83, 'Can delete trade', 21, 'delete_trade'),
	(84, 'Can view trade', 21, 'view_trade'),
	(85, 'Can add fill', 22, 'add_fill'),
	(86, 'Can change fill', 22, 'change_fill'),
	(87, 'Can delete fill', 22, 'delete_fill'),
	(88, 'Can view fill', 22, 'view_fill'),
	(89, 'Can add account event', 23, 'add_accountevent'),
	(90, 'Can change account event', 23, 'change_accountevent'),
	(91, 'Can delete account event', 23, 'delete_accountevent'),
	(92, 'Can view account event', 23, 'view_accountevent'),
	(93, 'Can add event position', 24, 'add_eventposition'),
	(94, 'Can change event position', 24, 'change_eventposition'),
	(95, 'Can delete event position', 24, 'delete_eventposition'),
	(96, 'Can view event position', 24, 'view_eventposition'),
	(97, 'Can add journal', 25, 'add_journal'),
	(98, 'Can change journal', 25, 'change_journal'),
	(99, 'Can delete journal', 25, 'delete_journal'),
	(100, 'Can view journal', 25, 'view_journal');
INSERT INTO public.auth_permission VALUES
	(101, 'Can add lease', 26, 'add_lease'),
	(102, 'Can change lease', 26, 'change_lease'),
	(103, 'Can delete lease', 26, 'delete_lease'),
	(104, 'Can view lease', 26, 'view_lease'),
	(105, 'Can add command record', 27, 'add_commandrecord'),
	(106, 'Can change command record', 27, 'change_commandrecord'),
	(107, 'Can delete command record', 27, 'delete_commandrecord'),
	(108, 'Can view command record', 27, 'view_commandrecord'),
	(109, 'Can add quote frame', 28, 'add_quoteframe'),
	(110, 'Can change quote frame', 28, 'change_quoteframe'),
	(111, 'Can delete quote frame', 28, 'delete_quoteframe'),
	(112, 'Can view quote frame', 28, 'view_quoteframe'),
	(113, 'Can add bar', 29, 'add_bar'),
	(114, 'Can change bar', 29, 'change_bar'),
	(115, 'Can delete bar', 29, 'delete_bar'),
	(116, 'Can view bar', 29, 'view_bar'),
	(117, 'Can add latest price', 30, 'add_latestprice'),
	(118, 'Can change latest price', 30, 'change_latestprice'),
	(119, 'Can delete latest price', 30, 'delete_latestprice'),
	(120, 'Can view latest price', 30, 'view_latestprice'),
	(121, 'Can add position', 31, 'add_position'),
	(122, 'Can change position', 31, 'change_position'),
	(123, 'Can delete position', 31, 'delete_position'),
	(124, 'Can view position', 31, 'view_position'),
	(125, 'Can add account progress', 32, 'add_accountprogress'),
	(126, 'Can change account progress', 32, 'change_accountprogress'),
	(127, 'Can delete account progress', 32, 'delete_accountprogress'),
	(128, 'Can view account progress', 32, 'view_accountprogress');






INSERT INTO public.django_content_type VALUES
	(1, 'admin', 'logentry'),
	(2, 'auth', 'permission'),
	(3, 'auth', 'group'),
	(4, 'contenttypes', 'contenttype'),
	(5, 'sessions', 'session'),
	(6, 'account', 'emailaddress'),
	(7, 'account', 'emailconfirmation'),
	(8, 'eventlog', 'appliedevent'),
	(9, 'eventlog', 'consumerposition'),
	(10, 'eventlog', 'outboxbatch'),
	(11, 'eventlog', 'relaycursor'),
	(12, 'eventlog', 'parkedmessage'),
	(13, 'instruments', 'asset'),
	(14, 'instruments', 'instrument'),
	(15, 'accounts', 'user'),
	(16, 'accounts', 'account'),
	(17, 'ledger', 'ledgeraccount'),
	(18, 'ledger', 'transfer'),
	(19, 'ledger', 'posting'),
	(20, 'orders', 'order'),
	(21, 'orders', 'trade'),
	(22, 'orders', 'fill'),
	(23, 'orders', 'accountevent'),
	(24, 'orders', 'eventposition'),
	(25, 'engine', 'journal'),
	(26, 'engine', 'lease'),
	(27, 'engine', 'commandrecord'),
	(28, 'marketdata', 'quoteframe'),
	(29, 'marketdata', 'bar'),
	(30, 'marketdata', 'latestprice'),
	(31, 'portfolio', 'position'),
	(32, 'portfolio', 'accountprogress');



INSERT INTO public.django_migrations VALUES
	(1, 'contenttypes', '0001_initial', '2026-11-21 13:29:33.037699+00'),
	(2, 'contenttypes', '0002_remove_content_type_name', '2026-11-21 13:29:33.04319+00'),
	(3, 'auth', '0001_initial', '2026-11-21 13:29:33.072909+00'),
	(4, 'auth', '0002_alter_permission_name_max_length', '2026-11-21 13:29:33.078285+00'),
	(5, 'auth', '0003_alter_user_email_max_length', '2026-11-21 13:29:33.083002+00'),
	(6, 'auth', '0004_alter_user_username_opts', '2026-11-21 13:29:33.088244+00'),
	(7, 'auth', '0005_alter_user_last_login_null', '2026-11-21 13:29:33.091838+00'),
	(8, 'auth', '0006_require_contenttypes_0002', '2026-11-21 13:29:33.093169+00'),
	(9, 'auth', '0007_alter_validators_add_error_messages', '2026-11-21 13:29:33.096509+00'),
	(10, 'auth', '0008_alter_user_username_max_length', '2026-11-21 13:29:33.100107+00'),
	(11, 'auth', '0009_alter_user_last_name_max_length', '2026-11-21 13:29:33.104097+00'),
	(12, 'auth', '0010_alter_group_name_max_length', '2026-11-21 13:29:33.108723+00'),
	(13, 'auth', '0011_update_proxy_permissions', '2026-11-21 13:29:33.113005+00'),
	(14, 'auth', '0012_alter_user_first_name_max_length', '2026-11-21 13:29:33.117614+00'),
	(15, 'accounts', '0001_initial', '2026-11-21 13:29:33.18631+00'),
	(16, 'account', '0001_initial', '2026-11-21 13:29:33.216741+00'),
	(17, 'account', '0002_email_max_length', '2026-11-21 13:29:33.224152+00'),
	(18, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-21 13:29:33.24031+00'),
	(19, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-21 13:29:33.255575+00'),
	(20, 'account', '0005_emailaddress_idx_upper_email', '2026-11-21 13:29:33.324993+00'),
	(21, 'account', '0006_emailaddress_lower', '2026-11-21 13:29:33.335383+00'),
	(22, 'account', '0007_emailaddress_idx_email', '2026-11-21 13:29:33.349648+00'),
	(23, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-21 13:29:33.363721+00'),
	(24, 'account', '0009_emailaddress_unique_primary_email', '2026-11-21 13:29:33.375169+00'),
	(25, 'accounts', '0002_system_accounts', '2026-11-21 13:29:33.379684+00'),
	(26, 'accounts', '0003_account_paper_deposit_at', '2026-11-21 13:29:33.387973+00'),
	(27, 'admin', '0001_initial', '2026-11-21 13:29:33.414236+00'),
	(28, 'admin', '0002_logentry_remove_auto_add', '2026-11-21 13:29:33.423852+00'),
	(29, 'admin', '0003_logentry_add_action_flag_choices', '2026-11-21 13:29:33.43289+00'),
	(30, 'instruments', '0001_initial', '2026-11-21 13:29:33.462364+00'),
	(31, 'orders', '0001_initial', '2026-11-21 13:29:33.635018+00'),
	(32, 'ledger', '0001_initial', '2026-11-21 13:29:33.713596+00'),
	(33, 'ledger', '0002_laws', '2026-11-21 13:29:33.717498+00'),
	(34, 'orders', '0002_laws', '2026-11-21 13:29:33.719684+00'),
	(35, 'orders', '0003_event_position', '2026-11-21 13:29:33.723591+00'),
	(36, 'orders', '0004_event_text', '2026-11-21 13:29:33.738592+00'),
	(37, 'instruments', '0002_numbers_are_finite', '2026-11-21 13:29:33.741269+00'),
	(38, 'eventlog', '0001_initial', '2026-11-21 13:29:33.765751+00'),
	(39, 'engine', '0001_initial', '2026-11-21 13:29:33.784058+00'),
	(40, 'engine', '0002_append_only', '2026-11-21 13:29:33.78573+00'),
	(41, 'engine', '0003_settle', '2026-11-21 13:29:33.788691+00'),
	(42, 'engine', '0004_settle_one', '2026-11-21 13:29:33.790255+00'),
	(43, 'engine', '0005_settle_event_text', '2026-11-21 13:29:33.79323+00'),
	(44, 'engine', '0006_one_index_of_command_records', '2026-11-21 13:29:33.794629+00'),
	(45, 'engine', '0007_scope_of_command_records', '2026-11-21 13:29:33.800906+00'),
	(46, 'marketdata', '0001_initial', '2026-11-21 13:29:33.815217+00'),
	(47, 'orders', '0005_fills_by_trade', '2026-11-21 13:29:33.831628+00'),
	(48, 'portfolio', '0001_initial', '2026-11-21 13:29:33.837771+00'),
	(49, 'portfolio', '0002_account_progress', '2026-11-21 13:29:33.84133+00'),
	(50, 'sessions', '0001_initial', '2026-11-21 13:29:33.850271+00'),
	(51, 'realtime', '0001_session_digest_index', '2026-11-21 13:29:33.852918+00');



INSERT INTO public.django_session VALUES
	('5a4okn31t7qzzd6fmu456qfrbjlft907', '.eJyFj81ugzAQhN9lzwiBwazh1PQ1qgit7bVA5U-2URJFefcC5RL10NtqZvYbzRPImHmdYktr7HiKvaHYz1M7cuxmG6D5esLvDQ0sFMJt9hYSoAhNjrUUFaKSqRRSVQIT4JH6YYuaNcR5ZP8RPdsHp3yncRkYXtfkn8p2Dew3Qr61HJFDaHv7V9NkvnnaDRqGXU5PdHpkTjukl7eiz_PrDdVR6DaOLUrHkiQWwrlCG5U5VRiXy9ooS1qoWip0ORrUSjjELENVljVXaHKrJe_QwCHse_i-9P4BTfb6AeEneno:1xUlA1:N17ELCKzm4Mk7wbvH0FEMrziwgVqRTUG0O4XQ3LhLrA', '2026-12-05 13:29:45.550176+00');



INSERT INTO public.engine_commandrecord VALUES
	('demo-ALDR-1042b98b953049f4edf8', NULL, '\xa3869775fae9eb85b57f3047c4b42375', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636501a561745f6e73cf18ea1287e19a5367aa636f6d6d616e645f6964be64656d6f2d414c44522d3130343262393862393533303439663465646638', '2026-11-21 13:29:36.275436+00', 0),
	('demo-BRNT-88e3dc8d38eeeea21a72', NULL, '\xbfcdf791ed7230d294815dc4450cce14', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636502a561745f6e73cf18ea1287e30cdce8aa636f6d6d616e645f6964be64656d6f2d42524e542d3838653364633864333865656565613231613732', '2026-11-21 13:29:36.299719+00', 0),
	('demo-CLRW-8160345b66470e125032', NULL, '\x577bad6a975f20b371bc0c2bab01fe2d', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636503a561745f6e73cf18ea1287e331408baa636f6d6d616e645f6964be64656d6f2d434c52572d3831363033343562363634373065313235303332', '2026-11-21 13:29:36.302104+00', 0),
	('demo-DVNE-2bd920b6ad8275acdaa4', NULL, '\x06e3a958cefe2552dd577a00c9e0330f', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636504a561745f6e73cf18ea1287e34e91e1aa636f6d6d616e645f6964be64656d6f2d44564e452d3262643932306236616438323735616364616134', '2026-11-21 13:29:36.304026+00', 0),
	('demo-FRNH-941fc98ed3a0b03ae920', NULL, '\xfd4f99b3a74b427eff30ac12fe88e7f0', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636505a561745f6e73cf18ea1287e3665bdcaa636f6d6d616e645f6964be64656d6f2d46524e482d3934316663393865643361306230336165393230', '2026-11-21 13:29:36.305585+00', 0),
	('demo-HLCN-3f0224185dcc74f348dc', NULL, '\xcf7dda2ef6d59051d7968264a4c7e865', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636506a561745f6e73cf18ea1287e38225c1aa636f6d6d616e645f6964be64656d6f2d484c434e2d3366303232343138356463633734663334386463', '2026-11-21 13:29:36.307406+00', 0),
	('demo-LUMN-103ffd49962a2801fda7', NULL, '\x4bac163a1b4cb858477b6e73cabb8400', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636507a561745f6e73cf18ea1287e39d540aaa636f6d6d616e645f6964be64656d6f2d4c554d4e2d3130336666643439393632613238303166646137', '2026-11-21 13:29:36.309187+00', 0),
	('demo-NRTH-e9e108e53cb9c3b084bc', NULL, '\x62763334f7c19eabed3bf13f906397a0', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636508a561745f6e73cf18ea1287e3b106ebaa636f6d6d616e645f6964be64656d6f2d4e5254482d6539653130386535336362396333623038346263', '2026-11-21 13:29:36.310478+00', 0),
	('demo-ORBT-a4ae17d223bb8fdcea5b', NULL, '\x7c6afa0d28ee7af6b692e6a415c8c634', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636509a561745f6e73cf18ea1287e3c62448aa636f6d6d616e645f6964be64656d6f2d4f5242542d6134616531376432323362623866646365613562', '2026-11-21 13:29:36.311862+00', 0),
	('demo-QRTZ-5ff401aaa0e62df47fe9', NULL, '\x91c60f192cfd1f184b58e2e3d6f6dc44', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650aa561745f6e73cf18ea1287e3d8bff2aa636f6d6d616e645f6964be64656d6f2d5152545a2d3566663430316161613065363264663437666539', '2026-11-21 13:29:36.313081+00', 0),
	('demo-EUR-USD-7a5add05925ef912c66b', NULL, '\x7f20c748b2aab95ca9a555a57e10a7df', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ba561745f6e73cf18ea1287e3ec28c8aa636f6d6d616e645f6964d92164656d6f2d4555522d5553442d3761356164643035393235656639313263363662', '2026-11-21 13:29:36.314353+00', 0),
	('demo-GBP-USD-61c23453309a79e608d9', NULL, '\x8dd78f176047e84a5ceb9fba2a97b1e4', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ca561745f6e73cf18ea1287e3ff907eaa636f6d6d616e645f6964d92164656d6f2d4742502d5553442d3631633233343533333039613739653630386439', '2026-11-21 13:29:36.315625+00', 0),
	('demo-AUD-USD-af299a658290f034d1e8', NULL, '\xbf73567596497904177c0c5239e12530', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650da561745f6e73cf18ea1287e411a250aa636f6d6d616e645f6964d92164656d6f2d4155442d5553442d6166323939613635383239306630333464316538', '2026-11-21 13:29:36.316809+00', 0),
	('demo-NZD-USD-8bfc6eaede80d5b994b0', NULL, '\xba6984d03c353357a3c706177c711675', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ea561745f6e73cf18ea1287e422f9bcaa636f6d6d616e645f6964d92164656d6f2d4e5a442d5553442d3862666336656165646538306435623939346230', '2026-11-21 13:29:36.317946+00', 0),
	('demo-CHF-USD-97ab9000f6486a0be0c7', NULL, '\xa7e17d2310f8854da030d946898e1b88', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650fa561745f6e73cf18ea1287e435a219aa636f6d6d616e645f6964d92164656d6f2d4348462d5553442d3937616239303030663634383661306265306337', '2026-11-21 13:29:36.319169+00', 0),
	('demo-CAD-USD-8433761bc179316b73ac', NULL, '\x15ce99637924225c12d7178e15c918bf', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636510a561745f6e73cf18ea1287e44b1ac3aa636f6d6d616e645f6964d92164656d6f2d4341442d5553442d3834333337363162633137393331366237336163', '2026-11-21 13:29:36.320576+00', 0),
	('demo-SGD-USD-351d19117a91461d8538', NULL, '\x34b0171297eaf2d071eac2d47631ee6d', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636511a561745f6e73cf18ea1287e45cd93baa636f6d6d616e645f6964d92164656d6f2d5347442d5553442d3335316431393131376139313436316438353338', '2026-11-21 13:29:36.321739+00', 0),
	('demo-BTC-USD-31635e255bde0668bf8d', NULL, '\xb86d58ae5ebf767c8ee35bc18dd06204', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636512a561745f6e73cf18ea1287e470d92baa636f6d6d616e645f6964d92164656d6f2d4254432d5553442d3331363335653235356264653036363862663864', '2026-11-21 13:29:36.323049+00', 0),
	('demo-ETH-USD-ec74d27315d16c2d9cb1', NULL, '\xcb8418700f84a71c64c87e05dfc4a1cd', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636513a561745f6e73cf18ea1287e495566baa636f6d6d616e645f6964d92164656d6f2d4554482d5553442d6563373464323733313564313663326439636231', '2026-11-21 13:29:36.325441+00', 0),
	('demo-SOL-USD-9f2d5de8e6f25a4c8b08', NULL, '\x0bd59d82eae1beb090da750f107409f6', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636514a561745f6e73cf18ea1287e4a8ca06aa636f6d6d616e645f6964d92164656d6f2d534f4c2d5553442d3966326435646538653666323561346338623038', '2026-11-21 13:29:36.326715+00', 0),
	('demo-XRP-USD-26ed412d9592bb287af0', NULL, '\x95b7a5edf3d4562daf6bfe083087c276', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636515a561745f6e73cf18ea1287e4bac1a4aa636f6d6d616e645f6964d92164656d6f2d5852502d5553442d3236656434313264393539326262323837616630', '2026-11-21 13:29:36.327893+00', 0),
	('demo-ADA-USD-487c1f72a2ff4ad82ab1', NULL, '\x36ffae41ea6a13a10898df0b8dea8de8', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636516a561745f6e73cf18ea1287e4cb4b6daa636f6d6d616e645f6964d92164656d6f2d4144412d5553442d3438376331663732613266663461643832616231', '2026-11-21 13:29:36.328977+00', 0),
	('demo-DOGE-USD-6fde6cdd14e44e32556a', NULL, '\x7868fd9583b43fe1cd16cb7093ed5089', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636517a561745f6e73cf18ea1287e51b6072aa636f6d6d616e645f6964d92264656d6f2d444f47452d5553442d3666646536636464313465343465333235353661', '2026-11-21 13:29:36.334225+00', 0),
	('demo-LTC-USD-df9397c8eb5cf3b87906', NULL, '\xf9c1abe36df99fe7aaef16ddfd4afeb2', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636518a561745f6e73cf18ea1287e5301413aa636f6d6d616e645f6964d92164656d6f2d4c54432d5553442d6466393339376338656235636633623837393036', '2026-11-21 13:29:36.335582+00', 0),
	('demo-LINK-USD-fef717ca462f31868d2c', NULL, '\x72b839acb2ac0a3ed935ffed68ca6dae', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636519a561745f6e73cf18ea1287e5413809aa636f6d6d616e645f6964d92264656d6f2d4c494e4b2d5553442d6665663731376361343632663331383638643263', '2026-11-21 13:29:36.336705+00', 0),
	('open-1000', 1000, '\x06fc612fe46d11507c4fdfb4bff53784', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03e8a561745f6e73cf18ea128882766ef2aa636f6d6d616e645f6964a96f70656e2d31303030', '2026-11-21 13:29:38.974215+00', 0),
	('paper-1000', 1000, '\xbbd6d40a1ccfef6cacfe0842e787e55a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63651ba561745f6e73cf18ea128882b0f191aa636f6d6d616e645f6964aa70617065722d31303030', '2026-11-21 13:29:38.97805+00', 0),
	('open-1001', 1001, '\x56ee6af7a4345c0c8465f95b59d89241', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03e9a561745f6e73cf18ea1289b8455b7caa636f6d6d616e645f6964a96f70656e2d31303031', '2026-11-21 13:29:44.171936+00', 0),
	('paper-1001', 1001, '\x193628607dac997d9de940ac4dcf2ea2', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636520a561745f6e73cf18ea1289b8e93fd5aa636f6d6d616e645f6964aa70617065722d31303031', '2026-11-21 13:29:44.182677+00', 0),
	('open-1002', 1002, '\x20109d5fcfa150e9169a636bf7a569d3', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eaa561745f6e73cf18ea1289d9b57a86aa636f6d6d616e645f6964a96f70656e2d31303032', '2026-11-21 13:29:44.732932+00', 0),
	('paper-1002', 1002, '\xad543e30995b2a6e9862d2a7ad95dff5', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636524a561745f6e73cf18ea1289daad6b1aaa636f6d6d616e645f6964aa70617065722d31303032', '2026-11-21 13:29:44.749181+00', 0),
	('story-1001-4', 1001, '\x4c0a2cc9eacf7ea8987b87e6ce5f27ef', '\x87a474797065a643414e43454ca86f726465725f696447a6737461747573a843414e43454c4544a6726561736f6ea0af66696c6c65645f7175616e74697479a130a561745f6e73cf18ea1289e0cff100aa636f6d6d616e645f6964ac73746f72792d313030312d34', '2026-11-21 13:29:44.852107+00', 1001),
	('story-1001-5', 1001, '\x8add538e304a7183065ebf849befafa5', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63654ea561745f6e73cf18ea1289e22477abaa636f6d6d616e645f6964ac73746f72792d313030312d35', '2026-11-21 13:29:44.874424+00', 1001),
	('story-1001-6', 1001, '\xba7ee120788d553c8f62c1397e97fd55', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636550a561745f6e73cf18ea1289e26a368baa636f6d6d616e645f6964ac73746f72792d313030312d36', '2026-11-21 13:29:44.878995+00', 1001),
	('story-suspend', 1002, '\x3f4d8efd51aa0d9bf520b8f88cd03af4', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eaa561745f6e73cf18ea1289e29e765eaa636f6d6d616e645f6964ad73746f72792d73757370656e64', '2026-11-21 13:29:44.882419+00', 0),
	('story-halt', NULL, '\xc14a43c57e4549ddd5948adce8df8382', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636513a561745f6e73cf18ea1289e3343005aa636f6d6d616e645f6964aa73746f72792d68616c74', '2026-11-21 13:29:44.892231+00', 0);



INSERT INTO public.engine_journal VALUES
	(1, 0, 1, 1795267776275436391, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca4414c4452a46e616d65aa416c6465722042616e6bab61737365745f636c617373a553544f434ba462617365a4414c4452a9626173655f6e616d65aa416c6465722042616e6bad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964be64656d6f2d414c44522d3130343262393862393533303439663465646638a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(2, 1, 1, 1795267776299719912, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca442524e54a46e616d65ac4272616e7420456e65726779ab61737365745f636c617373a553544f434ba462617365a442524e54a9626173655f6e616d65ac4272616e7420456e65726779ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964be64656d6f2d42524e542d3838653364633864333865656565613231613732a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(3, 2, 1, 1795267776302104715, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca4434c5257a46e616d65b0436c656172776174657220466f6f6473ab61737365745f636c617373a553544f434ba462617365a4434c5257a9626173655f6e616d65b0436c656172776174657220466f6f6473ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964be64656d6f2d434c52572d3831363033343562363634373065313235303332a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(4, 3, 1, 1795267776304026081, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca444564e45a46e616d65ad446576696e65204d6f746f7273ab61737365745f636c617373a553544f434ba462617365a444564e45a9626173655f6e616d65ad446576696e65204d6f746f7273ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964be64656d6f2d44564e452d3262643932306236616438323735616364616134a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(5, 4, 1, 1795267776305585116, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca446524e48a46e616d65af4665726e68696c6c204865616c7468ab61737365745f636c617373a553544f434ba462617365a446524e48a9626173655f6e616d65af4665726e68696c6c204865616c7468ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7302aa636f6d6d616e645f6964be64656d6f2d46524e482d3934316663393865643361306230336165393230a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(6, 5, 1, 1795267776307406273, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca4484c434ea46e616d65b048616c63796f6e20536f667477617265ab61737365745f636c617373a553544f434ba462617365a4484c434ea9626173655f6e616d65b048616c63796f6e20536f667477617265ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7304aa636f6d6d616e645f6964be64656d6f2d484c434e2d3366303232343138356463633734663334386463a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(7, 6, 1, 1795267776309187594, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca44c554d4ea46e616d65aa4c756d656e2047726964ab61737365745f636c617373a553544f434ba462617365a44c554d4ea9626173655f6e616d65aa4c756d656e2047726964ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964be64656d6f2d4c554d4e2d3130336666643439393632613238303166646137a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(8, 7, 1, 1795267776310478571, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca44e525448a46e616d65ae4e6f72746867617465205261696cab61737365745f636c617373a553544f434ba462617365a44e525448a9626173655f6e616d65ae4e6f72746867617465205261696cad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964be64656d6f2d4e5254482d6539653130386535336362396333623038346263a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(9, 8, 1, 1795267776311862344, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca44f524254a46e616d65af4f72626974204165726f7370616365ab61737365745f636c617373a553544f434ba462617365a44f524254a9626173655f6e616d65af4f72626974204165726f7370616365ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964be64656d6f2d4f5242542d6134616531376432323362623866646365613562a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(10, 9, 1, 1795267776313081842, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca45152545aa46e616d65b451756172747a2053656d69636f6e647563746f72ab61737365745f636c617373a553544f434ba462617365a45152545aa9626173655f6e616d65b451756172747a2053656d69636f6e647563746f72ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7306aa636f6d6d616e645f6964be64656d6f2d5152545a2d3566663430316161613065363264663437666539a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(11, 10, 1, 1795267776314353864, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74555522d555344a46e616d65b04575726f202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3455552a9626173655f6e616d65a44575726fad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964d92164656d6f2d4555522d5553442d3761356164643035393235656639313263363662a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(12, 11, 1, 1795267776315625598, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74742502d555344a46e616d65ba506f756e6420737465726c696e67202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3474250a9626173655f6e616d65ae506f756e6420737465726c696e67ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7302aa636f6d6d616e645f6964d92164656d6f2d4742502d5553442d3631633233343533333039613739653630386439a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(13, 12, 1, 1795267776316809808, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74155442d555344a46e616d65bd4175737472616c69616e20646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3415544a9626173655f6e616d65b14175737472616c69616e20646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7302aa636f6d6d616e645f6964d92164656d6f2d4155442d5553442d6166323939613635383239306630333464316538a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(14, 13, 1, 1795267776317946300, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74e5a442d555344a46e616d65be4e6577205a65616c616e6420646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a34e5a44a9626173655f6e616d65b24e6577205a65616c616e6420646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964d92164656d6f2d4e5a442d5553442d3862666336656165646538306435623939346230a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(15, 14, 1, 1795267776319169049, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74348462d555344a46e616d65b75377697373206672616e63202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3434846a9626173655f6e616d65ab5377697373206672616e63ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964d92164656d6f2d4348462d5553442d3937616239303030663634383661306265306337a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(16, 15, 1, 1795267776320576195, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74341442d555344a46e616d65bb43616e616469616e20646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3434144a9626173655f6e616d65af43616e616469616e20646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7302aa636f6d6d616e645f6964d92164656d6f2d4341442d5553442d3834333337363162633137393331366237336163a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(17, 16, 1, 1795267776321739067, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca75347442d555344a46e616d65bc53696e6761706f726520646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3534744a9626173655f6e616d65b053696e6761706f726520646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964d92164656d6f2d5347442d5553442d3335316431393131376139313436316438353338a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(18, 17, 1, 1795267776323049771, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74254432d555344a46e616d65a7426974636f696eab61737365745f636c617373a643525950544fa462617365a3425443a9626173655f6e616d65a7426974636f696ead626173655f646563696d616c7304a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a6302e30303031ac6d61785f7175616e74697479a23530ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b735aaa636f6d6d616e645f6964d92164656d6f2d4254432d5553442d3331363335653235356264653036363862663864a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(19, 18, 1, 1795267776325441131, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74554482d555344a46e616d65a54574686572ab61737365745f636c617373a643525950544fa462617365a3455448a9626173655f6e616d65a54574686572ad626173655f646563696d616c7303a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a5302e303031ac6d61785f7175616e74697479a431303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b730caa636f6d6d616e645f6964d92164656d6f2d4554482d5553442d6563373464323733313564313663326439636231a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(20, 19, 1, 1795267776326715910, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca7534f4c2d555344a46e616d65a6536f6c616e61ab61737365745f636c617373a643525950544fa462617365a3534f4ca9626173655f6e616d65a6536f6c616e61ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a4302e3031ac6d61785f7175616e74697479a53230303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964d92164656d6f2d534f4c2d5553442d3966326435646538653666323561346338623038a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(21, 20, 1, 1795267776327893412, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca75852502d555344a46e616d65a3585250ab61737365745f636c617373a643525950544fa462617365a3585250a9626173655f6e616d65a3585250ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a6302e30303031a86c6f745f73697a65a131ac6d61785f7175616e74697479a732303030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964d92164656d6f2d5852502d5553442d3236656434313264393539326262323837616630a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(22, 21, 1, 1795267776328977261, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74144412d555344a46e616d65a743617264616e6fab61737365745f636c617373a643525950544fa462617365a3414441a9626173655f6e616d65a743617264616e6fad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a6302e30303031a86c6f745f73697a65a131ac6d61785f7175616e74697479a732303030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964d92164656d6f2d4144412d5553442d3438376331663732613266663461643832616231a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(23, 22, 1, 1795267776334225522, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca8444f47452d555344a46e616d65a8446f6765636f696eab61737365745f636c617373a643525950544fa462617365a4444f4745a9626173655f6e616d65a8446f6765636f696ead626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a131ac6d61785f7175616e74697479a735303030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964d92264656d6f2d444f47452d5553442d3666646536636464313465343465333235353661a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(24, 23, 1, 1795267776335582227, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74c54432d555344a46e616d65a84c697465636f696eab61737365745f636c617373a643525950544fa462617365a34c5443a9626173655f6e616d65a84c697465636f696ead626173655f646563696d616c7303a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a5302e303031ac6d61785f7175616e74697479a53230303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301aa636f6d6d616e645f6964d92164656d6f2d4c54432d5553442d6466393339376338656235636633623837393036a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(25, 24, 1, 1795267776336705545, '\x93909091de0015a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca84c494e4b2d555344a46e616d65a9436861696e6c696e6bab61737365745f636c617373a643525950544fa462617365a44c494e4ba9626173655f6e616d65a9436861696e6c696e6bad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a5302e303031a86c6f745f73697a65a4302e3031ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7303aa636f6d6d616e645f6964d92264656d6f2d4c494e4b2d5553442d6665663731376361343632663331383638643263a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(26, 25, 1, 1795267778974215922, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03e8aa636f6d6d616e645f6964a96f70656e2d31303030a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(30, 26, 1, 1795267778978050449, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03e8a56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303030a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(31, 30, 1, 1795267784171936636, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03e9aa636f6d6d616e645f6964a96f70656e2d31303031a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(34, 31, 1, 1795267784182677461, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03e9a56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303031a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(35, 34, 1, 1795267784732932742, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03eaaa636f6d6d616e645f6964a96f70656e2d31303032a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(38, 35, 1, 1795267784749181722, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03eaa56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303032a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(50, 38, 1, 1795267784786144655, '\x93919a12a373696dcf18ea12899521502603cf18ea1289b0113aaacf18ea1289b04754aece00620a48ce00620af2cd2328cd124790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a3302e35a57072696365c0ad74696d655f696e5f666f726365a3494f43aa636f6d6d616e645f6964ac73746f72792d313030302d31a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(56, 50, 1, 1795267784796668155, '\x93919a12a373696dcf18ea12899521502603cf18ea1289b0113aaacf18ea1289b04754aece00620a48ce00620af2cd2328cd124790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a3302e32a57072696365c0ad74696d655f696e5f666f726365a3494f43aa636f6d6d616e645f6964ac73746f72792d313030312d31a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(61, 56, 1, 1795267784810506652, '\x93919a12a373696dcf18ea12899521502603cf18ea1289b0113aaacf18ea1289b04754aece00620a48ce00620af2cd2328cd124790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a64d41524b4554a87175616e74697479a3302e31a57072696365c0ad74696d655f696e5f666f726365a3494f43aa636f6d6d616e645f6964ac73746f72792d313030302d32a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(68, 61, 1, 1795267784815774585, '\x93919a01a373696dcf18ea12899521502603cf18ea1289caec42cbcf18ea1289caf3347ccd12d3cd12d5cd03b1cd059790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca4414c4452a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a23230a57072696365c0ad74696d655f696e5f666f726365a3494f43aa636f6d6d616e645f6964ac73746f72792d313030312d32a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(70, 68, 1, 1795267784829270750, '\x93919a12a373696dcf18ea12899521502603cf18ea1289b0113aaacf18ea1289b04754aece00620a48ce00620af2cd2328cd124790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3235a57072696365ae36313033392e3032303030303030ad74696d655f696e5f666f726365a3475443aa636f6d6d616e645f6964ac73746f72792d313030302d33a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(72, 70, 1, 1795267784845495555, '\x93919a12a373696dcf18ea12899521502604cf18ea1289dfb17903cf18ea1289dfc3a561ce00620d41ce00620df6cd22f3cd124790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a3302e31a57072696365ae36303339362e3530303030303030ad74696d655f696e5f666f726365a3475443aa636f6d6d616e645f6964ac73746f72792d313030312d33a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(73, 72, 1, 1795267784852107520, '\x9390909186a474797065ac43414e43454c5f4f52444552aa6163636f756e745f6964cd03e9a86f726465725f696447aa636f6d6d616e645f6964ac73746f72792d313030312d34a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(75, 73, 1, 1795267784863181046, '\x93919a12a373696dcf18ea12899521502604cf18ea1289dfb17903cf18ea1289dfc3a561ce00620d41ce00620df6cd22f3cd124790918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eaa673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3031a57072696365ae36313638312e3534303030303030ad74696d655f696e5f666f726365a3464f4baa636f6d6d616e645f6964ac73746f72792d313030322d31a56163746f729205a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(77, 75, 1, 1795267784872545794, '\x939090918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eaa673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a23930a57072696365ae36333630392e3038303030303030ad74696d655f696e5f666f726365a3475443aa636f6d6d616e645f6964ac73746f72792d313030322d32a56163746f729205a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(79, 77, 1, 1795267784874424235, '\x9390909188a474797065a85749544844524157aa6163636f756e745f6964cd03e9a56173736574a3555344a6616d6f756e74a7313233342e3536a46d656d6fa452656e74aa636f6d6d616e645f6964ac73746f72792d313030312d35a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(81, 79, 1, 1795267784878995083, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03e9a56173736574a3555344a6616d6f756e74a531302e3031a46d656d6faf466f756e6420696e206120636f6174aa636f6d6d616e645f6964ac73746f72792d313030312d36a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(82, 81, 1, 1795267784882419294, '\x9390909186a474797065af53555350454e445f4143434f554e54aa6163636f756e745f6964cd03eaa6726561736f6ea97468652073746f7279aa636f6d6d616e645f6964ad73746f72792d73757370656e64a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(83, 82, 1, 1795267784892231685, '\x9390909186a474797065af48414c545f494e535452554d454e54a673796d626f6ca74554482d555344a6726561736f6ea97468652073746f7279aa636f6d6d616e645f6964aa73746f72792d68616c74a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(85, 83, 1, 1795267787751587339, '\x93919a12a373696dcf18ea12899521502607cf18ea128a2a3c577ecf18ea128a2a5943d3ce00621065ce0062110bcd60d3cd2e5f90918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3135a57072696365ae36343236382e3930303030303030ad74696d655f696e5f666f726365a3475443aa636f6d6d616e645f6964ae73746f72792d313030312d313031a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(91, 85, 1, 1795267787753376225, '\x93919a12a373696dcf18ea12899521502607cf18ea128a2a3c577ecf18ea128a2a5943d3ce00621065ce0062110bcd60d3cd2e5f90918ba474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3035a57072696365ae36343236382e3930303030303030ad74696d655f696e5f666f726365a3475443aa636f6d6d616e645f6964ae73746f72792d313030302d313031a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0');



INSERT INTO public.engine_lease VALUES
	(0, 1, 'vm:25440', '2026-11-21 13:29:35.062514+00');



INSERT INTO public.eventlog_appliedevent VALUES
	('marketdata', 'sim:FRNH', 1795267783582371879),
	('marketdata', 'sim:ORBT', 1795267783582371879),
	('marketdata', 'BOOK:ALDR', 64),
	('marketdata', 'BOOK:BTC-USD', 59),
	('marketdata', 'sim:DOGE-USD', 1795267783582371879),
	('marketdata', 'sim:DVNE', 1795267783582371881);



INSERT INTO public.eventlog_consumerposition VALUES
	('marketdata', 'marketdata.quotes', 2, 17, '2026-11-21 13:29:46.237384+00'),
	('marketdata', 'marketdata.quotes', 0, 21, '2026-11-21 13:29:46.38874+00'),
	('marketdata', 'marketdata.quotes', 1, 18, '2026-11-21 13:29:46.38874+00'),
	('marketdata', 'marketdata.quotes', 3, 25, '2026-11-21 13:29:46.38874+00'),
	('marketdata', 'marketdata.trades', 2, 1, '2026-11-21 13:29:44.291459+00'),
	('marketdata', 'marketdata.trades', 3, 1, '2026-11-21 13:29:44.338446+00'),
	('portfolio', 'orders.events', 1, 6, '2026-11-21 13:29:45.016568+00'),
	('portfolio', 'orders.events', 3, 8, '2026-11-21 13:29:45.016568+00'),
	('marketdata', 'instruments.events', 0, 26, '2026-11-21 13:29:45.02178+00'),
	('marketdata', 'marketdata.levels', 0, 3, '2026-11-21 13:29:45.02178+00'),
	('marketdata', 'marketdata.trades', 1, 2, '2026-11-21 13:29:45.731029+00'),
	('marketdata', 'marketdata.trades', 0, 6, '2026-11-21 13:29:46.188871+00');



INSERT INTO public.eventlog_outboxbatch VALUES
	('engine', 85, '\x9294ad6f72646572732e6576656e7473a431303031a4312d3835c501777b2274797065223a224f524445525f4143434550544544222c226163636f756e745f6964223a313030312c226163636f756e745f73657175656e6365223a31312c226f726465725f6964223a38342c22636c69656e745f6f726465725f6964223a2273746f72792d313030312d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2273696465223a2253454c4c222c226f726465725f74797065223a224c494d4954222c2274696d655f696e5f666f726365223a22475443222c227175616e74697479223a22302e3135222c227072696365223a2236343236382e39222c2268656c64223a22302e3135222c2276657273696f6e223a312c2265706f6368223a312c2273657175656e6365223a38352c2261745f6e73223a313739353236373738373735313538373333392c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a2273746f72792d313030312d313031227d94b16d61726b6574646174612e6c6576656c73a74254432d555344ac312d38352d4254432d555344c4897b2274797065223a224c4556454c53222c2273796d626f6c223a224254432d555344222c2265706f6368223a312c2273657175656e6365223a38352c2261745f6e73223a313739353236373738373735313538373333392c226c6576656c73223a5b5b2253454c4c222c2236343236382e39222c22302e3135225d5d2c2276657273696f6e223a317d', '2026-11-21 13:29:47.752178+00'),
	('engine', 91, '\x9594ad6f72646572732e6576656e7473a431303030a4312d3837c5017c7b2274797065223a224f524445525f4143434550544544222c226163636f756e745f6964223a313030302c226163636f756e745f73657175656e6365223a392c226f726465725f6964223a38362c22636c69656e745f6f726465725f6964223a2273746f72792d313030302d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2273696465223a22425559222c226f726465725f74797065223a224c494d4954222c2274696d655f696e5f666f726365223a22475443222c227175616e74697479223a22302e3035222c227072696365223a2236343236382e39222c2268656c64223a22333231362e363538343435222c2276657273696f6e223a312c2265706f6368223a312c2273657175656e6365223a38372c2261745f6e73223a313739353236373738373735333337363232352c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a2273746f72792d313030302d313031227d94ad6f72646572732e6576656e7473a431303030a4312d3930c501f47b2274797065223a224f524445525f46494c4c4544222c226163636f756e745f6964223a313030302c226163636f756e745f73657175656e6365223a31302c226f726465725f6964223a38362c22636c69656e745f6f726465725f6964223a2273746f72792d313030302d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2274726164655f6964223a38382c2273696465223a22425559222c226c69717569646974795f73696465223a2254414b4552222c227072696365223a2236343236382e39222c227175616e74697479223a22302e3035222c22666565223a22332e323133343435222c22737461747573223a2246494c4c4544222c2266696c6c65645f7175616e74697479223a22302e3035222c226c65617665735f7175616e74697479223a2230222c2268656c64223a2230222c2271756f74655f736f75726365223a22222c2271756f74655f65706f6368223a302c2271756f74655f73657175656e6365223a302c2276657273696f6e223a312c2265706f6368223a312c2273657175656e6365223a39302c2261745f6e73223a313739353236373738373735333337363232352c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a2273746f72792d313030302d313031227d94ad6f72646572732e6576656e7473a431303031a4312d3931c501f67b2274797065223a224f524445525f46494c4c4544222c226163636f756e745f6964223a313030312c226163636f756e745f73657175656e6365223a31322c226f726465725f6964223a38342c22636c69656e745f6f726465725f6964223a2273746f72792d313030312d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2274726164655f6964223a38382c2273696465223a2253454c4c222c226c69717569646974795f73696465223a224d414b4552222c227072696365223a2236343236382e39222c227175616e74697479223a22302e3035222c22666565223a22312e36303637323235222c22737461747573223a225041525449414c4c595f46494c4c4544222c2266696c6c65645f7175616e74697479223a22302e3035222c226c65617665735f7175616e74697479223a22302e31222c2268656c64223a22302e31222c2271756f74655f736f75726365223a22222c2271756f74655f65706f6368223a302c2271756f74655f73657175656e6365223a302c2276657273696f6e223a312c2265706f6368223a312c2273657175656e6365223a39312c2261745f6e73223a313739353236373738373735333337363232352c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a22227d94b16d61726b6574646174612e747261646573a74254432d555344a4312d3838c47b7b2274797065223a22545241444553222c22736f75726365223a22424f4f4b222c2265706f6368223a312c227469636b73223a5b5b224254432d555344222c38382c313739353236373738373735333337363232352c2236343236382e39222c22302e3035222c22425559225d5d2c2276657273696f6e223a317d94b16d61726b6574646174612e6c6576656c73a74254432d555344ac312d39312d4254432d555344c4887b2274797065223a224c4556454c53222c2273796d626f6c223a224254432d555344222c2265706f6368223a312c2273657175656e6365223a39312c2261745f6e73223a313739353236373738373735333337363232352c226c6576656c73223a5b5b2253454c4c222c2236343236382e39222c22302e31225d5d2c2276657273696f6e223a317d', '2026-11-21 13:29:47.754194+00');






INSERT INTO public.eventlog_relaycursor VALUES
	('engine', 83, '2026-11-21 13:29:45.015743+00');



INSERT INTO public.instruments_asset VALUES
	(1, 'ALDR', 'Alder Bank', 'STOCK', 0),
	(2, 'USD', 'US dollar', 'CURRENCY', 2),
	(3, 'BRNT', 'Brant Energy', 'STOCK', 0),
	(4, 'CLRW', 'Clearwater Foods', 'STOCK', 0),
	(5, 'DVNE', 'Devine Motors', 'STOCK', 0),
	(6, 'FRNH', 'Fernhill Health', 'STOCK', 0),
	(7, 'HLCN', 'Halcyon Software', 'STOCK', 0),
	(8, 'LUMN', 'Lumen Grid', 'STOCK', 0),
	(9, 'NRTH', 'Northgate Rail', 'STOCK', 0),
	(10, 'ORBT', 'Orbit Aerospace', 'STOCK', 0),
	(11, 'QRTZ', 'Quartz Semiconductor', 'STOCK', 0),
	(12, 'EUR', 'Euro', 'CURRENCY', 2),
	(13, 'GBP', 'Pound sterling', 'CURRENCY', 2),
	(14, 'AUD', 'Australian dollar', 'CURRENCY', 2),
	(15, 'NZD', 'New Zealand dollar', 'CURRENCY', 2),
	(16, 'CHF', 'Swiss franc', 'CURRENCY', 2),
	(17, 'CAD', 'Canadian dollar', 'CURRENCY', 2),
	(18, 'SGD', 'Singapore dollar', 'CURRENCY', 2),
	(19, 'BTC', 'Bitcoin', 'CRYPTO', 4),
	(20, 'ETH', 'Ether', 'CRYPTO', 3),
	(21, 'SOL', 'Solana', 'CRYPTO', 2),
	(22, 'XRP', 'XRP', 'CRYPTO', 0),
	(23, 'ADA', 'Cardano', 'CRYPTO', 0),
	(24, 'DOGE', 'Dogecoin', 'CRYPTO', 0),
	(25, 'LTC', 'Litecoin', 'CRYPTO', 3),
	(26, 'LINK', 'Chainlink', 'CRYPTO', 2);



INSERT INTO public.instruments_instrument VALUES
	(1, 'ALDR', 'Alder Bank', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 13:29:36.275436+00', 1, 2),
	(2, 'BRNT', 'Brant Energy', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 13:29:36.299719+00', 3, 2),
	(3, 'CLRW', 'Clearwater Foods', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 13:29:36.302104+00', 4, 2),
	(4, 'DVNE', 'Devine Motors', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 3, 'OPEN', '', '2026-11-21 13:29:36.304026+00', 5, 2),
	(5, 'FRNH', 'Fernhill Health', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 2, 'OPEN', '', '2026-11-21 13:29:36.305585+00', 6, 2),
	(6, 'HLCN', 'Halcyon Software', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 4, 'OPEN', '', '2026-11-21 13:29:36.307406+00', 7, 2),
	(7, 'LUMN', 'Lumen Grid', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 13:29:36.309187+00', 8, 2),
	(8, 'NRTH', 'Northgate Rail', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 13:29:36.310478+00', 9, 2),
	(9, 'ORBT', 'Orbit Aerospace', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 3, 'OPEN', '', '2026-11-21 13:29:36.311862+00', 10, 2),
	(10, 'QRTZ', 'Quartz Semiconductor', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 6, 'OPEN', '', '2026-11-21 13:29:36.313081+00', 11, 2),
	(11, 'EUR-USD', 'Euro / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 1, 'OPEN', '', '2026-11-21 13:29:36.314353+00', 12, 2),
	(12, 'GBP-USD', 'Pound sterling / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 2, 'OPEN', '', '2026-11-21 13:29:36.315625+00', 13, 2),
	(13, 'AUD-USD', 'Australian dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 2, 'OPEN', '', '2026-11-21 13:29:36.316809+00', 14, 2),
	(14, 'NZD-USD', 'New Zealand dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 3, 'OPEN', '', '2026-11-21 13:29:36.317946+00', 15, 2),
	(15, 'CHF-USD', 'Swiss franc / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 3, 'OPEN', '', '2026-11-21 13:29:36.319169+00', 16, 2),
	(16, 'CAD-USD', 'Canadian dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 2, 'OPEN', '', '2026-11-21 13:29:36.320576+00', 17, 2),
	(17, 'SGD-USD', 'Singapore dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 3, 'OPEN', '', '2026-11-21 13:29:36.321739+00', 18, 2),
	(18, 'BTC-USD', 'Bitcoin', 'CRYPTO', 0.01000000, 0.00010000, 2, 4, 50.00000000, 2000000.00000000, 1000, 500, 1000, 90, 'OPEN', '', '2026-11-21 13:29:36.323049+00', 19, 2),
	(20, 'SOL-USD', 'Solana', 'CRYPTO', 0.01000000, 0.01000000, 2, 2, 20000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 13:29:36.326715+00', 21, 2),
	(21, 'XRP-USD', 'XRP', 'CRYPTO', 0.00010000, 1.00000000, 4, 0, 2000000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 13:29:36.327893+00', 22, 2),
	(22, 'ADA-USD', 'Cardano', 'CRYPTO', 0.00010000, 1.00000000, 4, 0, 2000000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 13:29:36.328977+00', 23, 2),
	(23, 'DOGE-USD', 'Dogecoin', 'CRYPTO', 0.00001000, 1.00000000, 5, 0, 5000000.00000000, 2000000.00000000, 1000, 500, 1000, 3, 'OPEN', '', '2026-11-21 13:29:36.334225+00', 24, 2),
	(24, 'LTC-USD', 'Litecoin', 'CRYPTO', 0.01000000, 0.00100000, 2, 3, 20000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 13:29:36.335582+00', 25, 2),
	(25, 'LINK-USD', 'Chainlink', 'CRYPTO', 0.00100000, 0.01000000, 3, 2, 100000.00000000, 2000000.00000000, 1000, 500, 1000, 3, 'OPEN', '', '2026-11-21 13:29:36.336705+00', 26, 2),
	(19, 'ETH-USD', 'Ether', 'CRYPTO', 0.01000000, 0.00100000, 2, 3, 1000.00000000, 2000000.00000000, 1000, 500, 1000, 12, 'HALTED', 'the story', '2026-11-21 13:29:44.892231+00', 20, 2);



INSERT INTO public.ledger_ledgeraccount VALUES
	(37, false, 100000.00000000, 0.00000000, 1002, 2),
	(44, true, -0.60000000, 0.00000000, 1, 19),
	(67, false, 20.00000000, 0.00000000, 1001, 1),
	(43, true, 39516.55889000, 0.00000000, 1, 2),
	(66, true, -20.00000000, 0.00000000, 1, 1),
	(28, true, -298775.45000000, 0.00000000, 3, 2),
	(45, false, 0.45000000, 0.00000000, 1000, 19),
	(33, false, 88158.91533750, 0.00000000, 1001, 2),
	(55, false, 0.15000000, 0.10000000, 1001, 19),
	(46, false, 56.70494639, 0.00000000, 2, 2),
	(29, false, 71043.27082611, 15275.01477500, 1000, 2);



INSERT INTO public.ledger_posting VALUES
	(0, 2, -100000.00000000, -100000.00000000, 28, 27),
	(1, 2, 100000.00000000, 100000.00000000, 29, 27),
	(0, 2, -100000.00000000, -200000.00000000, 28, 32),
	(1, 2, 100000.00000000, 100000.00000000, 33, 32),
	(0, 2, -100000.00000000, -300000.00000000, 28, 36),
	(1, 2, 100000.00000000, 100000.00000000, 37, 36),
	(0, 2, -30064.11907000, 69935.88093000, 29, 42),
	(1, 2, 30064.11907000, 30064.11907000, 43, 42),
	(2, 19, -0.46790000, -0.46790000, 44, 42),
	(3, 19, 0.46790000, 0.46790000, 45, 42),
	(4, 2, -30.06411907, 69905.81681093, 29, 42),
	(5, 2, 30.06411907, 30.06411907, 46, 42),
	(0, 2, -2062.55982000, 67843.25699093, 29, 49),
	(1, 2, 2062.55982000, 32126.67889000, 43, 49),
	(2, 19, -0.03210000, -0.50000000, 44, 49),
	(3, 19, 0.03210000, 0.50000000, 45, 49),
	(4, 2, -2.06255982, 67841.19443111, 29, 49),
	(5, 2, 2.06255982, 32.12667889, 46, 49),
	(0, 2, -12850.84000000, 87149.16000000, 33, 54),
	(1, 2, 12850.84000000, 44977.51889000, 43, 54),
	(2, 19, -0.20000000, -0.70000000, 44, 54),
	(3, 19, 0.20000000, 0.20000000, 55, 54),
	(4, 2, -12.85084000, 87136.30916000, 33, 54),
	(5, 2, 12.85084000, 44.97751889, 46, 54),
	(0, 2, -6425.16000000, 38552.35889000, 43, 60),
	(1, 2, 6425.16000000, 74266.35443111, 29, 60),
	(2, 19, -0.10000000, 0.40000000, 45, 60),
	(3, 19, 0.10000000, -0.60000000, 44, 60),
	(4, 2, -6.42516000, 74259.92927111, 29, 60),
	(5, 2, 6.42516000, 51.40267889, 46, 60),
	(0, 2, -964.20000000, 86172.10916000, 33, 65),
	(1, 2, 964.20000000, 39516.55889000, 43, 65),
	(2, 1, -20.00000000, -20.00000000, 66, 65),
	(3, 1, 20.00000000, 20.00000000, 67, 65),
	(4, 2, -0.48210000, 86171.62706000, 33, 65),
	(5, 2, 0.48210000, 51.88477889, 46, 65),
	(0, 2, -1234.56000000, 84937.06706000, 33, 78),
	(1, 2, 1234.56000000, -298765.44000000, 28, 78),
	(0, 2, -10.01000000, -298775.45000000, 28, 80),
	(1, 2, 10.01000000, 84947.07706000, 33, 80),
	(0, 2, -3213.44500000, 71046.48427111, 29, 89),
	(1, 2, 3213.44500000, 88160.52206000, 33, 89),
	(2, 19, -0.05000000, 0.15000000, 55, 89),
	(3, 19, 0.05000000, 0.45000000, 45, 89),
	(4, 2, -3.21344500, 71043.27082611, 29, 89),
	(5, 2, -1.60672250, 88158.91533750, 33, 89),
	(6, 2, 4.82016750, 56.70494639, 46, 89);



INSERT INTO public.ledger_transfer VALUES
	(27, 'DEPOSIT', NULL, 'paper-1000', 'Paper money to start with', '2026-11-21 13:29:38.97805+00'),
	(32, 'DEPOSIT', NULL, 'paper-1001', 'Paper money to start with', '2026-11-21 13:29:44.182677+00'),
	(36, 'DEPOSIT', NULL, 'paper-1002', 'Paper money to start with', '2026-11-21 13:29:44.749181+00'),
	(42, 'TRADE', 41, 'story-1000-1', '', '2026-11-21 13:29:44.786144+00'),
	(49, 'TRADE', 48, 'story-1000-1', '', '2026-11-21 13:29:44.786144+00'),
	(54, 'TRADE', 53, 'story-1001-1', '', '2026-11-21 13:29:44.796668+00'),
	(60, 'TRADE', 59, 'story-1000-2', '', '2026-11-21 13:29:44.810506+00'),
	(65, 'TRADE', 64, 'story-1001-2', '', '2026-11-21 13:29:44.815774+00'),
	(78, 'WITHDRAWAL', NULL, 'story-1001-5', 'Rent', '2026-11-21 13:29:44.874424+00'),
	(80, 'DEPOSIT', NULL, 'story-1001-6', 'Found in a coat', '2026-11-21 13:29:44.878995+00'),
	(89, 'TRADE', 88, 'story-1000-101', '', '2026-11-21 13:29:47.753376+00');



INSERT INTO public.marketdata_bar VALUES
	(22, '1d', '2026-11-21 00:00:00+00', 0.44690000, 0.45380000, 0.43780000, 0.45200000, 54738873.00000000, 18117),
	(13, '1d', '2026-11-21 00:00:00+00', 0.65459000, 0.65546000, 0.65142000, 0.65430000, 2787641000.00000000, 27274),
	(2, '1d', '2026-11-21 00:00:00+00', 71.38000000, 71.51000000, 71.01000000, 71.35000000, 2389678.00000000, 22251),
	(2, '1h', '2026-11-21 13:00:00+00', 71.18000000, 71.35000000, 71.13000000, 71.35000000, 126474.00000000, 1120),
	(2, '1m', '2026-11-21 13:29:00+00', 71.33000000, 71.35000000, 71.32000000, 71.35000000, 3977.00000000, 36),
	(2, '1s', '2026-11-21 13:29:35+00', 71.35000000, 71.35000000, 71.35000000, 71.35000000, 72.00000000, 1),
	(2, '5m', '2026-11-21 13:25:00+00', 71.31000000, 71.35000000, 71.30000000, 71.35000000, 28889.00000000, 276),
	(16, '1d', '2026-11-21 00:00:00+00', 0.73235000, 0.73312000, 0.73203000, 0.73260000, 2163212000.00000000, 21934),
	(15, '1d', '2026-11-21 00:00:00+00', 1.13497000, 1.13508000, 1.12725000, 1.12950000, 1956445000.00000000, 21418),
	(3, '1d', '2026-11-21 00:00:00+00', 33.99000000, 34.00000000, 33.74000000, 33.80000000, 2698470.00000000, 13519),
	(3, '1h', '2026-11-21 13:00:00+00', 33.79000000, 33.81000000, 33.76000000, 33.80000000, 194353.00000000, 978),
	(3, '1m', '2026-11-21 13:29:00+00', 33.80000000, 33.80000000, 33.80000000, 33.80000000, 7287.00000000, 36),
	(3, '1s', '2026-11-21 13:29:35+00', 33.80000000, 33.80000000, 33.80000000, 33.80000000, 235.00000000, 1),
	(3, '5m', '2026-11-21 13:25:00+00', 33.80000000, 33.81000000, 33.80000000, 33.80000000, 57279.00000000, 276),
	(19, '1d', '2026-11-21 00:00:00+00', 3184.38000000, 3227.46000000, 3158.40000000, 3180.00000000, 65906.12700000, 42846),
	(11, '1d', '2026-11-21 00:00:00+00', 1.08509000, 1.08795000, 1.08321000, 1.08420000, 6596079000.00000000, 42688),
	(12, '1d', '2026-11-21 00:00:00+00', 1.26603000, 1.26898000, 1.26419000, 1.26880000, 4112326000.00000000, 34979),
	(6, '1d', '2026-11-21 00:00:00+00', 312.43000000, 312.75000000, 310.37000000, 312.60000000, 1395704.00000000, 36072),
	(6, '1h', '2026-11-21 13:00:00+00', 312.44000000, 312.75000000, 312.30000000, 312.60000000, 61739.00000000, 1577),
	(6, '1m', '2026-11-21 13:29:00+00', 312.57000000, 312.63000000, 312.56000000, 312.60000000, 1828.00000000, 38),
	(6, '1s', '2026-11-21 13:29:36+00', 312.60000000, 312.60000000, 312.60000000, 312.60000000, 68.00000000, 1),
	(6, '5m', '2026-11-21 13:25:00+00', 312.53000000, 312.63000000, 312.49000000, 312.60000000, 11849.00000000, 285),
	(25, '1d', '2026-11-21 00:00:00+00', 14.34300000, 15.22900000, 14.25600000, 14.85000000, 656888.54000000, 17951),
	(24, '1d', '2026-11-21 00:00:00+00', 84.49000000, 85.11000000, 78.16000000, 82.40000000, 34233.69300000, 13455),
	(7, '1d', '2026-11-21 00:00:00+00', 57.00000000, 58.45000000, 56.83000000, 57.90000000, 2203721.00000000, 18616),
	(8, '1d', '2026-11-21 00:00:00+00', 92.67000000, 92.71000000, 92.02000000, 92.15000000, 1127140.00000000, 13838),
	(14, '1d', '2026-11-21 00:00:00+00', 0.59796000, 0.60190000, 0.59638000, 0.60120000, 1195489000.00000000, 18168),
	(10, '1d', '2026-11-21 00:00:00+00', 449.96000000, 450.49000000, 437.50000000, 441.20000000, 1762350.00000000, 44411),
	(17, '1d', '2026-11-21 00:00:00+00', 0.74379000, 0.74428000, 0.74306000, 0.74310000, 964243000.00000000, 13309),
	(20, '1d', '2026-11-21 00:00:00+00', 150.23000000, 153.77000000, 147.25000000, 148.60000000, 698728.02000000, 36746),
	(21, '1d', '2026-11-21 00:00:00+00', 0.60300000, 0.60420000, 0.58010000, 0.58400000, 77128708.00000000, 21291),
	(5, '1d', '2026-11-21 00:00:00+00', 123.68000000, 125.44000000, 123.17000000, 124.77000000, 1234791.00000000, 18049),
	(5, '1h', '2026-11-21 13:00:00+00', 124.61000000, 124.77000000, 124.59000000, 124.77000000, 67927.00000000, 1028),
	(5, '1m', '2026-11-21 13:29:00+00', 124.77000000, 124.77000000, 124.75000000, 124.77000000, 2822.00000000, 38),
	(5, '1s', '2026-11-21 13:29:44+00', 124.77000000, 124.77000000, 124.77000000, 124.77000000, 175.00000000, 1),
	(5, '5m', '2026-11-21 13:25:00+00', 124.67000000, 124.77000000, 124.66000000, 124.77000000, 19631.00000000, 278),
	(9, '1d', '2026-11-21 00:00:00+00', 229.12000000, 229.53000000, 226.27000000, 228.52000000, 1135865.00000000, 21960),
	(1, '1d', '2026-11-21 00:00:00+00', 48.22000000, 48.69000000, 48.03000000, 48.21000000, 2655380.00000000, 17685),
	(1, '1h', '2026-11-21 13:00:00+00', 48.18000000, 48.21000000, 48.11000000, 48.21000000, 169578.00000000, 1035),
	(1, '1m', '2026-11-21 13:29:00+00', 48.18000000, 48.21000000, 48.17000000, 48.21000000, 5528.00000000, 37),
	(1, '1s', '2026-11-21 13:29:44+00', 48.21000000, 48.21000000, 48.21000000, 48.21000000, 20.00000000, 1),
	(1, '5m', '2026-11-21 13:25:00+00', 48.15000000, 48.21000000, 48.14000000, 48.21000000, 41402.00000000, 277),
	(18, '1d', '2026-11-21 00:00:00+00', 65057.94000000, 65521.19000000, 64211.16000000, 64251.60000000, 8413.19270000, 53155),
	(23, '1d', '2026-11-21 00:00:00+00', 0.16178000, 0.16301000, 0.15684000, 0.15842000, 229647300.00000000, 23279),
	(4, '1d', '2026-11-21 00:00:00+00', 189.31000000, 192.21000000, 185.91000000, 186.36000000, 2508473.00000000, 41217),
	(4, '1h', '2026-11-21 13:00:00+00', 188.36000000, 188.96000000, 185.91000000, 186.36000000, 80850.00000000, 1519),
	(4, '1m', '2026-11-21 13:29:00+00', 186.27000000, 186.43000000, 186.21000000, 186.36000000, 2879.00000000, 39),
	(4, '1s', '2026-11-21 13:29:46+00', 186.41000000, 186.41000000, 186.36000000, 186.36000000, 58.00000000, 2),
	(4, '5m', '2026-11-21 13:25:00+00', 185.99000000, 186.43000000, 185.91000000, 186.36000000, 17821.00000000, 293);



INSERT INTO public.marketdata_latestprice VALUES
	(22, 'sim', 1795267783582371878, 5, 0.45180000, 0.45200000, 18000.00000000, 37010.00000000, '2026-11-21 13:29:46.033354+00', 0.45200000, '2026-11-21 13:29:36.342682+00'),
	(23, 'sim', 1795267783582371878, 5, 0.15838000, 0.15842000, 50573.00000000, 68853.00000000, '2026-11-21 13:29:46.383331+00', 0.15842000, '2026-11-21 13:29:45.686403+00'),
	(24, 'sim', 1795267783582371878, 5, 82.40000000, 82.43000000, 12.23500000, 16.43100000, '2026-11-21 13:29:46.233484+00', 82.40000000, '2026-11-21 13:29:37.379888+00'),
	(25, 'sim', 1795267783582371878, 5, 14.85000000, 14.85500000, 286.66000000, 73.21000000, '2026-11-21 13:29:46.233484+00', 14.85000000, '2026-11-21 13:29:37.301493+00'),
	(15, 'sim', 1795267783582371878, 4, 1.12947000, 1.12951000, 280000.00000000, 333000.00000000, '2026-11-21 13:29:45.633365+00', 1.12950000, '2026-11-21 13:29:36.723767+00'),
	(1, 'sim', 1795267783582371878, 5, 48.18000000, 48.20000000, 887.00000000, 396.00000000, '2026-11-21 13:29:46.233484+00', 48.21000000, '2026-11-21 13:29:44.815774+00'),
	(2, 'sim', 1795267783582371878, 4, 71.34000000, 71.37000000, 1114.00000000, 1050.00000000, '2026-11-21 13:29:46.083948+00', 71.35000000, '2026-11-21 13:29:36.543696+00'),
	(3, 'sim', 1795267783582371878, 4, 33.78000000, 33.79000000, 1495.00000000, 1200.00000000, '2026-11-21 13:29:45.686403+00', 33.80000000, '2026-11-21 13:29:36.824998+00'),
	(4, 'sim', 1795267783582371878, 5, 186.36000000, 186.41000000, 805.00000000, 147.00000000, '2026-11-21 13:29:46.233484+00', 186.36000000, '2026-11-21 13:29:46.183337+00'),
	(5, 'sim', 1795267783582371878, 5, 124.73000000, 124.76000000, 400.00000000, 260.00000000, '2026-11-21 13:29:45.833369+00', 124.77000000, '2026-11-21 13:29:44.283878+00'),
	(6, 'sim', 1795267783582371878, 8, 312.58000000, 312.65000000, 135.00000000, 285.00000000, '2026-11-21 13:29:46.283354+00', 312.60000000, '2026-11-21 13:29:37.241604+00'),
	(7, 'sim', 1795267783582371878, 5, 57.90000000, 57.91000000, 373.00000000, 419.00000000, '2026-11-21 13:29:45.833369+00', 57.90000000, '2026-11-21 13:29:37.453795+00'),
	(8, 'sim', 1795267783582371878, 5, 92.13000000, 92.15000000, 163.00000000, 202.00000000, '2026-11-21 13:29:46.233484+00', 92.15000000, '2026-11-21 13:29:37.527265+00'),
	(9, 'sim', 1795267783582371878, 5, 228.47000000, 228.54000000, 439.00000000, 213.00000000, '2026-11-21 13:29:46.383331+00', 228.52000000, '2026-11-21 13:29:44.333362+00'),
	(10, 'sim', 1795267783582371878, 6, 441.16000000, 441.28000000, 139.00000000, 324.00000000, '2026-11-21 13:29:45.938174+00', 441.20000000, '2026-11-21 13:29:37.821331+00'),
	(11, 'sim', 1795267783582371878, 7, 1.08418000, 1.08420000, 2459000.00000000, 596000.00000000, '2026-11-21 13:29:46.333366+00', 1.08420000, '2026-11-21 13:29:37.064086+00'),
	(12, 'sim', 1795267783582371878, 4, 1.26875000, 1.26879000, 563000.00000000, 833000.00000000, '2026-11-21 13:29:45.736711+00', 1.26880000, '2026-11-21 13:29:37.182427+00'),
	(13, 'sim', 1795267783582371878, 5, 0.65425000, 0.65430000, 600000.00000000, 836000.00000000, '2026-11-21 13:29:45.686403+00', 0.65430000, '2026-11-21 13:29:36.48714+00'),
	(14, 'sim', 1795267783582371878, 4, 0.60115000, 0.60121000, 125000.00000000, 787000.00000000, '2026-11-21 13:29:45.686403+00', 0.60120000, '2026-11-21 13:29:37.628655+00'),
	(16, 'sim', 1795267783582371878, 5, 0.73258000, 0.73262000, 180000.00000000, 641000.00000000, '2026-11-21 13:29:46.383331+00', 0.73260000, '2026-11-21 13:29:36.665074+00'),
	(17, 'sim', 1795267783582371878, 4, 0.74307000, 0.74313000, 400000.00000000, 237000.00000000, '2026-11-21 13:29:46.083948+00', 0.74310000, '2026-11-21 13:29:37.922114+00'),
	(18, 'sim', 1795267783582371878, 7, 64267.25000000, 64268.91000000, 2.47870000, 1.18710000, '2026-11-21 13:29:46.083948+00', 64251.60000000, '2026-11-21 13:29:44.810506+00'),
	(19, 'sim', 1795267783582371878, 6, 3179.86000000, 3180.18000000, 5.64600000, 10.17100000, '2026-11-21 13:29:45.783375+00', 3180.00000000, '2026-11-21 13:29:37.005842+00'),
	(20, 'sim', 1795267783582371878, 4, 148.53000000, 148.56000000, 66.67000000, 130.63000000, '2026-11-21 13:29:45.983344+00', 148.60000000, '2026-11-21 13:29:37.998385+00'),
	(21, 'sim', 1795267783582371878, 4, 0.58400000, 0.58420000, 29532.00000000, 25854.00000000, '2026-11-21 13:29:45.938174+00', 0.58400000, '2026-11-21 13:29:38.057319+00');



INSERT INTO public.marketdata_quoteframe VALUES
	(1, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 48.18000000, 48.20000000, 887.00000000, 396.00000000),
	(2, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 4, 71.34000000, 71.37000000, 1114.00000000, 1050.00000000),
	(4, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 186.36000000, 186.41000000, 805.00000000, 147.00000000),
	(6, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 8, 312.58000000, 312.65000000, 135.00000000, 285.00000000),
	(8, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 92.13000000, 92.15000000, 163.00000000, 202.00000000),
	(9, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 228.47000000, 228.54000000, 439.00000000, 213.00000000),
	(11, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 7, 1.08418000, 1.08420000, 2459000.00000000, 596000.00000000),
	(16, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 0.73258000, 0.73262000, 180000.00000000, 641000.00000000),
	(17, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 4, 0.74307000, 0.74313000, 400000.00000000, 237000.00000000),
	(18, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 7, 64267.25000000, 64268.91000000, 2.47870000, 1.18710000),
	(22, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 0.45180000, 0.45200000, 18000.00000000, 37010.00000000),
	(23, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 0.15838000, 0.15842000, 50573.00000000, 68853.00000000),
	(24, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 82.40000000, 82.43000000, 12.23500000, 16.43100000),
	(25, '2026-11-21 13:29:46+00', 'sim', 1795267783582371878, 5, 14.85000000, 14.85500000, 286.66000000, 73.21000000);



INSERT INTO public.orders_accountevent VALUES
	(26, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1000,"account_sequence":1,"version":1,"epoch":1,"sequence":26,"at_ns":1795267778974215922,"correlation_id":"","causation_id":"open-1000"}', '2026-11-21 13:29:38.974215+00', 1000),
	(30, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1000,"account_sequence":2,"transfer_id":27,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":30,"at_ns":1795267778978050449,"correlation_id":"","causation_id":"paper-1000"}', '2026-11-21 13:29:38.97805+00', 1000),
	(31, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1001,"account_sequence":1,"version":1,"epoch":1,"sequence":31,"at_ns":1795267784171936636,"correlation_id":"","causation_id":"open-1001"}', '2026-11-21 13:29:44.171936+00', 1001),
	(34, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1001,"account_sequence":2,"transfer_id":32,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":34,"at_ns":1795267784182677461,"correlation_id":"","causation_id":"paper-1001"}', '2026-11-21 13:29:44.182677+00', 1001),
	(35, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1002,"account_sequence":1,"version":1,"epoch":1,"sequence":35,"at_ns":1795267784732932742,"correlation_id":"","causation_id":"open-1002"}', '2026-11-21 13:29:44.732932+00', 1002),
	(38, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1002,"account_sequence":2,"transfer_id":36,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":38,"at_ns":1795267784749181722,"correlation_id":"","causation_id":"paper-1002"}', '2026-11-21 13:29:44.749181+00', 1002),
	(40, 3, 1, 39, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":3,"order_id":39,"client_order_id":"story-1000-1","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"0.5","price":null,"held":"35374.18385","version":1,"epoch":1,"sequence":40,"at_ns":1795267784786144655,"correlation_id":"","causation_id":"story-1000-1"}', '2026-11-21 13:29:44.786144+00', 1000),
	(47, 4, 1, 39, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":4,"order_id":39,"client_order_id":"story-1000-1","instrument_id":18,"symbol":"BTC-USD","trade_id":41,"side":"BUY","liquidity_side":"TAKER","price":"64253.3","quantity":"0.4679","fee":"30.06411907","status":"PARTIALLY_FILLED","filled_quantity":"0.4679","leaves_quantity":"0.0321","held":"2271.02260317","quote_source":"sim","quote_epoch":1795267783582371878,"quote_sequence":3,"version":1,"epoch":1,"sequence":47,"at_ns":1795267784786144655,"correlation_id":"","causation_id":"story-1000-1"}', '2026-11-21 13:29:44.786144+00', 1000),
	(50, 5, 1, 39, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":5,"order_id":39,"client_order_id":"story-1000-1","instrument_id":18,"symbol":"BTC-USD","trade_id":48,"side":"BUY","liquidity_side":"TAKER","price":"64254.2","quantity":"0.0321","fee":"2.06255982","status":"FILLED","filled_quantity":"0.5","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795267783582371878,"quote_sequence":3,"version":1,"epoch":1,"sequence":50,"at_ns":1795267784786144655,"correlation_id":"","causation_id":"story-1000-1"}', '2026-11-21 13:29:44.786144+00', 1000),
	(52, 3, 1, 51, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":3,"order_id":51,"client_order_id":"story-1001-1","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"0.2","price":null,"held":"14149.67354","version":1,"epoch":1,"sequence":52,"at_ns":1795267784796668155,"correlation_id":"","causation_id":"story-1001-1"}', '2026-11-21 13:29:44.796668+00', 1001),
	(56, 4, 1, 51, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":4,"order_id":51,"client_order_id":"story-1001-1","instrument_id":18,"symbol":"BTC-USD","trade_id":53,"side":"BUY","liquidity_side":"TAKER","price":"64254.2","quantity":"0.2","fee":"12.85084","status":"FILLED","filled_quantity":"0.2","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795267783582371878,"quote_sequence":3,"version":1,"epoch":1,"sequence":56,"at_ns":1795267784796668155,"correlation_id":"","causation_id":"story-1001-1"}', '2026-11-21 13:29:44.796668+00', 1001),
	(58, 6, 1, 57, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":6,"order_id":57,"client_order_id":"story-1000-2","instrument_id":18,"symbol":"BTC-USD","side":"SELL","order_type":"MARKET","time_in_force":"IOC","quantity":"0.1","price":null,"held":"0.1","version":1,"epoch":1,"sequence":58,"at_ns":1795267784810506652,"correlation_id":"","causation_id":"story-1000-2"}', '2026-11-21 13:29:44.810506+00', 1000),
	(61, 7, 1, 57, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":7,"order_id":57,"client_order_id":"story-1000-2","instrument_id":18,"symbol":"BTC-USD","trade_id":59,"side":"SELL","liquidity_side":"TAKER","price":"64251.6","quantity":"0.1","fee":"6.42516","status":"FILLED","filled_quantity":"0.1","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795267783582371878,"quote_sequence":3,"version":1,"epoch":1,"sequence":61,"at_ns":1795267784810506652,"correlation_id":"","causation_id":"story-1000-2"}', '2026-11-21 13:29:44.810506+00', 1000),
	(63, 5, 1, 62, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":5,"order_id":62,"client_order_id":"story-1001-2","instrument_id":1,"symbol":"ALDR","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"20","price":null,"held":"1060.9302","version":1,"epoch":1,"sequence":63,"at_ns":1795267784815774585,"correlation_id":"","causation_id":"story-1001-2"}', '2026-11-21 13:29:44.815774+00', 1001),
	(68, 6, 1, 62, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":6,"order_id":62,"client_order_id":"story-1001-2","instrument_id":1,"symbol":"ALDR","trade_id":64,"side":"BUY","liquidity_side":"TAKER","price":"48.21","quantity":"20","fee":"0.4821","status":"FILLED","filled_quantity":"20","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795267783582371878,"quote_sequence":3,"version":1,"epoch":1,"sequence":68,"at_ns":1795267784815774585,"correlation_id":"","causation_id":"story-1001-2"}', '2026-11-21 13:29:44.815774+00', 1001),
	(70, 8, 1, 69, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":8,"order_id":69,"client_order_id":"story-1000-3","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.25","price":"61039.02","held":"15275.014775","version":1,"epoch":1,"sequence":70,"at_ns":1795267784829270750,"correlation_id":"","causation_id":"story-1000-3"}', '2026-11-21 13:29:44.82927+00', 1000),
	(72, 7, 1, 71, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":7,"order_id":71,"client_order_id":"story-1001-3","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.1","price":"60396.5","held":"6045.68965","version":1,"epoch":1,"sequence":72,"at_ns":1795267784845495555,"correlation_id":"","causation_id":"story-1001-3"}', '2026-11-21 13:29:44.845495+00', 1001),
	(73, 8, 1, 71, 'ORDER_CANCELED', '{"type":"ORDER_CANCELED","account_id":1001,"account_sequence":8,"order_id":71,"client_order_id":"story-1001-3","instrument_id":18,"symbol":"BTC-USD","reason":"CANCELED_BY_CUSTOMER","filled_quantity":"0","released":"6045.68965","version":1,"epoch":1,"sequence":73,"at_ns":1795267784852107520,"correlation_id":"","causation_id":"story-1001-4"}', '2026-11-21 13:29:44.852107+00', 1001),
	(75, 3, 1, 74, 'ORDER_REJECTED', '{"type":"ORDER_REJECTED","account_id":1002,"account_sequence":3,"order_id":74,"client_order_id":"story-1002-1","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"LIMIT","time_in_force":"FOK","quantity":"0.01","price":"61681.54","reason":"FOK_NOT_FILLABLE","version":1,"epoch":1,"sequence":75,"at_ns":1795267784863181046,"correlation_id":"","causation_id":"story-1002-1"}', '2026-11-21 13:29:44.863181+00', 1002),
	(77, 4, 1, 76, 'ORDER_DENIED', '{"type":"ORDER_DENIED","account_id":1002,"account_sequence":4,"order_id":76,"client_order_id":"story-1002-2","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"90","price":"63609.08","reason":"MAX_QUANTITY","version":1,"epoch":1,"sequence":77,"at_ns":1795267784872545794,"correlation_id":"","causation_id":"story-1002-2"}', '2026-11-21 13:29:44.872545+00', 1002),
	(79, 9, 1, NULL, 'FUNDS_WITHDRAWN', '{"type":"FUNDS_WITHDRAWN","account_id":1001,"account_sequence":9,"transfer_id":78,"asset":"USD","amount":"1234.56","version":1,"epoch":1,"sequence":79,"at_ns":1795267784874424235,"correlation_id":"","causation_id":"story-1001-5"}', '2026-11-21 13:29:44.874424+00', 1001),
	(81, 10, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1001,"account_sequence":10,"transfer_id":80,"asset":"USD","amount":"10.01","version":1,"epoch":1,"sequence":81,"at_ns":1795267784878995083,"correlation_id":"","causation_id":"story-1001-6"}', '2026-11-21 13:29:44.878995+00', 1001),
	(82, 5, 1, NULL, 'ACCOUNT_SUSPENDED', '{"type":"ACCOUNT_SUSPENDED","account_id":1002,"account_sequence":5,"reason":"the story","version":1,"epoch":1,"sequence":82,"at_ns":1795267784882419294,"correlation_id":"","causation_id":"story-suspend"}', '2026-11-21 13:29:44.882419+00', 1002),
	(85, 11, 1, 84, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":11,"order_id":84,"client_order_id":"story-1001-101","instrument_id":18,"symbol":"BTC-USD","side":"SELL","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.15","price":"64268.9","held":"0.15","version":1,"epoch":1,"sequence":85,"at_ns":1795267787751587339,"correlation_id":"","causation_id":"story-1001-101"}', '2026-11-21 13:29:47.751587+00', 1001),
	(87, 9, 1, 86, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":9,"order_id":86,"client_order_id":"story-1000-101","instrument_id":18,"symbol":"BTC-USD","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.05","price":"64268.9","held":"3216.658445","version":1,"epoch":1,"sequence":87,"at_ns":1795267787753376225,"correlation_id":"","causation_id":"story-1000-101"}', '2026-11-21 13:29:47.753376+00', 1000),
	(90, 10, 1, 86, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":10,"order_id":86,"client_order_id":"story-1000-101","instrument_id":18,"symbol":"BTC-USD","trade_id":88,"side":"BUY","liquidity_side":"TAKER","price":"64268.9","quantity":"0.05","fee":"3.213445","status":"FILLED","filled_quantity":"0.05","leaves_quantity":"0","held":"0","quote_source":"","quote_epoch":0,"quote_sequence":0,"version":1,"epoch":1,"sequence":90,"at_ns":1795267787753376225,"correlation_id":"","causation_id":"story-1000-101"}', '2026-11-21 13:29:47.753376+00', 1000),
	(91, 12, 1, 84, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":12,"order_id":84,"client_order_id":"story-1001-101","instrument_id":18,"symbol":"BTC-USD","trade_id":88,"side":"SELL","liquidity_side":"MAKER","price":"64268.9","quantity":"0.05","fee":"1.6067225","status":"PARTIALLY_FILLED","filled_quantity":"0.05","leaves_quantity":"0.1","held":"0.1","quote_source":"","quote_epoch":0,"quote_sequence":0,"version":1,"epoch":1,"sequence":91,"at_ns":1795267787753376225,"correlation_id":"","causation_id":""}', '2026-11-21 13:29:47.753376+00', 1001);



INSERT INTO public.orders_eventposition VALUES
	(40, 3, 0),
	(47, 3, 1),
	(50, 3, 2),
	(52, 1, 0),
	(56, 1, 1),
	(63, 1, 2),
	(68, 1, 3),
	(58, 3, 3),
	(61, 3, 4),
	(70, 3, 5),
	(72, 1, 4),
	(73, 1, 5),
	(75, 3, 6),
	(77, 3, 7);



INSERT INTO public.orders_fill VALUES
	(82, 'BUY', 'TAKER', 64253.30000000, 0.46790000, 30.06411907, '2026-11-21 13:29:44.786144+00', 1000, 18, 39, 41),
	(83, 'SELL', 'MAKER', 64253.30000000, 0.46790000, 0.00000000, '2026-11-21 13:29:44.786144+00', 1, 18, NULL, 41),
	(96, 'BUY', 'TAKER', 64254.20000000, 0.03210000, 2.06255982, '2026-11-21 13:29:44.786144+00', 1000, 18, 39, 48),
	(97, 'SELL', 'MAKER', 64254.20000000, 0.03210000, 0.00000000, '2026-11-21 13:29:44.786144+00', 1, 18, NULL, 48),
	(106, 'BUY', 'TAKER', 64254.20000000, 0.20000000, 12.85084000, '2026-11-21 13:29:44.796668+00', 1001, 18, 51, 53),
	(107, 'SELL', 'MAKER', 64254.20000000, 0.20000000, 0.00000000, '2026-11-21 13:29:44.796668+00', 1, 18, NULL, 53),
	(119, 'SELL', 'TAKER', 64251.60000000, 0.10000000, 6.42516000, '2026-11-21 13:29:44.810506+00', 1000, 18, 57, 59),
	(118, 'BUY', 'MAKER', 64251.60000000, 0.10000000, 0.00000000, '2026-11-21 13:29:44.810506+00', 1, 18, NULL, 59),
	(128, 'BUY', 'TAKER', 48.21000000, 20.00000000, 0.48210000, '2026-11-21 13:29:44.815774+00', 1001, 1, 62, 64),
	(129, 'SELL', 'MAKER', 48.21000000, 20.00000000, 0.00000000, '2026-11-21 13:29:44.815774+00', 1, 1, NULL, 64),
	(176, 'BUY', 'TAKER', 64268.90000000, 0.05000000, 3.21344500, '2026-11-21 13:29:47.753376+00', 1000, 18, 86, 88),
	(177, 'SELL', 'MAKER', 64268.90000000, 0.05000000, 1.60672250, '2026-11-21 13:29:47.753376+00', 1001, 18, 84, 88);



INSERT INTO public.orders_order VALUES
	(39, 'story-1000-1', 'BUY', 'MARKET', 'IOC', 0.50000000, NULL, 'FILLED', '', 0.50000000, 32126.67889000, 32.12667889, 0.00000000, '2026-11-21 13:29:44.786144+00', '2026-11-21 13:29:44.786144+00', 1000, 18),
	(51, 'story-1001-1', 'BUY', 'MARKET', 'IOC', 0.20000000, NULL, 'FILLED', '', 0.20000000, 12850.84000000, 12.85084000, 0.00000000, '2026-11-21 13:29:44.796668+00', '2026-11-21 13:29:44.796668+00', 1001, 18),
	(57, 'story-1000-2', 'SELL', 'MARKET', 'IOC', 0.10000000, NULL, 'FILLED', '', 0.10000000, 6425.16000000, 6.42516000, 0.00000000, '2026-11-21 13:29:44.810506+00', '2026-11-21 13:29:44.810506+00', 1000, 18),
	(62, 'story-1001-2', 'BUY', 'MARKET', 'IOC', 20.00000000, NULL, 'FILLED', '', 20.00000000, 964.20000000, 0.48210000, 0.00000000, '2026-11-21 13:29:44.815774+00', '2026-11-21 13:29:44.815774+00', 1001, 1),
	(69, 'story-1000-3', 'BUY', 'LIMIT', 'GTC', 0.25000000, 61039.02000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 15275.01477500, '2026-11-21 13:29:44.82927+00', '2026-11-21 13:29:44.82927+00', 1000, 18),
	(71, 'story-1001-3', 'BUY', 'LIMIT', 'GTC', 0.10000000, 60396.50000000, 'CANCELED', 'CANCELED_BY_CUSTOMER', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 13:29:44.845495+00', '2026-11-21 13:29:44.852107+00', 1001, 18),
	(74, 'story-1002-1', 'BUY', 'LIMIT', 'FOK', 0.01000000, 61681.54000000, 'REJECTED', 'FOK_NOT_FILLABLE', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 13:29:44.863181+00', '2026-11-21 13:29:44.863181+00', 1002, 18),
	(76, 'story-1002-2', 'BUY', 'LIMIT', 'GTC', 90.00000000, 63609.08000000, 'DENIED', 'MAX_QUANTITY', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 13:29:44.872545+00', '2026-11-21 13:29:44.872545+00', 1002, 18),
	(86, 'story-1000-101', 'BUY', 'LIMIT', 'GTC', 0.05000000, 64268.90000000, 'FILLED', '', 0.05000000, 3213.44500000, 3.21344500, 0.00000000, '2026-11-21 13:29:47.753376+00', '2026-11-21 13:29:47.753376+00', 1000, 18),
	(84, 'story-1001-101', 'SELL', 'LIMIT', 'GTC', 0.15000000, 64268.90000000, 'PARTIALLY_FILLED', '', 0.05000000, 3213.44500000, 1.60672250, 0.10000000, '2026-11-21 13:29:47.751587+00', '2026-11-21 13:29:47.753376+00', 1001, 18);



INSERT INTO public.orders_trade VALUES
	(41, 1, 1, 64253.30000000, 0.46790000, 'BUY', 'sim', 1795267783582371878, 3, '2026-11-21 13:29:44.786144+00', 18),
	(48, 1, 2, 64254.20000000, 0.03210000, 'BUY', 'sim', 1795267783582371878, 3, '2026-11-21 13:29:44.786144+00', 18),
	(53, 1, 3, 64254.20000000, 0.20000000, 'BUY', 'sim', 1795267783582371878, 3, '2026-11-21 13:29:44.796668+00', 18),
	(59, 1, 4, 64251.60000000, 0.10000000, 'SELL', 'sim', 1795267783582371878, 3, '2026-11-21 13:29:44.810506+00', 18),
	(64, 1, 1, 48.21000000, 20.00000000, 'BUY', 'sim', 1795267783582371878, 3, '2026-11-21 13:29:44.815774+00', 1),
	(88, 1, 5, 64268.90000000, 0.05000000, 'BUY', '', NULL, NULL, '2026-11-21 13:29:47.753376+00', 18);



INSERT INTO public.portfolio_accountprogress VALUES
	(1000, 8),
	(1001, 8),
	(1002, 4);



INSERT INTO public.portfolio_position VALUES
	(1000, 18, 0.40000000, 25727.04445511, -13.02627378, 38.55183889, 59, '2026-11-21 13:29:44.810506+00'),
	(1001, 1, 20.00000000, 964.68210000, 0.00000000, 0.48210000, 64, '2026-11-21 13:29:44.815774+00'),
	(1001, 18, 0.20000000, 12863.69084000, 0.00000000, 12.85084000, 53, '2026-11-21 13:29:44.796668+00');



SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, false);



SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);



SELECT pg_catalog.setval('public.accounts_account_id_seq', 1002, true);



SELECT pg_catalog.setval('public.accounts_user_groups_id_seq', 1, false);



SELECT pg_catalog.setval('public.accounts_user_id_seq', 5, true);



SELECT pg_catalog.setval('public.accounts_user_user_permissions_id_seq', 1, false);



SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);



SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);



SELECT pg_catalog.setval('public.auth_permission_id_seq', 128, true);



SELECT pg_catalog.setval('public.django_admin_log_id_seq', 1, false);



SELECT pg_catalog.setval('public.django_content_type_id_seq', 32, true);



SELECT pg_catalog.setval('public.django_migrations_id_seq', 51, true);



SELECT pg_catalog.setval('public.eventlog_parkedmessage_id_seq', 1, false);



ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);



ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);



ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.orders_accountevent
    ADD CONSTRAINT account_event_in_sequence UNIQUE (account_id, account_sequence);



ALTER TABLE ONLY public.accounts_account
    ADD CONSTRAINT accounts_account_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.accounts_account
    ADD CONSTRAINT accounts_account_user_id_key UNIQUE (user_id);



ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_email_key UNIQUE (email);



ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_group_id_59c0b32f_uniq UNIQUE (user_id, group_id);



ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permi_user_id_permission_id_2ab516c2_uniq UNIQUE (user_id, permission_id);



ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permissions_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);



ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);



ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);



ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);



ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);



ALTER TABLE ONLY public.engine_commandrecord
    ADD CONSTRAINT engine_commandrecord_pkey PRIMARY KEY (scope, command_id);



ALTER TABLE ONLY public.engine_journal
    ADD CONSTRAINT engine_journal_pkey PRIMARY KEY (last_sequence);



ALTER TABLE ONLY public.engine_lease
    ADD CONSTRAINT engine_lease_pkey PRIMARY KEY (shard);



ALTER TABLE ONLY public.eventlog_appliedevent
    ADD CONSTRAINT eventlog_appliedevent_pkey PRIMARY KEY (consumer, key);



ALTER TABLE ONLY public.eventlog_consumerposition
    ADD CONSTRAINT eventlog_consumerposition_pkey PRIMARY KEY (consumer, topic, partition);



ALTER TABLE ONLY public.eventlog_outboxbatch
    ADD CONSTRAINT eventlog_outboxbatch_pkey PRIMARY KEY (lane, last_sequence);



ALTER TABLE ONLY public.eventlog_parkedmessage
    ADD CONSTRAINT eventlog_parkedmessage_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.eventlog_relaycursor
    ADD CONSTRAINT eventlog_relaycursor_pkey PRIMARY KEY (lane);



ALTER TABLE ONLY public.instruments_asset
    ADD CONSTRAINT instruments_asset_code_key UNIQUE (code);



ALTER TABLE ONLY public.instruments_asset
    ADD CONSTRAINT instruments_asset_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.instruments_instrument
    ADD CONSTRAINT instruments_instrument_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.instruments_instrument
    ADD CONSTRAINT instruments_instrument_symbol_key UNIQUE (symbol);



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_account_one_per_asset UNIQUE (account_id, asset_id);



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_ledgeraccount_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (transfer_id, leg);



ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.marketdata_bar
    ADD CONSTRAINT marketdata_bar_pkey PRIMARY KEY (instrument_id, "interval", start);



ALTER TABLE ONLY public.marketdata_latestprice
    ADD CONSTRAINT marketdata_latestprice_pkey PRIMARY KEY (instrument_id);



ALTER TABLE ONLY public.marketdata_quoteframe
    ADD CONSTRAINT marketdata_quoteframe_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.orders_order
    ADD CONSTRAINT order_client_order_id_once UNIQUE (account_id, client_order_id);



ALTER TABLE ONLY public.orders_accountevent
    ADD CONSTRAINT orders_accountevent_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.orders_eventposition
    ADD CONSTRAINT orders_eventposition_pkey PRIMARY KEY (event_id);



ALTER TABLE ONLY public.orders_fill
    ADD CONSTRAINT orders_fill_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.orders_order
    ADD CONSTRAINT orders_order_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.orders_trade
    ADD CONSTRAINT orders_trade_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.eventlog_parkedmessage
    ADD CONSTRAINT parked_message_once UNIQUE (consumer, topic, partition, "offset");



ALTER TABLE ONLY public.portfolio_accountprogress
    ADD CONSTRAINT portfolio_accountprogress_pkey PRIMARY KEY (account_id);



ALTER TABLE ONLY public.portfolio_position
    ADD CONSTRAINT portfolio_position_pkey PRIMARY KEY (account_id, instrument_id);



ALTER TABLE ONLY public.orders_trade
    ADD CONSTRAINT trade_once_in_its_instrument UNIQUE (instrument_id, instrument_sequence);



CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);



CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);



CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);



CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);



CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);



CREATE INDEX account_event_of_order ON public.orders_accountevent USING btree (order_id) WHERE (order_id IS NOT NULL);



CREATE UNIQUE INDEX account_one_of_each_system_kind ON public.accounts_account USING btree (kind) WHERE (NOT ((kind)::text = 'CUSTOMER'::text));



CREATE INDEX accounts_user_email_b2644a56_like ON public.accounts_user USING btree (email varchar_pattern_ops);



CREATE INDEX accounts_user_groups_group_id_bd11a704 ON public.accounts_user_groups USING btree (group_id);



CREATE INDEX accounts_user_groups_user_id_52b62117 ON public.accounts_user_groups USING btree (user_id);



CREATE INDEX accounts_user_user_permissions_permission_id_113bb443 ON public.accounts_user_user_permissions USING btree (permission_id);



CREATE INDEX accounts_user_user_permissions_user_id_e4f0a161 ON public.accounts_user_user_permissions USING btree (user_id);



CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);



CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);



CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);



CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);



CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);



CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);



CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);



CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);



CREATE INDEX eventlog_relaycursor_lane_0ffd1ea0_like ON public.eventlog_relaycursor USING btree (lane varchar_pattern_ops);



CREATE INDEX instruments_asset_code_3b696b77_like ON public.instruments_asset USING btree (code varchar_pattern_ops);



CREATE INDEX instruments_instrument_base_id_63cf2ece ON public.instruments_instrument USING btree (base_id);



CREATE INDEX instruments_instrument_quote_id_4955e0cf ON public.instruments_instrument USING btree (quote_id);



CREATE INDEX instruments_instrument_symbol_572169b8_like ON public.instruments_instrument USING btree (symbol varchar_pattern_ops);



CREATE INDEX ledger_ledgeraccount_account_id_fa16fb22 ON public.ledger_ledgeraccount USING btree (account_id);



CREATE INDEX ledger_ledgeraccount_asset_id_8785fde9 ON public.ledger_ledgeraccount USING btree (asset_id);



CREATE INDEX order_history ON public.orders_order USING btree (account_id, id DESC);



CREATE INDEX order_open ON public.orders_order USING btree (instrument_id, id) WHERE ((status)::text = ANY ((ARRAY['ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying])::text[]));



CREATE INDEX posting_statement ON public.ledger_posting USING btree (ledger_account_id, transfer_id);



CREATE INDEX session_key_digest ON public.django_session USING btree (md5((session_key)::text));



CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";



CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;



CREATE TRIGGER engine_commandrecord_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.engine_commandrecord FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER engine_journal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.engine_journal FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_posting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_posting_balanced AFTER INSERT ON public.ledger_posting REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_posting_check_balance();



CREATE TRIGGER ledger_transfer_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transfer FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER orders_accountevent_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.orders_accountevent FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER orders_fill_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.orders_fill FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER orders_trade_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.orders_trade FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.accounts_account
    ADD CONSTRAINT accounts_account_user_id_d61b40c6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_group_id_bd11a704_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_52b62117_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_permission_id_113bb443_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_user_id_e4f0a161_fk_accounts_ FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.instruments_instrument
    ADD CONSTRAINT instruments_instrume_quote_id_4955e0cf_fk_instrumen FOREIGN KEY (quote_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.instruments_instrument
    ADD CONSTRAINT instruments_instrument_base_id_63cf2ece_fk_instruments_asset_id FOREIGN KEY (base_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_ledgeraccount_account_id_fa16fb22_fk_accounts_account_id FOREIGN KEY (account_id) REFERENCES public.accounts_account(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_ledgeraccount_asset_id_8785fde9_fk_instruments_asset_id FOREIGN KEY (asset_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;
