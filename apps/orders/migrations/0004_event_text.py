"""The document of an event as text: it is written once, read whole, and parsing it was the dearest part of a settlement."""

import apps.orders.fields
from django.db import migrations

CHECK = "ALTER TABLE orders_accountevent ADD CONSTRAINT account_event_is_an_object CHECK (starts_with(data, '{'))"
NO_CHECK = "ALTER TABLE orders_accountevent DROP CONSTRAINT account_event_is_an_object"


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_event_position")]

    operations = [
        migrations.AlterField(
            model_name="accountevent",
            name="data",
            field=apps.orders.fields.DocumentField(help_text="The event as it was published, numbers as strings."),
        ),
        migrations.RunSQL(CHECK, NO_CHECK),
    ]
