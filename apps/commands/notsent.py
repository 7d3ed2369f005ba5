"""Why a command was not even sent: nothing was done, and the same one may be sent again."""


class NotSentError(RuntimeError):
    """``reason`` is a code for programs and ``sentence`` the words for a person; ``status`` is what HTTP calls it."""

    reason = ""
    sentence = ""
    status = 503
