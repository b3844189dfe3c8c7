"""Ties library, model and threads together: what the window can do, without the window."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.library.library import Library
from resmem_gui.library.opened_session import OpenedImage
from resmem_gui.library.records import Provenance, Status, readable
from resmem_gui.outcomes import record_outcomes
from resmem_gui.score_memory import ScoreMemory
from resmem_gui.scoring.pipeline import Outcome, Request, Scored
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.ui import wording
from resmem_gui.ui.columns import SCORE_COLUMNS
from resmem_gui.ui.exports import Exports
from resmem_gui.ui.image_model import ImageModel
from resmem_gui.ui.incoming import Incoming, keep_picture
from resmem_gui.ui.notices import Level, Notice
from resmem_gui.ui.previews import load_preview
from resmem_gui.ui.run import RunState
from resmem_gui.ui.scoring_run import ScoringRun
from resmem_gui.ui.status_line import RunProgress
from resmem_gui.ui.threads.background import Jobs, Loader
from resmem_gui.ui.threads.courtesy import Courtesy
from resmem_gui.ui.threads.discovery_worker import DiscoveryResult, DiscoveryWorker
from resmem_gui.ui.threads.started import started_thread
from resmem_gui.ui.throttle import Throttle
from resmem_gui.ui.thumbnails import EDGES, Thumbnails

_log = logging.getLogger(__name__)

_SORT_MS: Final = 1000


class Controller(QObject):
    """Owns the library and the threads that fill it.

    Lives on the GUI thread. A walk of discovery has a number that travels with what it finds; what a walk
    finds that was stopped is dropped.

    Attributes:
        model: The library as rows.
        thumbnails: What rows look like.
        previews: Loads large previews.
        histogram: Of all scores in the library.
        jobs: Runs what takes long, on a thread of its own.
        exports: Takes the scores out.
        keep_sorted: Whether rows are sorted again while scores come in.
        order_is_held: Whether that has to wait until the run ends, though.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        progress_changed: How far the run is (`RunProgress`).
        state_changed: The `RunState` may be another, or images came or went.
        cleared: The library was emptied.
        run_ended: The last image of a run has its outcome.
        folders_changed: The folders that images come from are others.
        scores_changed: Some images have new outcomes; the histogram follows.
    """

    notice = Signal(object)
    notice_over = Signal(str)
    progress_changed = Signal(object)
    state_changed = Signal()
    cleared = Signal()
    run_ended = Signal()
    folders_changed = Signal()
    scores_changed = Signal()

    _discover = Signal(int, object)

    def __init__(
        self,
        create_scorer: Callable[[], Scorer],
        device: str = "auto",
        *,
        store: Path | None = None,
        thumbnail_store: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Start the threads; no scorer is made before there is something to score.

        Args:
            create_scorer: Called on the threads that look scores up and that score.
            device: One of "auto", "cpu", "cuda", "mps".
            store: The file that scores are kept in; None to keep them in memory only.
            thumbnail_store: The file that thumbnails are kept in; likewise.
            parent: Owner.
        """
        super().__init__(parent)
        self._courtesy = Courtesy(self)
        give_way = self._courtesy.give_way
        self.thumbnails = Thumbnails(self, store=thumbnail_store, give_way=give_way)
        self.model = ImageModel(Library(), load_lamem(), self.thumbnails, give_way, self)
        self.histogram = LiveHistogram()
        self.keep_sorted = True
        self.order_is_held = False
        self._scorer_failed = False
        self._folders: list[str] = []
        self._other_threads: list[QThread] = []
        self._walk = 0
        self._walks_stopped = 0
        self._walks_under_way = 0
        self.previews = Loader(load_preview, threads=1, name="preview", parent=self)
        self.jobs = Jobs(self)
        self.exports = Exports(self.model, self.jobs, self)
        self.exports.notice.connect(self.notice)
        self.thumbnails.not_kept.connect(self._tell_not_kept)
        self._sort_soon = Throttle(_SORT_MS, self.model.sort_again, self)
        self._ranks_soon = Throttle(_SORT_MS, self.model.tell_ranks, self)
        self.model.filter_changed.connect(self._tell_progress)
        self._scoring = ScoringRun(create_scorer, device, store, EDGES[0], give_way, self)
        self._follow_scoring()
        self._start_discovery_thread()

    def _follow_scoring(self) -> None:
        scoring = self._scoring
        scoring.outcomes.connect(self._take)
        scoring.ended.connect(self._run_ended)
        scoring.state_changed.connect(self._state_may_have_changed)
        scoring.load_failed.connect(self._load_failed)
        scoring.device_lost.connect(self._tell_device_lost)
        scoring.memory_failed.connect(self._tell_memory_failed)

    def _start_discovery_thread(self) -> None:
        self._discovery_worker = DiscoveryWorker(self._courtesy.give_way)
        self._discovery_thread = started_thread("discovery", self._discovery_worker, self)
        self._discover.connect(self._discovery_worker.discover)
        self._discovery_worker.found.connect(self._found)
        self._discovery_worker.finished.connect(self._discovered)

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
        return self.state is not RunState.IDLE or self._walks_under_way > 0

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

    # Images in and out

    def add_paths(self, paths: Sequence[str]) -> None:
        """Look for images in files and folders, show them and score them."""
        if not paths:
            return
        self._walk += 1
        self._walks_under_way += 1
        self.notice_over.emit("discovery")
        self._discover.emit(self._walk, list(paths))
        self._tell_progress()
        self.state_changed.emit()

    def add_incoming(self, incoming: Incoming) -> None:
        """Add what was dropped or pasted, and say what cannot be added."""
        if incoming.picture is not None:
            self._add_picture(incoming.picture)
        elif incoming.remote:
            text = (
                "Addresses on other machines were passed over. This program fetches nothing from the "
                "network: save the image first, then drop the file."
            )
            self.notice.emit(Notice("incoming", Level.WARNING, text))
        elif incoming.is_empty:
            text = "There are no files and no picture on the clipboard."
            self.notice.emit(Notice("incoming", Level.INFO, text))
        self.add_paths(incoming.paths)

    def _add_picture(self, picture: QImage) -> None:
        """Keep a picture that is in no file as a PNG of the program's own, then add it like any other."""
        folder = user_data_path("resmem_gui") / "pasted"
        name = time.strftime("Pasted %Y-%m-%d %H.%M.%S")
        self.jobs.submit(
            lambda: keep_picture(picture, folder, name),
            lambda saved: self.add_paths([saved]),
            self._paste_failed,
        )

    def _paste_failed(self, error: Exception) -> None:
        text = f"The pasted picture could not be kept: {error}."
        self.notice.emit(Notice("incoming", Level.ERROR, text))

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        if not image_ids:
            return
        self._scoring.withdraw(image_ids)
        self.model.remove(image_ids)
        self._rebuild_histogram()
        self._state_may_have_changed()

    def clear(self) -> None:
        """Take all images out of the library; their files stay."""
        self._stop_walks()
        self._stop_run()
        self.model.clear()
        for key in ("failed", "cancelled", "load", "discovery", "folders", "missing", "left"):
            self.notice_over.emit(key)
        self.set_folders([])
        self.cleared.emit()
        self._rebuild_histogram()
        self._state_may_have_changed()

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
        self._stop_walks()
        self._stop_run()
        waiting = self.library.count(Status.WAITING)
        if waiting:
            text = (
                f"Cancelled. {wording.count_text(waiting, 'image')} without a score; the scores so far stay."
            )
            notice = Notice("cancelled", Level.INFO, text, "Score the Rest", self.score_waiting)
            self.notice.emit(notice)

    # Sessions

    def restore(self, images: Sequence[OpenedImage]) -> None:
        """Add images of a session with what is known of them; score those that wait and are there."""
        ids = self.model.add([opened.image.path for opened in images])
        waiting: list[int] = []
        for image_id, opened in zip(ids, images, strict=True):
            image = opened.image
            if image.status is Status.SCORED and image.score is not None and image.provenance is not None:
                size = (image.width, image.height)
                self.library.set_scored(
                    image_id, image.score, size, image.sha256, image.provenance, image.state
                )
            elif image.status is Status.FAILED:
                self.library.set_failed(image_id, image.error)
            elif not opened.missing:
                waiting.append(image_id)
        self.library.set_missing(
            [image_id for image_id, opened in zip(ids, images, strict=True) if opened.missing], missing=True
        )
        self.model.images_changed(ids)
        self._ranks_soon.ask()
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
        if not missing:
            self._score([i for i in image_ids if self.library.statuses[i] == Status.WAITING])
        self._state_may_have_changed()

    def _stop_walks(self) -> None:
        self._walks_stopped = self._walk
        self._discovery_worker.cancel(self._walk)

    def _stop_run(self) -> None:
        self._scoring.stop()
        self._state_may_have_changed()

    def _score(self, image_ids: Sequence[int]) -> None:
        """Have images looked up and scored, in the run under way or a new one."""
        paths = self.library.paths
        if self._scoring.score([Request(image_id, paths[image_id]) for image_id in image_ids]):
            self.notice_over.emit("cancelled")
            self.notice_over.emit("load")
            self._state_may_have_changed()

    @Slot()
    def _state_may_have_changed(self) -> None:
        self._tell_progress()
        self.state_changed.emit()

    @Slot()
    def _run_ended(self) -> None:
        """Put all in order when the last outcome is there."""
        self._sort_soon.stop()
        self._ranks_soon.stop()
        self.model.tell_ranks()
        if self.keep_sorted:
            self.model.sort_again()
        self._state_may_have_changed()
        self.run_ended.emit()
        failed = self.library.count(Status.FAILED)
        if failed:
            text = f"{wording.count_text(failed, 'image')} could not be scored; the table says why."
            self.notice.emit(Notice("failed", Level.WARNING, text, "Try Again", self.retry_failed))

    # From the discovery thread

    @Slot(int, object)
    def _found(self, walk: int, paths: list[str]) -> None:
        self._discovery_worker.taken()
        if walk <= self._walks_stopped:
            return
        added = self.model.add(paths)
        if added and not self._scorer_failed:
            self._score(added)
        self._state_may_have_changed()

    @Slot(int, object)
    def _discovered(self, walk: int, result: DiscoveryResult) -> None:
        self._walks_under_way -= 1
        if walk > self._walks_stopped:
            self.set_folders(list(dict.fromkeys([*self._folders, *result.folders])))
            self._tell_what_was_not_found(result)
        if self.keep_sorted and self.model.sort_column not in SCORE_COLUMNS:
            self.model.sort_again()
        self._state_may_have_changed()

    def _tell_what_was_not_found(self, result: DiscoveryResult) -> None:
        if result.images == 0:
            looked_at = wording.count_text(result.files_seen, "file")
            text = (
                f"No images were found; {looked_at} {'was' if result.files_seen == 1 else 'were'} looked at."
            )
            self.notice.emit(Notice("discovery", Level.WARNING, text))
        if result.problems:
            first = result.problems[0]
            text = f"{readable(first.path)}: {first.reason}"
            others = len(result.problems) - 1
            if others:
                text += f" The same goes for {wording.count_text(others, 'other folder')}."
            self.notice.emit(Notice("folders", Level.WARNING, text))

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
        self.notice.emit(Notice("load", Level.ERROR, reason, "Try Again", self.score_waiting))

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
        self._ranks_soon.ask()
        self.histogram.add([outcome.score for outcome in scored])
        if self.keep_sorted and not self.order_is_held and self.model.sort_column in SCORE_COLUMNS:
            self._sort_soon.ask()
        self.scores_changed.emit()
        self._tell_progress()

    def _rebuild_histogram(self) -> None:
        self.histogram.clear()
        self.histogram.add(self.library.present_scores())
        self.scores_changed.emit()

    # Progress

    @Slot()
    def _tell_progress(self) -> None:
        self.progress_changed.emit(self._current_progress())

    def _current_progress(self) -> RunProgress:
        return self._idle_progress() if self.state is RunState.IDLE else self._scoring.progress()

    def _idle_progress(self) -> RunProgress:
        images = self.library.present_count
        if self._walks_under_way:
            return RunProgress(f"Looking for images: {images:,} so far", busy=True)
        if not images:
            return RunProgress("No images yet", device=self._scoring.device_label)
        failed, waiting = self.library.count(Status.FAILED), self.library.count(Status.WAITING)
        parts = [wording.count_text(images, "image"), f"{self.library.count(Status.SCORED):,} scored"]
        parts += [f"{failed:,} failed"] if failed else []
        parts += [f"{waiting:,} waiting"] if waiting else []
        missing, shown = len(self.library.missing_ids()), self.model.rowCount()
        parts += [f"{missing:,} missing"] if missing else []
        parts += [f"{shown:,} shown"] if shown < images else []
        return RunProgress(" · ".join(parts), device=self._scoring.device_label)

    # End

    def add_thread(self, thread: QThread) -> None:
        """Take care that another thread ends, too."""
        self._other_threads.append(thread)

    def shut_down(self, seconds: float = 20.0) -> bool:
        """End all threads; return whether they did end in this time.

        Exports are finished, however long they take, and the batch under way is. What cannot be cut short is
        a thread that is importing torch or hangs on a dead network drive.
        """
        self._stop_walks()
        self._courtesy.stop()
        self._scoring.shut_down()
        for thread in (self._discovery_thread, *self._other_threads):
            thread.quit()
        self._sort_soon.stop()
        self._ranks_soon.stop()
        for part in (self.thumbnails, self.previews, self.model, self.jobs):
            part.stop()
        self.jobs.join()
        deadline = time.monotonic() + seconds
        while not self._threads_have_ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        self.memory.close()
        return True

    def _threads_have_ended(self) -> bool:
        threads = (self._discovery_thread, *self._other_threads)
        loaders = (self._scoring, self.thumbnails, self.previews, self.model)
        return all(thread.isFinished() for thread in threads) and all(loader.has_ended for loader in loaders)
