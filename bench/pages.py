"""Family ``pages``: what a page asks of Postgres, how long its server takes, and how much a browser has to load for it.

The pages are found in the URL map: every address that answers a customer with a page, however many there are by now.
"""

import logging
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from bench import asof, database
from bench.orders import Engine, engine_on
from bench.report import report
from bench.web import Caller, Program, Served, load_average, make_programs, server

QUERIES_MAX = 12
ROUNDS = 3
REQUESTS = 9
FEW, MANY, MOST = 10, 10_000, 100_000
HISTORY_FEW, HISTORY_MANY = 10_000, 10_000_000
HISTORY_REQUESTS = 60
#: What is no customer's page; and one that asks for a password, which the benchmark's people have not.
NOT_THEIRS = ("admin/", "support/", "api/", "static/", "livez", "readyz", "metrics", "logout/", "password/change/")
SETTLE_MS = 5_000
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
PRODUCT = "tredye.asgi:application"
_NAME = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")


def _routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _routes(entry, path)
        else:
            yield path


def addresses(values: dict[str, str]) -> list[str]:
    """Every address of the URL map that ``values`` fill in, once."""
    from django.urls import get_resolver

    found = []
    for route in _routes(get_resolver()):
        names = [one or other for one, other in _NAME.findall(route)]
        if route.startswith(NOT_THEIRS) or not set(names) <= set(values):
            continue
        filled = _NAME.sub(lambda match: values[match[1] or match[2]], route)
        found.append("/" + re.sub(r"[\^$]|\\(?=\.)", "", filled))
    return sorted(set(found))


def _logged_in(account_id: int) -> Any:
    from django.test import Client

    from apps.accounts.models import User

    client = Client(SERVER_NAME="localhost", headers={"accept": "text/html"})
    user = User.objects.get(account__id=account_id)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _values(account_id: int) -> dict[str, str]:
    from apps.orders.models import Order
    from bench.flow import SYMBOL

    order = Order.objects.filter(account_id=account_id).order_by("-id")[:1].get()
    return {"symbol": SYMBOL, "order_id": str(order.pk), "client_order_id": order.client_order_id}


def _queries(client: Any, pages: list[str]) -> dict[str, int]:
    """Of each address that answers with a page, how often it asks Postgres; the second time, when caches are filled."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = {}
    for page in pages:
        answer = client.get(page)
        answer.close()
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        counts[page] = len(captured)
    return counts


@contextmanager
def static_files() -> Iterator[str]:
    """Static files as production has them: collected and compressed."""
    with tempfile.TemporaryDirectory(prefix="tredye-bench-static-") as name:
        environment = database.environment(NO_DATABASE, **_with_static(name), PYTHONPATH=str(database.ROOT))
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, cwd=database.ROOT, env=environment, check=True, timeout=300)
        yield name


def _with_static(name: str) -> dict[str, str]:
    return {"BENCH_STATIC_ROOT": name, "DJANGO_SETTINGS_MODULE": "bench.pages_settings"}


def _instruments(engine: Engine) -> None:
    """The demo's, with their past, so that pages of the market have something to show."""
    import time

    from apps.instruments.selectors import get_instrument
    from apps.marketdata import demo
    from apps.marketdata.services import seed_history
    from apps.web.seeding import configure_command
    from bench.flow import request

    now_ns = time.time_ns()
    engine.session.process_raw([request(configure_command(wanted)) for wanted in demo.INSTRUMENTS], now_ns)
    for wanted in demo.INSTRUMENTS:
        view = get_instrument(wanted.symbol)
        seed_history(wanted, view.id, view.grid, now_ns=now_ns, seed=1)


def _page_get(program: Program, page: str) -> bytes:
    lines = [f"GET {page} HTTP/1.1", "Host: localhost", f"Cookie: sessionid={program.session_key}", "Accept: text/html"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def pages_of_an_account(static: str, directory: Path) -> None:
    """``pages.queries``, ``pages.p50_ms`` and ``pages.weight``, on one account that grows."""
    from django.db import connection

    from apps.portfolio.services import rebuild
    from bench.pages_rows import Customer

    with database.database("tredye_bench_pages") as url, engine_on(url, 7) as engine:
        connection.settings_dict["NAME"] = url.rsplit("/", 1)[1]
        _instruments(engine)
        account_id = engine.account_ids[0]
        (program,) = make_programs(engine.connection, [account_id])
        customer = Customer(engine, account_id)
        counts = []
        for total in (FEW, MANY):
            customer.order(total)
            rebuild()
            counts.append(_queries(_logged_in(account_id), addresses(_values(account_id))))
        _report_queries(*counts)
        customer.order(MOST)
        rebuild()
        engine.connection.execute("SET statement_timeout = 0")
        engine.connection.execute("VACUUM ANALYZE")  # as autovacuum would have by the time that anybody has so many
        pages = sorted(_queries(_logged_in(account_id), addresses(_values(account_id))))
        connection.close()
        with server("daphne", PRODUCT, url, directory, **_with_static(static)) as served:
            _time_pages(served, program, pages)
            weigh(served, program)


def _report_queries(few: dict[str, int], many: dict[str, int]) -> None:
    grows = {page: [few[page], many[page]] for page in few if page in many and few[page] != many[page]}
    worst = max(many.values())
    detail = {
        "pages": len(many),
        "most": max(many, key=lambda page: many[page]),
        "grows": grows,
        "above_12": {page: count for page, count in many.items() if count > QUERIES_MAX},
        "and": f"the same number with {FEW} orders as with {MANY}",
    }
    report("pages.queries", [float(worst)], "queries", QUERIES_MAX, "at most", detail, {"many": many, "few": few}, also=not grows)


def _time_pages(served: Served, program: Program, pages: list[str]) -> None:
    caller = Caller(served.port)

    def seconds(page: str) -> float:
        try:
            return caller.exchange(_page_get(program, page))
        except RuntimeError as error:
            raise RuntimeError(f"{page}: {error}; {served.log_tail()}") from error

    samples: dict[str, list[float]] = {page: [] for page in pages}
    cpu: dict[str, list[float]] = {page: [] for page in pages}
    for page in pages:
        seconds(page)
    for _ in range(ROUNDS):
        for page in pages:
            before = served.cpu_s()
            times = [seconds(page) * 1000 for _ in range(REQUESTS)]
            samples[page].append(statistics.median(times))
            cpu[page].append((served.cpu_s() - before) * 1000 / REQUESTS)
    caller.close()
    medians = {page: statistics.median(times) for page, times in samples.items()}
    worst = max(medians, key=lambda page: medians[page])
    detail = {
        "worst": worst,
        "orders": MOST,
        "ms": {page: round(value, 1) for page, value in sorted(medians.items(), key=lambda item: -item[1])},
        "cpu_ms": {page: round(statistics.median(cpu[page]), 1) for page in pages},
        "load_average": load_average(),
    }
    report("pages.p50_ms", samples[worst], "ms", 30.0, "at most", detail, samples)


def weigh(served: Served, program: Program) -> None:
    """``pages.weight``: all that Chromium loads for the instrument page, cold, as it comes over the wire."""
    import os
    import shutil

    from bench.flow import SYMBOL

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("bench: no pages.weight: playwright is not installed (requirements-test.txt)", flush=True)
        return
    if not path:
        print("bench: no pages.weight: no Chromium was found; name one in CHROMIUM", flush=True)
        return
    from bench.prices.market import BROWSER_ARGUMENTS

    base = f"http://127.0.0.1:{served.port}"
    sizes: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(BROWSER_ARGUMENTS))
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            context.add_cookies([{"name": "sessionid", "value": program.session_key, "url": base}])
            page = context.new_page()
            asked: list[Any] = []
            page.on("requestfinished", lambda request: asked.append(request))
            page.goto(f"{base}/markets/{SYMBOL}/", wait_until="load", timeout=60_000)
            page.wait_for_timeout(SETTLE_MS)  # what scripts fetch at their start; the stream never rests
            worker = page.evaluate("() => document.body.dataset.streamWorker") or ""
            for one in list(asked):
                found = one.sizes()
                sizes[one.url] = sizes.get(one.url, 0) + found["responseBodySize"] + found["responseHeadersSize"]
            for script in worker.split():  # a shared worker's requests are not the page's: they are weighed one by one
                if f"{base}{script}" not in sizes:
                    sizes[f"{base}{script}"] = _size(served, script)
        finally:
            browser.close()
    others = sorted({url for url in sizes if not url.startswith((base, "data:"))})
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    detail = {
        "requests": len(sizes),
        "other_hosts": others,
        "heaviest_bytes": {url.removeprefix(base): size for url, size in heaviest},
        "and": "no host but ours",
    }
    total = sum(sizes.values()) / 1024
    report("pages.weight", [total], "KiB", 250.0, "at most", detail, {"bytes": sizes}, also=not others)


def _size(served: Served, address: str) -> int:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip, br"})
    answer = connection.getresponse()
    return len(answer.read()) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders())


def history(static: str, directory: Path) -> None:
    """``pages.history``: the first page, with ten million orders in the table and with ten thousand, in turn."""
    from bench.pages_rows import Customer, spread_orders

    times: dict[int, list[float]] = {HISTORY_FEW: [], HISTORY_MANY: []}
    with (
        database.database("tredye_bench_few") as few_url,
        database.database("tredye_bench_many") as many_url,
        engine_on(few_url, 8) as few,
        engine_on(many_url, 8) as many,
    ):
        programs = []
        for engine, total in ((few, HISTORY_FEW), (many, HISTORY_MANY)):
            customer = Customer(engine, engine.account_ids[0])
            customer.order(200)
            (program,) = make_programs(engine.connection, [customer.account_id])
            programs.append(program)
            row = engine.connection.execute(
                "SELECT id FROM orders_order WHERE account_id = %s AND status = 'FILLED' LIMIT 1", [customer.account_id]
            ).fetchone()
            spread_orders(engine.connection, total, engine.account_ids, row[0] if row else 0)
        with (
            server("daphne", PRODUCT, few_url, directory, **_with_static(static)) as small,
            server("daphne", PRODUCT, many_url, directory, **_with_static(static)) as large,
        ):
            callers = (Caller(small.port), Caller(large.port))
            for _ in range(ROUNDS):
                rounds: tuple[list[float], list[float]] = ([], [])
                for _ in range(HISTORY_REQUESTS):
                    for caller, program, found in zip(callers, programs, rounds, strict=True):
                        found.append(caller.exchange(_page_get(program, "/orders/")) * 1000)
                times[HISTORY_FEW].append(statistics.median(rounds[0]))
                times[HISTORY_MANY].append(statistics.median(rounds[1]))
    ratios = [slow / quick for slow, quick in zip(times[HISTORY_MANY], times[HISTORY_FEW], strict=True)]
    detail = {
        "few_ms": round(statistics.median(times[HISTORY_FEW]), 2),
        "many_ms": round(statistics.median(times[HISTORY_MANY]), 2),
        "load_average": load_average(),
    }
    report("pages.history", ratios, "ratio", 1.5, "at most", detail, {str(total): each for total, each in times.items()})


def run(part: str = "") -> None:
    """Every figure of the family, or ``history`` or ``as_it_was`` alone, or the others without them (``account``)."""
    django.setup()
    if part in ("", "as_it_was"):
        asof.run()
    if part == "as_it_was":
        return
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # of addresses that are no pages
    with static_files() as static, tempfile.TemporaryDirectory(prefix="tredye-bench-pages-") as name:
        if part in ("", "account"):
            pages_of_an_account(static, Path(name))
        if part in ("", "history"):
            history(static, Path(name))
