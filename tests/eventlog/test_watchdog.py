import threading

from apps.eventlog.watchdog import Watchdog
from tests.waiting import wait_until


def test_standing_still_expires() -> None:
    expired = threading.Event()
    Watchdog(0.05, expired.set)
    assert expired.wait(60)


def test_progress_does_not_expire() -> None:
    expired = threading.Event()
    watchdog = Watchdog(0.5, expired.set)
    beats = iter(range(200))

    def beaten_long_enough() -> bool:
        watchdog.beat()
        return next(beats) >= 150

    wait_until(beaten_long_enough, 10, "one and a half seconds of beats")
    watchdog.close()
    assert not expired.is_set()


def test_no_limit_watches_nothing() -> None:
    Watchdog(None, lambda: (_ for _ in ()).throw(AssertionError)).beat()
