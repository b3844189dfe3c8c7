"""The window “Distribution”: some images against what was measured on people, or against other images."""

from typing import Final

from numpy.typing import ArrayLike
from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QSplitter, QVBoxLayout, QWidget

from resmem_gui.ui.distribution import texts
from resmem_gui.ui.distribution.choosing_row import ChoosingRow
from resmem_gui.ui.distribution.comparing import Comparing
from resmem_gui.ui.distribution.figure import FigureView
from resmem_gui.ui.distribution.groups import Kind
from resmem_gui.ui.distribution.leaving import LeavingButtons
from resmem_gui.ui.distribution.numbers_table import NumbersTable
from resmem_gui.ui.distribution.sentences import Sentences
from resmem_gui.ui.distribution.view_row import ViewRow
from resmem_gui.ui.distribution.warning_row import WarningRow
from resmem_gui.ui.distribution.work import Answer
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs

#: At first; whoever opens the window bounds it by the screen.
_SIZE: Final = QSize(900, 700)
#: Widths of numbers and sentences: the names above the numbers are long.
_WIDTHS: Final = (470, 430)
_GEOMETRY_KEY: Final = "distribution/geometry"


class DistributionWindow(QDialog):
    """Shows two distributions as densities, in numbers and in sentences, and follows while scores come in.

    Signals:
        notice: What came of saving or copying a picture (`Notice`).
    """

    notice = Signal(object)

    def __init__(
        self, model: ImageModel, jobs: Jobs, parent: QWidget | None, settings: QSettings | None = None
    ) -> None:
        """Build the window; `show` brings it up.

        Args:
            model: Of the images, and of their references.
            jobs: Where it computes.
            parent: The window that it belongs to.
            settings: Where its size is remembered, if anywhere.
        """
        super().__init__(parent)
        self._settings = settings
        self._answer: Answer | None = None
        self.setWindowTitle("Distribution")
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self._choosing = ChoosingRow(self)
        self._views = ViewRow(self)
        self._warning = WarningRow(self)
        self._figure = FigureView(self)
        self._numbers = NumbersTable(self)
        self._sentences = Sentences(self)
        self._leaving = LeavingButtons(jobs, lambda: self._views.shown, self)
        self._comparing = Comparing(model, jobs, self._choosing, self)
        self._lay_out()
        self._connect()
        self._restore()

    def _lay_out(self) -> None:
        below = QSplitter(Qt.Orientation.Horizontal, self)
        below.addWidget(self._numbers)
        below.addWidget(self._sentences)
        below.setSizes(_WIDTHS)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.addWidget(self._figure)
        parts.addWidget(below)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        for splitter in (below, parts):
            splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        for widget in (self._choosing, self._views, self._warning):
            layout.addWidget(widget)
        layout.addWidget(parts, 1)
        layout.addWidget(self._leaving)

    def _connect(self) -> None:
        self._comparing.answered.connect(self._show_answer)
        self._comparing.failed.connect(self._sentences.show_failure)
        self._views.changed.connect(self._draw)
        self._numbers.copy_wanted.connect(self._leaving.copy_table)
        self._leaving.notice.connect(self.notice)
        self._leaving.rejected.connect(self.close)

    def _restore(self) -> None:
        self.resize(_SIZE)
        kept = self._settings.value(_GEOMETRY_KEY) if self._settings is not None else None
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

    def show_selected(self, image_ids: ArrayLike) -> None:
        """Take these as the selected images, shape (n,), from now on."""
        self._comparing.show_selected(image_ids)

    def compare(self, first: Kind, second: Kind | None = None) -> None:
        """Choose what is compared, such as the selected images; the other list stays as it is."""
        self._comparing.offer()
        self._choosing.choose(first, second)

    @Slot()
    def refresh_soon(self) -> None:
        """Follow what scores, images and references are now, not more than twice a second."""
        self._comparing.refresh_soon()

    @Slot(object)
    def _show_answer(self, answer: Answer) -> None:
        self._answer = answer
        self._warning.warn(texts.warning(answer))
        self._numbers.show_answer(answer)
        self._sentences.show_answer(answer)
        self._leaving.show_answer(answer)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if self._answer is not None:
            self._figure.show_answer(self._answer, self._views.shown)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Compare what there is now."""
        super().showEvent(event)
        self._comparing.read_references()
        self._comparing.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow no further, and remember the size."""
        super().hideEvent(event)
        self._comparing.stop()
        if self._settings is not None:
            self._settings.setValue(_GEOMETRY_KEY, self.saveGeometry())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close what was opened above it too."""
        for dialog in self.findChildren(QDialog):
            dialog.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Look whether there are other references when a person comes back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._comparing.read_references()
