"""Root URLs. Every route is listed in the authorization matrix of the tests; one that is not fails the build."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse_lazy

from apps.accounts import views_keys, views_settings
from apps.orders.views import trading_settings
from apps.privacy import views as views_privacy
from apps.web.views import confirmation, security

handler500 = "apps.web.views.errors.server_error"
_SECURITY = reverse_lazy("mfa_index")

urlpatterns: list[URLPattern | URLResolver] = [
    path("orders/", include("apps.orders.urls")),  # first: addresses are tried in this order, and an order is waited for
    path("", include("apps.observability.urls")),
    path("", include("apps.web.urls")),
    path("", include("apps.realtime.urls")),
    path("", include("apps.marketdata.urls")),
    path("", include("apps.receipts.urls")),
    # allauth's own list has pages that this product does not offer, so its views are listed one by one.
    path("login/", allauth_views.login, name="account_login"),
    path("login/second-factor/", factor_views.authenticate, name="mfa_authenticate"),
    path("login/passkey/", security.log_in_by_passkey, name="mfa_login_webauthn"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("signup/confirm/", confirmation.confirm, name="account_email_verification_sent"),
    path("signup/start-again/", confirmation.start_again, name="account_start_again"),
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
    path("settings/security/", security.index, name="mfa_index"),
    path("settings/security/confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("settings/security/confirm/code/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("settings/security/confirm/passkey/", security.reauthenticate_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("settings/security/app/on/", security.set_up_app, name="mfa_activate_totp"),
    path("settings/security/app/off/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("settings/security/recovery-codes/", security.show_recovery_codes, name="mfa_view_recovery_codes"),
    path("settings/security/recovery-codes/new/", security.make_recovery_codes, name="mfa_generate_recovery_codes"),
    path("settings/security/recovery-codes/file/", security.save_recovery_codes, name="mfa_download_recovery_codes"),
    path("settings/security/passkeys/add/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path(
        "settings/security/passkeys/<int:pk>/rename/",
        passkey_views.EditWebAuthnView.as_view(success_url=_SECURITY),
        name="mfa_edit_webauthn",
    ),
    path(
        "settings/security/passkeys/<int:pk>/remove/",
        passkey_views.RemoveWebAuthnView.as_view(success_url=_SECURITY),
        name="mfa_remove_webauthn",
    ),
    path("settings/security/log-ins/<int:log_in_id>/end/", security.end_log_in, name="end_log_in"),
    path("settings/security/log-ins/end-others/", security.end_other_log_ins, name="end_other_log_ins"),
    path("settings/api-keys/", views_keys.index, name="api_keys"),
    path("settings/api-keys/new/", views_keys.create, name="api_key_new"),
    path("settings/api-keys/<int:key_id>/revoke/", views_keys.revoke, name="api_key_revoke"),
    path("settings/profile/", views_settings.profile, name="profile"),
    path("settings/trading/", trading_settings.trading, name="trading_settings"),
    path("settings/trading/tolerance/", trading_settings.tolerance, name="trading_tolerance"),
    path("settings/trading/sizes/", trading_settings.size, name="trading_size"),
    path("settings/trading/sizes/remove/", trading_settings.remove_size, name="trading_size_remove"),
    path("settings/looks/", views_settings.looks, name="looks"),
    path("settings/data/", views_privacy.index, name="my_data"),
    path("settings/data/file/", views_privacy.everything, name="my_data_file"),
    path("settings/data/delete/", views_privacy.delete, name="my_data_delete"),
    path("settings/data/keep/", views_privacy.keep, name="my_data_keep"),
    path("support/", include("apps.support.urls")),
    path("", include("apps.operations.urls")),
    path("ledger/", include("apps.ledger.urls")),
    path("watchlists/", include("apps.watchlists.urls")),
    path("portfolio/", include("apps.portfolio.urls")),
    path("alerts/", include("apps.alerts.urls")),
    path("admin/", admin.site.urls),
]
