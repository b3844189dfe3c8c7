"""A job on another thread that can be cancelled and tells how far it is."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.ui.threads.background import Jobs

#: Progress is told no more often: nobody sees more, and the GUI thread has other work.
_PAUSE_S: Final = 0.05

#: Called on the other thread with how far it is, in a form of the job's own.
Tell = Callable[[Any], None]
#: Asked on the other thread.
IsCancelled = Callable[[], bool]


class Work(QObject):
    """Runs one job at a time; a newer one makes an older one of no interest, and ends it.

    Signals:
        progressed: How far the newest job is, in a form of its own.
    """

    progressed = Signal(object)
    _told = Signal(int, object)

    def __init__(self, jobs: Jobs, give_way: Callable[[], None], parent: QObject) -> None:
        """Make it.

        Args:
            jobs: Runs the jobs.
            give_way: Waits while others should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self._jobs = jobs
        self._give_way = give_way
        self._number = 0
        self._cancelled = threading.Event()
        self._is_running = False
        self._told.connect(self._receive)

    @property
    def is_running(self) -> bool:
        """Whether the newest job has not ended yet."""
        return self._is_running

    def start(
        self,
        job: Callable[[Tell, IsCancelled], Any],
        on_success: Callable[[Any], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Run a job, then one of the two others on the GUI thread, unless a newer job has been started."""
        self._cancelled.set()
        self._cancelled = cancelled = threading.Event()
        self._number += 1
        number = self._number
        self._is_running = True

        def is_cancelled() -> bool:
            self._give_way()
            return cancelled.is_set()

        def ended(receiver: Callable[[Any], None], result: object) -> None:
            if shiboken6.isValid(self) and number == self._number:
                self._is_running = False
                receiver(result)

        self._jobs.submit(
            lambda: job(self._teller(number), is_cancelled),
            lambda result: ended(on_success, result),
            lambda error: ended(on_failure, error),
        )

    def cancel(self) -> None:
        """Ask the job to end; it still tells how it ended."""
        self._cancelled.set()

    def drop(self) -> None:
        """End the job, and hear no more of it."""
        self._cancelled.set()
        self._number += 1
        self._is_running = False

    def _teller(self, number: int) -> Tell:
        """Return what a job calls, however often, to tell how far it is."""
        last = 0.0

        def tell(progress: object) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _PAUSE_S and shiboken6.isValid(self):
                last = now
                self._told.emit(number, progress)

        return tell

    @Slot(int, object)
    def _receive(self, number: int, progress: object) -> None:
        if number == self._number and self._is_running:
            self.progressed.emit(progress)
