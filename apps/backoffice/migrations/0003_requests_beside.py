"""What support asks of admins: a table of its own. A row is written once, and once more when the request is ended."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("FORCE_CANCEL", "Cancel the order"),
    ("HALT_INSTRUMENT", "Halt the instrument"),
    ("ADJUST_BALANCE", "Adjust the balance"),
    ("SUSPEND_ACCOUNT", "Suspend the account"),
    ("REINSTATE_ACCOUNT", "Reinstate the account"),
    ("SET_LIMITS", "Set the account's limits"),
    ("RESET_SECOND_FACTOR", "Reset the second factor"),
    ("REVOKE_API_KEY", "Revoke an API key"),
    ("OTHER", "Something else"),
]
OUTCOMES = [("DONE", "Done"), ("REFUSED", "Refused")]

FORWARD = """
CREATE FUNCTION backoffice_keep_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome = '' AND NEW.outcome <> '' THEN
        IF ROW(NEW.id, NEW.made_at, NEW.made_by_id, NEW.kind, NEW.account_id, NEW.order_id, NEW.reason, NEW.form_id)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.made_at, OLD.made_by_id, OLD.kind, OLD.account_id, OLD.order_id, OLD.reason, OLD.form_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'requests are append-only: % refused', TG_OP USING ERRCODE = '23514';
END $$;

CREATE TRIGGER backoffice_requests_kept BEFORE UPDATE OR DELETE ON backoffice_staffrequest
    FOR EACH ROW EXECUTE FUNCTION backoffice_keep_requests();
CREATE TRIGGER backoffice_requests_not_emptied BEFORE TRUNCATE ON backoffice_staffrequest
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""

BACKWARD = """
DROP TRIGGER backoffice_requests_not_emptied ON backoffice_staffrequest;
DROP TRIGGER backoffice_requests_kept ON backoffice_staffrequest;
DROP FUNCTION backoffice_keep_requests();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0002_append_only"),
        ("ledger", "0002_laws"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("kind", models.CharField(choices=KINDS, max_length=24)),
                ("account_id", models.BigIntegerField(help_text="The customer's account.")),
                ("order_id", models.BigIntegerField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
                (
                    "form_id",
                    models.CharField(help_text="Of the form: sent twice, it is one request.", max_length=48, unique=True),
                ),
                (
                    "outcome",
                    models.CharField(blank=True, choices=OUTCOMES, help_text="Empty while it is open.", max_length=8),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("outcome", "")), fields=["-id"], name="request_open"),
                    models.Index(fields=["account_id", "-id"], name="request_of_account"),
                    models.Index(fields=["made_by", "-id"], name="request_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [kind for kind, _ in KINDS])), name="request_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("FORCE_CANCEL", "HALT_INSTRUMENT")), _negated=True),
                            ("order_id__isnull", False),
                            _connector="OR",
                        ),
                        name="request_names_its_order",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__regex", "^.{3,200}$")), name="request_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("note", ""), ("outcome", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("note__regex", "^.{3,200}$"),
                                ("outcome__in", ["DONE", "REFUSED"]),
                            ),
                            _connector="OR",
                        ),
                        name="request_ends_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("kind", "account_id", "order_id"),
                        name="request_open_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
