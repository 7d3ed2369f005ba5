"""Runs of jobs in the Django admin."""

from django.contrib import admin

from apps.adminlists.narrowing import Choice, Day, by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.jobs.models import JobRun, RunStatus


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    description = "What became of each job on each business day, newest first."
    list_display = ("id", "job", "day", "status", "attempt", "started_at", "finished_at", "progress", "error")
    search = (by_number(),)
    search_help_text = "Id of the run"
    filters = (Choice.of("status", RunStatus), Day())
    fieldsets = (
        (None, {"fields": ("id", "job", "day", "status", "attempt", "progress")}),
        ("Times", {"fields": ("started_at", "heartbeat_at", "finished_at")}),
        ("What it said", {"fields": ("result", "error")}),
    )
