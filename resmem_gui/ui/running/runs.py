"""Which images are scored and measured, and what is told when that is over or fails."""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance, Status
from resmem_gui.measuring import framing_requests
from resmem_gui.scoring.framings import FramingRecipe
from resmem_gui.scoring.pipeline import Outcome
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.sensitivity import FramingOutcome
from resmem_gui.ui import wording
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.running.measuring_run import MeasuringEnd
from resmem_gui.ui.running.scoring_run import ScoringRun
from resmem_gui.ui.shown_library import ShownLibrary


class Runs(QObject):
    """Has the images of the library scored and measured, and notes what comes of it there.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        changed: Something is under way that was not, or the other way round.
        went_on: Some images have their outcome or their sensitivity.
        ended: All images have their outcome.
        measuring_ended: No sensitivity is being measured any more (`MeasuringEnd`).
    """

    notice = Signal(object)
    notice_over = Signal(str)
    changed = Signal()
    went_on = Signal()
    ended = Signal()
    measuring_ended = Signal(object)

    def __init__(self, scoring: ScoringRun, shown: ShownLibrary, parent: QObject | None = None) -> None:
        """Follow the threads.

        Args:
            scoring: Leads them.
            shown: Where outcomes go.
            parent: Owner.
        """
        super().__init__(parent)
        self._scoring = scoring
        self._shown = shown
        self._scorer_failed = False
        self._to_measure: list[tuple[Sequence[int], FramingRecipe]] = []
        scoring.outcomes.connect(self._take_outcomes)
        scoring.ended.connect(self._run_ended)
        scoring.framings.connect(self._take_framings)
        scoring.measuring_ended.connect(self._measuring_ended)
        scoring.state_changed.connect(self.changed)
        scoring.load_failed.connect(self._load_failed)
        scoring.device_lost.connect(self._tell_device_lost)
        scoring.memory_failed.connect(self._tell_memory_failed)

    @property
    def library(self) -> Library:
        """Whose images are scored and measured."""
        return self._shown.library

    # Scoring

    def score(self, image_ids: Iterable[int], *, have_changed: bool = False) -> None:
        """Have images looked up and scored, in the run under way or a new one.

        Args:
            image_ids: Those under way stay so, unless their files have moved or changed.
            have_changed: Whether they have changed.
        """
        if self._scoring.score(self._shown.requests(image_ids), have_changed=have_changed):
            self.notice_over.emit("cancelled")
            self.notice_over.emit("load")
            self.changed.emit()

    def score_new(self, image_ids: Sequence[int]) -> None:
        """Have images scored that came in, unless nobody has mended what the scorer failed on."""
        if image_ids and not self._scorer_failed:
            self.score(image_ids)

    def score_waiting(self) -> None:
        """Score the images that have no outcome."""
        self._scorer_failed = False
        self.score(self._shown.waiting_ids())

    def retry_failed(self) -> None:
        """Score the images that failed once more."""
        library = self._shown.library
        failed = library.with_status(Status.FAILED)
        self._forget_outcomes(failed.tolist())
        self._shown.thumbnails.forget(failed.tolist())
        self.score_waiting()
        self.score(failed[library.missing[failed]].tolist())  # their files may be there again

    def look_again(self, image_ids: Collection[int]) -> None:
        """Score images again whose files have changed."""
        library = self._shown.library
        present = [image_id for image_id in image_ids if library.present[image_id]]
        if present:
            self._forget_outcomes(present)
            self._shown.thumbnails.forget(present)
            self.score(present, have_changed=True)

    def set_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe that images are prepared by, and score all of them that way."""
        if preprocessing == self._scoring.preprocessing:
            return
        self.choose_preprocessing(preprocessing)
        self._forget_outcomes(self._shown.library.present_ids().tolist())
        self.score_waiting()

    def choose_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe for what is scored from now on."""
        self._scoring.choose_preprocessing(preprocessing)
        self.changed.emit()

    def _forget_outcomes(self, image_ids: Sequence[int]) -> None:
        self.notice_over.emit("failed")
        self._shown.forget_outcomes(image_ids)

    def pause(self) -> None:
        """Hold after the batch under way."""
        self._scoring.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._scoring.resume()

    def stop(self) -> None:
        """End what is under way; outcomes stay."""
        self._to_measure.clear()
        self._scoring.stop()
        self.changed.emit()

    def tell_cancelled(self) -> None:
        """Tell which images were left without a score, if any were."""
        waiting = self._shown.library.count(Status.WAITING)
        if waiting:
            images = wording.count_text(waiting, "image")
            text = f"Cancelled. {images} without a score; the scores so far stay."
            self.notice.emit(Notice("cancelled", Level.INFO, text, "Score the Rest", self.score_waiting))

    # Measuring

    def measure_sensitivity(self, image_ids: Sequence[int], recipe: FramingRecipe) -> None:
        """Have the scores of images measured over ways of framing them, after what is to be scored."""
        self.notice_over.emit("sensitivity")
        if self._scoring.measure_sensitivity(framing_requests(self._shown.library, image_ids, recipe)):
            self.notice_over.emit("load")
            self._to_measure.append((image_ids, recipe))

    def seconds_to_measure(self, framings: int) -> float | None:
        """Return how long so many framings would take; None while nobody knows."""
        return self._scoring.seconds_to_measure(framings)

    # What comes of it

    @Slot(object, object)
    def _take_outcomes(self, outcomes: Sequence[Outcome], made_by: Provenance) -> None:
        self._shown.take_outcomes(outcomes, made_by)
        self.went_on.emit()

    @Slot()
    def _run_ended(self) -> None:
        """Put all in order when the last outcome is there."""
        self._shown.order.run_ended()
        self.changed.emit()
        self.ended.emit()
        failed = self._shown.library.count(Status.FAILED)
        if failed:
            text = f"{wording.count_text(failed, 'image')} could not be scored; the table says why."
            self.notice.emit(Notice("failed", Level.WARNING, text, "Try Again", self.retry_failed))

    @Slot(object)
    def _take_framings(self, outcomes: Sequence[FramingOutcome]) -> None:
        self._shown.take_framings(outcomes)
        self.went_on.emit()

    @Slot(object)
    def _measuring_ended(self, end: MeasuringEnd) -> None:
        self._to_measure.clear()
        self.changed.emit()
        self.measuring_ended.emit(end)

    # What goes wrong

    @Slot(str)
    def _load_failed(self, reason: str) -> None:
        self._scorer_failed = True
        self.notice.emit(Notice("load", Level.ERROR, reason, "Try Again", self._try_again))

    def _try_again(self) -> None:
        """Do what could not be done without the scorer."""
        asked, self._to_measure = self._to_measure, []
        self.score_waiting()
        for image_ids, recipe in asked:
            self.measure_sensitivity(image_ids, recipe)

    @Slot(str)
    def _tell_device_lost(self, sentence: str) -> None:
        self.notice.emit(Notice("device", Level.WARNING, sentence))

    @Slot(str)
    def _tell_memory_failed(self, sentence: str) -> None:
        text = f"{sentence} Save a session or export them."
        self.notice.emit(Notice("store", Level.WARNING, text))
