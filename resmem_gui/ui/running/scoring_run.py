"""Leads a run through its two threads: one looks scores up, the other holds the network."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.records import Provenance, readable
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Outcome, Request
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.scoring.sensitivity import FramingRequest
from resmem_gui.ui.running.measuring_run import MeasuringRun
from resmem_gui.ui.running.run import Run, RunState
from resmem_gui.ui.threads.framing_turns import FramingBatch
from resmem_gui.ui.threads.recall_worker import Recalled, RecallWorker
from resmem_gui.ui.threads.scoring_worker import LoadedScorer, ScoredBatch, ScoringWorker
from resmem_gui.ui.threads.started import started_thread
from resmem_gui.ui.window.status_line import RunProgress

_STATES = {RunState.LOADING: "Loading ResMem", RunState.SCORING: "Scoring", RunState.PAUSED: "Paused"}
_MEASURING_STATES = _STATES | {RunState.SCORING: "Sensitivity", RunState.PAUSED: "Sensitivity, paused"}


class ScoringRun(QObject):
    """Gets each image its outcome: from the store, or else from the network. Sensitivities likewise.

    Lives on the GUI thread. A run is one pass of scoring; its number travels with every batch, and batches of
    a run that was stopped are dropped. Sensitivities are measured in runs of their own, while there is
    nothing to score; pausing and stopping goes for both.

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
        self._run = Run()
        self._measuring = MeasuringRun()
        self._preprocessing = Preprocessing()
        self._current = ""
        self._device_label = ""
        self._seconds_per_image: float | None = None
        self._start_recall_thread(create_scorer, give_way)
        self._start_scoring_thread(create_scorer, device, thumbnail_edge)

    def _start_recall_thread(self, create: Callable[[], Scorer], give_way: Callable[[], None]) -> None:
        self._recall_worker = RecallWorker(create, self.memory, give_way)
        self._recall_thread = started_thread("recall", self._recall_worker, self)
        self._look_up.connect(self._recall_worker.look_up)
        self._recall_worker.recalled.connect(self._recalled)

    def _start_scoring_thread(self, create: Callable[[], Scorer], device: str, edge: int) -> None:
        self._scoring_worker = ScoringWorker(create, device, self.memory, edge)
        self._scoring_thread = started_thread("scoring", self._scoring_worker, self)
        self._submit.connect(self._scoring_worker.submit)
        self._measure.connect(self._scoring_worker.measure)
        self._pause.connect(self._scoring_worker.set_paused)
        self._cancel.connect(self._scoring_worker.cancel)
        self._withdraw.connect(self._scoring_worker.withdraw)
        self._set_preprocessing.connect(self._scoring_worker.set_preprocessing)
        self._shut_down.connect(self._scoring_worker.shut_down)
        self._scoring_worker.loading.connect(self._loading)
        self._scoring_worker.loaded.connect(self._loaded)
        self._scoring_worker.device_lost.connect(self.device_lost)
        self._scoring_worker.load_failed.connect(self._load_failed)
        self._scoring_worker.scored.connect(self._scored)
        self._scoring_worker.measured.connect(self._measured)
        self._scoring_worker.measuring_failed.connect(self._measuring_failed)

    @property
    def state(self) -> RunState:
        """What is going on. Scoring goes before measuring."""
        return self._leading.state

    @property
    def _leading(self) -> Run:
        return self._measuring if self._run.state is RunState.IDLE else self._run

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
        run = self._leading
        states = _MEASURING_STATES if run is self._measuring else _STATES
        return RunProgress(
            state=states[run.state],
            done=run.done,
            total=run.total,
            rate=run.progress.rate,
            seconds_left=run.progress.seconds_left(run.remaining),
            current=readable(self._current),
            device=self._device_label,
            busy=run.state is RunState.LOADING,
        )

    # Steering

    def score(self, requests: Sequence[Request]) -> bool:
        """Take images into the run under way or a new one; return whether any is new."""
        before, begins = self.state, self._run.state is RunState.IDLE
        new = set(self._run.add([request.image_id for request in requests]))
        if not new:
            return False
        if begins:
            self._begin(self._run, before)
        wanted = [request for request in requests if request.image_id in new]
        self._look_up.emit(self._run.number, wanted, self._preprocessing)
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
        self._measure.emit(self._measuring.number, new)
        self.state_changed.emit()
        return True

    def _begin(self, run: Run, before: RunState) -> None:
        """Begin a run: held if the other one is."""
        if before is RunState.PAUSED:
            run.set_paused(paused=True)
        elif before is RunState.IDLE:
            self._current = ""
            self._pause.emit(False)  # the last run may have ended while it was paused
        self._share_the_network()

    def _share_the_network(self) -> None:
        self._measuring.let_scoring_go_first(scoring=self._run.state is not RunState.IDLE)

    def withdraw(self, image_ids: Sequence[int]) -> None:
        """Take images out of the run."""
        under_way = {*self._run.withdraw(image_ids), *self._measuring.withdraw(image_ids)}
        self._withdraw.emit(under_way)
        self._share_the_network()

    def stop(self) -> None:
        """End what is under way after the batch in the network; outcomes stay."""
        self._recall_worker.cancel(self._run.number)
        self._run.stop()
        self._measuring.stop()
        self._cancel.emit()

    def choose_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe for what is scored from now on; the run under way ends."""
        self._preprocessing = preprocessing
        self.stop()
        self._set_preprocessing.emit(preprocessing)

    def pause(self) -> None:
        """Hold after the batch under way."""
        if self.state in (RunState.SCORING, RunState.LOADING):
            self._pause.emit(True)
            self._set_paused(paused=True)
            self.state_changed.emit()

    def resume(self) -> None:
        """Go on after a pause."""
        if self.state is RunState.PAUSED:
            self._pause.emit(False)
            self._set_paused(paused=False)
            self._share_the_network()
            self.state_changed.emit()

    def _set_paused(self, *, paused: bool) -> None:
        for run in (self._run, self._measuring):
            if run.state is not RunState.IDLE:
                run.set_paused(paused=paused)

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
            self._submit.emit(self._run.number, unknown)
        self._hand_over(found, batch.made_by)

    # From the scoring thread

    def _set_loading(self, *, loading: bool) -> None:
        for run in (self._run, self._measuring):
            run.set_loading(loading=loading)
        self._share_the_network()

    @Slot()
    def _loading(self) -> None:
        self._set_loading(loading=True)
        self.state_changed.emit()

    @Slot(object)
    def _loaded(self, scorer: LoadedScorer) -> None:
        self._device_label = scorer.device_label
        self._set_loading(loading=False)
        self.state_changed.emit()

    @Slot(int, str)
    def _load_failed(self, run: int, reason: str) -> None:
        self._set_loading(loading=False)
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
            self._hand_over([by_id[image_id] for image_id in by_id if image_id in taken], batch.provenance)

    def _hand_over(self, outcomes: Sequence[Outcome], made_by: Provenance) -> None:
        if outcomes:
            self.outcomes.emit(outcomes, made_by)
            if self._run.state is RunState.IDLE:
                self._share_the_network()
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
        self._shut_down.emit()
        self._recall_thread.quit()

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `shut_down`."""
        # Not QThread.wait: PySide6 holds Python's lock in it, which the threads need in order to end.
        return self._recall_thread.isFinished() and self._scoring_thread.isFinished()
