"""Pages of the shell."""

from django.urls import path

from apps.web.views import account, landing, theme

app_name = "web"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("settings/theme/", theme.set_theme, name="theme"),
    path("account/value/", account.account_value, name="account_value"),
]
