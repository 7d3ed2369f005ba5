"""Pages of alerts. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.alerts.views import alerts, notices, orders, settings

app_name = "alerts"

urlpatterns = [
    path("", alerts.index, name="alerts"),
    path("new/", alerts.new, name="new"),
    path("<int:alert_id>/", alerts.edit, name="edit"),
    path("<int:alert_id>/turn/", alerts.turn, name="turn"),
    path("<int:alert_id>/delete/", alerts.delete, name="delete"),
    path("<int:alert_id>/restore/", alerts.restore, name="restore"),
    path("orders/<int:order_id>/", orders.follow, name="follow"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="read"),
    path("unseen/", notices.unseen, name="unseen"),
    path("settings/", settings.settings, name="settings"),
    re_path(r"^mail-off/(?P<token>[A-Za-z0-9_:-]{8,128})/$", settings.mail_off, name="mail_off"),
]
