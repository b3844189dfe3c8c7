"""The commands for the images that a person stands on: show elsewhere, copy to the clipboard."""

import os
from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QMainWindow

from resmem_gui.images.decoding import decode
from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.controller import Controller
from resmem_gui.ui.marking.commands import Place
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.thumbnails import to_qimage
from resmem_gui.ui.window.actions import Actions

#: Each opens a window of another program.
_MOST_OPENED = 12


class ImageCommands(QObject):
    """Adds the actions.

    Signals:
        notice: What could not be done (`Notice`).
        done: What was done, in a few words, for the status line.
    """

    notice = Signal(object)
    done = Signal(str)

    def __init__(
        self, controller: Controller, place: Callable[[], Place], actions: Actions, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._place = place
        actions.add("open_outside", "Open in &Default Program", self._open, shortcut="Ctrl+Return")
        actions.add("reveal", "&Show in Folder", self._reveal, shortcut="Ctrl+Shift+E")
        actions.add("copy_image", "Copy &Image", self._copy_image, shortcut="Ctrl+Shift+C")
        actions.add("copy_path", "Cop&y Path", self._copy_paths, shortcut="Ctrl+Alt+C")
        actions.add("copy_score", "Copy Scor&e", self._copy_scores)

    def _paths(self) -> list[str]:
        paths = self._controller.library.paths
        return [paths[image_id] for image_id in self._place().marked_ids()]

    def _open(self) -> None:
        paths = self._paths()
        if len(paths) > _MOST_OPENED:
            text = f"{len(paths):,} images are selected: at most {_MOST_OPENED} are opened at once."
            self.notice.emit(Notice("outside", Level.WARNING, text))
            return
        for path in paths:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
                text = f"No program was found that opens {readable(path)}."
                self.notice.emit(Notice("outside", Level.WARNING, text))

    def _reveal(self) -> None:
        paths = self._paths()
        folders = len({os.path.dirname(path) for path in paths})
        if folders > _MOST_OPENED:
            text = f"The selected images are in {folders:,} folders: at most {_MOST_OPENED} are shown."
            self.notice.emit(Notice("outside", Level.WARNING, text))
        elif paths:
            self._controller.jobs.submit(lambda: show_in_folder(paths), lambda _: None, self._reveal_failed)

    def _reveal_failed(self, error: Exception) -> None:
        self.notice.emit(not_shown(error))

    def _copy_image(self) -> None:
        paths = self._paths()
        if paths:
            read = lambda: to_qimage(decode(paths[0]).pixels)  # noqa: E731
            self._controller.jobs.submit(
                read, lambda image: self._put_image(image, paths[0]), self._copy_failed
            )

    def _put_image(self, image: QImage, path: str) -> None:
        """Put pixels and file on the clipboard: editors take the one, file managers the other."""
        data = QMimeData()
        data.setImageData(image)
        data.setUrls([QUrl.fromLocalFile(path)])
        QGuiApplication.clipboard().setMimeData(data)
        self.done.emit(f"Image copied: {readable(os.path.basename(path))}")  # of several, the first one

    def _copy_failed(self, error: Exception) -> None:
        self.notice.emit(Notice("outside", Level.WARNING, f"The image could not be copied. {error}"))

    def _copy_paths(self) -> None:
        paths = self._paths()
        if paths:
            QGuiApplication.clipboard().setText("\n".join(map(readable, paths)))
            self.done.emit(f"{wording.count_text(len(paths), 'path')} copied")

    def _copy_scores(self) -> None:
        library = self._controller.library
        records = [library.record(image_id) for image_id in self._place().marked_ids()]
        scores = [record for record in records if record.score is not None]
        if not scores:  # what the clipboard holds is worth more than nothing
            if records:
                self.done.emit("No score to copy")
            return
        # One score stands alone, to be pasted into a cell or a sentence; many need their names.
        lines = [f"{record.name}\t{record.score:.6f}" for record in scores]
        QGuiApplication.clipboard().setText(
            f"{scores[0].score:.6f}" if len(scores) == 1 else "\n".join(lines)
        )
        self.done.emit(f"{wording.count_text(len(scores), 'score')} copied")


def not_shown(error: Exception) -> Notice:
    """Return what there is to say when the file manager could not be started."""
    reason = str(error) or type(error).__name__
    return Notice("outside", Level.WARNING, f"The file manager could not be started: {reason}.")


def show_in_folder(paths: list[str]) -> None:
    """Open the system's file manager with files selected; takes a while.

    Raises:
        Exception: Whatever keeps the file manager from starting.
    """
    from showinfm.showinfm import show_in_file_manager  # looks for file managers when it is imported

    show_in_file_manager(paths)
