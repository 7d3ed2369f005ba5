"""Alerts in the Django admin: what accounts asked to be told, what fired, what they were told, and which mails went out."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Number, Period, by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.alerts.kinds import Basis, Direction, Kind, State
from apps.alerts.models import AlertSettings, Firing, Mail, MailState, Notice, NoticeHead, OrderAlert, PriceAlert

#: Rows of each table on the page of something else.
ROWS_MAX = 100


@admin.register(PriceAlert)
class PriceAlertAdmin(ReadOnlyAdmin):
    description = "Prices that accounts asked to be told of, newest first; deleted ones too."
    list_display = ("id", "created_at", "account", "instrument", "basis", "direction", "price", "state", "fired_count",
                    "last_fired_at")
    list_select_related = ("instrument",)
    search = (by_number(),)
    search_help_text = "Alert id"
    filters = (
        Number("account", "Account id", "account_id"),
        Number("instrument", "Instrument id", "instrument_id", indexed=False),
        Choice.of("state", State),
        Choice.of("basis", Basis),
        Choice.of("direction", Direction),
        Period("created_at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "account", "instrument", "basis", "direction", "price", "note", "in_app", "by_mail")}),
        ("When", {"fields": ("pause_s", "expires_at", "watch_from", "created_at", "changed_at")}),
        ("Now", {"fields": ("state", "deleted_from", "slot", "is_armed", "version", "fired_count", "last_fired_at")}),
    )

    def links(self, alert: PriceAlert) -> Iterable[Link]:
        yield Link("All alerts of the account", list_address("alerts.pricealert", f"account={alert.account_id}"))
        yield Link("What the account was told", address_of_told(alert.account_id))

    def tables(self, alert: PriceAlert) -> Iterable[Table]:
        firings = Firing.objects.filter(alert_id=alert.pk).order_by("-version")[:ROWS_MAX]
        yield make_table("Firings", FIRING_COLUMNS, firings, note=f"The newest {ROWS_MAX} at most.")


FIRING_COLUMNS = (
    Column("Firing", lambda firing: admin_link("alerts.firing", firing.pk)),
    *(Column.of(name) for name in ("version", "at", "fired_at", "price", "value", "source", "epoch", "sequence")),
)


def address_of_told(account_id: int) -> str:
    """The list of accounts that were told something, at this one."""
    return list_address("alerts.noticehead", f"q={account_id}")


@admin.register(Firing)
class FiringAdmin(ReadOnlyAdmin):
    description = "Each time that a price alert fired, with the quote or print that did it, newest first."
    list_display = ("id", "fired_at", "alert", "account", "instrument", "basis", "direction", "price", "value")
    list_select_related = ("instrument",)
    search = (by_number(),)
    search_help_text = "Firing id"
    filters = (
        Number("account", "Account id", "account_id"),
        Number("instrument", "Instrument id", "instrument_id", indexed=False),
        Period("fired_at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "alert", "version", "account", "instrument", "note")}),
        ("Asked and seen", {"fields": ("basis", "direction", "price", "value", "at", "fired_at")}),
        ("By", {"fields": ("source", "epoch", "sequence")}),
    )

    @admin.display(description="Alert")
    def alert(self, firing: Firing) -> Any:
        return admin_link("alerts.pricealert", firing.alert_id)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    description = "What accounts were told of prices and orders, in the page and by mail, newest first."
    list_display = ("id", "created_at", "account", "sequence", "kind", "order_page", "in_app", "by_mail", "read_at", "mail")
    search = (by_number(),)
    search_help_text = "Notice id"
    filters = (
        Number("account", "Account id", "account_id", indexed=False),
        Number("order", "Order id", "order_id", indexed=False),
        Choice.of("kind", Kind),
        Period("created_at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "account", "sequence", "kind", "instrument", "order_page")}),
        ("When", {"fields": ("at", "created_at", "read_at", "minute")}),
        ("How", {"fields": ("in_app", "by_mail", "mail")}),
        ("Its words' numbers", {"fields": ("data",)}),
    )

    @admin.display(description="Order")
    def order_page(self, notice: Notice) -> Any:
        return admin_link("orders.order", notice.order_id) if notice.order_id else ""


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    name = "Alert mails"
    description = "Mails about alerts, each of one notice or of many, newest first."
    list_display = ("id", "created_at", "account", "state", "attempts", "next_at", "sent_at", "error")
    search = (by_number(),)
    search_help_text = "Mail id"
    filters = (Number("account", "Account id", "account_id", indexed=False), Choice.of("state", MailState), Period("created_at"))
    fieldsets = ((None, {"fields": ("id", "account", "state", "attempts", "next_at", "created_at", "sent_at", "error")}),)

    def tables(self, mail: Mail) -> Iterable[Table]:
        yield make_table("Of these notices", NOTICE_COLUMNS, Notice.objects.filter(mail=mail).order_by("sequence")[:ROWS_MAX])


NOTICE_COLUMNS = (
    Column("Notice", lambda notice: admin_link("alerts.notice", notice.pk)),
    *(Column.of(name) for name in ("sequence", "kind", "at", "in_app", "by_mail", "read_at")),
)
MAIL_COLUMNS = (
    Column("Mail", lambda mail: admin_link("alerts.mail", mail.pk)),
    *(Column.of(name) for name in ("created_at", "state", "attempts", "sent_at", "error")),
)


@admin.register(NoticeHead)
class NoticeHeadAdmin(ReadOnlyAdmin):
    name = "Notices by account"
    description = "Accounts that were told something: how far their notices have come, what they want to be told, and the newest."
    list_display = ("account_id", "last_sequence", "minute", "in_minute")
    search = (by_number(),)
    search_help_text = "Account id"
    fieldsets = ((None, {"fields": ("account", "last_sequence", "minute", "in_minute")}),)

    @admin.display(description="Account")
    def account(self, row: NoticeHead) -> Any:
        return admin_link("accounts.account", row.account_id)

    def links(self, row: NoticeHead) -> Iterable[Link]:
        yield Link("Price alerts", list_address("alerts.pricealert", f"account={row.account_id}"))

    def tables(self, row: NoticeHead) -> Iterable[Table]:
        of_it = row.account_id
        settings = AlertSettings.objects.filter(pk=of_it)[:1]
        columns = tuple(Column.of(name) for name in ("in_app", "by_mail", "tells_at_once", "mail_off"))
        yield make_table("Wants to be told of its orders", columns, settings, note="Without a row the account has the default.")
        wishes = OrderAlert.objects.filter(account_id=of_it).order_by("-order_id")[:ROWS_MAX]
        order = Column("Order", lambda wish: admin_link("orders.order", wish.order_id))
        columns = (order, *(Column.of(name) for name in ("in_app", "by_mail", "created_at", "ended_at")))
        yield make_table("And of single orders", columns, wishes)
        yield make_table("Notices", NOTICE_COLUMNS, Notice.objects.filter(account_id=of_it).order_by("-sequence")[:ROWS_MAX])
        yield make_table("Mails", MAIL_COLUMNS, Mail.objects.filter(account_id=of_it).order_by("-created_at")[:ROWS_MAX])
