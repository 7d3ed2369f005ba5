"""Each instant of a receipt is written once: what is known stays as it is, whoever writes. Old receipts may be removed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION receipts_keep_what_is_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.order_id <> OLD.order_id OR NEW.account_id <> OLD.account_id OR NEW.noted_at <> OLD.noted_at
       OR (OLD.door <> '' AND NEW.door <> OLD.door)
       OR (OLD.clicked_at IS NOT NULL AND NEW.clicked_at IS DISTINCT FROM OLD.clicked_at)
       OR (OLD.received_at IS NOT NULL AND NEW.received_at IS DISTINCT FROM OLD.received_at)
       OR (OLD.pushed_at IS NOT NULL AND NEW.pushed_at IS DISTINCT FROM OLD.pushed_at)
       OR (OLD.painted_at IS NOT NULL AND NEW.painted_at IS DISTINCT FROM OLD.painted_at) THEN
        RAISE EXCEPTION 'the receipt of order % is written once', OLD.order_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receipts_written_once BEFORE UPDATE ON receipts_receipt
    FOR EACH ROW EXECUTE FUNCTION receipts_keep_what_is_known();
"""

BACKWARD = """
DROP TRIGGER receipts_written_once ON receipts_receipt;
DROP FUNCTION receipts_keep_what_is_known();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
