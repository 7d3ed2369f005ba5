"""Pages of the shell."""

from django.urls import path, re_path

from apps.web.views import account, landing, markets, theme

app_name = "web"

#: Anything else is no symbol, and not worth a query.
SYMBOL = r"(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("markets/", markets.markets, name="markets"),
    re_path(rf"^markets/{SYMBOL}/$", markets.instrument, name="instrument"),
    re_path(rf"^markets/{SYMBOL}/funds/$", markets.funds, name="funds"),
    path("settings/theme/", theme.set_theme, name="theme"),
    path("account/value/", account.account_value, name="account_value"),
]
