"""Cash pages. Each route has its line in the authorization matrix."""

from django.urls import path

from apps.ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.statement, name="statement"),
    path("deposit/", views.deposit, name="deposit"),
    path("withdraw/", views.withdraw, name="withdraw"),
]
