
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_confirmed_addresses'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='dead_man_at',
            field=models.DateTimeField(blank=True, help_text='When all open orders are canceled unless the switch is renewed; empty: it is off.', null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='self_trade_prevention',
            field=models.CharField(choices=[('CANCEL_NEWEST', 'CANCEL_NEWEST'), ('CANCEL_OLDEST', 'CANCEL_OLDEST'), ('CANCEL_BOTH', 'CANCEL_BOTH'), ('DECREMENT', 'DECREMENT')], db_default='CANCEL_NEWEST', default='CANCEL_NEWEST', help_text='What happens when an order would trade with another of the same account.', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('self_trade_prevention__in', ['CANCEL_NEWEST', 'CANCEL_OLDEST', 'CANCEL_BOTH', 'DECREMENT'])), name='account_self_trade_prevention_known'),
        ),
    ]
