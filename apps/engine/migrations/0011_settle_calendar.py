"""An instrument has a calendar. Otherwise the function is as 0010 made it."""

from importlib import import_module

from django.db import migrations

FORMER = str(import_module("apps.engine.migrations.0010_settle_order_terms").SETTLE_RARE)


def with_calendar() -> str:
    """0010's text with the column in each place where an instrument is written. Raises when it is not the text that is expected."""
    text = FORMER.replace("CREATE FUNCTION engine_settle_rare", "CREATE OR REPLACE FUNCTION engine_settle_rare")
    for before, after, times in (
        ("around_the_clock, state_changed_at)", "around_the_clock, calendar, state_changed_at)", 1),
        ("around_the_clock boolean)", "around_the_clock boolean, calendar text)", 2),
        ("around_the_clock = i.around_the_clock\n", "around_the_clock = i.around_the_clock, calendar = i.calendar\n", 1),
    ):
        if text.count(before) != times:
            raise RuntimeError(f"0010 has {before!r} {text.count(before)} times, not {times}")
        text = text.replace(before, after)
    return text


class Migration(migrations.Migration):
    dependencies = [("engine", "0010_settle_order_terms"), ("instruments", "0004_calendar")]

    operations = [migrations.RunSQL(with_calendar(), FORMER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))]
