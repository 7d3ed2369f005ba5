"""``make run``: from a fresh clone, or from yesterday's, to a page that can be opened."""

import json
import time
from collections.abc import Callable

from stack import assets, eventlog, ports, servers, venv
from stack.cluster import Cluster
from stack.context import Context
from stack.errors import Stopped
from stack.processes import TREDYE, Product
from stack.progress import seconds_text
from stack.runfile import RunFile

REQUIREMENTS = "requirements.txt"
REQUIREMENTS_SERVERS = "requirements-servers.txt"


def run(context: Context, product: Product = TREDYE, installer: Callable[[Context], None] | None = None) -> int:
    """Bring everything up, say where it is, and keep it up until somebody asks for the end."""
    context.interrupt.install()
    started = time.monotonic()
    with RunFile(context.settings) as runfile:
        ports.check_free(servers.ports_needed(context.settings, eventlog.choose(context.settings)))
        (installer or install_product)(context)
        cluster = Cluster(product=product, context=context, changed=runfile.write)
        try:
            cluster.up()
            _announce(context, cluster, time.monotonic() - started)
            while not context.interrupt.wait(1.0):
                pass
        except Stopped:
            pass
        finally:
            _stop(context, cluster)
    return 0


def install_product(context: Context) -> None:
    install(context, REQUIREMENTS)


def install(context: Context, *lockfiles: str) -> None:
    """The virtual environment (with the wheels of servers that the machine lacks) and the front-end assets."""
    wheels = (REQUIREMENTS_SERVERS,) if servers.needs_wheels(context.settings.environ) else ()
    venv.ensure(context, *lockfiles, *wheels)
    context.interrupt.check()
    assets.ensure(context)
    context.interrupt.check()


def _stop(context: Context, cluster: Cluster) -> None:
    if context.interrupt.asked:
        context.progress.say("Stopping; once more Ctrl-C hurries")
    with context.progress.step("Stopped"):
        cluster.down()


def _announce(context: Context, cluster: Cluster, seconds: float) -> None:
    say = context.progress.say
    say("")
    for line in _demo_users(context):
        say(line)
    say(f"Ready after {seconds_text(seconds)}. Open {cluster.web_url}")
    say(f"Logs: {context.settings.logs}. Ctrl-C stops everything that was started here.")
    say("")


def _demo_users(context: Context) -> list[str]:
    """The demo users' table. The seed writes them to a file that only this user can read, and prints nothing itself."""
    try:
        users = json.loads((context.settings.run / "demo-users.json").read_text())
    except FileNotFoundError:
        return []
    rows = [("role", "e-mail", "password"), *((str(u["role"]), str(u["email"]), str(u["password"])) for u in users)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "Demo users:",
        *("  " + "  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in rows),
        "",
    ]
