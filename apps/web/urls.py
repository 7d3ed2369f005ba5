"""Pages of the shell."""

from django.urls import path, re_path

from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.web.views import account, landing, markets, status, theme

app_name = "web"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("markets/", markets.markets, name="markets"),
    re_path(rf"^markets/{SYMBOL_IN_PATH}/$", markets.instrument, name="instrument"),
    re_path(rf"^markets/{SYMBOL_IN_PATH}/funds/$", markets.funds, name="funds"),
    path("status/", status.status, name="status"),
    path("settings/theme/", theme.set_theme, name="theme"),
    path("account/value/", account.account_value, name="account_value"),
]
