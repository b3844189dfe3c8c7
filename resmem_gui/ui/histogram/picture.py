"""The histogram as a picture that explains itself: title, numbers and reference are in it.

It is painted without the window's plot: on any thread, as pixels or as a drawing.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtSvg import QSvgGenerator

from resmem_gui.ui import theme
from resmem_gui.ui.histogram.chart import LIBRARY, REFERENCE, SELECTION, Chart, Style
from resmem_gui.ui.histogram.chart_painting import paint_chart
from resmem_gui.ui.histogram.content import Content, caption
from resmem_gui.ui.histogram.legend import numbers
from resmem_gui.ui.histogram.options import Options, View
from resmem_gui.ui.wording import count_text

_SIZE: Final = QSize(800, 560)
_SCALE: Final = 2
_MARGIN: Final = 24.0
_NAME_WIDTH: Final = 230.0
_COLUMN_WIDTHS: Final = {"n": 90.0, "mean": 70.0, "sd": 60.0, "bandwidth": 90.0}
_TITLE_PX, _TEXT_PX, _SMALL_PX = 20, 13, 11


@dataclass(frozen=True)
class Picture:
    """Everything that a picture needs, taken at one moment.

    Attributes:
        content: What is drawn.
        options: How.
        source: Where the reference comes from; written below.
        font: To write with.
    """

    content: Content
    options: Options
    source: str
    font: QFont

    def as_image(self) -> QImage:
        """Return it in twice as many pixels, for screens and slides."""
        image = QImage(_SIZE * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        return image

    def as_png(self) -> bytes:
        """Return the same as the content of a PNG file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image = self.as_image()
        assert image.save(buffer, "PNG"), "Qt writes PNG everywhere"  # type: ignore[call-overload]
        return bytes(buffer.data().data())

    def as_svg(self) -> bytes:
        """Return it as the content of an SVG file, for print."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(_SIZE)
        generator.setViewBox(QRectF(QPointF(), _SIZE.toSizeF()))
        generator.setTitle(self._title)
        generator.setDescription(self.content.summary())
        painter = QPainter(generator)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    @property
    def _title(self) -> str:
        return f"Memorability of {count_text(self.content.library.n, 'image')}"

    def _paint(self, painter: QPainter) -> None:
        whole = QRectF(QPointF(), _SIZE.toSizeF())
        palette = QPalette(QColor(Qt.GlobalColor.white))  # for paper, whatever the window looks like
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, QColor(Qt.GlobalColor.white))
        text, faint = palette.color(QPalette.ColorRole.Text), theme.faint_text_color(palette)
        left = whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        left = _write_line(painter, left, self._title, self._sized(_TITLE_PX), text)
        left = _write_line(painter, left, caption(self.options), self._sized(_TEXT_PX), faint)
        left = self._write_numbers(painter, left.adjusted(0, 8, 0, 0), text)
        left = left.adjusted(0, 10, 0, 0)
        if self.options.shows_reference:
            left = self._write_source(painter, left, faint)
        painter.setFont(self._sized(_TEXT_PX))
        paint_chart(painter, left, Chart.of(self.content, self.options), self.content, palette)

    def _sized(self, pixels: int) -> QFont:
        font = QFont(self.font)
        font.setPixelSize(pixels)
        return font

    def _write_numbers(self, painter: QPainter, place: QRectF, color: QColor) -> QRectF:
        """Write the table of numbers and return what is left below it."""
        rows: list[tuple[Style | None, str, list[str]]] = [(None, "", list(_COLUMN_WIDTHS))]
        rows.append((LIBRARY, "Your images", numbers(self.content.library)))
        if self.options.shows_reference:
            name = f"{self.content.reference_name} (measured on people)"
            rows.append((REFERENCE, name, numbers(self.content.reference)))
        if self.content.selection.n:
            rows.append((SELECTION, "Selected", numbers(self.content.selection)))
        columns = len(_COLUMN_WIDTHS) if self.options.view is View.CURVE else len(_COLUMN_WIDTHS) - 1
        for style, name, texts in rows:
            painter.setFont(self._sized(_TEXT_PX))
            place = _write_row(painter, place, style, [name, *texts[:columns]], color)
        return place

    def _write_source(self, painter: QPainter, place: QRectF, color: QColor) -> QRectF:
        """Write where the reference comes from at the bottom and return what is left above."""
        font = self._sized(_SMALL_PX)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignBottom)
        needed = QFontMetricsF(font).boundingRect(place, flags, self.source)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(place, flags, self.source)
        return place.adjusted(0, 0, 0, -needed.height() - 10)


def _write_line(painter: QPainter, place: QRectF, text: str, font: QFont, color: QColor) -> QRectF:
    """Write a line and return what is left below it."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(QPointF(place.left(), place.top() + metrics.ascent()), text)
    return place.adjusted(0, metrics.height() + 2, 0, 0)


def _write_row(
    painter: QPainter, place: QRectF, style: Style | None, texts: list[str], color: QColor
) -> QRectF:
    """Write a row of the table, its numbers to the right, and return what is left below it."""
    metrics = QFontMetricsF(painter.font())
    base = place.top() + metrics.ascent()
    if style is not None:
        painter.fillRect(QRectF(place.left(), base - 10, 10, 10), style.color)
    painter.setPen(color)
    painter.drawText(QPointF(place.left() + 18, base), texts[0])
    right = place.left() + _NAME_WIDTH
    for width, text in zip(_COLUMN_WIDTHS.values(), texts[1:], strict=False):
        right += width
        painter.drawText(QPointF(right - metrics.horizontalAdvance(text), base), text)
    return place.adjusted(0, metrics.height() + 2, 0, 0)
