"""What was sampled. Both tables are small for ever: whoever writes a row removes those that are too old."""

from django.db import models


class Sample(models.Model):
    """Everything that was asked at once. ``taken_at`` is the beginning of its 15 s, so that two who sample write one row."""

    taken_at = models.DateTimeField(primary_key=True)
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at__second__in=(0, 15, 30, 45)), name="operations_sample_at_a_quarter_of_a_minute"
            )
        ]

    def __str__(self) -> str:
        return f"sample of {self.taken_at:%Y-%m-%d %H:%M:%S}"


class Slot(models.Model):
    """A quarter of an hour: how often each component was found up, degraded and down, and what orders and prices took."""

    begins_at = models.DateTimeField(primary_key=True)
    counts = models.JSONField()
    paces = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(begins_at__minute__in=(0, 15, 30, 45)), name="operations_slot_at_a_quarter_of_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"slot of {self.begins_at:%Y-%m-%d %H:%M}"
