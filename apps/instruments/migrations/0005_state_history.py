"""When an instrument's trading state changed, and when the venue's kill switch was moved: a table that a trigger writes.

A trigger, because what it says must not depend on the code that is to be checked by it, and because it costs nothing where it
matters: these rows change some times a day, and a settlement of orders touches none of them. The history begins with this
migration, with every instrument as it is now; there are some dozen.
"""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION instruments_keep_state() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    -- The journal's row of a batch is written after this: what is newest there is the batch before it.
    INSERT INTO instruments_statechange (instrument_id, state, after_sequence, at)
        VALUES (NEW.id, NEW.trading_state, coalesce((SELECT max(last_sequence) FROM engine_journal), 0), clock_timestamp());
    RETURN NULL;
END $function$;

CREATE FUNCTION instruments_keep_switch() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO instruments_statechange (instrument_id, state, after_sequence, at)
        VALUES (NULL, CASE WHEN NEW.is_killed THEN 'KILLED' ELSE 'OPEN' END,
                coalesce((SELECT max(last_sequence) FROM engine_journal), 0), clock_timestamp());
    RETURN NULL;
END $function$;

INSERT INTO instruments_statechange (instrument_id, state, after_sequence, at)
    SELECT id, trading_state, coalesce((SELECT max(last_sequence) FROM engine_journal), 0), clock_timestamp()
    FROM instruments_instrument ORDER BY id;
INSERT INTO instruments_statechange (instrument_id, state, after_sequence, at)
    SELECT NULL, 'KILLED', coalesce((SELECT max(last_sequence) FROM engine_journal), 0), clock_timestamp()
    FROM engine_lease WHERE is_killed;

CREATE TRIGGER instruments_state_made AFTER INSERT ON instruments_instrument
    FOR EACH ROW EXECUTE FUNCTION instruments_keep_state();
CREATE TRIGGER instruments_state_moved AFTER UPDATE OF trading_state ON instruments_instrument
    FOR EACH ROW WHEN (OLD.trading_state IS DISTINCT FROM NEW.trading_state) EXECUTE FUNCTION instruments_keep_state();
CREATE TRIGGER instruments_switch_moved AFTER UPDATE OF is_killed ON engine_lease
    FOR EACH ROW WHEN (OLD.is_killed IS DISTINCT FROM NEW.is_killed) EXECUTE FUNCTION instruments_keep_switch();
CREATE TRIGGER instruments_statechange_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON instruments_statechange
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""

FORGET = """
DROP TRIGGER instruments_statechange_append_only ON instruments_statechange;
DROP TRIGGER instruments_switch_moved ON engine_lease;
DROP TRIGGER instruments_state_moved ON instruments_instrument;
DROP TRIGGER instruments_state_made ON instruments_instrument;
DROP FUNCTION instruments_keep_state();
DROP FUNCTION instruments_keep_switch();
"""


class Migration(migrations.Migration):
    dependencies = [("instruments", "0004_calendar"), ("engine", "0011_settle_calendar"), ("ledger", "0002_laws")]

    operations = [
        migrations.CreateModel(
            name="StateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=12)),
                ("after_sequence", models.BigIntegerField(help_text="The engine's sequence before the batch that changed it.")),
                ("at", models.DateTimeField()),
                (
                    "instrument",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Empty: the venue.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="instruments.instrument",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["instrument", "after_sequence"], name="state_change_in_sequence")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(instrument__isnull=False, state__in=["PRE_OPEN", "OPEN", "HALTED", "CLOSED"])
                        | models.Q(instrument__isnull=True, state__in=["OPEN", "KILLED"]),
                        name="state_change_known",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
