"""Whoever could log in so far, still can: the address of every user that is there counts as confirmed.

Millions of users: two statements for each chunk of ids, each chunk a transaction of its own, so nothing is locked for long and the
migration may be stopped and run again. A user who signs up through an old process meanwhile confirms the address at the next log-in.
"""

from django.db import migrations

CHUNK = 10_000

ADD = """
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT owner.id, owner.email, true, true FROM accounts_user AS owner
    WHERE owner.id > %s AND owner.id <= %s
      AND NOT EXISTS (SELECT FROM account_emailaddress AS other WHERE other.user_id = owner.id)
    ON CONFLICT DO NOTHING
"""
CONFIRM = """
    UPDATE account_emailaddress AS address SET verified = true, "primary" = true
    FROM accounts_user AS owner
    WHERE owner.id > %s AND owner.id <= %s AND address.user_id = owner.id AND address.email = owner.email AND NOT address.verified
"""


def confirm(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM accounts_user")
        highest = cursor.fetchone()[0]
        for low in range(0, highest, CHUNK):
            cursor.execute(CONFIRM, (low, low + CHUNK))
            cursor.execute(ADD, (low, low + CHUNK))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0006_user_name_words"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop, elidable=False)]
