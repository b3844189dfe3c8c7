"""Saves the library to a file and opens it again."""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resmem_gui import __version__
from resmem_gui.analysis.references import DEFAULT_ID, plain_name
from resmem_gui.library.opened_session import OpenedImage, OpenedSession, open_session, session_images
from resmem_gui.library.records import Provenance, Status, readable
from resmem_gui.library.session import JSON, Session, SessionError, save_session
from resmem_gui.outcomes import provenance_of
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import Scorer
from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.sessions.autosave import AutosaveFolder, LeftLibrary
from resmem_gui.ui.sessions.last_library import LastLibrary, has_marks, leave_or_refuse
from resmem_gui.ui.sessions.missing_files import MissingFiles

_log = logging.getLogger(__name__)

#: So many images of a session are added in one turn of the event loop.
_PART: Final = 500
#: After a change the library is saved so much later, and not more often.
_AUTOSAVE_MS: Final = 5_000


class Sessions(QObject):
    """The session in the window: its file, if it has one, and the autosaved copy.

    Reading and writing happen on the thread for jobs. What the window shows beyond the library, its view, is
    asked of it and handed back to it as plain values.

    Attributes:
        missing_files: Finds those that are not where the session says.
        last_library: Whether there is one for `reopen_last`.
        view: Returns what the window shows beyond the library.
        selected: Returns the ids of the selected images.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        changed: There is another file, or it was saved, or differs from the window now.
        opened: All images of a session are in the window: its view, and the ids of its selected images.
    """

    notice = Signal(object)
    notice_over = Signal(str)
    changed = Signal()
    opened = Signal(object, object)

    def __init__(
        self,
        controller: Controller,
        create_scorer: Callable[[], Scorer],
        autosave: Path | None,
        parent: QObject | None = None,
    ) -> None:
        """Connect with the window's library.

        Args:
            controller: Of the window.
            create_scorer: Makes the scorer whose scores are believed; called on another thread.
            autosave: The folder that the library is saved in without asking; None not to do so.
            parent: Owner.
        """
        super().__init__(parent)
        self._controller = controller
        self._create_scorer = create_scorer
        self.missing_files = MissingFiles(controller, self)
        self.missing_files.notice.connect(self.notice)
        self.missing_files.notice_over.connect(self.notice_over)
        self.missing_files.relinked.connect(self.note_change)
        self._autosave = AutosaveFolder(autosave) if autosave is not None else None
        last = self._autosave.last if self._autosave is not None else None
        self.last_library = LastLibrary(last, controller.jobs, self)
        self._path: Path | None = None
        self._is_modified = False
        self._changes = 0
        self._is_autosaved = True
        self._is_reading = False
        self._is_finished = False
        self._to_add_beside: list[str] = []
        self._to_add: deque[OpenedImage] = deque()
        self._opening: OpenedSession | None = None
        self.view: Callable[[], dict[str, JSON]] = dict
        self.selected: Callable[[], list[int]] = list
        self._add_soon = QTimer(self)
        self._add_soon.setInterval(0)
        self._add_soon.timeout.connect(self._add_some)
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(_AUTOSAVE_MS)
        self._save_soon.timeout.connect(self._save_automatically)
        controller.model.images_came_or_went.connect(self.note_change)
        controller.run_ended.connect(self.note_change)
        controller.scores_changed.connect(self._note_scores)
        controller.model.reference_changed.connect(self.note_change)

    @property
    def path(self) -> Path | None:
        """The file of the session, None if it was never saved or opened."""
        return self._path

    @property
    def is_modified(self) -> bool:
        """Whether the window differs from the file."""
        return self._is_modified

    @Slot()
    def note_change(self) -> None:
        """Note that the session is not any more as it was saved."""
        self._changes += 1
        self._is_autosaved = False
        if self._autosave is not None and not self._is_finished and not self._save_soon.isActive():
            self._save_soon.start()
        if not self._is_modified and not self.is_opening:
            self._is_modified = True
            self.changed.emit()

    @Slot()
    def _note_scores(self) -> None:
        """Save scores with the library where the store does not keep them."""
        if self._controller.scores_at_risk:
            self.note_change()

    @property
    def is_opening(self) -> bool:
        """Whether a session is on its way into the window."""
        return self._is_reading or self._opening is not None

    def _is_too_early(self, what: str) -> bool:
        """Return whether a session is on its way into the window, and say when to do something instead."""
        if self.is_opening:
            text = f"A session is still being opened. {what} when all of it is there."
            self.notice.emit(Notice("session", Level.WARNING, text))
        return self.is_opening

    # Saving

    def save(self, path: Path) -> None:
        """Write the session to a file, and go on with that one."""
        if self._is_too_early("Save it"):
            return
        changes = self._changes

        def succeeded(_: object) -> None:
            self._path, self._is_modified = path, self._changes != changes
            images = wording.count_text(self._controller.library.present_count, "image")
            self.notice.emit(
                Notice("session", Level.SUCCESS, f"Session saved: {images}, {readable(str(path))}")
            )
            self.changed.emit()

        def failed(error: Exception) -> None:
            reason = getattr(error, "strerror", None) or str(error)
            text = f"{readable(str(path))} could not be written: {reason}. Save the session elsewhere."
            self.notice.emit(Notice("session", Level.ERROR, text))

        self._controller.jobs.submit(self._writer(lambda: path), succeeded, failed)

    def _writer(self, path: Callable[[], Path]) -> Callable[[], None]:
        """Return what writes the library as it is now; it and `path` are called on another thread."""
        controller = self._controller
        library, selected = controller.library.snapshot(), frozenset(self.selected())
        view = {**self.view(), "waiting": library.count(Status.WAITING)}
        folders, give_way = controller.folders, controller.give_way
        reference, of_folders = controller.model.choices.default_id, controller.model.choices.folders

        def write() -> None:
            images = session_images(library, selected, give_way)
            session = Session(images, folders, view, reference, of_folders)
            save_session(session, path(), __version__, give_way)

        return write

    @Slot()
    def _save_automatically(self) -> None:
        if self._autosave is None or self._is_autosaved or self.is_opening:
            return
        self._is_autosaved = True
        write = self._writer(self._autosave.own)
        self._controller.jobs.submit(
            write, lambda _: self.notice_over.emit("autosave"), self._autosave_failed
        )

    def _autosave_failed(self, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error)
        text = f"The library cannot be saved for the next start: {reason}. Save it as a session."
        self.notice.emit(Notice("autosave", Level.WARNING, text))

    def finish(self) -> None:
        """Leave the library for the next start; the controller ends its jobs before its threads."""
        self._is_finished = True
        self._save_soon.stop()
        self._add_soon.stop()
        if self._autosave is None:
            return
        folder, has_images = self._autosave, self._controller.library.present_count > 0
        is_opening = self.is_opening  # what was taken over after a crash is not all in the window
        write = self._writer(folder.own) if has_images and not is_opening else None

        def leave() -> None:
            try:
                if write is not None:
                    write()
            finally:
                # Where the disk is full the copy saved before is better than none.
                folder.finish(keep=write is not None or is_opening)

        self._controller.jobs.submit(leave, lambda _: None, lambda error: _log.warning("%s", error))

    # Opening

    def open(self, path: Path, beside: Sequence[str] = ()) -> None:
        """Show the session in a file in place of the library in the window.

        Args:
            path: Of the session.
            beside: Files and folders to add when it is open.
        """
        if self._is_too_early("Open the other one"):
            return
        self._to_add_beside = list(beside)
        self._open(path, lambda: None, path)

    def _open(
        self,
        path: Path,
        then: Callable[[], None],
        name: Path | None,
        if_damaged: Callable[[], None] = lambda: None,
    ) -> None:
        """Read a session on another thread, then show it.

        The library in the window is left as the last one before, unless there is a file of it already.

        Args:
            path: Of the file.
            then: Called on the other thread when it was read.
            name: The file that the session is saved to from then on, None if it has none.
            if_damaged: Called on the other thread when it cannot be read as a session.
        """
        self.notice.emit(Notice("session", Level.INFO, f"Opening {readable(path.name)}…"))
        self._is_reading = True
        leave = self._leaver()
        is_missed = leave is not None and has_marks(self._controller.library)
        self._controller.jobs.submit(
            self._reader(path, leave, then, if_damaged),
            lambda opened: self._was_read(opened, name, is_missed=is_missed),
            lambda error: self._reading_failed(error, path, name),
        )

    def _leaver(self) -> Callable[[], None] | None:
        """Return what leaves the library in the window as the last one; None if that is not needed."""
        if self._autosave is None or not self._is_modified or not self._controller.library.present_count:
            return None
        return self._writer(self._autosave.make_last)

    def _reader(
        self,
        path: Path,
        leave: Callable[[], None] | None,
        then: Callable[[], None],
        if_damaged: Callable[[], None],
    ) -> Callable[[], OpenedSession]:
        """Return what reads a session; it and what is given are called on another thread."""
        create, give_way = self._create_scorer, self._controller.give_way

        def read() -> OpenedSession:
            try:
                opened = open_session(path, lambda session: _maker(create(), session), give_way)
            except SessionError:
                if_damaged()
                raise
            if leave is not None:
                leave_or_refuse(leave)
            then()
            return opened

        return read

    def _was_read(self, opened: OpenedSession, name: Path | None, *, is_missed: bool) -> None:
        self._is_reading = False
        if self._is_finished:
            return
        self._path = name
        self._show(opened)
        self.last_library.look()
        if is_missed:
            text = "The library before this one has ratings or picks that are in no session file."
            self.notice.emit(Notice("replaced", Level.INFO, text, "Reopen It", self.reopen_last))
        else:
            self.notice_over.emit("replaced")

    def _reading_failed(self, error: Exception, path: Path, name: Path | None) -> None:
        self._is_reading = False
        self._add_beside()
        self.last_library.look()
        last = self._autosave.last if self._autosave is not None else None
        if isinstance(error, FileNotFoundError) and path == last:
            text = "There is no last library: none has been closed or replaced by another one yet."
        elif isinstance(error, FileNotFoundError) and name is None:
            text = "This library has been opened in another window already."
        else:
            reason = error if isinstance(error, SessionError) else f"{getattr(error, 'strerror', error)}."
            text = f"{readable(str(path))} could not be opened. {reason}"
        self.notice.emit(Notice("session", Level.ERROR, text))

    def _add_beside(self) -> None:
        self._controller.add_paths(self._to_add_beside)
        self._to_add_beside = []

    def _show(self, opened: OpenedSession) -> None:
        self._controller.clear()
        self._opening = opened
        self._controller.runs.choose_preprocessing(preprocessing_of(opened.session.view))
        self._controller.set_folders(opened.session.folders)
        self._controller.model.set_default_reference(opened.session.reference or DEFAULT_ID)
        self._controller.model.set_folder_references(opened.session.folder_references)
        self._to_add = deque(opened.images)
        self._add_soon.start()
        self.changed.emit()

    @Slot()
    def _add_some(self) -> None:
        part = [self._to_add.popleft() for _ in range(min(_PART, len(self._to_add)))]
        if part:
            self._controller.restore(part)
        if self._to_add or self._opening is None:
            return
        self._add_soon.stop()
        opened, self._opening = self._opening, None
        self._is_modified = self._path is None
        self.notice_over.emit("session")
        self._controller.model.tell_ranks()  # the window sorts by them
        ids = (
            self._controller.library.id_of(image.path) for image in opened.session.images if image.selected
        )
        self.opened.emit(opened.session.view, [image_id for image_id in ids if image_id is not None])
        self.changed.emit()
        if opened.missing:
            self.missing_files.tell()
        self._tell_unknown_references()
        self._add_beside()

    def _tell_unknown_references(self) -> None:
        """Say which references of the session are not on this computer; their ids stay chosen."""
        unknown = self._controller.model.choices.unknown()
        if unknown:
            self.notice.emit(Notice("references", Level.WARNING, unknown_references_sentence(unknown)))
        else:
            self.notice_over.emit("references")

    # What was left

    def offer_left(self) -> None:
        """Offer to go on with a library that was left, if there is one."""
        if self._autosave is not None:
            self._controller.jobs.submit(self._autosave.find_left, self._offer, lambda _: None)

    def _offer(self, left: LeftLibrary | None) -> None:
        if left is None:
            return
        images = wording.count_text(left.images, "image")
        if left.crashed:
            text = (
                f"The program ended unexpectedly. Its library of {images} can be opened again, with the "
                "scores that were kept."
            )
        else:
            text = f"In the last library, {left.waiting:,} of {images} have no score yet."
        self.notice.emit(Notice("left", Level.INFO, text, "Go On", lambda: self.reopen(left.path)))

    def reopen(self, path: Path) -> None:
        """Open a library that was saved automatically."""
        assert self._autosave is not None
        if self._is_too_early("Open the other one"):
            return
        folder = self._autosave
        self._open(path, lambda: folder.take_over(path), None, lambda: folder.set_aside(path))

    def reopen_last(self) -> None:
        """Open the library that was closed last, with its window or because another one took its place."""
        if self._autosave is not None:
            self.reopen(self._autosave.last)


def unknown_references_sentence(reference_ids: Sequence[str]) -> str:
    """Return what it means that references are not on this computer, and what to do."""
    names = ", ".join(f"“{plain_name(reference_id)}”" for reference_id in reference_ids)
    what = "A reference" if len(reference_ids) == 1 else "References"
    return (
        f"{what} of this session {'is' if len(reference_ids) == 1 else 'are'} not on this computer: {names}. "
        "LaMem stands in until it is added under References, with the same name."
    )


def _maker(scorer: Scorer, session: Session) -> Provenance:
    """Return what a session's scores must be produced by: this scorer, with the recipe of the session."""
    of_scorer = provenance_of(scorer)
    preprocessing = preprocessing_of(session.view)
    return Provenance(of_scorer.scorer, of_scorer.weights_sha256, preprocessing.id, device="")


def preprocessing_of(view: Mapping[str, JSON]) -> Preprocessing:
    """Return the recipe that a view names; the default for what it does not name."""
    return Preprocessing(
        upright=view.get("upright") is not False, fast_decoding=view.get("fast_decoding") is True
    )


def preprocessing_view(preprocessing: Preprocessing) -> dict[str, JSON]:
    """Return how a view names a recipe."""
    return {"upright": preprocessing.upright, "fast_decoding": preprocessing.fast_decoding}
