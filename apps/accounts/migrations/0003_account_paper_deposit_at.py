from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_system_accounts")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="paper_deposit_at",
            field=models.DateTimeField(
                blank=True, help_text="When the engine's answer for the paper deposit was seen; empty: it is asked again.", null=True
            ),
        ),
    ]
