"""``python -m bench.prices.feed product|tutorial TABLE``: ticks at a rate, until its stdin is closed.

A line on stdin sets the rate and the kind ("1000 q"; "0 q" stops), and is answered when it holds. ``product`` hands records to
the product's own handler, as ``run_consumer realtime`` does with those of the log; ``tutorial`` sends each tick to the group of
its symbol.
Symbols take turns, so that each ticks equally often.
"""

import asyncio
import select
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import django

from bench.prices.table import Table

STEP_S = 0.002
AT_ONCE = 1000
PRICES = tuple(f"{1000 + number}.{number % 100:02d}" for number in range(97))


class Pace:
    """How many ticks are due, at most ``AT_ONCE``: what a busy machine was too late for is given up, since a log, too, hands over
    its records in batches, and one of a whole second would be a stall of its own."""

    def __init__(self) -> None:
        self.rate = 0.0
        self.kind = "q"
        self._from = 0.0
        self._made = 0

    def set(self, line: str) -> None:
        rate, self.kind = line.split()
        self.rate, self._from, self._made = float(rate), time.monotonic(), 0

    def due(self) -> int:
        owed = int((time.monotonic() - self._from) * self.rate) - self._made
        self._made += owed
        return min(owed, AT_ONCE)

    def wait_s(self) -> float:
        """Seconds to the next tick, and no less than a step at a high rate: a record holds many."""
        if not self.rate:
            return 60.0
        return max(STEP_S if self.rate > 1 / STEP_S else 0.0, self._from + (self._made + 1) / self.rate - time.monotonic())


def product(table: Table) -> None:
    django.setup()
    from apps.core.enums import Side
    from apps.eventlog.handler import Record
    from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
    from apps.realtime.handlers import RealtimeHandler

    names, epoch, pace, prices = table.names(), time.time_ns(), Pace(), cycle(PRICES)
    turn = cycle(range(len(names)))
    handler = RealtimeHandler()
    handler.start()

    def record(count: int) -> Record:
        now_ns, ticks = time.time_ns(), []
        prints = []
        for _ in range(count):
            symbol, price = next(turn), next(prices)
            stamp_us = time.monotonic_ns() // 1000
            sequence = table.publish(symbol, stamp_us)
            if pace.kind == "q":
                ticks.append(QuoteTick(names[symbol], sequence, now_ns, price, price, "0.25", str(stamp_us)))
            else:
                prints.append(TradeTick(names[symbol], sequence, now_ns, price, str(stamp_us), Side.BUY))
        message = QuoteTicks("bench", epoch, ticks) if pace.kind == "q" else TradeTicks("bench", epoch, prints)
        return Record("marketdata.quotes", 0, 0, "", b"", 0, message)

    print("ready", flush=True)
    try:
        _run(pace, lambda count: handler.handle([record(count)]))
        handler.tick(time.monotonic_ns())
    finally:
        handler.stop()


def _run(pace: Pace, send: Callable[[int], None]) -> None:
    while True:
        readable, _, _ = select.select([sys.stdin], [], [], pace.wait_s())
        if readable:
            line = sys.stdin.readline()
            if not line:
                return
            pace.set(line)
            print("holds", flush=True)
        elif count := pace.due():
            send(count)


def tutorial(table: Table) -> None:
    django.setup()
    from channels.layers import get_channel_layer

    names, pace, prices, epoch = table.names(), Pace(), cycle(PRICES), time.time_ns()
    turn = cycle(range(len(names)))

    async def run() -> None:
        layer, loop, ended = get_channel_layer(), asyncio.get_running_loop(), asyncio.Event()

        def read() -> None:
            line = sys.stdin.readline()
            if line:
                pace.set(line)
                print("holds", flush=True)
            else:
                ended.set()

        loop.add_reader(sys.stdin, read)
        print("ready", flush=True)
        while not ended.is_set():
            for _ in range(pace.due()):
                symbol, price = next(turn), next(prices)
                stamp_us = time.monotonic_ns() // 1000
                sequence = table.publish(symbol, stamp_us)
                quote = [names[symbol], epoch, sequence, time.time_ns() // 1_000_000, price, price, "0.25", str(stamp_us)]
                await layer.group_send(f"ticks.{names[symbol]}", {"type": "tick", "quote": quote})
            await asyncio.sleep(min(pace.wait_s(), 0.05))

    asyncio.run(run())


if __name__ == "__main__":
    {"product": product, "tutorial": tutorial}[sys.argv[1]](Table(Path(sys.argv[2])))
