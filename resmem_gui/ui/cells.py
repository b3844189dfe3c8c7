"""How an image is drawn in the grid and in the table."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resmem_gui.ui import theme
from resmem_gui.ui.image_model import Cell, ImageModel

_Index = QModelIndex | QPersistentModelIndex

CELL_MARGIN: Final = 8
_SMOOTH: Final = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
_TEXT_LINES: Final = 2
_TEXT_GAP: Final = 4
_BADGE_GROUND: Final = QColor(0, 0, 0, 185)
_BADGE_TEXT: Final = QColor(255, 255, 255)
_HIGHLIGHT_ALPHA: Final = 70
_TABLE_THUMBNAIL: Final = QSize(56, 40)


class Labels:
    """Pictures of short texts, each drawn once and then kept for a while.

    A call into Qt from here gives Python's lock away and waits to get it back, from threads that decode. A
    picture of a text is one such call, drawing the text are ten.
    """

    def __init__(self, most: int) -> None:
        """Keep at most so many, those that were used last."""
        self._most = most
        self._made: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    def get(self, key: tuple[object, ...], draw: Callable[[], QPixmap]) -> QPixmap:
        """Return the picture with this key, drawn now if it is not there."""
        pixmap = self._made.get(key)
        if pixmap is None:
            pixmap = self._made[key] = draw()
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return pixmap


class GridCellDelegate(QStyledItemDelegate):
    """Draws a thumbnail with the score on it, and the name, rank and percentile below."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._badges = Labels(512)
        self._captions = Labels(512)

    @staticmethod
    def text_height(metrics: QFontMetrics) -> int:
        """Return how much height the text below a thumbnail takes."""
        return _TEXT_GAP + _TEXT_LINES * metrics.lineSpacing()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell; its colours, font and scale are the option's and the painter's."""
        model = index.model()
        assert isinstance(model, ImageModel)
        cell = model.cell(index.row())
        scale = painter.device().devicePixelRatioF()
        look = (option.font.key(), option.palette.cacheKey(), scale)
        painter.setRenderHints(_SMOOTH)
        _draw_ground(painter, option)
        text_height = self.text_height(option.fontMetrics)
        inner = option.rect.adjusted(CELL_MARGIN, CELL_MARGIN, -CELL_MARGIN, -CELL_MARGIN)
        frame = inner.adjusted(0, 0, 0, -text_height)
        picture = _draw_picture(painter, frame, option, cell)
        if cell.score:
            badge = self._badges.get((cell.score, *look), lambda: _badge(cell.score, option.font, scale))
            height = badge.deviceIndependentSize().height()
            painter.drawPixmap(picture.left() + 4, round(picture.bottom() - height - 3), badge)
        size = QSize(inner.width(), text_height - _TEXT_GAP)
        key = (cell.name, cell.detail, size.width(), *look)
        caption = self._captions.get(key, lambda: _caption(cell, size, option, scale))
        painter.drawPixmap(inner.left(), frame.bottom() + 1 + _TEXT_GAP, caption)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's
        """Return the size of the cell, which the grid decides."""
        return option.rect.size()


class TableThumbnailDelegate(QStyledItemDelegate):
    """Draws a small thumbnail in the table's row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the row's ground and the thumbnail on it."""
        self.initStyleOption(option, index)
        pixmap = index.data(Qt.ItemDataRole.DecorationRole)
        option.icon = type(option.icon)()
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if isinstance(pixmap, QPixmap):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            frame = option.rect.adjusted(2, 2, -2, -2)
            painter.drawPixmap(_fitted(pixmap, frame), pixmap)
            painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's
        """Return the size of a thumbnail in the table."""
        return _TABLE_THUMBNAIL


class SentenceDelegate(QStyledItemDelegate):
    """Shortens a text that is too long at its end; the table shortens names in the middle."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Prepare a cell for drawing."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight


def _fitted(pixmap: QPixmap, frame: QRect) -> QRect:
    """Return where a picture lies in a frame: centred, whole, at most at its own size."""
    size = pixmap.size()
    if size.width() > frame.width() or size.height() > frame.height():
        size.scale(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
    size = size.expandedTo(QSize(1, 1))
    rect = QRect(QPoint(0, 0), size)
    rect.moveCenter(frame.center())
    return rect


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw selection, hover and focus."""
    palette = option.palette
    highlight = palette.color(QPalette.ColorRole.Highlight)
    rect = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5)
    painter.setPen(Qt.PenStyle.NoPen)
    if option.state & QStyle.StateFlag.State_Selected:
        ground = QColor(highlight)
        ground.setAlpha(_HIGHLIGHT_ALPHA)
        painter.setBrush(ground)
        painter.setPen(QPen(highlight, 1.5))
        painter.drawRoundedRect(rect, 6, 6)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        ground = QColor(palette.color(QPalette.ColorRole.Text))
        ground.setAlpha(18)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 5, 5)


def _draw_picture(painter: QPainter, frame: QRect, option: QStyleOptionViewItem, cell: Cell) -> QRect:
    """Draw the thumbnail, or what stands in its place, and return where."""
    if cell.picture is not None:
        rect = _fitted(cell.picture, frame)
        if cell.warned:
            painter.setOpacity(0.45)
        painter.drawPixmap(rect, cell.picture)
        if cell.warned:
            painter.setOpacity(1.0)
    else:
        rect = frame
        ground = QColor(option.palette.color(QPalette.ColorRole.Text))
        ground.setAlpha(16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 4, 4)
    if cell.warned:
        side = min(32, frame.width() // 2)
        icon = theme.tinted_pixmap("warning", theme.ERROR_COLOR, side, painter.device().devicePixelRatioF())
        painter.drawPixmap(frame.center() - QPoint(side // 2, side // 2), icon)
    return rect


def _badge(text: str, regular: QFont, scale: float) -> QPixmap:
    """Return the score as it lies on a thumbnail; a mark says that it is at the model's floor."""
    font = QFont(regular)
    font.setBold(True)
    metrics = QFontMetrics(font)
    rect = QRect(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
    pixmap = _transparent(rect.size(), scale)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BADGE_GROUND)
    painter.drawRoundedRect(rect, 4, 4)
    painter.setFont(font)
    painter.setPen(_BADGE_TEXT)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap


def _caption(cell: Cell, size: QSize, option: QStyleOptionViewItem, scale: float) -> QPixmap:
    """Return the name and, below it, rank and percentile or the status."""
    metrics, palette = option.fontMetrics, option.palette
    upper = QRect(0, 0, size.width(), metrics.lineSpacing())
    pixmap = _transparent(size, scale)
    painter = QPainter(pixmap)
    painter.setFont(option.font)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    name = metrics.elidedText(cell.name, Qt.TextElideMode.ElideMiddle, size.width())
    painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter, name)
    painter.setPen(theme.faint_text_color(palette))
    detail = metrics.elidedText(cell.detail, Qt.TextElideMode.ElideRight, size.width())
    painter.drawText(upper.translated(0, metrics.lineSpacing()), Qt.AlignmentFlag.AlignHCenter, detail)
    painter.end()
    return pixmap


def _transparent(size: QSize, scale: float) -> QPixmap:
    pixmap = QPixmap(size * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
