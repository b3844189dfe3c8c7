"""The window that lists all references, takes in a person's own and removes them."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import is_own
from resmem_gui.analysis.score_table import ScoreTable, read_score_table
from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.references.add_dialog import AddReferenceDialog
from resmem_gui.ui.references.details import ReferenceDetails
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs

#: Words, then numbers: a word to the right of a number would touch it.
_TITLES: Final = ("Reference", "Origin", "n", "Mean", "SD", "Images compared")
_FIRST_NUMBER: Final = 2
_ID: Final = int(Qt.ItemDataRole.UserRole)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_GAP: Final = 14
_SIZE_KEY: Final = "references/geometry"
_FOLDER_KEY: Final = "references/folder"
_FILES: Final = "Tables (*.csv *.tsv *.txt *.dat);;All files (*)"


class ReferencesDialog(QDialog):
    """Lists references with their numbers and their provenance.

    Signals:
        default_chosen: The library shall be compared with a reference (its id).
    """

    default_chosen = Signal(str)

    def __init__(self, model: ImageModel, jobs: Jobs, settings: QSettings, parent: QWidget) -> None:
        """Make the window; it does not keep others from being used.

        Args:
            model: Whose images are compared.
            jobs: Where files are read and written.
            settings: Where its size is remembered.
            parent: Owner.
        """
        super().__init__(parent)
        self.setWindowTitle("References")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._model, self._jobs, self._settings = model, jobs, settings
        self._is_open = True
        self._list = QTreeWidget(self)
        self._details = ReferenceDetails(self)
        self._said = SentenceLabel(self)
        self._compare = self._button("&Compare the Library with It", self._compare_library)
        self._add = self._button("&Add from File…", self._choose_file)
        self._remove = self._button("&Remove…", self._ask_to_remove)
        self._set_up_list()
        self._arrange()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self._list, self._ask_to_remove)
        model.reference_changed.connect(self._fill)
        model.images_came_or_went.connect(self._fill)
        self._fill()
        self._say(" ".join(model.references.problems))
        self._list.setFocus()

    def _button(self, text: str, handler: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)  # Enter stands for the list's own
        button.clicked.connect(lambda _checked: handler())
        return button

    def _set_up_list(self) -> None:
        self._list.setHeaderLabels(_TITLES)
        self._list.setAccessibleName("References")
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setAllColumnsShowFocus(True)
        self._list.setAlternatingRowColors(True)
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(_FIRST_NUMBER, len(_TITLES)):
            self._list.headerItem().setTextAlignment(column, _RIGHT)
        self._list.currentItemChanged.connect(self._show_current)
        self._list.itemActivated.connect(lambda _item, _column: self._compare_library())

    def _arrange(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self._list)
        split.addWidget(self._details)
        split.setChildrenCollapsible(False)
        split.setSizes([240, 240])
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close.rejected.connect(self.close)
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        row = QHBoxLayout()
        for button in (self._compare, self._add, self._remove):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        meaning = QLabel(
            "A percentile says how many images of a reference, measured on people, lie below the score "
            "of an image. The same score stands high among landscapes and low among food.",
            self,
        )
        meaning.setWordWrap(True)
        layout.addWidget(meaning)
        layout.addWidget(split, 1)
        layout.addWidget(self._said)
        layout.addLayout(row)
        self.resize(fitted(QSize(720, 560), self))
        self.restoreGeometry(self._settings.value(_SIZE_KEY) or b"")

    # The list

    @Slot()
    def _fill(self) -> None:
        """List all again, and stay at the one that a person stands on."""
        chosen, choices = self._chosen_id() or self._model.choices.default_id, self._model.choices
        used, references = choices.in_use(), self._model.references.all()
        self._list.blockSignals(True)
        self._list.clear()
        for reference in references:
            item = self._item(
                reference, used.get(reference.id, 0), is_default=reference.id == choices.default_id
            )
            self._list.addTopLevelItem(item)
            if reference.id == chosen:
                self._list.setCurrentItem(item)
        first = self._list.topLevelItem(0)
        if self._list.currentItem() is None and first is not None:
            self._list.setCurrentItem(first)
        self._list.blockSignals(False)
        for column in range(1, len(_TITLES)):
            self._list.resizeColumnToContents(column)
            self._list.setColumnWidth(column, self._list.columnWidth(column) + _GAP)
        self._show_current()

    def _item(self, reference: Reference, used: int, *, is_default: bool) -> QTreeWidgetItem:
        origin = "Yours" if is_own(reference.id) else "Ships with the program"
        texts = [
            reference.name + (" (the library’s)" if is_default else ""),
            origin,
            f"{reference.n:,}",
            f"{reference.mean:.3f}",
            f"{reference.sd:.3f}",
            f"{used:,}" if used else "–",
        ]
        item = QTreeWidgetItem(texts)
        item.setData(0, _ID, reference.id)
        item.setSizeHint(0, QSize(0, round(1.6 * self.fontMetrics().height())))
        for column in range(_FIRST_NUMBER, len(_TITLES)):
            item.setTextAlignment(column, _RIGHT)
        if is_default:
            font = self._list.font()
            font.setBold(True)
            item.setFont(0, font)
        return item

    def _stand_on(self, reference_id: str) -> None:
        """Go to a reference; names may begin alike."""
        for row in range(self._list.topLevelItemCount()):
            item = self._list.topLevelItem(row)
            if item is not None and item.data(0, _ID) == reference_id:
                self._list.setCurrentItem(item)

    def _chosen_id(self) -> str:
        item = self._list.currentItem()
        return str(item.data(0, _ID)) if item is not None else ""

    @Slot()
    def _show_current(self) -> None:
        reference_id = self._chosen_id()
        self._details.show_reference(self._model.choices.reference(reference_id))
        self._remove.setEnabled(is_own(reference_id))
        self._compare.setEnabled(reference_id != self._model.choices.default_id)

    def _compare_library(self) -> None:
        if self._compare.isEnabled():
            self.default_chosen.emit(self._chosen_id())

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    # A person's own

    def _choose_file(self) -> None:
        folder = str(self._settings.value(_FOLDER_KEY) or Path.home())
        dialog = QFileDialog(self, "Table of Human Scores", folder, _FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.add_from)
        dialog.open()

    @Slot(str)
    def add_from(self, file: str) -> None:
        """Read a table, and ask which of its columns makes a reference."""
        path = Path(file)
        self._settings.setValue(_FOLDER_KEY, str(path.parent))
        self._say(f"Reading {readable(path.name)}…")
        self._jobs.submit(
            lambda: read_score_table(path),
            self._ask_for_column,
            lambda error: self._reading_failed(path, error),
        )

    def _ask_for_column(self, table: ScoreTable) -> None:
        if not self._is_open:
            return
        self._say("")
        dialog = AddReferenceDialog(table, self._model.references, self._jobs, self)
        dialog.made.connect(self._keep)
        dialog.open()

    def _reading_failed(self, path: Path, error: Exception) -> None:
        if self._is_open:
            self._say(f"{readable(path.name)} could not be read. {_reason(error).rstrip('.')}.")

    @Slot(object)
    def _keep(self, reference: Reference) -> None:
        model = self._model
        self._jobs.submit(
            lambda: model.references.add(reference),
            lambda _: self._kept(reference),
            lambda error: self._say_if_open(f"The reference could not be kept: {_reason(error)}."),
        )

    def _kept(self, reference: Reference) -> None:
        self._model.compare_again()  # images may have been waiting for it
        if self._is_open:
            self._stand_on(reference.id)
            self._say(f"{reference.name} was added.")

    def _ask_to_remove(self) -> None:
        reference_id = self._chosen_id()
        if not is_own(reference_id):
            return
        reference = self._model.choices.reference(reference_id)
        used = self._model.choices.in_use().get(reference_id, 0)
        lamem = self._model.references.default.name
        question = f"Remove {reference.name}? The file that it was made from stays."
        if used:
            question += f" {wording.count_text(used, 'image')} will be compared with {lamem} instead."
        box = QMessageBox(QMessageBox.Icon.Question, "Remove Reference", question, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        remove.clicked.connect(lambda: self._forget(reference))
        box.open()

    def _forget(self, reference: Reference) -> None:
        model = self._model
        self._jobs.submit(
            lambda: model.references.remove(reference.id),
            lambda _: self._forgotten(reference),
            lambda error: self._say_if_open(f"{reference.name} could not be removed: {_reason(error)}."),
        )

    def _forgotten(self, reference: Reference) -> None:
        self._model.compare_again()
        self._say_if_open(f"{reference.name} was removed.")

    def _say_if_open(self, text: str) -> None:
        if self._is_open:
            self._say(text)

    def done(self, result: int) -> None:
        """Close, and remember the size; what a job still answers is of no interest."""
        self._is_open = False
        self._settings.setValue(_SIZE_KEY, self.saveGeometry())
        super().done(result)


def _reason(error: Exception) -> str:
    """Return what kept a file from being written or removed, without numbers and paths."""
    return getattr(error, "strerror", None) or str(error)
