"""Every bound of the stream in one place. Times in seconds, sizes in bytes, unless the name says otherwise."""

from typing import Final

# Inbound. 500 symbols of 16 characters fill 9.5 KiB, so a full ``watch`` sets the size of the largest message.
MESSAGE_BYTES_MAX: Final = 12 * 1024
SYMBOLS_MAX: Final = 500
DEPTHS_MAX: Final = 4
MESSAGES_PER_SECOND: Final = 10.0
MESSAGE_BURST: Final = 20
BAD_MESSAGES_MAX: Final = 3
BAD_MESSAGES_WINDOW: Final = 60.0
HELLO_WITHIN: Final = 5.0

# Outbound.
WINDOW_MAX: Final = 0.016
WINDOW_PER_FLUSH_CPU: Final = 2.5
CONTROL_FRAMES_MAX: Final = 16
NOTSENT_LOWAT: Final = 16 * 1024
RETRY_SLOW_AFTER: Final = 0.02
SLOW_AFTER: Final = 5.0
ACK_WITHIN: Final = 5.0
HEARTBEAT_EVERY: Final = 1.0
HEARTBEAT_SLOTS: Final = 20
QUOTES_STALE_AFTER: Final = 2.0
BYE_RETRY_MS: Final = 3000
BYE_GRACE: Final = 0.2

# Prints and depth.
PRINTS_KEPT: Final = 20
LEVELS_SHOWN: Final = 10

# Must-arrive events of accounts.
REPLAY_MAX: Final = 300
EVENTS_PER_FRAME: Final = 100
ACCOUNT_POLL_EVERY: Final = 5.0
DATABASE_CONNECTIONS_MAX: Final = 4
DATABASE_WAIT: Final = 2.0

# The channel layer.
SHARDS: Final = 4
WATCHDOG_EVERY: Final = 1.0
LAYER_SILENT_AFTER: Final = 2.2
LAYER_CALL_WITHIN: Final = 1.0
ASK_EVERY: Final = 0.5
ASK_EVERY_MAX: Final = 2.0  # while nobody answers
PUSH_EVERY: Final = 0.002
PUSH_AGAIN_AFTER: Final = 0.1
BELLS_MAX: Final = 100_000

# Tickets.
TICKET_LIFE: Final = 30
TICKETS_REMEMBERED_MAX: Final = 100_000
