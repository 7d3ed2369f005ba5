"""Numbers are finite; every change of an alert is marked with its transaction; and since when orders are told of.

The mark is how the evaluator finds what changed: a number from a sequence would be missed when its transaction commits after
one with a higher number, while of transactions Postgres itself says up to which all have ended (pg_snapshot_xmin).
"""

from django.db import migrations

FORWARD = """
ALTER TABLE alerts_pricealert ADD CONSTRAINT price_alert_numbers_finite CHECK (price < 'NaN');
ALTER TABLE alerts_firing ADD CONSTRAINT firing_numbers_finite CHECK (price < 'NaN' AND value < 'NaN');

CREATE FUNCTION alerts_mark_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;

CREATE TRIGGER alerts_pricealert_changed BEFORE INSERT OR UPDATE ON alerts_pricealert
    FOR EACH ROW EXECUTE FUNCTION alerts_mark_change();

INSERT INTO alerts_beginning (at) VALUES (statement_timestamp());
"""

BACKWARD = """
DELETE FROM alerts_beginning;
DROP TRIGGER alerts_pricealert_changed ON alerts_pricealert;
DROP FUNCTION alerts_mark_change();
ALTER TABLE alerts_firing DROP CONSTRAINT firing_numbers_finite;
ALTER TABLE alerts_pricealert DROP CONSTRAINT price_alert_numbers_finite;
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
