"""Leads the walks that look for images in files and folders, on a thread of their own."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.discovery_worker import DiscoveryResult, DiscoveryWorker
from resmem_gui.ui.threads.started import started_thread


class Walks(QObject):
    """Looks for images in what is added, one walk after the other.

    Lives on the GUI thread. A walk has a number that travels with what it finds; what a walk finds that was
    stopped is dropped.

    Signals:
        found: Some images (absolute paths, list of str).
        ended: A walk is over (`DiscoveryResult`, None if the walk was stopped).
    """

    found = Signal(object)
    ended = Signal(object)

    _discover = Signal(int, object)

    def __init__(self, give_way: Callable[[], None], parent: QObject | None = None) -> None:
        """Start the thread.

        Args:
            give_way: Called at every file: waits while others should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self._number = 0
        self._stopped_up_to = 0
        self._under_way = 0
        self._worker = DiscoveryWorker(give_way)
        self._thread = started_thread("discovery", self._worker, self)
        self._discover.connect(self._worker.discover)
        self._worker.found.connect(self._found)
        self._worker.finished.connect(self._finished)

    @property
    def are_under_way(self) -> bool:
        """Whether a walk has not ended yet, be it stopped or not."""
        return self._under_way > 0

    def begin(self, paths: Sequence[str]) -> None:
        """Look for images in files and folders, after the walks under way."""
        self._number += 1
        self._under_way += 1
        self._discover.emit(self._number, list(paths))

    def stop(self) -> None:
        """End all walks, those too that have not begun, at their next file."""
        self._stopped_up_to = self._number
        self._worker.cancel(self._number)

    @Slot(int, object)
    def _found(self, number: int, paths: list[str]) -> None:
        self._worker.taken()
        if number > self._stopped_up_to:
            self.found.emit(paths)

    @Slot(int, object)
    def _finished(self, number: int, result: DiscoveryResult) -> None:
        self._under_way -= 1
        self.ended.emit(result if number > self._stopped_up_to else None)

    def shut_down(self) -> None:
        """Take no more paths; the thread ends at the next file."""
        self.stop()
        self._thread.quit()

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `shut_down`."""
        return self._thread.isFinished()


def discovery_notices(result: DiscoveryResult) -> list[Notice]:
    """Return what there is to say about a walk: that it found no images, and what it could not look at."""
    notices = []
    if result.images == 0:
        among = f" among {wording.count_text(result.files_seen, 'file')}" if result.files_seen else ""
        what_to_do = "Open or drop image files, such as JPEG or PNG, or folders that hold some."
        text = f"No images were found{among}. {what_to_do}"
        notices.append(Notice("discovery", Level.WARNING, text))
    if result.problems:
        first = result.problems[0]
        text = f"{readable(first.path)}: {first.reason}"
        others = len(result.problems) - 1
        if others:
            text += f" The same goes for {wording.count_text(others, 'other folder')}."
        notices.append(Notice("folders", Level.WARNING, text))
    return notices
