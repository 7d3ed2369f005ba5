"""Pages of the shell."""

from django.urls import path

from apps.web.views import account, landing, markets, theme

app_name = "web"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("markets/", markets.markets, name="markets"),
    path("markets/<str:symbol>/", markets.instrument, name="instrument"),
    path("markets/<str:symbol>/funds/", markets.funds, name="funds"),
    path("settings/theme/", theme.set_theme, name="theme"),
    path("account/value/", account.account_value, name="account_value"),
]
