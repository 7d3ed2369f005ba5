"""What pages showed when orders were sent from them: a table of its own, whose rows are written once and removed when they are old."""

from django.db import migrations, models

WRITTEN_ONCE = """
CREATE TRIGGER receipts_shown_written_once BEFORE UPDATE ON receipts_shownquote
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0002_written_once"), ("ledger", "0002_laws")]

    operations = [
        migrations.CreateModel(
            name="ShownQuote",
            fields=[
                ("order_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("account_id", models.BigIntegerField()),
                ("epoch", models.BigIntegerField(help_text="With the sequence, which quote of the feed.")),
                ("sequence", models.BigIntegerField()),
                ("quoted_at", models.DateTimeField(help_text="The feed's instant, to the millisecond.")),
                ("bid", models.DecimalField(decimal_places=8, max_digits=20)),
                ("ask", models.DecimalField(decimal_places=8, max_digits=20)),
                ("was_asked", models.BooleanField(help_text="The page had asked again, and this is the price that was confirmed.")),
                ("noted_at", models.DateTimeField(help_text="When the row was made: it is kept as long as a receipt.")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(bid__gt=0, ask__gt=0, epoch__gte=0, sequence__gte=0), name="shown_quote_positive"
                    ),
                ],
            },
        ),
        migrations.RunSQL(WRITTEN_ONCE, "DROP TRIGGER receipts_shown_written_once ON receipts_shownquote;"),
    ]
