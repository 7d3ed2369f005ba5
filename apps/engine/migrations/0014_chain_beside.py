"""Every commit carries a hash over its fills and transfers and the commit before (``apps/engine/chain.py``).

The settlement functions get new names: the version before, which knows nothing of it, goes on writing through the former ones.
Against 0010 and 0005:

- two more parameters, the hash of the commit before and this one's. They raise TD003, and write nothing, when the first is not
  the hash of the newest commit, or, where that has none, what ``engine_chainstart`` says;
- the lease's row is locked against others of its kind: of two that would continue one commit, the second waits, and then sees
  that it is not the newest any more;
- a batch that is not journaled moves no money.
"""

from importlib import import_module

import django.db.models.functions.datetime
from django.db import migrations, models

_LEASE = "PERFORM 1 FROM engine_lease WHERE shard = p_shard AND epoch = p_epoch FOR SHARE;"
_IS_OVER = """        RAISE EXCEPTION 'epoch % of shard % is over', p_epoch, p_shard USING ERRCODE = 'TD001';
    END IF;
"""
_CONTINUES = """    IF p_journal IS NOT NULL THEN
        IF octet_length(p_hash) IS DISTINCT FROM 32 OR p_before IS DISTINCT FROM coalesce(
                (SELECT hash FROM engine_journal ORDER BY last_sequence DESC LIMIT 1),
                (SELECT hash_before FROM engine_chainstart WHERE after_sequence = coalesce(
                    (SELECT last_sequence FROM engine_journal ORDER BY last_sequence DESC LIMIT 1), 0))) THEN
            RAISE EXCEPTION 'the batch to % does not continue the chain', p_last USING ERRCODE = 'TD003';
        END IF;
    END IF;
"""
_IS_JOURNALED = """    IF p_journal IS NULL AND (x_id IS NOT NULL OR t_id IS NOT NULL OR n_id IS NOT NULL) THEN
        RAISE EXCEPTION 'money moves in a batch that is not journaled' USING ERRCODE = 'TD003';
    END IF;
"""
_COLUMNS = "INSERT INTO engine_journal (last_sequence, first_sequence, epoch, now_ns, inputs"
_VALUES = "VALUES (p_last, p_first, p_epoch, p_now_ns, p_journal"


def chained(migration: str, constant: str, name: str) -> str:
    """The function ``name`` as ``migration`` has it, chained. Raises ValueError when it is not the text that is expected."""
    text = str(getattr(import_module(f"apps.engine.migrations.{migration}"), constant))
    checked = _CONTINUES if name.endswith("_one") else _CONTINUES + _IS_JOURNALED
    for before, after in (
        (f"FUNCTION {name}(", f"FUNCTION {name}_chained("),
        ("p_journal bytea, p_outbox bytea,\n", "p_journal bytea, p_outbox bytea,\n    p_before bytea, p_hash bytea,\n"),
        (_LEASE, _LEASE.replace("FOR SHARE", "FOR UPDATE")),
        (_IS_OVER, _IS_OVER + checked),
        (f"{_COLUMNS})", f"{_COLUMNS}, hash)"),
        (f"{_VALUES})", f"{_VALUES}, p_hash)"),
    ):
        if text.count(before) != 1:
            raise ValueError(f"{name} must have this once: {before}")
        text = text.replace(before, after)
    return text.replace("CREATE OR REPLACE FUNCTION", "CREATE FUNCTION")


FORWARD = (
    chained("0010_settle_order_terms", "SETTLE", "engine_settle")
    + chained("0005_settle_event_text", "SETTLE_ONE", "engine_settle_one")
    + """
CREATE TRIGGER engine_chainstart_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON engine_chainstart
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""
)
BACKWARD = """
DROP TRIGGER engine_chainstart_append_only ON engine_chainstart;
DROP FUNCTION engine_settle_chained;
DROP FUNCTION engine_settle_one_chained;
"""


class Migration(migrations.Migration):
    dependencies = [("engine", "0013_settle_orders_per_second")]

    operations = [
        migrations.CreateModel(
            name="ChainStart",
            fields=[
                ("after_sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "hash_before",
                    models.BinaryField(help_text="What the first hash after it is made with: the last one before, or zeros."),
                ),
                ("epoch", models.IntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name="journal",
            name="hash",
            field=models.BinaryField(
                help_text="SHA-256 over the fills and transfers of this batch and the hash of the one before; docs/proof.md.",
                null=True,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
