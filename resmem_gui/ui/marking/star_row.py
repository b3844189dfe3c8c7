"""Stars that a person sets with the mouse or the arrow keys."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.library.records import MOST_STARS
from resmem_gui.ui import theme, wording

_SIDE: Final = 20
_GAP: Final = 2
_FAINT: Final = 0.28


class StarRow(QWidget):
    """Five stars, as many of them filled as the rating says.

    A click on a star sets the rating, a click on the last filled one takes all away; Left and Right do it
    with the keyboard.

    Signals:
        rated: A person wants another rating, 0 to 5.
    """

    rated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rating = 0
        self._hovered = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("Click a star to rate the image (1 to 5; 0 takes the stars away)")
        self.show_rating(0)

    @property
    def rating(self) -> int:
        """How many stars are filled."""
        return self._rating

    def show_rating(self, rating: int) -> None:
        """Fill so many stars."""
        self._rating = rating
        self.setAccessibleName(f"Rating: {wording.count_text(rating, 'star') if rating else 'no stars'}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all stars."""
        return QSize(MOST_STARS * (_SIDE + _GAP) - _GAP, _SIDE + 4)

    def _star_at(self, position: QPointF) -> int:
        return max(1, min(MOST_STARS, int(position.x()) // (_SIDE + _GAP) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the stars; those that a click would fill stand out."""
        painter = QPainter(self)
        color = self.palette().color(self.foregroundRole())
        filled = self._hovered or self._rating
        for star in range(1, MOST_STARS + 1):
            painter.setOpacity(1.0 if star <= filled else _FAINT)
            name = "star" if star <= filled else "choose"
            pixmap = theme.tinted_pixmap(name, color, _SIDE, self.devicePixelRatioF())
            painter.drawPixmap((star - 1) * (_SIDE + _GAP), 2, pixmap)
        if self.hasFocus():
            painter.setOpacity(1.0)
            painter.setPen(Qt.PenStyle.DotLine)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would do."""
        self._hovered = self._star_at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the rating again."""
        super().leaveEvent(event)
        self._hovered = 0
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Rate."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            star = self._star_at(event.position())
            self._hovered = 0
            self.rated.emit(0 if star == self._rating else star)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rate by the arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        rating = max(0, min(MOST_STARS, self._rating + step))
        if rating != self._rating:
            self.rated.emit(rating)
