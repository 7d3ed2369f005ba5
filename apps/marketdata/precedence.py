"""Which of two quotes of one symbol stands. One rule for the engine's readers of ticks, the stream and the tables. PURE."""

#: Another source takes a symbol over only when the one before has been silent for as long as withdraws the house.
SOURCE_SILENT_NS = 3_000_000_000


def supersedes(now: tuple[str, int, int, int], before: tuple[str, int, int, int]) -> bool:
    """Whether ``now`` takes the place of ``before``, each (source, epoch, sequence, at_ns).

    Within a source the higher (epoch, sequence) does: so a feed that was replaced, and wakes up, changes nothing. Two sources
    have nothing in common but the time: the first one keeps the symbol for as long as it speaks.
    """
    if now[0] == before[0]:
        return now[1:3] > before[1:3]
    return now[3] - before[3] > SOURCE_SILENT_NS
