from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tomorrow", "0001_notes_beside")]

    operations = [migrations.RunSQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS order_of_tomorrow ON orders_order (shade)")]
