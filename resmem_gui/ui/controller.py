"""Ties library, model and threads together: what the window can do, without the window."""

import logging
import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.export.delimited import as_tsv, save_csv
from resmem_gui.export.table import rows
from resmem_gui.library.library import Library
from resmem_gui.library.records import Status, readable
from resmem_gui.outcomes import record_outcomes
from resmem_gui.scoring.pipeline import Request, Scored
from resmem_gui.scoring.progress import Progress
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.ui import wording
from resmem_gui.ui.image_model import SCORE_COLUMNS, ImageModel
from resmem_gui.ui.incoming import Incoming
from resmem_gui.ui.notices import Level, Notice
from resmem_gui.ui.status_line import RunProgress
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.threads.discovery_worker import DiscoveryResult, DiscoveryWorker
from resmem_gui.ui.threads.scoring_worker import LoadedScorer, ScoredBatch, ScoringWorker
from resmem_gui.ui.throttle import Throttle
from resmem_gui.ui.thumbnails import EDGES, Thumbnails

_log = logging.getLogger(__name__)

_SORT_MS: Final = 1000


class RunState(Enum):
    """What the scoring thread is doing."""

    IDLE = auto()
    LOADING = auto()
    SCORING = auto()
    PAUSED = auto()


class Controller(QObject):
    """Owns the library and the threads that fill it.

    Lives on the GUI thread. A run is one pass of scoring; its number travels with every batch, and batches of
    a run that was cancelled are dropped.

    Attributes:
        model: The library as rows.
        thumbnails: What rows look like.
        histogram: Of all scores in the library.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        progress_changed: How far the run is (`RunProgress`).
        state_changed: Another `RunState`, or images came or went.
        scores_changed: Some images have new outcomes; the histogram follows.
        copied: A table for the clipboard (text).
    """

    notice = Signal(object)
    notice_over = Signal(str)
    progress_changed = Signal(object)
    state_changed = Signal()
    scores_changed = Signal()
    copied = Signal(str)

    _discover = Signal(object)
    _submit = Signal(int, object)
    _pause = Signal(bool)
    _cancel = Signal()
    _set_upright = Signal(bool)
    _shut_down = Signal()

    def __init__(
        self, create_scorer: Callable[[], Scorer], device: str = "auto", parent: QObject | None = None
    ) -> None:
        """Start the threads; no scorer is made before there is something to score.

        Args:
            create_scorer: Called on the scoring thread.
            device: One of "auto", "cpu", "cuda", "mps".
            parent: Owner.
        """
        super().__init__(parent)
        self.thumbnails = Thumbnails(self)
        self.model = ImageModel(Library(), load_lamem(), self.thumbnails, self)
        self.histogram = LiveHistogram()
        self.keep_sorted = True
        self._upright = True
        self._state = RunState.IDLE
        self._run = 0
        self._outstanding: set[int] = set()
        self._submitted = 0
        self._progress = Progress()
        self._current = ""
        self._device_label = ""
        self._discoveries = 0
        self._jobs = Jobs(self)
        self._sort_soon = Throttle(_SORT_MS, self.model.sort_again, self)
        self._start_discovery_thread()
        self._start_scoring_thread(create_scorer, device)

    def _start_discovery_thread(self) -> None:
        self._discovery_worker = DiscoveryWorker()
        self._discovery_thread = _started_thread("discovery", self._discovery_worker, self)
        self._discover.connect(self._discovery_worker.discover)
        self._discovery_worker.found.connect(self._found)
        self._discovery_worker.finished.connect(self._discovered)

    def _start_scoring_thread(self, create_scorer: Callable[[], Scorer], device: str) -> None:
        self._scoring_worker = ScoringWorker(create_scorer, device, thumbnail_edge=EDGES[0])
        self._scoring_thread = _started_thread("scoring", self._scoring_worker, self)
        self._submit.connect(self._scoring_worker.submit)
        self._pause.connect(self._scoring_worker.set_paused)
        self._cancel.connect(self._scoring_worker.cancel)
        self._set_upright.connect(self._scoring_worker.set_upright)
        self._shut_down.connect(self._scoring_worker.shut_down)
        self._scoring_worker.loading.connect(self._loading)
        self._scoring_worker.loaded.connect(self._loaded)
        self._scoring_worker.load_failed.connect(self._load_failed)
        self._scoring_worker.scored.connect(self._scored)

    @property
    def library(self) -> Library:
        """What is known about each image."""
        return self.model.library

    @property
    def state(self) -> RunState:
        """What the scoring thread is doing."""
        return self._state

    @property
    def is_busy(self) -> bool:
        """Whether there is something to pause or cancel."""
        return self._state is not RunState.IDLE or self._discoveries > 0

    @property
    def is_upright(self) -> bool:
        """Whether images are turned upright before scoring."""
        return self._upright

    # Images in and out

    def add_paths(self, paths: Sequence[str]) -> None:
        """Look for images in files and folders, show them and score them."""
        if not paths:
            return
        self._discoveries += 1
        self.notice_over.emit("discovery")
        self._discover.emit(list(paths))
        self._tell_progress()
        self.state_changed.emit()

    def add_incoming(self, incoming: Incoming) -> None:
        """Add what was dropped or pasted, and say what cannot be added."""
        if incoming.picture is not None:
            self._add_picture(incoming.picture)
        elif incoming.remote and not incoming.paths:
            text = (
                "That is an address on another machine. This program fetches nothing from the network: "
                "save the image first, then drop the file."
            )
            self.notice.emit(Notice("incoming", Level.WARNING, text))
        elif incoming.is_empty:
            text = "There are no files and no picture on the clipboard."
            self.notice.emit(Notice("incoming", Level.INFO, text))
        self.add_paths(incoming.paths)

    def _add_picture(self, picture: QImage) -> None:
        """Keep a picture that is in no file as a PNG of the program's own, then add it like any other."""
        path = user_data_path("resmem_gui") / "pasted" / time.strftime("Pasted %Y-%m-%d %H.%M.%S.png")

        def save() -> str:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not picture.save(str(path), "PNG"):  # type: ignore[call-overload]
                raise OSError(f"{path} could not be written")
            return str(path)

        self._jobs.submit(save, lambda saved: self.add_paths([saved]), self._paste_failed)

    def _paste_failed(self, error: Exception) -> None:
        text = f"The pasted picture could not be kept: {error}."
        self.notice.emit(Notice("incoming", Level.ERROR, text))

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out of the library; their files stay."""
        if not image_ids:
            return
        self._outstanding.difference_update(image_ids)
        self.model.remove(image_ids)
        self._rebuild_histogram()
        self._end_run_if_done()
        self._tell_progress()
        self.state_changed.emit()

    def clear(self) -> None:
        """Take all images out of the library; their files stay."""
        self._stop_run()
        self.model.clear()
        self._rebuild_histogram()
        self._tell_progress()
        self.state_changed.emit()

    # Runs

    def score_waiting(self) -> None:
        """Begin a run over all images that have no outcome."""
        self._start(self.library.with_status(Status.WAITING).tolist())

    def retry_failed(self) -> None:
        """Score the images that failed once more."""
        failed = self.library.with_status(Status.FAILED).tolist()
        self.library.set_waiting(failed)
        self.thumbnails.forget(failed)
        self.model.images_changed(failed)
        self.notice_over.emit("failed")
        self._start(failed)

    def set_upright(self, *, upright: bool) -> None:
        """Choose whether images are turned upright first, and score all of them that way."""
        if upright == self._upright:
            return
        self._upright = upright
        self._stop_run()
        self._set_upright.emit(upright)
        everything = self.library.present_ids().tolist()
        self.library.set_waiting(everything)
        self.model.images_changed(everything)
        self._rebuild_histogram()
        self._start(everything)

    def pause(self) -> None:
        """Hold after the batch under way."""
        if self._state in (RunState.SCORING, RunState.LOADING):
            self._pause.emit(True)
            self._progress.pause()
            self._set_state(RunState.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._state is RunState.PAUSED:
            self._pause.emit(False)
            self._progress.resume()
            self._set_state(RunState.SCORING)

    def cancel(self) -> None:
        """End discovery and scoring after the file and the batch under way; scores stay."""
        self._stop_run()
        waiting = self.library.count(Status.WAITING)
        if waiting:
            text = (
                f"Cancelled. {wording.count_text(waiting, 'image')} without a score; the scores so far stay."
            )
            notice = Notice("cancelled", Level.INFO, text, "Score the Rest", self.score_waiting)
            self.notice.emit(notice)

    def _stop_run(self) -> None:
        self._discovery_worker.cancel()
        self._run += 1
        self._outstanding.clear()
        self._submitted = 0
        self._pause.emit(False)
        self._cancel.emit()
        self._set_state(RunState.IDLE)

    def _start(self, image_ids: Sequence[int]) -> None:
        """Hand images to the scoring thread, in the run under way or a new one."""
        if not image_ids:
            return
        self.notice_over.emit("cancelled")
        if self._state is RunState.IDLE:
            self._run += 1
            self._submitted = 0
            self._progress.reset()
            self._set_state(RunState.SCORING)
        self._outstanding.update(image_ids)
        self._submitted += len(image_ids)
        requests = [Request(image_id, self.library.paths[image_id]) for image_id in image_ids]
        self._submit.emit(self._run, requests)
        self._tell_progress()

    def _set_state(self, state: RunState) -> None:
        self._state = state
        self._tell_progress()
        self.state_changed.emit()

    def _end_run_if_done(self) -> None:
        if self._outstanding or self._state is RunState.IDLE:
            return
        self._sort_soon.stop()
        if self.keep_sorted:
            self.model.sort_again()
        self._set_state(RunState.IDLE)
        failed = self.library.count(Status.FAILED)
        if failed:
            text = f"{wording.count_text(failed, 'image')} could not be scored; the table says why."
            self.notice.emit(Notice("failed", Level.WARNING, text, "Try Again", self.retry_failed))

    # From the discovery thread

    @Slot(object)
    def _found(self, paths: list[str]) -> None:
        added = self.model.add(paths)
        if added:
            self._start(added)
            self.state_changed.emit()

    @Slot(object)
    def _discovered(self, result: DiscoveryResult) -> None:
        self._discoveries -= 1
        if result.images == 0 and not result.cancelled:
            looked_at = wording.count_text(result.files_seen, "file")
            text = (
                f"No images were found; {looked_at} {'was' if result.files_seen == 1 else 'were'} looked at."
            )
            self.notice.emit(Notice("discovery", Level.WARNING, text))
        for problem in result.problems:
            text = f"{readable(problem.path)}: {problem.reason}"
            self.notice.emit(Notice(f"folder {problem.path}", Level.WARNING, text))
        if self.keep_sorted and self.model.sort_column not in SCORE_COLUMNS:
            self.model.sort_again()
        self._tell_progress()
        self.state_changed.emit()

    # From the scoring thread

    @Slot()
    def _loading(self) -> None:
        if self._state is RunState.SCORING:
            self._set_state(RunState.LOADING)

    @Slot(object)
    def _loaded(self, scorer: LoadedScorer) -> None:
        self._device_label = scorer.device_label
        if self._state is RunState.LOADING:
            self._progress.reset()
            self._set_state(RunState.SCORING)

    @Slot(str)
    def _load_failed(self, reason: str) -> None:
        self._outstanding.clear()
        self._run += 1
        self._set_state(RunState.IDLE)
        self.notice.emit(Notice("load", Level.ERROR, reason, "Try Again", self.score_waiting))

    @Slot(object)
    def _scored(self, batch: ScoredBatch) -> None:
        if batch.run != self._run:
            return
        outcomes = [outcome for outcome in batch.outcomes if outcome.request.image_id in self._outstanding]
        image_ids = [outcome.request.image_id for outcome in outcomes]
        self._outstanding.difference_update(image_ids)
        record_outcomes(self.library, outcomes, batch.provenance)
        scored = [outcome for outcome in outcomes if isinstance(outcome, Scored)]
        for outcome in scored:
            if outcome.thumbnail is not None:
                self.thumbnails.offer(outcome.request.image_id, outcome.thumbnail, EDGES[0])
        self.histogram.add([outcome.score for outcome in scored])
        self._current = Path(batch.current).name if batch.current else ""
        self._progress.advance(len(outcomes))
        self.model.images_changed(image_ids)
        if self.keep_sorted and self.model.sort_column in SCORE_COLUMNS:
            self._sort_soon.ask()
        self.scores_changed.emit()
        self._tell_progress()
        self._end_run_if_done()

    def _rebuild_histogram(self) -> None:
        self.histogram.clear()
        self.histogram.add(self.library.present_scores())
        self.scores_changed.emit()

    # Progress

    def _tell_progress(self) -> None:
        self.progress_changed.emit(self._current_progress())

    def _current_progress(self) -> RunProgress:
        if self._state is RunState.IDLE:
            return self._idle_progress()
        remaining = len(self._outstanding)
        states = {
            RunState.LOADING: "Loading ResMem",
            RunState.SCORING: "Scoring",
            RunState.PAUSED: "Paused",
        }
        return RunProgress(
            state=states[self._state],
            done=self._submitted - remaining,
            total=self._submitted,
            rate=self._progress.rate,
            seconds_left=self._progress.seconds_left(remaining),
            current=readable(self._current),
            device=self._device_label,
            busy=self._state is RunState.LOADING,
        )

    def _idle_progress(self) -> RunProgress:
        images = len(self.model.order)
        if self._discoveries:
            return RunProgress(f"Looking for images: {images:,} so far", busy=True)
        if not images:
            return RunProgress("No images yet", device=self._device_label)
        failed, waiting = self.library.count(Status.FAILED), self.library.count(Status.WAITING)
        parts = [wording.count_text(images, "image"), f"{self.library.count(Status.SCORED):,} scored"]
        parts += [f"{failed:,} failed"] if failed else []
        parts += [f"{waiting:,} waiting"] if waiting else []
        return RunProgress(" · ".join(parts), device=self._device_label)

    # Exports

    def export_csv(self, path: Path, image_ids: Sequence[int]) -> None:
        """Write the scores of these images, in this order, as CSV."""
        library, reference = self.library.snapshot(), self.model.reference

        def succeeded(_: object) -> None:
            text = f"{wording.count_text(len(image_ids), 'row')} written to {readable(str(path))}"
            self.notice.emit(Notice("export", Level.SUCCESS, text))

        def failed(error: Exception) -> None:
            _log.warning("the export failed", exc_info=error)
            reason = getattr(error, "strerror", None) or str(error)
            text = (
                f"{readable(str(path))} could not be written: {reason}. Nothing is lost: export it elsewhere."
            )
            self.notice.emit(Notice("export", Level.ERROR, text))

        self._jobs.submit(lambda: save_csv(rows(library, reference, image_ids), path), succeeded, failed)

    def copy_table(self, image_ids: Sequence[int]) -> None:
        """Make the table of these images, in this order, ready for the clipboard."""
        library, reference = self.library.snapshot(), self.model.reference

        def failed(error: Exception) -> None:
            self.notice.emit(Notice("export", Level.ERROR, f"The table could not be copied: {error}"))

        def succeeded(table: str) -> None:
            self.copied.emit(table)
            text = f"{wording.count_text(len(image_ids), 'row')} copied; paste them into a spreadsheet."
            self.notice.emit(Notice("export", Level.SUCCESS, text))

        self._jobs.submit(lambda: as_tsv(rows(library, reference, image_ids)), succeeded, failed)

    # End

    def shut_down(self, seconds: float = 20.0) -> bool:
        """End all threads; return whether they did end in this time.

        Exports are finished, however long they take, and the batch under way is. What cannot be cut short is
        a thread that is importing torch or hangs on a dead network drive.
        """
        self._discovery_worker.cancel()
        self._cancel.emit()
        self._shut_down.emit()
        self._discovery_thread.quit()
        self._sort_soon.stop()
        self._jobs.shut_down()
        self.thumbnails.shut_down()
        return _wait_for(seconds, self._discovery_thread, self._scoring_thread)


def _wait_for(seconds: float, *threads: QThread) -> bool:
    """Return whether all threads end before the time is up.

    Not `QThread.wait`: PySide6 holds Python's lock in it, which the threads need in order to end.
    """
    deadline = time.monotonic() + seconds
    while not all(thread.isFinished() for thread in threads):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def _started_thread(name: str, worker: QObject, parent: QObject) -> QThread:
    thread = QThread(parent)
    thread.setObjectName(name)
    worker.moveToThread(thread)
    thread.start()
    return thread
