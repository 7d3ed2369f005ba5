"""Users and accounts in the Django admin. Nothing here shows a password, a key of a session, or a second factor."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from apps.accounts.models import Account, AccountKind, User
from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Period, by_number, by_prefix
from apps.adminlists.pages import ReadOnlyAdmin
from apps.core.enums import AccountStatus, Role

ROWS_MAX = 50


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
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

    def tables(self, user: User) -> Iterable[Table]:
        sessions = UserSession.objects.filter(user=user).order_by("-last_seen_at")[:ROWS_MAX]
        columns = (Column.of("last_seen_at"), Column.of("created_at", "Since"), Column.of("ip", "Address"), Column.of("user_agent"))
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


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    description = "Trading accounts of customers, and the four of the venue itself."
    list_display = ("id", "kind", "user", "status", "opened_at", "paper_deposit_at")
    list_select_related = ("user",)
    search = (by_number(), by_number("user_id"))
    search_help_text = "Id of the account or of its user"
    filters = (Choice.of("status", AccountStatus), Choice.of("kind", AccountKind), Period("opened_at"))
    fieldsets = (
        (None, {"fields": ("id", "kind", "user", "status", "opened_at", "paper_deposit_at")}),
        ("Limits", {"fields": ("max_open_orders", "max_order_notional")}),
    )

    def links(self, account: Account) -> Iterable[Link]:
        of_it = f"account={account.pk}"
        yield Link("Balances", list_address("ledger.ledgeraccount", of_it))
        yield Link("Orders", list_address("orders.order", of_it))
        yield Link("Events", list_address("orders.accountevent", of_it))
        yield Link("Daily statements", list_address("ledger.dailystatement", of_it))
        yield Link("Positions", reverse("admin:portfolio_accountprogress_change", args=[account.pk]))
        yield Link("Trail of staff", list_address("backoffice.trailentry", of_it))
        try:
            yield Link("Customer page", reverse("support:customer", args=[account.pk]))
        except NoReverseMatch:
            return
