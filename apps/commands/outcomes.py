"""What became of a command, as a page tells it: done, not done, or not known; and one plain sentence."""

from dataclasses import dataclass, replace

from apps.commands.answers import AnyAnswer, CancelAnswer, ConflictAnswer, DoneAnswer, RefusedAnswer
from apps.commands.client import EngineUnavailableError, PausedError, get_client
from apps.commands.reasons import SENTENCES, Reason, sentence_of
from apps.commands.types import Actor, AnyCommand
from apps.core.enums import Role

#: A person waits for the page; the engine answers within milliseconds or is away.
DEADLINE_S = 3.0


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """``done`` is None while nobody knows: only then may the same id be sent again.

    ``reason`` is a code of ``commands.reasons``, empty when it was done; ``reference`` the id of what the command made or
    concerned: a transfer, an order, an account, an instrument.
    """

    done: bool | None
    sentence: str = ""
    reason: str = ""
    reference: int = 0

    def when_done(self, sentence: str) -> "CommandOutcome":
        """The same outcome, telling ``sentence`` if the command was done."""
        return replace(self, sentence=sentence) if self.done else self

    def when(self, reason: Reason, sentence: str) -> "CommandOutcome":
        """The same outcome, telling ``sentence`` if ``reason`` is why it was not done: plainer than the words for every case."""
        return replace(self, sentence=sentence) if self.done is False and self.reason == reason else self


def staff(actor_id: int) -> Actor:
    """A person of the venue, as the engine is told. The caller has checked that the user may do this: the engine knows
    commands and roles, and takes the role that it is told."""
    return Actor(user_id=actor_id, role=Role.ADMIN)


def send_command(command: AnyCommand, deadline_s: float = DEADLINE_S) -> CommandOutcome:
    """Send ``command`` and tell what became of it. Not for orders, whose answer is a decision of its own."""
    try:
        return _outcome(get_client().send(command, deadline_s=deadline_s))
    except PausedError as paused:
        return CommandOutcome(False, paused.sentence, paused.reason)
    except EngineUnavailableError:
        sentence = f"{SENTENCES[Reason.UNAVAILABLE]} Send the form again: it is done once."
        return CommandOutcome(None, sentence, Reason.UNAVAILABLE)


def _outcome(answer: AnyAnswer) -> CommandOutcome:
    if isinstance(answer, DoneAnswer):
        return CommandOutcome(not answer.reason, sentence_of(answer.reason), answer.reason, answer.reference)
    if isinstance(answer, CancelAnswer):
        return _cancel_outcome(answer)
    if isinstance(answer, ConflictAnswer):
        sentence = "This form was sent before with other values. Look at what became of it, then open the form anew."
        return CommandOutcome(False, sentence, answer.reason)
    if isinstance(answer, RefusedAnswer):
        return CommandOutcome(False, answer.message, answer.reason)
    raise TypeError(f"a command cannot be told by {type(answer).__name__}")


def _cancel_outcome(answer: CancelAnswer) -> CommandOutcome:
    if not answer.reason:
        return CommandOutcome(True, "", "", answer.order_id)
    was = answer.status.replace("_", " ").lower()
    return CommandOutcome(False, f"{sentence_of(answer.reason)} It was {was}.", answer.reason, answer.order_id)
