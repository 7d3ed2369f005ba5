"""A command's id is unique within its scope: the account for a customer's command, 0 for the venue's own.

It used to be unique among all, so that a customer could take an id that another's command was going to have. Who had asked was
not kept with the older records. One that names an account therefore answers in both scopes: a repeat is still a repeat,
whoever sends it.
"""

from importlib import import_module

import django.db.models
from django.db import migrations, models

FORWARD = """
ALTER TABLE engine_commandrecord ADD COLUMN scope bigint NOT NULL DEFAULT 0;
ALTER TABLE engine_commandrecord ALTER COLUMN scope DROP DEFAULT;
ALTER TABLE engine_commandrecord DROP CONSTRAINT engine_commandrecord_pkey;
ALTER TABLE engine_commandrecord ADD CONSTRAINT engine_commandrecord_pkey PRIMARY KEY (scope, command_id);
INSERT INTO engine_commandrecord (scope, command_id, account_id, body_digest, answer, at)
    SELECT account_id, command_id, account_id, body_digest, answer, at FROM engine_commandrecord WHERE account_id IS NOT NULL;
"""

# Ids of different scopes may be equal by now; of those, the way back keeps the first that was given.
BACKWARD = """
ALTER TABLE engine_commandrecord DISABLE TRIGGER engine_commandrecord_append_only;
DELETE FROM engine_commandrecord r USING engine_commandrecord o
    WHERE o.command_id = r.command_id AND (o.at, o.scope) < (r.at, r.scope);
ALTER TABLE engine_commandrecord ENABLE TRIGGER engine_commandrecord_append_only;
ALTER TABLE engine_commandrecord DROP CONSTRAINT engine_commandrecord_pkey;
ALTER TABLE engine_commandrecord DROP COLUMN scope;
ALTER TABLE engine_commandrecord ADD CONSTRAINT engine_commandrecord_pkey PRIMARY KEY (command_id);
"""

FORMER = str(import_module("apps.engine.migrations.0005_settle_event_text").SETTLE)
#: What changes in the function: one more parameter, and the column it fills.
CHANGES = (
    ("    r_id text[], r_account", "    r_scope bigint[], r_id text[], r_account"),
    ("engine_commandrecord (command_id, account_id,", "engine_commandrecord (scope, command_id, account_id,"),
    ("SELECT id, account, digest, answer, p_at", "SELECT scope, id, account, digest, answer, p_at"),
    (
        "unnest(r_id, r_account, r_digest, r_answer) AS u (id, account,",
        "unnest(r_scope, r_id, r_account, r_digest, r_answer) AS u (scope, id, account,",
    ),
)


def scoped() -> str:
    """The settlement function as it is now; raises ValueError when the former is not what these changes were written for."""
    function = FORMER
    for before, after in CHANGES:
        if function.count(before) != 1:
            raise ValueError(f"the settlement function must have this once: {before}")
        function = function.replace(before, after)
    return function


class Migration(migrations.Migration):
    dependencies = [("engine", "0006_one_index_of_command_records")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARD, BACKWARD)],
            state_operations=[
                migrations.DeleteModel("CommandRecord"),
                migrations.CreateModel(
                    "CommandRecord",
                    [
                        ("pk", django.db.models.CompositePrimaryKey(
                            "scope", "command_id", blank=True, editable=False, primary_key=True, serialize=False,
                        )),
                        ("scope", models.BigIntegerField(
                            help_text="The account whose customer asked; 0 for the venue's own people and processes.",
                        )),
                        ("command_id", models.CharField(max_length=48)),
                        ("account_id", models.BigIntegerField(null=True, blank=True)),
                        ("body_digest", models.BinaryField(
                            help_text="16 bytes of BLAKE2b over the command without its actor and correlation id.",
                        )),
                        ("answer", models.BinaryField(help_text="MessagePack, as it was sent.")),
                        ("at", models.DateTimeField()),
                    ],
                ),
            ],
        ),
        migrations.RunSQL("DROP FUNCTION engine_settle;" + scoped(), "DROP FUNCTION engine_settle;" + FORMER),
    ]  # fmt: skip
