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


CREATE FUNCTION public.backoffice_keep_trail() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome = '' THEN
        IF ROW(NEW.id, NEW.at, NEW.kind, NEW.actor_id, NEW.action, NEW.subject, NEW.account_id, NEW.reason, NEW.command_id,
               NEW.before, NEW.after)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.at, OLD.kind, OLD.actor_id, OLD.action, OLD.subject, OLD.account_id, OLD.reason, OLD.command_id,
               OLD.before, OLD.after) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the trail is append-only: % refused', TG_OP USING ERRCODE = '23514';
END $$;



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



CREATE FUNCTION public.engine_settle_rare(p_rare jsonb, p_shard integer, p_at timestamp with time zone) RETURNS void
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
                                        ladder_step_ticks, trading_state, state_reason, band_bps, paused_until, is_sweeping,
                                        around_the_clock, calendar, state_changed_at)
        SELECT i.*, p_at FROM jsonb_to_recordset(p_rare->'instruments')
            AS i (id int, symbol text, name text, asset_class text, base_id int, quote_id int, tick_size numeric, lot_size numeric,
                  price_decimals smallint, quantity_decimals smallint, max_quantity numeric, max_notional numeric, collar_bps int,
                  maker_fee_ppm int, taker_fee_ppm int, ladder_step_ticks int, trading_state text, state_reason text, band_bps int,
                  paused_until timestamptz, is_sweeping boolean, around_the_clock boolean, calendar text);
    UPDATE instruments_instrument k SET
            symbol = i.symbol, name = i.name, asset_class = i.asset_class, tick_size = i.tick_size, lot_size = i.lot_size,
            price_decimals = i.price_decimals, quantity_decimals = i.quantity_decimals, max_quantity = i.max_quantity,
            max_notional = i.max_notional, collar_bps = i.collar_bps, maker_fee_ppm = i.maker_fee_ppm,
            taker_fee_ppm = i.taker_fee_ppm, ladder_step_ticks = i.ladder_step_ticks, state_reason = i.state_reason,
            state_changed_at = CASE WHEN k.trading_state = i.trading_state THEN k.state_changed_at ELSE p_at END,
            trading_state = i.trading_state, band_bps = i.band_bps, paused_until = i.paused_until, is_sweeping = i.is_sweeping,
            around_the_clock = i.around_the_clock, calendar = i.calendar
        FROM jsonb_to_recordset(p_rare->'changed_instruments')
            AS i (id int, symbol text, name text, asset_class text, base_id int, quote_id int, tick_size numeric, lot_size numeric,
                  price_decimals smallint, quantity_decimals smallint, max_quantity numeric, max_notional numeric, collar_bps int,
                  maker_fee_ppm int, taker_fee_ppm int, ladder_step_ticks int, trading_state text, state_reason text, band_bps int,
                  paused_until timestamptz, is_sweeping boolean, around_the_clock boolean, calendar text)
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
END $$;



CREATE FUNCTION public.eventlog_append(topics text[], numbers integer[], counts integer[], keys text[], contents bytea[], headings bytea[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    head record;
    done integer := 0;
BEGIN
    FOR i IN 1 .. cardinality(topics) LOOP
        UPDATE eventlog_logpartition AS p SET next_offset = p.next_offset + counts[i]
        WHERE p.topic = topics[i] AND p.number = numbers[i]
        RETURNING p.id, p.kept, p.next_offset - counts[i] AS first INTO head;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no partition % of %', numbers[i], topics[i] USING ERRCODE = 'TL404';
        END IF;
        INSERT INTO eventlog_logrecord ("offset", at, partition_id, kept, key, value, headers)
        SELECT head.first + fresh.n - 1, clock_timestamp(), head.id, head.kept, fresh.k, fresh.v, fresh.h
        FROM unnest(
            keys[done + 1 : done + counts[i]], contents[done + 1 : done + counts[i]], headings[done + 1 : done + counts[i]]
        ) WITH ORDINALITY AS fresh (k, v, h, n);
        done := done + counts[i];
    END LOOP;
END
$$;



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
    max_open_orders smallint,
    max_order_notional numeric(28,8),
    dead_man_at timestamp with time zone,
    self_trade_prevention character varying(16) DEFAULT 'CANCEL_NEWEST'::character varying NOT NULL,
    CONSTRAINT account_customer_has_a_user CHECK (((((kind)::text = 'CUSTOMER'::text) AND (user_id IS NOT NULL)) OR ((NOT ((kind)::text = 'CUSTOMER'::text)) AND (user_id IS NULL)))),
    CONSTRAINT account_max_open_orders_not_negative CHECK (((max_open_orders IS NULL) OR (max_open_orders >= 0))),
    CONSTRAINT account_max_order_notional_positive CHECK (((max_order_notional IS NULL) OR (max_order_notional > (0)::numeric))),
    CONSTRAINT account_numbers_finite CHECK ((max_order_notional < 'NaN'::numeric)),
    CONSTRAINT account_self_trade_prevention_known CHECK (((self_trade_prevention)::text = ANY ((ARRAY['CANCEL_NEWEST'::character varying, 'CANCEL_OLDEST'::character varying, 'CANCEL_BOTH'::character varying, 'DECREMENT'::character varying])::text[]))),
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



CREATE TABLE public.accounts_apikey (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    scope character varying(8) NOT NULL,
    prefix character varying(12) NOT NULL,
    digest character varying(64) NOT NULL,
    networks character varying(512) NOT NULL,
    form_id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    account_id bigint NOT NULL,
    CONSTRAINT api_key_digest_is_one CHECK (((digest)::text ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT api_key_name_printable CHECK (((NOT ((name)::text = ''::text)) AND (NOT ((name)::text ~ '[[:cntrl:]]'::text)))),
    CONSTRAINT api_key_prefix_is_one CHECK (((prefix)::text ~ '^[a-z2-7]{12}$'::text)),
    CONSTRAINT api_key_scope_known CHECK (((scope)::text = ANY ((ARRAY['READ'::character varying, 'TRADE'::character varying])::text[])))
);



ALTER TABLE public.accounts_apikey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_apikey_id_seq
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
    name character varying(80) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT user_email_lower_case CHECK (((email)::text = lower((email)::text))),
    CONSTRAINT user_name_printable CHECK ((NOT ((name)::text ~ '[[:cntrl:]]'::text))),
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



CREATE TABLE public.backoffice_trailentry (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    kind character varying(8) NOT NULL,
    action character varying(40) NOT NULL,
    subject character varying(80) NOT NULL,
    account_id bigint,
    reason character varying(200) NOT NULL,
    command_id character varying(48) NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    outcome character varying(200) NOT NULL,
    actor_id bigint NOT NULL,
    CONSTRAINT trail_command_has_its_id CHECK (((((command_id)::text = ''::text) AND ((kind)::text = 'LOOK'::text)) OR (((kind)::text = 'COMMAND'::text) AND (NOT ((command_id)::text = ''::text))))),
    CONSTRAINT trail_has_a_reason CHECK (((reason)::text ~ '^.{3,200}$'::text)),
    CONSTRAINT trail_kind_known CHECK (((kind)::text = ANY ((ARRAY['LOOK'::character varying, 'COMMAND'::character varying])::text[])))
);



ALTER TABLE public.backoffice_trailentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.backoffice_trailentry_id_seq
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



CREATE TABLE public.engine_invariantreport (
    scope character varying(8) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    took_ms integer NOT NULL,
    results jsonb NOT NULL,
    violated_at timestamp with time zone,
    CONSTRAINT invariant_report_scope_known CHECK (((scope)::text = ANY ((ARRAY['LIVE'::character varying, 'ALL'::character varying])::text[])))
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
    taken_at timestamp with time zone NOT NULL,
    is_killed boolean DEFAULT false NOT NULL,
    kill_reason character varying(200) DEFAULT ''::character varying NOT NULL
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



CREATE TABLE public.eventlog_loginuse (
    id smallint NOT NULL,
    identity character varying(200) NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT log_in_use_is_one CHECK ((id = 1))
);



CREATE UNLOGGED TABLE public.eventlog_logmember (
    group_name character varying(160) NOT NULL,
    member character varying(80) NOT NULL,
    token uuid NOT NULL,
    pid integer NOT NULL,
    backend_start timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
)
WITH (fillfactor='10', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000');



CREATE TABLE public.eventlog_logpartition (
    id bigint NOT NULL,
    topic character varying(120) NOT NULL,
    number integer NOT NULL,
    kept boolean NOT NULL,
    retention_ms bigint NOT NULL,
    first_offset bigint NOT NULL,
    next_offset bigint NOT NULL,
    CONSTRAINT log_offsets_rise CHECK (((first_offset >= 0) AND (next_offset >= first_offset)))
)
WITH (fillfactor='10', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000');



ALTER TABLE public.eventlog_logpartition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.eventlog_logpartition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.eventlog_logrecord (
    "offset" bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    partition_id integer NOT NULL,
    kept boolean NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    headers bytea NOT NULL
)
PARTITION BY LIST (kept);



CREATE TABLE public.eventlog_logrecord_kept (
    "offset" bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    partition_id integer NOT NULL,
    kept boolean NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    headers bytea NOT NULL
);



CREATE TABLE public.eventlog_logrecord_passing (
    "offset" bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    partition_id integer NOT NULL,
    kept boolean NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    headers bytea NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000', autovacuum_vacuum_insert_scale_factor='0', autovacuum_vacuum_insert_threshold='200000', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='200000');



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
    around_the_clock boolean DEFAULT true NOT NULL,
    band_bps integer DEFAULT 1000 NOT NULL,
    is_sweeping boolean DEFAULT false NOT NULL,
    paused_until timestamp with time zone,
    calendar character varying(12) DEFAULT '24x7'::character varying NOT NULL,
    CONSTRAINT instrument_band_positive CHECK ((band_bps > 0)),
    CONSTRAINT instrument_base_is_not_quote CHECK ((NOT (base_id = quote_id))),
    CONSTRAINT instrument_ladder_step_positive CHECK ((ladder_step_ticks > 0)),
    CONSTRAINT instrument_numbers_finite CHECK (((tick_size < 'NaN'::numeric) AND (lot_size < 'NaN'::numeric) AND (max_quantity < 'NaN'::numeric) AND (max_notional < 'NaN'::numeric))),
    CONSTRAINT instrument_paused_is_halted CHECK (((paused_until IS NULL) OR ((trading_state)::text = 'HALTED'::text))),
    CONSTRAINT instrument_state_known CHECK (((trading_state)::text = ANY ((ARRAY['PRE_OPEN'::character varying, 'OPEN'::character varying, 'HALTED'::character varying, 'CLOSED'::character varying])::text[]))),
    CONSTRAINT instrument_steps_positive CHECK (((lot_size > (0)::numeric) AND (tick_size > (0)::numeric))),
    CONSTRAINT instrument_swept_is_halted CHECK (((NOT is_sweeping) OR ((paused_until IS NULL) AND ((trading_state)::text = 'HALTED'::text)))),
    CONSTRAINT instruments_instrument_band_bps_check CHECK ((band_bps >= 0)),
    CONSTRAINT instruments_instrument_collar_bps_check CHECK ((collar_bps >= 0)),
    CONSTRAINT instruments_instrument_ladder_step_ticks_check CHECK ((ladder_step_ticks >= 0)),
    CONSTRAINT instruments_instrument_maker_fee_ppm_check CHECK ((maker_fee_ppm >= 0)),
    CONSTRAINT instruments_instrument_price_decimals_check CHECK ((price_decimals >= 0)),
    CONSTRAINT instruments_instrument_quantity_decimals_check CHECK ((quantity_decimals >= 0)),
    CONSTRAINT instruments_instrument_taker_fee_ppm_check CHECK ((taker_fee_ppm >= 0))
);



CREATE TABLE public.instruments_tradingsession (
    id bigint NOT NULL,
    pre_open_at timestamp with time zone NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    instrument_id integer NOT NULL,
    CONSTRAINT session_in_order CHECK (((opens_at < closes_at) AND (pre_open_at <= opens_at)))
);



ALTER TABLE public.instruments_tradingsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.instruments_tradingsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.jobs_jobrun (
    id bigint NOT NULL,
    job character varying(40) NOT NULL,
    day date NOT NULL,
    status character varying(8) NOT NULL,
    attempt integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    heartbeat_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    progress character varying(200) NOT NULL,
    result text NOT NULL,
    error character varying(1000) NOT NULL,
    CONSTRAINT job_run_attempt_counted CHECK ((attempt >= 1)),
    CONSTRAINT job_run_error_says_why_it_failed CHECK ((((status)::text = 'FAILED'::text) OR ((error)::text = ''::text))),
    CONSTRAINT job_run_finished_unless_running CHECK ((((finished_at IS NULL) AND ((status)::text = 'RUNNING'::text)) OR ((NOT ((status)::text = 'RUNNING'::text)) AND (finished_at IS NOT NULL)))),
    CONSTRAINT job_run_status_known CHECK (((status)::text = ANY ((ARRAY['RUNNING'::character varying, 'DONE'::character varying, 'FAILED'::character varying])::text[])))
);



ALTER TABLE public.jobs_jobrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_jobrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.ledger_businessday (
    day date NOT NULL,
    last_transfer_id bigint NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    CONSTRAINT business_day_ends_at_a_transfer CHECK ((last_transfer_id >= 0))
);



CREATE TABLE public.ledger_dailystatement (
    id bigint NOT NULL,
    day date NOT NULL,
    after_transfer_id bigint NOT NULL,
    last_transfer_id bigint NOT NULL,
    transfers integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT daily_statement_runs_forward CHECK (((after_transfer_id >= 0) AND (last_transfer_id >= after_transfer_id) AND (transfers >= 0)))
);



ALTER TABLE public.ledger_dailystatement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_dailystatement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE TABLE public.ledger_dailystatementline (
    id bigint NOT NULL,
    opening numeric(36,8) NOT NULL,
    deposits numeric(36,8) NOT NULL,
    withdrawals numeric(36,8) NOT NULL,
    trades numeric(36,8) NOT NULL,
    fees numeric(36,8) NOT NULL,
    adjustments numeric(36,8) NOT NULL,
    closing numeric(36,8) NOT NULL,
    transfers integer NOT NULL,
    asset_id integer NOT NULL,
    statement_id bigint NOT NULL,
    CONSTRAINT daily_statement_line_adds_up CHECK ((closing = (((((opening + deposits) + withdrawals) + trades) + fees) + adjustments))),
    CONSTRAINT daily_statement_line_numbers_finite CHECK (((opening < 'NaN'::numeric) AND (deposits < 'NaN'::numeric) AND (withdrawals < 'NaN'::numeric) AND (trades < 'NaN'::numeric) AND (fees < 'NaN'::numeric) AND (adjustments < 'NaN'::numeric) AND (closing < 'NaN'::numeric))),
    CONSTRAINT daily_statement_line_signs CHECK (((deposits >= (0)::numeric) AND (fees <= (0)::numeric) AND (transfers >= 0) AND (withdrawals <= (0)::numeric)))
);



ALTER TABLE public.ledger_dailystatementline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_dailystatementline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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



CREATE TABLE public.ledger_reconciliationdifference (
    id bigint NOT NULL,
    day date NOT NULL,
    check_name character varying(8) NOT NULL,
    meaning character varying(120) NOT NULL,
    subject character varying(200) NOT NULL,
    found_at timestamp with time zone NOT NULL
);



ALTER TABLE public.ledger_reconciliationdifference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_reconciliationdifference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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
)
PARTITION BY RANGE (second);



CREATE TABLE public.marketdata_quoteframe_20261122 (
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



CREATE TABLE public.marketdata_quoteframe_20261123 (
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



CREATE TABLE public.marketdata_quoteframe_20261124 (
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



CREATE TABLE public.marketdata_quoteframe_20261125 (
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



CREATE TABLE public.marketdata_quoteframe_20261126 (
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



CREATE TABLE public.marketdata_quoteframe_20261127 (
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



CREATE TABLE public.marketdata_quoteframe_20261128 (
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



CREATE TABLE public.marketdata_quoteframe_20261129 (
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



CREATE TABLE public.marketdata_quoteframe_20261130 (
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



CREATE TABLE public.marketdata_quoteframe_20261201 (
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



CREATE TABLE public.marketdata_quoteframe_20261202 (
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



CREATE TABLE public.marketdata_quoteframe_20261203 (
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



CREATE TABLE public.marketdata_quoteframe_20261204 (
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



CREATE TABLE public.marketdata_quoteframe_20261205 (
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



CREATE TABLE public.marketdata_quoteframe_before (
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



CREATE TABLE public.marketdata_quoteframe_default (
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



CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);



ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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
    order_type character varying(16) NOT NULL,
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
    CONSTRAINT order_holds_money_while_open CHECK ((((held > (0)::numeric) AND ((status)::text = ANY ((ARRAY['WAITING'::character varying, 'ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying])::text[]))) OR ((NOT ((status)::text = ANY ((ARRAY['WAITING'::character varying, 'ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying])::text[]))) AND (held = (0)::numeric)))),
    CONSTRAINT order_numbers_finite CHECK (((quantity < 'NaN'::numeric) AND (price < 'NaN'::numeric) AND (filled_quantity < 'NaN'::numeric) AND (filled_notional < 'NaN'::numeric) AND (fee < 'NaN'::numeric) AND (held < 'NaN'::numeric))),
    CONSTRAINT order_price_fits_type CHECK (((((order_type)::text = ANY ((ARRAY['LIMIT'::character varying, 'STOP_LIMIT'::character varying])::text[])) AND (price > (0)::numeric)) OR ((NOT ((order_type)::text = ANY ((ARRAY['LIMIT'::character varying, 'STOP_LIMIT'::character varying])::text[]))) AND (price IS NULL)))),
    CONSTRAINT order_status_known CHECK (((status)::text = ANY ((ARRAY['WAITING'::character varying, 'ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying, 'FILLED'::character varying, 'CANCELED'::character varying, 'EXPIRED'::character varying, 'DENIED'::character varying, 'REJECTED'::character varying])::text[]))),
    CONSTRAINT order_waits_for_a_trigger CHECK (((NOT ((status)::text = 'WAITING'::text)) OR ((filled_quantity = (0)::numeric) AND ((order_type)::text = ANY ((ARRAY['STOP'::character varying, 'STOP_LIMIT'::character varying, 'TRAILING_STOP'::character varying, 'TAKE_PROFIT'::character varying])::text[])))))
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0.05');



CREATE TABLE public.orders_orderterms (
    order_id bigint NOT NULL,
    trigger_price numeric(20,8),
    trail_amount numeric(20,8),
    trail_bps integer,
    expires_at timestamp with time zone,
    post_only boolean NOT NULL,
    reduce_only boolean NOT NULL,
    priority bigint NOT NULL,
    link_id bigint,
    parent_id bigint,
    exits text,
    CONSTRAINT orders_orderterms_trail_bps_check CHECK ((trail_bps >= 0)),
    CONSTRAINT terms_numbers_finite CHECK (((trigger_price < 'NaN'::numeric) AND (trail_amount < 'NaN'::numeric))),
    CONSTRAINT terms_priority_positive CHECK ((priority > 0)),
    CONSTRAINT terms_trail_is_one_distance CHECK ((((trail_amount IS NULL) AND (trail_bps IS NULL)) OR ((trail_amount > (0)::numeric) AND (trail_bps IS NULL) AND (trigger_price IS NOT NULL)) OR ((trail_amount IS NULL) AND (trail_bps > 0) AND (trail_bps < 10000) AND (trigger_price IS NOT NULL)))),
    CONSTRAINT terms_trigger_positive CHECK (((trigger_price IS NULL) OR (trigger_price > (0)::numeric)))
);



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



CREATE TABLE public.portfolio_equitysnapshot (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    day date NOT NULL,
    value numeric(36,8) NOT NULL,
    deposits numeric(36,8) NOT NULL,
    missing character varying(400) NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT equity_snapshot_numbers_finite CHECK (((value < 'NaN'::numeric) AND (deposits < 'NaN'::numeric)))
);



ALTER TABLE public.portfolio_equitysnapshot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portfolio_equitysnapshot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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



CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL
);



ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



ALTER TABLE ONLY public.eventlog_logrecord ATTACH PARTITION public.eventlog_logrecord_kept FOR VALUES IN (true);



ALTER TABLE ONLY public.eventlog_logrecord ATTACH PARTITION public.eventlog_logrecord_passing FOR VALUES IN (false);



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261122 FOR VALUES FROM ('2026-11-22 00:00:00+00') TO ('2026-11-23 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261123 FOR VALUES FROM ('2026-11-23 00:00:00+00') TO ('2026-11-24 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261124 FOR VALUES FROM ('2026-11-24 00:00:00+00') TO ('2026-11-25 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261125 FOR VALUES FROM ('2026-11-25 00:00:00+00') TO ('2026-11-26 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261126 FOR VALUES FROM ('2026-11-26 00:00:00+00') TO ('2026-11-27 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261130 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261201 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261202 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261203 FOR VALUES FROM ('2026-12-03 00:00:00+00') TO ('2026-12-04 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261204 FOR VALUES FROM ('2026-12-04 00:00:00+00') TO ('2026-12-05 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_20261205 FOR VALUES FROM ('2026-12-05 00:00:00+00') TO ('2026-12-06 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_before FOR VALUES FROM (MINVALUE) TO ('2026-11-22 00:00:00+00');



ALTER TABLE ONLY public.marketdata_quoteframe ATTACH PARTITION public.marketdata_quoteframe_default DEFAULT;



INSERT INTO public.account_emailaddress VALUES
	(1, 'customer@tredye.example', true, true, 1),
	(2, 'support@tredye.example', true, true, 2),
	(3, 'admin@tredye.example', true, true, 3),
	(4, 'bob@tredye.example', true, true, 4),
	(5, 'carol@tredye.example', true, true, 5),
	(6, 'gina@tredye.example', true, true, 6),
	(7, 'dave@tredye.example', true, true, 7),
	(8, 'frank@tredye.example', true, true, 8);






INSERT INTO public.accounts_account VALUES
	(1, 'HOUSE', 'ACTIVE', '2026-11-21 20:06:46.798366+00', NULL, NULL, NULL, NULL, NULL, 'CANCEL_NEWEST'),
	(2, 'FEES', 'ACTIVE', '2026-11-21 20:06:46.798366+00', NULL, NULL, NULL, NULL, NULL, 'CANCEL_NEWEST'),
	(3, 'EXTERNAL', 'ACTIVE', '2026-11-21 20:06:46.798366+00', NULL, NULL, NULL, NULL, NULL, 'CANCEL_NEWEST'),
	(1000, 'CUSTOMER', 'ACTIVE', '2026-11-21 20:07:42.142479+00', 1, '2026-11-21 20:07:46.423554+00', NULL, NULL, NULL, 'CANCEL_NEWEST'),
	(1001, 'CUSTOMER', 'ACTIVE', '2026-11-21 20:08:04.295661+00', 4, '2026-11-21 20:08:04.40191+00', NULL, NULL, NULL, 'CANCEL_NEWEST'),
	(1003, 'CUSTOMER', 'ACTIVE', '2026-11-21 20:08:09.855905+00', 6, '2026-11-21 20:08:09.94265+00', 40, 250000.00000000, NULL, 'DECREMENT'),
	(1005, 'CUSTOMER', 'ACTIVE', '2026-11-21 20:08:15.959661+00', 8, '2026-11-21 20:08:16.128966+00', NULL, NULL, NULL, 'CANCEL_NEWEST'),
	(1004, 'CUSTOMER', 'ACTIVE', '2026-11-21 20:08:12.997515+00', 7, '2026-11-21 20:08:13.076456+00', NULL, NULL, '2026-11-21 21:08:16.293048+00', 'CANCEL_NEWEST'),
	(1002, 'CUSTOMER', 'SUSPENDED', '2026-11-21 20:08:06.89207+00', 5, '2026-11-21 20:08:06.969346+00', NULL, NULL, NULL, 'CANCEL_NEWEST');






INSERT INTO public.accounts_user VALUES
	(2, 'argon2$argon2id$v=19$m=102400,t=2,p=8$azZZSHdTRnIyQjJWMURMQnJSTnhvQw$7EAZHbTHAHoVjuJCoZWfFXtrrHr3T41lAC9R7G7N7so', NULL, false, 'support@tredye.example', 'SUPPORT', false, true, 'UTC', '2026-11-21 20:07:42.173927+00', ''),
	(3, 'argon2$argon2id$v=19$m=102400,t=2,p=8$NDNwNVc2cjBDMGpuOFREbmdxdk93bQ$vqCxPpzBZo6WYQuaDbgb9xnusqnjE9+PWoG/ENlFNfg', NULL, true, 'admin@tredye.example', 'ADMIN', true, true, 'UTC', '2026-11-21 20:07:44.224999+00', ''),
	(4, 'argon2$argon2id$v=19$m=102400,t=2,p=8$bVM2MENoMnAyMmFSeHlnYmpiRjFGWg$2UrQ4J/g/rTj9Mrlqg5Z+vKddI7WyIgkKCtBbVG+qcg', NULL, false, 'bob@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 20:08:00.936959+00', ''),
	(5, 'argon2$argon2id$v=19$m=102400,t=2,p=8$TDgyS3VsYjhtZll6bmFGN1VSNHNyWA$qrwHW2OxqWyphvWuCwZ6SQKqYW1rhvZp5oXoIGr0cXM', NULL, false, 'carol@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 20:08:04.427578+00', ''),
	(6, 'argon2$argon2id$v=19$m=102400,t=2,p=8$UlAycjd3QlhJVzEyWWNXYWtoakU4Vw$pRaVwZnz4fbTh72/fg88lML6drz3/Qxk9KIljg+3iE8', NULL, false, 'gina@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 20:08:07.614299+00', ''),
	(7, 'argon2$argon2id$v=19$m=102400,t=2,p=8$OXVqVFRhenJ6b29HS1F6Z3FiNFpFWA$OxK+yjEoRdq+5xij9d7cqel9BJEQB88OOnE0xiZnfXw', NULL, false, 'dave@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 20:08:10.437051+00', ''),
	(8, 'argon2$argon2id$v=19$m=102400,t=2,p=8$Yng2YXh0MG9tSnJlUW5wR0RINTZ6cA$/UEDajqgI88bNHj0sKc6JEbIpx0WoMjwlfgsiInccSU', NULL, false, 'frank@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 20:08:13.097923+00', ''),
	(1, 'argon2$argon2id$v=19$m=102400,t=2,p=8$YnkyM3ZJMUtzMHFyS0JXSWdvb3oyVg$9FWwP9wgeS69PHPflqTDUdSkLfOJhpkp2Knm7cov7x0', '2026-11-21 20:08:24.578535+00', false, 'customer@tredye.example', 'CUSTOMER', false, true, 'UTC', '2026-11-21 20:07:39.745677+00', '');















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
	(29, 'Can add authenticator', 8, 'add_authenticator'),
	(30, 'Can change authenticator', 8, 'change_authenticator'),
	(31, 'Can delete authenticator', 8, 'delete_authenticator'),
	(32, 'Can view authenticator', 8, 'view_authenticator'),
	(33, 'Can add user session', 9, 'add_usersession'),
	(34, 'Can change user session', 9, 'change_usersession'),
	(35, 'Can delete user session', 9, 'delete_usersession'),
	(36, 'Can view user session', 9, 'view_usersession'),
	(37, 'Can add applied event', 10, 'add_appliedevent'),
	(38, 'Can change applied event', 10, 'change_appliedevent'),
	(39, 'Can delete applied event', 10, 'delete_appliedevent'),
	(40, 'Can view applied event', 10, 'view_appliedevent'),
	(41, 'Can add consumer position', 11, 'add_consumerposition'),
	(42, 'Can change consumer position', 11, 'change_consumerposition'),
	(43, 'Can delete consumer position', 11, 'delete_consumerposition'),
	(44, 'Can view consumer position', 11, 'view_consumerposition'),
	(45, 'Can add outbox batch', 12, 'add_outboxbatch'),
	(46, 'Can change outbox batch', 12, 'change_outboxbatch'),
	(47, 'Can delete outbox batch', 12, 'delete_outboxbatch'),
	(48, 'Can view outbox batch', 12, 'view_outboxbatch'),
	(49, 'Can add relay cursor', 13, 'add_relaycursor'),
	(50, 'Can change relay cursor', 13, 'change_relaycursor'),
	(51, 'Can delete relay cursor', 13, 'delete_relaycursor'),
	(52, 'Can view relay cursor', 13, 'view_relaycursor'),
	(53, 'Can add parked message', 14, 'add_parkedmessage'),
	(54, 'Can change parked message', 14, 'change_parkedmessage'),
	(55, 'Can delete parked message', 14, 'delete_parkedmessage'),
	(56, 'Can view parked message', 14, 'view_parkedmessage'),
	(57, 'Can add log partition', 15, 'add_logpartition'),
	(58, 'Can change log partition', 15, 'change_logpartition'),
	(59, 'Can delete log partition', 15, 'delete_logpartition'),
	(60, 'Can view log partition', 15, 'view_logpartition'),
	(61, 'Can add log record', 16, 'add_logrecord'),
	(62, 'Can change log record', 16, 'change_logrecord'),
	(63, 'Can delete log record', 16, 'delete_logrecord'),
	(64, 'Can view log record', 16, 'view_logrecord'),
	(65, 'Can add log member', 17, 'add_logmember'),
	(66, 'Can change log member', 17, 'change_logmember'),
	(67, 'Can delete log member', 17, 'delete_logmember'),
	(68, 'Can view log member', 17, 'view_logmember'),
	(69, 'Can add log in use', 18, 'add_loginuse'),
	(70, 'Can change log in use', 18, 'change_loginuse'),
	(71, 'Can delete log in use', 18, 'delete_loginuse'),
	(72, 'Can view log in use', 18, 'view_loginuse'),
	(73, 'Can add job run', 19, 'add_jobrun'),
	(74, 'Can change job run', 19, 'change_jobrun'),
	(75, 'Can delete job run', 19, 'delete_jobrun'),
	(76, 'Can view job run', 19, 'view_jobrun'),
	(77, 'Can add trail entry', 20, 'add_trailentry'),
	(78, 'Can change trail entry', 20, 'change_trailentry'),
	(79, 'Can delete trail entry', 20, 'delete_trailentry'),
	(80, 'Can view trail entry', 20, 'view_trailentry'),
	(81, 'Can add asset', 21, 'add_asset'),
	(82, 'Can change asset', 21, 'change_asset'),
	(83, 'Can delete asset', 21, 'delete_asset'),
	(84, 'Can view asset', 21, 'view_asset'),
	(85, 'Can add instrument', 22, 'add_instrument'),
	(86, 'Can change instrument', 22, 'change_instrument'),
	(87, 'Can delete instrument', 22, 'delete_instrument'),
	(88, 'Can view instrument', 22, 'view_instrument'),
	(89, 'Can add trading session', 23, 'add_tradingsession'),
	(90, 'Can change trading session', 23, 'change_tradingsession'),
	(91, 'Can delete trading session', 23, 'delete_tradingsession'),
	(92, 'Can view trading session', 23, 'view_tradingsession'),
	(93, 'Can add user', 24, 'add_user'),
	(94, 'Can change user', 24, 'change_user'),
	(95, 'Can delete user', 24, 'delete_user'),
	(96, 'Can view user', 24, 'view_user'),
	(97, 'Can add account', 25, 'add_account'),
	(98, 'Can change account', 25, 'change_account'),
	(99, 'Can delete account', 25, 'delete_account'),
	(100, 'Can view account', 25, 'view_account');
INSERT INTO public.auth_permission VALUES
	(101, 'Can add API key', 26, 'add_apikey'),
	(102, 'Can change API key', 26, 'change_apikey'),
	(103, 'Can delete API key', 26, 'delete_apikey'),
	(104, 'Can view API key', 26, 'view_apikey'),
	(105, 'Can add ledger account', 27, 'add_ledgeraccount'),
	(106, 'Can change ledger account', 27, 'change_ledgeraccount'),
	(107, 'Can delete ledger account', 27, 'delete_ledgeraccount'),
	(108, 'Can view ledger account', 27, 'view_ledgeraccount'),
	(109, 'Can add transfer', 28, 'add_transfer'),
	(110, 'Can change transfer', 28, 'change_transfer'),
	(111, 'Can delete transfer', 28, 'delete_transfer'),
	(112, 'Can view transfer', 28, 'view_transfer'),
	(113, 'Can add posting', 29, 'add_posting'),
	(114, 'Can change posting', 29, 'change_posting'),
	(115, 'Can delete posting', 29, 'delete_posting'),
	(116, 'Can view posting', 29, 'view_posting'),
	(117, 'Can add business day', 30, 'add_businessday'),
	(118, 'Can change business day', 30, 'change_businessday'),
	(119, 'Can delete business day', 30, 'delete_businessday'),
	(120, 'Can view business day', 30, 'view_businessday'),
	(121, 'Can add daily statement', 31, 'add_dailystatement'),
	(122, 'Can change daily statement', 31, 'change_dailystatement'),
	(123, 'Can delete daily statement', 31, 'delete_dailystatement'),
	(124, 'Can view daily statement', 31, 'view_dailystatement'),
	(125, 'Can add daily statement line', 32, 'add_dailystatementline'),
	(126, 'Can change daily statement line', 32, 'change_dailystatementline'),
	(127, 'Can delete daily statement line', 32, 'delete_dailystatementline'),
	(128, 'Can view daily statement line', 32, 'view_dailystatementline'),
	(129, 'Can add reconciliation difference', 33, 'add_reconciliationdifference'),
	(130, 'Can change reconciliation difference', 33, 'change_reconciliationdifference'),
	(131, 'Can delete reconciliation difference', 33, 'delete_reconciliationdifference'),
	(132, 'Can view reconciliation difference', 33, 'view_reconciliationdifference'),
	(133, 'Can add order', 34, 'add_order'),
	(134, 'Can change order', 34, 'change_order'),
	(135, 'Can delete order', 34, 'delete_order'),
	(136, 'Can view order', 34, 'view_order'),
	(137, 'Can add trade', 35, 'add_trade'),
	(138, 'Can change trade', 35, 'change_trade'),
	(139, 'Can delete trade', 35, 'delete_trade'),
	(140, 'Can view trade', 35, 'view_trade'),
	(141, 'Can add fill', 36, 'add_fill'),
	(142, 'Can change fill', 36, 'change_fill'),
	(143, 'Can delete fill', 36, 'delete_fill'),
	(144, 'Can view fill', 36, 'view_fill'),
	(145, 'Can add account event', 37, 'add_accountevent'),
	(146, 'Can change account event', 37, 'change_accountevent'),
	(147, 'Can delete account event', 37, 'delete_accountevent'),
	(148, 'Can view account event', 37, 'view_accountevent'),
	(149, 'Can add event position', 38, 'add_eventposition'),
	(150, 'Can change event position', 38, 'change_eventposition'),
	(151, 'Can delete event position', 38, 'delete_eventposition'),
	(152, 'Can view event position', 38, 'view_eventposition'),
	(153, 'Can add order terms', 39, 'add_orderterms'),
	(154, 'Can change order terms', 39, 'change_orderterms'),
	(155, 'Can delete order terms', 39, 'delete_orderterms'),
	(156, 'Can view order terms', 39, 'view_orderterms'),
	(157, 'Can add journal', 40, 'add_journal'),
	(158, 'Can change journal', 40, 'change_journal'),
	(159, 'Can delete journal', 40, 'delete_journal'),
	(160, 'Can view journal', 40, 'view_journal'),
	(161, 'Can add lease', 41, 'add_lease'),
	(162, 'Can change lease', 41, 'change_lease'),
	(163, 'Can delete lease', 41, 'delete_lease'),
	(164, 'Can view lease', 41, 'view_lease'),
	(165, 'Can add command record', 42, 'add_commandrecord'),
	(166, 'Can change command record', 42, 'change_commandrecord'),
	(167, 'Can delete command record', 42, 'delete_commandrecord'),
	(168, 'Can view command record', 42, 'view_commandrecord'),
	(169, 'Can add invariant report', 43, 'add_invariantreport'),
	(170, 'Can change invariant report', 43, 'change_invariantreport'),
	(171, 'Can delete invariant report', 43, 'delete_invariantreport'),
	(172, 'Can view invariant report', 43, 'view_invariantreport'),
	(173, 'Can add quote frame', 44, 'add_quoteframe'),
	(174, 'Can change quote frame', 44, 'change_quoteframe'),
	(175, 'Can delete quote frame', 44, 'delete_quoteframe'),
	(176, 'Can view quote frame', 44, 'view_quoteframe'),
	(177, 'Can add bar', 45, 'add_bar'),
	(178, 'Can change bar', 45, 'change_bar'),
	(179, 'Can delete bar', 45, 'delete_bar'),
	(180, 'Can view bar', 45, 'view_bar'),
	(181, 'Can add latest price', 46, 'add_latestprice'),
	(182, 'Can change latest price', 46, 'change_latestprice'),
	(183, 'Can delete latest price', 46, 'delete_latestprice'),
	(184, 'Can view latest price', 46, 'view_latestprice'),
	(185, 'Can add position', 47, 'add_position'),
	(186, 'Can change position', 47, 'change_position'),
	(187, 'Can delete position', 47, 'delete_position'),
	(188, 'Can view position', 47, 'view_position'),
	(189, 'Can add account progress', 48, 'add_accountprogress'),
	(190, 'Can change account progress', 48, 'change_accountprogress'),
	(191, 'Can delete account progress', 48, 'delete_accountprogress'),
	(192, 'Can view account progress', 48, 'view_accountprogress'),
	(193, 'Can add equity snapshot', 49, 'add_equitysnapshot'),
	(194, 'Can change equity snapshot', 49, 'change_equitysnapshot'),
	(195, 'Can delete equity snapshot', 49, 'delete_equitysnapshot'),
	(196, 'Can view equity snapshot', 49, 'view_equitysnapshot');









INSERT INTO public.django_content_type VALUES
	(1, 'admin', 'logentry'),
	(2, 'auth', 'permission'),
	(3, 'auth', 'group'),
	(4, 'contenttypes', 'contenttype'),
	(5, 'sessions', 'session'),
	(6, 'account', 'emailaddress'),
	(7, 'account', 'emailconfirmation'),
	(8, 'mfa', 'authenticator'),
	(9, 'usersessions', 'usersession'),
	(10, 'eventlog', 'appliedevent'),
	(11, 'eventlog', 'consumerposition'),
	(12, 'eventlog', 'outboxbatch'),
	(13, 'eventlog', 'relaycursor'),
	(14, 'eventlog', 'parkedmessage'),
	(15, 'eventlog', 'logpartition'),
	(16, 'eventlog', 'logrecord'),
	(17, 'eventlog', 'logmember'),
	(18, 'eventlog', 'loginuse'),
	(19, 'jobs', 'jobrun'),
	(20, 'backoffice', 'trailentry'),
	(21, 'instruments', 'asset'),
	(22, 'instruments', 'instrument'),
	(23, 'instruments', 'tradingsession'),
	(24, 'accounts', 'user'),
	(25, 'accounts', 'account'),
	(26, 'accounts', 'apikey'),
	(27, 'ledger', 'ledgeraccount'),
	(28, 'ledger', 'transfer'),
	(29, 'ledger', 'posting'),
	(30, 'ledger', 'businessday'),
	(31, 'ledger', 'dailystatement'),
	(32, 'ledger', 'dailystatementline'),
	(33, 'ledger', 'reconciliationdifference'),
	(34, 'orders', 'order'),
	(35, 'orders', 'trade'),
	(36, 'orders', 'fill'),
	(37, 'orders', 'accountevent'),
	(38, 'orders', 'eventposition'),
	(39, 'orders', 'orderterms'),
	(40, 'engine', 'journal'),
	(41, 'engine', 'lease'),
	(42, 'engine', 'commandrecord'),
	(43, 'engine', 'invariantreport'),
	(44, 'marketdata', 'quoteframe'),
	(45, 'marketdata', 'bar'),
	(46, 'marketdata', 'latestprice'),
	(47, 'portfolio', 'position'),
	(48, 'portfolio', 'accountprogress'),
	(49, 'portfolio', 'equitysnapshot');



INSERT INTO public.django_migrations VALUES
	(1, 'contenttypes', '0001_initial', '2026-11-21 20:06:43.402705+00'),
	(2, 'contenttypes', '0002_remove_content_type_name', '2026-11-21 20:06:43.47877+00'),
	(3, 'auth', '0001_initial', '2026-11-21 20:06:43.753275+00'),
	(4, 'auth', '0002_alter_permission_name_max_length', '2026-11-21 20:06:43.794681+00'),
	(5, 'auth', '0003_alter_user_email_max_length', '2026-11-21 20:06:43.840279+00'),
	(6, 'auth', '0004_alter_user_username_opts', '2026-11-21 20:06:43.90408+00'),
	(7, 'auth', '0005_alter_user_last_login_null', '2026-11-21 20:06:43.966482+00'),
	(8, 'auth', '0006_require_contenttypes_0002', '2026-11-21 20:06:43.989861+00'),
	(9, 'auth', '0007_alter_validators_add_error_messages', '2026-11-21 20:06:44.053581+00'),
	(10, 'auth', '0008_alter_user_username_max_length', '2026-11-21 20:06:44.100685+00'),
	(11, 'auth', '0009_alter_user_last_name_max_length', '2026-11-21 20:06:44.163274+00'),
	(12, 'auth', '0010_alter_group_name_max_length', '2026-11-21 20:06:44.206378+00'),
	(13, 'auth', '0011_update_proxy_permissions', '2026-11-21 20:06:44.239625+00'),
	(14, 'auth', '0012_alter_user_first_name_max_length', '2026-11-21 20:06:44.294231+00'),
	(15, 'accounts', '0001_initial', '2026-11-21 20:06:45.596907+00'),
	(16, 'account', '0001_initial', '2026-11-21 20:06:45.812347+00'),
	(17, 'account', '0002_email_max_length', '2026-11-21 20:06:45.886533+00'),
	(18, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-21 20:06:46.015302+00'),
	(19, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-21 20:06:46.120239+00'),
	(20, 'account', '0005_emailaddress_idx_upper_email', '2026-11-21 20:06:46.227908+00'),
	(21, 'account', '0006_emailaddress_lower', '2026-11-21 20:06:46.374523+00'),
	(22, 'account', '0007_emailaddress_idx_email', '2026-11-21 20:06:46.544629+00'),
	(23, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-21 20:06:46.682931+00'),
	(24, 'account', '0009_emailaddress_unique_primary_email', '2026-11-21 20:06:46.787677+00'),
	(25, 'accounts', '0002_system_accounts', '2026-11-21 20:06:46.812371+00'),
	(26, 'accounts', '0003_account_paper_deposit_at', '2026-11-21 20:06:46.891559+00'),
	(27, 'accounts', '0004_account_limits', '2026-11-21 20:06:47.208944+00'),
	(28, 'accounts', '0005_user_name', '2026-11-21 20:06:47.411176+00'),
	(29, 'accounts', '0006_user_name_words', '2026-11-21 20:06:47.45368+00'),
	(30, 'accounts', '0007_confirmed_addresses', '2026-11-21 20:06:47.5246+00'),
	(31, 'accounts', '0008_trading_safeguards', '2026-11-21 20:06:47.678326+00'),
	(32, 'accounts', '0009_api_keys', '2026-11-21 20:06:47.851569+00'),
	(33, 'admin', '0001_initial', '2026-11-21 20:06:48.014218+00'),
	(34, 'admin', '0002_logentry_remove_auto_add', '2026-11-21 20:06:48.0703+00'),
	(35, 'admin', '0003_logentry_add_action_flag_choices', '2026-11-21 20:06:48.144116+00'),
	(36, 'instruments', '0001_initial', '2026-11-21 20:06:48.307871+00'),
	(37, 'ledger', '0001_initial', '2026-11-21 20:06:48.998106+00'),
	(38, 'ledger', '0002_laws', '2026-11-21 20:06:49.039302+00'),
	(39, 'backoffice', '0001_initial', '2026-11-21 20:06:49.328153+00'),
	(40, 'backoffice', '0002_append_only', '2026-11-21 20:06:49.344179+00'),
	(41, 'instruments', '0002_numbers_are_finite', '2026-11-21 20:06:49.36022+00'),
	(42, 'instruments', '0003_sessions_and_bands', '2026-11-21 20:06:49.973862+00'),
	(43, 'instruments', '0004_calendar', '2026-11-21 20:06:50.109076+00'),
	(44, 'orders', '0001_initial', '2026-11-21 20:06:52.223999+00'),
	(45, 'orders', '0002_laws', '2026-11-21 20:06:52.243632+00'),
	(46, 'orders', '0003_event_position', '2026-11-21 20:06:52.277215+00'),
	(47, 'orders', '0004_event_text', '2026-11-21 20:06:52.431474+00'),
	(48, 'orders', '0005_fills_by_trade', '2026-11-21 20:06:52.628764+00'),
	(49, 'orders', '0006_order_terms', '2026-11-21 20:06:56.130586+00'),
	(50, 'eventlog', '0001_initial', '2026-11-21 20:06:56.290056+00'),
	(51, 'engine', '0001_initial', '2026-11-21 20:06:56.3987+00'),
	(52, 'engine', '0002_append_only', '2026-11-21 20:06:56.415298+00'),
	(53, 'engine', '0003_settle', '2026-11-21 20:06:56.439054+00'),
	(54, 'engine', '0004_settle_one', '2026-11-21 20:06:56.4679+00'),
	(55, 'engine', '0005_settle_event_text', '2026-11-21 20:06:56.486243+00'),
	(56, 'engine', '0006_one_index_of_command_records', '2026-11-21 20:06:56.522236+00'),
	(57, 'engine', '0007_scope_of_command_records', '2026-11-21 20:06:56.571388+00'),
	(58, 'engine', '0008_settle_account_limits', '2026-11-21 20:06:56.617229+00'),
	(59, 'engine', '0009_kill_switch', '2026-11-21 20:06:56.666053+00'),
	(60, 'engine', '0010_settle_order_terms', '2026-11-21 20:06:56.710606+00'),
	(61, 'engine', '0011_settle_calendar', '2026-11-21 20:06:56.72798+00'),
	(62, 'engine', '0012_invariant_report', '2026-11-21 20:06:56.786879+00'),
	(63, 'eventlog', '0002_embedded_log', '2026-11-21 20:06:56.918734+00'),
	(64, 'eventlog', '0003_log_in_use', '2026-11-21 20:06:56.974595+00'),
	(65, 'jobs', '0001_initial', '2026-11-21 20:06:57.046694+00'),
	(66, 'ledger', '0003_daily_statements', '2026-11-21 20:06:57.757699+00'),
	(67, 'ledger', '0004_laws_of_statements', '2026-11-21 20:06:57.798408+00'),
	(68, 'marketdata', '0001_initial', '2026-11-21 20:06:57.885757+00'),
	(69, 'marketdata', '0002_frames_by_day', '2026-11-21 20:06:57.934814+00'),
	(70, 'mfa', '0001_initial', '2026-11-21 20:06:58.149182+00'),
	(71, 'mfa', '0002_authenticator_timestamps', '2026-11-21 20:06:58.325244+00'),
	(72, 'mfa', '0003_authenticator_type_uniq', '2026-11-21 20:06:58.575504+00'),
	(73, 'portfolio', '0001_initial', '2026-11-21 20:06:58.638419+00'),
	(74, 'portfolio', '0002_account_progress', '2026-11-21 20:06:58.680337+00'),
	(75, 'portfolio', '0003_equity_snapshots', '2026-11-21 20:06:58.732923+00'),
	(76, 'portfolio', '0004_equity_is_finite', '2026-11-21 20:06:58.754366+00'),
	(77, 'sessions', '0001_initial', '2026-11-21 20:06:58.853271+00'),
	(78, 'realtime', '0001_session_digest_index', '2026-11-21 20:06:58.875134+00'),
	(79, 'usersessions', '0001_initial', '2026-11-21 20:06:59.082774+00');



INSERT INTO public.django_session VALUES
	('ez35ided8qndf4o24dw35h7gs5f2gnmg', '.eJyFj81ugzAQhN9lzwjhGPzDqelrVBVa7LWwChjZRk0U5d0LlEvUQ2-rmdlvNA9AY8I65w7XPNCcvcHsw9xNlIdgE7QfD_i9oYUFU_oO0UIBmKFlUjcXzWRVl7XQTS1UATShH7eoWVMOE8W3HMneqaQbTstI8Pws_qns1kRxI7Ct5YgcQuftX61H80XzbuA47nJ5ossjc9qpvL4UvZ9fL6gB07BxNCrHKik5V-zCkDfGWNnruiHSQlSSEwnnkCxa7rDnQgmmrVHoGHeqP6CJUtr30G3x8Q5t9fwB2657Ig:1xUrNo:e2azX7EMOZThlycRHMY9mZ2mZDOI9vKwJ6WhR-2Hhd8', '2026-12-05 20:08:24.733765+00');



INSERT INTO public.engine_commandrecord VALUES
	('demo-ALDR-d1e208e45f94fc10e21c', NULL, '\x2d8be7c500d9df55dcea747133f254c3', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636501a561745f6e73cf18ea283d91ee5579aa636f6d6d616e645f6964be64656d6f2d414c44522d6431653230386534356639346663313065323163', '2026-11-21 20:07:26.366995+00', 0),
	('demo-BRNT-25b6ce596f6d26544545', NULL, '\xb471078c9266ea8087cc18afe9317a0d', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636502a561745f6e73cf18ea283d9554896eaa636f6d6d616e645f6964be64656d6f2d42524e542d3235623663653539366636643236353434353435', '2026-11-21 20:07:26.424025+00', 0),
	('demo-CLRW-a9a675151cecfcd8cee1', NULL, '\x48fc70356a4234d3f85db2f52ec2d2b3', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636503a561745f6e73cf18ea283d973469f9aa636f6d6d616e645f6964be64656d6f2d434c52572d6139613637353135316365636663643863656531', '2026-11-21 20:07:26.455474+00', 0),
	('demo-DVNE-f78ff408b437dfdeb6be', NULL, '\xc21e0f039c3b99d6fc0a96ab7acd8d1d', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636504a561745f6e73cf18ea283d98585953aa636f6d6d616e645f6964be64656d6f2d44564e452d6637386666343038623433376466646562366265', '2026-11-21 20:07:26.474606+00', 0),
	('demo-FRNH-43bcc57a979720171cde', NULL, '\x372d76456f31fb83341003d8425aa142', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636505a561745f6e73cf18ea283d9957d2abaa636f6d6d616e645f6964be64656d6f2d46524e482d3433626363353761393739373230313731636465', '2026-11-21 20:07:26.491349+00', 0),
	('demo-HLCN-d855c25d9f73d95173a2', NULL, '\x3e7719ee99ca9f4e4c7fc3234ae871ba', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636506a561745f6e73cf18ea283d9ac79c65aa636f6d6d616e645f6964be64656d6f2d484c434e2d6438353563323564396637336439353137336132', '2026-11-21 20:07:26.515453+00', 0),
	('demo-LUMN-e81ca7b6dd76d932f793', NULL, '\x61b56959535efa48e51c3ebaf2ed0de3', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636507a561745f6e73cf18ea283d9bd8572aaa636f6d6d616e645f6964be64656d6f2d4c554d4e2d6538316361376236646437366439333266373933', '2026-11-21 20:07:26.533326+00', 0),
	('demo-NRTH-05ad17da7682d92583c6', NULL, '\xda77089d380644073c214e201079e23c', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636508a561745f6e73cf18ea283d9d7feac3aa636f6d6d616e645f6964be64656d6f2d4e5254482d3035616431376461373638326439323538336336', '2026-11-21 20:07:26.561086+00', 0),
	('demo-ORBT-82b09d61399ac98bb6cd', NULL, '\x61aa1027a22c06e51321b2361b553a71', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636509a561745f6e73cf18ea283d9f2b5ebbaa636f6d6d616e645f6964be64656d6f2d4f5242542d3832623039643631333939616339386262366364', '2026-11-21 20:07:26.589099+00', 0),
	('demo-QRTZ-3d4c23a372fe9c31fda8', NULL, '\x4731bc94af5e752f8ce29408ba724578', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650aa561745f6e73cf18ea283da0641292aa636f6d6d616e645f6964be64656d6f2d5152545a2d3364346332336133373266653963333166646138', '2026-11-21 20:07:26.609592+00', 0),
	('demo-EUR-USD-8b91e2d58b4cf224cd0e', NULL, '\xc4a9443cd72add39888214ad41a27088', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ba561745f6e73cf18ea283da1147422aa636f6d6d616e645f6964d92164656d6f2d4555522d5553442d3862393165326435386234636632323463643065', '2026-11-21 20:07:26.621152+00', 0),
	('demo-GBP-USD-6765da5094038dafcd0b', NULL, '\xc968a7826c99df544b1e7056fee6b1ca', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ca561745f6e73cf18ea283da1a7d733aa636f6d6d616e645f6964d92164656d6f2d4742502d5553442d3637363564613530393430333864616663643062', '2026-11-21 20:07:26.630811+00', 0),
	('demo-AUD-USD-694e38efe54e23195ad5', NULL, '\x8f88f3579358d0c1893914da0e0f230a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650da561745f6e73cf18ea283da298cca1aa636f6d6d616e645f6964d92164656d6f2d4155442d5553442d3639346533386566653534653233313935616435', '2026-11-21 20:07:26.646602+00', 0),
	('demo-NZD-USD-41c74395a3f11df5e972', NULL, '\x672bd07b6ce791905bdc78a50e9847ab', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ea561745f6e73cf18ea283da369b4cdaa636f6d6d616e645f6964d92164656d6f2d4e5a442d5553442d3431633734333935613366313164663565393732', '2026-11-21 20:07:26.660293+00', 0),
	('demo-CHF-USD-b708857db20e408ca712', NULL, '\x5ce9983285379f7d3276eccb2413ebf8', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650fa561745f6e73cf18ea283da3c248e3aa636f6d6d616e645f6964d92164656d6f2d4348462d5553442d6237303838353764623230653430386361373132', '2026-11-21 20:07:26.666098+00', 0),
	('demo-CAD-USD-2b9f90c093949e82c1f7', NULL, '\xb9a41e44307d736a45dfffa332babbd5', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636510a561745f6e73cf18ea283da4e63c78aa636f6d6d616e645f6964d92164656d6f2d4341442d5553442d3262396639306330393339343965383263316637', '2026-11-21 20:07:26.685232+00', 0),
	('demo-SGD-USD-8f869f9a0727e893238f', NULL, '\xce24fd7d46455721e09eeb76a4391c4b', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636511a561745f6e73cf18ea283da5346f4caa636f6d6d616e645f6964d92164656d6f2d5347442d5553442d3866383639663961303732376538393332333866', '2026-11-21 20:07:26.690357+00', 0),
	('demo-BTC-USD-ddc0eae435e9abe59fa5', NULL, '\xf205bca6a804a346e510d834e7a40237', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636512a561745f6e73cf18ea283da5cb6f8faa636f6d6d616e645f6964d92164656d6f2d4254432d5553442d6464633065616534333565396162653539666135', '2026-11-21 20:07:26.700253+00', 0),
	('demo-ETH-USD-0741b11fb4266af8098c', NULL, '\xbaa9cdff45653d22bdc5451a0c909b21', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636513a561745f6e73cf18ea283da6b732a3aa636f6d6d616e645f6964d92164656d6f2d4554482d5553442d3037343162313166623432363661663830393863', '2026-11-21 20:07:26.715703+00', 0),
	('demo-SOL-USD-938bf2f26ae95d40f5d9', NULL, '\x6dfd49c9fd777b1e1b1168956a81d1f9', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636514a561745f6e73cf18ea283da73a8c4caa636f6d6d616e645f6964d92164656d6f2d534f4c2d5553442d3933386266326632366165393564343066356439', '2026-11-21 20:07:26.724312+00', 0),
	('demo-XRP-USD-c6454c4e86725cf18aeb', NULL, '\xffee3a762e7c8d9ad79baa284874598e', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636515a561745f6e73cf18ea283da7e5c73baa636f6d6d616e645f6964d92164656d6f2d5852502d5553442d6336343534633465383637323563663138616562', '2026-11-21 20:07:26.735533+00', 0),
	('demo-ADA-USD-52366c80e4195155c377', NULL, '\xbe1f0f1c9551e5e45f9463e0fe3d681b', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636516a561745f6e73cf18ea283da8e3c749aa636f6d6d616e645f6964d92164656d6f2d4144412d5553442d3532333636633830653431393531353563333737', '2026-11-21 20:07:26.75218+00', 0),
	('demo-DOGE-USD-2c1cc0da55adbbfb90b1', NULL, '\x57ab1ca55c28952ed22af762ab84e34d', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636517a561745f6e73cf18ea283daa038548aa636f6d6d616e645f6964d92264656d6f2d444f47452d5553442d3263316363306461353561646262666239306231', '2026-11-21 20:07:26.771037+00', 0),
	('demo-LTC-USD-925c595798fcc3ddac1d', NULL, '\xc868d750179783c3ff179bcd1f2ce1e7', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636518a561745f6e73cf18ea283dab8532f8aa636f6d6d616e645f6964d92164656d6f2d4c54432d5553442d3932356335393537393866636333646461633164', '2026-11-21 20:07:26.796313+00', 0),
	('demo-LINK-USD-d6ff6dfc2648d526cc17', NULL, '\xa752c3ec4de1d4a398916d0d0cb2c020', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636519a561745f6e73cf18ea283dacde7784aa636f6d6d616e645f6964d92264656d6f2d4c494e4b2d5553442d6436666636646663323634386435323663633137', '2026-11-21 20:07:26.81894+00', 0),
	('62d00474507b405fa79c705a934fcc5b', NULL, '\xcf7bb85165ee4b8d8b0efbc4c760d521', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636516a561745f6e73cf18ea283daf25dfd4aa636f6d6d616e645f6964d9203632643030343734353037623430356661373963373035613933346663633562', '2026-11-21 20:07:26.857174+00', 0),
	('d6cbb6a91d394342ad3ce221518bdf48', NULL, '\xead17cdd8a8937b571616ee59064049b', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636501a561745f6e73cf18ea283db21daf26aa636f6d6d616e645f6964d9206436636262366139316433393433343261643363653232313531386264663438', '2026-11-21 20:07:26.906969+00', 0),
	('4253244448354974bf405fe0cee5e604', NULL, '\xfb8ccf9d9121bd58d2b135365939297f', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650da561745f6e73cf18ea283db35a9ffdaa636f6d6d616e645f6964d9203432353332343434343833353439373462663430356665306365653565363034', '2026-11-21 20:07:26.92774+00', 0),
	('651bbabfaf024a5cac085a2c66b74158', NULL, '\xee189f73ab6e1e305e66d4fae68952aa', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636502a561745f6e73cf18ea283db45105aaaa636f6d6d616e645f6964d9203635316262616266616630323461356361633038356132633636623734313538', '2026-11-21 20:07:26.943888+00', 0),
	('cada94e286f644fb98d91d400b0c4061', NULL, '\x84e9a41e62532ebfd5c270b154fa896a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636512a561745f6e73cf18ea283db59208e2aa636f6d6d616e645f6964d9206361646139346532383666363434666239386439316434303062306334303631', '2026-11-21 20:07:26.964926+00', 0),
	('cda2aa75f6e84de8a443a8731c3fa99c', NULL, '\x869efef8a51857fb057a44c99f26aa79', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636510a561745f6e73cf18ea283db6f3cebcaa636f6d6d616e645f6964d9206364613261613735663665383464653861343433613837333163336661393963', '2026-11-21 20:07:26.988111+00', 0),
	('46cd5e4b6a7345dcb606a0634ee8a76c', NULL, '\x04d30367b4855714d26d9b3fa1670c15', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650fa561745f6e73cf18ea283db7fa33c7aa636f6d6d616e645f6964d9203436636435653462366137333435646362363036613036333465653861373663', '2026-11-21 20:07:27.005307+00', 0),
	('e54bb92ad391451daa07d72d789613cf', NULL, '\xaaaeffcccedd5e7578b4a59bcb95a675', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636503a561745f6e73cf18ea283db89c54f6aa636f6d6d616e645f6964d9206535346262393261643339313435316461613037643732643738393631336366', '2026-11-21 20:07:27.015933+00', 0),
	('c1c25c72a2da4a1e82ed41f81baeb2e0', NULL, '\x840988e8d4f5597ffc1c6942a50f4c30', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636517a561745f6e73cf18ea283db9f38dbaaa636f6d6d616e645f6964d9206331633235633732613264613461316538326564343166383162616562326530', '2026-11-21 20:07:27.038426+00', 0),
	('deb6617c97f34e7f9a0b3ab50e4bb73c', NULL, '\x6b472ec411b99eba8d89e6c8a903bc50', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636504a561745f6e73cf18ea283dbb4559d2aa636f6d6d616e645f6964d9206465623636313763393766333465376639613062336162353065346262373363', '2026-11-21 20:07:27.060564+00', 0),
	('5fe5c4494456490d9c4a32ac0db650bb', NULL, '\x311449975abcbfb200787e4f786a1e82', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636513a561745f6e73cf18ea283dbc58b5fbaa636f6d6d616e645f6964d9203566653563343439343435363439306439633461333261633064623635306262', '2026-11-21 20:07:27.07861+00', 0),
	('34d6060aacd8453ba3e9f608cab09a61', NULL, '\xd85ccea114782c664efd396f6ec90241', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ba561745f6e73cf18ea283dbd4b5accaa636f6d6d616e645f6964d9203334643630363061616364383435336261336539663630386361623039613631', '2026-11-21 20:07:27.094512+00', 0),
	('8669a9fd86cb4ea3ac94086921cc726f', NULL, '\x12b15a556ea820289bfbbfad084aa84a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636505a561745f6e73cf18ea283dbead2100aa636f6d6d616e645f6964d9203836363961396664383663623465613361633934303836393231636337323666', '2026-11-21 20:07:27.117697+00', 0),
	('1dd1225105c3437caf27827c85ad8ad4', NULL, '\x740e3b7982c6c23a2206c52c43a7133d', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ca561745f6e73cf18ea283dbf5cf332aa636f6d6d616e645f6964d9203164643132323531303563333433376361663237383237633835616438616434', '2026-11-21 20:07:27.129219+00', 0),
	('e663a73c33c64334aa4b5e7406fea639', NULL, '\x9029589ac06a160d5ea209d2a04ad24a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636506a561745f6e73cf18ea283dc13d2eb4aa636f6d6d616e645f6964d9206536363361373363333363363433333461613462356537343036666561363339', '2026-11-21 20:07:27.160692+00', 0),
	('25d9b4813a5742ad8b3f622c2489189e', NULL, '\x42ad1847250117bba2f3eb32dd1d3723', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636519a561745f6e73cf18ea283dc1e15ef2aa636f6d6d616e645f6964d9203235643962343831336135373432616438623366363232633234383931383965', '2026-11-21 20:07:27.171452+00', 0),
	('ea5694cdaae743909852d4c79340f05f', NULL, '\x38d56c1f20ebea9569546ca5d798fe99', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636518a561745f6e73cf18ea283dc2f9295eaa636f6d6d616e645f6964d9206561353639346364616165373433393039383532643463373933343066303566', '2026-11-21 20:07:27.189789+00', 0),
	('b9cee7aba05d492b8d59cc49bcbf3455', NULL, '\x9323fab6ccd4c03898b91726f913c9f3', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636507a561745f6e73cf18ea283dc4441b24aa636f6d6d616e645f6964d9206239636565376162613035643439326238643539636334396263626633343535', '2026-11-21 20:07:27.211477+00', 0),
	('9bdab91aa6f7437e9d9c66ab2b0b29c4', NULL, '\xe664fa3067e3c7b57be30c6aa183fcae', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636508a561745f6e73cf18ea283dc52cd55baa636f6d6d616e645f6964d9203962646162393161613666373433376539643963363661623262306232396334', '2026-11-21 20:07:27.226729+00', 0),
	('a4fe27ecc12d4e2eb976379494558896', NULL, '\x017f471b9b37c89a30320c99d2ae8849', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650ea561745f6e73cf18ea283dc6f8daeeaa636f6d6d616e645f6964d9206134666532376563633132643465326562393736333739343934353538383936', '2026-11-21 20:07:27.256877+00', 0),
	('3dcbc5cff83f449abe6e32720cbf5b6e', NULL, '\xe22d8ce7e55f5229e1815bbafe359ece', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636509a561745f6e73cf18ea283dc8070f0daa636f6d6d616e645f6964d9203364636263356366663833663434396162653665333237323063626635623665', '2026-11-21 20:07:27.274585+00', 0),
	('f9bff66a5f454a0a86cb75240396645c', NULL, '\x6ae0a7fba3683b256c18306dd02f3109', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63650aa561745f6e73cf18ea283dc90b4e90aa636f6d6d616e645f6964d9206639626666363661356634353461306138366362373532343033393636343563', '2026-11-21 20:07:27.291641+00', 0),
	('3851bea880bb4e558730d3eb8e392cff', NULL, '\x4e6aea7c8b45f7c231bba1ffbe12fcd7', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636511a561745f6e73cf18ea283dca0aabf5aa636f6d6d616e645f6964d9203338353162656138383062623465353538373330643365623865333932636666', '2026-11-21 20:07:27.308377+00', 0),
	('53d7c6e6578846d1979b3aaebabe8fd6', NULL, '\xcc975cc16fe12ae4db5feecd5345f9d8', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636514a561745f6e73cf18ea283dcab1e7c2aa636f6d6d616e645f6964d9203533643763366536353738383436643139373962336161656261626538666436', '2026-11-21 20:07:27.319336+00', 0),
	('e958b4b08b8149ddb3116e7bd1fe4e2d', NULL, '\xf1c5c2f4af8c14d62ba9a609ef8578f5', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636515a561745f6e73cf18ea283dcbbd4d5baa636f6d6d616e645f6964d9206539353862346230386238313439646462333131366537626431666534653264', '2026-11-21 20:07:27.336861+00', 0),
	('open-1000', 1000, '\x06fc612fe46d11507c4fdfb4bff53784', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03e8a561745f6e73cf18ea28423903fe20aa636f6d6d616e645f6964a96f70656e2d31303030', '2026-11-21 20:07:46.350079+00', 0),
	('paper-1000', 1000, '\xbbd6d40a1ccfef6cacfe0842e787e55a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636534a561745f6e73cf18ea28423b1fc167aa636f6d6d616e645f6964aa70617065722d31303030', '2026-11-21 20:07:46.385453+00', 0),
	('open-1001', 1001, '\x56ee6af7a4345c0c8465f95b59d89241', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03e9a561745f6e73cf18ea284668acd113aa636f6d6d616e645f6964a96f70656e2d31303031', '2026-11-21 20:08:04.329541+00', 0),
	('paper-1001', 1001, '\x193628607dac997d9de940ac4dcf2ea2', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636539a561745f6e73cf18ea28466bcea51aaa636f6d6d616e645f6964aa70617065722d31303031', '2026-11-21 20:08:04.38209+00', 0),
	('open-1002', 1002, '\x20109d5fcfa150e9169a636bf7a569d3', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eaa561745f6e73cf18ea284702bf7499aa636f6d6d616e645f6964a96f70656e2d31303032', '2026-11-21 20:08:06.914454+00', 0),
	('paper-1002', 1002, '\xad543e30995b2a6e9862d2a7ad95dff5', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63653da561745f6e73cf18ea284704cac478aa636f6d6d616e645f6964aa70617065722d31303032', '2026-11-21 20:08:06.94875+00', 0),
	('story-KillVenue-1', NULL, '\x84e74368d45722ad249ea266d88e0a85', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636500a561745f6e73cf18ea284707179d95aa636f6d6d616e645f6964b173746f72792d4b696c6c56656e75652d31', '2026-11-21 20:08:06.987341+00', 0),
	('story-RestoreVenue-1', NULL, '\xaba959938a8a6f7ad7ee02149b435798', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636500a561745f6e73cf18ea28470873c8c8aa636f6d6d616e645f6964b473746f72792d526573746f726556656e75652d31', '2026-11-21 20:08:07.010158+00', 0),
	('story-sessions', NULL, '\x29e47102f8973ab83cf887fc85b50e3b', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636512a561745f6e73cf18ea284709d2ed30aa636f6d6d616e645f6964ae73746f72792d73657373696f6e73', '2026-11-21 20:08:07.033171+00', 0),
	('story-1001-4', 1001, '\xc61102714f53cd2f9c52a8fc7d96893d', '\x87a474797065a643414e43454ca86f726465725f696466a6737461747573a843414e43454c4544a6726561736f6ea0af66696c6c65645f7175616e74697479a130a561745f6e73cf18ea28471f68ee5faa636f6d6d616e645f6964ac73746f72792d313030312d34', '2026-11-21 20:08:07.395323+00', 1001),
	('story-1001-5', 1001, '\x8add538e304a7183065ebf849befafa5', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63656da561745f6e73cf18ea28472837f6d0aa636f6d6d616e645f6964ac73746f72792d313030312d35', '2026-11-21 20:08:07.543109+00', 1001),
	('story-1001-6', 1001, '\xba7ee120788d553c8f62c1397e97fd55', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e63656fa561745f6e73cf18ea28472a19f70caa636f6d6d616e645f6964ac73746f72792d313030312d36', '2026-11-21 20:08:07.574697+00', 1001),
	('open-1003', 1003, '\xdd3fbb1f3458538402c789cf503536e0', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eba561745f6e73cf18ea2847b2fb57ceaa636f6d6d616e645f6964a96f70656e2d31303033', '2026-11-21 20:08:09.871169+00', 0),
	('paper-1003', 1003, '\x2277a4cf676c3968b615918abf60ae47', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636572a561745f6e73cf18ea2847b58b5153aa636f6d6d616e645f6964aa70617065722d31303033', '2026-11-21 20:08:09.914159+00', 0),
	('story-1003-6', 1003, '\x7268ef2efc9e1dd498a15b79bfaa7a62', '\x85a474797065a450414952a66f726465727392de0012a474797065a54f52444552a86f726465725f6964cc86a673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a54c494d4954ad74696d655f696e5f666f726365a3475443a87175616e74697479a4302e3036a57072696365a836373435342e3838a6737461747573a84143434550544544a6726561736f6ea0af66696c6c65645f7175616e74697479a130af6c65617665735f7175616e74697479a4302e3036ad617665726167655f7072696365c0a3666565a130a468656c64a4302e3036a566696c6c7390a561745f6e73cf18ea2847c5c32ba6aa636f6d6d616e645f6964a53133342e31de0012a474797065a54f52444552a86f726465725f6964cc87a673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a453544f50ad74696d655f696e5f666f726365a3475443a87175616e74697479a4302e3036a57072696365c0a6737461747573a757414954494e47a6726561736f6ea0af66696c6c65645f7175616e74697479a130af6c65617665735f7175616e74697479a4302e3036ad617665726167655f7072696365c0a3666565a130a468656c64a4302e3036a566696c6c7390a561745f6e73cf18ea2847c5c32ba6aa636f6d6d616e645f6964a53133342e32a6726561736f6ea0a561745f6e73cf18ea2847c5c32ba6aa636f6d6d616e645f6964ac73746f72792d313030332d36', '2026-11-21 20:08:10.186255+00', 1003),
	('story-1003-9', 1003, '\x2e9cdada6f2cc87ec4485888624ac92d', '\x8ea474797065a5414d454e44a86f726465725f6964cc93a6737461747573a84143434550544544a6726561736f6ea0a87175616e74697479a4302e3036a57072696365a835393734352e3735ad747269676765725f7072696365c0af66696c6c65645f7175616e74697479a130af6c65617665735f7175616e74697479a4302e3036a468656c64ab333538382e333239373438ad6b6570745f7072696f72697479c3a566696c6c7390a561745f6e73cf18ea2847cd0920cbaa636f6d6d616e645f6964ac73746f72792d313030332d39', '2026-11-21 20:08:10.30828+00', 1003),
	('story-1003-10', 1003, '\x9c0ff935ab6a82c303a9d214b3da0783', '\x8ea474797065a5414d454e44a86f726465725f6964cc93a6737461747573a84143434550544544a6726561736f6ea0a87175616e74697479a4302e3036a57072696365a835393130332e3332ad747269676765725f7072696365c0af66696c6c65645f7175616e74697479a130af6c65617665735f7175616e74697479a4302e3036a468656c64ab333534392e373435343034ad6b6570745f7072696f72697479c2a566696c6c7390a561745f6e73cf18ea2847d059b706aa636f6d6d616e645f6964ad73746f72792d313030332d3130', '2026-11-21 20:08:10.363893+00', 1003),
	('story-1003-11', 1003, '\xa4c12dd416a31ce4ef419edb9e99de92', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eba561745f6e73cf18ea2847d273a7c4aa636f6d6d616e645f6964ad73746f72792d313030332d3131', '2026-11-21 20:08:10.399147+00', 1003),
	('story-SetAccountLimits-1', 1003, '\x70c2d1a199575757517ef0d26eb1ce3f', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eba561745f6e73cf18ea2847d3fab982aa636f6d6d616e645f6964b873746f72792d5365744163636f756e744c696d6974732d31', '2026-11-21 20:08:10.424777+00', 0),
	('open-1004', 1004, '\x3f48f2afb6ed9f64bdd16c77b98b1304', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eca561745f6e73cf18ea28486e570dc9aa636f6d6d616e645f6964a96f70656e2d31303034', '2026-11-21 20:08:13.014519+00', 0),
	('paper-1004', 1004, '\xb84144916a644152dd26809fe8ebbc55', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cc9ba561745f6e73cf18ea2848708d04d5aa636f6d6d616e645f6964aa70617065722d31303034', '2026-11-21 20:08:13.05161+00', 0),
	('open-1005', 1005, '\xaa267ad2b3e50dce09816731e63e6279', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eda561745f6e73cf18ea28491fbc8f6daa636f6d6d616e645f6964a96f70656e2d31303035', '2026-11-21 20:08:15.990738+00', 0),
	('paper-1005', 1005, '\x163ec67098ff15237949279cd99566ee', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cc9fa561745f6e73cf18ea284923ec55d0aa636f6d6d616e645f6964aa70617065722d31303035', '2026-11-21 20:08:16.060978+00', 0),
	('story-HaltInstrument-1', NULL, '\xbc3d6c0c328444279121fcde54087088', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e636513a561745f6e73cf18ea28493f1831e2aa636f6d6d616e645f6964b673746f72792d48616c74496e737472756d656e742d31', '2026-11-21 20:08:16.516837+00', 0),
	('story-SuspendAccount-1', 1002, '\x9f2d6bb0bae454b6044c1da5f8bfaa9a', '\x85a474797065a4444f4e45a6726561736f6ea0a97265666572656e6365cd03eaa561745f6e73cf18ea284940cf8043aa636f6d6d616e645f6964b673746f72792d53757370656e644163636f756e742d31', '2026-11-21 20:08:16.545628+00', 0);






INSERT INTO public.engine_journal VALUES
	(1, 0, 1, 1795291646366995833, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca4414c4452a46e616d65aa416c6465722042616e6bab61737365745f636c617373a553544f434ba462617365a4414c4452a9626173655f6e616d65aa416c6465722042616e6bad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d414c44522d6431653230386534356639346663313065323163a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(2, 1, 1, 1795291646424025454, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca442524e54a46e616d65ac4272616e7420456e65726779ab61737365745f636c617373a553544f434ba462617365a442524e54a9626173655f6e616d65ac4272616e7420456e65726779ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d42524e542d3235623663653539366636643236353434353435a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(3, 2, 1, 1795291646455474681, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca4434c5257a46e616d65b0436c656172776174657220466f6f6473ab61737365745f636c617373a553544f434ba462617365a4434c5257a9626173655f6e616d65b0436c656172776174657220466f6f6473ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d434c52572d6139613637353135316365636663643863656531a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(4, 3, 1, 1795291646474606931, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca444564e45a46e616d65ad446576696e65204d6f746f7273ab61737365745f636c617373a553544f434ba462617365a444564e45a9626173655f6e616d65ad446576696e65204d6f746f7273ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d44564e452d6637386666343038623433376466646562366265a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(5, 4, 1, 1795291646491349675, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca446524e48a46e616d65af4665726e68696c6c204865616c7468ab61737365745f636c617373a553544f434ba462617365a446524e48a9626173655f6e616d65af4665726e68696c6c204865616c7468ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7302a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d46524e482d3433626363353761393739373230313731636465a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(6, 5, 1, 1795291646515453029, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca4484c434ea46e616d65b048616c63796f6e20536f667477617265ab61737365745f636c617373a553544f434ba462617365a4484c434ea9626173655f6e616d65b048616c63796f6e20536f667477617265ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7304a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d484c434e2d6438353563323564396637336439353137336132a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(7, 6, 1, 1795291646533326634, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca44c554d4ea46e616d65aa4c756d656e2047726964ab61737365745f636c617373a553544f434ba462617365a44c554d4ea9626173655f6e616d65aa4c756d656e2047726964ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d4c554d4e2d6538316361376236646437366439333266373933a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(8, 7, 1, 1795291646561086147, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca44e525448a46e616d65ae4e6f72746867617465205261696cab61737365745f636c617373a553544f434ba462617365a44e525448a9626173655f6e616d65ae4e6f72746867617465205261696cad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d4e5254482d3035616431376461373638326439323538336336a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(9, 8, 1, 1795291646589099707, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca44f524254a46e616d65af4f72626974204165726f7370616365ab61737365745f636c617373a553544f434ba462617365a44f524254a9626173655f6e616d65af4f72626974204165726f7370616365ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d4f5242542d3832623039643631333939616339386262366364a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(10, 9, 1, 1795291646609592978, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca45152545aa46e616d65b451756172747a2053656d69636f6e647563746f72ab61737365745f636c617373a553544f434ba462617365a45152545aa9626173655f6e616d65b451756172747a2053656d69636f6e647563746f72ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a131ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dccc8ad74616b65725f6665655f70706dcd01f4b16c61646465725f737465705f7469636b7306a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964be64656d6f2d5152545a2d3364346332336133373266653963333166646138a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(11, 10, 1, 1795291646621152290, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74555522d555344a46e616d65b04575726f202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3455552a9626173655f6e616d65a44575726fad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4555522d5553442d3862393165326435386234636632323463643065a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(12, 11, 1, 1795291646630811443, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74742502d555344a46e616d65ba506f756e6420737465726c696e67202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3474250a9626173655f6e616d65ae506f756e6420737465726c696e67ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7302a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4742502d5553442d3637363564613530393430333864616663643062a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(13, 12, 1, 1795291646646602913, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74155442d555344a46e616d65bd4175737472616c69616e20646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3415544a9626173655f6e616d65b14175737472616c69616e20646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7302a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4155442d5553442d3639346533386566653534653233313935616435a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(14, 13, 1, 1795291646660293837, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74e5a442d555344a46e616d65be4e6577205a65616c616e6420646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a34e5a44a9626173655f6e616d65b24e6577205a65616c616e6420646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4e5a442d5553442d3431633734333935613366313164663565393732a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(15, 14, 1, 1795291646666098915, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74348462d555344a46e616d65b75377697373206672616e63202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3434846a9626173655f6e616d65ab5377697373206672616e63ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4348462d5553442d6237303838353764623230653430386361373132a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(16, 15, 1, 1795291646685232248, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74341442d555344a46e616d65bb43616e616469616e20646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3434144a9626173655f6e616d65af43616e616469616e20646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7302a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4341442d5553442d3262396639306330393339343965383263316637a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(17, 16, 1, 1795291646690357068, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca75347442d555344a46e616d65bc53696e6761706f726520646f6c6c6172202f20555320646f6c6c6172ab61737365745f636c617373a24658a462617365a3534744a9626173655f6e616d65b053696e6761706f726520646f6c6c6172ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a431303030ac6d61785f7175616e74697479a83130303030303030ac6d61785f6e6f74696f6e616ca83130303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706d0aad74616b65725f6665655f70706d1eb16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d5347442d5553442d3866383639663961303732376538393332333866a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(18, 17, 1, 1795291646700253071, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74254432d555344a46e616d65a7426974636f696eab61737365745f636c617373a643525950544fa462617365a3425443a9626173655f6e616d65a7426974636f696ead626173655f646563696d616c7304a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a6302e30303031ac6d61785f7175616e74697479a23530ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b735aa862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4254432d5553442d6464633065616534333565396162653539666135a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(19, 18, 1, 1795291646715703971, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74554482d555344a46e616d65a54574686572ab61737365745f636c617373a643525950544fa462617365a3455448a9626173655f6e616d65a54574686572ad626173655f646563696d616c7303a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a5302e303031ac6d61785f7175616e74697479a431303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b730ca862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4554482d5553442d3037343162313166623432363661663830393863a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(20, 19, 1, 1795291646724312140, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca7534f4c2d555344a46e616d65a6536f6c616e61ab61737365745f636c617373a643525950544fa462617365a3534f4ca9626173655f6e616d65a6536f6c616e61ad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a4302e3031ac6d61785f7175616e74697479a53230303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d534f4c2d5553442d3933386266326632366165393564343066356439a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(21, 20, 1, 1795291646735533883, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca75852502d555344a46e616d65a3585250ab61737365745f636c617373a643525950544fa462617365a3585250a9626173655f6e616d65a3585250ad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a6302e30303031a86c6f745f73697a65a131ac6d61785f7175616e74697479a732303030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d5852502d5553442d6336343534633465383637323563663138616562a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(22, 21, 1, 1795291646752180041, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74144412d555344a46e616d65a743617264616e6fab61737365745f636c617373a643525950544fa462617365a3414441a9626173655f6e616d65a743617264616e6fad626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a6302e30303031a86c6f745f73697a65a131ac6d61785f7175616e74697479a732303030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4144412d5553442d3532333636633830653431393531353563333737a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(23, 22, 1, 1795291646771037512, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca8444f47452d555344a46e616d65a8446f6765636f696eab61737365745f636c617373a643525950544fa462617365a4444f4745a9626173655f6e616d65a8446f6765636f696ead626173655f646563696d616c7300a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a7302e3030303031a86c6f745f73697a65a131ac6d61785f7175616e74697479a735303030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92264656d6f2d444f47452d5553442d3263316363306461353561646262666239306231a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(24, 23, 1, 1795291646796313336, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca74c54432d555344a46e616d65a84c697465636f696eab61737365745f636c617373a643525950544fa462617365a34c5443a9626173655f6e616d65a84c697465636f696ead626173655f646563696d616c7303a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a4302e3031a86c6f745f73697a65a5302e303031ac6d61785f7175616e74697479a53230303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7301a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92164656d6f2d4c54432d5553442d3932356335393537393866636333646461633164a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(25, 24, 1, 1795291646818940804, '\x93909091de0017a474797065b4434f4e4649475552455f494e535452554d454e54a673796d626f6ca84c494e4b2d555344a46e616d65a9436861696e6c696e6bab61737365745f636c617373a643525950544fa462617365a44c494e4ba9626173655f6e616d65a9436861696e6c696e6bad626173655f646563696d616c7302a571756f7465a3555344aa71756f74655f6e616d65a9555320646f6c6c6172ae71756f74655f646563696d616c7302a97469636b5f73697a65a5302e303031a86c6f745f73697a65a4302e3031ac6d61785f7175616e74697479a6313030303030ac6d61785f6e6f74696f6e616ca732303030303030aa636f6c6c61725f627073cd03e8ad6d616b65725f6665655f70706dcd01f4ad74616b65725f6665655f70706dcd03e8b16c61646465725f737465705f7469636b7303a862616e645f627073cd03e8a863616c656e646172a432347837aa636f6d6d616e645f6964d92264656d6f2d4c494e4b2d5553442d6436666636646663323634386435323663633137a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(26, 25, 1, 1795291646857174996, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74144412d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203632643030343734353037623430356661373963373035613933346663633562a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(27, 26, 1, 1795291646906969894, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca4414c4452a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206436636262366139316433393433343261643363653232313531386264663438a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(28, 27, 1, 1795291646927740925, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74155442d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203432353332343434343833353439373462663430356665306365653565363034a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(29, 28, 1, 1795291646943888810, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca442524e54a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203635316262616266616630323461356361633038356132633636623734313538a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(30, 29, 1, 1795291646964926690, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74254432d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206361646139346532383666363434666239386439316434303062306334303631a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(31, 30, 1, 1795291646988111548, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74341442d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206364613261613735663665383464653861343433613837333163336661393963a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(32, 31, 1, 1795291647005307847, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74348462d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203436636435653462366137333435646362363036613036333465653861373663a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(33, 32, 1, 1795291647015933174, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca4434c5257a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206535346262393261643339313435316461613037643732643738393631336366a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(34, 33, 1, 1795291647038426554, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca8444f47452d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206331633235633732613264613461316538326564343166383162616562326530a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(35, 34, 1, 1795291647060564434, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca444564e45a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206465623636313763393766333465376639613062336162353065346262373363a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(36, 35, 1, 1795291647078610427, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74554482d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203566653563343439343435363439306439633461333261633064623635306262a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(37, 36, 1, 1795291647094512332, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74555522d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203334643630363061616364383435336261336539663630386361623039613631a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(38, 37, 1, 1795291647117697280, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca446524e48a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203836363961396664383663623465613361633934303836393231636337323666a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(39, 38, 1, 1795291647129219890, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74742502d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203164643132323531303563333433376361663237383237633835616438616434a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(40, 39, 1, 1795291647160692404, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca4484c434ea873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206536363361373363333363363433333461613462356537343036666561363339a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(41, 40, 1, 1795291647171452658, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca84c494e4b2d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203235643962343831336135373432616438623366363232633234383931383965a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(42, 41, 1, 1795291647189789022, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74c54432d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206561353639346364616165373433393039383532643463373933343066303566a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(43, 42, 1, 1795291647211477796, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca44c554d4ea873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206239636565376162613035643439326238643539636334396263626633343535a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(44, 43, 1, 1795291647226729819, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca44e525448a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203962646162393161613666373433376539643963363661623262306232396334a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(45, 44, 1, 1795291647256877806, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74e5a442d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206134666532376563633132643465326562393736333739343934353538383936a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(46, 45, 1, 1795291647274585869, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca44f524254a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203364636263356366663833663434396162653665333237323063626635623665a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(47, 46, 1, 1795291647291641488, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca45152545aa873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206639626666363661356634353461306138366362373532343033393636343563a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(48, 47, 1, 1795291647308377077, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca75347442d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203338353162656138383062623465353538373330643365623865333932636666a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(49, 48, 1, 1795291647319336898, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca7534f4c2d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9203533643763366536353738383436643139373962336161656261626538666436a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(50, 49, 1, 1795291647336861019, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca75852502d555344a873657373696f6e739f93cf18e9e659d5f60000cf18e9e659d5f60000cf18ea34ee6745000093cf18ea34ee67450000cf18ea34ee67450000cf18ea8382f894000093cf18ea8382f8940000cf18ea8382f8940000cf18ead21789e3000093cf18ead21789e30000cf18ead21789e30000cf18eb20ac1b32000093cf18eb20ac1b320000cf18eb20ac1b320000cf18eb6f40ac81000093cf18eb6f40ac810000cf18eb6f40ac810000cf18ebbdd53dd0000093cf18ebbdd53dd00000cf18ebbdd53dd00000cf18ec0c69cf1f000093cf18ec0c69cf1f0000cf18ec0c69cf1f0000cf18ec5afe606e000093cf18ec5afe606e0000cf18ec5afe606e0000cf18eca992f1bd000093cf18eca992f1bd0000cf18eca992f1bd0000cf18ecf827830c000093cf18ecf827830c0000cf18ecf827830c0000cf18ed46bc145b000093cf18ed46bc145b0000cf18ed46bc145b0000cf18ed9550a5aa000093cf18ed9550a5aa0000cf18ed9550a5aa0000cf18ede3e536f9000093cf18ede3e536f90000cf18ede3e536f90000cf18ee3279c848000093cf18ee3279c8480000cf18ee3279c8480000cf18ee810e59970000b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964d9206539353862346230386238313439646462333131366537626431666534653264a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(51, 50, 1, 1795291666350079520, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03e8aa636f6d6d616e645f6964a96f70656e2d31303030a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(55, 51, 1, 1795291666385453415, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03e8a56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303030a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(56, 55, 1, 1795291684329541907, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03e9aa636f6d6d616e645f6964a96f70656e2d31303031a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(59, 56, 1, 1795291684382090522, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03e9a56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303031a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(60, 59, 1, 1795291686914454681, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03eaaa636f6d6d616e645f6964a96f70656e2d31303032a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(63, 60, 1, 1795291686948750456, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03eaa56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303032a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(64, 63, 1, 1795291686987341205, '\x9390909185a474797065aa4b494c4c5f56454e5545a6726561736f6ea97468652073746f7279aa636f6d6d616e645f6964b173746f72792d4b696c6c56656e75652d31a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(65, 64, 1, 1795291687010158792, '\x9390909185a474797065ad524553544f52455f56454e5545a6726561736f6ea97468652073746f7279aa636f6d6d616e645f6964b473746f72792d526573746f726556656e75652d31a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(66, 65, 1, 1795291687033171248, '\x9390909187a474797065ac5345545f53455353494f4e53a673796d626f6ca74254432d555344a873657373696f6e739193cf18ea2500d91673d8cf18ea2500d91673d8cf18ea69c2d83b93d8b061726f756e645f7468655f636c6f636bc3aa636f6d6d616e645f6964ae73746f72792d73657373696f6e73a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(78, 66, 1, 1795291687127672121, '\x93919a12a373696dcf18ea2845d02f98c90dcf18ea2847081b33f5cf18ea28470872e57bce00620608ce0062068acd2576cd0bcd9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a3302e35a57072696365c0ad74696d655f696e5f666f726365a3494f43ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030302d31a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(87, 78, 1, 1795291687194217247, '\x93919a12a373696dcf18ea2845d02f98c90dcf18ea2847081b33f5cf18ea28470872e57bce00620608ce0062068acd2576cd0bcd9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a3302e32a57072696365c0ad74696d655f696e5f666f726365a3494f43ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030312d31a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(92, 87, 1, 1795291687228071656, '\x93919a12a373696dcf18ea2845d02f98c90dcf18ea2847081b33f5cf18ea28470872e57bce00620608ce0062068acd2576cd0bcd9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a64d41524b4554a87175616e74697479a3302e31a57072696365c0ad74696d655f696e5f666f726365a3494f43ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030302d32a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(99, 92, 1, 1795291687261915098, '\x93919a01a373696dcf18ea2845d02f98c906cf18ea28470df46d97cf18ea28470ea60d7ccd12d3cd12d5cd014ccd04aa9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca4414c4452a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a23230a57072696365c0ad74696d655f696e5f666f726365a3494f43ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030312d32a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(101, 99, 1, 1795291687318084615, '\x93919a12a373696dcf18ea2845d02f98c90dcf18ea2847081b33f5cf18ea28470872e57bce00620608ce0062068acd2576cd0bcd9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3235a57072696365ae36313033362e3634303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030302d33a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(103, 101, 1, 1795291687366634573, '\x93919a12a373696dcf18ea2845d02f98c90dcf18ea2847081b33f5cf18ea28470872e57bce00620608ce0062068acd2576cd0bcd9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a3302e31a57072696365ae36303339342e3135303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030312d33a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(104, 103, 1, 1795291687395323487, '\x9390909186a474797065ac43414e43454c5f4f52444552aa6163636f756e745f6964cd03e9a86f726465725f696466aa636f6d6d616e645f6964ac73746f72792d313030312d34a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(106, 104, 1, 1795291687462616588, '\x93919a12a373696dcf18ea2845d02f98c90ecf18ea28471ff6c4a3cf18ea284720f47d98ce006205ccce00620648cd2576cd18169091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eaa673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3031a57072696365ae36313637392e3134303030303030ad74696d655f696e5f666f726365a3464f4bad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030322d31a56163746f729205a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(108, 106, 1, 1795291687538198184, '\x93909091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eaa673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a23930a57072696365ae36333630362e3631303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030322d32a56163746f729205a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(110, 108, 1, 1795291687543109328, '\x9390909188a474797065a85749544844524157aa6163636f756e745f6964cd03e9a56173736574a3555344a6616d6f756e74a7313233342e3536a46d656d6fa452656e74aa636f6d6d616e645f6964ac73746f72792d313030312d35a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(112, 110, 1, 1795291687574697740, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03e9a56173736574a3555344a6616d6f756e74a531302e3031a46d656d6faf466f756e6420696e206120636f6174aa636f6d6d616e645f6964ac73746f72792d313030312d36a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(113, 112, 1, 1795291689871169486, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03ebaa636f6d6d616e645f6964a96f70656e2d31303033a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(116, 113, 1, 1795291689914159443, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03eba56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303033a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(125, 116, 1, 1795291689959045139, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a131a57072696365c0ad74696d655f696e5f666f726365a3494f43ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030332d31a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(127, 125, 1, 1795291690047312794, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a453544f50a87175616e74697479a4302e3035a57072696365c0ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365ae33323132312e3337303030303030ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030332d32a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(129, 127, 1, 1795291690081598699, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065aa53544f505f4c494d4954a87175616e74697479a4302e3035a57072696365ae33313437382e3934303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365ae33323132312e3337303030303030ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030332d33a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(131, 129, 1, 1795291690105580734, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065ad545241494c494e475f53544f50a87175616e74697479a4302e3035a57072696365c0ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073cd1388ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030332d34a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(133, 131, 1, 1795291690154536559, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065ab54414b455f50524f464954a87175616e74697479a4302e3035a57072696365c0ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365af3132383438352e3438303030303030ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030332d35a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(137, 133, 1, 1795291690186255270, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c090918ca474797065ab5355424d49545f50414952aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a453454c4ca87175616e74697479a4302e3036a5666972737485aa6f726465725f74797065a54c494d4954a57072696365ae36373435342e3838303030303030ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0a67365636f6e6485aa6f726465725f74797065a453544f50a57072696365c0ad747269676765725f7072696365ae33323132312e3337303030303030ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad74696d655f696e5f666f726365a3475443ad657870697265735f61745f6e73c0aa636f6d6d616e645f6964ac73746f72792d313030332d36a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(146, 137, 1, 1795291690217790541, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a64d41524b4554a87175616e74697479a4302e3037a57072696365c0ad74696d655f696e5f666f726365a3494f43ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b657482a674617267657485aa6f726465725f74797065a54c494d4954a57072696365ae36373435342e3838303030303030ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0a473746f7085aa6f726465725f74797065a453544f50a57072696365c0ad747269676765725f7072696365ae33323132312e3337303030303030ac747261696c5f616d6f756e74c0a9747261696c5f627073c0aa636f6d6d616e645f6964ac73746f72792d313030332d37a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(148, 146, 1, 1795291690276386841, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c09091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eba673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3038a57072696365ae35393734352e3735303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c3ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030332d38a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(149, 148, 1, 1795291690308280523, '\x9390909189a474797065ab414d454e445f4f52444552aa6163636f756e745f6964cd03eba86f726465725f6964cc93a87175616e74697479a4302e3036a57072696365c0ad747269676765725f7072696365c0aa636f6d6d616e645f6964ac73746f72792d313030332d39a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(151, 149, 1, 1795291690363893510, '\x93919a12a373696dcf18ea2845d02f98c912cf18ea2847a35af9b7cf18ea2847a3ba5a14ce006206d2ce00620782cd2576cd17c0909189a474797065ab414d454e445f4f52444552aa6163636f756e745f6964cd03eba86f726465725f6964cc93a87175616e74697479c0a57072696365ae35393130332e3332303030303030ad747269676765725f7072696365c0aa636f6d6d616e645f6964ad73746f72792d313030332d3130a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(152, 151, 1, 1795291690399147972, '\x9390909186a474797065b95345545f53454c465f54524144455f50524556454e54494f4eaa6163636f756e745f6964cd03eba46d6f6465a944454352454d454e54aa636f6d6d616e645f6964ad73746f72792d313030332d3131a56163746f729206a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(153, 152, 1, 1795291690424777090, '\x9390909188a474797065b25345545f4143434f554e545f4c494d495453aa6163636f756e745f6964cd03ebaf6d61785f6f70656e5f6f726465727328b26d61785f6f726465725f6e6f74696f6e616ca6323530303030a6726561736f6ea97468652073746f7279aa636f6d6d616e645f6964b873746f72792d5365744163636f756e744c696d6974732d31a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(154, 153, 1, 1795291693014519241, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03ecaa636f6d6d616e645f6964a96f70656e2d31303034a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(157, 154, 1, 1795291693051610325, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03eca56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303034a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(158, 157, 1, 1795291695990738797, '\x9390909185a474797065ac4f50454e5f4143434f554e54aa6163636f756e745f6964cd03edaa636f6d6d616e645f6964a96f70656e2d31303035a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(161, 158, 1, 1795291696060978640, '\x9390909188a474797065a74445504f534954aa6163636f756e745f6964cd03eda56173736574a3555344a6616d6f756e74a6313030303030a46d656d6fb95061706572206d6f6e657920746f2073746172742077697468aa636f6d6d616e645f6964aa70617065722d31303035a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(163, 161, 1, 1795291696198170829, '\x93919a12a373696dcf18ea2845d02f98c91acf18ea2848f47beca8cf18ea2848f5a89fe8ce006206d5ce006207e9cd46cfcd0bdf9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eda673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3031a57072696365ae35393734352e3738303030303030ad74696d655f696e5f666f726365a3475444ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73cf18ea76ddbcff60b8a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030352d31a56163746f729208a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(165, 163, 1, 1795291696227882977, '\x93919a12a373696dcf18ea2845d02f98c91bcf18ea28492cd043b6cf18ea28492d605a1dce0062058cce00620694cd53e6cd0bdf9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eda673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3032a57072696365ae35393734352e3738303030303030ad74696d655f696e5f666f726365a3444159ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030352d32a56163746f729208a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(167, 165, 1, 1795291696242381894, '\x93919a12a373696dcf18ea2845d02f98c91bcf18ea28492cd043b6cf18ea28492d605a1dce0062058cce00620694cd53e6cd0bdf9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eca673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3033a57072696365ae35393734352e3738303030303030ad74696d655f696e5f666f726365a3475444ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73cf18ea76ddbcff60b8a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030342d31a56163746f729207a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(168, 167, 1, 1795291696293048136, '\x9390909186a474797065b45345545f444541445f4d414e535f535749544348aa6163636f756e745f6964cd03eca77365636f6e6473cd0e10aa636f6d6d616e645f6964ac73746f72792d313030342d32a56163746f729207a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(170, 168, 1, 1795291696354062383, '\x93919a13a373696dcf18ea2845d02f98c919cf18ea284933c30282cf18ea284933fdb56bce0004da24ce0004da36cd17d3cd183d9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eaa673796d626f6ca74554482d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a3302e31a57072696365ad333032302e3736303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030322d33a56163746f729205a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(172, 170, 1, 1795291696447254406, '\x93919a12a373696dcf18ea2845d02f98c91ccf18ea284933c30282cf18ea284933fd0c83ce00620593ce0062069ecd53e6cd0ce49091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03eaa673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3031a57072696365ae36313033302e3633303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ac73746f72792d313030322d34a56163746f729205a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(174, 172, 1, 1795291696516837858, '\x9390909187a474797065af48414c545f494e535452554d454e54a673796d626f6ca74554482d555344a6726561736f6ea97468652073746f7279ad63616e63656c5f6f7264657273c3aa636f6d6d616e645f6964b673746f72792d48616c74496e737472756d656e742d31a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(178, 174, 1, 1795291696545628227, '\x9390909187a474797065af53555350454e445f4143434f554e54aa6163636f756e745f6964cd03eaa6726561736f6ea97468652073746f7279ad63616e63656c5f6f7264657273c3aa636f6d6d616e645f6964b673746f72792d53757370656e644163636f756e742d31a56163746f7292c0a653595354454dae636f7272656c6174696f6e5f6964a0'),
	(180, 178, 1, 1795291745227727505, '\x93919a12a373696dcf18ea2845d02f98c959cf18ea2850a2f087fccf18ea2850a34036c9ce0061e571ce0061e69ecd0dbfcd745c9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e9a673796d626f6ca74254432d555344a473696465a453454c4caa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3135a57072696365ae36343231322e3236303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ae73746f72792d313030312d313031a56163746f729204a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0'),
	(186, 180, 1, 1795291745242310780, '\x93919a12a373696dcf18ea2845d02f98c959cf18ea2850a2f087fccf18ea2850a34036c9ce0061e571ce0061e69ecd0dbfcd745c9091de0012a474797065ac5355424d49545f4f52444552aa6163636f756e745f6964cd03e8a673796d626f6ca74254432d555344a473696465a3425559aa6f726465725f74797065a54c494d4954a87175616e74697479a4302e3035a57072696365ae36343231322e3236303030303030ad74696d655f696e5f666f726365a3475443ad747269676765725f7072696365c0ac747261696c5f616d6f756e74c0a9747261696c5f627073c0ad657870697265735f61745f6e73c0a9706f73745f6f6e6c79c2ab7265647563655f6f6e6c79c2a7627261636b6574c0aa636f6d6d616e645f6964ae73746f72792d313030302d313031a56163746f729201a8435553544f4d4552ae636f7272656c6174696f6e5f6964a0');



INSERT INTO public.engine_lease VALUES
	(0, 1, 'vm:3709', '2026-11-21 20:07:15.754089+00', false, '');



INSERT INTO public.eventlog_appliedevent VALUES
	('marketdata', 'BOOK:ALDR', 95),
	('marketdata', 'sim:NRTH', 1795291681771198666),
	('marketdata', 'BOOK:BTC-USD', 140),
	('marketdata', 'sim:SGD-USD', 1795291681771198667),
	('marketdata', 'sim:DOGE-USD', 1795291681771198669),
	('marketdata', 'sim:FRNH', 1795291681771198667),
	('marketdata', 'sim:LUMN', 1795291681771198667),
	('marketdata', 'sim:ADA-USD', 1795291681771198668),
	('marketdata', 'sim:BRNT', 1795291681771198668),
	('marketdata', 'sim:ALDR', 1795291681771198669),
	('marketdata', 'sim:QRTZ', 1795291681771198669),
	('marketdata', 'sim:DVNE', 1795291681771198670),
	('marketdata', 'sim:CAD-USD', 1795291681771198672),
	('marketdata', 'sim:CLRW', 1795291681771198669),
	('marketdata', 'sim:NZD-USD', 1795291681771198669),
	('marketdata', 'sim:ETH-USD', 1795291681771198673),
	('marketdata', 'sim:LTC-USD', 1795291681771198668),
	('marketdata', 'sim:LINK-USD', 1795291681771198672),
	('marketdata', 'sim:ORBT', 1795291681771198668),
	('marketdata', 'sim:AUD-USD', 1795291681771198668),
	('marketdata', 'sim:HLCN', 1795291681771198669),
	('marketdata', 'sim:XRP-USD', 1795291681771198669),
	('marketdata', 'sim:GBP-USD', 1795291681771198671),
	('marketdata', 'sim:BTC-USD', 1795291681771198674),
	('marketdata', 'sim:EUR-USD', 1795291681771198671),
	('marketdata', 'sim:CHF-USD', 1795291681771198669);



INSERT INTO public.eventlog_consumerposition VALUES
	('portfolio', 'orders.events', 1, 23, '2026-11-21 20:08:10.541157+00'),
	('marketdata', 'instruments.events', 0, 52, '2026-11-21 20:08:16.807251+00'),
	('marketdata', 'marketdata.levels', 0, 13, '2026-11-21 20:08:16.807251+00'),
	('marketdata', 'marketdata.levels', 3, 2, '2026-11-21 20:08:16.807251+00'),
	('portfolio', 'orders.events', 0, 2, '2026-11-21 20:08:16.408154+00'),
	('portfolio', 'orders.events', 2, 1, '2026-11-21 20:08:16.408154+00'),
	('portfolio', 'orders.events', 3, 12, '2026-11-21 20:08:16.711114+00'),
	('marketdata', 'marketdata.trades', 2, 13, '2026-11-21 20:08:29.592137+00'),
	('marketdata', 'marketdata.trades', 3, 35, '2026-11-21 20:08:36.826153+00'),
	('marketdata', 'marketdata.quotes', 1, 197, '2026-11-21 20:08:37.367982+00'),
	('marketdata', 'marketdata.quotes', 2, 188, '2026-11-21 20:08:37.655823+00'),
	('marketdata', 'marketdata.quotes', 3, 341, '2026-11-21 20:08:37.655823+00'),
	('marketdata', 'marketdata.trades', 0, 36, '2026-11-21 20:08:37.655823+00'),
	('marketdata', 'marketdata.trades', 1, 20, '2026-11-21 20:08:37.52204+00'),
	('marketdata', 'marketdata.quotes', 0, 247, '2026-11-21 20:08:37.655823+00');



INSERT INTO public.eventlog_loginuse VALUES
	(1, 'kafka 5MgG5bjwMOk_SIaHfIykSg c5662e288.', '2026-11-21 20:07:01.786376+00');















INSERT INTO public.eventlog_outboxbatch VALUES
	('engine', 180, '\x9294ad6f72646572732e6576656e7473a431303031a5312d313830c501877b2274797065223a224f524445525f4143434550544544222c226163636f756e745f6964223a313030312c226163636f756e745f73657175656e6365223a31322c226f726465725f6964223a3137392c22636c69656e745f6f726465725f6964223a2273746f72792d313030312d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2276657273696f6e223a322c2265706f6368223a312c2273657175656e6365223a3138302c2261745f6e73223a313739353239313734353232373732373530352c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a2273746f72792d313030312d313031222c2273696465223a2253454c4c222c226f726465725f74797065223a224c494d4954222c2274696d655f696e5f666f726365223a22475443222c227175616e74697479223a22302e3135222c227072696365223a2236343231322e3236222c2268656c64223a22302e3135222c227465726d73223a6e756c6c7d94b16d61726b6574646174612e6c6576656c73a74254432d555344ad312d3138302d4254432d555344c48b7b2274797065223a224c4556454c53222c2273796d626f6c223a224254432d555344222c2265706f6368223a312c2273657175656e6365223a3138302c2261745f6e73223a313739353239313734353232373732373530352c226c6576656c73223a5b5b2253454c4c222c2236343231322e3236222c22302e3135225d5d2c2276657273696f6e223a317d', '2026-11-21 20:09:05.228687+00'),
	('engine', 186, '\x9594ad6f72646572732e6576656e7473a431303030a5312d313832c5018c7b2274797065223a224f524445525f4143434550544544222c226163636f756e745f6964223a313030302c226163636f756e745f73657175656e6365223a392c226f726465725f6964223a3138312c22636c69656e745f6f726465725f6964223a2273746f72792d313030302d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2276657273696f6e223a322c2265706f6368223a312c2273657175656e6365223a3138322c2261745f6e73223a313739353239313734353234323331303738302c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a2273746f72792d313030302d313031222c2273696465223a22425559222c226f726465725f74797065223a224c494d4954222c2274696d655f696e5f666f726365223a22475443222c227175616e74697479223a22302e3035222c227072696365223a2236343231322e3236222c2268656c64223a22333231332e383233363135222c227465726d73223a6e756c6c7d94ad6f72646572732e6576656e7473a431303030a5312d313835c501f87b2274797065223a224f524445525f46494c4c4544222c226163636f756e745f6964223a313030302c226163636f756e745f73657175656e6365223a31302c226f726465725f6964223a3138312c22636c69656e745f6f726465725f6964223a2273746f72792d313030302d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2276657273696f6e223a322c2265706f6368223a312c2273657175656e6365223a3138352c2261745f6e73223a313739353239313734353234323331303738302c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a2273746f72792d313030302d313031222c2274726164655f6964223a3138332c2273696465223a22425559222c226c69717569646974795f73696465223a2254414b4552222c227072696365223a2236343231322e3236222c227175616e74697479223a22302e3035222c22666565223a22332e323130363133222c22737461747573223a2246494c4c4544222c2266696c6c65645f7175616e74697479223a22302e3035222c226c65617665735f7175616e74697479223a2230222c2268656c64223a2230222c2271756f74655f736f75726365223a22222c2271756f74655f65706f6368223a302c2271756f74655f73657175656e6365223a307d94ad6f72646572732e6576656e7473a431303031a5312d313836c501fa7b2274797065223a224f524445525f46494c4c4544222c226163636f756e745f6964223a313030312c226163636f756e745f73657175656e6365223a31332c226f726465725f6964223a3137392c22636c69656e745f6f726465725f6964223a2273746f72792d313030312d313031222c22696e737472756d656e745f6964223a31382c2273796d626f6c223a224254432d555344222c2276657273696f6e223a322c2265706f6368223a312c2273657175656e6365223a3138362c2261745f6e73223a313739353239313734353234323331303738302c22636f7272656c6174696f6e5f6964223a22222c22636175736174696f6e5f6964223a22222c2274726164655f6964223a3138332c2273696465223a2253454c4c222c226c69717569646974795f73696465223a224d414b4552222c227072696365223a2236343231322e3236222c227175616e74697479223a22302e3035222c22666565223a22312e36303533303635222c22737461747573223a225041525449414c4c595f46494c4c4544222c2266696c6c65645f7175616e74697479223a22302e3035222c226c65617665735f7175616e74697479223a22302e31222c2268656c64223a22302e31222c2271756f74655f736f75726365223a22222c2271756f74655f65706f6368223a302c2271756f74655f73657175656e6365223a307d94b16d61726b6574646174612e747261646573a74254432d555344a5312d313833c47d7b2274797065223a22545241444553222c22736f75726365223a22424f4f4b222c2265706f6368223a312c227469636b73223a5b5b224254432d555344222c3138332c313739353239313734353234323331303738302c2236343231322e3236222c22302e3035222c22425559225d5d2c2276657273696f6e223a317d94b16d61726b6574646174612e6c6576656c73a74254432d555344ad312d3138362d4254432d555344c48a7b2274797065223a224c4556454c53222c2273796d626f6c223a224254432d555344222c2265706f6368223a312c2273657175656e6365223a3138362c2261745f6e73223a313739353239313734353234323331303738302c226c6576656c73223a5b5b2253454c4c222c2236343231322e3236222c22302e31225d5d2c2276657273696f6e223a317d', '2026-11-21 20:09:05.245383+00');






INSERT INTO public.eventlog_relaycursor VALUES
	('engine', 178, '2026-11-21 20:08:16.674406+00');



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
	(22, 'ADA-USD', 'Cardano', 'CRYPTO', 0.00010000, 1.00000000, 4, 0, 2000000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 20:07:26.75218+00', 23, 2, true, 1000, false, NULL, '24x7'),
	(1, 'ALDR', 'Alder Bank', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 20:07:26.366995+00', 1, 2, true, 1000, false, NULL, '24x7'),
	(13, 'AUD-USD', 'Australian dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 2, 'OPEN', '', '2026-11-21 20:07:26.646602+00', 14, 2, true, 1000, false, NULL, '24x7'),
	(2, 'BRNT', 'Brant Energy', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 20:07:26.424025+00', 3, 2, true, 1000, false, NULL, '24x7'),
	(16, 'CAD-USD', 'Canadian dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 2, 'OPEN', '', '2026-11-21 20:07:26.685232+00', 17, 2, true, 1000, false, NULL, '24x7'),
	(15, 'CHF-USD', 'Swiss franc / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 3, 'OPEN', '', '2026-11-21 20:07:26.666098+00', 16, 2, true, 1000, false, NULL, '24x7'),
	(3, 'CLRW', 'Clearwater Foods', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 20:07:26.455474+00', 4, 2, true, 1000, false, NULL, '24x7'),
	(23, 'DOGE-USD', 'Dogecoin', 'CRYPTO', 0.00001000, 1.00000000, 5, 0, 5000000.00000000, 2000000.00000000, 1000, 500, 1000, 3, 'OPEN', '', '2026-11-21 20:07:26.771037+00', 24, 2, true, 1000, false, NULL, '24x7'),
	(4, 'DVNE', 'Devine Motors', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 3, 'OPEN', '', '2026-11-21 20:07:26.474606+00', 5, 2, true, 1000, false, NULL, '24x7'),
	(11, 'EUR-USD', 'Euro / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 1, 'OPEN', '', '2026-11-21 20:07:26.621152+00', 12, 2, true, 1000, false, NULL, '24x7'),
	(5, 'FRNH', 'Fernhill Health', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 2, 'OPEN', '', '2026-11-21 20:07:26.491349+00', 6, 2, true, 1000, false, NULL, '24x7'),
	(12, 'GBP-USD', 'Pound sterling / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 2, 'OPEN', '', '2026-11-21 20:07:26.630811+00', 13, 2, true, 1000, false, NULL, '24x7'),
	(6, 'HLCN', 'Halcyon Software', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 4, 'OPEN', '', '2026-11-21 20:07:26.515453+00', 7, 2, true, 1000, false, NULL, '24x7'),
	(25, 'LINK-USD', 'Chainlink', 'CRYPTO', 0.00100000, 0.01000000, 3, 2, 100000.00000000, 2000000.00000000, 1000, 500, 1000, 3, 'OPEN', '', '2026-11-21 20:07:26.81894+00', 26, 2, true, 1000, false, NULL, '24x7'),
	(24, 'LTC-USD', 'Litecoin', 'CRYPTO', 0.01000000, 0.00100000, 2, 3, 20000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 20:07:26.796313+00', 25, 2, true, 1000, false, NULL, '24x7'),
	(7, 'LUMN', 'Lumen Grid', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 20:07:26.533326+00', 8, 2, true, 1000, false, NULL, '24x7'),
	(8, 'NRTH', 'Northgate Rail', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 1, 'OPEN', '', '2026-11-21 20:07:26.561086+00', 9, 2, true, 1000, false, NULL, '24x7'),
	(14, 'NZD-USD', 'New Zealand dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 3, 'OPEN', '', '2026-11-21 20:07:26.660293+00', 15, 2, true, 1000, false, NULL, '24x7'),
	(9, 'ORBT', 'Orbit Aerospace', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 3, 'OPEN', '', '2026-11-21 20:07:26.589099+00', 10, 2, true, 1000, false, NULL, '24x7'),
	(10, 'QRTZ', 'Quartz Semiconductor', 'STOCK', 0.01000000, 1.00000000, 2, 0, 100000.00000000, 2000000.00000000, 1000, 200, 500, 6, 'OPEN', '', '2026-11-21 20:07:26.609592+00', 11, 2, true, 1000, false, NULL, '24x7'),
	(17, 'SGD-USD', 'Singapore dollar / US dollar', 'FX', 0.00001000, 1000.00000000, 5, 0, 10000000.00000000, 10000000.00000000, 1000, 10, 30, 3, 'OPEN', '', '2026-11-21 20:07:26.690357+00', 18, 2, true, 1000, false, NULL, '24x7'),
	(20, 'SOL-USD', 'Solana', 'CRYPTO', 0.01000000, 0.01000000, 2, 2, 20000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 20:07:26.724312+00', 21, 2, true, 1000, false, NULL, '24x7'),
	(21, 'XRP-USD', 'XRP', 'CRYPTO', 0.00010000, 1.00000000, 4, 0, 2000000.00000000, 2000000.00000000, 1000, 500, 1000, 1, 'OPEN', '', '2026-11-21 20:07:26.735533+00', 22, 2, true, 1000, false, NULL, '24x7'),
	(18, 'BTC-USD', 'Bitcoin', 'CRYPTO', 0.01000000, 0.00010000, 2, 4, 50.00000000, 2000000.00000000, 1000, 500, 1000, 90, 'OPEN', '', '2026-11-21 20:07:26.700253+00', 19, 2, true, 1000, false, NULL, '24x7'),
	(19, 'ETH-USD', 'Ether', 'CRYPTO', 0.01000000, 0.00100000, 2, 3, 1000.00000000, 2000000.00000000, 1000, 500, 1000, 12, 'HALTED', 'the story', '2026-11-21 20:08:16.516837+00', 20, 2, true, 1000, false, NULL, '24x7');



INSERT INTO public.instruments_tradingsession VALUES
	(1, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 22),
	(2, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 22),
	(3, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 22),
	(4, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 22),
	(5, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 22),
	(6, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 22),
	(7, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 22),
	(8, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 22),
	(9, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 22),
	(10, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 22),
	(11, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 22),
	(12, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 22),
	(13, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 22),
	(14, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 22),
	(15, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 22),
	(16, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 1),
	(17, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 1),
	(18, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 1),
	(19, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 1),
	(20, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 1),
	(21, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 1),
	(22, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 1),
	(23, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 1),
	(24, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 1),
	(25, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 1),
	(26, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 1),
	(27, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 1),
	(28, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 1),
	(29, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 1),
	(30, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 1),
	(31, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 13),
	(32, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 13),
	(33, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 13),
	(34, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 13),
	(35, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 13),
	(36, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 13),
	(37, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 13),
	(38, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 13),
	(39, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 13),
	(40, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 13),
	(41, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 13),
	(42, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 13),
	(43, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 13),
	(44, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 13),
	(45, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 13),
	(46, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 2),
	(47, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 2),
	(48, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 2),
	(49, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 2),
	(50, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 2),
	(51, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 2),
	(52, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 2),
	(53, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 2),
	(54, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 2),
	(55, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 2),
	(56, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 2),
	(57, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 2),
	(58, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 2),
	(59, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 2),
	(60, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 2),
	(76, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 16),
	(77, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 16),
	(78, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 16),
	(79, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 16),
	(80, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 16),
	(81, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 16),
	(82, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 16),
	(83, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 16),
	(84, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 16),
	(85, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 16),
	(86, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 16),
	(87, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 16),
	(88, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 16),
	(89, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 16),
	(90, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 16),
	(91, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 15),
	(92, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 15),
	(93, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 15),
	(94, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 15),
	(95, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 15),
	(96, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 15),
	(97, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 15),
	(98, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 15),
	(99, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 15),
	(100, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 15),
	(101, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 15),
	(102, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 15),
	(103, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 15),
	(104, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 15),
	(105, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 15),
	(106, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 3),
	(107, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 3),
	(108, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 3),
	(109, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 3),
	(110, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 3),
	(111, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 3),
	(112, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 3),
	(113, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 3),
	(114, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 3),
	(115, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 3);
INSERT INTO public.instruments_tradingsession VALUES
	(116, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 3),
	(117, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 3),
	(118, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 3),
	(119, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 3),
	(120, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 3),
	(121, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 23),
	(122, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 23),
	(123, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 23),
	(124, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 23),
	(125, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 23),
	(126, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 23),
	(127, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 23),
	(128, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 23),
	(129, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 23),
	(130, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 23),
	(131, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 23),
	(132, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 23),
	(133, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 23),
	(134, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 23),
	(135, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 23),
	(136, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 4),
	(137, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 4),
	(138, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 4),
	(139, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 4),
	(140, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 4),
	(141, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 4),
	(142, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 4),
	(143, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 4),
	(144, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 4),
	(145, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 4),
	(146, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 4),
	(147, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 4),
	(148, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 4),
	(149, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 4),
	(150, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 4),
	(151, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 19),
	(152, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 19),
	(153, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 19),
	(154, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 19),
	(155, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 19),
	(156, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 19),
	(157, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 19),
	(158, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 19),
	(159, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 19),
	(160, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 19),
	(161, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 19),
	(162, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 19),
	(163, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 19),
	(164, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 19),
	(165, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 19),
	(166, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 11),
	(167, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 11),
	(168, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 11),
	(169, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 11),
	(170, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 11),
	(171, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 11),
	(172, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 11),
	(173, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 11),
	(174, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 11),
	(175, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 11),
	(176, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 11),
	(177, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 11),
	(178, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 11),
	(179, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 11),
	(180, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 11),
	(181, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 5),
	(182, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 5),
	(183, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 5),
	(184, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 5),
	(185, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 5),
	(186, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 5),
	(187, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 5),
	(188, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 5),
	(189, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 5),
	(190, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 5),
	(191, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 5),
	(192, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 5),
	(193, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 5),
	(194, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 5),
	(195, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 5),
	(196, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 12),
	(197, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 12),
	(198, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 12),
	(199, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 12),
	(200, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 12),
	(201, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 12),
	(202, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 12),
	(203, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 12),
	(204, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 12),
	(205, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 12),
	(206, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 12),
	(207, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 12),
	(208, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 12),
	(209, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 12),
	(210, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 12),
	(211, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 6),
	(212, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 6),
	(213, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 6),
	(214, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 6),
	(215, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 6);
INSERT INTO public.instruments_tradingsession VALUES
	(216, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 6),
	(217, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 6),
	(218, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 6),
	(219, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 6),
	(220, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 6),
	(221, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 6),
	(222, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 6),
	(223, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 6),
	(224, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 6),
	(225, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 6),
	(226, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 25),
	(227, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 25),
	(228, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 25),
	(229, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 25),
	(230, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 25),
	(231, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 25),
	(232, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 25),
	(233, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 25),
	(234, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 25),
	(235, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 25),
	(236, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 25),
	(237, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 25),
	(238, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 25),
	(239, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 25),
	(240, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 25),
	(241, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 24),
	(242, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 24),
	(243, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 24),
	(244, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 24),
	(245, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 24),
	(246, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 24),
	(247, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 24),
	(248, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 24),
	(249, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 24),
	(250, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 24),
	(251, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 24),
	(252, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 24),
	(253, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 24),
	(254, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 24),
	(255, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 24),
	(256, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 7),
	(257, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 7),
	(258, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 7),
	(259, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 7),
	(260, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 7),
	(261, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 7),
	(262, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 7),
	(263, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 7),
	(264, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 7),
	(265, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 7),
	(266, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 7),
	(267, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 7),
	(268, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 7),
	(269, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 7),
	(270, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 7),
	(271, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 8),
	(272, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 8),
	(273, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 8),
	(274, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 8),
	(275, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 8),
	(276, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 8),
	(277, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 8),
	(278, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 8),
	(279, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 8),
	(280, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 8),
	(281, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 8),
	(282, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 8),
	(283, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 8),
	(284, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 8),
	(285, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 8),
	(286, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 14),
	(287, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 14),
	(288, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 14),
	(289, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 14),
	(290, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 14),
	(291, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 14),
	(292, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 14),
	(293, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 14),
	(294, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 14),
	(295, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 14),
	(296, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 14),
	(297, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 14),
	(298, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 14),
	(299, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 14),
	(300, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 14),
	(301, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 9),
	(302, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 9),
	(303, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 9),
	(304, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 9),
	(305, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 9),
	(306, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 9),
	(307, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 9),
	(308, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 9),
	(309, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 9),
	(310, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 9),
	(311, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 9),
	(312, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 9),
	(313, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 9),
	(314, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 9),
	(315, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 9);
INSERT INTO public.instruments_tradingsession VALUES
	(316, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 10),
	(317, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 10),
	(318, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 10),
	(319, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 10),
	(320, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 10),
	(321, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 10),
	(322, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 10),
	(323, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 10),
	(324, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 10),
	(325, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 10),
	(326, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 10),
	(327, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 10),
	(328, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 10),
	(329, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 10),
	(330, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 10),
	(331, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 17),
	(332, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 17),
	(333, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 17),
	(334, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 17),
	(335, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 17),
	(336, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 17),
	(337, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 17),
	(338, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 17),
	(339, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 17),
	(340, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 17),
	(341, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 17),
	(342, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 17),
	(343, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 17),
	(344, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 17),
	(345, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 17),
	(346, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 20),
	(347, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 20),
	(348, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 20),
	(349, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 20),
	(350, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 20),
	(351, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 20),
	(352, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 20),
	(353, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 20),
	(354, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 20),
	(355, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 20),
	(356, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 20),
	(357, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 20),
	(358, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 20),
	(359, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 20),
	(360, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 20),
	(361, '2026-11-21 00:00:00+00', '2026-11-21 00:00:00+00', '2026-11-22 00:00:00+00', 21),
	(362, '2026-11-22 00:00:00+00', '2026-11-22 00:00:00+00', '2026-11-23 00:00:00+00', 21),
	(363, '2026-11-23 00:00:00+00', '2026-11-23 00:00:00+00', '2026-11-24 00:00:00+00', 21),
	(364, '2026-11-24 00:00:00+00', '2026-11-24 00:00:00+00', '2026-11-25 00:00:00+00', 21),
	(365, '2026-11-25 00:00:00+00', '2026-11-25 00:00:00+00', '2026-11-26 00:00:00+00', 21),
	(366, '2026-11-26 00:00:00+00', '2026-11-26 00:00:00+00', '2026-11-27 00:00:00+00', 21),
	(367, '2026-11-27 00:00:00+00', '2026-11-27 00:00:00+00', '2026-11-28 00:00:00+00', 21),
	(368, '2026-11-28 00:00:00+00', '2026-11-28 00:00:00+00', '2026-11-29 00:00:00+00', 21),
	(369, '2026-11-29 00:00:00+00', '2026-11-29 00:00:00+00', '2026-11-30 00:00:00+00', 21),
	(370, '2026-11-30 00:00:00+00', '2026-11-30 00:00:00+00', '2026-12-01 00:00:00+00', 21),
	(371, '2026-12-01 00:00:00+00', '2026-12-01 00:00:00+00', '2026-12-02 00:00:00+00', 21),
	(372, '2026-12-02 00:00:00+00', '2026-12-02 00:00:00+00', '2026-12-03 00:00:00+00', 21),
	(373, '2026-12-03 00:00:00+00', '2026-12-03 00:00:00+00', '2026-12-04 00:00:00+00', 21),
	(374, '2026-12-04 00:00:00+00', '2026-12-04 00:00:00+00', '2026-12-05 00:00:00+00', 21),
	(375, '2026-12-05 00:00:00+00', '2026-12-05 00:00:00+00', '2026-12-06 00:00:00+00', 21),
	(376, '2026-11-21 19:08:07.032919+00', '2026-11-21 19:08:07.032919+00', '2026-11-22 16:08:07.032919+00', 18);















INSERT INTO public.ledger_ledgeraccount VALUES
	(74, false, 125.43391270, 0.00000000, 2, 2),
	(54, false, 71050.51501688, 15274.41917500, 1000, 2),
	(83, false, 0.15000000, 0.10000000, 1001, 19),
	(73, false, 0.45000000, 0.00000000, 1000, 19),
	(58, false, 88158.32472122, 0.00000000, 1001, 2),
	(98, false, 20.00000000, 0.00000000, 1001, 1),
	(97, true, -20.00000000, 0.00000000, 1, 1),
	(121, false, 1.07000000, 0.33000000, 1003, 19),
	(72, true, -1.67000000, 0.00000000, 1, 19),
	(71, true, 108251.94918000, 0.00000000, 1, 2),
	(115, false, 31189.22716920, 3549.74540400, 1003, 2),
	(53, true, -598775.45000000, 0.00000000, 3, 2),
	(62, false, 100000.00000000, 0.00000000, 1002, 2),
	(160, false, 100000.00000000, 1794.16577400, 1005, 2),
	(156, false, 100000.00000000, 1794.16577400, 1004, 2);



INSERT INTO public.ledger_posting VALUES
	(0, 2, -100000.00000000, -100000.00000000, 53, 52),
	(1, 2, 100000.00000000, 100000.00000000, 54, 52),
	(0, 2, -100000.00000000, -200000.00000000, 53, 57),
	(1, 2, 100000.00000000, 100000.00000000, 58, 57),
	(0, 2, -100000.00000000, -300000.00000000, 53, 61),
	(1, 2, 100000.00000000, 100000.00000000, 62, 61),
	(0, 2, -19407.51424200, 80592.48575800, 54, 70),
	(1, 2, 19407.51424200, 19407.51424200, 71, 70),
	(2, 19, -0.30210000, -0.30210000, 72, 70),
	(3, 19, 0.30210000, 0.30210000, 73, 70),
	(4, 2, -19.40751425, 80573.07824375, 54, 70),
	(5, 2, 19.40751425, 19.40751425, 74, 70),
	(0, 2, -12713.67386800, 67859.40437575, 54, 77),
	(1, 2, 12713.67386800, 32121.18811000, 71, 77),
	(2, 19, -0.19790000, -0.50000000, 72, 77),
	(3, 19, 0.19790000, 0.50000000, 73, 77),
	(4, 2, -12.71367387, 67846.69070188, 54, 77),
	(5, 2, 12.71367387, 32.12118812, 74, 77),
	(0, 2, -11544.45272400, 88455.54727600, 58, 82),
	(1, 2, 11544.45272400, 43665.64083400, 71, 82),
	(2, 19, -0.17970000, -0.67970000, 72, 82),
	(3, 19, 0.17970000, 0.17970000, 83, 82),
	(4, 2, -11.54445273, 88444.00282327, 58, 82),
	(5, 2, 11.54445273, 43.66564085, 74, 82),
	(0, 2, -1304.14954600, 87139.85327727, 58, 86),
	(1, 2, 1304.14954600, 44969.79038000, 71, 86),
	(2, 19, -0.02030000, -0.70000000, 72, 86),
	(3, 19, 0.02030000, 0.20000000, 83, 86),
	(4, 2, -1.30414955, 87138.54912772, 58, 86),
	(5, 2, 1.30414955, 44.96979040, 74, 86),
	(0, 2, -6424.07200000, 38545.71838000, 71, 91),
	(1, 2, 6424.07200000, 74270.76270188, 54, 91),
	(2, 19, -0.10000000, 0.40000000, 73, 91),
	(3, 19, 0.10000000, -0.60000000, 72, 91),
	(4, 2, -6.42407200, 74264.33862988, 54, 91),
	(5, 2, 6.42407200, 51.39386240, 74, 91),
	(0, 2, -964.20000000, 86174.34912772, 58, 96),
	(1, 2, 964.20000000, 39509.91838000, 71, 96),
	(2, 1, -20.00000000, -20.00000000, 97, 96),
	(3, 1, 20.00000000, 20.00000000, 98, 96),
	(4, 2, -0.48210000, 86173.86702772, 58, 96),
	(5, 2, 0.48210000, 51.87596240, 74, 96),
	(0, 2, -1234.56000000, 84939.30702772, 58, 109),
	(1, 2, 1234.56000000, -298765.44000000, 53, 109),
	(0, 2, -10.01000000, -298775.45000000, 53, 111),
	(1, 2, 10.01000000, 84949.31702772, 58, 111),
	(0, 2, -100000.00000000, -398775.45000000, 53, 114),
	(1, 2, 100000.00000000, 100000.00000000, 115, 114),
	(0, 2, -39060.65600000, 60939.34400000, 115, 120),
	(1, 2, 39060.65600000, 78570.57438000, 71, 120),
	(2, 19, -0.60800000, -1.20800000, 72, 120),
	(3, 19, 0.60800000, 0.60800000, 121, 120),
	(4, 2, -39.06065600, 60900.28334400, 115, 120),
	(5, 2, 39.06065600, 90.93661840, 74, 120),
	(0, 2, -25184.19680000, 35716.08654400, 115, 124),
	(1, 2, 25184.19680000, 103754.77118000, 71, 124),
	(2, 19, -0.39200000, -1.60000000, 72, 124),
	(3, 19, 0.39200000, 1.00000000, 121, 124),
	(4, 2, -25.18419680, 35690.90234720, 115, 124),
	(5, 2, 25.18419680, 116.12081520, 74, 124),
	(0, 2, -4497.17800000, 31193.72434720, 115, 141),
	(1, 2, 4497.17800000, 108251.94918000, 71, 141),
	(2, 19, -0.07000000, -1.67000000, 72, 141),
	(3, 19, 0.07000000, 1.07000000, 121, 141),
	(4, 2, -4.49717800, 31189.22716920, 115, 141),
	(5, 2, 4.49717800, 120.61799320, 74, 141),
	(0, 2, -100000.00000000, -498775.45000000, 53, 155),
	(1, 2, 100000.00000000, 100000.00000000, 156, 155),
	(0, 2, -100000.00000000, -598775.45000000, 53, 159),
	(1, 2, 100000.00000000, 100000.00000000, 160, 159),
	(0, 2, -3210.61300000, 71053.72562988, 54, 184),
	(1, 2, 3210.61300000, 88159.93002772, 58, 184),
	(2, 19, -0.05000000, 0.15000000, 83, 184),
	(3, 19, 0.05000000, 0.45000000, 73, 184),
	(4, 2, -3.21061300, 71050.51501688, 54, 184),
	(5, 2, -1.60530650, 88158.32472122, 58, 184),
	(6, 2, 4.81591950, 125.43391270, 74, 184);






INSERT INTO public.ledger_transfer VALUES
	(52, 'DEPOSIT', NULL, 'paper-1000', 'Paper money to start with', '2026-11-21 20:07:46.385453+00'),
	(57, 'DEPOSIT', NULL, 'paper-1001', 'Paper money to start with', '2026-11-21 20:08:04.38209+00'),
	(61, 'DEPOSIT', NULL, 'paper-1002', 'Paper money to start with', '2026-11-21 20:08:06.94875+00'),
	(70, 'TRADE', 69, 'story-1000-1', '', '2026-11-21 20:08:07.127672+00'),
	(77, 'TRADE', 76, 'story-1000-1', '', '2026-11-21 20:08:07.127672+00'),
	(82, 'TRADE', 81, 'story-1001-1', '', '2026-11-21 20:08:07.194217+00'),
	(86, 'TRADE', 85, 'story-1001-1', '', '2026-11-21 20:08:07.194217+00'),
	(91, 'TRADE', 90, 'story-1000-2', '', '2026-11-21 20:08:07.228071+00'),
	(96, 'TRADE', 95, 'story-1001-2', '', '2026-11-21 20:08:07.261915+00'),
	(109, 'WITHDRAWAL', NULL, 'story-1001-5', 'Rent', '2026-11-21 20:08:07.543109+00'),
	(111, 'DEPOSIT', NULL, 'story-1001-6', 'Found in a coat', '2026-11-21 20:08:07.574697+00'),
	(114, 'DEPOSIT', NULL, 'paper-1003', 'Paper money to start with', '2026-11-21 20:08:09.914159+00'),
	(120, 'TRADE', 119, 'story-1003-1', '', '2026-11-21 20:08:09.959045+00'),
	(124, 'TRADE', 123, 'story-1003-1', '', '2026-11-21 20:08:09.959045+00'),
	(141, 'TRADE', 140, 'story-1003-7', '', '2026-11-21 20:08:10.21779+00'),
	(155, 'DEPOSIT', NULL, 'paper-1004', 'Paper money to start with', '2026-11-21 20:08:13.05161+00'),
	(159, 'DEPOSIT', NULL, 'paper-1005', 'Paper money to start with', '2026-11-21 20:08:16.060978+00'),
	(184, 'TRADE', 183, 'story-1000-101', '', '2026-11-21 20:09:05.24231+00');



INSERT INTO public.marketdata_bar VALUES
	(20, '1d', '2026-11-21 00:00:00+00', 149.81000000, 152.58000000, 145.45000000, 148.60000000, 1038952.51000000, 53670),
	(8, '1d', '2026-11-21 00:00:00+00', 92.42000000, 92.66000000, 91.92000000, 92.13000000, 1668147.00000000, 20366),
	(17, '1d', '2026-11-21 00:00:00+00', 0.74333000, 0.74439000, 0.74303000, 0.74308000, 1425157000.00000000, 19702),
	(6, '1d', '2026-11-21 00:00:00+00', 313.21000000, 314.87000000, 309.95000000, 312.64000000, 2173805.00000000, 52940),
	(6, '1h', '2026-11-21 20:00:00+00', 312.50000000, 312.65000000, 312.45000000, 312.64000000, 19619.00000000, 468),
	(6, '1m', '2026-11-21 20:08:00+00', 312.63000000, 312.65000000, 312.63000000, 312.64000000, 263.00000000, 4),
	(6, '5m', '2026-11-21 20:05:00+00', 312.55000000, 312.65000000, 312.52000000, 312.64000000, 6853.00000000, 163),
	(23, '1d', '2026-11-21 00:00:00+00', 0.16430000, 0.16548000, 0.15635000, 0.15847000, 341464715.00000000, 34072),
	(5, '1d', '2026-11-21 00:00:00+00', 123.40000000, 125.37000000, 122.90000000, 124.76000000, 1753922.00000000, 27173),
	(5, '1h', '2026-11-21 20:00:00+00', 124.67000000, 124.78000000, 124.59000000, 124.76000000, 32236.00000000, 455),
	(5, '1m', '2026-11-21 20:08:00+00', 124.76000000, 124.76000000, 124.76000000, 124.76000000, 278.00000000, 2),
	(5, '1s', '2026-11-21 20:08:20+00', 124.76000000, 124.76000000, 124.76000000, 124.76000000, 60.00000000, 1),
	(5, '5m', '2026-11-21 20:05:00+00', 124.71000000, 124.78000000, 124.71000000, 124.76000000, 11465.00000000, 155),
	(7, '1d', '2026-11-21 00:00:00+00', 56.89000000, 58.48000000, 56.54000000, 57.90000000, 3224865.00000000, 27155),
	(22, '1d', '2026-11-21 00:00:00+00', 0.44590000, 0.45490000, 0.43340000, 0.45120000, 84795840.00000000, 26768),
	(18, '1d', '2026-11-21 00:00:00+00', 65252.21000000, 65778.70000000, 64207.49000000, 64207.49000000, 12459.31710000, 78744),
	(2, '1d', '2026-11-21 00:00:00+00', 70.91000000, 71.52000000, 70.77000000, 71.35000000, 3504147.00000000, 33108),
	(2, '1h', '2026-11-21 20:00:00+00', 71.30000000, 71.36000000, 71.29000000, 71.35000000, 46940.00000000, 452),
	(2, '1m', '2026-11-21 20:08:00+00', 71.36000000, 71.36000000, 71.35000000, 71.35000000, 165.00000000, 3),
	(2, '1s', '2026-11-21 20:08:23+00', 71.35000000, 71.35000000, 71.35000000, 71.35000000, 21.00000000, 1),
	(2, '5m', '2026-11-21 20:05:00+00', 71.33000000, 71.36000000, 71.31000000, 71.35000000, 16017.00000000, 152),
	(1, '1d', '2026-11-21 00:00:00+00', 48.74000000, 48.80000000, 47.81000000, 48.22000000, 4025769.00000000, 26349),
	(1, '1h', '2026-11-21 20:00:00+00', 48.19000000, 48.22000000, 48.14000000, 48.22000000, 68649.00000000, 453),
	(1, '1m', '2026-11-21 20:08:00+00', 48.20000000, 48.22000000, 48.20000000, 48.22000000, 349.00000000, 5),
	(1, '1s', '2026-11-21 20:08:24+00', 48.22000000, 48.22000000, 48.22000000, 48.22000000, 113.00000000, 1),
	(1, '5m', '2026-11-21 20:05:00+00', 48.17000000, 48.22000000, 48.17000000, 48.22000000, 22484.00000000, 153),
	(10, '1d', '2026-11-21 00:00:00+00', 457.16000000, 459.27000000, 437.84000000, 441.14000000, 2529090.00000000, 66732),
	(4, '1d', '2026-11-21 00:00:00+00', 189.52000000, 193.64000000, 185.84000000, 186.31000000, 3653324.00000000, 59850),
	(4, '1h', '2026-11-21 20:00:00+00', 186.39000000, 186.41000000, 185.89000000, 186.31000000, 28504.00000000, 480),
	(4, '1m', '2026-11-21 20:08:00+00', 186.37000000, 186.37000000, 186.29000000, 186.31000000, 360.00000000, 5),
	(4, '1s', '2026-11-21 20:08:26+00', 186.31000000, 186.31000000, 186.31000000, 186.31000000, 88.00000000, 2),
	(4, '5m', '2026-11-21 20:05:00+00', 186.10000000, 186.41000000, 186.09000000, 186.31000000, 9513.00000000, 168),
	(16, '1d', '2026-11-21 00:00:00+00', 0.73310000, 0.73327000, 0.73174000, 0.73251000, 3240816000.00000000, 32478),
	(15, '1d', '2026-11-21 00:00:00+00', 1.13726000, 1.13765000, 1.12758000, 1.12942000, 2826395000.00000000, 32058),
	(3, '1d', '2026-11-21 00:00:00+00', 34.06000000, 34.12000000, 33.73000000, 33.79000000, 4039008.00000000, 20135),
	(3, '1h', '2026-11-21 20:00:00+00', 33.80000000, 33.81000000, 33.79000000, 33.79000000, 91694.00000000, 455),
	(3, '1m', '2026-11-21 20:08:00+00', 33.80000000, 33.80000000, 33.79000000, 33.79000000, 374.00000000, 4),
	(3, '1s', '2026-11-21 20:08:29+00', 33.79000000, 33.79000000, 33.79000000, 33.79000000, 25.00000000, 1),
	(3, '5m', '2026-11-21 20:05:00+00', 33.80000000, 33.80000000, 33.79000000, 33.79000000, 31086.00000000, 155),
	(14, '1d', '2026-11-21 00:00:00+00', 0.59964000, 0.60206000, 0.59658000, 0.60103000, 1738189000.00000000, 26366),
	(19, '1d', '2026-11-21 00:00:00+00', 3181.80000000, 3222.45000000, 3149.27000000, 3179.55000000, 100255.29700000, 64140),
	(24, '1d', '2026-11-21 00:00:00+00', 85.94000000, 87.13000000, 79.42000000, 82.38000000, 50935.46300000, 20297),
	(25, '1d', '2026-11-21 00:00:00+00', 14.30700000, 15.25200000, 14.27600000, 14.84200000, 966360.47000000, 26615),
	(9, '1d', '2026-11-21 00:00:00+00', 232.61000000, 233.05000000, 226.28000000, 228.53000000, 1581402.00000000, 32329),
	(13, '1d', '2026-11-21 00:00:00+00', 0.65469000, 0.65751000, 0.65128000, 0.65424000, 4253111000.00000000, 41127),
	(6, '1s', '2026-11-21 20:08:35+00', 312.64000000, 312.64000000, 312.64000000, 312.64000000, 128.00000000, 1),
	(21, '1d', '2026-11-21 00:00:00+00', 0.61700000, 0.61720000, 0.57930000, 0.58380000, 111641811.00000000, 31460),
	(12, '1d', '2026-11-21 00:00:00+00', 1.26384000, 1.26939000, 1.26271000, 1.26853000, 6334660000.00000000, 53063),
	(11, '1d', '2026-11-21 00:00:00+00', 1.08407000, 1.08722000, 1.08197000, 1.08417000, 10207533000.00000000, 64155);



INSERT INTO public.marketdata_latestprice VALUES
	(1, 'sim', 1795291681771198665, 46, 48.19000000, 48.22000000, 623.00000000, 1565.00000000, '2026-11-21 20:08:36.956763+00', 48.22000000, '2026-11-21 20:08:24.71019+00'),
	(2, 'sim', 1795291681771198665, 58, 71.35000000, 71.36000000, 426.00000000, 209.00000000, '2026-11-21 20:08:37.457224+00', 71.35000000, '2026-11-21 20:08:23.953968+00'),
	(3, 'sim', 1795291681771198665, 46, 33.79000000, 33.81000000, 767.00000000, 364.00000000, '2026-11-21 20:08:37.307691+00', 33.79000000, '2026-11-21 20:08:29.309506+00'),
	(4, 'sim', 1795291681771198665, 60, 186.31000000, 186.35000000, 406.00000000, 352.00000000, '2026-11-21 20:08:37.056138+00', 186.31000000, '2026-11-21 20:08:26.606197+00'),
	(5, 'sim', 1795291681771198665, 47, 124.73000000, 124.76000000, 979.00000000, 385.00000000, '2026-11-21 20:08:36.956763+00', 124.76000000, '2026-11-21 20:08:20.213477+00'),
	(6, 'sim', 1795291681771198665, 61, 312.60000000, 312.64000000, 95.00000000, 80.00000000, '2026-11-21 20:08:37.35498+00', 312.64000000, '2026-11-21 20:08:35.37941+00'),
	(7, 'sim', 1795291681771198665, 48, 57.89000000, 57.92000000, 805.00000000, 616.00000000, '2026-11-21 20:08:37.107019+00', 57.90000000, '2026-11-21 20:08:22.607703+00'),
	(8, 'sim', 1795291681771198665, 47, 92.12000000, 92.15000000, 221.00000000, 473.00000000, '2026-11-21 20:08:36.807432+00', 92.13000000, '2026-11-21 20:08:09.75482+00'),
	(9, 'sim', 1795291681771198665, 58, 228.51000000, 228.55000000, 154.00000000, 99.00000000, '2026-11-21 20:08:36.956763+00', 228.53000000, '2026-11-21 20:08:33.652013+00'),
	(10, 'sim', 1795291681771198665, 64, 440.83000000, 440.95000000, 250.00000000, 819.00000000, '2026-11-21 20:08:37.211693+00', 441.14000000, '2026-11-21 20:08:26.405784+00'),
	(11, 'sim', 1795291681771198665, 66, 1.08417000, 1.08420000, 752000.00000000, 1073000.00000000, '2026-11-21 20:08:37.211693+00', 1.08417000, '2026-11-21 20:08:37.35498+00'),
	(12, 'sim', 1795291681771198665, 58, 1.26851000, 1.26859000, 889000.00000000, 520000.00000000, '2026-11-21 20:08:37.410192+00', 1.26853000, '2026-11-21 20:08:36.610607+00'),
	(13, 'sim', 1795291681771198665, 57, 0.65421000, 0.65427000, 783000.00000000, 2984000.00000000, '2026-11-21 20:08:37.211693+00', 0.65424000, '2026-11-21 20:08:34.810633+00'),
	(14, 'sim', 1795291681771198665, 45, 0.60103000, 0.60112000, 400000.00000000, 496000.00000000, '2026-11-21 20:08:37.457224+00', 0.60103000, '2026-11-21 20:08:30.510946+00'),
	(15, 'sim', 1795291681771198665, 51, 1.12942000, 1.12949000, 212000.00000000, 498000.00000000, '2026-11-21 20:08:37.211693+00', 1.12942000, '2026-11-21 20:08:37.508187+00'),
	(16, 'sim', 1795291681771198665, 48, 0.73249000, 0.73259000, 618000.00000000, 328000.00000000, '2026-11-21 20:08:37.211693+00', 0.73251000, '2026-11-21 20:08:26.812989+00'),
	(17, 'sim', 1795291681771198665, 43, 0.74311000, 0.74315000, 223000.00000000, 194000.00000000, '2026-11-21 20:08:37.003545+00', 0.74308000, '2026-11-21 20:08:14.226175+00'),
	(18, 'sim', 1795291681771198665, 67, 64207.49000000, 64212.27000000, 0.47440000, 0.81720000, '2026-11-21 20:08:36.807432+00', 64207.49000000, '2026-11-21 20:08:37.107019+00'),
	(19, 'sim', 1795291681771198665, 60, 3179.93000000, 3180.18000000, 6.62300000, 34.38200000, '2026-11-21 20:08:37.457224+00', 3179.55000000, '2026-11-21 20:08:32.30916+00'),
	(20, 'sim', 1795291681771198665, 55, 148.68000000, 148.70000000, 50.59000000, 87.43000000, '2026-11-21 20:08:36.906507+00', 148.60000000, '2026-11-21 20:07:38.390258+00'),
	(21, 'sim', 1795291681771198665, 54, 0.58360000, 0.58390000, 16659.00000000, 29686.00000000, '2026-11-21 20:08:37.158511+00', 0.58380000, '2026-11-21 20:08:36.212355+00'),
	(22, 'sim', 1795291681771198665, 51, 0.45130000, 0.45150000, 7636.00000000, 29122.00000000, '2026-11-21 20:08:37.211693+00', 0.45120000, '2026-11-21 20:08:23.466672+00'),
	(23, 'sim', 1795291681771198665, 52, 0.15837000, 0.15842000, 37583.00000000, 38426.00000000, '2026-11-21 20:08:37.262106+00', 0.15847000, '2026-11-21 20:08:18.479412+00'),
	(24, 'sim', 1795291681771198665, 46, 82.39000000, 82.41000000, 25.76400000, 20.28800000, '2026-11-21 20:08:36.705171+00', 82.38000000, '2026-11-21 20:08:32.35828+00'),
	(25, 'sim', 1795291681771198665, 48, 14.82700000, 14.83600000, 82.36000000, 77.65000000, '2026-11-21 20:08:37.107019+00', 14.84200000, '2026-11-21 20:08:32.502104+00');













































INSERT INTO public.marketdata_quoteframe_before VALUES
	(2, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 58, 71.35000000, 71.36000000, 426.00000000, 209.00000000),
	(3, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 46, 33.79000000, 33.81000000, 767.00000000, 364.00000000),
	(4, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 60, 186.31000000, 186.35000000, 406.00000000, 352.00000000),
	(6, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 61, 312.60000000, 312.64000000, 95.00000000, 80.00000000),
	(7, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 48, 57.89000000, 57.92000000, 805.00000000, 616.00000000),
	(10, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 64, 440.83000000, 440.95000000, 250.00000000, 819.00000000),
	(11, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 66, 1.08417000, 1.08420000, 752000.00000000, 1073000.00000000),
	(12, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 58, 1.26851000, 1.26859000, 889000.00000000, 520000.00000000),
	(13, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 57, 0.65421000, 0.65427000, 783000.00000000, 2984000.00000000),
	(14, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 45, 0.60103000, 0.60112000, 400000.00000000, 496000.00000000),
	(15, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 51, 1.12942000, 1.12949000, 212000.00000000, 498000.00000000),
	(16, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 48, 0.73249000, 0.73259000, 618000.00000000, 328000.00000000),
	(17, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 43, 0.74311000, 0.74315000, 223000.00000000, 194000.00000000),
	(19, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 60, 3179.93000000, 3180.18000000, 6.62300000, 34.38200000),
	(21, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 54, 0.58360000, 0.58390000, 16659.00000000, 29686.00000000),
	(22, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 51, 0.45130000, 0.45150000, 7636.00000000, 29122.00000000),
	(23, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 52, 0.15837000, 0.15842000, 37583.00000000, 38426.00000000),
	(25, '2026-11-21 20:08:37+00', 'sim', 1795291681771198665, 48, 14.82700000, 14.83600000, 82.36000000, 77.65000000);









INSERT INTO public.orders_accountevent VALUES
	(51, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1000,"account_sequence":1,"version":1,"epoch":1,"sequence":51,"at_ns":1795291666350079520,"correlation_id":"","causation_id":"open-1000"}', '2026-11-21 20:07:46.350079+00', 1000),
	(55, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1000,"account_sequence":2,"transfer_id":52,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":55,"at_ns":1795291666385453415,"correlation_id":"","causation_id":"paper-1000"}', '2026-11-21 20:07:46.385453+00', 1000),
	(56, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1001,"account_sequence":1,"version":1,"epoch":1,"sequence":56,"at_ns":1795291684329541907,"correlation_id":"","causation_id":"open-1001"}', '2026-11-21 20:08:04.329541+00', 1001),
	(59, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1001,"account_sequence":2,"transfer_id":57,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":59,"at_ns":1795291684382090522,"correlation_id":"","causation_id":"paper-1001"}', '2026-11-21 20:08:04.38209+00', 1001),
	(60, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1002,"account_sequence":1,"version":1,"epoch":1,"sequence":60,"at_ns":1795291686914454681,"correlation_id":"","causation_id":"open-1002"}', '2026-11-21 20:08:06.914454+00', 1002),
	(63, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1002,"account_sequence":2,"transfer_id":61,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":63,"at_ns":1795291686948750456,"correlation_id":"","causation_id":"paper-1002"}', '2026-11-21 20:08:06.94875+00', 1002),
	(68, 3, 1, 67, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":3,"order_id":67,"client_order_id":"story-1000-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":68,"at_ns":1795291687127672121,"correlation_id":"","causation_id":"story-1000-1","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"0.5","price":null,"held":"35368.08275","terms":null}', '2026-11-21 20:08:07.127672+00', 1000),
	(75, 4, 1, 67, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":4,"order_id":67,"client_order_id":"story-1000-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":75,"at_ns":1795291687127672121,"correlation_id":"","causation_id":"story-1000-1","trade_id":69,"side":"BUY","liquidity_side":"TAKER","price":"64242.02","quantity":"0.3021","fee":"19.40751425","status":"PARTIALLY_FILLED","filled_quantity":"0.3021","leaves_quantity":"0.1979","held":"13998.68715245","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":13}', '2026-11-21 20:08:07.127672+00', 1000),
	(78, 5, 1, 67, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":5,"order_id":67,"client_order_id":"story-1000-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":78,"at_ns":1795291687127672121,"correlation_id":"","causation_id":"story-1000-1","trade_id":76,"side":"BUY","liquidity_side":"TAKER","price":"64242.92","quantity":"0.1979","fee":"12.71367387","status":"FILLED","filled_quantity":"0.5","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":13}', '2026-11-21 20:08:07.127672+00', 1000),
	(80, 3, 1, 79, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":3,"order_id":79,"client_order_id":"story-1001-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":80,"at_ns":1795291687194217247,"correlation_id":"","causation_id":"story-1001-1","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"0.2","price":null,"held":"14147.2331","terms":null}', '2026-11-21 20:08:07.194217+00', 1001),
	(84, 4, 1, 79, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":4,"order_id":79,"client_order_id":"story-1001-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":84,"at_ns":1795291687194217247,"correlation_id":"","causation_id":"story-1001-1","trade_id":81,"side":"BUY","liquidity_side":"TAKER","price":"64242.92","quantity":"0.1797","fee":"11.54445273","status":"PARTIALLY_FILLED","filled_quantity":"0.1797","leaves_quantity":"0.0203","held":"1435.94415965","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":13}', '2026-11-21 20:08:07.194217+00', 1001),
	(87, 5, 1, 79, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":5,"order_id":79,"client_order_id":"story-1001-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":87,"at_ns":1795291687194217247,"correlation_id":"","causation_id":"story-1001-1","trade_id":85,"side":"BUY","liquidity_side":"TAKER","price":"64243.82","quantity":"0.0203","fee":"1.30414955","status":"FILLED","filled_quantity":"0.2","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":13}', '2026-11-21 20:08:07.194217+00', 1001),
	(89, 6, 1, 88, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":6,"order_id":88,"client_order_id":"story-1000-2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":89,"at_ns":1795291687228071656,"correlation_id":"","causation_id":"story-1000-2","side":"SELL","order_type":"MARKET","time_in_force":"IOC","quantity":"0.1","price":null,"held":"0.1","terms":null}', '2026-11-21 20:08:07.228071+00', 1000),
	(92, 7, 1, 88, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":7,"order_id":88,"client_order_id":"story-1000-2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":92,"at_ns":1795291687228071656,"correlation_id":"","causation_id":"story-1000-2","trade_id":90,"side":"SELL","liquidity_side":"TAKER","price":"64240.72","quantity":"0.1","fee":"6.424072","status":"FILLED","filled_quantity":"0.1","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":13}', '2026-11-21 20:08:07.228071+00', 1000),
	(94, 6, 1, 93, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":6,"order_id":93,"client_order_id":"story-1001-2","instrument_id":1,"symbol":"ALDR","version":2,"epoch":1,"sequence":94,"at_ns":1795291687261915098,"correlation_id":"","causation_id":"story-1001-2","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"20","price":null,"held":"1060.9302","terms":null}', '2026-11-21 20:08:07.261915+00', 1001),
	(99, 7, 1, 93, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":7,"order_id":93,"client_order_id":"story-1001-2","instrument_id":1,"symbol":"ALDR","version":2,"epoch":1,"sequence":99,"at_ns":1795291687261915098,"correlation_id":"","causation_id":"story-1001-2","trade_id":95,"side":"BUY","liquidity_side":"TAKER","price":"48.21","quantity":"20","fee":"0.4821","status":"FILLED","filled_quantity":"20","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":6}', '2026-11-21 20:08:07.261915+00', 1001),
	(101, 8, 1, 100, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":8,"order_id":100,"client_order_id":"story-1000-3","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":101,"at_ns":1795291687318084615,"correlation_id":"","causation_id":"story-1000-3","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.25","price":"61036.64","held":"15274.419175","terms":null}', '2026-11-21 20:08:07.318084+00', 1000),
	(103, 8, 1, 102, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":8,"order_id":102,"client_order_id":"story-1001-3","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":103,"at_ns":1795291687366634573,"correlation_id":"","causation_id":"story-1001-3","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.1","price":"60394.15","held":"6045.45442","terms":null}', '2026-11-21 20:08:07.366634+00', 1001),
	(104, 9, 1, 102, 'ORDER_CANCELED', '{"type":"ORDER_CANCELED","account_id":1001,"account_sequence":9,"order_id":102,"client_order_id":"story-1001-3","instrument_id":18,"symbol":"BTC-USD","reason":"CANCELED_BY_CUSTOMER","filled_quantity":"0","released":"6045.45442","version":1,"epoch":1,"sequence":104,"at_ns":1795291687395323487,"correlation_id":"","causation_id":"story-1001-4"}', '2026-11-21 20:08:07.395323+00', 1001),
	(106, 3, 1, 105, 'ORDER_REJECTED', '{"type":"ORDER_REJECTED","account_id":1002,"account_sequence":3,"order_id":105,"client_order_id":"story-1002-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":106,"at_ns":1795291687462616588,"correlation_id":"","causation_id":"story-1002-1","side":"BUY","order_type":"LIMIT","time_in_force":"FOK","quantity":"0.01","price":"61679.14","reason":"FOK_NOT_FILLABLE","terms":null}', '2026-11-21 20:08:07.462616+00', 1002),
	(108, 4, 1, 107, 'ORDER_DENIED', '{"type":"ORDER_DENIED","account_id":1002,"account_sequence":4,"order_id":107,"client_order_id":"story-1002-2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":108,"at_ns":1795291687538198184,"correlation_id":"","causation_id":"story-1002-2","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"90","price":"63606.61","reason":"MAX_QUANTITY","terms":null}', '2026-11-21 20:08:07.538198+00', 1002),
	(110, 10, 1, NULL, 'FUNDS_WITHDRAWN', '{"type":"FUNDS_WITHDRAWN","account_id":1001,"account_sequence":10,"transfer_id":109,"asset":"USD","amount":"1234.56","version":1,"epoch":1,"sequence":110,"at_ns":1795291687543109328,"correlation_id":"","causation_id":"story-1001-5"}', '2026-11-21 20:08:07.543109+00', 1001),
	(112, 11, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1001,"account_sequence":11,"transfer_id":111,"asset":"USD","amount":"10.01","version":1,"epoch":1,"sequence":112,"at_ns":1795291687574697740,"correlation_id":"","causation_id":"story-1001-6"}', '2026-11-21 20:08:07.574697+00', 1001),
	(113, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1003,"account_sequence":1,"version":1,"epoch":1,"sequence":113,"at_ns":1795291689871169486,"correlation_id":"","causation_id":"open-1003"}', '2026-11-21 20:08:09.871169+00', 1003),
	(116, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1003,"account_sequence":2,"transfer_id":114,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":116,"at_ns":1795291689914159443,"correlation_id":"","causation_id":"paper-1003"}', '2026-11-21 20:08:09.914159+00', 1003),
	(118, 3, 1, 117, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":3,"order_id":117,"client_order_id":"story-1003-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":118,"at_ns":1795291689959045139,"correlation_id":"","causation_id":"story-1003-1","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"1","price":null,"held":"70738.648","terms":null}', '2026-11-21 20:08:09.959045+00', 1003),
	(122, 4, 1, 117, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1003,"account_sequence":4,"order_id":117,"client_order_id":"story-1003-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":122,"at_ns":1795291689959045139,"correlation_id":"","causation_id":"story-1003-1","trade_id":119,"side":"BUY","liquidity_side":"TAKER","price":"64244.5","quantity":"0.608","fee":"39.060656","status":"PARTIALLY_FILLED","filled_quantity":"0.608","leaves_quantity":"0.392","held":"27729.550016","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":18}', '2026-11-21 20:08:09.959045+00', 1003),
	(125, 5, 1, 117, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1003,"account_sequence":5,"order_id":117,"client_order_id":"story-1003-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":125,"at_ns":1795291689959045139,"correlation_id":"","causation_id":"story-1003-1","trade_id":123,"side":"BUY","liquidity_side":"TAKER","price":"64245.4","quantity":"0.392","fee":"25.1841968","status":"FILLED","filled_quantity":"1","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":18}', '2026-11-21 20:08:09.959045+00', 1003),
	(127, 6, 1, 126, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":6,"order_id":126,"client_order_id":"story-1003-2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":127,"at_ns":1795291690047312794,"correlation_id":"","causation_id":"story-1003-2","side":"SELL","order_type":"STOP","time_in_force":"GTC","quantity":"0.05","price":null,"held":"0.05","terms":{"trigger_price":"32121.37"}}', '2026-11-21 20:08:10.047312+00', 1003),
	(129, 7, 1, 128, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":7,"order_id":128,"client_order_id":"story-1003-3","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":129,"at_ns":1795291690081598699,"correlation_id":"","causation_id":"story-1003-3","side":"SELL","order_type":"STOP_LIMIT","time_in_force":"GTC","quantity":"0.05","price":"31478.94","held":"0.05","terms":{"trigger_price":"32121.37"}}', '2026-11-21 20:08:10.081598+00', 1003),
	(131, 8, 1, 130, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":8,"order_id":130,"client_order_id":"story-1003-4","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":131,"at_ns":1795291690105580734,"correlation_id":"","causation_id":"story-1003-4","side":"SELL","order_type":"TRAILING_STOP","time_in_force":"GTC","quantity":"0.05","price":null,"held":"0.05","terms":{"trigger_price":"32121.81","trail_bps":5000}}', '2026-11-21 20:08:10.10558+00', 1003),
	(133, 9, 1, 132, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":9,"order_id":132,"client_order_id":"story-1003-5","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":133,"at_ns":1795291690154536559,"correlation_id":"","causation_id":"story-1003-5","side":"SELL","order_type":"TAKE_PROFIT","time_in_force":"GTC","quantity":"0.05","price":null,"held":"0.05","terms":{"trigger_price":"128485.48"}}', '2026-11-21 20:08:10.154536+00', 1003),
	(136, 10, 1, 134, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":10,"order_id":134,"client_order_id":"134.1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":136,"at_ns":1795291690186255270,"correlation_id":"","causation_id":"story-1003-6","side":"SELL","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.06","price":"67454.88","held":"0.06","terms":{"link_id":134}}', '2026-11-21 20:08:10.186255+00', 1003),
	(137, 11, 1, 135, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":11,"order_id":135,"client_order_id":"134.2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":137,"at_ns":1795291690186255270,"correlation_id":"","causation_id":"story-1003-6","side":"SELL","order_type":"STOP","time_in_force":"GTC","quantity":"0.06","price":null,"held":"0.06","terms":{"trigger_price":"32121.37","link_id":134}}', '2026-11-21 20:08:10.186255+00', 1003),
	(139, 12, 1, 138, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":12,"order_id":138,"client_order_id":"story-1003-7","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":139,"at_ns":1795291690217790541,"correlation_id":"","causation_id":"story-1003-7","side":"BUY","order_type":"MARKET","time_in_force":"IOC","quantity":"0.07","price":null,"held":"4951.70536","terms":{"target":{"order_type":"LIMIT","price":"67454.88"},"stop":{"order_type":"STOP","trigger_price":"32121.37"}}}', '2026-11-21 20:08:10.21779+00', 1003),
	(142, 13, 1, 138, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1003,"account_sequence":13,"order_id":138,"client_order_id":"story-1003-7","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":142,"at_ns":1795291690217790541,"correlation_id":"","causation_id":"story-1003-7","trade_id":140,"side":"BUY","liquidity_side":"TAKER","price":"64245.4","quantity":"0.07","fee":"4.497178","status":"FILLED","filled_quantity":"0.07","leaves_quantity":"0","held":"0","quote_source":"sim","quote_epoch":1795291681771198665,"quote_sequence":18}', '2026-11-21 20:08:10.21779+00', 1003),
	(144, 14, 1, 143, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":14,"order_id":143,"client_order_id":"143.1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":144,"at_ns":1795291690217790541,"correlation_id":"","causation_id":"","side":"SELL","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.07","price":"67454.88","held":"0.07","terms":{"link_id":143,"parent_id":138}}', '2026-11-21 20:08:10.21779+00', 1003),
	(146, 15, 1, 145, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":15,"order_id":145,"client_order_id":"143.2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":146,"at_ns":1795291690217790541,"correlation_id":"","causation_id":"","side":"SELL","order_type":"STOP","time_in_force":"GTC","quantity":"0.07","price":null,"held":"0.07","terms":{"trigger_price":"32121.37","link_id":143,"parent_id":138}}', '2026-11-21 20:08:10.21779+00', 1003),
	(148, 16, 1, 147, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1003,"account_sequence":16,"order_id":147,"client_order_id":"story-1003-8","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":148,"at_ns":1795291690276386841,"correlation_id":"","causation_id":"story-1003-8","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.08","price":"59745.75","held":"4784.439664","terms":{"post_only":true}}', '2026-11-21 20:08:10.276386+00', 1003),
	(149, 17, 1, 147, 'ORDER_AMENDED', '{"type":"ORDER_AMENDED","account_id":1003,"account_sequence":17,"order_id":147,"client_order_id":"story-1003-8","instrument_id":18,"symbol":"BTC-USD","reason":"","quantity":"0.06","price":"59745.75","trigger_price":null,"filled_quantity":"0","leaves_quantity":"0.06","held":"3588.329748","status":"ACCEPTED","kept_priority":true,"version":1,"epoch":1,"sequence":149,"at_ns":1795291690308280523,"correlation_id":"","causation_id":"story-1003-9"}', '2026-11-21 20:08:10.30828+00', 1003),
	(151, 18, 1, 147, 'ORDER_AMENDED', '{"type":"ORDER_AMENDED","account_id":1003,"account_sequence":18,"order_id":147,"client_order_id":"story-1003-8","instrument_id":18,"symbol":"BTC-USD","reason":"","quantity":"0.06","price":"59103.32","trigger_price":null,"filled_quantity":"0","leaves_quantity":"0.06","held":"3549.745404","status":"ACCEPTED","kept_priority":false,"version":1,"epoch":1,"sequence":151,"at_ns":1795291690363893510,"correlation_id":"","causation_id":"story-1003-10"}', '2026-11-21 20:08:10.363893+00', 1003),
	(152, 19, 1, NULL, 'SELF_TRADE_PREVENTION_SET', '{"type":"SELF_TRADE_PREVENTION_SET","account_id":1003,"account_sequence":19,"mode":"DECREMENT","version":1,"epoch":1,"sequence":152,"at_ns":1795291690399147972,"correlation_id":"","causation_id":"story-1003-11"}', '2026-11-21 20:08:10.399147+00', 1003),
	(153, 20, 1, NULL, 'ACCOUNT_LIMITS_SET', '{"type":"ACCOUNT_LIMITS_SET","account_id":1003,"account_sequence":20,"max_open_orders":40,"max_order_notional":"250000","reason":"the story","version":1,"epoch":1,"sequence":153,"at_ns":1795291690424777090,"correlation_id":"","causation_id":"story-SetAccountLimits-1"}', '2026-11-21 20:08:10.424777+00', 1003),
	(154, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1004,"account_sequence":1,"version":1,"epoch":1,"sequence":154,"at_ns":1795291693014519241,"correlation_id":"","causation_id":"open-1004"}', '2026-11-21 20:08:13.014519+00', 1004),
	(157, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1004,"account_sequence":2,"transfer_id":155,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":157,"at_ns":1795291693051610325,"correlation_id":"","causation_id":"paper-1004"}', '2026-11-21 20:08:13.05161+00', 1004),
	(158, 1, 1, NULL, 'ACCOUNT_OPENED', '{"type":"ACCOUNT_OPENED","account_id":1005,"account_sequence":1,"version":1,"epoch":1,"sequence":158,"at_ns":1795291695990738797,"correlation_id":"","causation_id":"open-1005"}', '2026-11-21 20:08:15.990738+00', 1005),
	(161, 2, 1, NULL, 'FUNDS_DEPOSITED', '{"type":"FUNDS_DEPOSITED","account_id":1005,"account_sequence":2,"transfer_id":159,"asset":"USD","amount":"100000","version":1,"epoch":1,"sequence":161,"at_ns":1795291696060978640,"correlation_id":"","causation_id":"paper-1005"}', '2026-11-21 20:08:16.060978+00', 1005),
	(163, 3, 1, 162, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1005,"account_sequence":3,"order_id":162,"client_order_id":"story-1005-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":163,"at_ns":1795291696198170829,"correlation_id":"","causation_id":"story-1005-1","side":"BUY","order_type":"LIMIT","time_in_force":"GTD","quantity":"0.01","price":"59745.78","held":"598.055258","terms":{"expires_at_ns":1795378096191267000}}', '2026-11-21 20:08:16.19817+00', 1005),
	(165, 4, 1, 164, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1005,"account_sequence":4,"order_id":164,"client_order_id":"story-1005-2","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":165,"at_ns":1795291696227882977,"correlation_id":"","causation_id":"story-1005-2","side":"BUY","order_type":"LIMIT","time_in_force":"DAY","quantity":"0.02","price":"59745.78","held":"1196.110516","terms":null}', '2026-11-21 20:08:16.227882+00', 1005),
	(167, 3, 1, 166, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1004,"account_sequence":3,"order_id":166,"client_order_id":"story-1004-1","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":167,"at_ns":1795291696242381894,"correlation_id":"","causation_id":"story-1004-1","side":"BUY","order_type":"LIMIT","time_in_force":"GTD","quantity":"0.03","price":"59745.78","held":"1794.165774","terms":{"expires_at_ns":1795378096191267000}}', '2026-11-21 20:08:16.242381+00', 1004),
	(170, 5, 1, 169, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1002,"account_sequence":5,"order_id":169,"client_order_id":"story-1002-3","instrument_id":19,"symbol":"ETH-USD","version":2,"epoch":1,"sequence":170,"at_ns":1795291696354062383,"correlation_id":"","causation_id":"story-1002-3","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.1","price":"3020.76","held":"302.378076","terms":null}', '2026-11-21 20:08:16.354062+00', 1002),
	(172, 6, 1, 171, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1002,"account_sequence":6,"order_id":171,"client_order_id":"story-1002-4","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":172,"at_ns":1795291696447254406,"correlation_id":"","causation_id":"story-1002-4","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.01","price":"61030.63","held":"610.916607","terms":null}', '2026-11-21 20:08:16.447254+00', 1002),
	(175, 7, 1, 169, 'ORDER_CANCELED', '{"type":"ORDER_CANCELED","account_id":1002,"account_sequence":7,"order_id":169,"client_order_id":"story-1002-3","instrument_id":19,"symbol":"ETH-USD","reason":"CANCELED_BY_KILL_SWITCH","filled_quantity":"0","released":"302.378076","version":1,"epoch":1,"sequence":175,"at_ns":1795291696545628227,"correlation_id":"","causation_id":""}', '2026-11-21 20:08:16.545628+00', 1002),
	(177, 8, 1, NULL, 'ACCOUNT_SUSPENDED', '{"type":"ACCOUNT_SUSPENDED","account_id":1002,"account_sequence":8,"reason":"the story","version":1,"epoch":1,"sequence":177,"at_ns":1795291696545628227,"correlation_id":"","causation_id":"story-SuspendAccount-1"}', '2026-11-21 20:08:16.545628+00', 1002),
	(178, 9, 1, 171, 'ORDER_CANCELED', '{"type":"ORDER_CANCELED","account_id":1002,"account_sequence":9,"order_id":171,"client_order_id":"story-1002-4","instrument_id":18,"symbol":"BTC-USD","reason":"CANCELED_BY_KILL_SWITCH","filled_quantity":"0","released":"610.916607","version":1,"epoch":1,"sequence":178,"at_ns":1795291696545628227,"correlation_id":"","causation_id":"story-SuspendAccount-1"}', '2026-11-21 20:08:16.545628+00', 1002),
	(180, 12, 1, 179, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1001,"account_sequence":12,"order_id":179,"client_order_id":"story-1001-101","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":180,"at_ns":1795291745227727505,"correlation_id":"","causation_id":"story-1001-101","side":"SELL","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.15","price":"64212.26","held":"0.15","terms":null}', '2026-11-21 20:09:05.227727+00', 1001),
	(182, 9, 1, 181, 'ORDER_ACCEPTED', '{"type":"ORDER_ACCEPTED","account_id":1000,"account_sequence":9,"order_id":181,"client_order_id":"story-1000-101","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":182,"at_ns":1795291745242310780,"correlation_id":"","causation_id":"story-1000-101","side":"BUY","order_type":"LIMIT","time_in_force":"GTC","quantity":"0.05","price":"64212.26","held":"3213.823615","terms":null}', '2026-11-21 20:09:05.24231+00', 1000),
	(185, 10, 1, 181, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1000,"account_sequence":10,"order_id":181,"client_order_id":"story-1000-101","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":185,"at_ns":1795291745242310780,"correlation_id":"","causation_id":"story-1000-101","trade_id":183,"side":"BUY","liquidity_side":"TAKER","price":"64212.26","quantity":"0.05","fee":"3.210613","status":"FILLED","filled_quantity":"0.05","leaves_quantity":"0","held":"0","quote_source":"","quote_epoch":0,"quote_sequence":0}', '2026-11-21 20:09:05.24231+00', 1000),
	(186, 13, 1, 179, 'ORDER_FILLED', '{"type":"ORDER_FILLED","account_id":1001,"account_sequence":13,"order_id":179,"client_order_id":"story-1001-101","instrument_id":18,"symbol":"BTC-USD","version":2,"epoch":1,"sequence":186,"at_ns":1795291745242310780,"correlation_id":"","causation_id":"","trade_id":183,"side":"SELL","liquidity_side":"MAKER","price":"64212.26","quantity":"0.05","fee":"1.6053065","status":"PARTIALLY_FILLED","filled_quantity":"0.05","leaves_quantity":"0.1","held":"0.1","quote_source":"","quote_epoch":0,"quote_sequence":0}', '2026-11-21 20:09:05.24231+00', 1001);



INSERT INTO public.orders_eventposition VALUES
	(80, 1, 0),
	(84, 1, 1),
	(87, 1, 2),
	(94, 1, 3),
	(99, 1, 4),
	(103, 1, 5),
	(104, 1, 6),
	(68, 3, 0),
	(75, 3, 1),
	(78, 3, 2),
	(89, 3, 3),
	(92, 3, 4),
	(101, 3, 5),
	(106, 3, 6),
	(108, 3, 7),
	(118, 1, 7),
	(122, 1, 8),
	(125, 1, 9),
	(127, 1, 10),
	(129, 1, 11),
	(131, 1, 12),
	(133, 1, 13),
	(136, 1, 14),
	(137, 1, 15),
	(139, 1, 16),
	(142, 1, 17),
	(144, 1, 18),
	(146, 1, 19),
	(148, 1, 20),
	(149, 1, 21),
	(151, 1, 22),
	(163, 0, 0),
	(167, 2, 0),
	(165, 0, 1),
	(170, 3, 8),
	(172, 3, 9),
	(175, 3, 10),
	(178, 3, 11);



INSERT INTO public.orders_fill VALUES
	(138, 'BUY', 'TAKER', 64242.02000000, 0.30210000, 19.40751425, '2026-11-21 20:08:07.127672+00', 1000, 18, 67, 69),
	(139, 'SELL', 'MAKER', 64242.02000000, 0.30210000, 0.00000000, '2026-11-21 20:08:07.127672+00', 1, 18, NULL, 69),
	(152, 'BUY', 'TAKER', 64242.92000000, 0.19790000, 12.71367387, '2026-11-21 20:08:07.127672+00', 1000, 18, 67, 76),
	(153, 'SELL', 'MAKER', 64242.92000000, 0.19790000, 0.00000000, '2026-11-21 20:08:07.127672+00', 1, 18, NULL, 76),
	(162, 'BUY', 'TAKER', 64242.92000000, 0.17970000, 11.54445273, '2026-11-21 20:08:07.194217+00', 1001, 18, 79, 81),
	(163, 'SELL', 'MAKER', 64242.92000000, 0.17970000, 0.00000000, '2026-11-21 20:08:07.194217+00', 1, 18, NULL, 81),
	(170, 'BUY', 'TAKER', 64243.82000000, 0.02030000, 1.30414955, '2026-11-21 20:08:07.194217+00', 1001, 18, 79, 85),
	(171, 'SELL', 'MAKER', 64243.82000000, 0.02030000, 0.00000000, '2026-11-21 20:08:07.194217+00', 1, 18, NULL, 85),
	(181, 'SELL', 'TAKER', 64240.72000000, 0.10000000, 6.42407200, '2026-11-21 20:08:07.228071+00', 1000, 18, 88, 90),
	(180, 'BUY', 'MAKER', 64240.72000000, 0.10000000, 0.00000000, '2026-11-21 20:08:07.228071+00', 1, 18, NULL, 90),
	(190, 'BUY', 'TAKER', 48.21000000, 20.00000000, 0.48210000, '2026-11-21 20:08:07.261915+00', 1001, 1, 93, 95),
	(191, 'SELL', 'MAKER', 48.21000000, 20.00000000, 0.00000000, '2026-11-21 20:08:07.261915+00', 1, 1, NULL, 95),
	(238, 'BUY', 'TAKER', 64244.50000000, 0.60800000, 39.06065600, '2026-11-21 20:08:09.959045+00', 1003, 18, 117, 119),
	(239, 'SELL', 'MAKER', 64244.50000000, 0.60800000, 0.00000000, '2026-11-21 20:08:09.959045+00', 1, 18, NULL, 119),
	(246, 'BUY', 'TAKER', 64245.40000000, 0.39200000, 25.18419680, '2026-11-21 20:08:09.959045+00', 1003, 18, 117, 123),
	(247, 'SELL', 'MAKER', 64245.40000000, 0.39200000, 0.00000000, '2026-11-21 20:08:09.959045+00', 1, 18, NULL, 123),
	(280, 'BUY', 'TAKER', 64245.40000000, 0.07000000, 4.49717800, '2026-11-21 20:08:10.21779+00', 1003, 18, 138, 140),
	(281, 'SELL', 'MAKER', 64245.40000000, 0.07000000, 0.00000000, '2026-11-21 20:08:10.21779+00', 1, 18, NULL, 140),
	(366, 'BUY', 'TAKER', 64212.26000000, 0.05000000, 3.21061300, '2026-11-21 20:09:05.24231+00', 1000, 18, 181, 183),
	(367, 'SELL', 'MAKER', 64212.26000000, 0.05000000, 1.60530650, '2026-11-21 20:09:05.24231+00', 1001, 18, 179, 183);



INSERT INTO public.orders_order VALUES
	(67, 'story-1000-1', 'BUY', 'MARKET', 'IOC', 0.50000000, NULL, 'FILLED', '', 0.50000000, 32121.18811000, 32.12118812, 0.00000000, '2026-11-21 20:08:07.127672+00', '2026-11-21 20:08:07.127672+00', 1000, 18),
	(79, 'story-1001-1', 'BUY', 'MARKET', 'IOC', 0.20000000, NULL, 'FILLED', '', 0.20000000, 12848.60227000, 12.84860228, 0.00000000, '2026-11-21 20:08:07.194217+00', '2026-11-21 20:08:07.194217+00', 1001, 18),
	(88, 'story-1000-2', 'SELL', 'MARKET', 'IOC', 0.10000000, NULL, 'FILLED', '', 0.10000000, 6424.07200000, 6.42407200, 0.00000000, '2026-11-21 20:08:07.228071+00', '2026-11-21 20:08:07.228071+00', 1000, 18),
	(93, 'story-1001-2', 'BUY', 'MARKET', 'IOC', 20.00000000, NULL, 'FILLED', '', 20.00000000, 964.20000000, 0.48210000, 0.00000000, '2026-11-21 20:08:07.261915+00', '2026-11-21 20:08:07.261915+00', 1001, 1),
	(100, 'story-1000-3', 'BUY', 'LIMIT', 'GTC', 0.25000000, 61036.64000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 15274.41917500, '2026-11-21 20:08:07.318084+00', '2026-11-21 20:08:07.318084+00', 1000, 18),
	(102, 'story-1001-3', 'BUY', 'LIMIT', 'GTC', 0.10000000, 60394.15000000, 'CANCELED', 'CANCELED_BY_CUSTOMER', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 20:08:07.366634+00', '2026-11-21 20:08:07.395323+00', 1001, 18),
	(105, 'story-1002-1', 'BUY', 'LIMIT', 'FOK', 0.01000000, 61679.14000000, 'REJECTED', 'FOK_NOT_FILLABLE', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 20:08:07.462616+00', '2026-11-21 20:08:07.462616+00', 1002, 18),
	(107, 'story-1002-2', 'BUY', 'LIMIT', 'GTC', 90.00000000, 63606.61000000, 'DENIED', 'MAX_QUANTITY', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 20:08:07.538198+00', '2026-11-21 20:08:07.538198+00', 1002, 18),
	(117, 'story-1003-1', 'BUY', 'MARKET', 'IOC', 1.00000000, NULL, 'FILLED', '', 1.00000000, 64244.85280000, 64.24485280, 0.00000000, '2026-11-21 20:08:09.959045+00', '2026-11-21 20:08:09.959045+00', 1003, 18),
	(126, 'story-1003-2', 'SELL', 'STOP', 'GTC', 0.05000000, NULL, 'WAITING', '', 0.00000000, 0.00000000, 0.00000000, 0.05000000, '2026-11-21 20:08:10.047312+00', '2026-11-21 20:08:10.047312+00', 1003, 18),
	(128, 'story-1003-3', 'SELL', 'STOP_LIMIT', 'GTC', 0.05000000, 31478.94000000, 'WAITING', '', 0.00000000, 0.00000000, 0.00000000, 0.05000000, '2026-11-21 20:08:10.081598+00', '2026-11-21 20:08:10.081598+00', 1003, 18),
	(130, 'story-1003-4', 'SELL', 'TRAILING_STOP', 'GTC', 0.05000000, NULL, 'WAITING', '', 0.00000000, 0.00000000, 0.00000000, 0.05000000, '2026-11-21 20:08:10.10558+00', '2026-11-21 20:08:10.10558+00', 1003, 18),
	(132, 'story-1003-5', 'SELL', 'TAKE_PROFIT', 'GTC', 0.05000000, NULL, 'WAITING', '', 0.00000000, 0.00000000, 0.00000000, 0.05000000, '2026-11-21 20:08:10.154536+00', '2026-11-21 20:08:10.154536+00', 1003, 18),
	(134, '134.1', 'SELL', 'LIMIT', 'GTC', 0.06000000, 67454.88000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 0.06000000, '2026-11-21 20:08:10.186255+00', '2026-11-21 20:08:10.186255+00', 1003, 18),
	(135, '134.2', 'SELL', 'STOP', 'GTC', 0.06000000, NULL, 'WAITING', '', 0.00000000, 0.00000000, 0.00000000, 0.06000000, '2026-11-21 20:08:10.186255+00', '2026-11-21 20:08:10.186255+00', 1003, 18),
	(138, 'story-1003-7', 'BUY', 'MARKET', 'IOC', 0.07000000, NULL, 'FILLED', '', 0.07000000, 4497.17800000, 4.49717800, 0.00000000, '2026-11-21 20:08:10.21779+00', '2026-11-21 20:08:10.21779+00', 1003, 18),
	(143, '143.1', 'SELL', 'LIMIT', 'GTC', 0.07000000, 67454.88000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 0.07000000, '2026-11-21 20:08:10.21779+00', '2026-11-21 20:08:10.21779+00', 1003, 18),
	(145, '143.2', 'SELL', 'STOP', 'GTC', 0.07000000, NULL, 'WAITING', '', 0.00000000, 0.00000000, 0.00000000, 0.07000000, '2026-11-21 20:08:10.21779+00', '2026-11-21 20:08:10.21779+00', 1003, 18),
	(147, 'story-1003-8', 'BUY', 'LIMIT', 'GTC', 0.06000000, 59103.32000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 3549.74540400, '2026-11-21 20:08:10.276386+00', '2026-11-21 20:08:10.363893+00', 1003, 18),
	(162, 'story-1005-1', 'BUY', 'LIMIT', 'GTD', 0.01000000, 59745.78000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 598.05525800, '2026-11-21 20:08:16.19817+00', '2026-11-21 20:08:16.19817+00', 1005, 18),
	(164, 'story-1005-2', 'BUY', 'LIMIT', 'DAY', 0.02000000, 59745.78000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 1196.11051600, '2026-11-21 20:08:16.227882+00', '2026-11-21 20:08:16.227882+00', 1005, 18),
	(166, 'story-1004-1', 'BUY', 'LIMIT', 'GTD', 0.03000000, 59745.78000000, 'ACCEPTED', '', 0.00000000, 0.00000000, 0.00000000, 1794.16577400, '2026-11-21 20:08:16.242381+00', '2026-11-21 20:08:16.242381+00', 1004, 18),
	(169, 'story-1002-3', 'BUY', 'LIMIT', 'GTC', 0.10000000, 3020.76000000, 'CANCELED', 'CANCELED_BY_KILL_SWITCH', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 20:08:16.354062+00', '2026-11-21 20:08:16.545628+00', 1002, 19),
	(171, 'story-1002-4', 'BUY', 'LIMIT', 'GTC', 0.01000000, 61030.63000000, 'CANCELED', 'CANCELED_BY_KILL_SWITCH', 0.00000000, 0.00000000, 0.00000000, 0.00000000, '2026-11-21 20:08:16.447254+00', '2026-11-21 20:08:16.545628+00', 1002, 18),
	(181, 'story-1000-101', 'BUY', 'LIMIT', 'GTC', 0.05000000, 64212.26000000, 'FILLED', '', 0.05000000, 3210.61300000, 3.21061300, 0.00000000, '2026-11-21 20:09:05.24231+00', '2026-11-21 20:09:05.24231+00', 1000, 18),
	(179, 'story-1001-101', 'SELL', 'LIMIT', 'GTC', 0.15000000, 64212.26000000, 'PARTIALLY_FILLED', '', 0.05000000, 3210.61300000, 1.60530650, 0.10000000, '2026-11-21 20:09:05.227727+00', '2026-11-21 20:09:05.24231+00', 1001, 18);



INSERT INTO public.orders_orderterms VALUES
	(126, 32121.37000000, NULL, NULL, NULL, false, false, 126, NULL, NULL, NULL),
	(128, 32121.37000000, NULL, NULL, NULL, false, false, 128, NULL, NULL, NULL),
	(130, 32121.81000000, NULL, 5000, NULL, false, false, 130, NULL, NULL, NULL),
	(132, 128485.48000000, NULL, NULL, NULL, false, false, 132, NULL, NULL, NULL),
	(134, NULL, NULL, NULL, NULL, false, false, 134, 134, NULL, NULL),
	(135, 32121.37000000, NULL, NULL, NULL, false, false, 135, 134, NULL, NULL),
	(138, NULL, NULL, NULL, NULL, false, false, 138, NULL, NULL, '{"target":{"order_type":"LIMIT","price":"67454.88"},"stop":{"order_type":"STOP","trigger_price":"32121.37"}}'),
	(143, NULL, NULL, NULL, NULL, false, false, 143, 143, 138, NULL),
	(145, 32121.37000000, NULL, NULL, NULL, false, false, 145, 143, 138, NULL),
	(147, NULL, NULL, NULL, NULL, true, false, 150, NULL, NULL, NULL),
	(162, NULL, NULL, NULL, '2026-11-22 20:08:16.191267+00', false, false, 162, NULL, NULL, NULL),
	(166, NULL, NULL, NULL, '2026-11-22 20:08:16.191267+00', false, false, 166, NULL, NULL, NULL);



INSERT INTO public.orders_trade VALUES
	(69, 1, 1, 64242.02000000, 0.30210000, 'BUY', 'sim', 1795291681771198665, 13, '2026-11-21 20:08:07.127672+00', 18),
	(76, 1, 2, 64242.92000000, 0.19790000, 'BUY', 'sim', 1795291681771198665, 13, '2026-11-21 20:08:07.127672+00', 18),
	(81, 1, 3, 64242.92000000, 0.17970000, 'BUY', 'sim', 1795291681771198665, 13, '2026-11-21 20:08:07.194217+00', 18),
	(85, 1, 4, 64243.82000000, 0.02030000, 'BUY', 'sim', 1795291681771198665, 13, '2026-11-21 20:08:07.194217+00', 18),
	(90, 1, 5, 64240.72000000, 0.10000000, 'SELL', 'sim', 1795291681771198665, 13, '2026-11-21 20:08:07.228071+00', 18),
	(95, 1, 1, 48.21000000, 20.00000000, 'BUY', 'sim', 1795291681771198665, 6, '2026-11-21 20:08:07.261915+00', 1),
	(119, 1, 6, 64244.50000000, 0.60800000, 'BUY', 'sim', 1795291681771198665, 18, '2026-11-21 20:08:09.959045+00', 18),
	(123, 1, 7, 64245.40000000, 0.39200000, 'BUY', 'sim', 1795291681771198665, 18, '2026-11-21 20:08:09.959045+00', 18),
	(140, 1, 8, 64245.40000000, 0.07000000, 'BUY', 'sim', 1795291681771198665, 18, '2026-11-21 20:08:10.21779+00', 18),
	(183, 1, 9, 64212.26000000, 0.05000000, 'BUY', '', NULL, NULL, '2026-11-21 20:09:05.24231+00', 18);



INSERT INTO public.portfolio_accountprogress VALUES
	(1000, 8),
	(1001, 9),
	(1003, 18),
	(1004, 3),
	(1005, 4),
	(1002, 9);






INSERT INTO public.portfolio_position VALUES
	(1000, 18, 0.40000000, 25722.64743850, -13.01393162, 38.54526012, 90, '2026-11-21 20:08:07.228071+00'),
	(1001, 1, 20.00000000, 964.68210000, 0.00000000, 0.48210000, 95, '2026-11-21 20:08:07.261915+00'),
	(1001, 18, 0.20000000, 12861.45087228, 0.00000000, 12.84860228, 85, '2026-11-21 20:08:07.194217+00'),
	(1003, 18, 1.07000000, 68810.77283080, 0.00000000, 68.74203080, 140, '2026-11-21 20:08:10.21779+00');



INSERT INTO public.usersessions_usersession VALUES
	(1, '2026-11-21 20:08:24.679386+00', '127.0.0.1', '2026-11-21 20:08:24.679395+00', 'ez35ided8qndf4o24dw35h7gs5f2gnmg', '', '{}', 1);



SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 8, true);



SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);



SELECT pg_catalog.setval('public.accounts_account_id_seq', 1005, true);



SELECT pg_catalog.setval('public.accounts_apikey_id_seq', 1, false);



SELECT pg_catalog.setval('public.accounts_user_groups_id_seq', 1, false);



SELECT pg_catalog.setval('public.accounts_user_id_seq', 8, true);



SELECT pg_catalog.setval('public.accounts_user_user_permissions_id_seq', 1, false);



SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);



SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);



SELECT pg_catalog.setval('public.auth_permission_id_seq', 196, true);



SELECT pg_catalog.setval('public.backoffice_trailentry_id_seq', 1, false);



SELECT pg_catalog.setval('public.django_admin_log_id_seq', 1, false);



SELECT pg_catalog.setval('public.django_content_type_id_seq', 49, true);



SELECT pg_catalog.setval('public.django_migrations_id_seq', 79, true);



SELECT pg_catalog.setval('public.eventlog_logpartition_id_seq', 1, false);



SELECT pg_catalog.setval('public.eventlog_parkedmessage_id_seq', 1, false);



SELECT pg_catalog.setval('public.instruments_tradingsession_id_seq', 376, true);



SELECT pg_catalog.setval('public.jobs_jobrun_id_seq', 1, false);



SELECT pg_catalog.setval('public.ledger_dailystatement_id_seq', 1, false);



SELECT pg_catalog.setval('public.ledger_dailystatementline_id_seq', 1, false);



SELECT pg_catalog.setval('public.ledger_reconciliationdifference_id_seq', 1, false);



SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 1, false);



SELECT pg_catalog.setval('public.portfolio_equitysnapshot_id_seq', 1, false);



SELECT pg_catalog.setval('public.usersessions_usersession_id_seq', 1, true);



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



ALTER TABLE ONLY public.accounts_apikey
    ADD CONSTRAINT accounts_apikey_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.accounts_apikey
    ADD CONSTRAINT accounts_apikey_prefix_key UNIQUE (prefix);



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



ALTER TABLE ONLY public.accounts_apikey
    ADD CONSTRAINT api_key_once_a_form UNIQUE (account_id, form_id);



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



ALTER TABLE ONLY public.backoffice_trailentry
    ADD CONSTRAINT backoffice_trailentry_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_dailystatementline
    ADD CONSTRAINT daily_statement_line_one_an_asset UNIQUE (statement_id, asset_id);



ALTER TABLE ONLY public.ledger_dailystatement
    ADD CONSTRAINT daily_statement_one_a_day UNIQUE (account_id, day);



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



ALTER TABLE ONLY public.engine_invariantreport
    ADD CONSTRAINT engine_invariantreport_pkey PRIMARY KEY (scope);



ALTER TABLE ONLY public.engine_journal
    ADD CONSTRAINT engine_journal_pkey PRIMARY KEY (last_sequence);



ALTER TABLE ONLY public.engine_lease
    ADD CONSTRAINT engine_lease_pkey PRIMARY KEY (shard);



ALTER TABLE ONLY public.portfolio_equitysnapshot
    ADD CONSTRAINT equity_snapshot_one_a_day UNIQUE (account_id, day);



ALTER TABLE ONLY public.eventlog_appliedevent
    ADD CONSTRAINT eventlog_appliedevent_pkey PRIMARY KEY (consumer, key);



ALTER TABLE ONLY public.eventlog_consumerposition
    ADD CONSTRAINT eventlog_consumerposition_pkey PRIMARY KEY (consumer, topic, partition);



ALTER TABLE ONLY public.eventlog_loginuse
    ADD CONSTRAINT eventlog_loginuse_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.eventlog_logmember
    ADD CONSTRAINT eventlog_logmember_pkey PRIMARY KEY (group_name, member);



ALTER TABLE ONLY public.eventlog_logpartition
    ADD CONSTRAINT eventlog_logpartition_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.eventlog_logrecord
    ADD CONSTRAINT eventlog_logrecord_pkey PRIMARY KEY (partition_id, "offset", kept);



ALTER TABLE ONLY public.eventlog_logrecord_kept
    ADD CONSTRAINT eventlog_logrecord_kept_pkey PRIMARY KEY (partition_id, "offset", kept);



ALTER TABLE ONLY public.eventlog_logrecord_passing
    ADD CONSTRAINT eventlog_logrecord_passing_pkey PRIMARY KEY (partition_id, "offset", kept);



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



ALTER TABLE ONLY public.instruments_tradingsession
    ADD CONSTRAINT instruments_tradingsession_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.jobs_jobrun
    ADD CONSTRAINT job_run_once_a_day UNIQUE (job, day);



ALTER TABLE ONLY public.jobs_jobrun
    ADD CONSTRAINT jobs_jobrun_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_account_one_per_asset UNIQUE (account_id, asset_id);



ALTER TABLE ONLY public.ledger_businessday
    ADD CONSTRAINT ledger_businessday_pkey PRIMARY KEY (day);



ALTER TABLE ONLY public.ledger_dailystatement
    ADD CONSTRAINT ledger_dailystatement_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_dailystatementline
    ADD CONSTRAINT ledger_dailystatementline_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_ledgeraccount_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (transfer_id, leg);



ALTER TABLE ONLY public.ledger_reconciliationdifference
    ADD CONSTRAINT ledger_reconciliationdifference_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.eventlog_logpartition
    ADD CONSTRAINT log_partition_once UNIQUE (topic, number);



ALTER TABLE ONLY public.marketdata_bar
    ADD CONSTRAINT marketdata_bar_pkey PRIMARY KEY (instrument_id, "interval", start);



ALTER TABLE ONLY public.marketdata_latestprice
    ADD CONSTRAINT marketdata_latestprice_pkey PRIMARY KEY (instrument_id);



ALTER TABLE ONLY public.marketdata_quoteframe
    ADD CONSTRAINT marketdata_quoteframe_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261122
    ADD CONSTRAINT marketdata_quoteframe_20261122_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261123
    ADD CONSTRAINT marketdata_quoteframe_20261123_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261124
    ADD CONSTRAINT marketdata_quoteframe_20261124_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261125
    ADD CONSTRAINT marketdata_quoteframe_20261125_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261126
    ADD CONSTRAINT marketdata_quoteframe_20261126_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261127
    ADD CONSTRAINT marketdata_quoteframe_20261127_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261128
    ADD CONSTRAINT marketdata_quoteframe_20261128_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261129
    ADD CONSTRAINT marketdata_quoteframe_20261129_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261130
    ADD CONSTRAINT marketdata_quoteframe_20261130_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261201
    ADD CONSTRAINT marketdata_quoteframe_20261201_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261202
    ADD CONSTRAINT marketdata_quoteframe_20261202_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261203
    ADD CONSTRAINT marketdata_quoteframe_20261203_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261204
    ADD CONSTRAINT marketdata_quoteframe_20261204_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_20261205
    ADD CONSTRAINT marketdata_quoteframe_20261205_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_before
    ADD CONSTRAINT marketdata_quoteframe_before_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.marketdata_quoteframe_default
    ADD CONSTRAINT marketdata_quoteframe_default_pkey PRIMARY KEY (instrument_id, second);



ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);



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



ALTER TABLE ONLY public.orders_orderterms
    ADD CONSTRAINT orders_orderterms_pkey PRIMARY KEY (order_id);



ALTER TABLE ONLY public.orders_trade
    ADD CONSTRAINT orders_trade_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.eventlog_parkedmessage
    ADD CONSTRAINT parked_message_once UNIQUE (consumer, topic, partition, "offset");



ALTER TABLE ONLY public.portfolio_accountprogress
    ADD CONSTRAINT portfolio_accountprogress_pkey PRIMARY KEY (account_id);



ALTER TABLE ONLY public.portfolio_equitysnapshot
    ADD CONSTRAINT portfolio_equitysnapshot_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.portfolio_position
    ADD CONSTRAINT portfolio_position_pkey PRIMARY KEY (account_id, instrument_id);



ALTER TABLE ONLY public.ledger_reconciliationdifference
    ADD CONSTRAINT reconciliation_difference_once UNIQUE (day, check_name, meaning, subject);



ALTER TABLE ONLY public.instruments_tradingsession
    ADD CONSTRAINT session_once_in_its_instrument UNIQUE (instrument_id, closes_at);



ALTER TABLE ONLY public.orders_trade
    ADD CONSTRAINT trade_once_in_its_instrument UNIQUE (instrument_id, instrument_sequence);



ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);



ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);



CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);



CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);



CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);



CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);



CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);



CREATE INDEX account_event_of_order ON public.orders_accountevent USING btree (order_id) WHERE (order_id IS NOT NULL);



CREATE UNIQUE INDEX account_one_of_each_system_kind ON public.accounts_account USING btree (kind) WHERE (NOT ((kind)::text = 'CUSTOMER'::text));



CREATE INDEX accounts_apikey_account_id_4f4d624b ON public.accounts_apikey USING btree (account_id);



CREATE INDEX accounts_apikey_prefix_2468c39f_like ON public.accounts_apikey USING btree (prefix varchar_pattern_ops);



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



CREATE INDEX engine_invariantreport_scope_856807fd_like ON public.engine_invariantreport USING btree (scope varchar_pattern_ops);



CREATE INDEX eventlog_relaycursor_lane_0ffd1ea0_like ON public.eventlog_relaycursor USING btree (lane varchar_pattern_ops);



CREATE INDEX instruments_asset_code_3b696b77_like ON public.instruments_asset USING btree (code varchar_pattern_ops);



CREATE INDEX instruments_instrument_base_id_63cf2ece ON public.instruments_instrument USING btree (base_id);



CREATE INDEX instruments_instrument_quote_id_4955e0cf ON public.instruments_instrument USING btree (quote_id);



CREATE INDEX instruments_instrument_symbol_572169b8_like ON public.instruments_instrument USING btree (symbol varchar_pattern_ops);



CREATE INDEX instruments_tradingsession_instrument_id_7d6175bb ON public.instruments_tradingsession USING btree (instrument_id);



CREATE INDEX ledger_ledgeraccount_account_id_fa16fb22 ON public.ledger_ledgeraccount USING btree (account_id);



CREATE INDEX ledger_ledgeraccount_asset_id_8785fde9 ON public.ledger_ledgeraccount USING btree (asset_id);



CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);



CREATE INDEX order_history ON public.orders_order USING btree (account_id, id DESC);



CREATE INDEX order_open ON public.orders_order USING btree (instrument_id, id) WHERE ((status)::text = ANY ((ARRAY['WAITING'::character varying, 'ACCEPTED'::character varying, 'PARTIALLY_FILLED'::character varying])::text[]));



CREATE INDEX posting_statement ON public.ledger_posting USING btree (ledger_account_id, transfer_id);



CREATE INDEX session_key_digest ON public.django_session USING btree (md5((session_key)::text));



CREATE INDEX terms_of_link ON public.orders_orderterms USING btree (link_id) WHERE (link_id IS NOT NULL);



CREATE INDEX terms_of_parent ON public.orders_orderterms USING btree (parent_id) WHERE (parent_id IS NOT NULL);



CREATE INDEX trail_of_account ON public.backoffice_trailentry USING btree (account_id, id DESC) WHERE (account_id IS NOT NULL);



CREATE INDEX trail_of_actor ON public.backoffice_trailentry USING btree (actor_id, id DESC);



CREATE UNIQUE INDEX trail_one_of_a_command ON public.backoffice_trailentry USING btree (command_id) WHERE (NOT ((command_id)::text = ''::text));



CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));



CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";



CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;



CREATE INDEX user_name_words ON public.accounts_user USING gin (to_tsvector('simple'::regconfig, (name)::text)) WHERE ((name)::text <> ''::text);



CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);



CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);



ALTER INDEX public.eventlog_logrecord_pkey ATTACH PARTITION public.eventlog_logrecord_kept_pkey;



ALTER INDEX public.eventlog_logrecord_pkey ATTACH PARTITION public.eventlog_logrecord_passing_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261122_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261123_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261124_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261125_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261126_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261127_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261128_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261129_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261130_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261201_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261202_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261203_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261204_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_20261205_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_before_pkey;



ALTER INDEX public.marketdata_quoteframe_pkey ATTACH PARTITION public.marketdata_quoteframe_default_pkey;



CREATE TRIGGER backoffice_trail_kept BEFORE DELETE OR UPDATE ON public.backoffice_trailentry FOR EACH ROW EXECUTE FUNCTION public.backoffice_keep_trail();



CREATE TRIGGER backoffice_trail_not_emptied BEFORE TRUNCATE ON public.backoffice_trailentry FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER engine_commandrecord_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.engine_commandrecord FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER engine_journal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.engine_journal FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_businessday_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_businessday FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_dailystatement_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_dailystatement FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_dailystatementline_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_dailystatementline FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_posting_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



CREATE TRIGGER ledger_posting_balanced AFTER INSERT ON public.ledger_posting REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_posting_check_balance();



CREATE TRIGGER ledger_reconciliationdifference_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_reconciliationdifference FOR EACH STATEMENT EXECUTE FUNCTION public.tredye_refuse_change();



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



ALTER TABLE ONLY public.accounts_apikey
    ADD CONSTRAINT accounts_apikey_account_id_4f4d624b_fk_accounts_account_id FOREIGN KEY (account_id) REFERENCES public.accounts_account(id) DEFERRABLE INITIALLY DEFERRED;



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



ALTER TABLE ONLY public.backoffice_trailentry
    ADD CONSTRAINT backoffice_trailentry_actor_id_596d492d_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.instruments_instrument
    ADD CONSTRAINT instruments_instrume_quote_id_4955e0cf_fk_instrumen FOREIGN KEY (quote_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.instruments_instrument
    ADD CONSTRAINT instruments_instrument_base_id_63cf2ece_fk_instruments_asset_id FOREIGN KEY (base_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.instruments_tradingsession
    ADD CONSTRAINT instruments_tradings_instrument_id_7d6175bb_fk_instrumen FOREIGN KEY (instrument_id) REFERENCES public.instruments_instrument(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_dailystatement
    ADD CONSTRAINT ledger_dailystatemen_account_id_e93be4bf_fk_accounts_ FOREIGN KEY (account_id) REFERENCES public.accounts_account(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_dailystatementline
    ADD CONSTRAINT ledger_dailystatemen_asset_id_bafc662a_fk_instrumen FOREIGN KEY (asset_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_dailystatementline
    ADD CONSTRAINT ledger_dailystatemen_statement_id_36efccd6_fk_ledger_da FOREIGN KEY (statement_id) REFERENCES public.ledger_dailystatement(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_ledgeraccount_account_id_fa16fb22_fk_accounts_account_id FOREIGN KEY (account_id) REFERENCES public.accounts_account(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.ledger_ledgeraccount
    ADD CONSTRAINT ledger_ledgeraccount_asset_id_8785fde9_fk_instruments_asset_id FOREIGN KEY (asset_id) REFERENCES public.instruments_asset(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
