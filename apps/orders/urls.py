"""Order pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.commands.types import COMMAND_ID_PATTERN
from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.orders.views import amend, asked, cancel, cancel_all, chart, close, held, history, lost, order, preview, submit, switch

app_name = "orders"

urlpatterns = [
    path("", history.history, name="history"),
    path("rows/", history.history_rows, name="rows"),
    path("csv/", history.history_csv, name="csv"),
    path("open/", history.open_orders, name="open"),
    path("chart/", chart.chart, name="chart"),
    path("prints/", chart.prints, name="prints"),
    path("held/", held.held, name="held"),
    path("submit/", submit.submit, name="submit"),
    path("preview/", preview.preview, name="preview"),
    path("cancel-all/", cancel_all.cancel_all_orders, name="cancel_all"),
    path("dead-mans-switch/", switch.switch, name="switch"),
    re_path(rf"^close/{SYMBOL_IN_PATH}/$", close.close, name="close"),
    re_path(rf"^by-client-id/(?P<client_order_id>{COMMAND_ID_PATTERN})/$", lost.by_client_order_id, name="by_client_order_id"),
    re_path(rf"^by-client-id/(?P<client_order_id>{COMMAND_ID_PATTERN})/settle/$", lost.settle, name="settle"),
    re_path(rf"^asked/(?P<command_id>{COMMAND_ID_PATTERN})/$", asked.asked, name="asked"),
    re_path(rf"^asked/(?P<command_id>{COMMAND_ID_PATTERN})/settle/$", asked.settle, name="settle_asked"),
    path("<int:order_id>/", order.order_page, name="order"),
    path("<int:order_id>/amend/", amend.amend, name="amend"),
    path("<int:order_id>/cancel/", cancel.cancel, name="cancel"),
]
