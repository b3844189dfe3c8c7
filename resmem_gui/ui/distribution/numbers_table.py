"""The numbers of two distributions side by side."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from resmem_gui.ui.distribution import texts
from resmem_gui.ui.distribution.work import Answer

_PADDING: Final = 5
#: Its column is as narrow as it can be: the names above the other two are longer.
_DIFFERENCE: Final = 2


class NumbersTable(QTableWidget):
    """Shows an answer's numbers; nothing can be changed.

    Signals:
        copy_wanted: A person has pressed the keys for Copy.
    """

    copy_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(0, 3, parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAccessibleName("Numbers of both distributions")
        columns, rows = self.horizontalHeader(), self.verticalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        columns.setSectionResizeMode(_DIFFERENCE, QHeaderView.ResizeMode.ResizeToContents)
        columns.setHighlightSections(False)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows.setHighlightSections(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + _PADDING)

    def show_answer(self, answer: Answer) -> None:
        """Show these numbers."""
        rows = texts.table(answer)
        self.setRowCount(len(rows))
        for column, title in enumerate(texts.headings(answer)[1:]):
            header = QTableWidgetItem(title)
            header.setToolTip(title)
            self.setHorizontalHeaderItem(column, header)
        for place, (name, *numbers) in enumerate(rows):
            header = QTableWidgetItem(name)
            header.setToolTip(texts.ROW_HINTS.get(name, ""))
            self.setVerticalHeaderItem(place, header)
            for column, text in enumerate(numbers):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(place, column, item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Have the table copied as a whole."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)
