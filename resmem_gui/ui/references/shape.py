"""A reference drawn small: how its scores are distributed."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme

#: Few scores in narrow bins would look like a comb.
_FEW: Final = 400
_BINS: Final = 50
_BINS_OF_FEW: Final = 20
_TICKS: Final = (0.0, 0.5, 1.0)


class Shape(QWidget):
    """Draws the density of a reference from 0 to 1, and where its mean is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference: Reference | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_reference(self, reference: Reference | None) -> None:
        """Draw another one, or none."""
        self._reference = reference
        text = ""
        if reference is not None:
            text = f"Distribution of {reference.name}: mean {reference.mean:.2f}, sd {reference.sd:.2f}"
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return how large it is, in lines of text, so that it grows with the font."""
        height = self.fontMetrics().height()
        return QSize(16 * height, 8 * height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axis, density and mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(line, 4, -line, -line - 4)
        self._paint_axis(painter, area)
        if self._reference is not None:
            self._paint_density(painter, area, self._reference)
        painter.end()

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(theme.separator_color(self.palette()))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(theme.faint_text_color(self.palette()))
        for tick in _TICKS:
            x = area.left() + tick * area.width()
            box = QRectF(
                x - area.width() / 4, area.bottom() + 3, area.width() / 2, self.fontMetrics().height()
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{tick:g}")

    def _paint_density(self, painter: QPainter, area: QRectF, reference: Reference) -> None:
        density = reference.density(_BINS_OF_FEW if reference.n < _FEW else _BINS)
        width, highest = area.width() / len(density), float(density.max())
        outline = QPolygonF([area.bottomLeft()])
        for place, value in enumerate(density.tolist()):
            y = area.bottom() - area.height() * value / highest
            outline.append(QPointF(area.left() + place * width, y))
            outline.append(QPointF(area.left() + (place + 1) * width, y))
        outline.append(area.bottomRight())
        fill = QColor(theme.REFERENCE_COLOR)
        fill.setAlphaF(0.45)
        painter.setBrush(fill)
        painter.setPen(QPen(theme.REFERENCE_COLOR, 1.2))
        painter.drawPolygon(outline)
        x = area.left() + reference.mean * area.width()
        painter.setPen(QPen(theme.faint_text_color(self.palette()), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
