"""The window “Distribution”: images against a reference, or against other images."""

import logging
from typing import Final

import numpy as np
import shiboken6
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme
from resmem_gui.ui.distribution import texts
from resmem_gui.ui.distribution.choosing_row import ChoosingRow
from resmem_gui.ui.distribution.figure import DistributionPicture, FigureView
from resmem_gui.ui.distribution.groups import Group, Kind, find_group
from resmem_gui.ui.distribution.numbers_table import NumbersTable
from resmem_gui.ui.distribution.view_row import ViewRow
from resmem_gui.ui.distribution.work import Answer, Question, answer
from resmem_gui.ui.histogram.saving import PictureSaving
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle

_log = logging.getLogger(__name__)
_FOLLOW_MS: Final = 500
_SIZE: Final = QSize(900, 700)
_GEOMETRY_KEY: Final = "distribution/geometry"
_ICON_SIZE: Final = 16


class DistributionWindow(QDialog):
    """Shows two distributions as densities, in numbers and in sentences, and follows while scores come in.

    Numbers and distances are computed on another thread, one question at a time.

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
        self._model = model
        self._jobs = jobs
        self._settings = settings
        self._references: list[Reference] = []
        self._selected: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._answer: Answer | None = None
        self._asked: Question | None = None
        self._is_under_way = False
        self._saving = PictureSaving("distribution", jobs, self)
        self._saving.notice.connect(self.notice)
        self._follow_soon = Throttle(_FOLLOW_MS, self._follow, self)
        self.setWindowTitle("Distribution")
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._restore()

    # Building

    def _make_widgets(self) -> None:
        self._choosing = ChoosingRow(self)
        self._views = ViewRow(self)
        self._figure = FigureView(self)
        self._numbers = NumbersTable(self)
        self._sentences = QTextBrowser(self)
        self._sentences.setAccessibleName("What the numbers mean")
        self._sentences.setPlainText("Comparing…")
        self._warning_icon = QLabel(self)
        self._warning = QLabel(self)
        self._warning.setTextFormat(Qt.TextFormat.PlainText)
        self._warning.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self._actions = {
            self._buttons.addButton(text, role): action
            for text, action in (
                ("Copy &Text", self._copy_text),
                ("Copy Ta&ble", self._copy_table),
                ("Copy &Picture", self._copy_picture),
                ("&Save Picture…", self._save_picture),
            )
        }
        for button, action in self._actions.items():
            button.clicked.connect(action)
            button.setAutoDefault(False)
            button.setEnabled(False)
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)

    def _lay_out(self) -> None:
        self._warning_row = QWidget(self)
        row = QHBoxLayout(self._warning_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._warning_icon)
        row.addWidget(self._warning, 1)
        self._warning_row.hide()
        below = QSplitter(Qt.Orientation.Horizontal, self)
        below.addWidget(self._numbers)
        below.addWidget(self._sentences)
        below.setSizes([450, 450])
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.addWidget(self._figure)
        parts.addWidget(below)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        for splitter in (below, parts):
            splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        for widget in (self._choosing, self._views, self._warning_row):
            layout.addWidget(widget)
        layout.addWidget(parts, 1)
        layout.addWidget(self._buttons)

    def _connect(self) -> None:
        self._buttons.rejected.connect(self.close)
        self._choosing.changed.connect(self.refresh)
        self._views.changed.connect(self._draw)
        self._numbers.copy_wanted.connect(self._copy_table)
        model = self._model
        for changed in (model.dataChanged, model.modelReset, model.images_came_or_went):
            changed.connect(self.refresh_soon)
        model.reference_changed.connect(self._read_references)

    def _restore(self) -> None:
        self.resize(_SIZE)
        kept = self._settings.value(_GEOMETRY_KEY) if self._settings is not None else None
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

    # What is compared

    def show_selected(self, image_ids: ArrayLike) -> None:
        """Take these as the selected images, shape (n,), from now on."""
        self._selected = np.asarray(image_ids, dtype=np.int64)
        self.refresh_soon()

    def compare(self, first: Kind, second: Kind | None = None) -> None:
        """Choose what is compared, such as the selected images; the other list stays as it is."""
        self._offer()
        self._choosing.choose(first, second)

    @Slot()
    def refresh_soon(self) -> None:
        """Follow what scores, images and references are now, not more than twice a second."""
        if self.isVisible():
            self._follow_soon.ask()

    @Slot()
    def refresh(self) -> None:
        """Follow at once."""
        if self.isVisible():
            self._follow()

    def _follow(self) -> None:
        self._offer()
        question = self._question()
        if self._is_under_way or question.is_same(self._asked):
            return  # what is under way asks again when it is done
        self._asked = question
        self._is_under_way = True
        self._jobs.submit(lambda: answer(question), self._succeeded, self._failed)

    def _offer(self) -> None:
        default = self._model.reference
        self._choosing.offer(self._model.library, self._references or [default], default)

    def _question(self) -> Question:
        first, second = self._choosing.first, self._choosing.second
        library, shown = self._model.library, self._model.order
        group = find_group(first, library, shown, self._selected, first)
        if second.kind is Kind.REFERENCE:
            known = [self._model.reference, *self._references]
            return Question(group, next(found for found in known if found.id == second.key))
        if second.kind is Kind.OWN_REFERENCE:
            return self._against_their_own(group)
        return Question(group, find_group(second, library, shown, self._selected, first))

    def _against_their_own(self, group: Group) -> Question:
        """Ask about images and the reference that all of them have, or else the library's."""
        used = np.unique(self._model.library.reference_numbers[group.image_ids])
        if len(used) == 1:
            return Question(group, self._model.reference_of(int(group.image_ids[0])))
        return Question(group, self._model.reference, has_several_references=len(used) > 1)

    @Slot()
    def _read_references(self) -> None:
        """Look, on the other thread, which references there are: the first time files are read."""
        if self.isVisible():
            self._jobs.submit(self._model.references.all, self._take_references, self._no_references)

    def _take_references(self, references: list[Reference]) -> None:
        if shiboken6.isValid(self):
            self._references = references
            self.refresh()

    def _no_references(self, error: Exception) -> None:
        """Go on with the library's own."""
        _log.error("the references could not be read", exc_info=error)

    # What is shown

    def _succeeded(self, found: Answer) -> None:
        if not shiboken6.isValid(self):  # the window may have gone meanwhile
            return
        self._is_under_way = False
        self._answer = found
        for button in self._actions:
            button.setEnabled(True)
        warning = texts.warning(found)
        self._warning.setText(warning)
        self._warning_row.setVisible(bool(warning))
        self._numbers.show_answer(found)
        self._tell(texts.as_html(found))
        self._draw()
        self.refresh_soon()

    def _tell(self, text: str) -> None:
        """Show sentences; who reads on below is not led back to the top."""
        bar = self._sentences.verticalScrollBar()
        place = bar.value()
        self._sentences.setHtml(text)
        bar.setValue(place)

    @Slot()
    def _draw(self) -> None:
        if self._answer is not None:
            self._figure.show_answer(self._answer, self._views.shown)

    def _failed(self, error: Exception) -> None:
        _log.error("distributions were not compared", exc_info=error)
        if shiboken6.isValid(self):
            self._is_under_way, self._asked = False, None
            self._sentences.setPlainText(f"The distributions cannot be compared: {error}.")

    # What leaves the window

    @Slot()
    def _copy_text(self) -> None:
        if self._answer is not None:
            QGuiApplication.clipboard().setText(texts.as_text(self._answer))

    @Slot()
    def _copy_table(self) -> None:
        if self._answer is not None:
            QGuiApplication.clipboard().setText(texts.as_tsv(self._answer))

    @Slot()
    def _copy_picture(self) -> None:
        if self._answer is not None:
            self._saving.copy(DistributionPicture(self._answer, self._views.shown, self.font()))

    @Slot()
    def _save_picture(self) -> None:
        if self._answer is not None:
            self._saving.ask_where(DistributionPicture(self._answer, self._views.shown, self.font()))

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Compare what there is now."""
        super().showEvent(event)
        self._take_colors()
        self._read_references()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow no further, and remember the size."""
        super().hideEvent(event)
        self._follow_soon.stop()
        if self._settings is not None:
            self._settings.setValue(_GEOMETRY_KEY, self.saveGeometry())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close what was opened above it too."""
        for dialog in self.findChildren(QDialog):
            dialog.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette; look whether there are other references when a person comes back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._read_references()

    def _take_colors(self) -> None:
        icon = theme.tinted_icon("warning", self.palette())
        self._warning_icon.setPixmap(icon.pixmap(_ICON_SIZE))
