"""``manage.py run_engine``: the one writer. A second one is its warm standby; any error of the database ends the process."""

import logging
import signal
import sys
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from apps.core.clock import process_clock
from apps.engine.recovery import SHARD, connect_to_read, quiet_collector, recover
from apps.engine.room import Room, told_by_lock
from apps.engine.server import ClockWentBackError, Server
from apps.engine.settlement import STALE_EPOCH, SettlementError
from apps.engine.standby import HolderWatch, wait_for_lease
from apps.engine.watchdog import Watchdog
from apps.observability import disks, metrics

logger = logging.getLogger(__name__)

EXIT_DATABASE = 1
EXIT_FENCED = 3
EXIT_CLOCK = 4


class Command(BaseCommand):
    help = "Run the engine: take the lease, reload, and serve commands on ENGINE_URL until SIGTERM."
    requires_system_checks: list[str] = []  # a restart after a crash should not wait for them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--take-over", action="store_true", help="End the session of the present holder at once, silent or not."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            metrics.serve_metrics()
            self._run(take_over=options["take_over"])
        except SettlementError as error:
            logger.critical("the engine ends: %s", error)
            sys.exit(EXIT_FENCED if error.sqlstate == STALE_EPOCH else EXIT_DATABASE)
        except psycopg.Error as error:
            logger.critical("the engine ends: the database failed: %s", str(error).strip().replace("\n", " "))
            sys.exit(EXIT_DATABASE)
        except ClockWentBackError as error:
            logger.critical("the engine ends: %s; the next one begins with the clock as it is", error)
            sys.exit(EXIT_CLOCK)
        except OSError as error:  # an address that cannot be bound
            logger.critical("the engine ends: %s", error)
            sys.exit(EXIT_DATABASE)

    def _run(self, *, take_over: bool) -> None:
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda signum, frame: stopped.append(signum))
        watch = HolderWatch(settings.ENGINE_URL, settings.ENGINE_TOKEN, settings.ENGINE_TAKE_OVER_S)
        taken = wait_for_lease(
            settings.DATABASES["default"], watch, settings.ENGINE_URL, lambda: not stopped, take_over=take_over
        )
        if taken is None:
            return
        epoch = taken.epoch
        reads = connect_to_read(settings.DATABASES["default"])
        tell = told_by_lock(reads, SHARD)
        room = Room(settings.ENGINE_UNPUBLISHED_MAX, settings.DISK_FULL_PERCENT, disks.books_percent, tell)
        recovered = recover(taken.connection, epoch, reads, room)
        connections.close_all()  # one connection for everything that this process writes
        watchdog = Watchdog()
        watchdog.start()
        server = Server(recovered.session, settings.ENGINE_URL, settings.ENGINE_TOKEN, epoch, process_clock(), watchdog)
        server.stop_on_signals()
        metrics.ENGINE_EPOCH.set(epoch)
        metrics.ENGINE_OPEN_ORDERS.set(recovered.open_orders)
        quiet_collector()
        logger.info(
            "engine: epoch %d serves %s with %d open orders, loaded in %.0f ms",
            epoch, settings.ENGINE_URL, recovered.open_orders, recovered.load_ms,
        )  # fmt: skip
        if not stopped:
            server.run()
        taken.connection.close()  # the lease goes with it, and its standby need not wait for the interpreter's end
        logger.info("engine: stopped")
