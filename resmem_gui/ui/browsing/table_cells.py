"""How an image is drawn in the table."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionHeader,
    QStyleOptionViewItem,
    QWidget,
)

from resmem_gui.ui.browsing.grid_cells import fitted

_Index = QModelIndex | QPersistentModelIndex

_GAP: Final = "\u2002"
_TABLE_THUMBNAIL: Final = QSize(56, 40)


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
            painter.drawPixmap(fitted(pixmap, frame), pixmap)
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


class TableHeader(QHeaderView):
    """A header whose arrow leaves room for the word beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)  # a title cut off at its beginning says nothing

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, logical_index: int) -> None:
        """Prepare a section for drawing."""
        super().initStyleOptionForIndex(option, logical_index)
        if option.sortIndicator != QStyleOptionHeader.SortIndicator.None_:
            option.text = f"{option.text}{_GAP}"
