"""The grid of thumbnails: an item view with cells of one size, so that 100,000 rows cost no layout."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QRubberBand,
    QWidget,
)

from resmem_gui.ui.browsing.cell_layout import PADDING, CellLayout
from resmem_gui.ui.browsing.grid_cells import CELL_MARGIN, CellPainter, text_height
from resmem_gui.ui.browsing.type_ahead import TypeAhead
from resmem_gui.ui.rows.columns import Column
from resmem_gui.ui.rows.image_model import ImageModel

_Index = QModelIndex | QPersistentModelIndex

MIN_EDGE: Final = 64
MAX_EDGE: Final = 512
_DEFAULT_EDGE: Final = 144
_VISIBLE_DELAY_MS: Final = 20


class GridView(QAbstractItemView):
    """Shows one cell a row of the model, left to right and top to bottom.

    Positions are arithmetic on the row number; only visible cells are painted.

    Signals:
        visible_rows_changed: The rows to be seen are others now (first, last), or show other images.
        edge_changed: The side of the thumbnails, in device-independent pixels.
    """

    visible_rows_changed = Signal(int, int)
    edge_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge = _DEFAULT_EDGE
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._layout = CellLayout(QSize(1, 1), 0)
        self._wheel_angle = 0
        self._type_ahead = TypeAhead()
        self._hovered = QPersistentModelIndex()
        self._rubber_band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._band_start: QPoint | None = None
        self._selected_before_band = QItemSelection()
        self._cell_painter = CellPainter()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName("Images")
        self._tell_visible = QTimer(self)
        self._tell_visible.setSingleShot(True)
        self._tell_visible.setInterval(_VISIBLE_DELAY_MS)
        self._tell_visible.timeout.connect(self._emit_visible_rows)
        self.verticalScrollBar().valueChanged.connect(self._tell_visible_soon)

    # Cells

    @property
    def edge(self) -> int:
        """Side of the thumbnails in device-independent pixels."""
        return self._edge

    def set_edge(self, edge: int) -> None:
        """Change the side of the thumbnails; what is in the middle stays in sight."""
        edge = max(MIN_EDGE, min(MAX_EDGE, edge))
        if edge == self._edge:
            return
        first, last = self.visible_rows()
        current = self.currentIndex().row()
        middle = current if first <= current <= last else first
        self._edge = edge
        self.updateGeometries()
        if self._rows() and middle >= 0:
            hint = QAbstractItemView.ScrollHint.PositionAtCenter
            self.scrollTo(self._index(middle), hint)
        self.viewport().update()
        self._tell_visible.start()
        self.edge_changed.emit(edge)

    def cell_size(self) -> QSize:
        """Return the size of a cell."""
        text = text_height(self.fontMetrics())
        return QSize(self._edge + 2 * CELL_MARGIN, self._edge + text + 2 * CELL_MARGIN)

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row to be seen, (0, -1) if there is none."""
        top, end = self.verticalOffset(), self._rows() - 1
        first, last = self._layout.rows_between(top, top + self.viewport().height())
        return min(first, max(0, end)), min(last, end)

    def _rows(self) -> int:
        model: QAbstractItemModel | None = self.model()  # None before setModel()
        return 0 if model is None else model.rowCount()

    def _index(self, row: int) -> QModelIndex:
        """Return the index that stands for a cell: its name, so that typing a name finds it."""
        return self.model().index(row, Column.NAME)

    # QAbstractItemView

    def visualRect(self, index: _Index) -> QRect:
        """Return a cell in coordinates of the viewport."""
        if not index.isValid():
            return QRect()
        return self._rect(index.row())

    def _rect(self, row: int) -> QRect:
        return self._layout.rect(row).translated(0, -self.verticalOffset())

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        """Draw the changed cells again, as far as they are in sight."""
        first_visible, last_visible = self.visible_rows()
        for row in range(max(first.row(), first_visible), min(last.row(), last_visible) + 1):
            self.viewport().update(self._rect(row))
        if QAccessible.isActive():
            super().dataChanged(first, last, roles)  # it draws too much, but it also tells screen readers

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the image under a point of the viewport."""
        row = self._layout.row_at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if row is None or row >= self._rows() else self._index(row)

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll until an image is to be seen."""
        if not index.isValid():
            return
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        height = self.viewport().height()
        match hint:
            case QAbstractItemView.ScrollHint.PositionAtTop:
                bar.setValue(bar.value() + rect.top() - PADDING)
            case QAbstractItemView.ScrollHint.PositionAtBottom:
                bar.setValue(bar.value() + rect.bottom() - height + PADDING)
            case QAbstractItemView.ScrollHint.PositionAtCenter:
                bar.setValue(bar.value() + rect.center().y() - height // 2)
            case _ if rect.top() < 0:
                bar.setValue(bar.value() + rect.top() - PADDING)
            case _ if rect.bottom() > height:
                bar.setValue(bar.value() + rect.bottom() - height + PADDING)

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,  # noqa: ARG002 - Qt's signature
    ) -> QModelIndex:
        """Return where a key moves the current image."""
        if not self._rows():
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self._index(0)
        columns = self._layout.columns
        lines = max(1, self.viewport().height() // self._layout.cell.height())
        move = QAbstractItemView.CursorAction
        step = {
            move.MoveLeft: -1,
            move.MovePrevious: -1,
            move.MoveRight: 1,
            move.MoveNext: 1,
            move.MoveUp: -columns,
            move.MoveDown: columns,
            move.MovePageUp: -columns * lines,
            move.MovePageDown: columns * lines,
            move.MoveHome: -self._rows(),
            move.MoveEnd: self._rows(),
        }[action]
        row = current.row() + step
        if abs(step) == columns and not 0 <= row < self._rows():
            row = self._last_line_row(current.row(), row)
        return self._index(max(0, min(self._rows() - 1, row)))

    def _last_line_row(self, row: int, wanted: int) -> int:
        """Going down from the last full line leads to the last image below it, if there is a line below."""
        columns = self._layout.columns
        has_line_below = row // columns < (self._rows() - 1) // columns
        return self._rows() - 1 if wanted > row and has_line_below else row

    def horizontalOffset(self) -> int:
        """Return 0: the grid never scrolls sideways."""
        return 0

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is on the screen; only what comes into sight is drawn."""
        self.viewport().scroll(dx, dy)
        if self._hovered.isValid():
            self.viewport().update(self.visualRect(self._hovered))

    def verticalOffset(self) -> int:
        """Return how far the content is scrolled down."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _Index) -> bool:  # noqa: ARG002 - Qt's signature
        """Return False: every row has a cell."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the range from one corner's image to the other's, in reading order, as in a text."""
        ends = [self.indexAt(rect.topLeft()).row(), self.indexAt(rect.bottomRight()).row()]
        selection = self._range(min(ends), max(ends)) if min(ends) >= 0 else QItemSelection()
        self.selectionModel().select(selection, command)

    def selectedIndexes(self) -> list[QModelIndex]:
        """Return one index for each selected image: a drag of many asks for them, and rows are wholes."""
        parts = ranges(self.selectionModel().selection())
        return [self._index(row) for part in parts for row in range(part.top(), part.bottom() + 1)]

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return where selected cells are, as far as they can be seen."""
        first, last = self.visible_rows()
        region = QRegion()
        for part in ranges(selection):
            for row in range(max(first, part.top()), min(last, part.bottom()) + 1):
                region += self.visualRect(self._index(row))
        return region

    def _range(self, first: int, last: int) -> QItemSelection:
        model = self.model()
        return QItemSelection(model.index(first, 0), model.index(last, model.columnCount() - 1))

    def _touched(self, rect: QRect) -> QItemSelection:
        """Return what a rectangle of the viewport touches: one range a line of cells."""
        selection = QItemSelection()
        end = self._rows() - 1
        for first, last in self._layout.touched(rect.translated(0, self.verticalOffset())):
            if first > end:
                break
            selection.append(ranges(self._range(first, min(last, end))))
        return selection

    def updateGeometries(self) -> None:
        """Fit the scroll bar to the number of lines."""
        super().updateGeometries()
        self._layout = CellLayout(self.cell_size(), self.viewport().width())
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._layout.height(self._rows()) - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(24, self._layout.cell.height() // 4))

    def reset(self) -> None:
        """Start anew with a model."""
        super().reset()
        self.scheduleDelayedItemsLayout()
        self._tell_visible.start()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model, and keep what is in sight in sight when it sorts its rows."""
        super().setModel(model)
        self.model().layoutAboutToBeChanged.connect(self._remember_anchor)
        self.model().layoutChanged.connect(self._restore_anchor)

    @Slot()
    def _remember_anchor(self) -> None:
        """Note where the current image stands, if a person has selected it and it can be seen."""
        # Qt makes the first image current as soon as the grid has the focus: nobody wants to follow that one.
        current = self.currentIndex()
        rect = self.visualRect(current)
        chosen = current.isValid() and self.selectionModel().isSelected(current)
        seen = chosen and self.viewport().rect().intersects(rect)
        self._anchor = (QPersistentModelIndex(current), rect.top()) if seen else None

    @Slot()
    def _restore_anchor(self) -> None:
        """Scroll so that the current image stands where it stood."""
        self.updateGeometries()
        if self._anchor is not None:
            index, top = self._anchor
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - top)
        self._anchor = None
        self.viewport().update()
        self._tell_visible.start()

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:
        """Make room for new images."""
        super().rowsInserted(parent, start, end)
        self.updateGeometries()
        self.viewport().update()
        self._tell_visible.start()

    def rowsAboutToBeRemoved(self, parent: _Index, start: int, end: int) -> None:
        """Close the gap once the rows are gone."""
        super().rowsAboutToBeRemoved(parent, start, end)
        self.scheduleDelayedItemsLayout()
        self._tell_visible.start()

    @Slot()
    def _tell_visible_soon(self) -> None:
        self._tell_visible.start()  # not connected itself: the bar's value would become its interval

    @Slot()
    def _emit_visible_rows(self) -> None:
        self.visible_rows_changed.emit(*self.visible_rows())

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells that can be seen."""
        if not self._rows():
            return
        model, selection = self.model(), self.selectionModel()
        assert isinstance(model, ImageModel)
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        self._hovered = QPersistentModelIndex(hovered)
        hovered_row = hovered.row() if self.viewport().underMouse() else -1
        focused_row = self.currentIndex().row() if self.hasFocus() else -1
        any_selected, region = selection.hasSelection(), event.region()
        self._cell_painter.take_look(self.font(), self.palette(), self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        first, last = self.visible_rows()
        for row in range(first, last + 1):
            rect = self._rect(row)
            if region.intersects(rect):
                self._cell_painter.paint(
                    painter,
                    rect,
                    model.cell(row),
                    selected=any_selected and selection.isSelected(model.index(row, 0)),
                    hovered=row == hovered_row,
                    focused=row == focused_row,
                )
        painter.end()  # not left to Python: a painter that outlives its paint event crashes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cells out anew and keep the first one in sight."""
        # The viewport has its new width already, the layout is that of before.
        first = self.verticalOffset() // self._layout.cell.height() * self._layout.columns
        super().resizeEvent(event)
        self.updateGeometries()
        if first:
            hint = QAbstractItemView.ScrollHint.PositionAtTop
            self.scrollTo(self._index(first), hint)
        self._tell_visible.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell what can be seen now."""
        super().showEvent(event)
        self._tell_visible.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, change the size of the thumbnails."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            # A wheel turns by 120 a notch, a trackpad by little.
            self._wheel_angle += event.angleDelta().y()
            notches = int(self._wheel_angle / 120)
            self._wheel_angle -= 120 * notches
            self.set_edge(self._edge + 16 * notches)
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a drag of images or, on empty ground, a rubber band."""
        super().mousePressEvent(event)
        point = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not self.indexAt(point).isValid():
            self._band_start = point + QPoint(0, self.verticalOffset())
            self._selected_before_band = QItemSelection(self.selectionModel().selection())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the rubber band, if there is one, and select what it touches."""
        # Qt's own only selects while the mouse is over an item.
        if self._band_start is None:
            super().mouseMoveEvent(event)
            return
        point = event.position().toPoint()
        self._scroll_towards(point.y())
        band = QRect(self._band_start - QPoint(0, self.verticalOffset()), point).normalized()
        self._rubber_band.setGeometry(band)
        self._rubber_band.show()
        touched = QItemSelection(self._selected_before_band)
        touched.merge(self._touched(band), QItemSelectionModel.SelectionFlag.Select)
        self.selectionModel().select(touched, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _scroll_towards(self, y: int) -> None:
        """Scroll when the rubber band is drawn beyond the upper or the lower end."""
        beyond = min(0, y) + max(0, y - self.viewport().height())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + beyond)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the rubber band."""
        super().mouseReleaseEvent(event)
        self._band_start = None
        self._rubber_band.hide()

    def event(self, event: QEvent) -> bool:
        """Keep the letters of a word that is being typed from being shortcuts."""
        if self._type_ahead.keeps(event):
            event.accept()
            return True
        return super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Go to the image whose name begins with what is typed."""
        model = self.model()
        assert isinstance(model, ImageModel)
        row = self._type_ahead.find(model, self.currentIndex().row(), search)
        if row is not None:
            self.setCurrentIndex(self._index(row))


def ranges(selection: QItemSelection) -> list[QItemSelectionRange]:
    """Return the parts of a selection; PySide's stubs do not know that it is a sequence."""
    return list(selection)  # type: ignore[call-overload,no-any-return]
