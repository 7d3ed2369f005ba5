"""The public halves of the keys that proofs are signed with, append-only."""

import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER engine_proofkey_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON engine_proofkey
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("engine", "0014_chain_beside")]

    operations = [
        migrations.CreateModel(
            name="ProofKey",
            fields=[
                ("public_key", models.CharField(help_text="Of Ed25519, in hexadecimal digits.", max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunSQL(FORWARD, "DROP TRIGGER engine_proofkey_append_only ON engine_proofkey;"),
    ]
