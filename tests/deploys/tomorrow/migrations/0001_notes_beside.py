from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_open_orders_of_account")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE tomorrow_note (id bigint PRIMARY KEY, order_id bigint NOT NULL, text text NOT NULL);"
            "ALTER TABLE orders_order ADD COLUMN shade integer NULL;"
            "ALTER TABLE orders_order ADD COLUMN weight integer DEFAULT 1 NOT NULL"
        )
    ]
