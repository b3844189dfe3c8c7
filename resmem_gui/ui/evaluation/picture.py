"""A chart of an evaluation as a picture that explains itself: painted on any thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtSvg import QSvgGenerator

from resmem_gui.ui import theme
from resmem_gui.ui.evaluation import inks
from resmem_gui.ui.evaluation.charts import Chart, Ink, Line, Points, ticks

_SIZE: Final = QSize(800, 600)
_SCALE: Final = 2
_MARGIN: Final = 24.0
_TITLE_PX, _TEXT_PX, _SMALL_PX = 20, 13, 11
_TICK: Final = 5.0
_GAP: Final = 4.0


@dataclass(frozen=True)
class ChartPicture:
    """Everything that a picture needs.

    Attributes:
        chart: What is drawn.
        headline: The result, written above.
        source: What was compared; written below.
        font: To write with.
    """

    chart: Chart
    headline: str
    source: str
    font: QFont

    def as_png(self) -> bytes:
        """Return the content of a PNG file, in twice as many pixels, for slides."""
        image = QImage(_SIZE * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        assert image.save(buffer, "PNG"), "Qt writes PNG everywhere"  # type: ignore[call-overload]
        return bytes(buffer.data().data())

    def as_svg(self) -> bytes:
        """Return the content of an SVG file, for print."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(_SIZE)
        generator.setViewBox(QRectF(QPointF(), _SIZE.toSizeF()))
        generator.setTitle(self.chart.title)
        generator.setDescription(f"{self.headline} {self.chart.meaning}")
        painter = QPainter(generator)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def _paint(self, painter: QPainter) -> None:
        whole = QRectF(QPointF(), _SIZE.toSizeF())
        palette = QPalette(QColor(Qt.GlobalColor.white))  # for paper, whatever the window looks like
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, QColor(Qt.GlobalColor.white))
        text, faint = palette.color(QPalette.ColorRole.Text), theme.faint_text_color(palette)
        left = whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        title = f"Predicted against people: {self.chart.title.lower()}"
        for words, pixels, color in (
            (title, _TITLE_PX, text),
            (self.headline, _TEXT_PX, text),
            (self.chart.meaning, _SMALL_PX, faint),
        ):
            left = self._write(painter, left, words, pixels, color, at_top=True)
        left = self._write(painter, left, self.source, _SMALL_PX, faint, at_top=False)
        painter.setFont(self._sized(_TEXT_PX))
        _ChartPainter(painter, left.adjusted(0, 8, 0, 0), self.chart, palette).paint()

    def _sized(self, pixels: int) -> QFont:
        font = QFont(self.font)
        font.setPixelSize(pixels)
        return font

    def _write(
        self, painter: QPainter, place: QRectF, text: str, pixels: int, color: QColor, *, at_top: bool
    ) -> QRectF:
        """Write a paragraph and return what is left of the place."""
        painter.setFont(self._sized(pixels))
        painter.setPen(color)
        side = Qt.AlignmentFlag.AlignTop if at_top else Qt.AlignmentFlag.AlignBottom
        flags = int(Qt.TextFlag.TextWordWrap | side)
        needed = QFontMetricsF(painter.font()).boundingRect(place, flags, text).height()
        painter.drawText(place, flags, text)
        return place.adjusted(0, needed + 4, 0, 0) if at_top else place.adjusted(0, 0, 0, -needed - 8)


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
            x, text = self._at(tick, chart.y_range[0]).x(), f"{tick:g}"
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + _TICK))
            base = area.bottom() + _TICK + _GAP + metrics.ascent()
            painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, base), text)
        for tick in ticks(*chart.y_range):
            y, text = self._at(chart.x_range[0], tick).y(), f"{tick:g}"
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
