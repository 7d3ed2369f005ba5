"""Deletions in the Django admin: who asked, when it is due, and what stands in the way. Nothing can be done to them there."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from apps.adminlists.cells import Column, Table, admin_link, make_table
from apps.adminlists.narrowing import Number, Period, by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.privacy.models import Deletion
from apps.privacy.obstacles import list_obstacles


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    description = (
        "Customers who asked that their data be deleted. They alone take it back, and a job of the night carries it out."
    )
    list_display = ("id", "account", "asked_at", "due_at", "undone_at", "put_off_at", "done_at")
    search = (by_number(), by_number("account_id"), by_number("user_id"))
    search_help_text = "Id of the deletion, of the account or of its user"
    filters = (Number("account", "Account id", "account_id"), Period("asked_at"))
    fieldsets = (
        (None, {"fields": ("id", "account", "user")}),
        ("Times", {"fields": ("asked_at", "due_at", "undone_at", "put_off_at", "shut_at", "done_before_at", "done_at")}),
    )

    @admin.display(description="Account")
    def account(self, row: Deletion) -> Any:
        return admin_link("accounts.account", row.account_id)

    @admin.display(description="User")
    def user(self, row: Deletion) -> Any:
        return admin_link("accounts.user", row.user_id)

    def tables(self, row: Deletion) -> Iterable[Table]:
        if row.undone_at is None and row.done_at is None:
            columns: tuple[Column, ...] = (Column.of("what"), Column.of("way_out", "Its way out"))
            yield make_table("In the way now", columns, list_obstacles(row.account_id))
