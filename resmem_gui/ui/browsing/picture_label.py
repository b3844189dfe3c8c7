"""A picture that takes the width it is given."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget


class PictureLabel(QWidget):
    """Shows a picture as large as its width allows, whole, never larger than it is."""

    def __init__(self, name: str, minimum: QSize, parent: QWidget) -> None:
        """Make an empty frame of at least this size; `name` is for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._minimum = minimum
        self._height_limit = 10_000
        self._pixmap: QPixmap | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_picture(self, pixmap: QPixmap) -> None:
        """Show a picture."""
        self._pixmap = pixmap
        self.updateGeometry()
        self.update()

    def clear_picture(self) -> None:
        """Show an empty frame."""
        self._pixmap = None
        self.updateGeometry()
        self.update()

    @property
    def picture(self) -> QPixmap | None:
        """What is shown, None for an empty frame."""
        return self._pixmap

    def set_height_limit(self, limit: int) -> None:
        """Take no more height than this."""
        self._height_limit = limit
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Return True: the height follows from the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the picture takes at this width."""
        if self._pixmap is None:
            return self._minimum.height()
        scale = min(1.0, width / self._pixmap.width())
        return max(24, min(self._height_limit, round(self._pixmap.height() * scale)))

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        width = self._minimum.width()
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the picture, or its empty frame."""
        painter = QPainter(self)
        if self._pixmap is None:
            ground = QColor(self.palette().color(QPalette.ColorRole.Text))
            ground.setAlpha(16)
            painter.fillRect(self.rect(), ground)
        else:
            self._draw(painter, self._pixmap)
        painter.end()

    def _draw(self, painter: QPainter, pixmap: QPixmap) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = pixmap.size()
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveLeft((self.width() - size.width()) // 2)
        painter.drawPixmap(target, pixmap)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        self.update()
