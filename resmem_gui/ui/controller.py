"""Ties library, model and threads together: what the window can do, without the window."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal, Slot

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.references import References
from resmem_gui.images.traits import traits_of
from resmem_gui.library.library import Library
from resmem_gui.library.opened_session import OpenedImage
from resmem_gui.library.records import Provenance, Status
from resmem_gui.library.restoring import restore_images
from resmem_gui.measuring import framing_requests, take_framings
from resmem_gui.outcomes import record_outcomes
from resmem_gui.run_facts import RunTimes
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.framings import FramingRecipe
from resmem_gui.scoring.pipeline import Outcome, Request, Scored
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.scoring.sensitivity import FramingOutcome
from resmem_gui.ui import wording
from resmem_gui.ui.browsing.previews import load_preview
from resmem_gui.ui.exports import Exports
from resmem_gui.ui.rows.headers import Headers
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.kept_order import KeptOrder
from resmem_gui.ui.rows.near_duplicates import NearDuplicates
from resmem_gui.ui.rows.thumbnails import EDGES, Thumbnails
from resmem_gui.ui.rows.trait_reader import TraitReader
from resmem_gui.ui.running.idle_progress import idle_progress
from resmem_gui.ui.running.measuring_run import MeasuringEnd
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.running.scoring_run import ScoringRun
from resmem_gui.ui.running.walks import Walks, discovery_notices
from resmem_gui.ui.sensitivity.sentences import end_notice
from resmem_gui.ui.threads.background import Jobs, Loader
from resmem_gui.ui.threads.courtesy import Courtesy
from resmem_gui.ui.threads.discovery_worker import DiscoveryResult
from resmem_gui.ui.viewing.pictures import Pictures
from resmem_gui.ui.window.notices import Level, Notice


class Part(Protocol):
    """What has threads that must end with the controller."""

    def stop(self) -> None:
        """Begin to end them."""

    @property
    def has_ended(self) -> bool:
        """Whether they have ended."""


class Controller(QObject):
    """Owns the library and the threads that fill it.

    Lives on the GUI thread.

    Attributes:
        model: The library as rows.
        thumbnails: What rows look like.
        previews: Loads large previews.
        pictures: Loads images in full, for loupe and comparison.
        headers: Reads what files say of themselves, where that is asked for.
        histogram: Of all scores in the library.
        jobs: Runs what takes long, on a thread of its own.
        long_jobs: Runs what may take minutes and can be cancelled: copying files, printing.
        exports: Takes the scores out.
        order: Keeps the rows sorted while scores come in.
        traits: Looks at the pixels of images that nobody has looked at yet, while nothing is scored.
        near_duplicates: Finds images that are almost the same.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        progress_changed: How far the run is (`RunProgress`).
        state_changed: The `RunState` may be another, or images came or went.
        cleared: The library was emptied.
        run_ended: The last image of a run has its outcome.
        folders_changed: The folders that images come from are others.
        scores_changed: Some images have new outcomes; the histogram follows.
        measuring_ended: No sensitivity is being measured any more.
    """

    notice = Signal(object)
    notice_over = Signal(str)
    progress_changed = Signal(object)
    state_changed = Signal()
    cleared = Signal()
    run_ended = Signal()
    folders_changed = Signal()
    scores_changed = Signal()
    measuring_ended = Signal()

    def __init__(
        self,
        create_scorer: Callable[[], Scorer],
        device: str = "auto",
        *,
        store: Path | None = None,
        thumbnail_store: Path | None = None,
        references: References | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Start the threads; no scorer is made before there is something to score.

        Args:
            create_scorer: Called on the threads that look scores up and that score.
            device: One of "auto", "cpu", "cuda", "mps".
            store: The file that scores are kept in; None to keep them in memory only.
            thumbnail_store: The file that thumbnails are kept in; likewise.
            references: What percentiles can be taken from; those that ship with the program by default.
            parent: Owner.
        """
        super().__init__(parent)
        self._courtesy = Courtesy(self)
        give_way = self._courtesy.give_way
        self.thumbnails = Thumbnails(self, store=thumbnail_store, give_way=give_way)
        references = References() if references is None else references
        self.model = ImageModel(Library(), references.default, self.thumbnails, give_way, self, references)
        self.histogram = LiveHistogram()
        self.order = KeptOrder(self.model, self)
        self.pictures = Pictures(self, give_way=give_way)
        self.headers = Headers(self.model, give_way, self)
        self._scorer_failed = False
        self._times = RunTimes()
        self._to_measure: list[tuple[Sequence[int], FramingRecipe]] = []
        self._folders: list[str] = []
        self._other_threads: list[QThread] = []
        self.previews = Loader(load_preview, threads=1, name="preview", parent=self)
        self.jobs = Jobs(self)
        self.long_jobs = Jobs(self)
        self.jobs.submit(references.read, lambda _: None, _raise)
        self.exports = Exports(self.model, self.jobs, self, give_way)
        self.exports.notice.connect(self.notice)
        self.thumbnails.not_kept.connect(self._tell_not_kept)
        self.model.filter_changed.connect(self._tell_progress)
        self._parts: list[Part] = [
            self.thumbnails,
            self.previews,
            self.pictures,
            self.headers,
            self.model,
        ]
        self._scoring = ScoringRun(create_scorer, device, store, EDGES[0], give_way, self)
        self._follow_scoring()
        self._walks = Walks(give_way, self)
        self._walks.found.connect(self._found)
        self._walks.ended.connect(self._walk_ended)
        self._look_at_pixels(give_way)

    def _look_at_pixels(self, give_way: Callable[[], None]) -> None:
        """Find reasons for caution, while there is nothing else to do."""
        model = self.model
        self.traits = TraitReader(model, self.memory, traits_of, give_way, lambda: self.is_busy, self)
        self.near_duplicates = NearDuplicates(model, give_way, lambda: self.is_busy, self)
        self._parts += [self.traits, self.near_duplicates]
        self.run_ended.connect(self.traits.look)
        self.state_changed.connect(self.traits.look)
        for ended in (self.run_ended, self.measuring_ended):
            ended.connect(self.near_duplicates.look)
        self.traits.noted.connect(self.near_duplicates.look)

    def _follow_scoring(self) -> None:
        scoring = self._scoring
        scoring.outcomes.connect(self._take)
        scoring.ended.connect(self._run_ended)
        scoring.framings.connect(self._take_framings)
        scoring.measuring_ended.connect(self._measuring_ended)
        scoring.state_changed.connect(self._state_may_have_changed)
        scoring.load_failed.connect(self._load_failed)
        scoring.device_lost.connect(self._tell_device_lost)
        scoring.memory_failed.connect(self._tell_memory_failed)

    @property
    def library(self) -> Library:
        """What is known about each image."""
        return self.model.library

    @property
    def memory(self) -> ScoreMemory:
        """The scores of all runs; to be asked on other threads only."""
        return self._scoring.memory

    @property
    def scores_at_risk(self) -> bool:
        """Whether there are scores in this window only: the store cannot be used."""
        return self.memory.holds_more_than_disk

    @property
    def state(self) -> RunState:
        """What the scoring thread is doing."""
        return self._scoring.state

    @property
    def is_busy(self) -> bool:
        """Whether there is something to pause or cancel."""
        return self.state is not RunState.IDLE or self._walks.are_under_way

    @property
    def folders(self) -> list[str]:
        """The folders that were opened, absolute paths."""
        return list(self._folders)

    def set_folders(self, folders: Sequence[str]) -> None:
        """Note the folders that images come from."""
        if list(folders) != self._folders:
            self._folders = list(folders)
            self.folders_changed.emit()

    @property
    def give_way(self) -> Callable[[], None]:
        """To be called often by threads that run Python: waits while the window should go first."""
        return self._courtesy.give_way

    @property
    def preprocessing(self) -> Preprocessing:
        """The recipe that images are prepared by."""
        return self._scoring.preprocessing

    @property
    def run_times(self) -> RunTimes:
        """When the first run of this library began and the last one ended; unknown where none did here."""
        return self._times

    # Images in and out

    def add_paths(self, paths: Sequence[str]) -> None:
        """Look for images in files and folders, show them and score them."""
        if not paths:
            return
        self.notice_over.emit("discovery")
        self._walks.begin(paths)
        self._tell_progress()
        self.state_changed.emit()

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        if not image_ids:
            return
        self._scoring.withdraw(image_ids)
        self.model.remove(image_ids)
        self._rebuild_histogram()
        self._state_may_have_changed()

    def restore_removed(self, image_ids: Sequence[int]) -> None:
        """Take removed images in again; those that wait are scored."""
        restored = self.model.restore(image_ids)
        self._rebuild_histogram()
        waiting = [i for i in restored if self.library.statuses[i] == Status.WAITING]
        self._score([i for i in waiting if not self.library.missing[i]])
        self._state_may_have_changed()

    def clear(self) -> None:
        """Take all images out of the library for good; their files stay."""
        self.end_all()
        self._times = RunTimes()
        self.model.clear()
        self.cleared.emit()
        self._rebuild_histogram()
        self._state_may_have_changed()

    def end_all(self) -> None:
        """End what is under way and forget the folders: all images are about to go."""
        self._walks.stop()
        self._stop_run()
        for key in ("failed", "cancelled", "load", "discovery", "folders", "missing", "left", "sensitivity"):
            self.notice_over.emit(key)
        self.set_folders([])

    # Runs

    def score_waiting(self) -> None:
        """Score the images that have no outcome."""
        self._scorer_failed = False
        waiting = self.library.with_status(Status.WAITING)
        self._score(waiting[~self.library.missing[waiting]].tolist())

    def retry_failed(self) -> None:
        """Score the images that failed once more."""
        failed = self.library.with_status(Status.FAILED).tolist()
        self._forget_outcomes(failed)
        self.thumbnails.forget(failed)
        self.score_waiting()

    def set_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe that images are prepared by, and score all of them that way."""
        if preprocessing == self.preprocessing:
            return
        self.choose_preprocessing(preprocessing)
        self._forget_outcomes(self.library.present_ids().tolist())
        self.score_waiting()

    def choose_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Choose the recipe for what is scored from now on."""
        self._scoring.choose_preprocessing(preprocessing)
        self._state_may_have_changed()

    def _forget_outcomes(self, image_ids: Sequence[int]) -> None:
        """Make images wait for another score."""
        self.library.set_waiting(image_ids)
        self.model.images_changed(image_ids)
        self.model.tell_ranks()
        self.notice_over.emit("failed")
        self._rebuild_histogram()

    def pause(self) -> None:
        """Hold after the batch under way."""
        self._scoring.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._scoring.resume()

    def cancel(self) -> None:
        """End discovery and scoring after the file and the batch under way; scores stay."""
        self._walks.stop()
        self._stop_run()
        self.near_duplicates.look()
        waiting = self.library.count(Status.WAITING)
        if waiting:
            text = (
                f"Cancelled. {wording.count_text(waiting, 'image')} without a score; the scores so far stay."
            )
            notice = Notice("cancelled", Level.INFO, text, "Score the Rest", self.score_waiting)
            self.notice.emit(notice)

    # Sensitivity

    def measure_sensitivity(self, image_ids: Sequence[int], recipe: FramingRecipe) -> None:
        """Have the scores of images measured over ways of framing them, after what is to be scored."""
        self.notice_over.emit("sensitivity")
        if self._scoring.measure_sensitivity(framing_requests(self.library, image_ids, recipe)):
            self.notice_over.emit("load")
            self._to_measure.append((image_ids, recipe))

    def seconds_to_measure(self, framings: int) -> float | None:
        """Return how long so many framings would take; None while nobody knows."""
        return self._scoring.seconds_to_measure(framings)

    @Slot(object)
    def _take_framings(self, outcomes: Sequence[FramingOutcome]) -> None:
        self.model.images_changed(take_framings(self.library, outcomes))
        self._tell_progress()

    @Slot(object)
    def _measuring_ended(self, end: MeasuringEnd) -> None:
        self._to_measure.clear()
        self._state_may_have_changed()
        self.measuring_ended.emit()
        notice = end_notice(end)
        if notice is not None:
            self.notice.emit(notice)

    # Sessions

    def restore(self, images: Sequence[OpenedImage]) -> None:
        """Add images of a session with what is known of them; score those that wait and are there."""
        ids = self.model.add([opened.image.path for opened in images])
        waiting = restore_images(self.library, ids, images)
        self.model.images_changed(ids)
        self.order.tell_ranks_soon()
        self.histogram.add(self.library.scores[ids])
        self.scores_changed.emit()
        self._score(waiting)
        self._state_may_have_changed()

    def relink(self, paths: Mapping[int, str], changed: Sequence[int]) -> list[int]:
        """Give missing images the paths where their files are now; return the ids of those that got one.

        Args:
            paths: By image id.
            changed: Ids of images whose files are not what they were: they are scored again.
        """
        relinked = self.library.relink(paths)
        self.thumbnails.forget(relinked)
        self.model.images_changed(relinked)
        self.order.images_came()
        failed = [i for i in relinked if self.library.statuses[i] == Status.FAILED]
        self.look_again((set(changed) & set(relinked)).union(failed))
        self._score([i for i in relinked if self.library.statuses[i] == Status.WAITING])
        self._state_may_have_changed()
        return relinked

    def look_again(self, image_ids: Collection[int]) -> None:
        """Score images again whose files have changed."""
        present = [image_id for image_id in image_ids if self.library.present[image_id]]
        if present:
            self._forget_outcomes(present)
            self.thumbnails.forget(present)
            self._score(present)

    def mark_missing(self, image_ids: Sequence[int], *, missing: bool) -> None:
        """Note that files are not there, or there again; those that wait are then scored."""
        self.library.set_missing(image_ids, missing=missing)
        self.model.images_changed(image_ids)
        self.model.filter_again()
        if not missing:
            self._score([i for i in image_ids if self.library.statuses[i] == Status.WAITING])
        self._state_may_have_changed()

    def _stop_run(self) -> None:
        self._to_measure.clear()
        self._scoring.stop()
        self._state_may_have_changed()

    def _score(self, image_ids: Sequence[int]) -> None:
        """Have images looked up and scored, in the run under way or a new one."""
        paths = self.library.paths
        if self._scoring.score([Request(image_id, paths[image_id]) for image_id in image_ids]):
            self.notice_over.emit("cancelled")
            self.notice_over.emit("load")
            self._times = RunTimes(self._times.began or datetime.now(UTC))
            self._state_may_have_changed()

    @Slot()
    def _state_may_have_changed(self) -> None:
        self._tell_progress()
        self.state_changed.emit()

    @Slot()
    def _run_ended(self) -> None:
        """Put all in order when the last outcome is there."""
        self._times = replace(self._times, ended=datetime.now(UTC))
        self.order.run_ended()
        self._state_may_have_changed()
        self.run_ended.emit()
        failed = self.library.count(Status.FAILED)
        if failed:
            text = f"{wording.count_text(failed, 'image')} could not be scored; the table says why."
            self.notice.emit(Notice("failed", Level.WARNING, text, "Try Again", self.retry_failed))

    # From the walks

    @Slot(object)
    def _found(self, paths: list[str]) -> None:
        added = self.model.add(paths)
        if added and not self._scorer_failed:
            self._score(added)
        self._state_may_have_changed()

    @Slot(object)
    def _walk_ended(self, result: DiscoveryResult | None) -> None:
        if result is not None:
            self.set_folders(list(dict.fromkeys([*self._folders, *result.folders])))
            for notice in discovery_notices(result):
                self.notice.emit(notice)
        self.order.images_came()
        self._state_may_have_changed()

    # From the other threads

    @Slot(str)
    def _tell_not_kept(self, sentence: str) -> None:
        self.notice.emit(Notice("thumbnails", Level.INFO, sentence))

    @Slot(str)
    def _tell_memory_failed(self, sentence: str) -> None:
        text = f"{sentence} Save a session or export them."
        self.notice.emit(Notice("store", Level.WARNING, text))

    @Slot(str)
    def _tell_device_lost(self, sentence: str) -> None:
        self.notice.emit(Notice("device", Level.WARNING, sentence))

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

    def _take_thumbnails(self, scored: Sequence[Scored]) -> None:
        edge = EDGES[0]
        for image in scored:
            if image.thumbnail is not None:
                self.thumbnails.offer(image.request.image_id, image.thumbnail, edge)
        self.thumbnails.keep(
            [
                (image.request.path, image.state, edge, image.thumbnail)
                for image in scored
                if image.thumbnail is not None and image.is_settled
            ]
        )

    @Slot(object, object)
    def _take(self, outcomes: Sequence[Outcome], made_by: Provenance) -> None:
        """Note outcomes, and show them soon."""
        scored = [outcome for outcome in outcomes if isinstance(outcome, Scored)]
        self._take_thumbnails(scored)
        record_outcomes(self.library, outcomes, made_by)
        self.model.images_changed([outcome.request.image_id for outcome in outcomes])
        self.histogram.add([outcome.score for outcome in scored])
        self.order.scores_came()
        self.scores_changed.emit()
        self._tell_progress()

    def _rebuild_histogram(self) -> None:
        self.histogram.clear()
        self.histogram.add(self.library.present_scores())
        self.scores_changed.emit()

    # Progress

    @Slot()
    def _tell_progress(self) -> None:
        if self.state is not RunState.IDLE:
            progress = self._scoring.progress()
        else:
            shown, device = self.model.rowCount(), self._scoring.device_label
            progress = idle_progress(self.library, shown, device, is_looking=self._walks.are_under_way)
        self.progress_changed.emit(progress)

    # End

    def add_part(self, part: "Part") -> None:
        """Take care that something else with threads ends, too."""
        self._parts.append(part)

    def add_thread(self, thread: QThread) -> None:
        """Take care that another thread ends, too."""
        self._other_threads.append(thread)

    def shut_down(self, seconds: float = 20.0) -> bool:
        """End all threads; return whether they did end in this time.

        Exports are finished, however long they take, and the batch under way is. What cannot be cut short is
        a thread that is importing torch or hangs on a dead network drive.
        """
        self._walks.shut_down()
        self._courtesy.stop()
        self._scoring.shut_down()
        for thread in self._other_threads:
            thread.quit()
        self.order.stop()
        for part in (*self._parts, self.jobs, self.long_jobs):
            part.stop()
        self.jobs.join()
        self.long_jobs.join()
        deadline = time.monotonic() + seconds
        while not self._threads_have_ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        self.memory.close()
        return True

    def _threads_have_ended(self) -> bool:
        parts: list[Part | Walks | ScoringRun] = [self._walks, self._scoring, *self._parts]
        return all(part.has_ended for part in parts) and all(
            thread.isFinished() for thread in self._other_threads
        )


def _raise(error: Exception) -> None:
    """Let the hooks tell of what cannot happen."""
    raise error
