from django.urls import path

from apps.operations import views

app_name = "operations"

urlpatterns = [path("operators/", views.operators, name="operators")]
