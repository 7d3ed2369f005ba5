"""Portfolio pages. Each route has its line in the authorization matrix."""

from django.urls import path

from apps.portfolio import views

app_name = "portfolio"

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("position/<str:symbol>/", views.position, name="position"),
]
