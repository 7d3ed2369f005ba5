"""Orders that wait for a trigger, and the terms that only some orders have, in a table of their own.

The constraints of orders_order are made anew and so read the whole table once, under its lock: about a second for a million
orders. The engine must be stopped.
"""

import apps.orders.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_trading_safeguards'),
        ('instruments', '0003_sessions_and_bands'),
        ('orders', '0005_fills_by_trade'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderTerms',
            fields=[
                ('order', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='terms', serialize=False, to='orders.order')),
                ('trigger_price', models.DecimalField(blank=True, decimal_places=8, help_text='The reference that sets it off; a trailing one moves.', max_digits=20, null=True)),
                ('trail_amount', models.DecimalField(blank=True, decimal_places=8, max_digits=20, null=True)),
                ('trail_bps', models.PositiveIntegerField(blank=True, help_text='Distance in basis points of the reference.', null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('post_only', models.BooleanField(default=False)),
                ('reduce_only', models.BooleanField(default=False)),
                ('priority', models.BigIntegerField(help_text="Its place in the queue: the engine's sequence when it took it.")),
                ('link_id', models.BigIntegerField(blank=True, help_text='Orders of one link cancel each other.', null=True)),
                ('parent_id', models.BigIntegerField(blank=True, help_text='The entry that this exit belongs to.', null=True)),
                ('exits', apps.orders.fields.DocumentField(blank=True, help_text="Of a bracket's entry: its target and its stop, as asked for.", null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_price_fits_type',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_holds_money_while_open',
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='order_open',
        ),
        migrations.AlterField(
            model_name='order',
            name='order_type',
            field=models.CharField(choices=[('MARKET', 'MARKET'), ('LIMIT', 'LIMIT'), ('STOP', 'STOP'), ('STOP_LIMIT', 'STOP_LIMIT'), ('TRAILING_STOP', 'TRAILING_STOP'), ('TAKE_PROFIT', 'TAKE_PROFIT')], max_length=16),
        ),
        migrations.AlterField(
            model_name='order',
            name='status',
            field=models.CharField(choices=[('WAITING', 'WAITING'), ('ACCEPTED', 'ACCEPTED'), ('PARTIALLY_FILLED', 'PARTIALLY_FILLED'), ('FILLED', 'FILLED'), ('CANCELED', 'CANCELED'), ('EXPIRED', 'EXPIRED'), ('DENIED', 'DENIED'), ('REJECTED', 'REJECTED')], max_length=18),
        ),
        migrations.AlterField(
            model_name='order',
            name='time_in_force',
            field=models.CharField(choices=[('GTC', 'GTC'), ('DAY', 'DAY'), ('GTD', 'GTD'), ('IOC', 'IOC'), ('FOK', 'FOK')], max_length=4),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('status__in', ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED'))), fields=['instrument', 'id'], name='order_open'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order_type__in', ('LIMIT', 'STOP_LIMIT')), ('price__gt', 0)), models.Q(models.Q(('order_type__in', ('LIMIT', 'STOP_LIMIT')), _negated=True), ('price__isnull', True)), _connector='OR'), name='order_price_fits_type'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'ACCEPTED', 'PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'EXPIRED', 'DENIED', 'REJECTED'])), name='order_status_known'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'WAITING'), _negated=True), models.Q(('filled_quantity', 0), ('order_type__in', ('STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'TAKE_PROFIT'))), _connector='OR'), name='order_waits_for_a_trigger'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held__gt', 0), ('status__in', ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED'))), models.Q(models.Q(('status__in', ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED')), _negated=True), ('held', 0)), _connector='OR'), name='order_holds_money_while_open'),
        ),
        migrations.AddIndex(
            model_name='orderterms',
            index=models.Index(condition=models.Q(('link_id__isnull', False)), fields=['link_id'], name='terms_of_link'),
        ),
        migrations.AddIndex(
            model_name='orderterms',
            index=models.Index(condition=models.Q(('parent_id__isnull', False)), fields=['parent_id'], name='terms_of_parent'),
        ),
        migrations.AddConstraint(
            model_name='orderterms',
            constraint=models.CheckConstraint(condition=models.Q(('trigger_price__isnull', True), ('trigger_price__gt', 0), _connector='OR'), name='terms_trigger_positive'),
        ),
        migrations.AddConstraint(
            model_name='orderterms',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('trail_amount__isnull', True), ('trail_bps__isnull', True)), models.Q(('trail_amount__gt', 0), ('trail_bps__isnull', True), ('trigger_price__isnull', False)), models.Q(('trail_amount__isnull', True), ('trail_bps__gt', 0), ('trail_bps__lt', 10000), ('trigger_price__isnull', False)), _connector='OR'), name='terms_trail_is_one_distance'),
        ),
        migrations.AddConstraint(
            model_name='orderterms',
            constraint=models.CheckConstraint(condition=models.Q(('priority__gt', 0)), name='terms_priority_positive'),
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_orderterms ADD CONSTRAINT terms_numbers_finite"
            " CHECK (trigger_price < 'NaN' AND trail_amount < 'NaN');",
            "ALTER TABLE orders_orderterms DROP CONSTRAINT terms_numbers_finite;",
        ),
    ]
