"""Order pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.commands.types import COMMAND_ID_PATTERN
from apps.instruments.symbols import SYMBOL_IN_PATH
from apps.orders.views import amend, cancel, cancel_all, close, history, order, preview, submit

app_name = "orders"

urlpatterns = [
    path("", history.history, name="history"),
    path("open/", history.open_orders, name="open"),
    path("submit/", submit.submit, name="submit"),
    path("preview/", preview.preview, name="preview"),
    path("cancel-all/", cancel_all.cancel_all_orders, name="cancel_all"),
    re_path(rf"^close/{SYMBOL_IN_PATH}/$", close.close, name="close"),
    re_path(rf"^by-client-id/(?P<client_order_id>{COMMAND_ID_PATTERN})/$", submit.by_client_order_id, name="by_client_order_id"),
    path("<int:order_id>/", order.order_page, name="order"),
    path("<int:order_id>/amend/", amend.amend, name="amend"),
    path("<int:order_id>/cancel/", cancel.cancel, name="cancel"),
]
