"""The partitions of frames are made and dropped by functions that do what the owner may: the jobs' login owns no table.

They do what ``apps/marketdata/partitions.py`` did until then, and the version before goes on doing it itself.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION marketdata_make_day(p_day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $function$
DECLARE
    part text := 'marketdata_quoteframe_' || to_char(p_day, 'YYYYMMDD');
    begins timestamptz := p_day::timestamp AT TIME ZONE 'UTC';
    ends timestamptz := (p_day + 1)::timestamp AT TIME ZONE 'UTC';
    reader text;
BEGIN
    EXECUTE format('CREATE TABLE public.%I (LIKE public.marketdata_quoteframe INCLUDING ALL)', part);
    -- Who may read the one of the days without a partition (the copy of the night) may read this one.
    FOR reader IN SELECT a.grantee::regrole::text FROM pg_class c, aclexplode(c.relacl) a
                  WHERE c.oid = 'public.marketdata_quoteframe_default'::regclass AND a.privilege_type = 'SELECT'
                    AND a.grantee NOT IN (0, c.relowner) LOOP
        EXECUTE format('GRANT SELECT ON public.%I TO %s', part, reader);
    END LOOP;
    -- A frame that came to the DEFAULT one after the move would forbid ATTACH. Reading it stays possible, and frames of days
    -- that have a partition are not held up.
    LOCK TABLE public.marketdata_quoteframe_default IN SHARE ROW EXCLUSIVE MODE;
    EXECUTE format('WITH moved AS (DELETE FROM public.marketdata_quoteframe_default WHERE second >= $1 AND second < $2 RETURNING *)'
                   ' INSERT INTO public.%I SELECT * FROM moved', part) USING begins, ends;
END $function$;

CREATE FUNCTION marketdata_attach_day(p_day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $function$
BEGIN
    -- ATTACH waits for no writer of the other days, which CREATE ... PARTITION OF would; only for who reads the DEFAULT one.
    EXECUTE format('ALTER TABLE public.marketdata_quoteframe ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   'marketdata_quoteframe_' || to_char(p_day, 'YYYYMMDD'),
                   p_day::timestamp AT TIME ZONE 'UTC', (p_day + 1)::timestamp AT TIME ZONE 'UTC');
END $function$;

CREATE FUNCTION marketdata_drop_day(p_part text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $function$
BEGIN
    IF EXISTS (SELECT FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
               WHERE inhparent = 'public.marketdata_quoteframe'::regclass AND child.relname = p_part
                 AND p_part <> 'marketdata_quoteframe_default') THEN
        EXECUTE format('DROP TABLE public.%I', p_part);
    END IF;
END $function$;

REVOKE EXECUTE ON FUNCTION marketdata_make_day(date) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION marketdata_attach_day(date) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION marketdata_drop_day(text) FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION marketdata_make_day(date);
DROP FUNCTION marketdata_attach_day(date);
DROP FUNCTION marketdata_drop_day(text);
"""


class Migration(migrations.Migration):
    dependencies = [("marketdata", "0003_feeds")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
