"""All sockets' log-ins are asked for every second: the question goes down indexes however many people there are."""

import hashlib

import pytest
from django.db import connection

from apps.realtime import limits
from apps.realtime.reader import _DOUBTFUL
from apps.realtime.tickets import session_digest
from tests.ddl import analyze

pytestmark = pytest.mark.django_db

PEOPLE = 20_000


def test_the_question_reads_no_table_to_its_end() -> None:
    """Regression: of so many, Postgres preferred to read all sessions, half a second for a hundred thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_user (email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
               SELECT number || '@example.com', 'hash' || number, false, 'CUSTOMER', false, true, 'UTC', now()
               FROM generate_series(1, %s) AS number RETURNING id""",
            [PEOPLE],
        )
        people = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """INSERT INTO django_session (session_key, session_data, expire_date)
               SELECT lpad(number::text, 32, 'a'), repeat('d', 200), now() + interval '1 day'
               FROM generate_series(1, %s) AS number""",
            [PEOPLE],
        )
        analyze(connection.connection, "accounts_user", "django_session")
        watched = range(limits.LOG_INS_AT_ONCE)
        columns = [
            list(watched),
            [session_digest(str(number + 1).rjust(32, "a")) for number in watched],
            [people[number] for number in watched],
            [True for _ in watched],
            [hashlib.md5(f"hash{number + 1}".encode()).hexdigest() for number in watched],
        ]
        cursor.execute(_DOUBTFUL, columns)
        assert cursor.fetchall() == [], "all of them hold"
        cursor.execute(f"EXPLAIN {_DOUBTFUL}", columns)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan and "session_key_digest" in plan, plan
