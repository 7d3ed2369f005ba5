"""Which log the stored positions are of. A new table of one row: nothing that exists is touched or locked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0002_embedded_log")]

    operations = [
        migrations.CreateModel(
            name="LogInUse",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("identity", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="log_in_use_is_one")],
            },
        ),
    ]
