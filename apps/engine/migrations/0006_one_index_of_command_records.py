"""Command ids are looked up whole: the index that Django adds for LIKE on a text key was written with every cancel and only
stood in for the key's own."""

from django.db import migrations

NAME = "engine_commandrecord_command_id_3137a814_like"


class Migration(migrations.Migration):
    dependencies = [("engine", "0005_settle_event_text")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {NAME}",
            f"CREATE INDEX {NAME} ON engine_commandrecord (command_id varchar_pattern_ops)",
        )
    ]
