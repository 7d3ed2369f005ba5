"""Users and accounts in the Django admin. Nothing here shows a password, a key of a session, or a second factor."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from apps.accounts import admin_people, api_keys, services
from apps.accounts.models import Account, AccountKind, ApiKey, KeyScope, User
from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Number, Period, by_number, by_prefix
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.buttons import Change, CommandAdmin, CommandButton, Sending
from apps.backoffice.forms import Ask, positive, whole
from apps.commands.outcomes import CommandOutcome
from apps.commands.types import ORDERS_PER_SECOND_MAX
from apps.core.enums import AccountStatus, Role
from apps.core.numbers import plain

ROWS_MAX = 50


@admin.register(User)
class UserAdmin(CommandAdmin):
    commands = admin_people.BUTTONS
    description = "Everybody who can log in: customers and staff."
    list_display = ("id", "email", "role", "is_active", "date_joined", "last_login")
    list_select_related = ("account",)
    search = (by_number(), by_prefix("email", str.lower))
    search_help_text = "Id, or how the e-mail address begins"
    filters = (
        Choice.of("role", [role for role in Role if role is not Role.SYSTEM]),
        Choice("is_active", (("True", "Yes"), ("False", "No")), "Active"),
        Period("date_joined"),
    )
    fieldsets = (
        (None, {"fields": ("id", "email", "role", "is_active", "trading_account", "time_zone", "date_joined", "last_login")}),
        ("Administration", {"fields": ("is_staff", "is_superuser")}),
    )

    @admin.display(description="Trading account")
    def trading_account(self, user: User) -> Any:
        account = getattr(user, "account", None)
        return admin_link("accounts.account", account.pk, f"{account} ({account.status})") if account else None

    def links(self, user: User) -> Iterable[Link]:
        yield Link("Deletion of the data", list_address("privacy.deletion", f"q={user.pk}"))

    def tables(self, user: User) -> Iterable[Table]:
        sessions = UserSession.objects.filter(user=user).order_by("-last_seen_at")[:ROWS_MAX]
        columns: tuple[Column, ...] = (
            Column.of("last_seen_at"), Column.of("created_at", "Since"), Column.of("ip", "Address"), Column.of("user_agent")
        )  # fmt: skip
        yield make_table("Log-ins that are open", columns, sessions)
        addresses = EmailAddress.objects.filter(user=user).order_by("pk")[:ROWS_MAX]
        columns = (
            Column("E-mail address", lambda row: admin_link("account.emailaddress", row.pk, row.email)),
            Column.of("verified"),
            Column.of("primary"),
        )
        yield make_table("E-mail addresses", columns, addresses)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    description = "Addresses that people have given, and whether they answered from there."
    list_display = ("id", "email", "user", "verified", "primary")
    list_select_related = ("user",)
    search = (by_number(), by_number("user_id"))
    search_help_text = "Id of the address or of the user"
    fieldsets = ((None, {"fields": ("id", "email", "user", "verified", "primary")}),)


def only_customers(account: Account) -> str:
    return "" if account.kind == AccountKind.CUSTOMER else "This account is the venue's own."


def not_while(status: AccountStatus) -> Callable[[Account], str]:
    """Refuses what makes an account ``status`` when it is that already."""
    return lambda account: (
        only_customers(account) or (f"The account is {status.value} already." if account.status == status else "")
    )


def only_suspended(account: Account) -> str:
    return "" if account.status == AccountStatus.SUSPENDED else "The account is not suspended."


def becomes(status: AccountStatus) -> Change:
    return lambda account, values: ({"Status": account.status}, {"Status": status.value})


def of_account(account: Account) -> str:
    return f"account {account.pk}"


def own(limit: Any) -> str:
    """A limit as text; without one the venue's holds."""
    return "the venue's" if limit is None else plain(Decimal(limit))


def change_of_limits(account: Account, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    limits = {
        "max_open_orders": "Open orders at once",
        "max_order_notional": "Value of one order",
        "orders_per_second": "Orders a second",
    }
    before = {label: own(getattr(account, name)) for name, label in limits.items()}
    return before, {label: own(values[name]) for name, label in limits.items() if name in values}


def _suspend(account: Account, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.suspend_account(account_id=account.pk, **asdict(sending))


def _suspend_and_cancel(account: Account, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.suspend_account(account_id=account.pk, cancel_orders=True, **asdict(sending))


def change_of_suspension(account: Account, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before = {"Status": account.status, "Open orders": "stay"}
    return before, {"Status": AccountStatus.SUSPENDED.value, "Open orders": "canceled"}


def _reinstate(account: Account, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.reinstate_account(account_id=account.pk, **asdict(sending))


def _set_limits(account: Account, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.set_account_limits(account_id=account.pk, **values, **asdict(sending))


def _now(name: str) -> Callable[[Account], str]:
    """The limit as the form has it: empty where the venue's holds."""
    return lambda account: "" if getattr(account, name) is None else plain(Decimal(getattr(account, name)))


_EMPTY = "Empty: the venue's own limit."

BUTTONS = (
    CommandButton(
        "suspend", "Suspend", "SUSPEND_ACCOUNT",
        "New orders and movements of money by the customer are denied. Open orders stay and may be canceled.",
        _suspend, becomes(AccountStatus.SUSPENDED), of_account, refuse=not_while(AccountStatus.SUSPENDED),
        account_id=lambda account: account.pk, grave=True,
    ),
    CommandButton(
        "suspend-cancel", "Suspend and cancel orders", "SUSPEND_ACCOUNT",
        "As Suspend, and all open orders of the account are canceled in the same step, which cannot be undone.",
        _suspend_and_cancel, change_of_suspension, of_account, refuse=only_customers,
        account_id=lambda account: account.pk, grave=True,
    ),
    CommandButton(
        "reinstate", "Reinstate", "REINSTATE_ACCOUNT", "The customer may trade and move money again.",
        _reinstate, becomes(AccountStatus.ACTIVE), of_account, refuse=only_suspended, account_id=lambda account: account.pk,
        four_eyes=True,
    ),
    CommandButton(
        "limits", "Set limits", "SET_ACCOUNT_LIMITS",
        "Limits of this account, below the venue's own, for orders from now on. All are set, whatever they were before.",
        _set_limits, change_of_limits, of_account, refuse=only_customers, account_id=lambda account: account.pk, four_eyes=True,
        asks=(
            Ask("max_open_orders", "Open orders at once", whole, _now("max_open_orders"), optional=True, help=_EMPTY),
            Ask("max_order_notional", "Value of one order", positive, _now("max_order_notional"), optional=True,
                help=f"In the quote currency of the order. {_EMPTY}"),
            Ask("orders_per_second", "Orders a second", whole, _now("orders_per_second"), optional=True,
                help=f"1 to {ORDERS_PER_SECOND_MAX}, and four seconds of them at once. {_EMPTY}"),
        ),
    ),
)  # fmt: skip


@admin.register(Account)
class AccountAdmin(CommandAdmin):
    commands = BUTTONS
    description = "Trading accounts of customers, and the four of the venue itself."
    list_display = ("id", "kind", "user", "status", "opened_at", "paper_deposit_at")
    list_select_related = ("user",)
    search = (by_number(), by_number("user_id"))
    search_help_text = "Id of the account or of its user"
    filters = (Choice.of("status", AccountStatus), Choice.of("kind", AccountKind), Period("opened_at"))
    fieldsets = (
        (None, {"fields": ("id", "kind", "user", "status", "opened_at", "paper_deposit_at")}),
        ("Limits", {"fields": ("max_open_orders", "max_order_notional", "orders_per_second")}),
        ("Safeguards", {"fields": ("dead_man_at",)}),
    )

    def links(self, account: Account) -> Iterable[Link]:
        of_it = f"account={account.pk}"
        yield Link("Balances", list_address("ledger.ledgeraccount", of_it))
        yield Link("Orders", list_address("orders.order", of_it))
        yield Link("Events", list_address("orders.accountevent", of_it))
        yield Link("Daily statements", list_address("ledger.dailystatement", of_it))
        yield Link("Positions", list_address("portfolio.accountprogress", f"q={account.pk}"))
        yield Link("API keys", list_address("accounts.apikey", of_it))
        yield Link("Trail of staff", list_address("backoffice.trailentry", of_it))
        try:
            yield Link("Customer page", reverse("support:customer", args=[account.pk]))
        except NoReverseMatch:
            return


def not_revoked(key: ApiKey) -> str:
    return "The key is revoked already." if key.revoked_at is not None else ""


def _revoke(key: ApiKey, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    api_keys.revoke_key(key.account_id, key.pk)
    return CommandOutcome(True, "The key is revoked.", reference=key.pk)


@admin.register(ApiKey)
class ApiKeyAdmin(CommandAdmin):
    commands = (
        CommandButton(
            "revoke", "Revoke", "REVOKE_API_KEY",
            "Programs that use the key are refused within two seconds, for good. Orders that they have placed stay as they are.",
            _revoke, lambda key, values: ({"Key": "holds"}, {"Key": "revoked"}), str, refuse=not_revoked,
            account_id=lambda key: key.account_id, grave=True,
        ),
    )  # fmt: skip
    description = "Keys of customers' programs, by the part of them that may be shown. The secret is kept nowhere."
    list_display = ("id", "prefix", "account", "scope", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("account",)
    search = (by_number(), by_prefix("prefix", str.lower))
    search_help_text = "Id, or how the part behind tredye_ begins"
    filters = (Number("account", "Account id", "account_id"), Choice.of("scope", KeyScope))
    fieldsets = (
        (None, {"fields": ("id", "prefix", "name", "account", "scope", "networks")}),
        ("Times", {"fields": ("created_at", "last_used_at", "expires_at", "revoked_at")}),
    )
