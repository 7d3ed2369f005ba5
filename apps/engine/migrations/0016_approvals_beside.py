"""Who approved what a second person has to approve is written in the commit of what it did.

A batch that has such a command is written through a function of a new name, which calls the former one and adds the approvals;
every other batch is written as before. The table is new, so the version before runs on beside it.
"""

import re
from importlib import import_module

from django.db import migrations, models

_FORMER = str(import_module("apps.engine.migrations.0014_chain_beside").FORWARD)
_SIGNATURE = re.compile(r"CREATE FUNCTION engine_settle_chained\((.*?)\) RETURNS void", re.S)


def approved() -> str:
    """The function with the parameters that 0014's has. Raises ValueError when that is not the text that is expected."""
    found = _SIGNATURE.findall(_FORMER)
    if len(found) != 1:
        raise ValueError("0014 must make engine_settle_chained once")
    names = [each.split()[0] for each in found[0].split(",")]
    return f"""
CREATE FUNCTION engine_settle_approved({found[0]}) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM engine_settle_chained({", ".join(names)});
    INSERT INTO engine_approval (command_id, kind, reference, proposed_by, approved_by, at)
        SELECT a.*, p_at FROM jsonb_to_recordset(p_rare->'approvals')
            AS a (command_id text, kind text, reference bigint, proposed_by bigint, approved_by bigint);
END $function$;
"""


FORWARD = (
    approved()
    + """
CREATE TRIGGER engine_approval_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON engine_approval
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""
)
BACKWARD = """
DROP TRIGGER engine_approval_append_only ON engine_approval;
DROP FUNCTION engine_settle_approved;
"""


class Migration(migrations.Migration):
    dependencies = [("engine", "0015_proof_key_beside")]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("command_id", models.CharField(max_length=48, primary_key=True, serialize=False)),
                ("kind", models.CharField(help_text="The command's tag, such as ADJUST_BALANCE.", max_length=40)),
                ("reference", models.BigIntegerField(help_text="What it made or concerned: of an adjustment, its transfer.")),
                ("proposed_by", models.BigIntegerField(help_text="User id.")),
                ("approved_by", models.BigIntegerField(help_text="User id.")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="approval_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                        name="approval_by_somebody_else",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "ADJUST_BALANCE")),
                        fields=("reference",),
                        name="approval_one_of_an_adjustment",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
