"""A chart of an evaluation as a picture that explains itself: painted on any thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from resmem_gui.ui import theme
from resmem_gui.ui.evaluation import inks
from resmem_gui.ui.evaluation.charts import Chart, Ink, Line, Points, tick_text, ticks
from resmem_gui.ui.histogram.paper import SMALL_PX, TEXT_PX, TITLE_PX, Paper, sized, write_below

_TICK: Final = 5.0
_GAP: Final = 4.0


@dataclass(frozen=True)
class ChartPicture(Paper):
    """Everything that a picture needs.

    Attributes:
        chart: What is drawn.
        headline: The result, written above.
        source: What was compared; written below.
        font: To write with.
    """

    size = QSize(800, 600)

    chart: Chart
    headline: str
    source: str
    font: QFont

    @property
    def title(self) -> str:
        """Of the chart."""
        return f"Predicted against people: {self.chart.title.lower()}"

    @property
    def description(self) -> str:
        """The result, and what the chart shows."""
        return f"{self.headline} {self.chart.meaning}"

    def paint(self, painter: QPainter, place: QRectF, palette: QPalette) -> None:
        """Paint title, result and meaning, the chart below them, and the source at the bottom."""
        text, faint = palette.color(QPalette.ColorRole.Text), theme.faint_text_color(palette)
        for words, pixels, color in (
            (self.title, TITLE_PX, text),
            (self.headline, TEXT_PX, text),
            (self.chart.meaning, SMALL_PX, faint),
        ):
            place = self._write(painter, place, words, pixels, color)
        place = write_below(painter, place, self.source, sized(self.font, SMALL_PX), faint)
        painter.setFont(sized(self.font, TEXT_PX))
        _ChartPainter(painter, place.adjusted(0, 8, 0, 0), self.chart, palette).paint()

    def _write(self, painter: QPainter, place: QRectF, text: str, pixels: int, color: QColor) -> QRectF:
        """Write a paragraph and return what is left below it."""
        painter.setFont(sized(self.font, pixels))
        painter.setPen(color)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        needed = QFontMetricsF(painter.font()).boundingRect(place, flags, text).height()
        painter.drawText(place, flags, text)
        return place.adjusted(0, needed + 4, 0, 0)


class _ChartPainter:
    """Paints a chart into a rectangle."""

    def __init__(self, painter: QPainter, place: QRectF, chart: Chart, palette: QPalette) -> None:
        self._painter, self._place, self._chart, self._palette = painter, place, chart, palette
        self._metrics = QFontMetricsF(painter.font())
        line = self._metrics.height()
        self._area = place.adjusted(4.2 * line, line / 2, -line / 2, -2 * line - _TICK - 2 * _GAP)

    def paint(self) -> None:
        """Paint lines, points, axes and legend."""
        self._painter.save()
        self._painter.setClipRect(self._area.adjusted(-6, -6, 6, 6))
        for line in self._chart.lines:
            self._paint_line(line)
        if self._chart.points is not None:
            self._paint_points(self._chart.points)
        self._painter.restore()
        self._painter.setPen(theme.faint_text_color(self._palette))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_axes()
        self._paint_legend()

    def _pen(self, ink: Ink) -> QPen:
        pen = inks.pen_of(ink, self._palette)
        pen.setCosmetic(False)  # as wide on paper as on the screen, whatever the resolution
        return pen

    def _at(self, x: float, y: float) -> QPointF:
        (left, right), (bottom, top) = self._chart.x_range, self._chart.y_range
        area = self._area
        return QPointF(
            area.left() + (x - left) / (right - left) * area.width(),
            area.bottom() - (y - bottom) / (top - bottom) * area.height(),
        )

    def _paint_line(self, line: Line) -> None:
        painter = self._painter
        points = [self._at(x, y) for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)]
        fill = inks.fill_of(line, self._palette)
        if fill is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            ends = [QPointF(points[-1].x(), self._area.bottom()), QPointF(points[0].x(), self._area.bottom())]
            painter.drawPolygon(QPolygonF([*points, *ends]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(line.ink))
        painter.drawPolyline(QPolygonF(points))

    def _paint_points(self, points: Points) -> None:
        painter, count = self._painter, len(points.x)
        color, radius = inks.point_color(count), inks.point_size(count) / 2
        if points.errors is not None:
            painter.setPen(QPen(color, 1.5))
            for x, y, error in zip(points.x.tolist(), points.y.tolist(), points.errors.tolist(), strict=True):
                painter.drawLine(self._at(x, y - error), self._at(x, y + error))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True):
            painter.drawEllipse(self._at(x, y), radius, radius)

    def _paint_axes(self) -> None:
        painter, area, metrics, chart = self._painter, self._area, self._metrics, self._chart
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        for tick in ticks(*chart.x_range):
            x, text = self._at(tick, chart.y_range[0]).x(), tick_text(tick)
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + _TICK))
            base = area.bottom() + _TICK + _GAP + metrics.ascent()
            painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, base), text)
        for tick in ticks(*chart.y_range):
            y, text = self._at(chart.x_range[0], tick).y(), tick_text(tick)
            painter.drawLine(QPointF(area.left() - _TICK, y), QPointF(area.left(), y))
            right = area.left() - _TICK - _GAP
            painter.drawText(
                QPointF(right - metrics.horizontalAdvance(text), y + metrics.capHeight() / 2), text
            )
        left = area.center().x() - metrics.horizontalAdvance(chart.x_name) / 2
        painter.drawText(QPointF(left, self._place.bottom() - metrics.descent()), chart.x_name)
        painter.save()
        painter.translate(self._place.left() + metrics.ascent(), area.center().y())
        painter.rotate(-90)
        painter.drawText(QPointF(-metrics.horizontalAdvance(chart.y_name) / 2, 0), chart.y_name)
        painter.restore()

    def _paint_legend(self) -> None:
        painter, metrics = self._painter, self._metrics
        text = self._palette.color(QPalette.ColorRole.Text)
        y = self._area.top() + metrics.height()
        for line in self._chart.lines:
            if not line.name:
                continue
            left = self._area.left() + 14
            painter.setPen(self._pen(line.ink))
            middle = y - metrics.capHeight() / 2
            painter.drawLine(QPointF(left, middle), QPointF(left + 24, middle))
            painter.setPen(theme.faint_text_color(self._palette) if line.ink is Ink.GUIDE else text)
            painter.drawText(QPointF(left + 32, y), line.name)
            y += metrics.height() + 2
