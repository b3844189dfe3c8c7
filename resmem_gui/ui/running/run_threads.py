"""The two threads of a run: one looks scores up, the other holds the network."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QObject, Signal

from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.scoring.sensitivity import FramingRequest
from resmem_gui.ui.threads.recall_worker import RecallWorker
from resmem_gui.ui.threads.scoring_worker import ScoringWorker
from resmem_gui.ui.threads.started import started_thread


class RunThreads(QObject):
    """Hands work to the workers on their threads, and back what they tell.

    Lives on the GUI thread; its methods return at once. Of runs it knows only the number that work and
    answers carry.

    Signals:
        recalled: What is known of some images (`Recalled`).
        loading: The scorer is being loaded.
        loaded: It is ready (`LoadedScorer`).
        device_lost: The GPU failed, and the CPU takes over (a sentence).
        load_failed: The scorer cannot be loaded: the run that asked for it, and why, as a sentence.
        scored: Some outcomes (`ScoredBatch`).
        measured: Sensitivities of some images (`FramingBatch`).
        measuring_failed: The scorer cannot be loaded: the measuring that asked for it, and why.
    """

    recalled = Signal(object)
    loading = Signal()
    loaded = Signal(object)
    device_lost = Signal(str)
    load_failed = Signal(int, str)
    scored = Signal(object)
    measured = Signal(object)
    measuring_failed = Signal(int, str)

    # Emitted here, received on the threads.
    _look_up = Signal(int, object, object)
    _submit = Signal(int, object)
    _measure = Signal(int, object)
    _pause = Signal(bool)
    _cancel = Signal()
    _withdraw = Signal(object)
    _set_preprocessing = Signal(object)
    _shut_down = Signal()

    def __init__(
        self,
        create: Callable[[], Scorer],
        device: str,
        memory: ScoreMemory,
        thumbnail_edge: int,
        give_way: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Start the threads; no scorer is loaded before there is something to score.

        Args:
            create: Makes a scorer; called on both threads.
            device: One of "auto", "cpu", "cuda", "mps".
            memory: Where scores are looked up and kept.
            thumbnail_edge: Side of the thumbnails that come along with scores, in pixels.
            give_way: Called often on the thread that looks scores up: waits while others should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self._recall_worker = RecallWorker(create, memory, give_way)
        self._recall_thread = started_thread("recall", self._recall_worker, self)
        self._scoring_worker = ScoringWorker(create, device, memory, thumbnail_edge)
        self._scoring_thread = started_thread("scoring", self._scoring_worker, self)
        self._connect_commands()
        self._connect_answers()

    def _connect_commands(self) -> None:
        self._look_up.connect(self._recall_worker.look_up)
        worker = self._scoring_worker
        self._submit.connect(worker.submit)
        self._measure.connect(worker.measure)
        self._pause.connect(worker.set_paused)
        self._cancel.connect(worker.cancel)
        self._withdraw.connect(worker.withdraw)
        self._set_preprocessing.connect(worker.set_preprocessing)
        self._shut_down.connect(worker.shut_down)

    def _connect_answers(self) -> None:
        self._recall_worker.recalled.connect(self.recalled)
        worker = self._scoring_worker
        worker.loading.connect(self.loading)
        worker.loaded.connect(self.loaded)
        worker.device_lost.connect(self.device_lost)
        worker.load_failed.connect(self.load_failed)
        worker.scored.connect(self.scored)
        worker.measured.connect(self.measured)
        worker.measuring_failed.connect(self.measuring_failed)

    def look_up(self, run: int, requests: Sequence[Request], preprocessing: Preprocessing) -> None:
        """Ask which scores are known from before."""
        self._look_up.emit(run, requests, preprocessing)

    def score(self, run: int, requests: Sequence[Request]) -> None:
        """Have images scored."""
        self._submit.emit(run, requests)

    def measure(self, run: int, requests: Sequence[FramingRequest]) -> None:
        """Have the sensitivity of images measured, while there is nothing to score."""
        self._measure.emit(run, requests)

    def set_paused(self, *, paused: bool) -> None:
        """Hold the network after the batch under way, or let it go on."""
        self._pause.emit(paused)

    def withdraw(self, image_ids: Collection[int]) -> None:
        """Drop images, as far as they are pending."""
        self._withdraw.emit(image_ids)

    def cancel(self, run: int) -> None:
        """Drop all that is pending; look up no more for runs up to this one."""
        self._recall_worker.cancel(run)
        self._cancel.emit()

    def set_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe that images are prepared by; after `cancel`."""
        self._set_preprocessing.emit(preprocessing)

    def shut_down(self) -> None:
        """Take no more work; the threads end as soon as they can."""
        self._shut_down.emit()
        self._recall_thread.quit()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `shut_down`."""
        # Not QThread.wait: PySide6 holds Python's lock in it, which the threads need in order to end.
        return self._recall_thread.isFinished() and self._scoring_thread.isFinished()
