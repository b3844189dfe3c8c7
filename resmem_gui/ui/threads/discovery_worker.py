"""The worker that looks for images in files and folders, on a thread of its own."""

import time
from dataclasses import dataclass
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
    """Finds images and hands their paths over in batches. Walks are numbered, ascending.

    Signals:
        found: The walk's number and absolute paths (list of str).
        finished: The walk's number and how it ended (`DiscoveryResult`).
    """

    found = Signal(int, object)
    finished = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled_up_to = 0

    def cancel(self, number: int) -> None:
        """End the walks up to this number, begun or not, at their next file. To be called from any thread."""
        self._cancelled_up_to = number

    @Slot(int, object)
    def discover(self, number: int, paths: list[str]) -> None:
        """Walk over files and folders, subfolders included."""
        images, files_seen, problems = 0, 0, []
        try:
            discovery = Discovery(paths, is_cancelled=lambda: number <= self._cancelled_up_to)
            images = self._hand_over(number, discovery)
            files_seen, problems = discovery.files_seen, discovery.problems
        except OSError as error:  # such as a working folder that is gone
            problems = [FolderProblem(paths[0], f"This could not be looked at: {error.strerror}.")]
        finally:
            cancelled = number <= self._cancelled_up_to
            self.finished.emit(number, DiscoveryResult(images, files_seen, problems, cancelled))

    def _hand_over(self, number: int, discovery: Discovery) -> int:
        """Emit what is found, the first image at once, and return how many there were."""
        images = 0
        batch: list[str] = []
        handed_over = 0.0
        for path in discovery:
            batch.append(path)
            images += 1
            if time.monotonic() - handed_over > _BATCH_S:
                self.found.emit(number, batch)
                batch, handed_over = [], time.monotonic()
        if batch:
            self.found.emit(number, batch)
        return images
