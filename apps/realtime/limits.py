"""Every bound of the stream in one place. Times in seconds, sizes in bytes, unless the name says otherwise."""

from typing import Final

# Inbound. 500 symbols of 16 characters fill 9.5 KiB, so a full ``watch`` sets the size of the largest message.
MESSAGE_BYTES_MAX: Final = 12 * 1024
SYMBOLS_MAX: Final = 500
DEPTHS_MAX: Final = 4
BARS_MAX: Final = 4
MESSAGES_PER_SECOND: Final = 10.0
MESSAGE_BURST: Final = 20
BAD_MESSAGES_MAX: Final = 3
BAD_MESSAGES_WINDOW: Final = 60.0
HELLO_WITHIN: Final = 5.0
BAN_FOR: Final = 60.0
BANS_MAX: Final = 10_000

# Outbound.
WINDOW_MAX: Final = 0.016
WINDOW_PER_FLUSH_CPU: Final = 36.0
CONTROL_FRAMES_MAX: Final = 16
NOTSENT_LOWAT: Final = 16 * 1024
RETRY_SLOW_AFTER: Final = 0.02
SLOW_AFTER: Final = 5.0
CLOSE_WITHIN: Final = 1.0  # what was said and the close frame are taken by then
GONE_WITHIN: Final = 2.0  # and the connection is over this long after
ACK_WITHIN: Final = 5.0
HEARTBEAT_EVERY: Final = 1.0
HEARTBEAT_SLOTS: Final = 20
LIFE: Final = (22 * 3600.0, 26 * 3600.0)  # each socket's own length between these, so that old ones do not end in one wave
MODES_EVERY: Final = 0.25
MODES_APART: Final = 0.01  # between two slots of sockets that are told of a mode
QUOTES_STALE_AFTER: Final = 2.0
BYE_RETRY_MS: Final = 3000
DOOR_RETRY_MS: Final = (1000, 10_000)
BYE_GRACE: Final = 0.2

# Where a publisher begins when partitions come to it: so far back that what nobody told while they changed hands is read.
LOOK_BACK: Final = 15.0

# What is kept in memory.
SYMBOLS_KEPT_MAX: Final = 10_000
PRINTS_KEPT: Final = 20
PRINTS_PER_FRAME: Final = 500  # some 85 KB: below the largest message that Daphne sends
LEVELS_SHOWN: Final = 10

# Trading states of instruments.
STATES_EVERY: Final = 0.5

# Must-arrive events of accounts.
REPLAY_MAX: Final = 300
RECOVER_WITHIN: Final = 1.0
EVENTS_PER_FRAME: Final = 50  # some 50 KB of the longest ones
ACCOUNT_POLL_EVERY: Final = 5.0
ACCOUNT_POLL_EVERY_MUTE: Final = 1.0  # while the event log is away, which brings the bells
DATABASE_CONNECTIONS_MAX: Final = 4
DATABASE_WAIT: Final = 2.0

# The channel layer.
SHARDS: Final = 4
WATCHDOG_EVERY: Final = 1.0
LAYER_SILENT_AFTER: Final = 2.2
LAYER_CALL_WITHIN: Final = 1.0
PUBLISHER_GONE_AFTER: Final = 5 * WATCHDOG_EVERY
ASK_EVERY: Final = 0.5
ASK_EVERY_MAX: Final = 2.0  # while nobody answers
PUSH_EVERY: Final = 0.003
PUSH_MANY: Final = 20  # quotes in one push: then the next one comes later and brings more
PUSH_MANY_EVERY: Final = 0.004
PUSH_AGAIN_AFTER: Final = 0.1
BELLS_MAX: Final = 100_000

# Sockets of a user in all processes. A hash outlives the oldest socket; a process that says nothing for its life is gone.
PRESENCE_EVERY: Final = 1.0
PRESENCE_LIFE: Final = 6
PRESENCE_KEPT: Final = 28 * 3600
PRESENCE_PAUSE: Final = 5.0

# Tickets, and the log-ins behind them.
LOG_INS_AT_ONCE: Final = 500
TICKET_LIFE: Final = 30
TICKETS_REMEMBERED_MAX: Final = 100_000
