"""The library that is in the window, saved without asking: for the next start, also after a crash."""

import contextlib
import logging
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile

from resmem_gui.library.session import SessionError, load_header

_log = logging.getLogger(__name__)

_ENDING: Final = ".resmem"
#: The library that was closed last, with its window or because another one took its place.
_LAST: Final = f"last{_ENDING}"
#: So many libraries of programs that ended unexpectedly are kept.
_MOST_LEFT: Final = 5


@dataclass(frozen=True, slots=True)
class LeftLibrary:
    """A library that can be opened again.

    Attributes:
        path: Of its session file.
        images: How many it has.
        waiting: How many of them had no score.
        crashed: Whether its program ended unexpectedly.
    """

    path: Path
    images: int
    waiting: int
    crashed: bool


class AutosaveFolder:
    """Where each running window saves its library, under a name of its own. Used on one thread.

    A lock file beside it says that the window still runs; a session whose lock nobody holds was left by a
    program that ended unexpectedly.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = folder / f"{uuid.uuid4().hex}{_ENDING}"
        self._lock: QLockFile | None = None

    @property
    def last(self) -> Path:
        """The session of the library that was closed last; perhaps there is none."""
        return self._folder / _LAST

    def make_last(self) -> Path:
        """Return where a library is left that another one takes the place of.

        Raises:
            OSError: The folder cannot be made.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        return self.last

    def own(self) -> Path:
        """Return where this window saves its library, with the lock taken.

        Raises:
            OSError: The folder cannot be made.
        """
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock_of(self._own)
            self._lock.tryLock(0)
        return self._own

    def find_left(self) -> LeftLibrary | None:
        """Return what was left and is worth being offered: the newest of a crash, or what was not scored."""
        try:
            left = [path for path in self._folder.glob(f"*{_ENDING}") if path.name != _LAST]
        except OSError:
            return None
        crashed = sorted(filter(_is_left, left), key=os.path.getmtime, reverse=True)
        for path in crashed[_MOST_LEFT:]:
            _remove(path)
        for path in crashed:
            found = _read(path, crashed=True)
            if found is not None:
                return found
        last = _read(self.last, crashed=False)
        return last if last is not None and last.waiting else None

    def take_over(self, path: Path) -> None:
        """Make a library that was left after a crash this window's own; the last one stays as it is.

        Raises:
            OSError: It cannot be moved.
        """
        if path != self.last:
            path.replace(self.own())
            _remove(path)

    def set_aside(self, path: Path) -> None:
        """Offer a damaged library no more; its file stays for whoever can mend it.

        Raises:
            OSError: It cannot be renamed.
        """
        path.replace(path.with_suffix(".damaged"))

    def finish(self, *, keep: bool) -> None:
        """Leave this window's library as the last one, or nothing.

        Raises:
            OSError: It cannot be moved.
        """
        if keep and self._own.exists():
            self._own.replace(self.last)
        _remove(self._own)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)  # a window may be open for days; a process that does not run has no lock
    return lock


def _is_left(path: Path) -> bool:
    lock = _lock_of(path)
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True


def _read(path: Path, *, crashed: bool) -> LeftLibrary | None:
    try:
        header = load_header(path)
    except (OSError, SessionError) as error:
        if path.exists():
            _log.warning("%s cannot be opened again: %s", path, error)
        return None
    waiting = header.view.get("waiting")
    return LeftLibrary(path, header.images or 0, waiting if isinstance(waiting, int) else 0, crashed)


def _remove(path: Path) -> None:
    for leftover in (path, Path(f"{path}.lock")):
        with contextlib.suppress(OSError):  # what cannot be removed is found again, and does no harm
            leftover.unlink()
