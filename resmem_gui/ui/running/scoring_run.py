"""Leads runs: which images get their score or their sensitivity next, and what has come of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

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
        ended: All images have theirs, or those that had none were taken out.
        framings: Some images were measured, or could not be (list of `FramingOutcome`).
        measuring_ended: All that were to be measured are (`MeasuringEnd`), or those left were taken out.
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

    _emptied = Signal(bool, bool)

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
        self._asked: dict[int, Request] = {}
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
        # Queued: who takes images out shall have done so when he hears of it.
        self._emptied.connect(self._tell_end, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> RunState:
        """What is going on. Scoring goes before measuring."""
        return self._network.state

    @property
    def _is_scoring(self) -> bool:
        return self._run.state is not RunState.IDLE

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

    def score(self, requests: Sequence[Request], *, have_changed: bool = False) -> bool:
        """Take images into the run under way or a new one; return whether any is new.

        Args:
            requests: Of images; those that are under way stay so.
            have_changed: Whether their files are others than before. Then, and where a file is at another
                path than before, what was asked for an image goes for nothing, and it counts as new.
        """
        before = self.state
        self._drop([request.image_id for request in requests if have_changed or self._has_moved(request)])
        begins = not self._is_scoring
        new = set(self._run.add([request.image_id for request in requests]))
        if not new:
            return False
        self.origins.run_began()
        if begins:
            self._network.is_looking_up = True
            self._begin(self._run, before)
        wanted = [request for request in requests if request.image_id in new]
        self._asked |= {request.image_id: request for request in wanted}
        self._threads.look_up(self._run.number, wanted, self._preprocessing)
        return True

    def _has_moved(self, request: Request) -> bool:
        return self._run.is_under_way(request.image_id) and self._asked[request.image_id].path != request.path

    def _drop(self, image_ids: Sequence[int]) -> None:
        under_way = self._run.withdraw(image_ids)
        if under_way:
            self._threads.withdraw(set(under_way))

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
        """Take images out of the runs. A run that has no others is over; that is told soon."""
        was_scoring, was_measuring = self._is_scoring, self.is_measuring
        self._threads.withdraw(self._network.withdraw(image_ids))
        emptied = was_scoring and not self._is_scoring, was_measuring and not self.is_measuring
        if any(emptied):
            self._emptied.emit(*emptied)

    def stop(self) -> None:
        """End what is under way after the batch in the network; outcomes stay."""
        self._threads.cancel(self._run.number)
        if self._is_scoring:
            self._note_end()
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
        found = [scored for scored in batch.found if self._is_wanted(scored.request)]
        self._run.withdraw([scored.request.image_id for scored in found])
        unknown = [request for request in batch.unknown if self._is_wanted(request)]
        if unknown:
            self._network.is_looking_up = False
            self._threads.score(self._run.number, unknown)
        self._hand_over(found, batch.made_by, recalled=True)

    def _is_wanted(self, request: Request) -> bool:
        """Return whether what comes of a request is waited for.

        An image that was taken out and in again while it was under way has two, and gets two answers.
        """
        return self._run.is_under_way(request.image_id) and self._asked[request.image_id] is request

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
        if run == self._run.number and self._is_scoring:
            self._note_end()
            self._run.stop()
            self.load_failed.emit(reason)
        self.state_changed.emit()

    @Slot(object)
    def _scored(self, batch: ScoredBatch) -> None:
        outcomes = [outcome for outcome in batch.outcomes if self._is_wanted(outcome.request)]
        if self._run.take(batch.run, (outcome.request.image_id for outcome in outcomes)):
            rate = self._run.progress.rate
            self._seconds_per_image = 1 / rate if rate else self._seconds_per_image
            self._current = Path(batch.current).name if batch.current else ""
            self._hand_over(outcomes, batch.provenance, recalled=False)

    def _hand_over(self, outcomes: Sequence[Outcome], made_by: Provenance, *, recalled: bool) -> None:
        if outcomes:
            self.origins.note(outcomes, made_by, recalled=recalled)
            self.outcomes.emit(outcomes, made_by)
            self._tell_end(scoring=True, measuring=False)

    @Slot(bool, bool)
    def _tell_end(self, scoring: bool, measuring: bool) -> None:
        """Tell which of the runs that were under way are over."""
        if scoring and not self._is_scoring:
            self._note_end()
            self._network.share()
            self.ended.emit()
        if measuring and not self.is_measuring:
            self.measuring_ended.emit(self._measuring.end())

    def _note_end(self) -> None:
        self.origins.run_ended()
        self._asked.clear()

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
