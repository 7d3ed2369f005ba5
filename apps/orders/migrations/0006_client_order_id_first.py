"""The unique index of (account, client order id) with its columns turned round, so that it finds a client's id without the account.

No index more to write with an order. The new one is built while orders go on being placed; then the law moves over to it in one
statement, which reads no row and holds its lock for an instant. Between the two both are there, so the law holds throughout.
A build that was interrupted leaves an invalid index behind: the first step clears it away.
"""

from django.db import migrations, models

NAME = "order_client_order_id_once"


def turn(name: str, columns: str) -> list[str]:
    return [
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new",
        "SET statement_timeout = 0",
        "SET lock_timeout = 0",  # it waits for the transactions that are under way, and bars nobody meanwhile
        f"CREATE UNIQUE INDEX CONCURRENTLY {name}_new ON orders_order ({columns})",
        "RESET statement_timeout",
        "RESET lock_timeout",
        f"ALTER TABLE orders_order DROP CONSTRAINT {name}, ADD CONSTRAINT {name} UNIQUE USING INDEX {name}_new",
    ]


class Migration(migrations.Migration):
    atomic = False  # an index cannot be built concurrently within a transaction
    dependencies = [("orders", "0005_fills_by_trade")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(turn(NAME, "client_order_id, account_id"), turn(NAME, "account_id, client_order_id"))
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name=NAME),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(fields=("client_order_id", "account"), name=NAME),
                ),
            ],
        )
    ]
