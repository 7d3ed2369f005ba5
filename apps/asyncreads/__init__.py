"""Reading Postgres from an event loop: a small pool of plain connections, without the ORM and its threads."""
