"""A NaN passes every other check."""

from django.db import migrations

FORWARD = """
ALTER TABLE portfolio_equitysnapshot ADD CONSTRAINT equity_snapshot_numbers_finite CHECK (value < 'NaN' AND deposits < 'NaN');
"""
BACKWARD = "ALTER TABLE portfolio_equitysnapshot DROP CONSTRAINT equity_snapshot_numbers_finite;"


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0003_equity_snapshots")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
