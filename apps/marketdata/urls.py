"""Market data over HTTP: the past, which the stream does not carry, and the newest prices for a page whose stream is away."""

from django.urls import path, re_path

from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.marketdata import views

app_name = "marketdata"

urlpatterns = [
    path("markets/quotes", views.quotes, name="quotes"),
    re_path(rf"^markets/{SYMBOL_IN_PATH}/bars$", views.bars, name="bars"),
]
