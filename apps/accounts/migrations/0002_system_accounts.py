"""The three accounts that are nobody's: the house, the fees, and the world outside. Customers' ids start at 1000."""

from django.db import migrations

# The sequence first: a table cannot be altered while its new rows' foreign keys still wait for their check.
FORWARD = """
ALTER TABLE accounts_account ALTER COLUMN id RESTART WITH 1000;
INSERT INTO accounts_account (id, kind, status, opened_at) VALUES
    (1, 'HOUSE', 'ACTIVE', now()), (2, 'FEES', 'ACTIVE', now()), (3, 'EXTERNAL', 'ACTIVE', now());
"""

BACKWARD = "DELETE FROM accounts_account WHERE id IN (1, 2, 3);"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
