"""Leads runs: which images get their score or their sensitivity next, and what has come of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.records import Provenance, readable
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Outcome, Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.scoring.sensitivity import FramingRequest
from resmem_gui.ui.running.run import Run, RunState
from resmem_gui.ui.running.run_progress import RunProgress
from resmem_gui.ui.running.run_threads import RunThreads
from resmem_gui.ui.running.score_origins import ScoreOrigins
from resmem_gui.ui.running.shared_network import SharedNetwork
from resmem_gui.ui.threads.framing_turns import FramingBatch
from resmem_gui.ui.threads.recall_worker import Recalled
from resmem_gui.ui.threads.scoring_worker import LoadedScorer, ScoredBatch


class ScoringRun(QObject):
    """Gets each image its outcome: from the store, or else from the network. Sensitivities likewise.

    Lives on the GUI thread. A run is one pass of scoring; its number travels with every batch, and batches of
    a run that was stopped are dropped. Sensitivities are measured in runs of their own, while there is
    nothing to score; pausing and stopping goes for both.

    Attributes:
        memory: The scores of all runs.
        origins: Where the scores in the window come from.

    Signals:
        outcomes: Some images have theirs (list of `Outcome`, and the `Provenance` of the scores).
        ended: All images have theirs.
        framings: Some images were measured, or could not be (list of `FramingOutcome`).
        measuring_ended: All that were to be measured are (`MeasuringEnd`).
        state_changed: The `RunState` may be another.
        load_failed: The scorer cannot be loaded (why, as a sentence); the run is over.
        device_lost: The GPU failed, and the CPU takes over (a sentence).
        memory_failed: Scores cannot be kept (why, as a sentence).
    """

    outcomes = Signal(object, object)
    ended = Signal()
    framings = Signal(object)
    measuring_ended = Signal(object)
    state_changed = Signal()
    load_failed = Signal(str)
    device_lost = Signal(str)
    memory_failed = Signal(str)

    def __init__(
        self,
        create_scorer: Callable[[], Scorer],
        device: str,
        store: Path | None,
        thumbnail_edge: int,
        give_way: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Start the threads; no scorer is loaded before there is something to score.

        Args:
            create_scorer: Called on both threads.
            device: One of "auto", "cpu", "cuda", "mps".
            store: The file that scores are kept in; None to keep them in memory only.
            thumbnail_edge: Side of the thumbnails that come along with scores, in pixels.
            give_way: Called often on the thread that looks scores up: waits while others should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self.memory = ScoreMemory(store, self.memory_failed.emit)
        self.origins = ScoreOrigins()
        self._network = SharedNetwork()
        self._run, self._measuring = self._network.scoring, self._network.measuring
        self._preprocessing = Preprocessing()
        self._current = ""
        self._device_label = ""
        self._seconds_per_image: float | None = None
        self._threads = RunThreads(create_scorer, device, self.memory, thumbnail_edge, give_way, self)
        self._follow_threads()

    def _follow_threads(self) -> None:
        threads = self._threads
        threads.recalled.connect(self._recalled)
        threads.loading.connect(self._loading)
        threads.loaded.connect(self._loaded)
        threads.device_lost.connect(self.device_lost)
        threads.load_failed.connect(self._load_failed)
        threads.scored.connect(self._scored)
        threads.measured.connect(self._measured)
        threads.measuring_failed.connect(self._measuring_failed)

    @property
    def state(self) -> RunState:
        """What is going on. Scoring goes before measuring."""
        return self._network.state

    @property
    def is_measuring(self) -> bool:
        """Whether there are sensitivities to be measured, be it now or after scoring."""
        return self._measuring.state is not RunState.IDLE

    def seconds_to_measure(self, framings: int) -> float | None:
        """Return how long so many framings will take at the speed of late; None before that is known."""
        seconds = self._measuring.seconds_per_framing or self._seconds_per_image
        return None if seconds is None else framings * seconds

    @property
    def preprocessing(self) -> Preprocessing:
        """The recipe that images are prepared by."""
        return self._preprocessing

    @property
    def device_label(self) -> str:
        """Where the network runs, in words; empty before it is loaded."""
        return self._device_label

    def progress(self) -> RunProgress:
        """Return how far the run under way is."""
        current, device = readable(self._current), self._device_label
        return replace(self._network.progress(), current=current, device=device)

    # Steering

    def score(self, requests: Sequence[Request]) -> bool:
        """Take images into the run under way or a new one; return whether any is new."""
        before, begins = self.state, self._run.state is RunState.IDLE
        new = set(self._run.add([request.image_id for request in requests]))
        if not new:
            return False
        self.origins.run_began()
        if begins:
            self._network.is_looking_up = True
            self._begin(self._run, before)
        wanted = [request for request in requests if request.image_id in new]
        self._threads.look_up(self._run.number, wanted, self._preprocessing)
        return True

    def measure_sensitivity(self, requests: Sequence[FramingRequest]) -> bool:
        """Take images into the measuring under way or a new one; return whether any is new.

        An image is measured once in a run, by the recipe that was asked for first.
        """
        before, begins = self.state, not self.is_measuring
        new = self._measuring.add_requests(requests)
        if not new:
            return False
        if begins:
            self._begin(self._measuring, before)
        self._threads.measure(self._measuring.number, new)
        self.state_changed.emit()
        return True

    def _begin(self, run: Run, before: RunState) -> None:
        if before is RunState.IDLE:
            self._current = ""
            self._threads.set_paused(paused=False)  # the last run may have ended while it was paused
        self._network.begin(run, before)

    def withdraw(self, image_ids: Sequence[int]) -> None:
        """Take images out of the run."""
        self._threads.withdraw(self._network.withdraw(image_ids))

    def stop(self) -> None:
        """End what is under way after the batch in the network; outcomes stay."""
        self._threads.cancel(self._run.number)
        self._network.stop()

    def forget_origins(self) -> None:
        """Begin anew with an empty library."""
        self.origins = ScoreOrigins()

    def choose_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe for what is scored from now on; the run under way ends."""
        self._preprocessing = preprocessing
        self.stop()
        self._threads.set_preprocessing(preprocessing)

    def pause(self) -> None:
        """Hold after the batch under way."""
        if self.state in (RunState.SCORING, RunState.LOADING):
            self._threads.set_paused(paused=True)
            self._network.set_paused(paused=True)
            self.state_changed.emit()

    def resume(self) -> None:
        """Go on after a pause."""
        if self.state is RunState.PAUSED:
            self._threads.set_paused(paused=False)
            self._network.set_paused(paused=False)
            self.state_changed.emit()

    # From the thread that looks scores up

    @Slot(object)
    def _recalled(self, batch: Recalled) -> None:
        """Hand over what is known, and have the rest scored."""
        if batch.run != self._run.number:
            return
        wanted = set(self._run.withdraw([scored.request.image_id for scored in batch.found]))
        found = [scored for scored in batch.found if scored.request.image_id in wanted]
        unknown = [request for request in batch.unknown if self._run.is_under_way(request.image_id)]
        if unknown:
            self._network.is_looking_up = False
            self._threads.score(self._run.number, unknown)
        self._hand_over(found, batch.made_by, recalled=True)

    # From the scoring thread

    @Slot()
    def _loading(self) -> None:
        self._network.set_loading(loading=True)
        self.state_changed.emit()

    @Slot(object)
    def _loaded(self, scorer: LoadedScorer) -> None:
        self._device_label = scorer.device_label
        self._network.set_loading(loading=False)
        self.state_changed.emit()

    @Slot(int, str)
    def _load_failed(self, run: int, reason: str) -> None:
        self._network.set_loading(loading=False)
        if run == self._run.number:
            self._run.stop()
            self.load_failed.emit(reason)
        self.state_changed.emit()

    @Slot(object)
    def _scored(self, batch: ScoredBatch) -> None:
        taken = self._run.take(batch.run, (outcome.request.image_id for outcome in batch.outcomes))
        if taken:
            rate = self._run.progress.rate
            self._seconds_per_image = 1 / rate if rate else self._seconds_per_image
            self._current = Path(batch.current).name if batch.current else ""
            # Withdrawn and taken in again while its batch was under way, an image has two outcomes.
            by_id = {outcome.request.image_id: outcome for outcome in batch.outcomes}
            outcomes = [outcome for image_id, outcome in by_id.items() if image_id in taken]
            self._hand_over(outcomes, batch.provenance, recalled=False)

    def _hand_over(self, outcomes: Sequence[Outcome], made_by: Provenance, *, recalled: bool) -> None:
        if outcomes:
            self.origins.note(outcomes, made_by, recalled=recalled)
            self.outcomes.emit(outcomes, made_by)
            if self._run.state is RunState.IDLE:
                self.origins.run_ended()
                self._network.share()
                self.ended.emit()

    @Slot(object)
    def _measured(self, batch: FramingBatch) -> None:
        outcomes = self._measuring.take_batch(batch)
        if not outcomes:
            return
        if not batch.is_known:
            self._current = Path(batch.current).name if batch.current else ""
        self.framings.emit(outcomes)
        if not self.is_measuring:
            self.measuring_ended.emit(self._measuring.end())

    @Slot(int, str)
    def _measuring_failed(self, run: int, reason: str) -> None:
        if run == self._measuring.number and self.is_measuring:
            self._measuring.stop()
            self.load_failed.emit(reason)
            self.state_changed.emit()

    # End

    def shut_down(self) -> None:
        """Take no more work; the threads end as soon as they can."""
        self.stop()
        self._threads.shut_down()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `shut_down`."""
        return self._threads.has_ended
