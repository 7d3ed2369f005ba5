"""Statements, the ends of days and found differences are append-only, and their numbers finite: held by the database itself."""

from django.db import migrations

TABLES = ("businessday", "dailystatement", "dailystatementline", "reconciliationdifference")

FORWARD = """
ALTER TABLE ledger_dailystatementline ADD CONSTRAINT daily_statement_line_numbers_finite CHECK (
    opening < 'NaN' AND deposits < 'NaN' AND withdrawals < 'NaN' AND trades < 'NaN' AND fees < 'NaN' AND adjustments < 'NaN'
    AND closing < 'NaN');
""" + "".join(
    f"""
CREATE TRIGGER ledger_{table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""
    for table in TABLES
)

BACKWARD = "".join(f"DROP TRIGGER ledger_{table}_append_only ON ledger_{table};\n" for table in TABLES) + (
    "ALTER TABLE ledger_dailystatementline DROP CONSTRAINT daily_statement_line_numbers_finite;"
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_daily_statements")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
