"""When a notification may come again after it was accepted: around a crash, and never else."""

from record import Crash, Notice

# What was accepted is written down at once. On a busy machine, or while the database is held up,
# it may take this long; what was accepted longer before a crash must not come again.
RECORDING_SECONDS = 10
# A dead server's claim ends (the program's own lease), and the next server finds it and sends it.
LEASE_SECONDS = 45
SENDING_SECONDS = 30


def objection(earlier: Notice, later: Notice, crashes: list[Crash]) -> str:
    """Why the later of two notifications in a row, the earlier accepted or after one that was, must
    not have come; nothing if a crash explains it.

    A server must have been started between the two, in the place of one that died. The first that
    died had just sent the earlier one, and after the last start no more time has passed than a
    claim is good for.
    """
    between = [each for each in crashes if earlier.at < each.started_at < later.at]
    if not between:
        return "no server died meanwhile"
    known = between[0].died_at - earlier.at
    if known > RECORDING_SECONDS:
        return f"it was accepted {known:.1f} s before a server died"
    waited = later.at - between[-1].started_at
    if waited > LEASE_SECONDS + SENDING_SECONDS:
        return f"it came {waited:.1f} s after a server was started again"
    return ""


def repetitions(
    notices: list[Notice], accepted: int, crashes: list[Crash]
) -> tuple[bool, list[str]]:
    """Whether a notification came again after it was answered with the code that accepts it, and
    what is wrong with that."""
    first = next((each for each in notices if each.code == accepted), None)
    if first is None:
        return False, []
    later = notices[notices.index(first) + 1:]
    wrong = []
    for earlier, each in zip([first, *later], later):
        why = objection(earlier, each, crashes)
        if why:
            wrong.append(f"at {earlier.number} and {each.number}: {why}")
    return bool(later), wrong
