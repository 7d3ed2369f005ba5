"""Django's backend for PostgreSQL, counted by django-prometheus, with a cursor whose statements are prepared."""
