from django.apps import AppConfig


class ObservabilityConfig(AppConfig):
    name = "apps.observability"
    label = "observability"

    def ready(self) -> None:
        from apps.observability.logs import configure_logging
        from apps.observability.metrics import name_process

        configure_logging()
        name_process()
