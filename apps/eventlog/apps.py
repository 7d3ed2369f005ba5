from django.apps import AppConfig


class EventlogConfig(AppConfig):
    name = "apps.eventlog"
    label = "eventlog"

    def ready(self) -> None:
        from apps.eventlog.log import event_log
        from apps.observability import health

        health.register("eventlog", lambda: event_log().ask())
