"""The jobs' gauges, read from Postgres: they are right after a restart, and after a run by hand in another process."""

from django.utils.module_loading import import_string

from apps.jobs.registry import JOBS
from apps.jobs.selectors import newest_done
from apps.observability import metrics

#: Whoever else has gauges of what jobs leave behind, in apps that this one may not import.
_OTHERS = ("apps.backups.watch.observe",)


def observe(missing: int | None = None) -> None:
    """Set the gauges; ``missing`` is how many runs are due and not done, when that was looked up."""
    if missing is not None:
        metrics.JOBS_MISSING.set(missing)
    for name in JOBS:
        run = newest_done(name)
        if run is None or run.finished_at is None:
            continue
        metrics.JOBS_LAST_DONE.labels(name).set(run.finished_at.timestamp())
        alarm = run.result.get("alarm", 0)
        metrics.JOBS_ALARM.labels(name).set(alarm if isinstance(alarm, int) else 0)
    for path in _OTHERS:
        import_string(path)()
