"""The trail is written once: only the outcome of a command is added, once, when it is known."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION backoffice_keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome = '' THEN
        IF ROW(NEW.id, NEW.at, NEW.kind, NEW.actor_id, NEW.action, NEW.subject, NEW.account_id, NEW.reason, NEW.command_id,
               NEW.before, NEW.after)
           IS NOT DISTINCT FROM
           ROW(OLD.id, OLD.at, OLD.kind, OLD.actor_id, OLD.action, OLD.subject, OLD.account_id, OLD.reason, OLD.command_id,
               OLD.before, OLD.after) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the trail is append-only: % refused', TG_OP USING ERRCODE = '23514';
END $$;

CREATE TRIGGER backoffice_trail_kept BEFORE UPDATE OR DELETE ON backoffice_trailentry
    FOR EACH ROW EXECUTE FUNCTION backoffice_keep_trail();
CREATE TRIGGER backoffice_trail_not_emptied BEFORE TRUNCATE ON backoffice_trailentry
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
"""

BACKWARD = """
DROP TRIGGER backoffice_trail_not_emptied ON backoffice_trailentry;
DROP TRIGGER backoffice_trail_kept ON backoffice_trailentry;
DROP FUNCTION backoffice_keep_trail();
"""


class Migration(migrations.Migration):
    dependencies = [("backoffice", "0001_initial"), ("ledger", "0002_laws")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
