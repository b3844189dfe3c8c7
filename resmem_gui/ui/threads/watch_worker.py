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
#: What the system does not tell of is seen after this time.
_LOOK_AT_ALL_MS: Final = 15_000
#: A file that was changed within this time may still be being written: it is looked at again.
_STILL_WRITTEN_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FolderChange:
    """What is now in folders in which something has changed.

    Attributes:
        watch: The number of the watch.
        new: Paths of images that are not known.
        gone: Known paths at which there is no file.
        there: The state of the files at known paths.
    """

    watch: int
    new: list[str]
    gone: list[str]
    there: dict[str, FileState]


class WatchWorker(QObject):
    """Watches folders and all below them. Watches are numbered, ascending.

    The system tells at once of files that come, go or are renamed, and nothing of what is written into a
    file, nor of most network drives; so everything is looked at from time to time as well.

    Signals:
        changed: Something is otherwise than before (`FolderChange`).
        not_watched: So many folders cannot be watched: the system has a limit, or they are on a drive that
            tells nothing.
    """

    changed = Signal(object)
    not_watched = Signal(int)

    def __init__(self, known_paths: Callable[[], Sequence[str]], give_way: Callable[[], None]) -> None:
        """Make the worker; move it to its thread before any slot is called.

        Args:
            give_way: Called at every file: waits while others should go first.
            known_paths: Returns the paths of the library's images; may be called on another thread.
        """
        super().__init__()
        self._known_paths = known_paths
        self._give_way = give_way
        self._number = 0
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._note)
        self._to_look_at: set[str] = set()
        self._look_soon = QTimer(self)
        self._look_soon.setSingleShot(True)
        self._look_soon.setInterval(_LOOK_AFTER_MS)
        self._look_soon.timeout.connect(self._look)
        self._look_at_all = QTimer(self)
        self._look_at_all.setInterval(_LOOK_AT_ALL_MS)
        self._look_at_all.timeout.connect(self._note_all)

    @Slot(int, object)
    def watch(self, number: int, folders: list[str]) -> None:
        """Watch these folders and all below them, and no others any more; look at each of them now."""
        self._number = number
        watched = self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)
        self._to_look_at.clear()
        below = [folder for top in folders for folder in _folders_below(top)]
        self._add(below)
        self._to_look_at.update(below)
        if below:
            self._look_soon.start()
            self._look_at_all.start()
        else:
            self._look_at_all.stop()

    @Slot()
    def stop(self) -> None:
        """Look no more; to be called on the worker's thread before it ends."""
        self._look_soon.stop()
        self._look_at_all.stop()

    def _add(self, folders: list[str]) -> None:
        refused = self._watcher.addPaths(folders) if folders else []
        if refused:
            self.not_watched.emit(len(refused))

    @Slot(str)
    def _note(self, folder: str) -> None:
        self._to_look_at.add(folder)
        self._look_soon.start()

    @Slot()
    def _note_all(self) -> None:
        self._to_look_at.update(self._watcher.directories())
        self._look_soon.start()

    @Slot()
    def _look(self) -> None:
        folders, self._to_look_at = self._to_look_at, set()
        watched = set(self._watcher.directories())
        there = {below for folder in folders for below in _folders_below(folder)}
        self._add(sorted(there - watched))
        # A folder that was moved away takes those below it along, and of them the system says nothing.
        gone = {
            path
            for path in watched
            if not os.path.isdir(path) and any(_is_below(path, top) for top in folders)
        }
        if gone:
            self._watcher.removePaths(sorted(gone))
        folders |= (there - watched) | gone
        change = self._compare(folders)
        if change.new or change.gone or change.there:
            self.changed.emit(change)
        if self._to_look_at:
            self._look_soon.start()

    def _compare(self, folders: set[str]) -> FolderChange:
        known = {path for path in list(self._known_paths()) if self._is_in(path, folders)}
        states = {path: self._state(path) for path in known}
        return FolderChange(
            watch=self._number,
            new=[path for path in self._images_in(folders) if path not in known],
            gone=[path for path, state in states.items() if state is None],
            there={path: state for path, state in states.items() if state is not None},
        )

    def _is_in(self, path: str, folders: set[str]) -> bool:
        self._give_way()
        return os.path.dirname(path) in folders

    def _state(self, path: str) -> FileState | None:
        self._give_way()
        return file_state(path)

    def _images_in(self, folders: Iterable[str]) -> list[str]:
        """Return the images in folders, those below not counted, as far as they are written."""
        images = []
        for folder in folders:
            for path in Discovery([folder], recursive=False) if os.path.isdir(folder) else ():
                state = self._state(path)
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


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(os.path.join(top, ""))  # noqa: PTH118 - Path drops the separator
