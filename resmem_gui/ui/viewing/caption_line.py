"""A line of text about an image that leaves out what there is no room for."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.ui.viewing.canvas import ground_color, ink_color
from resmem_gui.ui.viewing.captions import CaptionPart

_SEPARATOR: Final = "  ·  "
_LEAST_NAME: Final = 120
_FAINT_ALPHA: Final = 190


class CaptionLine(QWidget):
    """Shows a name and pieces of text beside it. In a narrow line the least important pieces are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._parts: list[CaptionPart] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("About the image")

    def tell(self, name: str, parts: Sequence[CaptionPart]) -> None:
        """Show a name and what is to be said besides."""
        self._name, self._parts = name, list(parts)
        whole = _SEPARATOR.join([name, *(part.text for part in self._parts)])
        self.setToolTip(as_text(whole))
        self.setAccessibleDescription(whole)
        self.update()

    @property
    def shown(self) -> list[str]:
        """The pieces that there is room for, without the name."""
        return [part.text for part in self._fitting()]

    def sizeHint(self) -> QSize:
        """Return a line's height; any width serves."""
        return QSize(320, self.fontMetrics().lineSpacing() + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line and the width of a short name."""
        return QSize(_LEAST_NAME, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and palette."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw name and pieces from left to right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground_color(self.palette()))
        parts = self._fitting()
        room = self.width() - sum(map(self._width, parts))
        bold = QFontMetrics(self._bold())
        name = bold.elidedText(self._name, Qt.TextElideMode.ElideMiddle, max(0, room))
        ink = ink_color(self.palette())
        faint = QColor(ink)
        faint.setAlpha(_FAINT_ALPHA)
        left = self._draw(painter, 0, name, ink, loud=True)
        for part in parts:
            left = self._draw(painter, left, _SEPARATOR, faint, loud=False)
            left = self._draw(painter, left, part.text, ink if part.loud else faint, loud=part.loud)
        painter.end()

    def _draw(self, painter: QPainter, left: int, text: str, color: QColor, *, loud: bool) -> int:
        """Draw a piece and return where it ends."""
        font = self._bold() if loud else self.font()
        width = QFontMetrics(font).horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(color)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(left, 0, max(width, 1) + 2, self.height(), int(flags), text)
        return left + width

    def _fitting(self) -> list[CaptionPart]:
        parts = list(self._parts)
        bold = QFontMetrics(self._bold())
        name = min(_LEAST_NAME, bold.horizontalAdvance(self._name))
        while parts and name + sum(map(self._width, parts)) > self.width():
            parts.remove(min(parts, key=lambda part: part.importance))
        return parts

    def _width(self, part: CaptionPart) -> int:
        metrics = QFontMetrics(self._bold() if part.loud else self.font())
        return self.fontMetrics().horizontalAdvance(_SEPARATOR) + metrics.horizontalAdvance(part.text)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font


def as_text(text: str) -> str:
    """Return a tool tip that Qt does not take for HTML, whatever a file is called."""
    return "<span>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</span>"
