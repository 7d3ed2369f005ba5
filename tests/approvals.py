"""What a second person has to approve, in tests that are about something else: approved."""

from typing import Any

import msgspec

from apps.commands.types import FourEyes
from apps.core.enums import Role

#: Somebody who approves; nobody's id in the tests that use it.
APPROVER_ID = 9_001


def approved(command: Any, by: int = APPROVER_ID) -> Any:
    """``command`` with ``by`` as who approved it, where an admin needs that and it says nothing of it."""
    if isinstance(command, FourEyes) and command.actor.role is Role.ADMIN and command.approver_id is msgspec.UNSET:
        return msgspec.structs.replace(command, approver_id=by)
    return command
