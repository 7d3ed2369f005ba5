from django.apps import AppConfig


class EventlogConfig(AppConfig):
    name = "apps.eventlog"
    label = "eventlog"
