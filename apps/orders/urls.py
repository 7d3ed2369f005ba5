"""Order pages. Each route has its line in the authorization matrix."""

from django.urls import path

from apps.orders.views import history, order

app_name = "orders"

urlpatterns = [
    path("", history.history, name="history"),
    path("open/", history.open_orders, name="open"),
    path("<int:order_id>/", order.order_page, name="order"),
]
