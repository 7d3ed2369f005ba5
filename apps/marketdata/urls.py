"""Market data over HTTP: what the stream does not carry, the past."""

from django.urls import re_path

from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.marketdata import views

app_name = "marketdata"

urlpatterns = [re_path(rf"^markets/{SYMBOL_IN_PATH}/bars$", views.bars, name="bars")]
