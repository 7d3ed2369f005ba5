"""An account has a limit of orders a second. Otherwise the function is as 0011 made it; no table is touched."""

from importlib import import_module

from django.db import migrations

FORMER = str(import_module("apps.engine.migrations.0011_settle_calendar").with_calendar())


def with_pace() -> str:
    """0011's text with the column where an account is written. Raises when it is not the text that is expected."""
    text = FORMER
    for before, after in (
        (
            "max_order_notional = a.max_order_notional,",
            "max_order_notional = a.max_order_notional, orders_per_second = a.orders_per_second,",
        ),
        (
            "max_order_notional numeric, self_trade_prevention text",
            "max_order_notional numeric, orders_per_second smallint, self_trade_prevention text",
        ),
    ):
        if text.count(before) != 1:
            raise RuntimeError(f"0011 has {before!r} {text.count(before)} times, not once")
        text = text.replace(before, after)
    return text


class Migration(migrations.Migration):
    dependencies = [("engine", "0012_invariant_report"), ("accounts", "0010_orders_per_second")]

    operations = [migrations.RunSQL(with_pace(), FORMER)]
