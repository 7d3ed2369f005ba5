"""Market data over HTTP: what the stream does not carry, the past."""

from django.urls import path

from apps.marketdata import views

app_name = "marketdata"

urlpatterns = [path("markets/<str:symbol>/bars", views.bars, name="bars")]
