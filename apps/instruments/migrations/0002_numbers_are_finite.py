"""NaN passes every other check (Postgres sorts it above all numbers) and turns each sum into NaN: refuse it."""

from django.db import migrations

FORWARD = """
ALTER TABLE instruments_instrument ADD CONSTRAINT instrument_numbers_finite
    CHECK (tick_size < 'NaN' AND lot_size < 'NaN' AND max_quantity < 'NaN' AND max_notional < 'NaN');
"""

BACKWARD = "ALTER TABLE instruments_instrument DROP CONSTRAINT instrument_numbers_finite;"


class Migration(migrations.Migration):
    dependencies = [("instruments", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
