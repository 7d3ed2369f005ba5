"""Lines of an event loop's process: each is written within a fifth of a second, whether another one follows or not."""

import asyncio
from typing import Any

from apps.observability.lines import WRITTEN_EVERY, Lines


class AccessLog(Lines):
    """For one event loop. See :class:`~apps.observability.lines.Lines`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, event: str, logger: str, *, per_second: int | None = None) -> None:
        super().__init__(event, logger, per_second=per_second)
        self._loop = loop

    def note(self, **values: Any) -> None:
        is_first = not self
        super().note(**values)
        if is_first:
            self._loop.call_later(WRITTEN_EVERY, self.write)
