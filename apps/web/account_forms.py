"""allauth's forms where the product asks for more, or asks differently."""

import struct
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from apps.accounts.second_factor import PASSKEY, TOTP
from apps.accounts.services import discard_unconfirmed_address

T = TypeVar("T")

CODE_LENGTH_MAX = 20
CREDENTIAL_LENGTH_MAX = 16_384
NAME_LENGTH_MAX = 60
PASSKEYS_MAX = 10
TOTP_PERIOD_S = 30
_LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "password1": "Password",
    "remember": "Stay logged in on this device",
}


def _as_code(field: forms.Field, *, digits_only: bool = True) -> None:
    """One line for a code: the phone offers its digits and the code of the mail or the app; pasting leaves room for spaces."""
    field.validators.append(MaxLengthValidator(CODE_LENGTH_MAX))
    attributes = {"placeholder": "", "autocomplete": "one-time-code", "maxlength": CODE_LENGTH_MAX, "autofocus": True}
    field.widget.attrs.update(attributes | ({"inputmode": "numeric"} if digits_only else {}))


def _in_plain_words(form: forms.Form) -> None:
    """The label says what to type; allauth says it twice, as a placeholder too."""
    for name, label in _LABELS.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].widget.attrs.pop("placeholder", None)


class LogInForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_plain_words(self)


class ResetPasswordForm(account_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_plain_words(self)


class SignupForm(account_forms.SignupForm):
    """An address that is taken looks like one that is not, and takes as long: the password is hashed either way.

    Taken is an address that was confirmed. One that somebody typed and never confirmed is free: the newer sign-up replaces it.
    """

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_plain_words(self)

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists and discard_unconfirmed_address(self.cleaned_data["email"]):
            self.account_already_exists = False
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ConfirmAddressForm(account_forms.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code from the mail"
        _as_code(self.fields["code"])


class ActivateAppForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code that the app shows"
        _as_code(self.fields["code"])


class _OneUse(forms.Form):
    """A code of the app is good once. allauth forgets a used one after a period; ours live longer by the tolerance."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code of the app, or a recovery code"
        _as_code(self.fields["code"])

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == TOTP:
            digits = "".join(character for character in code if character.isdigit())
            lifetime_s = TOTP_PERIOD_S * (2 * settings.MFA_TOTP_TOLERANCE + 1)
            if not cache.add(f"second-factor-used:{self.user.pk}:{digits}", 1, timeout=lifetime_s):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OneUse, factor_forms.AuthenticateForm):
    pass


class ReauthenticateForm(_OneUse, factor_forms.ReauthenticateForm):
    pass


class _CredentialField(forms.JSONField):
    """What the browser's authenticator said, as JSON from anybody."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > CREDENTIAL_LENGTH_MAX:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().to_python(value)
        except RecursionError:
            raise get_adapter().validation_error("incorrect_code") from None


def _verified(check: Callable[[], T]) -> T:
    """Run allauth's check; it and fido2 stumble in many ways over what no authenticator says, and over a false signature."""
    try:
        return check()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error, InvalidSignature) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    credential = _CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.validators.append(MaxLengthValidator(NAME_LENGTH_MAX))
        name.widget.attrs["maxlength"] = NAME_LENGTH_MAX
        name.help_text = "So that you can tell it from others, such as: Laptop, phone, blue key."
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = "Log in with this passkey alone, without the password"
        alone.help_text = ""

    def clean(self) -> dict:
        if Authenticator.objects.filter(user=self.user, type=PASSKEY).count() >= PASSKEYS_MAX:
            raise forms.ValidationError(f"You have {PASSKEYS_MAX} passkeys. Remove one first.")
        cleaned = _verified(super().clean)
        credential = cleaned.get("credential")
        if credential:  # what the owner chose, not what the device could do
            credential["clientExtensionResults"] = {"credProps": {"rk": bool(cleaned.get("passwordless"))}}
        return cleaned


class AuthenticateByPasskeyForm(passkey_forms.AuthenticateWebAuthnForm):
    credential = _CredentialField()

    def clean_credential(self) -> Authenticator:
        return _verified(super().clean_credential)


class LogInByPasskeyForm(passkey_forms.LoginWebAuthnForm):
    """allauth lets every passkey in without the password; ours only one whose owner wanted that when it was added."""

    credential = _CredentialField()

    def clean_credential(self) -> Authenticator:
        authenticator = _verified(super().clean_credential)
        if not _verified(lambda: authenticator.wrap().is_passwordless):
            raise forms.ValidationError("This passkey is good after the password. Log in with the password first.")
        return authenticator


class ReauthenticateByPasskeyForm(passkey_forms.ReauthenticateWebAuthnForm):
    credential = _CredentialField()

    def clean_credential(self) -> Authenticator:
        return _verified(super().clean_credential)


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    name = forms.CharField(label="Name", max_length=NAME_LENGTH_MAX)
