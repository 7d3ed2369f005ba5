from django.urls import path

from apps.receipts import views

app_name = "receipts"

urlpatterns = [
    path("receipts/", views.seen, name="seen"),
]
