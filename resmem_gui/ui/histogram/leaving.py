"""What leaves the histogram: a picture as a file or on the clipboard, and its numbers in words."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from resmem_gui.ui.histogram.menu import HistogramMenu
from resmem_gui.ui.histogram.picture import Picture
from resmem_gui.ui.histogram.saving import PictureSaving
from resmem_gui.ui.threads.background import Jobs


class Leaving(QObject):
    """Does what the last entries of the menu promise.

    Signals:
        notice: What came of saving or copying a picture (`Notice`).
    """

    notice = Signal(object)

    def __init__(
        self, menu: HistogramMenu, picture: Callable[[], Picture], jobs: Jobs, parent: QWidget
    ) -> None:
        """Serve a menu.

        Args:
            menu: Whose entries are served.
            picture: Returns the picture of what is shown now.
            jobs: Where it is painted and written.
            parent: Owner, above which a person is asked for a file.
        """
        super().__init__(parent)
        self._picture = picture
        self._saving = PictureSaving("histogram", jobs, parent)
        self._saving.notice.connect(self.notice)
        menu.save_picture.triggered.connect(self._save_picture)
        menu.copy_picture.triggered.connect(self._copy_picture)
        menu.copy_summary.triggered.connect(self._copy_summary)

    @Slot()
    def _save_picture(self) -> None:
        self._saving.ask_where(self._picture())

    @Slot()
    def _copy_picture(self) -> None:
        self._saving.copy(self._picture())

    @Slot()
    def _copy_summary(self) -> None:
        QGuiApplication.clipboard().setText(self._picture().description)
