"""What one person proposes and another approves: a table of its own, which the version before does not know.

A row is written once, decided once before it expires, and its outcome is added once. The database holds it to that, to two
different people who may both do it at that moment, to a day at most, and to the digest of what was proposed.
"""

import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

DECISIONS = [("APPROVED", "Approved"), ("REFUSED", "Refused"), ("WITHDRAWN", "Withdrawn")]

FORWARD = """
ALTER TABLE backoffice_proposal ADD CONSTRAINT proposal_digest_is_its_payload_s
    CHECK (payload_sha256 = encode(sha256(convert_to(payload, 'UTF8')), 'hex'));

CREATE FUNCTION backoffice_keep_proposals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF ROW(NEW.id, NEW.proposed_at, NEW.expires_at, NEW.proposed_by_id, NEW.action, NEW.subject, NEW.account_id, NEW.reason,
               NEW.command_id, NEW.payload, NEW.payload_sha256)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.proposed_at, OLD.expires_at, OLD.proposed_by_id, OLD.action, OLD.subject, OLD.account_id, OLD.reason,
               OLD.command_id, OLD.payload, OLD.payload_sha256) THEN
            IF OLD.decision = '' AND NEW.decision <> '' AND NEW.outcome = '' AND statement_timestamp() < OLD.expires_at THEN
                IF NEW.decision = 'APPROVED' AND 2 <> (SELECT count(*) FROM accounts_user
                        WHERE id IN (OLD.proposed_by_id, NEW.decided_by_id) AND is_active AND role = 'ADMIN') THEN
                    RAISE EXCEPTION 'a proposal is approved by an admin, of an admin' USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            END IF;
            IF OLD.decision = 'APPROVED' AND OLD.outcome = '' AND NEW.outcome <> ''
               AND ROW(NEW.decision, NEW.decided_by_id, NEW.decided_at, NEW.note)
                   IS NOT DISTINCT FROM ROW(OLD.decision, OLD.decided_by_id, OLD.decided_at, OLD.note) THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'proposals are decided once: % refused', TG_OP USING ERRCODE = '23514';
END $$;

CREATE TRIGGER backoffice_proposals_kept BEFORE UPDATE OR DELETE ON backoffice_proposal
    FOR EACH ROW EXECUTE FUNCTION backoffice_keep_proposals();
CREATE TRIGGER backoffice_proposals_not_emptied BEFORE TRUNCATE ON backoffice_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""

BACKWARD = """
DROP TRIGGER backoffice_proposals_not_emptied ON backoffice_proposal;
DROP TRIGGER backoffice_proposals_kept ON backoffice_proposal;
DROP FUNCTION backoffice_keep_proposals();
ALTER TABLE backoffice_proposal DROP CONSTRAINT proposal_digest_is_its_payload_s;
"""


def person(**more: object) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0003_requests_beside"),
        ("ledger", "0002_laws"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("action", models.CharField(help_text="A code, such as ADJUST_BALANCE.", max_length=32)),
                ("subject", models.CharField(help_text="What it is about, such as account 7 or AAPL-USD.", max_length=80)),
                (
                    "account_id",
                    models.BigIntegerField(blank=True, help_text="The customer's account, when there is one.", null=True),
                ),
                ("reason", models.CharField(max_length=200)),
                ("command_id", models.CharField(max_length=48, unique=True)),
                ("payload", models.TextField(help_text="Canonical JSON of all that is proposed, and of what was then.")),
                ("payload_sha256", models.CharField(max_length=64)),
                (
                    "decision",
                    models.CharField(blank=True, choices=DECISIONS, help_text="Empty while it is open.", max_length=9),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("outcome", models.CharField(blank=True, max_length=200)),
                ("decided_by", person(blank=True, null=True)),
                ("proposed_by", person()),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("decision", "")), fields=["-id"], name="proposal_open"),
                    models.Index(fields=["account_id", "-id"], name="proposal_of_account"),
                    models.Index(fields=["proposed_by", "-id"], name="proposal_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__in", ["APPROVED", "REFUSED"]), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "WITHDRAWN"), _negated=True),
                            ("decided_by", models.F("proposed_by")),
                            _connector="OR",
                        ),
                        name="proposal_withdrawn_by_who_made_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("proposed_at")),
                            (
                                "expires_at__lte",
                                models.expressions.CombinedExpression(
                                    models.F("proposed_at"), "+", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                        ),
                        name="proposal_expires_within_a_day",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__regex", "^.{3,200}$")), name="proposal_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", ""), ("note", ""),
                                ("outcome", ""),
                            ),
                            models.Q(
                                ("decided_at__gte", models.F("proposed_at")),
                                ("decided_at__lt", models.F("expires_at")),
                                ("decided_by__isnull", False),
                                ("decision__in", ["APPROVED", "REFUSED", "WITHDRAWN"]),
                                ("note__regex", "^.{3,200}$"),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", ""), ("decision", "APPROVED"), _connector="OR"),
                        name="proposal_outcome_of_an_approval",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
