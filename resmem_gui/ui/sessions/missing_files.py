"""Looks for files that are not where they were, below a folder that the person points at."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from resmem_gui.images.discovery import Discovery
from resmem_gui.library.library import Library
from resmem_gui.library.records import readable
from resmem_gui.library.relinking import lost_images, relink
from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.notice import Level, Notice


class MissingFiles(QObject):
    """Says which files are missing, and finds them again.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        wanted: The person wants to look for missing files: the window asks for a folder and calls
            `find_below`.
        relinked: Some images have got the paths where their files are now.
    """

    notice = Signal(object)
    notice_over = Signal(str)
    wanted = Signal()
    relinked = Signal()

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller

    @Slot()
    def tell(self) -> None:
        """Say how many files are missing, and offer to look for them."""
        missing = len(self._controller.library.missing_ids())
        if not missing:
            self.notice_over.emit("missing")
            return
        text = (
            f"{wording.count_text(missing, 'file')} {'is' if missing == 1 else 'are'} not where "
            f"{'it was' if missing == 1 else 'they were'}. Scores stay. If files have been moved, show the "
            "folder that they are in now."
        )
        self.notice.emit(Notice("missing", Level.WARNING, text, "Find Files…", self.wanted.emit))

    @Slot(str)
    def find_below(self, folder: str) -> None:
        """Look for missing files below a folder."""
        library = self._controller.library.snapshot()
        give_way = self._controller.give_way
        self.notice.emit(Notice("missing", Level.INFO, f"Looking for missing files in {readable(folder)}…"))
        self._controller.jobs.submit(
            lambda: _find(library, folder, give_way),
            lambda found: self._relink(found, folder),
            self._finding_failed,
        )

    def _relink(self, found: Mapping[int, tuple[str, bool]], folder: str) -> None:
        paths = {image_id: path for image_id, (path, _) in found.items()}
        changed = [image_id for image_id, (_, is_changed) in found.items() if is_changed]
        relinked = self._controller.relink(paths, changed)
        if relinked:
            self._controller.set_folders(list(dict.fromkeys([*self._controller.folders, folder])))
            self.relinked.emit()
        self.tell()
        level = Level.SUCCESS if relinked else Level.WARNING
        text = f"{wording.count_text(len(relinked), 'missing file')} found."
        if changed:
            text += f" {len(changed):,} had changed and {'is' if len(changed) == 1 else 'are'} scored again."
        self.notice.emit(Notice("found", level, text))

    def _finding_failed(self, error: Exception) -> None:
        text = f"The folder could not be searched: {getattr(error, 'strerror', None) or error}."
        self.notice.emit(Notice("missing", Level.ERROR, text))


def _find(library: Library, folder: str, give_way: Callable[[], None]) -> dict[int, tuple[str, bool]]:
    """Return the new paths of missing images below a folder, and whether their files have changed."""
    lost = lost_images(library, library.missing_ids().tolist())

    def never() -> bool:
        give_way()
        return False

    files = (path for path in Discovery([folder], is_cancelled=never) if library.id_of(path) is None)
    found = relink(lost, files, never)
    sizes = library.file_bytes
    return {
        image_id: (path, bool(sizes[image_id]) and Path(path).stat().st_size != sizes[image_id])
        for image_id, path in found.items()
    }
