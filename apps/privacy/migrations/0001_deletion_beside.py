"""Who asked for a deletion, and the narrow doors through which one overwrites what nothing else may.

A door is open in one transaction alone: the one that ends a deletion, which is known by its own instant. Through it go a person's row
(``privacy_overwrite_user``), and in the two append-only tables of the staff the texts that people typed about the person, which
become one fixed word. Who, what, on whom and when stays as it was.

The former version runs on beside: both functions of triggers refuse what they refused, in every transaction that it can make.
"""

import datetime

import django.db.models.functions.datetime
from django.db import migrations, models

OPEN = models.Q(("done_at__isnull", True), ("undone_at__isnull", True))

FUNCTIONS = """
CREATE FUNCTION privacy_ends_a_deletion() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM privacy_deletion WHERE done_at = transaction_timestamp())
$$;

-- The next two do what the owner may: whoever runs jobs changes nobody's row but that of somebody whose deletion is due.
-- Closes the log-in of a person whose deletion is about to be carried out, or opens it again when it is put off after all.
CREATE FUNCTION privacy_shut_user(of_user bigint, is_shut boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE accounts_user SET is_active = NOT is_shut WHERE id = of_user AND EXISTS (
        SELECT FROM privacy_deletion d WHERE d.user_id = of_user AND d.undone_at IS NULL AND d.done_at IS NULL
            AND d.due_at <= transaction_timestamp() AND d.shut_at IS NOT NULL);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % has no deletion that is being carried out', of_user USING ERRCODE = '23514';
    END IF;
END $$;

CREATE FUNCTION privacy_overwrite_user(of_user bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE accounts_user SET email = 'deleted-' || id || '@deleted.invalid', password = '!', name = '', time_zone = 'UTC',
        is_active = false, last_login = NULL
    WHERE id = of_user AND role = 'CUSTOMER' AND EXISTS (
        SELECT FROM privacy_deletion d WHERE d.user_id = of_user AND d.done_at = transaction_timestamp());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % is not being deleted', of_user USING ERRCODE = '23514';
    END IF;
END $$;
"""

FUNCTIONS_GONE = """
DROP FUNCTION privacy_overwrite_user;
DROP FUNCTION privacy_shut_user;
DROP FUNCTION privacy_ends_a_deletion;
"""

_TRAIL_KEPT = """
CREATE OR REPLACE FUNCTION backoffice_keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome = '' THEN
        IF ROW(NEW.id, NEW.at, NEW.kind, NEW.actor_id, NEW.action, NEW.subject, NEW.account_id, NEW.reason, NEW.command_id,
               NEW.before, NEW.after)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.at, OLD.kind, OLD.actor_id, OLD.action, OLD.subject, OLD.account_id, OLD.reason, OLD.command_id,
               OLD.before, OLD.after) THEN
            RETURN NEW;
        END IF;
    END IF;{door}
    RAISE EXCEPTION 'the trail is append-only: % refused', TG_OP USING ERRCODE = '23514';
END $$;
"""
_TRAIL_DOOR = """
    IF TG_OP = 'UPDATE' AND OLD.kind = 'LOOK' THEN
        IF ROW(NEW.id, NEW.at, NEW.kind, NEW.actor_id, NEW.action, NEW.account_id, NEW.command_id, NEW.before, NEW.after,
               NEW.outcome)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.at, OLD.kind, OLD.actor_id, OLD.action, OLD.account_id, OLD.command_id, OLD.before, OLD.after,
               OLD.outcome)
           AND NEW.reason IN (OLD.reason, '[deleted]') AND NEW.subject IN (OLD.subject, '[deleted]') AND privacy_ends_a_deletion() THEN
            RETURN NEW;
        END IF;
    END IF;"""

_REQUESTS_KEPT = """
CREATE OR REPLACE FUNCTION backoffice_keep_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome = '' AND NEW.outcome <> '' THEN
        IF ROW(NEW.id, NEW.made_at, NEW.made_by_id, NEW.kind, NEW.account_id, NEW.order_id, NEW.reason, NEW.form_id)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.made_at, OLD.made_by_id, OLD.kind, OLD.account_id, OLD.order_id, OLD.reason, OLD.form_id) THEN
            RETURN NEW;
        END IF;
    END IF;{door}
    RAISE EXCEPTION 'requests are append-only: % refused', TG_OP USING ERRCODE = '23514';
END $$;
"""
_REQUESTS_DOOR = """
    IF TG_OP = 'UPDATE' THEN
        IF ROW(NEW.id, NEW.made_at, NEW.made_by_id, NEW.kind, NEW.account_id, NEW.order_id, NEW.form_id, NEW.outcome,
               NEW.ended_at, NEW.ended_by_id)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.made_at, OLD.made_by_id, OLD.kind, OLD.account_id, OLD.order_id, OLD.form_id, OLD.outcome,
               OLD.ended_at, OLD.ended_by_id)
           AND NEW.reason = '[deleted]' AND NEW.note IN (OLD.note, '[deleted]') AND privacy_ends_a_deletion() THEN
            RETURN NEW;
        END IF;
    END IF;"""


def doors(*, are_there: bool) -> str:
    trail, requests = (_TRAIL_DOOR, _REQUESTS_DOOR) if are_there else ("", "")
    return _TRAIL_KEPT.replace("{door}", trail) + _REQUESTS_KEPT.replace("{door}", requests)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0011_trading_preferences"), ("backoffice", "0003_requests_beside")]

    operations = [
        migrations.CreateModel(
            name="Deletion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("account_id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("due_at", models.DateTimeField(help_text="From then on it is carried out, at night.")),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("shut_at", models.DateTimeField(blank=True, help_text="When the log-in was closed for it.", null=True)),
                (
                    "put_off_at",
                    models.DateTimeField(
                        blank=True, help_text="When its owner was told that something is in the way.", null=True
                    ),
                ),
                (
                    "done_before_at",
                    models.DateTimeField(
                        blank=True,
                        help_text=(
                            "When it was carried out in books that were lost; a restored backup had the person again."
                        ),
                        null=True,
                    ),
                ),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True, help_text="When everything personal was overwritten or removed.", null=True
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_id", "-id"], name="deletion_of_account"),
                    models.Index(fields=["user_id", "-id"], name="deletion_of_user"),
                    models.Index(condition=OPEN, fields=["due_at"], name="deletion_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=OPEN, fields=("user_id",), name="deletion_open_once"),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("asked_at") + datetime.timedelta(days=14))),
                        name="deletion_leaves_time_to_think",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at__isnull", True),
                            models.Q(("done_at__isnull", True), ("done_before_at__isnull", True), ("shut_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="deletion_undone_or_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True),
                            models.Q(("done_at__gte", models.F("due_at")), ("shut_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="deletion_done_when_due",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_GONE),
        migrations.RunSQL(doors(are_there=True), doors(are_there=False)),
    ]
