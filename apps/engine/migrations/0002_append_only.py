"""The journal and the command records are written once and read for ever."""

from django.db import migrations

TABLES = ("engine_journal", "engine_commandrecord")

# Compression would cost the settlement more than the bytes it saves: the values are written once and read almost never.
FORWARD = """
ALTER TABLE engine_journal ALTER COLUMN inputs SET STORAGE EXTERNAL;
ALTER TABLE eventlog_outboxbatch ALTER COLUMN messages SET STORAGE EXTERNAL;
""" + "\n".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();"
    for table in TABLES
)

BACKWARD = "\n".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES) + """
ALTER TABLE eventlog_outboxbatch ALTER COLUMN messages SET STORAGE EXTENDED;
ALTER TABLE engine_journal ALTER COLUMN inputs SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("engine", "0001_initial"), ("ledger", "0002_laws"), ("eventlog", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
