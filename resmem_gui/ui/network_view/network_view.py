"""An image with the part marked that the network looks at, and beside it the network's input."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.scoring.preprocessing import INPUT_EDGE, SEEN_PART

_GAP: Final = 12
_LEAST_HEIGHT: Final = 96
# Drawn over images, whatever their colours: the same in the dark and in the light.
_UNSEEN: Final = QColor(0, 0, 0, 120)
_OUTSIDE: Final = QColor(0, 0, 0, 200)
_INSIDE: Final = QColor(255, 255, 255)


class NetworkView(QWidget):
    """Two pictures side by side: the image, what is not seen of it darkened, and the network's input."""

    def __init__(self, parent: QWidget | None = None, *, most_height: int = 10_000) -> None:
        """Make an empty one.

        Args:
            parent: Owner.
            most_height: It takes no more height than this, in pixels.
        """
        super().__init__(parent)
        self._most_height = most_height
        self._image: QPixmap | None = None
        self._input: QPixmap | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("What the network sees")

    def set_pictures(self, image: QPixmap, network_input: QPixmap) -> None:
        """Show an image as it was prepared for the network, before squashing, and what became of it."""
        self._image, self._input = image, network_input
        self.setAccessibleDescription(sentence(image.width(), image.height()))
        self.updateGeometry()
        self.update()

    def clear_pictures(self) -> None:
        """Show two empty frames."""
        self._image = self._input = None
        self.setAccessibleDescription("")
        self.updateGeometry()
        self.update()

    @property
    def pictures(self) -> tuple[QPixmap | None, QPixmap | None]:
        """The image and the network's input, None for empty frames."""
        return self._image, self._input

    def hasHeightForWidth(self) -> bool:
        """Return True: the height follows from the shape of the pictures."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that both pictures take at this width."""
        half = max(1, (width - _GAP) // 2)
        return max(_LEAST_HEIGHT, min(half, self._most_height))

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(2 * INPUT_EDGE + _GAP, self.heightForWidth(2 * INPUT_EDGE + _GAP))

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which something is recognised."""
        return QSize(2 * _LEAST_HEIGHT + _GAP, _LEAST_HEIGHT)

    def picture_rects(self) -> tuple[QRect, QRect]:
        """Return where the image and the network's input are drawn."""
        half = (self.width() - _GAP) // 2
        edge = max(1, min(half, self.height()))
        # Both in the same square, so that the squeezing is seen; the pair stands in the middle.
        left = (self.width() - 2 * edge - _GAP) // 2
        top = (self.height() - edge) // 2
        frames = QRect(left, top, edge, edge), QRect(left + edge + _GAP, top, edge, edge)
        return _fitted(self._image, frames[0]), _fitted(self._input, frames[1])

    def seen_rect(self) -> QRectF:
        """Return which part of the image, as it is drawn, the network looks at."""
        return _part(QRectF(self.picture_rects()[0]))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw both pictures, or empty frames."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        image, seen = self.picture_rects()
        if self._image is None or self._input is None:
            ground = QColor(self.palette().color(QPalette.ColorRole.Text))
            ground.setAlpha(16)
            painter.fillRect(image, ground)
            painter.fillRect(seen, ground)
        else:
            painter.drawPixmap(image, self._image)
            painter.drawPixmap(seen, self._input)
            _mark_seen(painter, QRectF(image))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        self.update()


def sentence(width: int, height: int) -> str:
    """Return what happens to an image of this size, in pixels, on its way to the network."""
    part = SEEN_PART[1] - SEEN_PART[0]
    text = (
        f"Squashed to a square; of that the middle {INPUT_EDGE} × {INPUT_EDGE} pixels are scored, "
        f"{100 * part * part:.0f} % of the image."
    )
    long, short = max(width, height), min(width, height)
    if short and long / short >= _NOTICEABLE:
        direction = "narrower" if width > height else "lower"
        text += f" It looks {long / short:.1f} times {direction} to the network than to you."
    return text


#: Sides that differ by less look the same to most people.
_NOTICEABLE: Final = 1.1


def _fitted(picture: QPixmap | None, frame: QRect) -> QRect:
    if picture is None:
        return frame
    size = picture.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
    rect = QRect(0, 0, max(1, size.width()), max(1, size.height()))
    rect.moveCenter(frame.center())
    return rect


def _part(image: QRectF) -> QRectF:
    start, end = SEEN_PART
    return QRectF(
        image.left() + start * image.width(),
        image.top() + start * image.height(),
        (end - start) * image.width(),
        (end - start) * image.height(),
    )


def _mark_seen(painter: QPainter, image: QRectF) -> None:
    """Darken what is not seen and outline what is."""
    seen = _part(image)
    for unseen in (
        QRectF(image.left(), image.top(), image.width(), seen.top() - image.top()),
        QRectF(image.left(), seen.bottom(), image.width(), image.bottom() - seen.bottom()),
        QRectF(image.left(), seen.top(), seen.left() - image.left(), seen.height()),
        QRectF(seen.right(), seen.top(), image.right() - seen.right(), seen.height()),
    ):
        painter.fillRect(unseen, _UNSEEN)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((_OUTSIDE, 3.0), (_INSIDE, 1.0)):
        painter.setPen(QPen(color, width))
        painter.drawRect(seen)
