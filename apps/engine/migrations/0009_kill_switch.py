
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0008_settle_account_limits'),
    ]

    operations = [
        migrations.AddField(
            model_name='lease',
            name='is_killed',
            field=models.BooleanField(db_default=False, default=False, help_text='The kill switch of the whole venue.'),
        ),
        migrations.AddField(
            model_name='lease',
            name='kill_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
    ]
