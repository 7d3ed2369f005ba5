"""Family ``prices``: what a delivered price costs, how old it is when it arrives, and what a full house does to it.

The product's own stream process, fed by its own realtime handler through the channel layer, beside two peers of the same run:
Channels as its tutorial has it, and a broadcast server in C. ``python -m bench prices`` takes all of it, ``python -m bench
prices.quiet`` one part.
"""

import os
import tempfile
from pathlib import Path

from bench import database
from bench.prices import figures, market, native
from bench.prices.processes import share_out
from bench.prices.scene import Scene

PARTS = {
    "naive": figures.vs_naive,
    "thousand": figures.thousand,
    "one_socket": figures.one_socket,
    "quiet": figures.quiet,
}


MARKET = ("kafka", "paint")


def run(only: str = "") -> None:
    """All parts, or ``only`` one of them."""
    if only and only not in (*PARTS, *MARKET):
        raise SystemExit(f"bench: no part {only} of prices; there is {', '.join((*PARTS, *MARKET))}")
    if only not in MARKET:
        _sockets(only)
    if only not in PARTS:
        market.run(only)


def _sockets(only: str) -> None:
    allowed = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory(prefix="tredye-bench-prices-") as name, database.database("tredye_bench_prices") as url:
        database.migrate(url)
        try:
            scene = Scene(url, Path(name), share_out())
            for part, take in PARTS.items():
                if only in ("", part):
                    take(scene)
        except native.NoCompilerError as error:
            print(f"bench: no figures of the sockets: {error}", flush=True)
        finally:
            os.sched_setaffinity(0, allowed)
