"""Cash pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.statement, name="statement"),
    path("statements/", views.daily_statements, name="daily_statements"),
    re_path(r"^statements/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$", views.daily_statement, name="daily_statement"),
    re_path(r"^statements/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.csv$", views.daily_statement_csv, name="daily_statement_csv"),
    path("deposit/", views.deposit, name="deposit"),
    path("withdraw/", views.withdraw, name="withdraw"),
]
