"""The last hash of each closed day, append-only."""

import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER ledger_dayhash_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_dayhash
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_laws_of_statements")]

    operations = [
        migrations.CreateModel(
            name="DayHash",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("last_sequence", models.BigIntegerField(help_text="The engine's sequence after the last commit of the day.")),
                ("hash", models.BinaryField(help_text="The 32 bytes that the commit carries; docs/proof.md.")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunSQL(FORWARD, "DROP TRIGGER ledger_dayhash_append_only ON ledger_dayhash;"),
    ]
