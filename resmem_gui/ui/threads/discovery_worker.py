"""The worker that looks for images in files and folders, on a thread of its own."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.images.discovery import Discovery, FolderProblem

#: The first images of a folder are shown at once, the others in batches of this duration.
_BATCH_S: Final = 0.08
#: The window takes so many in within some 10 ms.
_MOST: Final = 1000
#: A drive that is still telling what is in a folder after so long is slow: what it has told is shown.
_PATIENCE_S: Final = 0.25
_LOOK_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class DiscoveryResult:
    """How a walk over files and folders ended; `folders` are those among what was named."""

    images: int
    files_seen: int
    problems: list[FolderProblem]
    folders: list[str]
    cancelled: bool


class DiscoveryWorker(QObject):
    """Finds images and hands their paths over in batches. Walks are numbered, ascending.

    A batch is handed over when the one before has been taken, so that a window that is slower than the disk
    is never buried under batches.

    Signals:
        found: The walk's number and absolute paths (list of str). The receiver calls `taken`.
        finished: The walk's number and how it ended (`DiscoveryResult`).
    """

    found = Signal(int, object)
    finished = Signal(int, object)

    def __init__(self, give_way: Callable[[], None]) -> None:
        """Make the worker.

        Args:
            give_way: Called at every file: waits while others should go first.
        """
        super().__init__()
        self._give_way = give_way
        self._cancelled_up_to = 0
        self._is_free = threading.Event()
        self._is_free.set()

    def cancel(self, number: int) -> None:
        """End the walks up to this number, begun or not, at their next file. To be called from any thread."""
        self._cancelled_up_to = number

    def taken(self) -> None:
        """Note that the last batch has been taken. To be called from any thread."""
        self._is_free.set()

    @Slot(int, object)
    def discover(self, number: int, paths: list[str]) -> None:
        """Walk over files and folders, subfolders included."""
        images, files_seen, problems = 0, 0, []
        try:
            discovery = Discovery(paths, is_cancelled=lambda: self._is_over(number), patience=_PATIENCE_S)
            images = self._hand_over(number, discovery)
            files_seen, problems = discovery.files_seen, discovery.problems
        except OSError as error:  # such as a working folder that is gone
            problems = [FolderProblem(paths[0], f"This could not be looked at: {error.strerror}.")]
        finally:
            cancelled = self._is_over(number)
            folders = [os.path.abspath(path) for path in paths if os.path.isdir(path)]
            self.finished.emit(number, DiscoveryResult(images, files_seen, problems, folders, cancelled))

    def _is_over(self, number: int) -> bool:
        self._give_way()
        return number <= self._cancelled_up_to

    def _hand_over(self, number: int, discovery: Discovery) -> int:
        """Emit what is found, the first image at once, and return how many there were."""
        images = 0
        batch: list[str] = []
        handed_over = 0.0
        for path in discovery:
            batch.append(path)
            images += 1
            if len(batch) >= _MOST:
                self._wait_until_taken(number)
            if self._is_free.is_set() and (len(batch) >= _MOST or time.monotonic() - handed_over > _BATCH_S):
                self._emit(number, batch)
                batch, handed_over = [], time.monotonic()
        if batch:
            self._wait_until_taken(number)
            self._emit(number, batch)
        return images

    def _wait_until_taken(self, number: int) -> None:
        while not self._is_free.wait(_LOOK_S) and not self._is_over(number):
            pass

    def _emit(self, number: int, batch: list[str]) -> None:
        self._is_free.clear()
        self.found.emit(number, batch)
