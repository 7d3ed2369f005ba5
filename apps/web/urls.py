"""Pages of the shell."""

from django.urls import path, re_path

from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.web.views import account, landing, market_list, markets, start, status, theme

app_name = "web"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("markets/", market_list.markets, name="markets"),
    path("markets/search/", market_list.find, name="find"),
    re_path(rf"^markets/{SYMBOL_IN_PATH}/$", markets.instrument, name="instrument"),
    re_path(rf"^markets/{SYMBOL_IN_PATH}/funds/$", markets.funds, name="funds"),
    re_path(rf"^markets/{SYMBOL_IN_PATH}/state/$", markets.trading_state, name="trading_state"),
    path("start/", start.start, name="start"),
    path("start/put-away/", start.put_away, name="start_off"),
    path("status/", status.status, name="status"),
    path("status/hashes.txt", status.hashes, name="hashes"),
    path("settings/theme/", theme.set_theme, name="theme"),
    path("account/value/", account.account_value, name="account_value"),
]
