"""The console's pages. Each route has its line in the authorization matrix."""

from django.urls import path

from apps.support.views import case, customer, order, request, search

app_name = "support"

urlpatterns = [
    path("", search.search, name="search"),
    path("case/", case.case, name="case"),
    path("case/close/", case.close, name="close_case"),
    path("customers/<int:account_id>/", customer.overview, name="customer"),
    path("customers/<int:account_id>/orders/", customer.orders_of_customer, name="orders"),
    path("customers/<int:account_id>/ledger/", customer.ledger_of_customer, name="ledger"),
    path("customers/<int:account_id>/statements/", customer.statements, name="statements"),
    path("customers/<int:account_id>/trail/", customer.trail, name="trail"),
    path("customers/<int:account_id>/request/", request.about_customer, name="request_customer"),
    path("orders/<int:order_id>/", order.order_page, name="order"),
    path("orders/<int:order_id>/request/", request.about_order, name="request_order"),
    path("requests/", request.requests, name="requests"),
]
