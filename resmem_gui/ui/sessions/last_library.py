"""The library that was closed last: whether it can be opened again, and how one becomes it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.library import Library
from resmem_gui.library.session import SessionError
from resmem_gui.ui.threads.background import Jobs


class LastLibrary(QObject):
    """The library that was closed last, if there is one. Another window may leave one at any time.

    Signals:
        changed: It has come, or it is gone.
    """

    changed = Signal()

    def __init__(self, path: Path | None, jobs: Jobs, parent: QObject | None = None) -> None:
        """Begin without one; `look` finds it.

        Args:
            path: Of its session file; None if libraries are not kept.
            jobs: Where the disk is asked.
            parent: Owner.
        """
        super().__init__(parent)
        self._path = path
        self._jobs = jobs
        self._is_there = False

    @property
    def is_there(self) -> bool:
        """Whether there was one when it was looked for last."""
        return self._is_there

    @Slot()
    def look(self) -> None:
        """Look whether it is there now."""
        if self._path is not None:
            self._jobs.submit(self._path.exists, self._found, lambda _: self._found(is_there=False))

    def _found(self, is_there: bool) -> None:
        if is_there != self._is_there:
            self._is_there = is_there
            self.changed.emit()


def has_marks(library: Library) -> bool:
    """Return whether a person has rated, picked or rejected any image of a library."""
    present = library.present
    return bool(library.ratings[present].any() or library.picks[present].any())


def leave_or_refuse(leave: Callable[[], None]) -> None:
    """Leave the library in the window as the last one, before another one takes its place.

    Args:
        leave: Writes it; may raise `OSError`.

    Raises:
        SessionError: It could not be written: no other one may take its place.
    """
    try:
        leave()
    except OSError as error:
        raise SessionError(
            "The library in the window is in no session file, and it could not be kept: "
            f"{error.strerror or error}. Save it as a session, or clear it, and try again."
        ) from error
