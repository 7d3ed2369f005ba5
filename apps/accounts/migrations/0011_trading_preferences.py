"""What the owner of an account chose for its tickets.

Two new tables. Their keys take a lock on accounts and instruments for an instant; no row of those is read.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_orders_per_second"),
        ("instruments", "0005_state_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="TradingPreferences",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                (
                    "tolerance_bps",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="How far the price may have moved before an order is asked for again, in basis points.",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tolerance_bps__gte", 0), ("tolerance_bps__lte", 500)),
                        name="preferences_tolerance_in_bounds",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DefaultSize",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("quantity", models.DecimalField(decimal_places=8, max_digits=20)),
                (
                    "instrument",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="instruments.instrument"
                    ),
                ),
                (
                    "preferences",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sizes",
                        to="accounts.tradingpreferences",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("preferences", "instrument"), name="default_size_once_an_instrument"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("quantity__lt", 1000000000000)), name="default_size_in_bounds"
                    ),
                ],
            },
        ),
    ]
