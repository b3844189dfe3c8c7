"""Keeps the library as its folders are: new files appear, removed ones are marked."""

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from resmem_gui.file_state import FileState
from resmem_gui.library.records import Status
from resmem_gui.library.relinking import lost_images, relink
from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.started import started_thread
from resmem_gui.ui.threads.watch_worker import FolderChange, WatchWorker


class Watching(QObject):
    """Watches the library's folders while that is wanted.

    Signals:
        notice: Something to tell (`Notice`).
    """

    notice = Signal(object)
    _watch = Signal(int, object)

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._is_wanted = False
        self._number = 0
        self._failed_states: dict[int, FileState] = {}
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
        self._worker = WatchWorker(lambda: library.paths, self._controller.give_way)
        self._thread = started_thread("watch", self._worker, self)
        self._watch.connect(self._worker.watch)
        # Its timers must be stopped on its thread.
        self._thread.finished.connect(self._worker.stop, Qt.ConnectionType.DirectConnection)
        self._worker.changed.connect(self._changed)
        self._worker.not_watched.connect(self._not_watched)
        self._controller.add_thread(self._thread)

    @Slot()
    def _watch_folders(self) -> None:
        self._number += 1
        if self._worker is not None:
            self._watch.emit(self._number, self._controller.folders if self._is_wanted else [])

    @Slot(object)
    def _changed(self, change: FolderChange) -> None:
        if change.watch != self._number:
            return  # of folders that are not watched any more
        controller, library = self._controller, self._controller.library
        gone = [image_id for path in change.gone if (image_id := library.id_of(path)) is not None]
        gone = [image_id for image_id in gone if not library.missing[image_id]]
        there = {library.id_of(path): state for path, state in change.there.items()}
        present = {image_id: state for image_id, state in there.items() if image_id is not None}
        back = [image_id for image_id in present if library.missing[image_id]]
        edited = [image_id for image_id, state in present.items() if self._has_changed(image_id, state)]
        if back:
            controller.mark_missing(back, missing=False)
        controller.runs.look_again(edited)
        if gone and change.new:
            self._follow_renamings(gone, change.new)
        else:
            self._take(gone, change.new)

    def _has_changed(self, image_id: int, state: FileState) -> bool:
        """Tell whether a file is another than when it was scored, or when it last failed to be."""
        library = self._controller.library
        if library.statuses[image_id] == Status.FAILED:
            before = self._failed_states.get(image_id)
            self._failed_states[image_id] = state
            return before != state
        known = (int(library.file_bytes[image_id]), int(library.mtimes_ns[image_id]))
        return known[0] > 0 and known != (state.size, state.mtime_ns)

    def _follow_renamings(self, gone: list[int], new: list[str]) -> None:
        """Look, on another thread, which of the new files are those that are gone."""
        lost = lost_images(self._controller.library, gone)
        number = self._number

        def follow(found: dict[int, str]) -> None:
            if number != self._number:
                return
            relinked = set(self._controller.relink(found, []))
            taken = {found[image_id] for image_id in relinked}
            left = [image_id for image_id in gone if image_id not in relinked]
            self._take(left, [path for path in new if path not in taken])

        self._controller.jobs.submit(lambda: relink(lost, new), follow, lambda _: self._take(gone, new))

    def _take(self, gone: list[int], new: list[str]) -> None:
        if gone:
            self._controller.mark_missing(gone, missing=True)
        if new:
            self._controller.add_paths(new)

    @Slot(int)
    def _not_watched(self, folders: int) -> None:
        text = (
            f"{wording.count_text(folders, 'folder')} cannot be watched: the system sets a limit, or the "
            "drive does not tell of changes. Drop them again to see what is new there."
        )
        self.notice.emit(Notice("watching", Level.WARNING, text))
