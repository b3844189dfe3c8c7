"""The canvas: one picture, fitted or large, moved by mouse, keys and fingers."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.viewing.geometry import Placement, ViewState
from resmem_gui.ui.viewing.pictures import Picture

#: Surroundings change how colours and brightness look: strictly neutral, darker than most of a photograph on
#: a dark desktop, and no lighter than its lights on a light one.
_DARK_GROUND: Final = QColor(38, 38, 38)
_LIGHT_GROUND: Final = QColor(196, 196, 196)
_DARK_INK: Final = QColor(24, 24, 24)
_LIGHT_INK: Final = QColor(222, 222, 222)

_WHEEL_STEP: Final = 1.25
_KEY_STEP: Final = 1.5
_PAN_SHARE: Final = 0.125
#: Beyond it single pixels are to be seen as they are.
_SMOOTH_UP_TO: Final = 2.0
_MOST_TEXT_WIDTH: Final = 520
_PAN_KEYS: Final = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_ZOOM_KEYS: Final = {
    Qt.Key.Key_Plus: _KEY_STEP,
    Qt.Key.Key_Equal: _KEY_STEP,
    Qt.Key.Key_Minus: 1 / _KEY_STEP,
}
_TOGGLE_KEYS: Final = (Qt.Key.Key_Space, Qt.Key.Key_Z)
#: What all keys of the canvas may be pressed together with.
_HARMLESS: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


def ground_color(palette: QPalette) -> QColor:
    """Return the grey around pictures: neutral, for judging photographs."""
    return _DARK_GROUND if theme.is_dark(palette) else _LIGHT_GROUND


def ink_color(palette: QPalette) -> QColor:
    """Return the colour of words on that grey."""
    return _LIGHT_INK if theme.is_dark(palette) else _DARK_INK


class ImageCanvas(QWidget):
    """Shows one picture: whole, or a part of it at any scale up to 3,200 %.

    A click, Space or Z shows it at 100 % (one pixel of the picture on one of the screen), with what is under
    the pointer kept there, and whole again. A small picture is enlarged to fit; 100 % is smaller there. Keys
    that mean nothing to it, such as arrows while the picture is whole, go on to its parent.

    Signals:
        view_changed: A person has moved or scaled the picture (`ViewState`).
        scale_changed: It is shown at another scale, for whatever reason.
        resized: The canvas has another size.
    """

    view_changed = Signal(object)
    scale_changed = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placement = Placement()
        self._picture: Picture | None = None
        self._failure = ""
        self._told_scale = 0.0
        self._pressed: QPoint | None = None
        self._dragged_from: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Image")
        self.setAccessibleDescription(
            "Space: 100 % and whole again. Plus and minus: larger and smaller. Arrow keys: move it."
        )
        self.grabGesture(Qt.GestureType.PinchGesture)

    # What is shown

    @property
    def picture(self) -> Picture | None:
        """What is shown, None for nothing."""
        return self._picture

    @property
    def failure(self) -> str:
        """The sentence that stands in place of a picture; empty if there is none."""
        return self._failure

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture, or nothing. Place and scale stay: `fit` shows it whole."""
        self._picture, self._failure = picture, ""
        if picture is not None:
            self._placement.set_picture(picture.size)
        self._changed()

    def show_failure(self, sentence: str) -> None:
        """Say why there is no picture."""
        self._picture, self._failure = None, sentence
        self._changed()

    # Place and scale

    @property
    def view(self) -> ViewState:
        """Which part of the picture is shown."""
        return self._placement.state

    @property
    def is_fitted(self) -> bool:
        """Whether the whole picture is shown, as large as the canvas lets it be."""
        return self._placement.is_fitted

    @property
    def scale(self) -> float:
        """Device pixels for one pixel of the picture."""
        return self._placement.scale

    @property
    def device_size(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        return self._device_size(self.size())

    @property
    def lacks_pixels(self) -> bool:
        """Whether the picture is shown larger than it is loaded."""
        picture = self._picture
        if picture is None or picture.is_full:
            return False
        return not self.is_fitted and self._placement.size[0] > picture.levels[0].width() + 1

    def set_view(self, view: ViewState, *, same_scale: bool = False) -> None:
        """Show the part that another canvas shows, relative to the picture's size or at the same scale.

        Nothing is told about it, so that canvases can follow each other.
        """
        self._placement.show(view, same_scale=same_scale)
        self._changed()

    def fit(self) -> None:
        """Show the whole picture."""
        self._placement.fit()
        self._changed(by_hand=True)

    def toggle_zoom(self, place: QPointF | None = None) -> None:
        """Show 100 % with a point of the canvas kept in place (the pointer's by default), or all again."""
        if not self.is_fitted:
            self.fit()
            return
        self.zoom_to(1.0, place)

    def zoom_to(self, scale: float, place: QPointF | None = None) -> None:
        """Take another scale, in device pixels for one of the picture, about a point of the canvas."""
        if self._picture is None:
            return
        point = (self._pointer() if place is None else place) * self.devicePixelRatioF()
        self._placement.zoom_about((point.x(), point.y()), scale)
        self._changed(by_hand=True)

    def to_picture(self, place: QPointF) -> QPointF:
        """Return which point of the picture, in its pixels, is at a point of the canvas."""
        ratio = self.devicePixelRatioF()
        return QPointF(*self._placement.to_picture((place.x() * ratio, place.y() * ratio)))

    def to_canvas(self, point: QPointF) -> QPointF:
        """Return where on the canvas a point of the picture is."""
        return QPointF(*self._placement.to_window((point.x(), point.y()))) / self.devicePixelRatioF()

    def _pointer(self) -> QPointF:
        """Return where the pointer is on the canvas, the middle if it is elsewhere."""
        place = QPointF(self.mapFromGlobal(QCursor.pos()))
        return (
            place
            if self.underMouse() and QRectF(self.rect()).contains(place)
            else QRectF(self.rect()).center()
        )

    def _pan(self, dx: float, dy: float) -> None:
        ratio = self.devicePixelRatioF()
        self._placement.pan(dx * ratio, dy * ratio)
        self._changed(by_hand=True)

    def _device_size(self, size: QSize) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio))

    def _changed(self, *, by_hand: bool = False) -> None:
        """Draw anew and tell."""
        movable = not self._placement.is_whole and self._picture is not None
        hand = Qt.CursorShape.ClosedHandCursor if self._dragged_from else Qt.CursorShape.OpenHandCursor
        self.setCursor(hand if movable else Qt.CursorShape.ArrowCursor)
        self.update()
        if by_hand:
            self.view_changed.emit(self.view)
        if self.scale != self._told_scale:
            self._told_scale = self.scale
            self.scale_changed.emit()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the part of the picture that can be seen, or the sentence in its place."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground_color(self.palette()))
        if self._picture is not None:
            self._draw_picture(painter, self._picture)
        elif self._failure:
            self._draw_sentence(painter)
        painter.end()

    def _draw_picture(self, painter: QPainter, picture: Picture) -> None:
        (left, top), (width, height) = self._placement.origin, self._placement.size
        level = _level_for(picture, width)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        target = QRectF(left, top, width, height)
        if (level.width(), level.height()) == (width, height):
            painter.drawPixmap(target.topLeft(), level)
            return
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, self.scale <= _SMOOTH_UP_TO or not picture.is_full
        )
        painter.drawPixmap(target, level, QRectF(level.rect()))

    def _draw_sentence(self, painter: QPainter) -> None:
        painter.setPen(ink_color(self.palette()))
        width = min(_MOST_TEXT_WIDTH, self.width() - 32)
        room = QRectF((self.width() - width) / 2, 16, width, self.height() - 32)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._failure)

    # Events

    def event(self, event: QEvent) -> bool:
        """Follow two fingers on a touch screen or a trackpad, and a move to another screen."""
        if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                place = QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint()))
                self.zoom_to(self.scale * pinch.scaleFactor(), place)
                return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_to(self.scale * (1 + event.value()), event.position())
                return True
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._placement.set_window(self.device_size)
            self._changed()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted, or at the scale that was chosen."""
        super().resizeEvent(event)
        self._placement.set_window(self.device_size)
        self._changed()
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scale about the pointer, with Ctrl or without."""
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoom_to(self.scale * _WHEEL_STEP**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture with the pointer."""
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        place = event.position()
        if self._dragged_from is None:
            if (place.toPoint() - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged_from = QPointF(self._pressed)
        before, self._dragged_from = self._dragged_from, place
        if not self.is_fitted:
            self._pan(place.x() - before.x(), place.y() - before.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; a click without one shows 100 %, or the whole picture."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        was_click, self._pressed, self._dragged_from = self._dragged_from is None, None, None
        if was_click:
            self.toggle_zoom(event.position())
        else:
            self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scale and move; leave all other keys to the parent."""
        if not self.wants_key(event):
            event.ignore()
            return
        key = Qt.Key(event.key())
        if key in _PAN_KEYS:
            dx, dy = _PAN_KEYS[key]
            self._pan(dx * self.width() * _PAN_SHARE, dy * self.height() * _PAN_SHARE)
        elif key in _ZOOM_KEYS:
            self.zoom_to(self.scale * _ZOOM_KEYS[key])
        elif not event.isAutoRepeat():
            self.toggle_zoom()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether a key means something to the canvas now."""
        if event.modifiers() & ~_HARMLESS:
            return False
        if event.key() in _PAN_KEYS:
            return not self._placement.is_whole
        return event.key() in _ZOOM_KEYS or event.key() in _TOGGLE_KEYS


def _level_for(picture: Picture, width: float) -> QPixmap:
    """Return the smallest level that has all the pixels that are drawn, or the largest one."""
    enough = [level for level in picture.levels if level.width() >= width]
    return enough[-1] if enough else picture.levels[0]
