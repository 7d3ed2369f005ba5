"""Root URLs. Every route is listed in the authorization matrix of the tests; one that is not fails the build."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from apps.accounts import views_settings

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.observability.urls")),
    path("", include("apps.web.urls")),
    path("", include("apps.realtime.urls")),
    path("", include("apps.marketdata.urls")),
    # allauth's own list has pages that this product does not offer, so its views are listed one by one.
    path("login/", allauth_views.login, name="account_login"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("login/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,16})-(?P<key>[0-9A-Za-z:_-]{1,128})/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", allauth_views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("settings/security/", mfa_views.index, name="mfa_index"),
    path("settings/profile/", views_settings.profile, name="profile"),
    path("settings/looks/", views_settings.looks, name="looks"),
    path("support/", include("apps.support.urls")),
    path("orders/", include("apps.orders.urls")),
    path("ledger/", include("apps.ledger.urls")),
    path("portfolio/", include("apps.portfolio.urls")),
    path("admin/", admin.site.urls),
]
