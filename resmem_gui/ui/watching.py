"""Keeps the library as its folders are: new files appear, removed ones are marked."""

from PySide6.QtCore import QObject, QThread, Signal, Slot

from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notices import Level, Notice
from resmem_gui.ui.threads.started import started_thread
from resmem_gui.ui.threads.watch_worker import FolderChange, WatchWorker


class Watching(QObject):
    """Watches the library's folders while that is wanted.

    Signals:
        notice: Something to tell (`Notice`).
    """

    notice = Signal(object)
    _watch = Signal(object)

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._is_wanted = False
        self._worker: WatchWorker | None = None
        self._thread: QThread | None = None
        controller.folders_changed.connect(self._watch_folders)

    @property
    def is_wanted(self) -> bool:
        """Whether folders are watched."""
        return self._is_wanted

    def set_wanted(self, wanted: bool) -> None:
        """Watch the library's folders, or stop."""
        if wanted == self._is_wanted:
            return
        self._is_wanted = wanted
        if self._worker is None:
            self._start()
        self._watch_folders()

    def _start(self) -> None:
        library = self._controller.library
        self._worker = WatchWorker(lambda: library.paths)
        self._thread = started_thread("watch", self._worker, self)
        self._watch.connect(self._worker.watch)
        self._worker.changed.connect(self._changed)
        self._worker.not_watched.connect(self._not_watched)
        self._controller.add_thread(self._thread)

    @Slot()
    def _watch_folders(self) -> None:
        if self._worker is not None:
            self._watch.emit(self._controller.folders if self._is_wanted else [])

    @Slot(object)
    def _changed(self, change: FolderChange) -> None:
        if not self._is_wanted:
            return
        controller, library = self._controller, self._controller.library
        gone = [image_id for path in change.gone if (image_id := library.id_of(path)) is not None]
        there = {library.id_of(path): state for path, state in change.there.items()}
        present = {image_id: state for image_id, state in there.items() if image_id is not None}
        gone = [image_id for image_id in gone if not library.missing[image_id]]
        back = [image_id for image_id in present if library.missing[image_id]]
        edited = [
            image_id
            for image_id, state in present.items()
            if library.mtimes_ns[image_id]
            and (state.size, state.mtime_ns) != (library.file_bytes[image_id], library.mtimes_ns[image_id])
        ]
        if gone:
            controller.mark_missing(gone, missing=True)
        if back:
            controller.mark_missing(back, missing=False)
        controller.look_again(edited)
        if change.new:
            controller.add_paths(change.new)

    @Slot(int)
    def _not_watched(self, folders: int) -> None:
        text = (
            f"{wording.count_text(folders, 'folder')} cannot be watched: the system sets a limit, or the "
            "drive does not tell of changes. Drop them again to see what is new there."
        )
        self.notice.emit(Notice("watching", Level.WARNING, text))
