"""Portfolio pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.commands.types import COMMAND_ID_PATTERN
from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.portfolio.views import close_all, portfolio, position

app_name = "portfolio"

urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    re_path(rf"^position/{SYMBOL_IN_PATH}/$", position.position, name="position"),
    path("close-all/", close_all.close_all, name="close_all"),
    re_path(rf"^close-all/(?P<base_id>{COMMAND_ID_PATTERN})/$", close_all.closed_all, name="closed_all"),
    re_path(rf"^close-all/(?P<base_id>{COMMAND_ID_PATTERN})/settle/$", close_all.settle, name="settle_closing"),
]
