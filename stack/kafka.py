"""Apache Kafka: one KRaft node, fetched by Maven from ops/kafka/pom.xml and run with plain java in 256 MB of heap."""

import base64
import functools
import hashlib
import os
import pwd
import re
import secrets
import shutil
import socket
import struct
import subprocess
from pathlib import Path

from stack.errors import StackError
from stack.identity import Identity, server_identity
from stack.packages import ensure_program
from stack.places import make_readable
from stack.progress import Step
from stack.server import LOOPBACK, Server
from stack.settings import Settings

OLDEST_JAVA = 17
ADVERTISED = "kafka-advertised"
POM = Path("ops/kafka/pom.xml")
_FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_JVM = (
    *("-Xms128m", "-Xmx256m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k"),
    *("-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
)
# After a kill the node's former registration must run out before it may register again, hence the short session.
# One node: every internal topic has one copy. The cleaner's buffer is on the heap, and its default would eat half of
# it.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{advertised_port}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=4194304
log.segment.bytes=16777216
log.index.size.max.bytes=1048576
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=4000
"""


class FetchError(StackError):
    """Maven could not bring Kafka's jars: the one thing that another event log makes good."""


class Kafka(Server):
    name = "kafka"
    title = "Kafka"
    variable = "KAFKA_BOOTSTRAP"
    start_timeout_s = 60.0

    java: str
    jars: Path

    def choose_identity(self) -> Identity | None:
        return server_identity()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self, step: Step) -> None:
        self.java = ensure_program(
            self.context, f"Java {OLDEST_JAVA} or newer", lambda: shutil.which("java"), ["default-jre-headless"]
        )
        if fault := _fault_of_java(self.java):
            raise StackError(f"Kafka cannot run: {fault}", "Install it: apt-get install default-jre-headless")
        self.places.check_program(self.java, self.identity)
        self.jars = _jars(self.context.settings)
        self.jars.mkdir(parents=True, exist_ok=True)
        self._fetch_jars(step)
        self.jars = self.places.reachable_tree(self.jars, "libs", self.identity)
        if not (self.data / "meta.properties").exists():
            step.note = "formatting its storage"
            self._format()
        self._write_properties("server.properties", self.data)
        step.result = f"port {self.port}"

    def command(self) -> list[str]:
        return [self.java, *_JVM, "-cp", self._class_path, "kafka.Kafka", str(self.home / "server.properties")]

    def answers(self) -> bool:
        """Asks for the API versions: the port listens long before the broker takes requests."""
        body = struct.pack("!hhih", 18, 0, 1, 6) + b"tredye"
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as link:
                link.sendall(struct.pack("!i", len(body)) + body)
                return len(link.recv(8)) == 8
        except OSError:
            return False

    @property
    def _class_path(self) -> str:
        # The star is for java, which expands it itself.
        return f"{self.jars}/libs/*"

    def _fetch_jars(self, step: Step) -> None:
        """Fetch the broker's jars once for each version of the pom."""
        settings = self.context.settings
        if _is_fetched(settings):
            return
        maven = ensure_program(self.context, "Maven (it fetches Kafka)", lambda: shutil.which("mvn"), ["maven"])
        step.note = "fetching it with Maven"
        libs, unfinished = self.jars / "libs", self.jars / "libs.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        options = [
            "-B",
            "-ntp",
            "-Dstyle.color=never",
            *self._local_repository(),
            "-f",
            str(settings.root / POM),
            _FETCH,
            "-DincludeScope=runtime",
            f"-DoutputDirectory={unfinished}",
        ]
        try:
            failure = "Maven could not fetch Apache Kafka"
            self.context.run([maven, *options], failure=failure, log="setup-kafka", step=step, timeout_s=900)
        except StackError as error:
            raise FetchError(
                error.reason,
                "Is a Maven repository reachable? (~/.m2/settings.xml is honoured.) "
                "Or give a broker: KAFKA_BOOTSTRAP=host:port",
                tail=error.tail,
                log=error.log,
            ) from error
        shutil.rmtree(libs, ignore_errors=True)
        os.replace(unfinished, libs)
        self.jars.chmod(0o755)
        make_readable(libs)
        _stamp(settings).write_text(_fingerprint(settings))

    def _local_repository(self) -> list[str]:
        """Maven's own place is in the home directory of the password file, which a service user may not have."""
        home = Path(pwd.getpwuid(os.geteuid()).pw_dir)
        return [] if os.access(home, os.W_OK) else [f"-Dmaven.repo.local={self.jars / 'repository'}"]

    def _format(self) -> None:
        """Format the storage beside its final place, so that a kill in the middle leaves nothing half-made there."""
        unfinished = self.home / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        properties = self._write_properties("format.properties", unfinished)
        tool = ["kafka.tools.StorageTool", "format", "-t", _new_cluster_id(), "-c", str(properties)]
        self.context.run(
            [self.java, *_JVM, "-cp", self._class_path, *tool],
            failure=f"Kafka could not format its storage in {self.home}",
            log=self.name,
            env=self.environment(),
            cwd=self.home,
            identity=self.identity,
            timeout_s=60,
        )
        os.replace(unfinished, self.data)

    def _write_properties(self, name: str, data: Path) -> Path:
        path = self.home / name
        ports = self.context.settings.ports
        text = _PROPERTIES.format(
            host=LOOPBACK,
            port=self.port,
            # Clients go where the broker says that it is: another port when something stands between it and them.
            advertised_port=ports.get(ADVERTISED, self.port),
            controller_port=ports["kafka-controller"],
            data=data,
        )
        # The directory belongs to the servers' user: never follow a link that it may have put there.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
        with os.fdopen(handle, "w") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(text)
        return path


def what_is_missing(settings: Settings) -> str:
    """Why this machine as it is cannot run Kafka, as a clause; empty when it can."""
    java = shutil.which("java")
    has_maven = bool(shutil.which("mvn")) or _is_fetched(settings)
    if java is None:
        what = f"Java {OLDEST_JAVA}" if has_maven else f"Java {OLDEST_JAVA} and Maven"
        return f"{what} {'is' if has_maven else 'are'} not on this machine"
    if fault := _fault_of_java(java):
        return fault
    identity = server_identity()
    if identity and not identity.may("-x", Path(java)):
        return f"the user {identity.name}, whom the servers run as, may not execute {java}"
    return "" if has_maven else "Maven, which fetches Kafka, is not on this machine"


@functools.cache
def _fault_of_java(java: str) -> str:
    """Why this java cannot run the broker, as a clause; empty when it can."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{java} does not run ({type(error).__name__})"
    match = re.search(r'version "(\d+)', told.stderr + told.stdout)
    if not match:
        return f"{java} does not tell its version"
    return f"{java} is Java {match[1]}, not {OLDEST_JAVA} or newer" if int(match[1]) < OLDEST_JAVA else ""


def _jars(settings: Settings) -> Path:
    return settings.downloads / "kafka"


def _stamp(settings: Settings) -> Path:
    return _jars(settings) / "stamp"


def _fingerprint(settings: Settings) -> str:
    return hashlib.sha256((settings.root / POM).read_bytes()).hexdigest()


def _is_fetched(settings: Settings) -> bool:
    """Whether the jars of this version of the pom are here."""
    stamp = _stamp(settings)
    return stamp.exists() and stamp.read_text() == _fingerprint(settings)


def _new_cluster_id() -> str:
    """16 random bytes in URL-safe base64 without padding; a leading dash would look like an option."""
    while True:
        text = base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()
        if not text.startswith("-"):
            return text
