"""The job ``day_hash``: the hash of the commit with which a closed day ended is kept, and so published."""

from datetime import date

from apps.engine.models import Journal
from apps.jobs.registry import Progress
from apps.ledger.business_days import get_day_range
from apps.ledger.day_hashes import keep_day_hash


def keep_hash(day: date, progress: Progress) -> dict[str, object]:
    """Keep the hash of the commit with the last transfer of ``day``; a day before the chain began has none."""
    progress("looking for the commit with which the day ended")
    closed = get_day_range(day)
    if closed is None:
        raise RuntimeError(f"{day} is not closed: the job statements closes it")
    last = Journal.objects.filter(last_sequence__gte=closed.last_transfer_id).order_by("last_sequence").first()
    if closed.last_transfer_id == 0 or last is None or last.hash is None:
        return {"hash": "", "why": "no commit of the day, or before it, has one"}
    keep_day_hash(day, last.last_sequence, bytes(last.hash))
    return {"last_sequence": last.last_sequence, "hash": bytes(last.hash).hex()}
