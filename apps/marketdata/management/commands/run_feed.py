import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.eventlog.shutdown import stop_flag
from apps.marketdata.feeds import sim
from apps.marketdata.feeds.ccxtfeed import SILENCE_S, SYMBOLS_MAX, WAYS, CcxtFeed, SourceError, load_ccxt, read_config
from apps.marketdata.feeds.columns import ColumnError, map_columns, read_columns
from apps.marketdata.feeds.incidents import Incident, IncidentError, read_incidents
from apps.marketdata.feeds.instruments import InstrumentWatch
from apps.marketdata.feeds.lease import LeaseLostError
from apps.marketdata.feeds.process import Feed, run_source
from apps.marketdata.feeds.publisher import Publisher
from apps.marketdata.feeds.recording import Recording, RecordingError
from apps.marketdata.feeds.replayfeed import SOURCE, SPEED_MAX, ReplayFeed, Symbols
from apps.marketdata.feeds.simfeed import RATE_MAX, SimFeed
from apps.observability.metrics import serve_metrics

_SCRIPT_BYTES_MAX = 100_000


class Command(BaseCommand):
    help = "Publish ticks of a source until told to stop, or stand by while another process publishes as the same source."

    def add_arguments(self, parser: CommandParser) -> None:
        sources = parser.add_subparsers(dest="kind", required=True, metavar="SOURCE")
        _add_sim(sources.add_parser("sim", help="a simulated market of all instruments"))
        _add_ccxt(sources.add_parser("ccxt", help="live public prices of an exchange, through CCXT"))
        _add_replay(sources.add_parser("replay", help="recorded quotes and prints, from CSV or Parquet"))

    def handle(self, *_args: Any, **options: Any) -> None:
        starts: dict[str, Callable[[dict[str, Any], Event], None]] = {"sim": _run_sim, "replay": _run_replay, "ccxt": _run_ccxt}
        stopping = stop_flag()
        try:
            starts[options["kind"]](options, stopping)
        except (LeaseLostError, RecordingError, ColumnError, SourceError) as error:
            raise CommandError(str(error)) from None


def _add_sim(parser: Any) -> None:
    parser.add_argument(
        "--rate",
        type=float,
        default=settings.FEED_RATE,
        help=f"ticks a second over all instruments, at most {RATE_MAX}; default: FEED_RATE",
    )
    parser.add_argument(
        "--seed", type=int, default=settings.FEED_SEED, help="the same seed makes the same random moves; default: FEED_SEED"
    )
    parser.add_argument("--symbols", default="", help="only these, separated by commas")
    parser.add_argument(
        "--incident",
        action="append",
        default=[],
        metavar="KIND:SYMBOL:AT_S[:LENGTH_S]",
        help="something that goes wrong, AT_S seconds after the start; may be given many times. Kinds: docs/feeds.md",
    )
    parser.add_argument("--incidents", metavar="FILE", help="a file with such incidents, one a line")


def _run_sim(options: dict[str, Any], stopping: Event) -> None:
    rate = options["rate"]
    if not 0 < rate <= RATE_MAX:
        raise CommandError(f"--rate must be above 0 and at most {RATE_MAX}, was {rate:g}")
    seed = time.time_ns() if options["seed"] is None else options["seed"]
    incidents = _incidents(options["incident"], options["incidents"])
    serve_metrics()
    watch = InstrumentWatch(_words(options["symbols"]), sim.SOURCE)

    def make(publisher: Publisher) -> Feed:
        return SimFeed(publisher, watch, rate=rate, seed=seed, incidents=incidents)

    try:
        run_source(sim.SOURCE, make, stopping)
    finally:
        watch.close()


def _add_replay(parser: Any) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="CSV or Parquet; several are merged by time")
    parser.add_argument("--speed", type=float, default=1, help="so many times as fast; 0: as fast as the log takes it")
    parser.add_argument("--columns", default="", metavar="ROLE=NAME,…", help="which column is what; docs/feeds.md")
    parser.add_argument("--symbol", default="", metavar="OURS or THEIRS=OURS,…", help="what each row is of")
    parser.add_argument("--loop", action="store_true", help="begin again at the end")
    parser.add_argument("--bad-max", type=int, default=1_000, help="rows that may be unreadable; default 1000")


def _run_replay(options: dict[str, Any], stopping: Event) -> None:
    speed, bad_max = options["speed"], options["bad_max"]
    if not 0 <= speed <= SPEED_MAX:
        raise CommandError(f"--speed must be from 0 to {SPEED_MAX}, was {speed:g}")
    if bad_max < 0:
        raise CommandError(f"--bad-max must not be below zero, was {bad_max}")
    columns = read_columns(options["columns"])
    recordings = [Recording(Path(name)) for name in options["files"]]
    try:
        symbols = Symbols.of(options["symbol"])
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not symbols.all_are and not all(
        "symbol" in map_columns(each.header, each.first, columns).positions for each in recordings
    ):
        raise CommandError("the file does not say of which instrument it is: --symbol BTC-USD")
    serve_metrics()
    watch = InstrumentWatch((), SOURCE)

    def make(publisher: Publisher) -> Feed:
        return ReplayFeed(
            publisher, watch, recordings, speed=speed, columns=columns, symbols=symbols, bad_max=bad_max, loop=options["loop"]
        )

    try:
        run_source(SOURCE, make, stopping)
    finally:
        watch.close()


def _add_ccxt(parser: Any) -> None:
    parser.add_argument("exchange", help="as CCXT calls it: binance, kraken, …")
    parser.add_argument("--symbols", required=True, metavar="BTC/USDT=BTC-USD,…", help="theirs and ours")
    parser.add_argument("--way", choices=list(WAYS), default="", help="what quotes are made of; default: the first that there is")
    parser.add_argument("--no-trades", action="store_true", help="quotes only")
    parser.add_argument("--silence", type=float, default=SILENCE_S, help="seconds without a word after which to connect anew")
    parser.add_argument("--config", metavar="FILE", help="JSON that CCXT is made with: addresses, proxies, options")


def _run_ccxt(options: dict[str, Any], stopping: Event) -> None:
    exchange, silence_s = options["exchange"], options["silence"]
    if not 1 <= silence_s <= 3600:
        raise CommandError(f"--silence must be from 1 to 3600, was {silence_s:g}")
    try:
        symbols = Symbols.of(options["symbols"])
        config = {} if options["config"] is None else read_config(Path(options["config"]))
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not symbols.names or len(symbols.names) > SYMBOLS_MAX:
        raise CommandError(f"--symbols must be THEIRS=OURS,…, at most {SYMBOLS_MAX}")
    load_ccxt()
    serve_metrics()
    source = f"ccxt-{exchange}"
    watch = InstrumentWatch(symbols.names.values(), source)

    def make(publisher: Publisher) -> Feed:
        return CcxtFeed(
            publisher, watch, exchange, symbols.names, way=options["way"], with_trades=not options["no_trades"], config=config,
            silence_s=silence_s,
        )  # fmt: skip

    try:
        run_source(source, make, stopping)
    finally:
        watch.close()


def _incidents(given: list[str], file: str | None) -> list[Incident]:
    try:
        found = [Incident.parse(text) for text in given]
        if file is not None:
            path = Path(file)
            if path.stat().st_size > _SCRIPT_BYTES_MAX:
                raise CommandError(f"{file} must be at most {_SCRIPT_BYTES_MAX} bytes, was {path.stat().st_size}")
            found += read_incidents(path.read_text().splitlines())
    except (OSError, UnicodeDecodeError, IncidentError) as error:
        raise CommandError(str(error)) from None
    return found


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]
