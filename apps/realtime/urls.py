from django.urls import path

from apps.realtime import views

app_name = "realtime"
urlpatterns = [path("stream/ticket", views.stream_ticket, name="ticket")]
