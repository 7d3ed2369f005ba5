"""Portfolio pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.portfolio import views

app_name = "portfolio"

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    re_path(rf"^position/{SYMBOL_IN_PATH}/$", views.position, name="position"),
]
