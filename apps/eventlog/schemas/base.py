"""What every event carries."""

import msgspec


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """``sequence`` is the engine's and orders events over all topics; (``epoch``, ``sequence``) is unique for ever.

    ``correlation_id`` names the whole story (a click), ``causation_id`` the direct cause (a command's id).
    """

    version: int = 1
    epoch: int
    sequence: int
    at_ns: int
    correlation_id: str = ""
    causation_id: str = ""
