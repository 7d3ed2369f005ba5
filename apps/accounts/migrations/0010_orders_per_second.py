"""An account's own limit of orders a second, below the venue's.

An empty column without a default: no row is rewritten. The check reads the table once, under its lock: a fraction of a second for a
million accounts, whose engine waits meanwhile.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_api_keys")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="orders_per_second",
            field=models.SmallIntegerField(
                blank=True, help_text="How many orders may be sent in a second; empty: the venue's own limit.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("orders_per_second__isnull", True), ("orders_per_second__gt", 0), _connector="OR"),
                name="account_orders_per_second_positive",
            ),
        ),
    ]
