"""By whose calendar an instrument's sessions are made. A constant default: no row is rewritten; there are some dozen anyway."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("instruments", "0003_sessions_and_bands")]

    operations = [
        migrations.AddField(
            model_name="instrument",
            name="calendar",
            field=models.CharField(
                db_default="24x7",
                default="24x7",
                help_text="By whose calendar its sessions are made: 24x7, or an exchange.",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_sweeping", False), models.Q(("paused_until__isnull", True), ("trading_state", "HALTED")), _connector="OR"),
                name="instrument_swept_is_halted",
            ),
        ),
    ]
