"""How a line of the list of shortcuts is drawn: headings, commands, and keys as key caps."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resmem_gui.ui import theme

_Index = QModelIndex | QPersistentModelIndex

#: The keys as a list of texts.
KEYS_ROLE: Final = Qt.ItemDataRole.UserRole + 1
#: What the keys would be by default, if they are others.
DEFAULT_ROLE: Final = Qt.ItemDataRole.UserRole + 2

_ROW_PADDING: Final = 12
_HEADING_PADDING: Final = 22
_CAP_PADDING: Final = 8
_CAP_GAP: Final = 6
_CAP_RADIUS: Final = 4.0


class RowDelegate(QStyledItemDelegate):
    """Draws a heading in bold over a line, and keys as key caps with the default beside changed ones."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a comfortable height; a heading has room above it."""
        size = super().sizeHint(option, index)
        padding = _HEADING_PADDING if _is_heading(index) else _ROW_PADDING
        return QSize(size.width(), option.fontMetrics.height() + padding)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Leave the text of the keys out: it is there for screen readers."""
        super().initStyleOption(option, index)
        if index.column() == 1:
            option.text = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell."""
        if _is_heading(index):
            _paint_heading(painter, option, str(index.data()))
            return
        super().paint(painter, option, index)
        keys = index.data(KEYS_ROLE)
        if index.column() == 1 and keys is not None:
            painter.save()
            _paint_keys(painter, option, list(keys), str(index.data(DEFAULT_ROLE) or ""))
            painter.restore()


def _is_heading(index: _Index) -> bool:
    return index.flags() == Qt.ItemFlag.NoItemFlags


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
    painter.save()
    font = QFont(option.font)
    font.setBold(True)
    painter.setFont(font)
    palette = QPalette(option.palette)
    palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # it cannot be selected, but it is to be read
    painter.setPen(theme.faint_text_color(palette))
    rect = option.rect.adjusted(6, 0, -6, -5)
    flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, flags, text)
    painter.setPen(theme.separator_color(palette))
    painter.drawLine(rect.left(), option.rect.bottom(), rect.right(), option.rect.bottom())
    painter.restore()


def _paint_keys(painter: QPainter, option: QStyleOptionViewItem, keys: list[str], default: str) -> None:
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    metrics = QFontMetrics(option.font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, height = option.rect.left() + 4, metrics.height() + 4
    top = option.rect.top() + (option.rect.height() - height) // 2
    for key in keys:
        cap = QRect(left, top, max(height, metrics.horizontalAdvance(key) + 2 * _CAP_PADDING), height)
        if cap.right() > option.rect.right() - _CAP_GAP:
            break  # a few platforms have five keys for pasting; the first are enough
        _paint_cap(painter, cap, key, option.palette)
        left = cap.right() + 1 + _CAP_GAP
    if default or not keys:
        painter.setPen(_text_color(option.palette, selected=selected))
        rect = option.rect.adjusted(left - option.rect.left(), 0, -4, 0)
        text = f"by default {default}" if default else "no key"
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)


def _paint_cap(painter: QPainter, cap: QRect, text: str, palette: QPalette) -> None:
    outline = theme.separator_color(palette)
    painter.setPen(QPen(outline, 1))
    painter.setBrush(palette.color(QPalette.ColorRole.Button))
    painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), _CAP_RADIUS, _CAP_RADIUS)
    painter.setPen(palette.color(QPalette.ColorRole.ButtonText))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, text)


def _text_color(palette: QPalette, *, selected: bool) -> QColor:
    if selected:
        return palette.color(QPalette.ColorRole.HighlightedText)
    return theme.faint_text_color(palette)
