"""Root URLs. Every route is listed in the authorization matrix of the tests; one that is not fails the build."""

from allauth.account import views as allauth_views
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.web.urls")),
    path("", include("apps.marketdata.urls")),
    # allauth's own list has pages that this product does not offer, so its views are listed one by one.
    path("login/", allauth_views.login, name="account_login"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("admin/", admin.site.urls),
]
