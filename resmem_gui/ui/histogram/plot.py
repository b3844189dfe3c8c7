"""The plot that is drawn, brushed and clicked. Imported late: pyqtgraph is half of the program's start."""

from collections.abc import Callable
from typing import Final

import pyqtgraph
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from resmem_gui.analysis.histogram import CELLS, bin_at
from resmem_gui.ui.histogram import overlay
from resmem_gui.ui.histogram.brush import Brush, Grip
from resmem_gui.ui.histogram.content import Content, ScoreRange
from resmem_gui.ui.histogram.drawing import Drawing
from resmem_gui.ui.histogram.options import Options
from resmem_gui.ui.histogram.range_keys import KEYS_HINT, RANGE_KEYS, act_on_key
from resmem_gui.ui.hover_label import HoverLabel

_REACH_PX: Final = 5
#: With Alt a range ends where the pointer is, to three decimals.
_FINE_STEP: Final = 1 / CELLS
_CURSORS: Final = {
    Grip.NEW: Qt.CursorShape.CrossCursor,
    Grip.LOW: Qt.CursorShape.SplitHCursor,
    Grip.HIGH: Qt.CursorShape.SplitHCursor,
    Grip.INSIDE: Qt.CursorShape.OpenHandCursor,
}


class HistogramPlot(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Draws distributions; a range is dragged on it, a bar clicked.

    Signals:
        range_changed: The range (`ScoreRange`, or None for none), at each step; whether it still changes.
        bar_clicked: Low and high end of a bar, and the modifiers of the keyboard.
        menu_wanted: Where on the screen (`QPoint`).
    """

    range_changed = Signal(object, bool)
    bar_clicked = Signal(float, float, object)
    menu_wanted = Signal(QPoint)

    _bar: ScoreRange | None = None  # under the pointer; pyqtgraph resizes us before `__init__` goes on

    def __init__(self, content: Content, options: Options, parent: QWidget) -> None:
        """Draw it."""
        super().__init__(parent=parent)
        self._brush = Brush()
        self._pressed_at: QPoint | None = None
        self._is_dragging = False
        self._shows_focus = False
        self._content, self._options = content, options
        self._drawing = Drawing(self.getPlotItem())
        self._hover = HoverLabel(self.viewport())
        self._set_up()
        self.show_content(content, options)
        self.take_colors(self.palette())
        self._drawing.take_dots(self.devicePixelRatioF())

    def _set_up(self) -> None:
        self.setMinimumHeight(120)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.setAcceptDrops(False)  # a drop here is a drop on the window
        self.setAccessibleName("Histogram of memorability scores")
        self.setWhatsThis(KEYS_HINT)
        # What is painted over the curves reaches further than the curve that changes.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)

    # Showing

    def show_content(self, content: Content, options: Options) -> None:
        """Draw this; the range stays as it is while it is being dragged."""
        self._content, self._options = content, options
        if self._brush.grip is None:
            self._brush.set_range(content.chosen)
        self._drawing.show(content, options)
        if self._bar is not None:
            self._hover.setText(content.hover_text(self._bar, options))
        self.viewport().update()

    def show_range(self, content: Content) -> None:
        """Draw another range over the same curves."""
        self._content = content
        if self._brush.grip is None:
            self._brush.set_range(content.chosen)
        self.viewport().update()

    def take_colors(self, palette: QPalette) -> None:
        """Draw ground, axes and text in the palette's colours."""
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        self._drawing.take_colors(palette)

    @property
    def frame(self) -> overlay.Frame:
        """Where scores are in the viewport."""
        area = self.mapFromScene(self._drawing.area).boundingRect()
        return overlay.Frame(QRectF(area), self._drawing.scores)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the range over the curves."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        palette, chosen = self.palette(), self._brush.range
        if self._bar is not None:
            overlay.paint_bar(painter, self.frame, self._bar, palette)
        if chosen is not None:
            label = self._content.range_label()
            overlay.paint_range(painter, self.frame, chosen, label, palette, handles=True)
        if self.hasFocus() and self._shows_focus:
            overlay.paint_focus(painter, QRectF(self.viewport().rect()), palette)
        painter.end()

    # The mouse. The scene hears nothing of it: its items have nothing to be clicked.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the range, of one of its ends, or begin a new one."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed_at = event.position().toPoint()
        self._is_dragging = False
        self._brush.press(self._score_at(self._pressed_at), self._reach())
        if self._brush.grip is Grip.INSIDE:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, or tell what is under the pointer."""
        place = event.position().toPoint()
        if self._pressed_at is None:
            self._point_at(place)
            return
        distance = (place - self._pressed_at).manhattanLength()
        if not self._is_dragging and distance < QApplication.startDragDistance():
            return  # perhaps a click
        self._is_dragging = True
        self._forget_bar()
        is_fine = event.modifiers() & Qt.KeyboardModifier.AltModifier
        step = _FINE_STEP if is_fine else self._options.bin_width
        self._change(lambda: self._brush.drag(self._score_at(place), step), still_changes=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, or take it as a click."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        place, self._pressed_at = event.position().toPoint(), None
        self._brush.release()
        bar = self._bar_at(place)
        if self._is_dragging:
            self.range_changed.emit(self._brush.range, False)
        elif bar is not None:
            self.bar_clicked.emit(*bar, event.modifiers())
        self._point_at(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Clear the range."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._change(lambda: self._brush.set_range(None))

    def wheelEvent(self, event: QEvent) -> None:
        """Leave the wheel to what is around: there is nothing to be zoomed."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell nothing more of a bar."""
        super().leaveEvent(event)
        self._forget_bar()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the menu, at the pointer or in the middle."""
        self.menu_wanted.emit(event.globalPos())

    def _point_at(self, place: QPoint) -> None:
        grip = self._brush.grip_at(self._score_at(place), self._reach())
        self.viewport().setCursor(_CURSORS[grip])
        bar = self._bar_at(place)
        if bar is None:
            self._forget_bar()
            return
        self._bar = bar
        self._hover.tell(self._content.hover_text(self._bar, self._options), place)
        self.viewport().update()

    def _bar_at(self, place: QPoint) -> ScoreRange | None:
        score, area = self._score_at(place), self.frame.area
        if not (area.contains(place.toPointF()) and 0.0 <= score <= 1.0):
            return None
        return bin_at(score, self._options.bin_width)

    def _forget_bar(self) -> None:
        if self._bar is not None:
            self._bar = None
            self._hover.hide()
            self.viewport().update()

    def _score_at(self, place: QPoint) -> float:
        return self.frame.score_at(place.x())

    def _reach(self) -> float:
        first, last = self._drawing.scores
        return _REACH_PX * (last - first) / max(self.frame.area.width(), 1.0)

    # Keys

    def event(self, event: QEvent) -> bool:
        """Have the range's keys before the window's shortcuts: Delete removes no images here.

        On another screen, whose dots are finer or coarser, lines stay as wide as they were.
        """
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._drawing.take_dots(self.devicePixelRatioF())
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = self._brush.range is not None and event.key() in RANGE_KEYS
            if is_ours or event.key() == Qt.Key.Key_Delete:
                event.accept()
                return True
        result: bool = super().event(event)
        return result

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and adjust the range by keys; Escape takes a drag back, or clears."""
        if event.key() == Qt.Key.Key_Escape and self._pressed_at is not None:
            self._pressed_at = None
            self._change(self._brush.take_back)
            return
        self._shows_focus = True
        before = self._brush.range
        if not act_on_key(event, self._brush, self._options.bin_width, self._beginning):
            event.ignore()
        elif self._brush.range != before:
            self.range_changed.emit(self._brush.range, False)
            self.viewport().update()

    def _beginning(self) -> ScoreRange:
        """Return the highest bar of the library, or of the reference while there are no scores."""
        shown = self._content.library if self._content.library.n else self._content.reference
        width = self._options.bin_width
        return bin_at(float(shown.bars(width).argmax() + 0.5) * width, width)

    def _change(self, change: Callable[[], None], *, still_changes: bool = False) -> None:
        before = self._brush.range
        change()
        if self._brush.range != before:
            self.range_changed.emit(self._brush.range, still_changes)
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the plot, unless a click brought the keyboard here."""
        super().focusInEvent(event)
        self._shows_focus = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Forget what was under the pointer."""
        super().resizeEvent(event)
        self._forget_bar()
