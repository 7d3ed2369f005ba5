"""The laws of the ledger, held by the database itself, whoever writes.

- Numbers are finite: NaN passes every other check.
- Transfers and postings are append-only: a correction is a new transfer.
- The postings of a transfer sum to zero per asset. Checked once a statement over the rows that it inserted; a trigger per
  row would be the dearest part of a settlement. As no posting moves zero, a sum of zero also means at least two legs.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE ledger_ledgeraccount ADD CONSTRAINT ledger_account_numbers_finite CHECK (total < 'NaN' AND held < 'NaN');
ALTER TABLE ledger_posting ADD CONSTRAINT posting_numbers_finite CHECK (amount < 'NaN' AND balance_after < 'NaN');

CREATE FUNCTION tredye_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23514';
END $$;

CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION tredye_refuse_change();

CREATE FUNCTION ledger_posting_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT transfer_id, asset_id, sum(amount) AS rest INTO wrong
        FROM inserted GROUP BY transfer_id, asset_id HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'postings of transfer % must sum to zero in asset %, were off by %',
            wrong.transfer_id, wrong.asset_id, wrong.rest USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_posting_balanced AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_check_balance();

-- A few hot rows are updated thousands of times a second: leave room on their pages, so that an update touches no index.
ALTER TABLE ledger_ledgeraccount SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
"""

BACKWARD = """
ALTER TABLE ledger_ledgeraccount RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay);
DROP TRIGGER ledger_posting_balanced ON ledger_posting;
DROP FUNCTION ledger_posting_check_balance();
DROP TRIGGER ledger_posting_append_only ON ledger_posting;
DROP TRIGGER ledger_transfer_append_only ON ledger_transfer;
DROP FUNCTION tredye_refuse_change();
ALTER TABLE ledger_posting DROP CONSTRAINT posting_numbers_finite;
ALTER TABLE ledger_ledgeraccount DROP CONSTRAINT ledger_account_numbers_finite;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
