"""A consumer in a process of its own, for the tests that freeze or kill one: ``python -m tests.eventlog.member NAME MEMBER``."""

import sys

import django


def main(name: str, member: str) -> None:
    django.setup()
    from apps.eventlog.consumer import Runner
    from apps.eventlog.shutdown import stop_flag
    from tests.eventlog.harness import EffectHandler

    Runner(EffectHandler(name), stop_flag(), member=member).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
