"""Undoes handing on: removes what was made, moves back what was moved."""

# Paths are plain text here, as in the library.

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from resmem_gui.export.carrying_out import Made, Result, make_one, remove_empty
from resmem_gui.export.copying import CancelledError, CopyError, remove, sha256_of
from resmem_gui.export.handing_on import Way, sentence_of


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a file that had been made.

    Attributes:
        source: Where it came from.
        path: Where it was made.
        undone: Whether it is gone from there.
        reason: Why not, as a sentence.
    """

    source: str
    path: str
    undone: bool
    reason: str = ""


def undo(
    result: Result,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Undone, ...]:
    """Take back what was made, the last one first.

    A copy or link is removed if it is still what was made and its original is there; a moved file goes back
    if nothing has taken its place. Everything else stays, with the reason.

    Args:
        result: What was done.
        progress: Called with the number of files that are over, and of all.
        is_cancelled: Asked before each file and after each block.
    """

    def go_on(_: int = 0) -> None:
        if is_cancelled():
            raise CancelledError

    outcomes: list[Undone] = []
    cancelled = False
    for made in reversed(result.made):
        progress(len(outcomes), len(result.made))
        try:
            go_on()
            reason = _take_back(made, go_on)
        except CancelledError:
            cancelled = True
            break
        except CopyError as error:
            reason = str(error)
        except OSError as error:
            reason = sentence_of(error)
        outcomes.append(Undone(made.source, made.path, not reason, reason))
    if not cancelled:
        remove_empty(result.made_folders)
    return tuple(outcomes)


def _take_back(made: Made, go_on: Callable[[int], None]) -> str:
    """Take one file back, and return why not."""
    if not os.path.lexists(made.path):
        return "It is not there any more."
    if made.way is Way.MOVE:
        return _move_back(made, go_on)
    why_not = _why_not_removed(made, go_on)
    if not why_not:
        remove(made.path)
    return why_not


def _move_back(made: Made, go_on: Callable[[int], None]) -> str:
    os.makedirs(os.path.dirname(made.source), exist_ok=True)
    try:
        make_one(Way.MOVE, made.path, made.source, go_on)
    except FileExistsError:
        return "Another file has taken its place: it stays where it was moved to."
    return ""


def _why_not_removed(made: Made, go_on: Callable[[int], None]) -> str:
    status = os.lstat(made.path)
    if stat.S_ISLNK(status.st_mode):
        ours = made.way is Way.LINK and os.readlink(made.path) == made.source
        return "" if ours else "It is another link by now."
    if not os.path.exists(made.source):
        return "Its original is not there any more: this one is kept."
    if made.way is Way.LINK:
        same = os.path.samefile(made.path, made.source)
        return "" if same else "It is another file by now."
    unchanged = (status.st_size, status.st_mtime_ns) == (made.state.size, made.state.mtime_ns)
    if unchanged or (stat.S_ISREG(status.st_mode) and sha256_of(made.path, go_on) == made.sha256):
        return ""
    return "It was changed since: it is kept."
