"""Cash pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.ledger.views import paper_money, statement, statements

app_name = "ledger"
DAY = "(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
MONTH = "(?P<month>[0-9]{4}-[0-9]{2})"

urlpatterns = [
    path("", statement.statement, name="statement"),
    path("transfers.csv", statement.transfers_csv, name="transfers_csv"),
    path("statements/", statements.daily_statements, name="daily_statements"),
    path("statements/months/", statements.monthly_statements, name="monthly_statements"),
    re_path(rf"^statements/{DAY}/$", statements.daily_statement, name="daily_statement"),
    re_path(rf"^statements/{DAY}\.csv$", statements.daily_statement_csv, name="daily_statement_csv"),
    re_path(rf"^statements/{MONTH}/$", statements.monthly_statement, name="monthly_statement"),
    re_path(rf"^statements/{MONTH}\.csv$", statements.monthly_statement_csv, name="monthly_statement_csv"),
    path("deposit/", paper_money.deposit, name="deposit"),
    path("withdraw/", paper_money.withdraw, name="withdraw"),
]
