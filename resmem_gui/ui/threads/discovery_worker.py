"""The worker that looks for images in files and folders, on a thread of its own."""

import time
from dataclasses import dataclass
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.images.discovery import Discovery, FolderProblem

#: The first images of a folder are shown at once, the others in batches of this duration.
_BATCH_S: Final = 0.08


@dataclass(frozen=True, slots=True)
class DiscoveryResult:
    """How a walk over files and folders ended."""

    images: int
    files_seen: int
    problems: list[FolderProblem]
    cancelled: bool


class DiscoveryWorker(QObject):
    """Finds images and hands their paths over in batches.

    Signals:
        found: Absolute paths (list of str).
        finished: The walk is over (`DiscoveryResult`).
    """

    found = Signal(object)
    finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled = Event()

    def cancel(self) -> None:
        """End the walk under way at the next file. To be called from any thread."""
        self._cancelled.set()

    @Slot(object)
    def discover(self, paths: list[str]) -> None:
        """Walk over files and folders, subfolders included."""
        self._cancelled.clear()
        discovery = Discovery(paths, is_cancelled=self._cancelled.is_set)
        images = 0
        batch: list[str] = []
        handed_over = 0.0
        for path in discovery:
            batch.append(path)
            images += 1
            if time.monotonic() - handed_over > _BATCH_S:
                self.found.emit(batch)
                batch, handed_over = [], time.monotonic()
        if batch:
            self.found.emit(batch)
        self.finished.emit(
            DiscoveryResult(images, discovery.files_seen, discovery.problems, self._cancelled.is_set())
        )
