"""Order pages. Each route has its line in the authorization matrix."""

from django.urls import path, re_path

from apps.commands.types import COMMAND_ID_PATTERN
from apps.orders.views import cancel, history, order, submit

app_name = "orders"

urlpatterns = [
    path("", history.history, name="history"),
    path("open/", history.open_orders, name="open"),
    path("submit/", submit.submit, name="submit"),
    re_path(rf"^by-client-id/(?P<client_order_id>{COMMAND_ID_PATTERN})/$", submit.by_client_order_id, name="by_client_order_id"),
    path("<int:order_id>/", order.order_page, name="order"),
    path("<int:order_id>/cancel/", cancel.cancel, name="cancel"),
]
