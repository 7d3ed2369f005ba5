"""Order pages. Each route has its line in the authorization matrix."""

from django.urls import path

from apps.orders.views import cancel, history, order, submit

app_name = "orders"

urlpatterns = [
    path("", history.history, name="history"),
    path("open/", history.open_orders, name="open"),
    path("submit/", submit.submit, name="submit"),
    path("by-client-id/<str:client_order_id>/", submit.by_client_order_id, name="by_client_order_id"),
    path("<int:order_id>/", order.order_page, name="order"),
    path("<int:order_id>/cancel/", cancel.cancel, name="cancel"),
]
