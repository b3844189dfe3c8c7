"""The label that follows the pointer over a plot."""

from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QWidget

#: From the pointer, in pixels.
_DISTANCE: Final = 14


class HoverLabel(QLabel):
    """What is under the pointer, beside it; like a tool tip, but it follows at once."""

    def __init__(self, parent: QWidget) -> None:
        """Make it, hidden.

        Args:
            parent: Within which it stays.
        """
        super().__init__(parent)
        self._room = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFrameShape(QFrame.Shape.Box)
        self.setMargin(4)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self.hide()

    def tell(self, text: str, place: QPoint) -> None:
        """Show a text beside a place of the parent, where it fits."""
        self.setText(text)
        self.adjustSize()
        room = self._room.rect()
        left = place.x() + _DISTANCE
        if left + self.width() > room.right():
            left = place.x() - _DISTANCE - self.width()
        left = min(max(left, 0), max(0, room.right() - self.width()))
        top = min(max(place.y() - self.height() - _DISTANCE // 2, 0), room.bottom() - self.height())
        self.move(left, top)
        self.show()
