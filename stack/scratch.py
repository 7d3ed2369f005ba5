"""A database and topics of one's own on servers that others use too; run with the virtual environment's Python.

``python -m stack.scratch create|drop DATABASE_URL KAFKA_BOOTSTRAP TOPIC_PREFIX``, an empty argument meaning "leave that
server alone". The only module here that needs installed packages, which is why it runs as a program and is imported by
none.
"""

import sys
from urllib.parse import urlsplit, urlunsplit


def database(action: str, url: str) -> None:
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = sql.Identifier(parts.path.lstrip("/"))
    statement = sql.SQL(
        "CREATE DATABASE {}" if action == "create" else "DROP DATABASE IF EXISTS {} WITH (FORCE)"
    ).format(name)
    with psycopg.connect(
        urlunsplit(parts._replace(path="/postgres")), autocommit=True, connect_timeout=5
    ) as connection:
        connection.execute(statement)


def drop_topics(bootstrap: str, prefix: str) -> None:
    from kafka import KafkaAdminClient

    client = KafkaAdminClient(bootstrap_servers=bootstrap.split(","), client_id="tredye-scratch")
    try:
        names = [name for name in client.list_topics() if name.startswith(prefix)]
        if names:
            client.delete_topics(names, timeout_ms=10_000)
    finally:
        client.close()


def main(action: str, url: str, bootstrap: str, prefix: str) -> None:
    if url:
        database(action, url)
    if bootstrap and prefix and action == "drop":
        drop_topics(bootstrap, prefix)


if __name__ == "__main__":
    main(*sys.argv[1:])
