"""What the mails say that were sent so far."""

import re

from django.core import mail


def code_mailed(to: str = "") -> str:
    """The code in the newest mail, to ``to`` if that is given."""
    message = next(message for message in reversed(mail.outbox) if not to or message.to == [to])
    found = re.search(r"^(\d{4}-\d{4})$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


def link_mailed() -> str:
    """The path of the first address in the newest mail."""
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]
