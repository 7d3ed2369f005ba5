"""What became of a change, as JSON: for a script that shows it where the change was made, and not as a page of its own."""

from django.contrib import messages
from django.http import HttpRequest, JsonResponse

from apps.commands.answers import AnyAnswer
from apps.orders.endings import ending_of

#: It was decided and done; decided, or not even sent, and not done; nobody knows yet.
DONE, REFUSED, UNKNOWN = "done", "refused", "unknown"


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def reply(outcome: str, text: str, *, status: int = 200) -> JsonResponse:
    """``{"outcome": …, "text": …}``: a sentence for the person, and what to do with the page."""
    response = JsonResponse({"outcome": outcome, "text": text}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def reply_to(answer: AnyAnswer) -> JsonResponse:
    """What a decided command came to."""
    ending = ending_of(answer)
    refused = ending.level == messages.ERROR
    return reply(REFUSED if refused else DONE, ending.text, status=422 if refused else 200)
