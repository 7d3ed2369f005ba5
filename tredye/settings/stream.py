"""The stream's sockets: who may open one, and how many. docs/stream.md says why."""

from tredye.settings import parsing
from tredye.settings.env import env

PUBLIC_ORIGINS: list[str] = env.words(
    "PUBLIC_ORIGINS",
    "http://localhost:8000,http://127.0.0.1:8000",
    "the pages' addresses, exactly as browsers name them: only these may open a socket",
    must_be="scheme://host or scheme://host:port in lower case and without a slash at the end, separated by commas",
    each=parsing.origin,
)
STREAM_URL: str = env.text(
    "STREAM_URL",
    "",
    "where a page connects its socket first; empty: only to the pages' own address",
    must_be="ws:// or wss:// with a host and perhaps a port, without a slash at the end",
    check=parsing.websocket_origin,
)
STREAM_SOCKETS_MAX: int = env.whole("STREAM_SOCKETS_MAX", 5000, "sockets that one process takes in all", least=1, most=1_000_000)
STREAM_SOCKETS_PER_IP: int = env.whole(
    "STREAM_SOCKETS_PER_IP", 40, "sockets that one process takes of one address", least=1, most=1_000_000
)
STREAM_SOCKETS_PER_USER: int = env.whole(
    "STREAM_SOCKETS_PER_USER",
    8,
    "sockets of one user in all processes together, and in each while Redis is away",
    least=1,
    most=1_000_000,
)
STREAM_HANDSHAKES_PER_SECOND: int = env.whole(
    "STREAM_HANDSHAKES_PER_SECOND",
    100,
    "handshakes that one process takes a second; the others are told when to come back",
    least=1,
    most=100_000,
)
STREAM_SESSION_CHECK_S: float = env.seconds(
    "STREAM_SESSION_CHECK_S",
    "1",
    "seconds between two looks whether the log-ins of the sockets still hold, so how soon a log-out closes them",
    least=0.1,
    most=3600,
)
