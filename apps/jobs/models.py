"""What became of each job on each business day."""

from django.db import models


class RunStatus(models.TextChoices):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class JobRun(models.Model):
    """One job on one business day: claimed before the work, DONE once and for all after it.

    A RUNNING row whose session no longer holds the run's lock belongs to a process that died; the next one takes it over.
    """

    job = models.CharField(max_length=40)
    day = models.DateField(help_text="The business day (UTC) that the run is about.")
    status = models.CharField(max_length=8, choices=RunStatus.choices)
    attempt = models.IntegerField(default=1, help_text="How many times this run was begun.")
    started_at = models.DateTimeField(help_text="When the latest attempt began.")
    heartbeat_at = models.DateTimeField(help_text="When the latest attempt last said how far it is.")
    finished_at = models.DateTimeField(null=True, blank=True)
    progress = models.CharField(max_length=200, blank=True)
    result = models.TextField(blank=True, help_text="JSON: what the job counted.")
    error = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "day"], name="job_run_once_a_day"),
            models.CheckConstraint(condition=models.Q(status__in=RunStatus.values), name="job_run_status_known"),
            models.CheckConstraint(
                condition=models.Q(status="RUNNING", finished_at__isnull=True)
                | (~models.Q(status="RUNNING") & models.Q(finished_at__isnull=False)),
                name="job_run_finished_unless_running",
            ),
            models.CheckConstraint(
                condition=models.Q(status="FAILED") | models.Q(error=""), name="job_run_error_says_why_it_failed"
            ),
            models.CheckConstraint(condition=models.Q(attempt__gte=1), name="job_run_attempt_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.job} of {self.day}"
