"""What is measured and told, and to whom. docs/observability.md says why."""

from tredye.settings import parsing
from tredye.settings.env import env

METRICS_PORT: int = env.whole(
    "METRICS_PORT", 0, "where this process serves its metrics; 0: nowhere", least=0, most=65_535, internal=True
)
# /metrics on the pages' own port asks for a token; this port asks nobody, so only a private network may reach it.
METRICS_HOST: str = env.text(
    "METRICS_HOST",
    "127.0.0.1",
    "the address that METRICS_PORT is opened on; another one only in a network where nobody else can ask",
    must_be="an IP address",
    check=parsing.ip_address,
)
METRICS_TARGETS: dict[str, tuple[str, int]] = {
    target.partition("=")[0]: (target.partition("=")[2].rpartition(":")[0], int(target.rpartition(":")[2]))
    for target in env.words(
        "METRICS_TARGETS",
        "",
        "where each process serves its metrics, for the operators' page and the status page's history; empty: nobody is asked",
        must_be="name=host:port, or name?=host:port where nobody need be, separated by commas",
        each=parsing.named_host_and_port,
        internal=True,
    )
}
METRICS_TOKEN: str = env.secret(
    "METRICS_TOKEN",
    "",
    "`Authorization: Bearer …` with it reads `/metrics` and `/readyz` in full from elsewhere; empty: only this machine may",
    least=16,
)
BEACON_SHARE: int = env.whole(
    "BEACON_SHARE",
    10,
    "of a hundred page views, how many measure how fast they paint and tell it every 15 s, without a name",
    least=0,
    most=100,
)
OTEL_EXPORTER_OTLP_ENDPOINT: str = env.text(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "",
    "a collector of spans that speaks OTLP over HTTP, without its `/v1/traces`; empty: no spans are made",
    must_be="http://host:port or https://host, without a log-in",
    pattern=r"https?://[^\s@/?#]+(/[^\s@?#]*)?",
)
OTEL_EXPORTER_OTLP_HEADERS: dict[str, str] = {
    name: parsing.Secret(value)
    for name, _, value in (
        word.partition("=")
        for word in env.words(
            "OTEL_EXPORTER_OTLP_HEADERS",
            "",
            "headers that the collector asks for, such as a key's",
            must_be="name=value, or several separated by commas",
            each=lambda text: parsing.matching(r"[A-Za-z0-9-]+=\S+", text),
            secret=True,
        )
    )
}
env.hidden |= set(map(parsing.Secret, OTEL_EXPORTER_OTLP_HEADERS.values()))
TRACE_SHARE: int = env.whole(
    "TRACE_SHARE", 10_000, "of ten thousand stories, the spans of how many are sent to the collector", least=0, most=10_000
)
LOG_FORMAT: str = env.choice("LOG_FORMAT", "", "empty: text on a terminal, else one JSON object a line", ("json", "text"))
