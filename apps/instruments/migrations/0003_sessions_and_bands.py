
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('instruments', '0002_numbers_are_finite'),
    ]

    operations = [
        migrations.CreateModel(
            name='TradingSession',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pre_open_at', models.DateTimeField()),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='instrument',
            name='instrument_state_known',
        ),
        migrations.AddField(
            model_name='instrument',
            name='around_the_clock',
            field=models.BooleanField(db_default=True, default=True, help_text='Never closes; the end of a session only expires day orders.'),
        ),
        migrations.AddField(
            model_name='instrument',
            name='band_bps',
            field=models.PositiveIntegerField(db_default=1000, default=1000, help_text='How far one tick may be from the one before it, in basis points.'),
        ),
        migrations.AddField(
            model_name='instrument',
            name='is_sweeping',
            field=models.BooleanField(db_default=False, default=False, help_text='Its open orders are being canceled by the kill switch.'),
        ),
        migrations.AddField(
            model_name='instrument',
            name='paused_until',
            field=models.DateTimeField(blank=True, help_text='Of a pause that ends by itself.', null=True),
        ),
        migrations.AlterField(
            model_name='instrument',
            name='trading_state',
            field=models.CharField(choices=[('PRE_OPEN', 'PRE_OPEN'), ('OPEN', 'OPEN'), ('HALTED', 'HALTED'), ('CLOSED', 'CLOSED')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='instrument',
            constraint=models.CheckConstraint(condition=models.Q(('band_bps__gt', 0)), name='instrument_band_positive'),
        ),
        migrations.AddConstraint(
            model_name='instrument',
            constraint=models.CheckConstraint(condition=models.Q(('paused_until__isnull', True), ('trading_state', 'HALTED'), _connector='OR'), name='instrument_paused_is_halted'),
        ),
        migrations.AddConstraint(
            model_name='instrument',
            constraint=models.CheckConstraint(condition=models.Q(('trading_state__in', ['PRE_OPEN', 'OPEN', 'HALTED', 'CLOSED'])), name='instrument_state_known'),
        ),
        migrations.AddField(
            model_name='tradingsession',
            name='instrument',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='instruments.instrument'),
        ),
        migrations.AddConstraint(
            model_name='tradingsession',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at')), ('pre_open_at__lte', models.F('opens_at'))), name='session_in_order'),
        ),
        migrations.AddConstraint(
            model_name='tradingsession',
            constraint=models.UniqueConstraint(fields=('instrument', 'closes_at'), name='session_once_in_its_instrument'),
        ),
    ]
