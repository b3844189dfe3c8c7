"""The ranking: the library as a table, sortable by any column."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from resmem_gui.ui.browsing.table_cells import (
    SentenceDelegate,
    TableHeader,
    TableThumbnailDelegate,
)
from resmem_gui.ui.browsing.type_ahead import TypeAhead
from resmem_gui.ui.rows.columns import DESCENDING_FIRST, SHOWN_FIRST, Column, name
from resmem_gui.ui.rows.image_model import ImageModel

_Index = QModelIndex | QPersistentModelIndex

_WIDTHS: Final = {
    Column.RANK: 72,
    Column.THUMBNAIL: 64,
    Column.NAME: 160,
    Column.SCORE: 68,
    Column.PERCENTILE: 128,
    Column.DIMENSIONS: 106,
    Column.FOLDER: 120,
    Column.STATUS: 90,
    Column.RATING: 88,
    Column.TAKEN: 130,
    Column.CHANGED: 130,
    Column.FILE_SIZE: 80,
    Column.ASPECT: 72,
    Column.KIND: 60,
    Column.REFERENCE: 140,
    Column.CAUTIONS: 150,
    Column.SENSITIVITY: 96,
}
_ROW_HEIGHT: Final = 44
_UNLIMITED: Final = 1_000_000
_FOLLOW_MS: Final = 150


class RankingView(QTableView):
    """Shows the model's rows with the columns that a person has chosen.

    Signals:
        columns_changed: Others are shown.
    """

    columns_changed = Signal()

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = model
        self._column_actions: dict[Column, QAction] = {}
        self._type_ahead = TypeAhead()
        self._follow_soon = QTimer(self)
        self._follow_soon.setSingleShot(True)
        self._follow_soon.setInterval(_FOLLOW_MS)
        self._follow_soon.timeout.connect(self._follow)
        self.setHorizontalHeader(TableHeader(self))
        self.setModel(model)
        self.setItemDelegateForColumn(Column.THUMBNAIL, TableThumbnailDelegate(self))
        self.setItemDelegateForColumn(Column.STATUS, SentenceDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Ranking")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self._set_up_header()

        # Drawn again with each step through the grid, the table would make each step twice as slow.
        self.setAutoScroll(False)
        model.layoutAboutToBeChanged.connect(self._remember_anchor)
        model.layoutChanged.connect(self._restore_anchor)
        self._current_was_seen = False

    def setSelectionModel(self, selection_model: QItemSelectionModel) -> None:
        """Share a selection, but not with the header: it would ask each row for itself in each column."""
        super().setSelectionModel(selection_model)
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(self._images, header))

    def event(self, event: QEvent) -> bool:
        """Keep the letters of a word that is being typed from being shortcuts."""
        if self._type_ahead.keeps(event):
            event.accept()
            return True
        return super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the image whose name begins with what is typed, whatever column is the current one."""
        row = self._type_ahead.find(self._images, self.currentIndex().row(), search)
        if row is not None:
            self.setCurrentIndex(self._images.index(row, max(0, self.currentIndex().column())))

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        """Draw again what has changed, if it can be seen; Qt would draw all where columns were moved."""
        top, bottom = self.visible_rows()
        if (first.row() <= bottom and last.row() >= top) or QAccessible.isActive():
            super().dataChanged(first, last, roles)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Show the current image: at once where a person goes through the table, else when the grid rests."""
        super().currentChanged(current, previous)
        if self.hasFocus():
            self.scrollTo(current)
        else:
            self._follow_soon.start()

    @Slot()
    def _follow(self) -> None:
        # Qt makes some image the current one by itself: nobody wants to follow that one.
        if self.selectionModel().isSelected(self.currentIndex()):
            self.scrollTo(self.currentIndex())

    @Slot()
    def _remember_anchor(self) -> None:
        chosen = self.selectionModel().isSelected(self.currentIndex())
        rect = self.visualRect(self.currentIndex())
        self._current_was_seen = chosen and self.viewport().rect().intersects(rect)

    @Slot()
    def _restore_anchor(self) -> None:
        """Keep the current image in sight when the rows are sorted again."""
        if self._current_was_seen:
            self.scrollTo(self.currentIndex())

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsMovable(True)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setSortIndicator(self._images.sort_column, self._images.sort_order)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        for column in Column:
            header.setSectionHidden(column, column not in SHOWN_FIRST)
        header.sectionClicked.connect(self._sort_by)
        self._images.headerDataChanged.connect(self._titles_changed)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for column in Column:
            header.addAction(self._column_action(column))

    @Slot(Qt.Orientation, int, int)
    def _titles_changed(self, orientation: Qt.Orientation, first: int, last: int) -> None:
        """Follow titles such as that of the percentiles of another reference; widen what is too narrow."""
        header = self.horizontalHeader()
        if orientation != header.orientation():
            return
        for section in range(first, last + 1):
            column = Column(section)
            self._column_actions[column].setText(self._name(column))
            if not header.isSectionHidden(section):
                size = header.sectionSize(section)
                header.resizeSection(
                    section, max(size, min(header.sectionSizeHint(section), self._most(size)))
                )

    def _most(self, size: int) -> int:
        """Return how wide a column may become that is so wide now: none shall leave the view for a title."""
        header = self.horizontalHeader()
        if header.length() > self.viewport().width():
            return _UNLIMITED  # one has to scroll sideways already
        last = Column(header.logicalIndexAt(header.length() - 1))
        return size + header.sectionSize(last) - _WIDTHS[last]

    def _column_action(self, column: Column) -> QAction:
        """Return what shows and hides a column."""
        action = QAction(self._name(column), self)
        action.setCheckable(True)
        action.setChecked(not self.isColumnHidden(column))
        action.setEnabled(column is not Column.NAME)  # without a name a row says nothing
        action.toggled.connect(lambda shown: self._show_column(column, shown=shown))
        self._column_actions[column] = action
        return action

    def _name(self, column: Column) -> str:
        return "Thumbnail" if column is Column.THUMBNAIL else name(column, self._images.shared_reference)

    @property
    def column_actions(self) -> list[QAction]:
        """What shows and hides each column, in their order."""
        return list(self._column_actions.values())

    def _show_column(self, column: Column, *, shown: bool) -> None:
        self.setColumnHidden(column, not shown)
        if shown and self.columnWidth(column) < self.horizontalHeader().minimumSectionSize():
            self.setColumnWidth(column, _WIDTHS[column])
        self.columns_changed.emit()

    def restore_columns(self, state: QByteArray) -> None:
        """Show columns as `horizontalHeader().saveState()` has told it."""
        header = self.horizontalHeader()
        header.restoreState(state)
        header.setSortIndicator(self._images.sort_column, self._images.sort_order)
        for column, action in self._column_actions.items():
            with QSignalBlocker(action):
                action.setChecked(not header.isSectionHidden(column))
        self.columns_changed.emit()

    @property
    def shown_columns(self) -> frozenset[Column]:
        """The columns that are not hidden."""
        return frozenset(column for column in Column if not self.isColumnHidden(column))

    @property
    def sorting(self) -> tuple[Column, Qt.SortOrder]:
        """By what, and in which order the rows are sorted."""
        return self._images.sort_column, self._images.sort_order

    def sort_by(self, column: Column, order: Qt.SortOrder) -> None:
        """Sort the model and show by what."""
        self.horizontalHeader().setSortIndicator(column, order)
        self._images.sort(column, order)

    def _sort_by(self, section: int) -> None:
        """Sort by the column clicked; a second click turns the order round."""
        column = Column(section)
        if column is self._images.sort_column:
            ascending = self._images.sort_order == Qt.SortOrder.AscendingOrder
            order = Qt.SortOrder.DescendingOrder if ascending else Qt.SortOrder.AscendingOrder
        else:
            first = column in DESCENDING_FIRST
            order = Qt.SortOrder.DescendingOrder if first else Qt.SortOrder.AscendingOrder
        self.sort_by(column, order)

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll to an image's row, never sideways: whole rows are selected, not cells."""
        sideways = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        self.horizontalScrollBar().setValue(sideways)

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row to be seen, (0, -1) if there is none."""
        rows = self._images.rowCount()
        if not rows or not self.isVisible():
            return 0, -1
        last = self.rowAt(self.viewport().height() - 1)
        return max(0, self.rowAt(0)), last if last >= 0 else rows - 1
