"""The product's settings, with one more route that holds a connection for a moment."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tredye.settings.dev import *  # noqa: F403
from tredye.settings.dev import MIDDLEWARE as PRODUCT_MIDDLEWARE

ROOT_URLCONF = "tests.observability.pool_settings"
MIDDLEWARE = [name for name in PRODUCT_MIDDLEWARE if not name.startswith("apps.web")]


def hold(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.02)")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("hold", hold)]
