"""Ties library, rows and threads together: what the window can do, without the window."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal, Slot

from resmem_gui.analysis.references import References
from resmem_gui.images.traits import traits_of
from resmem_gui.library.library import Library
from resmem_gui.library.opened_session import OpenedImage
from resmem_gui.library.records import Status
from resmem_gui.run_facts import RunTimes
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.ui.browsing.previews import load_preview
from resmem_gui.ui.exports import Exports
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.headers import Headers
from resmem_gui.ui.rows.near_duplicates import NearDuplicates
from resmem_gui.ui.rows.thumbnails import EDGES
from resmem_gui.ui.rows.trait_reader import TraitReader
from resmem_gui.ui.running.idle_progress import idle_progress
from resmem_gui.ui.running.measuring_run import MeasuringEnd
from resmem_gui.ui.running.parts import EndingPart, Parts, wait_until_ended
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.running.runs import Runs
from resmem_gui.ui.running.scoring_run import ScoringRun
from resmem_gui.ui.running.walks import Walks, discovery_notices
from resmem_gui.ui.sensitivity.sentences import end_notice
from resmem_gui.ui.shown_library import ShownLibrary
from resmem_gui.ui.threads.background import Jobs, Loader
from resmem_gui.ui.threads.courtesy import Courtesy
from resmem_gui.ui.threads.discovery_worker import DiscoveryResult
from resmem_gui.ui.viewing.pictures import Pictures


class Controller(QObject):
    """Owns the library and the threads that fill it.

    Lives on the GUI thread. It has images looked for (`Walks`), shown (`ShownLibrary`) and scored (`Runs`),
    and ends all threads.

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
        runs: Has images scored and measured.
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
        self._folders: list[str] = []
        self._parts = Parts()
        references = References() if references is None else references
        self._shown = shown = ShownLibrary(references, thumbnail_store, give_way, self)
        self.model, self.thumbnails = shown.model, shown.thumbnails
        self.order, self.histogram = shown.order, shown.histogram
        self._make_helpers(references, give_way)
        self._scoring = ScoringRun(create_scorer, device, store, EDGES[0], give_way, self)
        self.runs = Runs(self._scoring, shown, self)
        self._walks = Walks(give_way, self)
        self._look_at_pixels(give_way)
        self._connect()

    def _make_helpers(self, references: References, give_way: Callable[[], None]) -> None:
        """Make what works aside for a part of the window."""
        self.pictures = Pictures(self, give_way=give_way)
        self.headers = Headers(self.model, give_way, self)
        self.previews = Loader(load_preview, threads=1, name="preview", parent=self)
        self.jobs = Jobs(self)
        self.long_jobs = Jobs(self)
        self.jobs.submit(references.read, lambda _: None, _raise)
        self.exports = Exports(self.model, self.jobs, self, give_way)
        self._parts.add(self.thumbnails, self.previews, self.pictures, self.headers, self.model)

    def _look_at_pixels(self, give_way: Callable[[], None]) -> None:
        """Find reasons for caution, while there is nothing else to do."""
        model = self.model
        self.traits = TraitReader(model, self.memory, traits_of, give_way, lambda: self.is_busy, self)
        self.near_duplicates = NearDuplicates(model, give_way, lambda: self.is_busy, self)
        self._parts.add(self.traits, self.near_duplicates)
        self.run_ended.connect(self.traits.look)
        self.state_changed.connect(self.traits.look)
        for ended in (self.run_ended, self.measuring_ended):
            ended.connect(self.near_duplicates.look)
        self.traits.noted.connect(self.near_duplicates.look)
        self.state_changed.connect(self.near_duplicates.look_if_changed)

    def _connect(self) -> None:
        for told in (self.exports.notice, self.jobs.notice, self.long_jobs.notice):
            told.connect(self.notice)
        self.thumbnails.not_kept.connect(self._tell_not_kept)
        self.model.filter_changed.connect(self._tell_progress)
        self._shown.scores_changed.connect(self.scores_changed)
        runs = self.runs
        runs.notice.connect(self.notice)
        runs.notice_over.connect(self.notice_over)
        runs.changed.connect(self._state_may_have_changed)
        runs.went_on.connect(self._tell_progress)
        runs.ended.connect(self.run_ended)
        runs.measuring_ended.connect(self._measuring_ended)
        self._walks.found.connect(self._found)
        self._walks.ended.connect(self._walk_ended)

    # What there is

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
        """When the runs of this library began and ended, and how many scores they recalled."""
        return self._scoring.origins.times(self.library)

    # Images in and out

    def add_paths(self, paths: Sequence[str]) -> None:
        """Look for images in files and folders, show them and score them."""
        if not paths:
            return
        self.notice_over.emit("discovery")
        self._walks.begin(paths)
        self._state_may_have_changed()

    @Slot(object)
    def _found(self, paths: list[str]) -> None:
        self.runs.score_new(self.model.add(paths))
        self._state_may_have_changed()

    @Slot(object)
    def _walk_ended(self, result: DiscoveryResult | None) -> None:
        if result is not None:
            self.set_folders(list(dict.fromkeys([*self._folders, *result.folders])))
            for notice in discovery_notices(result):
                self.notice.emit(notice)
        self.order.images_came()
        self._state_may_have_changed()

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        if not image_ids:
            return
        self._scoring.withdraw(image_ids)
        self._shown.remove(image_ids)
        self._state_may_have_changed()

    def restore_removed(self, image_ids: Sequence[int]) -> None:
        """Take removed images in again; those that wait are scored."""
        restored = self._shown.restore_removed(image_ids)
        missing = self.library.missing
        self.runs.score([i for i in self._shown.waiting_among(restored) if not missing[i]])
        self._state_may_have_changed()

    def clear(self) -> None:
        """Take all images out of the library for good; their files stay."""
        self.end_all()
        self._scoring.forget_origins()
        self._shown.clear()
        self.cleared.emit()
        self._state_may_have_changed()

    def end_all(self) -> None:
        """End what is under way and forget the folders: all images are about to go."""
        self._walks.stop()
        self.runs.stop()
        for key in ("failed", "cancelled", "load", "discovery", "folders", "missing", "left", "sensitivity"):
            self.notice_over.emit(key)
        self.set_folders([])

    # Sessions, and files that move

    def restore(self, images: Sequence[OpenedImage]) -> None:
        """Add images of a session with what is known of them; score those that wait and are there."""
        self.runs.score(self._shown.take_opened(images))
        self._state_may_have_changed()

    def relink(self, paths: Mapping[int, str], changed: Sequence[int]) -> list[int]:
        """Give missing images the paths where their files are now; return the ids of those that got one.

        Args:
            paths: By image id.
            changed: Ids of images whose files are not what they were: they are scored again.
        """
        relinked = self._shown.relink(paths)
        ids = np.array(relinked, dtype=np.int64)
        failed = ids[self.library.statuses[ids] == Status.FAILED].tolist()
        self.runs.look_again((set(changed) & set(relinked)).union(failed))
        self.runs.score(self._shown.waiting_among(relinked))
        self._state_may_have_changed()
        return relinked

    def mark_missing(self, image_ids: Sequence[int], *, missing: bool) -> None:
        """Note that files are not there, or there again; those that wait are then scored."""
        self._shown.mark_missing(image_ids, missing=missing)
        if not missing:
            self.runs.score(self._shown.waiting_among(image_ids))
        self._state_may_have_changed()

    # Runs

    def cancel(self) -> None:
        """End discovery and scoring after the file and the batch under way; scores stay."""
        self._walks.stop()
        self.runs.stop()
        self.near_duplicates.look()
        self.runs.tell_cancelled()

    @Slot(object)
    def _measuring_ended(self, end: MeasuringEnd) -> None:
        self.measuring_ended.emit()
        notice = end_notice(end)
        if notice is not None:
            self.notice.emit(notice)

    # What is told

    @Slot()
    def _state_may_have_changed(self) -> None:
        self._tell_progress()
        self.state_changed.emit()

    @Slot()
    def _tell_progress(self) -> None:
        if self.state is not RunState.IDLE:
            progress = self._scoring.progress()
        else:
            shown, device = self.model.rowCount(), self._scoring.device_label
            progress = idle_progress(self.library, shown, device, is_looking=self._walks.are_under_way)
        self.progress_changed.emit(progress)

    @Slot(str)
    def _tell_not_kept(self, sentence: str) -> None:
        self.notice.emit(Notice("thumbnails", Level.INFO, sentence))

    # End

    def add_part(self, part: EndingPart) -> None:
        """Take care that something else with threads ends, too."""
        self._parts.add(part)

    def add_thread(self, thread: QThread) -> None:
        """Take care that another thread ends, too."""
        self._parts.add_thread(thread)

    def shut_down(self, seconds: float = 20.0) -> bool:
        """End all threads; return whether they did end in this time.

        Exports are finished, however long they take, and the batch under way is. What cannot be cut short is
        a thread that is importing torch or hangs on a dead network drive.
        """
        self._walks.shut_down()
        self._courtesy.stop()
        self._scoring.shut_down()
        self.order.stop()
        for ending in (self._parts, self.jobs, self.long_jobs):
            ending.stop()
        self.jobs.join()
        self.long_jobs.join()
        if not wait_until_ended((self._walks, self._scoring, self._parts), seconds):
            return False
        self.memory.close()
        return True


def _raise(error: Exception) -> None:
    """Let the hooks tell of what cannot happen."""
    raise error
