import os
import signal
import threading

import pytest
from django.core.management import CommandError, call_command

from apps.eventlog import registry
from apps.eventlog.registry import UnknownConsumerError, make_handler
from tests.eventlog.harness import EffectHandler, LatestHandler, publish
from tests.waiting import wait_until

SEEN = LatestHandler()


def seen_handler() -> LatestHandler:
    return SEEN


def test_a_handler_is_made_from_its_dotted_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.CONSUMERS, "effects", "tests.eventlog.harness.EffectHandler")
    assert isinstance(make_handler("effects"), EffectHandler)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownConsumerError, match="must be one of realtime, marketdata, portfolio, alerts, was 'gossip'"):
        make_handler("gossip")
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("run_consumer", "gossip")


def test_what_is_not_a_handler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.CONSUMERS, "wrong", "builtins.dict")
    with pytest.raises(TypeError, match=r"builtins\.dict must be a Handler"):
        make_handler("wrong")


@pytest.mark.usefixtures("committed_database")
def test_the_command_runs_a_consumer_until_sigterm(monkeypatch: pytest.MonkeyPatch, topics: None) -> None:
    monkeypatch.setitem(registry.CONSUMERS, "seen", "tests.eventlog.test_registry.seen_handler")
    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    sequence = 0

    def arrived() -> bool:
        nonlocal sequence
        sequence += 1
        publish([(1, sequence)])
        return bool(SEEN.seen)

    def drive() -> None:
        try:
            wait_until(arrived, 30, "a message")
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    driver = threading.Thread(target=drive)
    try:
        # The handler is ours before the command starts, so that a failing driver cannot end the test run itself.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        driver.start()
        call_command("run_consumer", "seen")
    finally:
        driver.join(40)
        for number, handler in former.items():
            signal.signal(number, handler)
    assert SEEN.seen


@pytest.mark.usefixtures("committed_database")
def test_when_one_of_two_consumers_ends_the_other_ends_too(monkeypatch: pytest.MonkeyPatch, topics: None) -> None:
    class Broken(EffectHandler):
        def start(self) -> None:
            raise RuntimeError("it cannot start")

    whole = EffectHandler()
    made = {"whole": lambda: whole, "broken": Broken}
    for name, make in made.items():
        monkeypatch.setitem(registry.CONSUMERS, name, f"tests.eventlog.test_registry.{name}_handler")
        monkeypatch.setattr(f"tests.eventlog.test_registry.{name}_handler", make, raising=False)
    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with pytest.raises(RuntimeError, match="it cannot start"):
            call_command("run_consumer", "whole", "broken")
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    assert whole.stopped == 1
