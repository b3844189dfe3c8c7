"""Paints over the curves: the chosen range, the bar under the pointer, the frame of the keyboard."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

from resmem_gui.ui.histogram.content import ScoreRange

_VEIL: Final = 165
_HANDLE_HALF: Final = 9.0
_PADDING: Final = 5.0


@dataclass(frozen=True)
class Frame:
    """Where scores are in a picture.

    Attributes:
        area: Where curves are drawn.
        scores: At its left and its right end.
    """

    area: QRectF
    scores: tuple[float, float]

    def x_of(self, score: float) -> float:
        """Return where a score is."""
        first, last = self.scores
        return self.area.left() + (score - first) / (last - first) * self.area.width()

    def score_at(self, x: float) -> float:
        """Return the score at a place; beyond the area too."""
        first, last = self.scores
        return first + (x - self.area.left()) / max(self.area.width(), 1.0) * (last - first)

    def part(self, chosen: ScoreRange) -> QRectF:
        """Return the part of the area that belongs to a range."""
        left, right = (self._bounded(self.x_of(score)) for score in chosen)
        return QRectF(left, self.area.top(), right - left, self.area.height())

    def _bounded(self, x: float) -> float:
        return min(max(x, self.area.left()), self.area.right())


def paint_range(
    painter: QPainter, frame: Frame, chosen: ScoreRange, label: str, palette: QPalette, *, handles: bool
) -> None:
    """Veil what is outside a range, draw its ends, and write its label above it.

    Args:
        painter: Of the picture.
        frame: Where scores are.
        chosen: The range.
        label: Its numbers and what is in it.
        palette: Whose colours are used.
        handles: Whether the ends look as if they could be taken hold of.
    """
    area, part = frame.area, frame.part(chosen)
    veil = QColor(palette.color(QPalette.ColorRole.Base))
    veil.setAlpha(_VEIL)
    painter.fillRect(QRectF(area.topLeft(), part.bottomLeft()), veil)
    painter.fillRect(QRectF(part.topRight(), area.bottomRight()), veil)
    text = palette.color(QPalette.ColorRole.Text)
    painter.setPen(QPen(text, 1.0))
    for x in (part.left(), part.right()):
        painter.drawLine(QPointF(x, part.top()), QPointF(x, part.bottom()))
        if handles:
            middle = part.center().y()
            painter.fillRect(QRectF(x - 1.5, middle - _HANDLE_HALF, 3.0, 2 * _HANDLE_HALF), text)
    _paint_label(painter, area, part, label, palette)


def _paint_label(painter: QPainter, area: QRectF, part: QRectF, label: str, palette: QPalette) -> None:
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(label) + 2 * _PADDING, metrics.height() + 2.0
    left = min(max(part.center().x() - width / 2, area.left() + 1), area.right() - width - 1)
    box = QRectF(left, area.top() + 1, width, height)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1.0))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(box, 3, 3)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)


def paint_bar(painter: QPainter, frame: Frame, bar: ScoreRange, palette: QPalette) -> None:
    """Lighten the bar under the pointer."""
    glow = QColor(palette.color(QPalette.ColorRole.Text))
    glow.setAlpha(28)
    painter.fillRect(frame.part(bar), glow)


def paint_focus(painter: QPainter, size: QRectF, palette: QPalette) -> None:
    """Frame the plot while keys go to it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 1.0))
    painter.drawRect(size.adjusted(0.5, 0.5, -0.5, -0.5))
