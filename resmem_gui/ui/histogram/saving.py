"""Takes a picture out of the window: as a file, or for the clipboard."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from resmem_gui.library.records import readable
from resmem_gui.replacing import replacing
from resmem_gui.ui.histogram.paper import Paper
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.save_dialog import SaveDialog
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)

_KINDS: Final = {"PNG picture (*.png)": "png", "SVG drawing (*.svg)": "svg"}
_KEY: Final = "picture"


class PictureSaving(QObject):
    """Asks where, draws the picture and writes it on another thread.

    Signals:
        notice: What came of it (`Notice`).
    """

    notice = Signal(object)

    def __init__(self, name: str, jobs: Jobs, window: QWidget) -> None:
        """Make what saves for a window.

        Args:
            name: That a file gets if a person does not choose another, without its ending.
            jobs: Where pictures are painted and written.
            window: Above which a person is asked.
        """
        super().__init__(window)
        self._name = name
        self._window = window
        self._jobs = jobs
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self._asked: Paper | None = None

    def ask_where(self, picture: Paper) -> None:
        """Ask for a file, and write a picture to it."""
        self._asked = picture
        dialog = SaveDialog(self._window, "Save Picture", Path(self._folder) / f"{self._name}.png", _KINDS)
        dialog.fileSelected.connect(self._save_asked)
        dialog.open()

    @Slot(str)
    def _save_asked(self, chosen: str) -> None:
        path = Path(chosen)
        self._folder = str(path.parent)
        if self._asked is not None:
            self.save(path, self._asked)
            self._asked = None

    def save(self, path: Path, picture: Paper) -> None:
        """Write a picture; its kind is told by the ending of the file's name, .png or .svg."""
        kinds = {".png": picture.as_png, ".svg": picture.as_svg}
        kind = kinds.get(path.suffix.lower())
        if kind is None:
            text = f"{readable(path.name)} was not written: choose a name that ends in .png or .svg."
            self.notice.emit(Notice(_KEY, Level.ERROR, text))
        else:
            self._submit(lambda: _write(kind(), path), path)

    def copy(self, picture: Paper) -> None:
        """Put a picture on the clipboard, as soon as it is painted."""
        self._jobs.submit(picture.as_image, QGuiApplication.clipboard().setImage, self._tell_no_copy)

    def _tell_no_copy(self, error: Exception) -> None:
        self.notice.emit(Notice(_KEY, Level.ERROR, f"The picture could not be copied: {error}"))

    def _submit(self, write: Callable[[], None], path: Path) -> None:
        def succeeded(_: object) -> None:
            self.notice.emit(Notice(_KEY, Level.SUCCESS, f"Picture written to {readable(str(path))}"))

        def failed(error: Exception) -> None:
            _log.warning("the picture was not written", exc_info=error)
            reason = getattr(error, "strerror", None) or str(error)
            text = f"{readable(str(path))} could not be written: {reason}. Save the picture elsewhere."
            self.notice.emit(Notice(_KEY, Level.ERROR, text))

        self._jobs.submit(write, succeeded, failed)


def _write(content: bytes, path: Path) -> None:
    with replacing(path) as stream:
        stream.write(content)
