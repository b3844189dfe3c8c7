"""The worker that holds the network, on a thread of its own."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resmem_gui.library.records import Provenance
from resmem_gui.outcomes import provenance_of
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.cores import NETWORK_PRIORITY, give_way
from resmem_gui.scoring.pipeline import KnownScore, Outcome, Pipeline, Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import DeviceLostError, Scorer, ScorerError, device_lost_sentence, load_scorer
from resmem_gui.scoring.sensitivity import FramingRequest
from resmem_gui.ui.threads.framing_turns import FramingBatch, FramingTurns

_log = logging.getLogger(__name__)

#: Outcomes are collected this long before they cross to the GUI thread: a fast GPU must not flood it.
_COLLECT_S: Final = 0.15
#: For so long a batch may wait for its images before pause and cancel are looked at.
_PATIENCE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class LoadedScorer:
    """What the window needs to know of the scorer in the other thread."""

    device_label: str


@dataclass(frozen=True, slots=True)
class ScoredBatch:
    """Outcomes on their way to the window.

    Attributes:
        run: The run they belong to; the window drops those of an old one.
        provenance: What produced the scores.
        current: The path of the image that comes next; empty at the end.
    """

    run: int
    outcomes: list[Outcome]
    provenance: Provenance
    current: str


class ScoringWorker(QObject):
    """Loads the scorer when there is first something to score, then scores a batch an event-loop turn.

    Where there is nothing to score, it measures the sensitivity of an image a turn, if that is asked for.
    Between two turns the thread's event loop delivers the slots below, so pause, cancel and more images
    take effect within one batch, without locks.

    Signals:
        loading: The scorer is being loaded.
        loaded: It is ready (`LoadedScorer`).
        device_lost: The GPU stopped working and the scorer is loaded on the CPU: a sentence that says so.
        load_failed: It is not: the run that asked for it, which is dropped, and why, as a sentence.
        scored: Some outcomes (`ScoredBatch`).
        measured: Sensitivities of some images (`FramingBatch`).
        measuring_failed: The scorer cannot be loaded: the measuring that asked for it, which is dropped, and
            why, as a sentence.
    """

    loading = Signal()
    loaded = Signal(object)
    device_lost = Signal(str)
    load_failed = Signal(int, str)
    scored = Signal(object)
    measured = Signal(object)
    measuring_failed = Signal(int, str)

    def __init__(
        self, create: Callable[[], Scorer], device: str, memory: ScoreMemory, thumbnail_edge: int
    ) -> None:
        """Make the worker; move it to its thread before any slot is called.

        Args:
            create: Makes the scorer, on the worker's thread.
            device: One of "auto", "cpu", "cuda", "mps".
            memory: Where scores are kept as soon as they are there, and looked up by content.
            thumbnail_edge: Side of the thumbnails that come along with the scores, in pixels.
        """
        super().__init__()
        self._create = create
        self._device = device
        self._memory = memory
        self._thumbnail_edge = thumbnail_edge
        self._preprocessing = Preprocessing()
        self._paused = False
        self._scorer: Scorer | None = None
        self._pipeline: Pipeline | None = None
        self._run = 0
        self._failed_run = 0
        self._collected: list[Outcome] = []
        self._collected_since = 0.0
        self._framings = FramingTurns(memory, self._tell_measured)
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._step)

    @Slot(int, object)
    def submit(self, run: int, requests: list[Request]) -> None:
        """Add images to a run."""
        if run == self._failed_run:
            return  # one failure is enough; a person may begin another run
        self._run = run
        if self._pipeline is None and not self._load():
            return
        assert self._pipeline is not None
        self._framings.hand_over()  # their turn comes again when all are scored
        self._pipeline.submit(requests)
        self._go_on()

    @Slot(int, object)
    def measure(self, run: int, requests: list[FramingRequest]) -> None:
        """Add images whose sensitivity is to be measured. Without any that is not known nothing is loaded."""
        if self._succeeds(lambda: self._framings.submit(run, requests, self._made_by())):
            self._prepare_to_measure()

    def _prepare_to_measure(self) -> None:
        if self._framings.pending and (self._pipeline is not None or self._load()):
            self._go_on()

    @Slot(bool)
    def set_paused(self, paused: bool) -> None:
        """Hold or go on."""
        self._paused = paused
        if paused:
            self._turn.stop()
            self._hand_over()
            self._framings.hand_over()
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Take turns, if there is anything to do and a person has not paused it."""
        if self._pipeline is not None and self._pending and not self._paused:
            self._turn.start()

    @property
    def _pending(self) -> int:
        of_scoring = self._pipeline.pending if self._pipeline is not None else 0
        return of_scoring + self._framings.pending

    @Slot()
    def cancel(self) -> None:
        """Drop all that is pending."""
        self._turn.stop()
        self._collected.clear()
        self._framings.cancel()
        if self._pipeline is not None:
            self._pipeline.cancel()

    @Slot(object)
    def withdraw(self, image_ids: set[int]) -> None:
        """Drop these images, as far as they are pending."""
        self._framings.withdraw(image_ids)
        if self._pipeline is not None:
            self._pipeline.withdraw(image_ids)

    @Slot(object)
    def set_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe that images are prepared by; after `cancel`."""
        self._preprocessing = preprocessing
        if self._scorer is not None:
            self._scorer.preprocessing = preprocessing

    @Slot()
    def shut_down(self) -> None:
        """Stop taking work, free the network and end the thread."""
        self._drop_scorer()
        self.thread().quit()

    def _drop_scorer(self) -> None:
        self._turn.stop()
        self._framings.close()
        if self._pipeline is not None:
            self._pipeline.close()
        self._pipeline = self._scorer = None

    def _load(self) -> bool:
        self.loading.emit()
        give_way(NETWORK_PRIORITY)
        if not self._succeeds(self._make_scorer):
            return False
        assert self._scorer is not None
        self._pipeline = Pipeline(self._scorer, thumbnail_edge=self._thumbnail_edge, recall=self._recall)
        self.loaded.emit(LoadedScorer(self._scorer.device_label))
        return True

    def _make_scorer(self) -> None:
        scorer = self._create()
        scorer.preprocessing = self._preprocessing
        load_scorer(scorer, self._device, self.device_lost.emit)
        self._scorer = scorer

    def _succeeds(self, load: Callable[[], None]) -> bool:
        """Load a scorer; if it cannot be, tell why and drop the run."""
        try:
            load()
        except ScorerError as error:
            self._failed_run = self._run
            self._framings.cancel()
            self.measuring_failed.emit(self._framings.run, str(error))
            self.load_failed.emit(self._run, str(error))
            return False
        return True

    def _made_by(self) -> Provenance:
        """Return what scores are produced by, whether or not the scorer is loaded."""
        scorer = self._scorer or self._create()
        scorer.preprocessing = self._preprocessing
        return provenance_of(scorer)

    def _recall(self, sha256s: Sequence[str]) -> dict[str, KnownScore]:
        assert self._scorer is not None
        return self._memory.recall(sha256s, provenance_of(self._scorer))

    @Slot()
    def _step(self) -> None:
        assert self._pipeline is not None
        assert self._scorer is not None
        try:
            if self._pipeline.pending or self._collected:  # the last ones may have been withdrawn
                self._score()
            else:
                self._framings.step(self._scorer, _PATIENCE_S)
        except DeviceLostError as error:
            self._fall_back(error)
        if not self._pending:
            self._turn.stop()

    def _score(self) -> None:
        assert self._pipeline is not None
        assert self._scorer is not None
        if not self._collected:
            self._collected_since = time.monotonic()
        outcomes = self._pipeline.step(_PATIENCE_S)
        self._memory.keep(outcomes, provenance_of(self._scorer))
        self._collected += outcomes
        if not self._pipeline.pending or time.monotonic() - self._collected_since >= _COLLECT_S:
            self._hand_over()

    def _fall_back(self, error: DeviceLostError) -> None:
        """Go on with the CPU."""
        assert self._pipeline is not None
        assert self._scorer is not None
        _log.error("the GPU was lost: %s", error)
        self._hand_over()  # these scores are the GPU's
        self.device_lost.emit(device_lost_sentence(self._scorer))
        self.loading.emit()
        if self._succeeds(self._pipeline.fall_back):
            self._framings.fall_back()
            self.loaded.emit(LoadedScorer(self._scorer.device_label))
        else:
            self._drop_scorer()  # the next run loads anew

    def _hand_over(self) -> None:
        if not self._collected or self._pipeline is None or self._scorer is None:
            return
        current = self._pipeline.current
        self.scored.emit(
            ScoredBatch(
                run=self._run,
                outcomes=self._collected,
                provenance=provenance_of(self._scorer),
                current=current.path if current else "",
            )
        )
        self._collected = []

    def _tell_measured(self, batch: FramingBatch) -> None:
        self.measured.emit(batch)
