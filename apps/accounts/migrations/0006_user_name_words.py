"""The words of people's names, so that a person is found by the beginning of any of them. Built while the table is in use.

Text search is part of PostgreSQL itself; ``simple`` changes nothing but the case. Who has told no name is not in the index.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # an index cannot be built concurrently within a transaction
    dependencies = [("accounts", "0005_user_name")]

    operations = [
        migrations.RunSQL(
            [
                "SET statement_timeout = 0",
                "SET lock_timeout = 0",
                "DROP INDEX CONCURRENTLY IF EXISTS user_name_words",  # what a build that was interrupted left behind
                "CREATE INDEX CONCURRENTLY user_name_words ON accounts_user "
                "USING gin (to_tsvector('simple', name)) WHERE name <> ''",
                "RESET statement_timeout",
                "RESET lock_timeout",
            ],
            "DROP INDEX CONCURRENTLY IF EXISTS user_name_words",
        )
    ]
