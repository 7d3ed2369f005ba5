"""An account's own limits, below the venue's.

Two empty columns without a default: no row is rewritten. The checks read the table once, a fraction of a second for a million
accounts, whose engine waits meanwhile. NaN passes every comparison that is no upper bound, so it is refused by one.
"""

from django.db import migrations, models

FINITE = """
ALTER TABLE accounts_account ADD CONSTRAINT account_numbers_finite CHECK (max_order_notional < 'NaN');
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_account_paper_deposit_at")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="max_open_orders",
            field=models.SmallIntegerField(
                blank=True, help_text="How many orders may be open at once; empty: the venue's own limit.", null=True
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="max_order_notional",
            field=models.DecimalField(
                blank=True,
                decimal_places=8,
                help_text="Largest value of one order, in its quote currency; empty: the instrument's own limit alone.",
                max_digits=28,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_open_orders__isnull", True), ("max_open_orders__gte", 0), _connector="OR"),
                name="account_max_open_orders_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_order_notional__isnull", True), ("max_order_notional__gt", 0), _connector="OR"),
                name="account_max_order_notional_positive",
            ),
        ),
        migrations.RunSQL(FINITE, "ALTER TABLE accounts_account DROP CONSTRAINT account_numbers_finite;"),
    ]
