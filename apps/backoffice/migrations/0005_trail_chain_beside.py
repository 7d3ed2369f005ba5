"""The chain over the trail: a table of its own, which may lose the salt of erased texts and nothing else."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION backoffice_keep_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.salt IS NOT NULL AND NEW.salt IS NULL THEN
        IF ROW(NEW.number, NEW.entry_id, NEW.of_outcome, NEW.texts, NEW.hash)
           IS NOT DISTINCT FROM ROW(OLD.number, OLD.entry_id, OLD.of_outcome, OLD.texts, OLD.hash) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the chain over the trail is append-only: % refused', TG_OP USING ERRCODE = '23514';
END $$;

CREATE TRIGGER backoffice_links_kept BEFORE UPDATE OR DELETE ON backoffice_traillink
    FOR EACH ROW EXECUTE FUNCTION backoffice_keep_links();
CREATE TRIGGER backoffice_links_not_emptied BEFORE TRUNCATE ON backoffice_traillink
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""

BACKWARD = """
DROP TRIGGER backoffice_links_not_emptied ON backoffice_traillink;
DROP TRIGGER backoffice_links_kept ON backoffice_traillink;
DROP FUNCTION backoffice_keep_links();
"""


class Migration(migrations.Migration):
    dependencies = [("backoffice", "0004_proposals_beside"), ("ledger", "0002_laws")]

    operations = [
        migrations.CreateModel(
            name="TrailLink",
            fields=[
                (
                    "number",
                    models.BigIntegerField(help_text="From 1 on, without a gap.", primary_key=True, serialize=False),
                ),
                ("of_outcome", models.BooleanField()),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("texts", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="backoffice.trailentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "of_outcome"), name="trail_link_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="trail_link_number"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
