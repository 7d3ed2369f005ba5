"""A user is a login; an account is what trades. One trading account a user in this version; every key is on the account."""

from enum import StrEnum

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from apps.core.enums import AccountStatus, Role, SelfTradePrevention

#: Of a person; the form and the database say so too.
NAME_LENGTH_MAX = 80
#: Of an API key, as its owner calls it.
KEY_NAME_LENGTH_MAX = 40
KEY_PREFIX_LENGTH = 12
#: How far the price may have moved since a ticket was drawn, in basis points, before its sender is asked again.
TOLERANCE_BPS_DEFAULT = 20
TOLERANCE_BPS_MAX = 500
#: Quantities are kept to eight decimals and below this.
DEFAULT_SIZE_BELOW = 10**12


class UserManager(BaseUserManager["User"]):
    """Makes users for whoever runs the installation; visitors sign up through allauth instead, and confirm their address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a user whose address counts as confirmed."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            addresses = apps.get_model("account", "EmailAddress")
            addresses._default_manager.using(self._db).create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in, by e-mail address."""

    email = models.EmailField(unique=True)
    role = models.CharField(max_length=12, default=Role.CUSTOMER, choices=[(r.value, r.value) for r in Role])
    is_staff = models.BooleanField(default=False, help_text="May enter the Django admin.")
    is_active = models.BooleanField(default=True)
    name = models.CharField(
        max_length=NAME_LENGTH_MAX, blank=True, default="", db_default="", help_text="As the person writes it; empty: not told."
    )
    time_zone = models.CharField(max_length=64, default="UTC")
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in Role]), name="user_role_known"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=~models.Q(name__regex="[[:cntrl:]]"), name="user_name_printable"),
        ]

    def __str__(self) -> str:
        return self.email


class AccountKind(models.TextChoices):
    CUSTOMER = "CUSTOMER"
    HOUSE = "HOUSE"  # the liquidity provider behind every instrument
    FEES = "FEES"  # what the venue earns
    EXTERNAL = "EXTERNAL"  # the world outside: the other side of every deposit and withdrawal


class Account(models.Model):
    """A trading account. ``status`` and the limits are the engine's to change once the row exists."""

    id = models.BigAutoField(primary_key=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="account")
    kind = models.CharField(max_length=12, choices=AccountKind.choices, default=AccountKind.CUSTOMER)
    status = models.CharField(
        max_length=16, default=AccountStatus.PENDING_FUNDING, choices=[(s.value, s.value) for s in AccountStatus]
    )
    opened_at = models.DateTimeField(default=timezone.now)
    # ACTIVE alone does not say it: a process may stop between the engine's two answers.
    paper_deposit_at = models.DateTimeField(
        null=True, blank=True, help_text="When the engine's answer for the paper deposit was seen; empty: it is asked again."
    )

    # Written by the engine's settlement alone, like the status.
    max_open_orders = models.SmallIntegerField(
        null=True, blank=True, help_text="How many orders may be open at once; empty: the venue's own limit."
    )
    max_order_notional = models.DecimalField(
        max_digits=28,
        decimal_places=8,
        null=True,
        blank=True,
        help_text="Largest value of one order, in its quote currency; empty: the instrument's own limit alone.",
    )
    orders_per_second = models.SmallIntegerField(
        null=True, blank=True, help_text="How many orders may be sent in a second; empty: the venue's own limit."
    )
    self_trade_prevention = models.CharField(
        max_length=16,
        default=SelfTradePrevention.CANCEL_NEWEST.value,
        db_default=SelfTradePrevention.CANCEL_NEWEST.value,
        choices=[(m.value, m.value) for m in SelfTradePrevention],
        help_text="What happens when an order would trade with another of the same account.",
    )
    dead_man_at = models.DateTimeField(
        null=True, blank=True, help_text="When all open orders are canceled unless the switch is renewed; empty: it is off."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=[s.value for s in AccountStatus]), name="account_status_known"),
            models.CheckConstraint(
                condition=models.Q(self_trade_prevention__in=[m.value for m in SelfTradePrevention]),
                name="account_self_trade_prevention_known",
            ),
            models.CheckConstraint(
                condition=models.Q(max_open_orders__isnull=True) | models.Q(max_open_orders__gte=0),
                name="account_max_open_orders_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(max_order_notional__isnull=True) | models.Q(max_order_notional__gt=0),
                name="account_max_order_notional_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(orders_per_second__isnull=True) | models.Q(orders_per_second__gt=0),
                name="account_orders_per_second_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="CUSTOMER", user__isnull=False)
                | (~models.Q(kind="CUSTOMER") & models.Q(user__isnull=True)),
                name="account_customer_has_a_user",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=~models.Q(kind="CUSTOMER"), name="account_one_of_each_system_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class KeyScope(StrEnum):
    """What a program may do with a key. TRADE may read as well."""

    READ = "READ"
    TRADE = "TRADE"


class ApiKey(models.Model):
    """A program's way in. The secret was shown once and is nowhere: ``digest`` is what it is known again by."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=KEY_NAME_LENGTH_MAX)
    scope = models.CharField(max_length=8, choices=[(s.value, s.value) for s in KeyScope])
    prefix = models.CharField(max_length=KEY_PREFIX_LENGTH, unique=True, help_text="The part of the key that may be shown.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the secret, in hex.")
    networks = models.CharField(
        max_length=512, blank=True, default="", help_text="Where it may come from, separated by spaces; empty: from anywhere."
    )
    form_id = models.CharField(max_length=32, help_text="Of the form that made it: sent twice, it makes one key.")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To a minute.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"
        constraints = [
            models.UniqueConstraint(fields=["account", "form_id"], name="api_key_once_a_form"),
            models.CheckConstraint(condition=models.Q(scope__in=[s.value for s in KeyScope]), name="api_key_scope_known"),
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="api_key_digest_is_one"),
            models.CheckConstraint(condition=models.Q(prefix__regex="^[a-z2-7]{12}$"), name="api_key_prefix_is_one"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(name__regex="[[:cntrl:]]"), name="api_key_name_printable"
            ),
        ]

    def __str__(self) -> str:
        return f"API key {self.prefix}"


class TradingPreferences(models.Model):
    """What the owner of an account chose for its tickets. No row: everything as it comes."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    tolerance_bps = models.PositiveSmallIntegerField(
        default=TOLERANCE_BPS_DEFAULT,
        help_text="How far the price may have moved before an order is asked for again, in basis points.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tolerance_bps__gte=0, tolerance_bps__lte=TOLERANCE_BPS_MAX),
                name="preferences_tolerance_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"Preferences of account {self.account_id}"


class DefaultSize(models.Model):
    """The quantity that a ticket of one instrument begins with. Lot and maximum are the instrument's, and may change after it."""

    id = models.BigAutoField(primary_key=True)
    preferences = models.ForeignKey(TradingPreferences, on_delete=models.PROTECT, related_name="sizes", db_index=False)
    instrument = models.ForeignKey("instruments.Instrument", on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=20, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["preferences", "instrument"], name="default_size_once_an_instrument"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, quantity__lt=DEFAULT_SIZE_BELOW), name="default_size_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of instrument {self.instrument_id}"
