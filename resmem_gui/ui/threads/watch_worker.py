"""The worker that notices changes in folders, on a thread of its own."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from resmem_gui.file_state import FileState, file_state
from resmem_gui.images.discovery import Discovery

#: Changes come in swarms, and files are still being written when they appear.
_LOOK_AFTER_MS: Final = 700
#: A file that was changed within this time may still be being written: it is looked at again.
_STILL_WRITTEN_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FolderChange:
    """What is now in folders in which something has changed.

    Attributes:
        new: Paths of images that are not known.
        gone: Known paths at which there is no file.
        there: The state of the files at known paths.
    """

    new: list[str]
    gone: list[str]
    there: dict[str, FileState]


class WatchWorker(QObject):
    """Watches folders and all below them.

    Signals:
        changed: Something is otherwise than before (`FolderChange`).
        not_watched: So many folders cannot be watched: the system has a limit, or they are on a drive that
            tells nothing.
    """

    changed = Signal(object)
    not_watched = Signal(int)

    def __init__(self, known_paths: Callable[[], Sequence[str]]) -> None:
        """Make the worker; move it to its thread before any slot is called.

        Args:
            known_paths: Returns the paths of the library's images; may be called on another thread.
        """
        super().__init__()
        self._known_paths = known_paths
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._note)
        self._to_look_at: set[str] = set()
        self._look_soon = QTimer(self)
        self._look_soon.setSingleShot(True)
        self._look_soon.setInterval(_LOOK_AFTER_MS)
        self._look_soon.timeout.connect(self._look)

    @Slot(object)
    def watch(self, folders: list[str]) -> None:
        """Watch these folders and all below them, and no others any more; look at each of them now."""
        watched = self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)
        self._to_look_at.clear()
        below = [folder for top in folders for folder in _folders_below(top)]
        self._add(below)
        self._to_look_at.update(below)
        if below:
            self._look_soon.start()

    def _add(self, folders: list[str]) -> None:
        refused = self._watcher.addPaths(folders) if folders else []
        if refused:
            self.not_watched.emit(len(refused))

    @Slot(str)
    def _note(self, folder: str) -> None:
        self._to_look_at.add(folder)
        self._look_soon.start()

    @Slot()
    def _look(self) -> None:
        folders, self._to_look_at = self._to_look_at, set()
        for folder in list(folders):
            new = [below for below in _folders_below(folder) if below not in self._watcher.directories()]
            self._add([below for below in new if below != folder])
            folders.update(new)
        change = self._compare(folders)
        if change.new or change.gone or change.there:
            self.changed.emit(change)
        if self._to_look_at:
            self._look_soon.start()

    def _compare(self, folders: set[str]) -> FolderChange:
        known = {path for path in list(self._known_paths()) if os.path.dirname(path) in folders}
        states = {path: file_state(path) for path in known}
        return FolderChange(
            new=[path for path in self._images_in(folders) if path not in known],
            gone=[path for path, state in states.items() if state is None],
            there={path: state for path, state in states.items() if state is not None},
        )

    def _images_in(self, folders: Iterable[str]) -> list[str]:
        """Return the images in folders, those below not counted, as far as they are written."""
        images = []
        for folder in folders:
            for path in Discovery([folder], recursive=False) if os.path.isdir(folder) else ():
                state = file_state(path)
                if state is not None and time.time_ns() - state.mtime_ns < _STILL_WRITTEN_NS:
                    self._to_look_at.add(folder)
                else:
                    images.append(path)
        return images


def _folders_below(top: str) -> list[str]:
    """Return a folder and all below it, hidden ones left out as discovery does; none if it is not there."""
    found = []
    for folder, folders, _ in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found.append(folder)
    return found
