"""Sending the closings of positions, one by one. Each has an id of its own, so that sending them again is harmless."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from apps.accounts.selectors import AccountView
from apps.commands.answers import ConflictAnswer, RefusedAnswer, RetryAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.notsent import NotSentError
from apps.commands.reasons import sentence_of
from apps.instruments.selectors import InstrumentView
from apps.orders.seen import Question, on_screen, questions_about_closing
from apps.orders.selectors_answers import find_answers
from apps.orders.services import close_id, close_position
from apps.portfolio.closing import closing_id
from apps.receipts.services import Door, note_received

#: Closings that one request sends: below what an account may send in a second, so that the next request goes through as well.
AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Progress:
    """``answered`` had been decided before this request. ``trouble`` says why it stopped early; empty when it did not.

    ``questions``, by instrument id: nothing was sent, for these are to be confirmed again. ``lost`` is what got no answer.
    ``left`` have none yet, that one included.
    """

    answered: int
    trouble: str = ""
    left: Sequence[InstrumentView] = ()
    questions: Mapping[int, Question] = field(default_factory=dict)
    lost: InstrumentView | None = None


def close_next(
    *, account: AccountView, instruments: Sequence[InstrumentView], base_id: str, confirms: Mapping[str, str], received_ns: int
) -> Progress:
    """Send the next closings that have no answer yet, at most :data:`AT_ONCE`; stop at the first that is not decided.

    What was decided is stored, denials too: it is not sent again under this ``base_id``. ``confirms`` are the prices that were
    confirmed, by symbol: while one of those to be sent now is not what it was, nothing is sent.
    """
    ids = {closing_id(base_id, view): view for view in instruments}
    answered = find_answers(account.id, ids)
    waiting = [(command_id, view) for command_id, view in ids.items() if command_id not in answered]
    confirmed = {view.id: confirms.get(view.symbol, "") for _, view in waiting[:AT_ONCE]}
    questions = questions_about_closing(confirmed, account_id=account.id, now=timezone.now())
    if questions:
        return Progress(len(answered), questions=questions)
    left = [view for _, view in waiting]
    for command_id, view in waiting[:AT_ONCE]:
        try:
            trouble = _close(account, view, command_id, received_ns, confirmed[view.id])
        except EngineUnavailableError:
            return Progress(len(answered), left=left, lost=view)
        if trouble:
            return Progress(len(answered), trouble, left)
        left.remove(view)
    return Progress(len(answered), left=left)


def settle_closing(*, account: AccountView, instrument: InstrumentView, base_id: str) -> None:
    """Make sure that a closing whose answer was lost is never done later, unless it was decided. Raises as ``close_id`` does."""
    command_id = closing_id(base_id, instrument)
    if not find_answers(account.id, [command_id]):
        close_id(account=account, command_id=command_id)


def _close(account: AccountView, view: InstrumentView, command_id: str, received_ns: int, confirms: str) -> str:
    """Empty once it is decided, whatever the decision. Raises ``EngineUnavailableError`` when nobody knows."""
    try:
        answer = close_position(account=account, symbol=view.symbol, command_id=command_id)
    except NotSentError as error:
        return f"{view.symbol}: {error.sentence}"
    note_received(account.id, answer, at_ns=received_ns, door=Door.PAGE, on_screen=on_screen("", confirms))
    if isinstance(answer, RefusedAnswer):
        return f"{view.symbol}: {answer.message}"
    if isinstance(answer, RetryAnswer | ConflictAnswer):
        return f"{view.symbol}: {sentence_of(answer.reason)}"
    return ""
