"""Root URLs. Every route is listed in the authorization matrix of the tests; one that is not fails the build."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.observability.urls")),
]
