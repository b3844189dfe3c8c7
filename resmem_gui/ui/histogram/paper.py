"""What is painted on white paper: for screens, slides and print."""

from abc import ABC, abstractmethod
from typing import ClassVar, Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtSvg import QSvgGenerator

#: Heights of letters.
TITLE_PX, TEXT_PX, SMALL_PX = 20, 13, 11
_SCALE: Final = 2
_MARGIN: Final = 24.0


class Paper(ABC):
    """A picture that can be painted on any thread, as pixels or as a drawing.

    Attributes:
        size: Width and height in pixels of a screen.
    """

    size: ClassVar[QSize] = QSize(800, 560)

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is, for programs that list drawings."""

    @property
    @abstractmethod
    def description(self) -> str:
        """What there is to see, in words."""

    @abstractmethod
    def paint(self, painter: QPainter, place: QRectF, palette: QPalette) -> None:
        """Paint within a place, in colours for white paper."""

    def as_image(self) -> QImage:
        """Return it in twice as many pixels, for screens and slides."""
        image = QImage(self.size * _SCALE, QImage.Format.Format_RGB32)
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
        generator.setSize(self.size)
        generator.setViewBox(QRectF(QPointF(), self.size.toSizeF()))
        generator.setTitle(self.title)
        generator.setDescription(self.description)
        painter = QPainter(generator)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def _paint(self, painter: QPainter) -> None:
        whole = QRectF(QPointF(), self.size.toSizeF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, QColor(Qt.GlobalColor.white))
        palette = QPalette(QColor(Qt.GlobalColor.white))  # for paper, whatever the window looks like
        self.paint(painter, whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN), palette)


def sized(font: QFont, pixels: int) -> QFont:
    """Return a font in another size."""
    changed = QFont(font)
    changed.setPixelSize(pixels)
    return changed


def write_line(painter: QPainter, place: QRectF, text: str, font: QFont, color: QColor) -> QRectF:
    """Write a line, cut short where it does not fit, and return what is left below it."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(color)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(QPointF(place.left(), place.top() + metrics.ascent()), shown)
    return place.adjusted(0, metrics.height() + 2, 0, 0)


def write_below(painter: QPainter, place: QRectF, text: str, font: QFont, color: QColor) -> QRectF:
    """Write lines at the bottom and return what is left above them."""
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignBottom)
    needed = QFontMetricsF(font).boundingRect(place, flags, text)
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(place, flags, text)
    return place.adjusted(0, 0, 0, -needed.height() - 10)
