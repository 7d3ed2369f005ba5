"""Frames of quotes by day: a day that is too old goes with its partition, at once, where a DELETE would leave two million dead rows.

The table as it is becomes the partition of all days until tomorrow, in place: no row is copied, Postgres reads it once to see that
it fits (and once to find its end: seconds for millions of rows), and it goes as a whole when all of it is old. What no partition expects goes to the DEFAULT
one, so that an insert never fails.
"""

from django.db import migrations

FORWARD = """
SET LOCAL statement_timeout = 0;
ALTER TABLE marketdata_quoteframe RENAME TO marketdata_quoteframe_before;
ALTER INDEX marketdata_quoteframe_pkey RENAME TO marketdata_quoteframe_before_pkey;
CREATE TABLE marketdata_quoteframe (LIKE marketdata_quoteframe_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    PRIMARY KEY (instrument_id, second)) PARTITION BY RANGE (second);
CREATE TABLE marketdata_quoteframe_default PARTITION OF marketdata_quoteframe DEFAULT;
DO $$
DECLARE
    tomorrow timestamptz;
BEGIN
    SELECT date_trunc('day', greatest(now(), max(second)), 'UTC') + interval '1 day' INTO tomorrow
        FROM marketdata_quoteframe_before;
    EXECUTE format('ALTER TABLE marketdata_quoteframe ATTACH PARTITION marketdata_quoteframe_before'
        ' FOR VALUES FROM (MINVALUE) TO (%L)', tomorrow);
END $$;
"""

BACKWARD = """
SET LOCAL statement_timeout = 0;
CREATE TABLE marketdata_quoteframe_whole (LIKE marketdata_quoteframe INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
INSERT INTO marketdata_quoteframe_whole SELECT * FROM marketdata_quoteframe;
DROP TABLE marketdata_quoteframe;
ALTER TABLE marketdata_quoteframe_whole RENAME TO marketdata_quoteframe;
ALTER TABLE marketdata_quoteframe ADD CONSTRAINT marketdata_quoteframe_pkey PRIMARY KEY (instrument_id, second);
"""


class Migration(migrations.Migration):
    dependencies = [("marketdata", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
