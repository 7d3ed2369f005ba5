"""Is the process in this container well? Exit code 0 when it is. Standard library only; run by Docker, inside the container.

healthcheck.py engine    its socket takes connections
healthcheck.py web       /readyz answers 200: the process and all that it needs
healthcheck.py stream    /livez answers 200
healthcheck.py worker    its metrics are served
"""

import http.client
import os
import socket
import sys

TIMEOUT_S = 3.0


def main(kind: str) -> None:
    if kind == "engine":
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(TIMEOUT_S)
            link.connect(f"{os.environ['VAR_DIR']}/run/engine.sock")
    elif kind == "web":
        ask(8000, "/readyz")
    elif kind == "stream":
        ask(8001, "/livez")
    elif kind == "worker":
        ask(int(os.environ["METRICS_PORT"]), "/metrics")
    else:
        sys.exit(f"there is no kind {kind!r}")


def ask(port: int, path: str) -> None:
    """GET ``path`` as a host that the product lets in; the probes' paths are the ones that need no TLS."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().removeprefix(".")
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    link.request("GET", path, headers={"Host": host})
    response = link.getresponse()
    if response.status != http.client.OK:
        sys.exit(f"{path}: {response.status} {response.read(500)!r}")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except OSError as error:
        sys.exit(f"{type(error).__name__}: {error}")
