"""The caller's end of the engine's socket: send a command, wait for its answer, and never mistake silence for a refusal."""

import logging
import queue
import socket
import threading
import time
import uuid

import msgspec

from apps.commands import framing
from apps.commands.answers import AnyAnswer, RetryAnswer, is_unread
from apps.commands.notsent import NotSentError
from apps.commands.sending import note_sending
from apps.commands.types import AnyCommand
from apps.degraded import Action, Dependency, Verdict, failed, may, saw

CONNECTIONS_MAX = 16
CONNECT_TIMEOUT_S = 1.0
#: As long as a person waits for an answer; and for this long while trading is paused, to hear that it still is.
PERSON_S = 2.0
PAUSED_TRY_S = 0.25
#: How long the first try waits for its answer; each further one twice as long. A frozen engine's connection stays open and
#: silent, while the one that took over from it answers on a new one.
TRY_S = 1.0
PAUSE_S_MIN = 0.02
PAUSE_S_MAX = 0.2

logger = logging.getLogger(__name__)
_encoder = msgspec.msgpack.Encoder()
_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)


class EngineUnavailableError(RuntimeError):
    """No definite answer came in time. The command may have been done or not: ask again with the same ``command_id``."""

    def __init__(self, command_id: str, deadline_s: float) -> None:
        self.command_id = command_id
        super().__init__(
            f"the engine gave no answer to {command_id} within {deadline_s:g} s: it is not known whether it was done; "
            "ask again with the same id"
        )


class PausedError(NotSentError, EngineUnavailableError):
    """Nothing was sent: trading is paused, by :mod:`apps.degraded`, and no engine was found meanwhile."""

    def __init__(self, verdict: Verdict, command_id: str, deadline_s: float) -> None:
        EngineUnavailableError.__init__(self, command_id, deadline_s)
        self.reason = verdict.code
        self.sentence = f"{verdict.sentence} Nothing was sent."
        self.retry_after_s = verdict.retry_after_s


def shortened(deadline_s: float, verdict: Verdict) -> float:
    """How long to try when ``verdict`` says that trading is paused: a person is told at once. Whoever would wait longer than a
    person does is a job or an operator's command, and waits the pause out."""
    return deadline_s if verdict.allowed or deadline_s > PERSON_S else min(deadline_s, PAUSED_TRY_S)


class _ConnectionLostError(Exception):
    """The connection broke or made no sense. Whether the command was done is unknown."""


def new_command_id() -> str:
    """A fresh id, made before a command is sent (for an order: when the ticket is opened)."""
    return uuid.uuid4().hex


class _Connection:
    """One blocking socket. One command at a time, so the next answer is the answer."""

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        family, address = framing.parse_url(url)
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._reader = framing.FrameReader(framing.ENGINE_LIMITS)
        self._socket.settimeout(timeout_s)
        try:
            self._socket.connect(address)
            if family != socket.AF_UNIX:
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(framing.hello_frame(token))
            kind, body = self._read_frame(time.monotonic() + timeout_s)
            welcome = msgspec.msgpack.decode(body, type=framing.Welcome)
            if kind != framing.HELLO or welcome.version != framing.PROTOCOL_VERSION:
                raise _ConnectionLostError(f"the engine speaks version {welcome.version}")
        except BaseException:
            self._socket.close()
            raise

    def exchange(self, command_id: str, body: bytes, deadline: float) -> AnyAnswer:
        """Send one command and return its answer; raise when it has not come by ``deadline`` (monotonic seconds)."""
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        self._socket.sendall(framing.frame(framing.COMMAND, body))
        kind, reply = self._read_frame(deadline)
        if kind != framing.ANSWER:
            raise _ConnectionLostError(f"expected an answer, was a frame of kind {kind}")
        answer = _answers.decode(reply)
        if answer.command_id != command_id:
            raise _ConnectionLostError(f"the answer is to {answer.command_id}, not to {command_id}")
        return answer

    def _read_frame(self, deadline: float) -> tuple[int, bytes]:
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("no answer in time")
            self._socket.settimeout(remaining)
            data = self._socket.recv(65536)
            if not data:
                raise _ConnectionLostError("the engine closed the connection")
            for found in self._reader.feed(data):
                return found

    def close(self) -> None:
        self._socket.close()


class _Sent:
    """Whether a command was ever put on a connection to an engine that had said welcome."""

    ever = False


class EngineClient:
    """Thread-safe. Keeps a bounded number of connections and makes them anew when the engine was restarted."""

    def __init__(self, url: str, token: str = "", *, connections_max: int = CONNECTIONS_MAX) -> None:
        framing.check_token(url, token)
        self._url = url
        self._token = token
        self._idle: queue.LifoQueue[_Connection] = queue.LifoQueue()
        self._slots = threading.BoundedSemaphore(connections_max)

    def send(self, command: AnyCommand, *, deadline_s: float = 2.0) -> AnyAnswer:
        """Return the engine's definite answer.

        While there is none (connection lost, engine restarting, busy, or of an earlier version) the same command with the same id
        is sent again; that is safe because the engine answers an id once and for ever. After ``deadline_s`` seconds
        :class:`EngineUnavailableError`; while trading is known to be paused, after what is :func:`shortened` of it and as
        :class:`PausedError` when no engine took it.
        """
        with note_sending(command):
            return self._send(command, deadline_s)

    def _send(self, command: AnyCommand, deadline_s: float) -> AnyAnswer:
        body = _encoder.encode(command)
        verdict = may(Action.CANCEL)
        deadline_s = shortened(deadline_s, verdict)
        deadline = time.monotonic() + deadline_s
        pause, patience, sent = PAUSE_S_MIN, TRY_S, _Sent()
        while True:
            answer = self._try_once(command.command_id, body, min(deadline, time.monotonic() + patience), sent)
            if answer is not None and is_unread(answer):
                logger.warning("the engine is of an earlier version: it cannot read %s", type(command).__name__)
            elif answer is not None and not isinstance(answer, RetryAnswer):
                return answer
            wait = answer.retry_after_ms / 1000 if isinstance(answer, RetryAnswer) else pause
            if time.monotonic() + wait >= deadline:
                if not verdict.allowed and not sent.ever:
                    raise PausedError(verdict, command.command_id, deadline_s)
                raise EngineUnavailableError(command.command_id, deadline_s)
            time.sleep(wait)
            pause, patience = min(pause * 2, PAUSE_S_MAX), patience * 2

    def _try_once(self, command_id: str, body: bytes, deadline: float, sent: "_Sent") -> AnyAnswer | None:
        """One attempt: an answer, or None when the connection did not give one."""
        if not self._slots.acquire(timeout=max(deadline - time.monotonic(), 0)):
            return None
        connection, began_s = None, time.monotonic()
        try:
            connection = self._borrow(deadline)
            sent.ever = True
            answer = connection.exchange(command_id, body, deadline)
        except (OSError, *framing.UNREADABLE, _ConnectionLostError) as error:
            failed(Dependency.ENGINE, f"{type(error).__name__}: {error}", waited_s=time.monotonic() - began_s)
            if connection is not None:
                connection.close()
            self._forget_idle()  # the others were made to the same engine: they are as dead
            return None
        else:
            saw(Dependency.ENGINE)
            self._idle.put(connection)
            return answer
        finally:
            self._slots.release()

    def _borrow(self, deadline: float) -> _Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            timeout_s = max(min(CONNECT_TIMEOUT_S, deadline - time.monotonic()), 0.001)
            return _Connection(self._url, self._token, timeout_s)

    def _forget_idle(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def close(self) -> None:
        self._forget_idle()


_lock = threading.Lock()
_clients: dict[tuple[str, str], EngineClient] = {}


def get_client() -> EngineClient:
    """The process's client of the engine that the settings name."""
    from django.conf import settings

    key = (settings.ENGINE_URL, settings.ENGINE_TOKEN)
    with _lock:
        client = _clients.get(key)
        if client is None:
            client = _clients[key] = EngineClient(*key)
        return client
