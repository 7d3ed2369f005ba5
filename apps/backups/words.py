"""How the commands say instants, ages and sizes."""

import time

from apps.core.clock import instant


def instant_of(at_ns: int) -> str:
    return f"{instant(at_ns):%Y-%m-%d %H:%M:%S} UTC" if at_ns else "before the first order"


def age_of(at_ns: int) -> str:
    """How long ago that was, in its two largest units."""
    seconds = max(0, time.time_ns() - at_ns) // 1_000_000_000
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h ago"
    return f"{hours} h {minutes} min ago" if hours else f"{minutes} min {seconds % 60} s ago"


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
