"""How a position stood when its day began, and the fills as they were counted.

On a large table: columns with a constant default are added without a rewrite, and the constraint reads each position once. The
fills from before come with ``manage.py rebuild_portfolio``; until then an older position lists what came since.
"""

from django.db import migrations, models

# A NaN passes every other check.
FINITE = """
ALTER TABLE portfolio_positionfill ADD CONSTRAINT position_fill_numbers_finite CHECK (
  price < 'NaN' AND quantity < 'NaN' AND fee < 'NaN' AND quantity_after < 'NaN' AND cost_after < 'NaN' AND realized_pnl < 'NaN');
ALTER TABLE portfolio_position ADD CONSTRAINT position_day_numbers_finite CHECK (
  day_quantity < 'NaN' AND day_cost < 'NaN' AND day_realized_pnl < 'NaN');
"""
NOT_FINITE = """
ALTER TABLE portfolio_positionfill DROP CONSTRAINT position_fill_numbers_finite;
ALTER TABLE portfolio_position DROP CONSTRAINT position_day_numbers_finite;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0004_equity_is_finite'),
    ]

    operations = [
        migrations.CreateModel(
            name='PositionFill',
            fields=[
                ('account_id', models.BigIntegerField()),
                ('instrument_id', models.IntegerField()),
                ('trade_id', models.BigIntegerField()),
                ('order_id', models.BigIntegerField()),
                ('side', models.CharField(choices=[('BUY', 'BUY'), ('SELL', 'SELL')], max_length=4)),
                ('price', models.DecimalField(decimal_places=8, max_digits=20)),
                ('quantity', models.DecimalField(decimal_places=8, max_digits=20)),
                ('fee', models.DecimalField(decimal_places=8, max_digits=36)),
                ('at', models.DateTimeField()),
                ('quantity_after', models.DecimalField(decimal_places=8, max_digits=20)),
                ('cost_after', models.DecimalField(decimal_places=8, max_digits=36)),
                ('realized_pnl', models.DecimalField(decimal_places=8, help_text='Of this fill alone; a buy earns nothing.', max_digits=36)),
                ('pk', models.CompositePrimaryKey('account_id', 'instrument_id', 'trade_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.AddField(
            model_name='position',
            name='day',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='position',
            name='day_cost',
            field=models.DecimalField(db_default=0, decimal_places=8, default=0, max_digits=36),
        ),
        migrations.AddField(
            model_name='position',
            name='day_quantity',
            field=models.DecimalField(db_default=0, decimal_places=8, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name='position',
            name='day_realized_pnl',
            field=models.DecimalField(db_default=0, decimal_places=8, default=0, max_digits=36),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day_cost__gte', 0), ('day_quantity__gt', 0)), models.Q(('day_cost', 0), ('day_quantity', 0)), _connector='OR'), name='position_day_began_long_or_flat'),
        ),
        migrations.AddConstraint(
            model_name='positionfill',
            constraint=models.CheckConstraint(condition=models.Q(('fee__gte', 0), ('price__gt', 0), ('quantity__gt', 0)), name='position_fill_positive'),
        ),
        migrations.AddConstraint(
            model_name='positionfill',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cost_after__gte', 0), ('quantity_after__gt', 0)), models.Q(('cost_after', 0), ('quantity_after', 0)), _connector='OR'), name='position_fill_leaves_long_or_flat'),
        ),
        migrations.AddConstraint(
            model_name='positionfill',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('side', 'BUY'), _negated=True), ('realized_pnl', 0), _connector='OR'), name='position_fill_buy_earns_nothing'),
        ),
        migrations.RunSQL(FINITE, NOT_FINITE),
    ]
