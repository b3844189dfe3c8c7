"""Writes files that windows are asked for, and has what came of it told even if a window was closed."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import shiboken6
from PySide6.QtWidgets import QWidget

from resmem_gui.library.records import readable
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_ELSEWHERE: Final = "Save it elsewhere."


def save_file(
    jobs: Jobs,
    window: QWidget,
    path: Path,
    write: Callable[[], _Result],
    on_saved: Callable[[_Result], None],
    on_failed: Callable[[str], None],
) -> None:
    """Write a file on another thread, and tell the window that asked for it what came of it.

    A person who closes a window takes the file for written. So what its window cannot tell any more is told
    by `jobs.notice`, and a failure goes to the log in any case.

    Args:
        jobs: Where it is written.
        window: That asked for it.
        path: Of the file, to speak of it.
        write: Called on the other thread.
        on_saved: Called with what `write` returned, unless the window was closed.
        on_failed: Called with a sentence that says what is wrong and what to do, likewise.
    """

    def logged() -> _Result:
        try:
            return write()
        except Exception as error:
            _log.warning("%s was not written", readable(str(path)), exc_info=error)
            raise

    def saved(result: _Result) -> None:
        if is_open(window):
            on_saved(result)
        else:
            jobs.notice.emit(Notice(_key(path), Level.SUCCESS, f"{readable(str(path))} was written."))

    def failed(error: Exception) -> None:
        if is_open(window):
            on_failed(not_written(path, error))
        else:
            jobs.notice.emit(Notice(_key(path), Level.ERROR, not_written(path, error)))

    jobs.submit(logged, saved, failed)


def is_open(window: QWidget) -> bool:
    """Return whether a window is there for somebody to read: not closed, let alone deleted."""
    return shiboken6.isValid(window) and window.isVisible()


def not_written(path: Path, error: Exception, what_to_do: str = _ELSEWHERE) -> str:
    """Return the sentence that a file could not be written, why, and what to do."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{readable(str(path))} could not be written: {reason.rstrip('.')}. {what_to_do}"


def _key(path: Path) -> str:
    """Return a key of its own for each file: a notice of one shall not take the place of another's."""
    return f"written {path}"
