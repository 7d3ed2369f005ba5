"""What a person is told of a deletion by mail. Whether or not the mail server is there, the rest goes on."""

from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)

SUBJECTS = {
    "asked": "Your data is to be deleted",
    "undone": "Your data is not deleted",
    "put_off": "Something is in the way of deleting your data",
    "done": "Your data is deleted now",
}


def tell(which: str, address: str, *, user_id: int, **context: Any) -> bool:
    """Send the mail ``which``; whether it left."""
    text = render_to_string(f"privacy/email/{which}.txt", {"origin": settings.PUBLIC_ORIGINS[0], **context})
    try:
        send_mail(SUBJECTS[which], text, settings.DEFAULT_FROM_EMAIL, [address])
    except (SMTPException, OSError) as error:
        log.warning("deletion_mail_failed", which=which, user=user_id, error=type(error).__name__)
        return False
    return True
