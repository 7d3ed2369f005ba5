from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tomorrow", "0002_index_beside")]

    operations = [migrations.RunSQL("ALTER TABLE ledger_ledgeraccount ADD COLUMN shade integer NULL")]
