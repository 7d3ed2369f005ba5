"""Every bound of the API in one place. Times in seconds, sizes in bytes, unless the name says otherwise."""

from typing import Final

# What a request may be.
BODY_BYTES_MAX: Final = 64 * 1024
BODY_WITHIN: Final = 5.0
ITEMS_MAX: Final = 100
PATH_BYTES_MAX: Final = 256
QUERY_BYTES_MAX: Final = 512
COOKIE_BYTES_MAX: Final = 8 * 1024

# What an answer may be.
OPEN_ORDERS_MAX: Final = 200
FILLS_MAX: Final = 200
EVENTS_LOOKED_AT_MAX: Final = 500

# How long a request may wait for the engine.
ENGINE_WITHIN: Final = 2.0

# Keys and log-ins. One that ended is refused when the next look found that out, so within RECHECK_EVERY; what could not be
# looked up again for BELIEVED_FOR is looked up before anything else.
RECHECK_EVERY: Final = 0.5
BELIEVED_FOR: Final = 1.5
KEPT_FOR: Final = 10.0
CREDENTIALS_MAX: Final = 10_000
#: Look-ups of credentials that this process does not know, of one address.
UNKNOWN_PER_SECOND: Final = 20
UNKNOWN_BURST_S: Final = 10
NOTE_USES_EVERY: Final = 5.0
USED_AGAIN_AFTER: Final = 60.0

#: The dead man's switch has a rate of its own: a program that sends too many orders must not lose its life line by that.
SWITCHES_PER_SECOND: Final = 5

# Rates are settings; as many seconds of them may come at once.
BURST_S: Final = 4

DATABASE_CONNECTIONS_MAX: Final = 4
DATABASE_WAIT: Final = 2.0
