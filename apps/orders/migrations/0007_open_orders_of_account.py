"""Open orders are asked for by their account, on every page of a customer, and by instrument alone by nobody but a start, which
reads all of them: so the index of the open ones begins with the account.

It is built beside the old one, while the table is written to; both hold open orders alone, so what takes long is one reading of the
table (six seconds for ten million orders). An index that an interrupted build left behind is dropped first.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

_OPEN = ("WAITING", "ACCEPTED", "PARTIALLY_FILLED")


class Migration(migrations.Migration):
    atomic = False  # an index cannot be built concurrently within a transaction

    dependencies = [("orders", "0006_order_terms")]

    operations = [
        migrations.RunSQL(
            ["SET statement_timeout = 0", "SET lock_timeout = 0", "DROP INDEX CONCURRENTLY IF EXISTS order_open_of_account"],
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            "order",
            models.Index(fields=["account", "-id"], condition=models.Q(status__in=_OPEN), name="order_open_of_account"),
        ),
        RemoveIndexConcurrently("order", "order_open"),
        migrations.RunSQL(["RESET statement_timeout", "RESET lock_timeout"], migrations.RunSQL.noop),
    ]
