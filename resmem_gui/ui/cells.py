"""How an image is drawn in the grid and in the table."""

import math
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resmem_gui.library.records import Status
from resmem_gui.ui import theme, wording
from resmem_gui.ui.image_model import Column, Role

_Index = QModelIndex | QPersistentModelIndex

CELL_MARGIN: Final = 8
_TEXT_LINES: Final = 2
_TEXT_GAP: Final = 4
_BADGE_GROUND: Final = QColor(0, 0, 0, 185)
_BADGE_TEXT: Final = QColor(255, 255, 255)
_HIGHLIGHT_ALPHA: Final = 70
_TABLE_THUMBNAIL: Final = QSize(56, 40)


class GridCellDelegate(QStyledItemDelegate):
    """Draws a thumbnail with the score on it, and the name, rank and percentile below."""

    @staticmethod
    def text_height(metrics: QFontMetrics) -> int:
        """Return how much height the text below a thumbnail takes."""
        return _TEXT_GAP + _TEXT_LINES * metrics.lineSpacing()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell."""
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        _draw_ground(painter, option)
        text_height = self.text_height(option.fontMetrics)
        inner = option.rect.adjusted(CELL_MARGIN, CELL_MARGIN, -CELL_MARGIN, -CELL_MARGIN)
        frame = inner.adjusted(0, 0, 0, -text_height)
        picture = _draw_picture(painter, frame, option, index)
        _draw_badge(painter, picture, option, index)
        lines = QRect(inner.left(), frame.bottom() + 1 + _TEXT_GAP, inner.width(), text_height - _TEXT_GAP)
        _draw_text(painter, lines, option, index)
        painter.restore()

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


def _draw_picture(painter: QPainter, frame: QRect, option: QStyleOptionViewItem, index: _Index) -> QRect:
    """Draw the thumbnail, or what stands in its place, and return where."""
    pixmap = index.sibling(index.row(), Column.THUMBNAIL).data(Qt.ItemDataRole.DecorationRole)
    failed = index.data(Role.STATUS) == Status.FAILED
    if isinstance(pixmap, QPixmap):
        rect = _fitted(pixmap, frame)
        painter.setOpacity(0.45 if failed else 1.0)
        painter.drawPixmap(rect, pixmap)
        painter.setOpacity(1.0)
    else:
        rect = frame
        ground = QColor(option.palette.color(QPalette.ColorRole.Text))
        ground.setAlpha(16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 4, 4)
    if failed:
        side = min(32, frame.width() // 2)
        icon = theme.tinted_pixmap("warning", theme.ERROR_COLOR, side, painter.device().devicePixelRatioF())
        painter.drawPixmap(frame.center() - QPoint(side // 2, side // 2), icon)
    return rect


def _draw_badge(painter: QPainter, picture: QRect, option: QStyleOptionViewItem, index: _Index) -> None:
    """Draw the score on the thumbnail; a mark says that it is at the model's floor."""
    score = index.data(Role.SCORE)
    if score is None or math.isnan(score):
        return
    text = wording.score_text(score) + (" floor" if index.data(Role.AT_FLOOR) else "")
    font = QFont(option.font)
    font.setBold(True)
    metrics = QFontMetrics(font)
    size = QSize(metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
    corner = QPoint(picture.left() + 4, picture.bottom() - size.height() - 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BADGE_GROUND)
    badge = QRect(corner, size)
    painter.drawRoundedRect(badge, 4, 4)
    painter.setFont(font)
    painter.setPen(_BADGE_TEXT)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)


def _draw_text(painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: _Index) -> None:
    """Draw the name and, below it, rank and percentile or the status."""
    metrics = option.fontMetrics
    upper = QRect(rect.topLeft(), QSize(rect.width(), metrics.lineSpacing()))
    name = index.sibling(index.row(), Column.NAME).data()
    painter.setFont(option.font)
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    elided = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, rect.width())
    painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter, elided)
    painter.setPen(theme.faint_text_color(option.palette))
    detail = metrics.elidedText(_detail(index), Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(upper.translated(0, metrics.lineSpacing()), Qt.AlignmentFlag.AlignHCenter, detail)


def _detail(index: _Index) -> str:
    match index.data(Role.STATUS):
        case Status.SCORED:
            percentile = wording.percentile_text(index.data(Role.PERCENTILE))
            return f"#{index.data(Role.RANK):,} · {percentile}"
        case Status.FAILED:
            return "Not scored"
        case _:
            return "Waiting"
