"""Small processes in the place of the product's, so that the front door is tested with nothing behind it.

As a program it is ``make run`` with such a product: ``python standins.py SCENARIO``. The same file holds the processes:
``python standins.py --engine`` and so on.
"""

# ruff: noqa: T201 - these are programs, and their output is what is tested

import http.server
import os
import socket
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def be_engine() -> None:
    path = os.environ["ENGINE_URL"].removeprefix("unix://")
    Path(path).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("engine listens", flush=True)
        while True:
            listener.accept()[0].close()


def be_web() -> None:
    class Ready(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    http.server.HTTPServer(("127.0.0.1", int(os.environ["WEB_PORT"])), Ready).serve_forever()


def be_worker() -> None:
    """Has a child of its own, in its own session, that must go with it."""
    if os.fork() == 0:
        time.sleep(600)
    while True:
        print(f"worker {os.environ['PROCESS_NAME']} at work", flush=True)
        time.sleep(0.5)


def be_falling() -> None:
    print("cannot read the tea leaves", flush=True)
    sys.exit(3)


def be_stubborn() -> None:
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("not listening", flush=True)
    time.sleep(600)


def run_scenario(scenario: str) -> int:
    sys.path.insert(0, os.environ.get("STANDIN_ROOT", str(ROOT)))
    from stack.context import Context
    from stack.processes import Process, Product, Ready
    from stack.run import run

    def standin(name: str, kind: str, ready: Ready = Ready.ALIVE) -> Process:
        return Process(name, ("python", __file__, f"--{kind}"), ready)

    engine, web = standin("engine", "engine", Ready.ENGINE), standin("web", "web", Ready.WEB)
    products = {
        "plain": Product((engine, standin("feed", "worker"), web)),
        "falling": Product((standin("engine", "falling", Ready.ENGINE), web)),
        "stubborn": Product((engine, standin("feed", "stubborn"), web)),
    }

    def nothing_to_install(context: Context) -> None:
        context.interrupt.check()

    from stack.cli import guarded

    return guarded(lambda context: run(context, products[scenario], nothing_to_install))


if __name__ == "__main__":
    kinds = {f"--{k}": globals()[f"be_{k}"] for k in ("engine", "web", "worker", "falling", "stubborn")}
    sys.exit(kinds[sys.argv[1]]() if sys.argv[1] in kinds else run_scenario(sys.argv[1]))
