"""Bells of notices: topic ``accounts.notices``, keyed by account id. The notices themselves are in Postgres."""

import msgspec


class NoticeBell(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="NOTICE_BELL"):
    """The newest notice of ``account_id`` is the one with this ``sequence``. A bell that is lost is made good by a look."""

    account_id: int
    sequence: int
    version: int = 1
