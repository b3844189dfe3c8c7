"""Small jobs off the GUI thread: writing a file, reading a thumbnail, preparing a preview."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot


@dataclass(eq=False, slots=True)
class _Job:
    """What is to be done, and what came of it: who is told, and what."""

    run: Callable[[], Any]
    on_success: Callable[[Any], None]
    on_failure: Callable[[Exception], None]
    receiver: Callable[[Any], None] | None = None
    result: Any = None


class Jobs(QObject):
    """Runs jobs in order on one thread and tells the GUI thread how each ended.

    Nothing is dropped: `join` waits until the last job is done, so that no export is cut short.

    Signals:
        notice: What came of a job (`Notice`) whose window was closed meanwhile and can tell nothing any more.
    """

    notice = Signal(object)

    _ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[_Job] = deque()
        # Among what a job holds may be windows. Who lets go of one last destroys it, and that must be the GUI
        # thread: so all jobs stay in here until they were delivered there, in the same order.
        self._undelivered: deque[_Job] = deque()
        self._changed = Condition()
        self._closing = False
        self._ended.connect(self._deliver)
        self._thread = Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def submit(
        self,
        job: Callable[[], Any],
        on_success: Callable[[Any], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Run `job` on the other thread, then one of the two others on the GUI thread."""
        with self._changed:
            self._waiting.append(_Job(job, on_success, on_failure))
            self._undelivered.append(self._waiting[-1])
            self._changed.notify()

    def stop(self) -> None:
        """Take no more jobs; the thread ends when all are done."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    @property
    def has_ended(self) -> bool:
        """Whether all jobs are done, after `stop`."""
        return not self._thread.is_alive()

    def join(self) -> None:
        """Wait until all jobs are done. Their last results are no longer delivered."""
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                job = self._waiting.popleft()
            try:
                job.receiver, job.result = job.on_success, job.run()
            except Exception as error:  # noqa: BLE001 - handed to the GUI thread as a value
                job.receiver, job.result = job.on_failure, error
            del job  # before the GUI thread can have let go of it
            self._ended.emit()

    @Slot()
    def _deliver(self) -> None:
        job = self._undelivered.popleft()
        assert job.receiver is not None
        job.receiver(job.result)


class Loader(QObject):
    """Loads what is wanted now on a few threads; what is no longer wanted and not begun is dropped.

    The threads start with the first wish: most loaders of a window never get one.

    Signals:
        loaded: A wish and what came of it: what `load` returned, or the exception that it raised.
    """

    loaded = Signal(object, object)

    def __init__(
        self, load: Callable[[Any], Any], *, threads: int, name: str, parent: QObject | None = None
    ) -> None:
        """Prepare; no thread is started.

        Args:
            load: Called with a wish on one of the threads; must not touch widgets or pixmaps.
            threads: How many.
            name: Of the threads, for debugging.
            parent: Owner.
        """
        super().__init__(parent)
        self._load = load
        self._count, self._name = threads, name
        self._wishes: list[Any] = []
        self._in_hand: set[Any] = set()
        self._changed = Condition()
        self._closing = False
        self._threads: list[Thread] = []

    def want(self, wishes: Iterable[Any]) -> None:
        """Want these, in this order, and nothing else any more. Wishes must be hashable."""
        with self._changed:
            self._wishes = [wish for wish in reversed(list(wishes)) if wish not in self._in_hand]
            self._changed.notify_all()
            if self._wishes and not self._threads and not self._closing:
                self._start()

    def _start(self) -> None:
        self._threads = [
            Thread(target=self._work, name=f"{self._name}-{number}", daemon=True)
            for number in range(self._count)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Drop all wishes; the threads end as soon as what they hold is loaded."""
        with self._changed:
            self._wishes.clear()
            self._closing = True
            self._changed.notify_all()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `stop`."""
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wishes or self._closing)
                if self._closing:
                    return
                wish = self._wishes.pop()
                self._in_hand.add(wish)
            try:
                result = self._load(wish)
            except Exception as error:  # noqa: BLE001 - handed to the GUI thread as a value
                result = error
            with self._changed:
                self._in_hand.discard(wish)
            self.loaded.emit(wish, result)
            del result  # a picture must not live until the next wish
