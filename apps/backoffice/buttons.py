"""Buttons of the Django admin: each leads to a form that says what will happen, and sends one command with a reason.

The form gets the command's id when it is opened. Whatever happens on the way back (a double click, a reload, an answer that never
came), the same form is the same command: it is written once in the trail, done once by the engine, and told once.

Where a button is ``four_eyes`` its form proposes, and sends nothing: another admin approves (``approving``), and then it is sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.forms import Ask, CommandForm, read_command_form
from apps.backoffice.models import PROPOSAL_HOURS_MAX
from apps.backoffice.proposals import Draft, ProposalRefusedError, action_of_trail, document, propose
from apps.backoffice.selectors import CommandView, find_command
from apps.backoffice.services import record_command, record_outcome
from apps.commands.client import new_command_id
from apps.commands.outcomes import CommandOutcome

#: A row and the values of a form -> what is before, and what is after.
Change = Callable[[Any, dict[str, Any]], tuple[dict[str, str], dict[str, str]]]
SENT_OTHERWISE = "This form was sent before with other values. Look at what became of it, then open the form anew."
PROPOSED = f"It is proposed, and nothing is done yet: another admin has to approve it within {PROPOSAL_HOURS_MAX} hours."
FORM_METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Sending:
    """What every command of staff carries: who, why, and the id that makes a repeat the same command."""

    actor_id: int
    reason: str
    command_id: str


@dataclass(frozen=True, slots=True)
class Approved(Sending):
    """What a command carries that ``actor_id`` proposed and ``approver_id`` approved."""

    approver_id: int


@dataclass(frozen=True)
class CommandButton:
    """One command, from the page of a row.

    ``name`` is its word in the address, ``action`` its code in the trail. ``send`` gives it to the engine. ``change`` says what
    is before and after it, for the form and for the trail; it is asked with no values when the form is opened, and what is
    after follows from the values alone, so that a repeat is known for one. ``refuse`` says why it cannot be asked for now,
    empty when it can; ``bars`` says so of the person whose id it is given.
    """

    name: str
    label: str
    action: str | Callable[[Any], str]
    explains: str
    send: Callable[[Any, dict[str, Any], Sending], CommandOutcome]
    change: Change
    subject: Callable[[Any], str]
    asks: tuple[Ask, ...] = ()
    refuse: Callable[[Any], str] = lambda row: ""
    account_id: Callable[[Any], int | None] = lambda row: None
    bars: Callable[[Any, int], str] = lambda row, actor_id: ""
    #: Whose rights it is about: that person may not approve it.
    person: Callable[[Any], int | None] = lambda row: None
    #: Takes something from somebody: marked so.
    grave: bool = False
    #: Another person has to approve it; ``send`` is given an :class:`Approved`.
    four_eyes: bool = False
    #: Of a button with four eyes: names of what is before that may move meanwhile, because what it does does not depend on it.
    moves: tuple[str, ...] = ()
    #: It changes rows and asks no engine: of one with four eyes the decision, its effect and its outcome are one transaction.
    by_rows: bool = False
    #: What was before when this was proposed, for a column of its own.
    then: Callable[[Any], dict[str, str]] = lambda row: {}
    #: What whoever presses it has to know beside that, such as who proposed it and why.
    facts: Callable[[Any], dict[str, str]] = lambda row: {}
    #: What its page is called, where that is more than the subject.
    titled: Callable[[Any], str] | None = None

    def action_of(self, row: Any) -> str:
        return self.action if isinstance(self.action, str) else self.action(row)

    def why_not(self, row: Any, actor_id: int) -> str:
        return self.refuse(row) or self.bars(row, actor_id)


@dataclass(frozen=True, slots=True)
class ButtonView:
    """A button on a page; without an address it cannot be pressed, and ``why_not`` says why."""

    label: str
    address: str
    why_not: str
    grave: bool


class CommandAdmin(ReadOnlyAdmin):
    """A :class:`ReadOnlyAdmin` with buttons."""

    commands: tuple[CommandButton, ...] = ()

    def get_urls(self) -> list[URLPattern]:
        return [
            *super().get_urls(),
            *(
                path(f"<path:object_id>/{button.name}/", self._view_of(button), name=self.url_name(button.name))
                for button in self.commands
            ),
        ]

    def buttons(self, request: HttpRequest, row: Any) -> Iterable[ButtonView]:
        for button in self.commands:
            why_not = button.why_not(row, _actor_id(request))
            address = "" if why_not else reverse(f"admin:{self.url_name(button.name)}", args=[row.pk])
            yield ButtonView(button.label, address, why_not, button.grave)

    def _view_of(self, button: CommandButton) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            if request.method not in FORM_METHODS:
                return HttpResponseNotAllowed(FORM_METHODS)
            row = self.find_row(request, object_id)
            if request.method == "POST":
                return self._submit(request, button, row)
            texts = {ask.name: ask.now(row) for ask in button.asks}
            return self._form_page(request, button, row, CommandForm(new_command_id(), texts=texts))

        guarded: Callable[..., HttpResponse] = self.admin_site.admin_view(view)
        return guarded

    def _submit(self, request: HttpRequest, button: CommandButton, row: Any) -> HttpResponse:
        form = read_command_form(request.POST.dict(), button.asks)
        if form.errors:
            form.command_id = new_command_id() if "form" in form.errors else form.command_id
            return self._form_page(request, button, row, form, status=422)
        before, after = button.change(row, form.values)
        action = button.action_of(row)
        asked = CommandView(
            id=0, actor_id=_actor_id(request), action=action_of_trail(action) if button.four_eyes else action,
            subject=button.subject(row), reason=form.reason, after=document(after), outcome="",
        )  # fmt: skip
        earlier = find_command(form.command_id)
        if earlier is not None and not earlier.is_same(asked):
            form.errors["form"] = SENT_OTHERWISE
            return self._form_page(request, button, row, form, status=409)
        if earlier is not None and earlier.outcome:
            messages.info(request, f"This was sent before, and nothing was sent now. It was answered: {earlier.outcome}")
            return self._back(row)
        why_not = button.why_not(row, asked.actor_id) if earlier is None else ""
        if why_not:
            form.errors["form"] = f"{why_not} Nothing was sent."
            return self._form_page(request, button, row, form, status=409)
        if button.four_eyes:
            return self._propose(request, button, row, form, before, after)
        entry_id = record_command(
            actor_id=asked.actor_id, action=asked.action, subject=asked.subject, reason=asked.reason, command_id=form.command_id,
            account_id=button.account_id(row), before=document(before), after=asked.after,
        )  # fmt: skip
        written = find_command(form.command_id)
        if written is None or not written.is_same(asked):  # the same id came twice at once, and the other was written
            form.errors["form"] = SENT_OTHERWISE
            return self._form_page(request, button, row, form, status=409)
        outcome = button.send(row, form.values, Sending(asked.actor_id, form.reason, form.command_id))
        return self._tell(request, button, row, form, entry_id, outcome)

    def _propose(
        self,
        request: HttpRequest,
        button: CommandButton,
        row: Any,
        form: CommandForm,
        before: dict[str, str],
        after: dict[str, str],
    ) -> HttpResponse:
        """Nothing is sent: the proposal's page says what comes next. The same form again leads there too."""
        draft = Draft(
            action=button.action_of(row), page=self.opts.label_lower, row=str(row.pk), button=button.name,
            subject=button.subject(row), account_id=button.account_id(row), reason=form.reason, proposed_by=_actor_id(request),
            command_id=form.command_id, texts=form.texts, before=before, after=after,
            person=button.person(row),
        )  # fmt: skip
        try:
            proposal_id = propose(draft)
        except ProposalRefusedError:
            form.errors["form"] = SENT_OTHERWISE
            return self._form_page(request, button, row, form, status=409)
        messages.success(request, PROPOSED)
        return HttpResponseRedirect(reverse("admin:backoffice_proposal_change", args=[proposal_id]))

    def _tell(
        self, request: HttpRequest, button: CommandButton, row: Any, form: CommandForm, entry_id: int, outcome: CommandOutcome
    ) -> HttpResponse:
        """Done leads back to the row. Denied stays, with a new id. Not known stays with the same id, for the same form again."""
        if outcome.done is None:
            form.errors["form"] = outcome.sentence
            return self._form_page(request, button, row, form, status=503, locked=True)
        record_outcome(entry_id, f"{'DONE' if outcome.done else outcome.reason}: {outcome.sentence}")
        if outcome.done:
            messages.success(request, outcome.sentence)
            return self._back(row)
        form.errors["form"] = outcome.sentence
        form.command_id = new_command_id()
        return self._form_page(request, button, self.find_row(request, str(row.pk)), form, status=422)

    def _back(self, row: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:{self.url_name('change')}", args=[row.pk]))

    def _form_page(
        self, request: HttpRequest, button: CommandButton, row: Any, form: CommandForm, *, status: int = 200, locked: bool = False
    ) -> HttpResponse:
        """``locked``: what was typed has been sent and may not be changed, only sent again."""
        before, after = button.change(row, {})
        then = button.then(row)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{button.label}: {(button.titled or button.subject)(row)}",
            "button": button,
            "why_not": button.why_not(row, _actor_id(request)) if request.method != "POST" else "",
            "form": form,
            "locked": locked,
            "changes": [
                (name, then.get(name, ""), before.get(name, ""), after.get(name, ""))
                for name in dict.fromkeys([*before, *then, *after])
            ],
            "has_then": bool(then),
            "facts": button.facts(row).items(),
            "has_after": bool(after),
            "hours": PROPOSAL_HOURS_MAX,
            "fields": [(ask, form.texts.get(ask.name, ""), form.errors.get(ask.name, "")) for ask in button.asks],
            "list_address": reverse(f"admin:{self.url_name('changelist')}"),
            "row_address": reverse(f"admin:{self.url_name('change')}", args=[row.pk]),
            "row": row,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/command.html", context, status=status)


def _actor_id(request: HttpRequest) -> int:
    """Of whoever the site let in."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk
