"""The whole stack as one object: servers, preparation, processes. ``make run``, tests and benchmarks all use this one.

    with Cluster(["engine", "web"]) as cluster:
        cluster.kill("engine", signal.SIGKILL)
        cluster.wait_ready()

A cluster made like this is a throw-away one: ports that the kernel picks, data of its own, nothing left behind but its
logs. It uses the servers that the environment gives, with a database and topics of its own on them, and starts the
others.
"""

import http.client
import itertools
import os
import secrets
import shutil
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

from stack import eventlog, pair, servers
from stack.child import Child, Spec
from stack.context import Context, make_context
from stack.environment import metrics_targets, process_environment, product_environment
from stack.errors import StackError
from stack.places import Places
from stack.processes import TREDYE, Process, Product, Ready
from stack.settings import Settings
from stack.supervisor import Supervisor

READY_TIMEOUT_S = 90.0
# An upgrade may rewrite large tables.
PREPARE_TIMEOUT_S = 3_600.0
SEED_TIMEOUT_S = 300.0
# A page that is not there yet is asked for rarely, since every question is a line in a log.
POLL_S = 0.25
EXPLANATION_CHARACTERS_MAX = 500
# How a command begins a line that is for the person who started the stack.
NOTE = "Note: "
_numbers = itertools.count(1)


class Cluster:
    """Brings everything up in order and takes it down again. See the module's text."""

    def __init__(
        self,
        processes: Sequence[str] | None = None,
        *,
        seed: bool = True,
        env: Mapping[str, str] | None = None,
        product: Product = TREDYE,
        context: Context | None = None,
        changed: Callable[[list[Child]], None] | None = None,
        event_log: str = "",
        routes: Callable[[str], Mapping[str, str]] | None = None,
    ) -> None:
        """`processes`: names from the table, by default all that the settings want. `env` is added to the product's
        environment. `context` is for the front door's own commands, whose stack is not a throw-away one unless its
        settings are. `event_log`: "kafka" or "embedded", by the rule of stack.eventlog when it is empty; the attribute
        says which one it became. `routes`: the addresses that a process of this name has instead of those in `env`."""
        self.product = product
        unknown = set(processes or ()) - set(product.names)
        if unknown:
            raise StackError(f"there is no process {', '.join(sorted(unknown))}; there are {', '.join(product.names)}")
        self._seed = seed
        self._extra = dict(env or {})
        self._routes = routes or (lambda _: {})
        self._scratch: tuple[str, str, str] | None = None
        self._owned = context is None
        self.context = context or _throwaway_context(product, event_log)
        self.event_log = eventlog.choose(self.context.settings)
        self.settings = self.context.settings
        wanted = [p.name for p in product.processes if not p.settings or any(map(self.settings.is_on, p.settings))]
        self.names = tuple(wanted if processes is None else processes)
        self._places = Places(self.context)
        self._supervisor = Supervisor(self.context.terminal.show, changed=changed)
        self._supervisor_stopped = False
        self._stopped_servers: dict[str, Spec] = {}
        self.env: dict[str, str] = {}

    def __enter__(self) -> "Cluster":
        try:
            self.up()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    # --- up and down

    def up(self) -> None:
        """Servers beside each other, then the preparation, the engine, the seed, the rest. Raises StackError or
        Stopped."""
        self.up_servers()
        self._prepare()
        chosen = [process for process in self.product.processes if process.name in self.names]
        engines = [process for process in chosen if process.ready is Ready.ENGINE]
        self._start_and_wait(engines, "Engine")
        if self._seed and self.product.seed:
            self._step("Demo market and users", self.product.seed, "seed", SEED_TIMEOUT_S)
        self._start_and_wait([process for process in chosen if process not in engines], "Processes")

    def up_servers(self) -> None:
        """The servers alone, and the product's environment."""
        servers.check_given(self.context)
        urls, self.event_log = servers.start_missing(self.context, self._places, self._supervisor, self.event_log)
        if line := self.event_log.line():
            self.context.progress.say(line)
        if self._owned:
            urls = self._make_scratch(urls)
        self.env = product_environment(self.settings, urls) | metrics_targets(self.settings, self.names) | self._extra

    def down(self) -> None:
        """Stop what was started, and remove a throw-away stack's data. May be called twice."""
        if self._supervisor_stopped:
            return
        self._supervisor_stopped = True
        if self._scratch and not self.context.interrupt.asked:
            # Before the servers go: those that were given stay.
            self._stop_processes()
            self._run_scratch("drop")
        self._supervisor.stop(self.context.interrupt.hurry)
        self._remove_short_socket()
        if self._owned:
            self.remove_data()

    def remove_data(self) -> None:
        """Remove a throw-away stack's data; its logs stay."""
        self._places.remove_all()

    def _stop_processes(self) -> None:
        for child in self._supervisor.children():
            if not child.spec.is_server:
                self._supervisor.forget(child.name)

    def _remove_short_socket(self) -> None:
        path = self.env.get("ENGINE_URL", "").removeprefix("unix://")
        if path and self._owned and not path.startswith(str(self.settings.var)):
            shutil.rmtree(os.path.dirname(path), ignore_errors=True)

    # --- what a test asks

    @property
    def web_url(self) -> str:
        return f"http://localhost:{self.settings.ports['web']}"

    @property
    def stream_url(self) -> str:
        return f"ws://localhost:{self.settings.ports['stream']}"

    @property
    def database_url(self) -> str:
        return self.env["DATABASE_URL"]

    def pid(self, name: str) -> int:
        """The pid of a process or server now. Raises StackError while it is down."""
        process = self._supervisor.child(name).process
        if process is None:
            raise StackError(f"{name} is down at this moment")
        return process.pid

    def pids(self) -> dict[str, int]:
        """The pids of all processes, and of the servers that were started here; of those that are up at this moment."""
        return {child.name: child.process.pid for child in self._supervisor.children() if child.process}

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal; returns the pid that got it. The supervisor starts again what dies of it."""
        return self._supervisor.signal(name, number)

    def start(self, name: str) -> None:
        """Start one more process of the table and wait until it is ready; or a server that was stopped, without waiting."""
        if name in self._stopped_servers:
            self._supervisor.start(self._stopped_servers.pop(name))
            return
        self._start_and_wait([self._process(name)], name)

    def stop(self, name: str) -> None:
        """Stop one process, or a server that was started here, until it is started again."""
        spec = self._supervisor.child(name).spec
        if spec.is_server:
            self._stopped_servers[name] = spec
        self._supervisor.forget(name)

    def restart_count(self, name: str) -> int:
        return self._supervisor.child(name).restarts

    def log_tail(self, name: str) -> str:
        return "\n".join(self._supervisor.child(name).tail)

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait until every process that was started is ready. Raises StackError with the reason of one that is not."""
        for child in self._supervisor.children():
            if not child.spec.is_server:
                self._wait_for(self._process(child.name), child, timeout_s)

    def manage(self, *arguments: str, timeout_s: float = 120.0) -> str:
        """Run ``manage.py`` with the cluster's environment; returns its last lines. Raises StackError when it fails."""
        return "\n".join(self._run(("python", "manage.py", *arguments), "manage", timeout_s))

    # --- how

    def _prepare(self) -> None:
        if self.product.settle and self.settings.is_on(pair.SETTING):
            self._step("Synchronous standby", self.product.settle, "settle", PREPARE_TIMEOUT_S)
        if self.product.prepare:
            self._step("Database and topics", self.product.prepare, "prepare", PREPARE_TIMEOUT_S)

    def _step(self, title: str, arguments: tuple[str, ...], log: str, timeout_s: float) -> None:
        with self.context.progress.step(title) as step:
            lines = self._run(arguments, log, timeout_s, step=step)
            step.result = (lines or [""])[-1][:100]
        for line in lines:
            if line.startswith(NOTE):
                self.context.progress.say(line)

    def _run(self, arguments: tuple[str, ...], log: str, timeout_s: float, **options: object) -> list[str]:
        env = {**self.env, "PROCESS_NAME": log}
        failure = f"{' '.join(arguments[1:])} failed"
        return self.context.run(
            self._argv(arguments, env), failure=failure, log=log, env=env, timeout_s=timeout_s, **options
        )

    def _argv(self, arguments: tuple[str, ...], env: Mapping[str, str]) -> list[str]:
        program = str(self.settings.venv_python) if arguments[0] == "python" else arguments[0]
        return [program, *(argument.format_map(env) if "{" in argument else argument for argument in arguments[1:])]

    def _process(self, name: str) -> Process:
        return next(process for process in self.product.processes if process.name == name)

    def _start_and_wait(self, processes: Sequence[Process], title: str) -> None:
        if not processes:
            return
        with self.context.progress.step(title) as step:
            children = [(process, self._supervisor.start(self._spec(process))) for process in processes]
            for process, child in children:
                step.note = f"{process.name}: {process.ready.value}"
                self._wait_for(process, child, READY_TIMEOUT_S, [other for _, other in children])

    def _spec(self, process: Process) -> Spec:
        env = process_environment(self.settings, {**self.env, **self._routes(process.name)}, process)
        log = self.settings.log(process.name)
        argv = self._argv(process.arguments, env)
        return Spec(process.name, argv, env, self.settings.root, log, is_door=process.ready in (Ready.WEB, Ready.STREAM))

    def _wait_for(self, process: Process, child: Child, timeout_s: float, beside: Sequence[Child] = ()) -> None:
        servers.wait_until(
            self.context,
            child,
            lambda: self._is_ready(process),
            timeout_s,
            beside=beside,
            poll_s=POLL_S,
            explain=lambda: self._explain(process),
        )

    def _explain(self, process: Process) -> list[str]:
        """What /readyz says about the dependency that is missing."""
        if process.ready is not Ready.WEB:
            return []
        status, body = _get(self.settings.ports[process.name], "/readyz")
        return [f"GET /readyz: {status} {body[:EXPLANATION_CHARACTERS_MAX]}"]

    def _is_ready(self, process: Process) -> bool:
        if process.ready is Ready.ENGINE:
            return _takes_connections(self.env["ENGINE_URL"])
        if process.ready is Ready.WEB:
            return _get(self.settings.ports[process.name], "/readyz")[0] == http.client.OK
        if process.ready is Ready.STREAM:
            return _get(self.settings.ports[process.name], "/livez")[0] == http.client.OK
        return True

    def _make_scratch(self, urls: dict[str, str]) -> dict[str, str]:
        """A database and a topic prefix of our own on servers that are given, since others use them too."""
        token = secrets.token_hex(4)
        given = servers.given_urls(self.settings.environ)
        url = given.get("DATABASE_URL", "")
        if url:
            urls["DATABASE_URL"] = url = urlunsplit(urlsplit(url)._replace(path=f"/tredye_{token}"))
        urls |= {"KAFKA_TOPIC_PREFIX": f"c{token}.", "REDIS_PREFIX": f"c{token}"}
        if given:
            self._scratch = (url, given.get("KAFKA_BOOTSTRAP", ""), urls["KAFKA_TOPIC_PREFIX"])
            self._run_scratch("create")
        return urls

    def _run_scratch(self, action: str) -> None:
        program = [str(self.settings.venv_python), "-m", "stack.scratch", action, *(self._scratch or ())]
        self.context.run(program, failure=f"the scratch database could not be {action}d", log="scratch", timeout_s=60)


def _throwaway_context(product: Product, event_log: str) -> Context:
    base = Settings.from_environment(processes=product.names)
    if event_log:
        base = base.with_environ({**base.environ, eventlog.SETTING: event_log})
    given = servers.given_urls(base.environ)
    settings = base.throwaway(f"test-{os.getpid()}-{next(_numbers)}")
    return make_context(settings.with_environ({**settings.environ, **given}), None)


def _takes_connections(url: str) -> bool:
    parts = urlsplit(url)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(2)
                link.connect(parts.path)
        else:
            socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=2).close()
    except OSError:
        return False
    return True


def _get(port: int, path: str) -> tuple[int, str]:
    """Status and body of a page of ours; status 0 when nobody answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path, headers={"Host": f"localhost:{port}"})
        response = link.getresponse()
        return response.status, response.read(EXPLANATION_CHARACTERS_MAX).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        link.close()
