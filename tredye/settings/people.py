"""How people log in: Django's and allauth's settings, the same everywhere. docs/accounts.md says why."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:markets"
LOGOUT_REDIRECT_URL = "web:landing"

ACCOUNT_ADAPTER = "apps.web.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "apps.web.account_forms.LogInForm",
    "reset_password": "apps.web.account_forms.ResetPasswordForm",
    "signup": "apps.web.account_forms.SignupForm",
    "confirm_email_verification_code": "apps.web.account_forms.ConfirmAddressForm",
}
ACCOUNT_LOGOUT_ON_GET = False
# An address is confirmed by a code: it can be typed on the desk while the mail is read on the phone, and nothing in the mail can
# be clicked by a scanner. Two digits more than usual: guessing at the rate below is hopeless.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
PASSWORD_RESET_TIMEOUT = 60 * 60

# A client's address is the connection's, which is right behind proxies too (PROXY_COUNT): allauth reads no header for itself.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
# Counted in Redis; without it these pages answer 503. Per address (ip), per e-mail address or person asked for (key), per user.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # second factors too, by user
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key,6/h/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "apps.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "apps.web.account_forms.ActivateAppForm",
    "authenticate": "apps.web.account_forms.AuthenticateForm",
    "reauthenticate": "apps.web.account_forms.ReauthenticateForm",
    "authenticate_webauthn": "apps.web.account_forms.AuthenticateByPasskeyForm",
    "login_webauthn": "apps.web.account_forms.LogInByPasskeyForm",
    "reauthenticate_webauthn": "apps.web.account_forms.ReauthenticateByPasskeyForm",
    "add_webauthn": "apps.web.account_forms.AddPasskeyForm",
    "edit_webauthn": "apps.web.account_forms.RenamePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tredye"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
