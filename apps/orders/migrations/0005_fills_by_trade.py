"""The fills of an order are found by the trades that its events name: one index less to write with every fill."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_event_text")]

    operations = [migrations.RemoveIndex(model_name="fill", name="fill_of_order")]
