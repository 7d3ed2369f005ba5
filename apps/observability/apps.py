from django.apps import AppConfig


class ObservabilityConfig(AppConfig):
    name = "apps.observability"
    label = "observability"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from apps.observability import spans
        from apps.observability.callers import watch_connection
        from apps.observability.logs import configure_logging
        from apps.observability.metrics import name_process
        from apps.observability.pool import show_pool

        configure_logging()
        name_process()
        show_pool()
        connection_created.connect(watch_connection, dispatch_uid="time queries")
        spans.start()
