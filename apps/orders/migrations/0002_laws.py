"""Finite numbers, and prints, fills and events that nobody can rewrite."""

from django.db import migrations

TABLES = ("orders_trade", "orders_fill", "orders_accountevent")

FORWARD = """
ALTER TABLE orders_order ADD CONSTRAINT order_numbers_finite CHECK (
    quantity < 'NaN' AND price < 'NaN' AND filled_quantity < 'NaN' AND filled_notional < 'NaN' AND fee < 'NaN' AND held < 'NaN');
ALTER TABLE orders_trade ADD CONSTRAINT trade_numbers_finite CHECK (price < 'NaN' AND quantity < 'NaN');
ALTER TABLE orders_fill ADD CONSTRAINT fill_numbers_finite CHECK (price < 'NaN' AND quantity < 'NaN' AND fee < 'NaN');
-- Orders change a few times soon after they are made; the rest of the table is history.
ALTER TABLE orders_order SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
""" + "\n".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();"
    for table in TABLES
)

BACKWARD = "\n".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES) + """
ALTER TABLE orders_order RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE orders_fill DROP CONSTRAINT fill_numbers_finite;
ALTER TABLE orders_trade DROP CONSTRAINT trade_numbers_finite;
ALTER TABLE orders_order DROP CONSTRAINT order_numbers_finite;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("ledger", "0002_laws")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
