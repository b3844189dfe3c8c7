"""Asks which column of a table makes a reference, and how it is to be called."""

import os
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.reference import Reference
from resmem_gui.analysis.references import ReferenceNameError, References, own_id, own_reference
from resmem_gui.analysis.score_table import ScoreTable, ScoreTableError
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.references.details import numbers_text
from resmem_gui.ui.references.shape import Shape
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs

_PREVIEW_ROWS: Final = 6
#: A long file name shall not push the scores out of sight.
_PREVIEW_LETTERS: Final = 40
_CORRECTED: Final = (
    "This column seems to be corrected for false alarms. ResMem predicts the plain hit rate, which is "
    "higher: percentiles would come out too high."
)


class AddReferenceDialog(QDialog):
    """Shows the first rows of a table and takes a column and a name.

    Signals:
        made: A reference that is to be kept (`Reference`).
    """

    made = Signal(object)

    def __init__(self, table: ScoreTable, references: References, jobs: Jobs, parent: QWidget) -> None:
        """Make the window.

        Args:
            table: As it was read.
            references: Whose names are taken already.
            jobs: Where scores are summarised.
            parent: Owner.
        """
        super().__init__(parent)
        self.setWindowTitle("Add Reference")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._table, self._references, self._jobs = table, references, jobs
        self._summary: Reference | None = None
        self._asked = 0
        self._is_open = True
        self._column = QComboBox(self)
        self._column.addItems(table.titles)
        self._name = QLineEdit(os.path.splitext(table.name)[0], self)
        self._preview = _Preview(table, self)
        self._shape = Shape(self)
        self._said, self._name_said, self._warning = (SentenceLabel(self) for _ in range(3))
        self._warning.setText(_CORRECTED)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._add = self._buttons.addButton("Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self._arrange()
        self._column.currentIndexChanged.connect(self._choose_column)
        self._preview.column_chosen.connect(self._column.setCurrentIndex)
        self._name.textChanged.connect(self._check)
        self._buttons.accepted.connect(self._take)
        self._buttons.rejected.connect(self.reject)
        self._column.setCurrentIndex(table.likely_column())
        self._choose_column(self._column.currentIndex())

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("&Scores are in:", self._column)
        form.addRow("&Name:", self._name)
        form.addRow("", self._name_said)
        result = QHBoxLayout()
        result.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self._said)
        words.addWidget(self._warning)
        words.addStretch(1)
        result.addLayout(words, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        head = f"{self._table.name}: {len(self._table.rows):,} rows. The first ones:"
        layout.addWidget(SentenceLabel(self, head))
        layout.addWidget(self._preview)
        layout.addLayout(form)
        layout.addLayout(result, 1)
        layout.addWidget(self._buttons)
        self.resize(fitted(QSize(640, 520), self))
        self._column.setFocus()

    @Slot(int)
    def _choose_column(self, column: int) -> None:
        """Summarise a column on the other thread, and say what came of it."""
        self._preview.mark(column)
        self._warning.setVisible(self._table.is_corrected(column))
        self._asked += 1
        asked, table, name = self._asked, self._table, self._table.name
        self._jobs.submit(
            lambda: own_reference(table, column, name),
            lambda summary: self._summarised(asked, summary, ""),
            lambda error: self._failed(asked, error),
        )

    def _failed(self, asked: int, error: Exception) -> None:
        if not isinstance(error, ScoreTableError):
            raise error
        self._summarised(asked, None, str(error))

    def _summarised(self, asked: int, summary: Reference | None, reason: str) -> None:
        if asked != self._asked or not self._is_open:
            return
        self._summary = summary
        self._said.setText(reason if summary is None else numbers_text(summary))
        self._shape.show_reference(summary)
        self._check()

    @Slot()
    def _check(self) -> None:
        """Say what is wrong with the name, and let the reference be added if nothing is."""
        try:
            self._references.check_name(self._name.text())
            wrong = ""
        except ReferenceNameError as error:
            wrong = str(error)
        self._name_said.setText(wrong)
        self._name_said.setVisible(bool(wrong))
        self._add.setEnabled(self._summary is not None and not wrong)

    @Slot()
    def _take(self) -> None:
        if self._summary is None:
            return
        name = self._references.check_name(self._name.text())
        self.made.emit(self._summary.renamed(name, own_id(name)))
        self.accept()

    def done(self, result: int) -> None:
        """Close; what a job still answers is of no interest."""
        self._is_open = False
        super().done(result)


class _Preview(QTableWidget):
    """The first rows of a table; a click chooses a column.

    Signals:
        column_chosen: Its number.
    """

    column_chosen = Signal(int)

    def __init__(self, table: ScoreTable, parent: QWidget) -> None:
        rows = table.rows[:_PREVIEW_ROWS]
        super().__init__(len(rows), len(table.titles), parent)
        self.setHorizontalHeaderLabels(table.titles)
        self.setAccessibleName("First rows of the file")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                item = QTableWidgetItem(cell)
                item.setToolTip(cell)
                self.setItem(row, column, item)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.resizeColumnsToContents()
        widest = _PREVIEW_LETTERS * self.fontMetrics().averageCharWidth()
        for column in range(len(table.titles)):
            self.setColumnWidth(column, min(self.columnWidth(column), widest))
        self.horizontalHeader().setStretchLastSection(True)
        header, line = self.horizontalHeader().sizeHint().height(), self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(header + len(rows) * line + bar + 4)
        self.currentCellChanged.connect(self._tell)

    def mark(self, column: int) -> None:
        """Show which column is chosen."""
        if self.currentColumn() != column:
            self.setCurrentCell(0, column)
        self.selectColumn(column)

    @Slot(int, int, int, int)
    def _tell(self, _row: int, column: int, _row_before: int, column_before: int) -> None:
        if column not in (column_before, -1):
            self.column_chosen.emit(column)
