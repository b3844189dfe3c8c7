"""The filmstrip: the model's rows as a thin strip of thumbnails around the current one."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.browsing.grid_cells import fitted
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.viewing.canvas import ground_color, ink_color
from resmem_gui.ui.viewing.captions import position_text, short_marks

_EDGE: Final = 72
_MARGIN: Final = 6
_CELL_WIDTH: Final = _EDGE + 2 * _MARGIN
_PLACEHOLDER_ALPHA: Final = 24
_REJECTED_OPACITY: Final = 0.35
_ICON_SIDE: Final = 24
_VISIBLE_DELAY_MS: Final = 20


class Filmstrip(QWidget):
    """Shows one cell a row of the model from left to right; only those in sight are drawn.

    Signals:
        image_chosen: A person wants to go to this image (its id).
        visible_rows_changed: The rows to be seen are others now (first, last), or show other images.
    """

    image_chosen = Signal(int)
    visible_rows_changed = Signal(int, int)

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._current: int | None = None
        self._offset = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Filmstrip")
        self._tell_visible = QTimer(self)
        self._tell_visible.setSingleShot(True)
        self._tell_visible.setInterval(_VISIBLE_DELAY_MS)
        self._tell_visible.timeout.connect(self._emit_visible_rows)
        model.dataChanged.connect(self._rows_changed)
        for signal in (model.layoutChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self.follow)

    # Place

    def set_current(self, image_id: int | None) -> None:
        """Mark an image as the one that is shown, and bring it into the middle."""
        self._current = image_id
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Bring the current image into the middle, as far as there are rows beside it."""
        row = self._current_row()
        if row is not None:
            self._offset = row * _CELL_WIDTH + _CELL_WIDTH // 2 - self.width() // 2
            self.setAccessibleDescription(position_text(row, self._model.rowCount()))
        self._moved()

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row to be seen, (0, -1) if there is none."""
        rows, left = self._model.rowCount(), self._left()
        if not rows:
            return 0, -1
        first = max(0, -left // _CELL_WIDTH)
        return min(first, rows - 1), min(rows - 1, (self.width() - left - 1) // _CELL_WIDTH)

    def row_rect(self, row: int) -> QRect:
        """Return where a row is drawn."""
        return QRect(self._left() + row * _CELL_WIDTH, 0, _CELL_WIDTH, self.height())

    def row_text(self, row: int) -> str:
        """Return what stands below a row's thumbnail: the score, and marks as short as can be."""
        library, image_id = self._model.library, self._model.image_id(row)
        score = self._model.cell(row).score.split(" ")[0]
        return f"{score} {short_marks(int(library.ratings[image_id]), int(library.picks[image_id]))}".strip()

    def row_at(self, x: int) -> int | None:
        """Return the row that is drawn there, None if there is none."""
        row = (x - self._left()) // _CELL_WIDTH
        return row if 0 <= row < self._model.rowCount() else None

    def sizeHint(self) -> QSize:
        """Return the height of thumbnails with a line of text; any width serves."""
        return QSize(4 * _CELL_WIDTH, _EDGE + 2 * _MARGIN + self.fontMetrics().lineSpacing() + 3)

    def minimumSizeHint(self) -> QSize:
        """Return room for one cell."""
        return QSize(_CELL_WIDTH, self.sizeHint().height())

    def _current_row(self) -> int | None:
        return None if self._current is None else self._model.row_of(self._current)

    def _left(self) -> int:
        """Return where the first row begins: a strip that has room for all rows stands in the middle."""
        spare = self.width() - self._model.rowCount() * _CELL_WIDTH
        return spare // 2 if spare >= 0 else -self._offset

    def _moved(self) -> None:
        length = self._model.rowCount() * _CELL_WIDTH
        self._offset = max(0, min(self._offset, length - self.width()))
        self.update()
        if self.isVisible():
            self._tell_visible.start()

    @Slot()
    def _emit_visible_rows(self) -> None:
        self.visible_rows_changed.emit(*self.visible_rows())

    @Slot(QModelIndex, QModelIndex)
    def _rows_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        seen = self.visible_rows()
        for row in range(max(first.row(), seen[0]), min(last.row(), seen[1]) + 1):
            self.update(self.row_rect(row))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells that can be seen."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), ground_color(self.palette()))
        first, last = self.visible_rows()
        current = self._current_row()
        for row in range(first, last + 1):
            rect = self.row_rect(row)
            if rect.intersects(event.rect()):
                self._draw_cell(painter, rect, row, is_current=row == current)
        painter.end()

    def _draw_cell(self, painter: QPainter, rect: QRect, row: int, *, is_current: bool) -> None:
        cell, ink = self._model.cell(row), ink_color(self.palette())
        frame = QRect(rect.left() + _MARGIN, _MARGIN, _EDGE, _EDGE)
        picture = frame
        painter.setOpacity(_REJECTED_OPACITY if cell.rejected else 1.0)
        if cell.picture is None:
            ground = QColor(ink)
            ground.setAlpha(_PLACEHOLDER_ALPHA)
            painter.fillRect(frame, ground)
        else:
            picture = fitted(cell.picture, frame)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(picture, cell.picture)
        painter.setOpacity(1.0)
        if cell.warned:
            icon = theme.tinted_pixmap("warning", theme.ERROR_COLOR, _ICON_SIDE, self.devicePixelRatioF())
            painter.drawPixmap(frame.center() - QPoint(_ICON_SIDE // 2, _ICON_SIDE // 2), icon)
        painter.setPen(ink)
        words = QRect(rect.left(), frame.bottom() + 5, rect.width(), self.fontMetrics().lineSpacing())
        fitting = self.fontMetrics().elidedText(
            self.row_text(row), Qt.TextElideMode.ElideRight, words.width() - 4
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, fitting)
        if is_current:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ink, 2))
            painter.drawRoundedRect(QRectF(picture).adjusted(-3, -3, 3, 3), 3, 3)

    # Events

    def event(self, event: QEvent) -> bool:
        """Tell the name of what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos().x())
            tip = "" if row is None else self._model.cell(row).name
            QToolTip.showText(event.globalPos(), tip.replace("<", "\u2039"), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the image that was clicked."""
        row = self.row_at(event.position().toPoint().x())
        if event.button() == Qt.MouseButton.LeftButton and row is not None:
            self.image_chosen.emit(self._model.image_id(row))
            return
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, whichever way the wheel turns."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        step = pixels.x() + pixels.y() or round((angle.x() + angle.y()) / 120 * _CELL_WIDTH)
        self._offset -= step
        self._moved()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current image in the middle."""
        super().resizeEvent(event)
        self.follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell what can be seen now."""
        super().showEvent(event)
        self.follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and palette."""
        super().changeEvent(event)
        self.update()
