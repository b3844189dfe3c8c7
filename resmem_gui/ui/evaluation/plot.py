"""Draws a chart with pyqtgraph; its points are pointed at, clicked, and walked by keys. Imported late."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from resmem_gui.ui import theme
from resmem_gui.ui.evaluation import inks
from resmem_gui.ui.evaluation.charts import Chart, Line, Points, tick_text, ticks
from resmem_gui.ui.hover_label import HoverLabel

#: A point is meant from so far away, in pixels.
_REACH: Final = 12.0
_RING: Final = 7.0
_STEPS: Final = {
    Qt.Key.Key_Right: ("x", 1),
    Qt.Key.Key_Left: ("x", -1),
    Qt.Key.Key_Up: ("y", 1),
    Qt.Key.Key_Down: ("y", -1),
}
KEYS_HINT: Final = (
    "Click a point to select its image in the window. By keyboard: left and right arrow go from point to "
    "point by predicted score, up and down by height, Home and End to the ends, Enter selects the image."
)


class EvaluationPlot(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Shows a chart.

    Signals:
        pointed_at: Place of an image in the evaluation, by mouse or keys; -1 for none.
        chosen: Place of an image, by a click or Enter.
    """

    pointed_at = Signal(int)
    chosen = Signal(int)

    _chart: Chart | None = None  # pyqtgraph resizes us before `__init__` goes on

    def __init__(self, name_of: Callable[[int], str], parent: QWidget) -> None:
        """Make an empty plot.

        Args:
            name_of: Returns what there is to say of an image, by its place in the evaluation.
            parent: Owner.
        """
        super().__init__(parent=parent)
        self._name_of = name_of
        self._current: int | None = None  # number of a point of the chart
        self._orders: dict[str, np.ndarray] = {}
        self._label = HoverLabel(self.viewport())
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)
        self.setWhatsThis(KEYS_HINT)
        self.setMinimumSize(240, 180)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.setMouseEnabled(x=False, y=False)
        item.hideButtons()
        item.setContentsMargins(0, 6, 8, 0)
        self._legend = item.addLegend(offset=(12, 8))
        self.take_colors(self.palette())

    # Showing

    def show_chart(self, chart: Chart) -> None:
        """Draw this instead of what is there."""
        self._chart = chart
        self._current = None
        self._orders = {}
        self._label.hide()
        item, palette = self.getPlotItem(), self.palette()
        item.clear()
        for line in chart.lines:
            self._add_line(line, palette)
        if chart.points is not None:
            self._add_points(chart.points)
        item.setXRange(*chart.x_range, padding=0.02)
        item.setYRange(*chart.y_range, padding=0.02)
        for side, name, limits in (
            ("bottom", chart.x_name, chart.x_range),
            ("left", chart.y_name, chart.y_range),
        ):
            item.getAxis(side).enableAutoSIPrefix(False)
            item.getAxis(side).setStyle(hideOverlappingLabels=False)  # else the first and last are left out
            item.setLabel(side, name)
            item.getAxis(side).setTicks([[(tick, tick_text(tick)) for tick in ticks(*limits)]])
        self.setAccessibleName(f"Plot: {chart.title}")
        self.setAccessibleDescription(chart.meaning)

    def _add_line(self, line: Line, palette: QPalette) -> None:
        pen = inks.pen_of(line.ink, palette, self.devicePixelRatioF())
        curve = pyqtgraph.PlotDataItem(line.x, line.y, pen=pen, antialias=True)
        fill = inks.fill_of(line, palette)
        if fill is not None:
            curve.setFillLevel(0)
            curve.setFillBrush(fill)
        self.getPlotItem().addItem(curve)
        if line.name:
            self._legend.addItem(curve, line.name)

    def _add_points(self, points: Points) -> None:
        color = inks.point_color(len(points.x))
        if points.errors is not None:
            bars = pyqtgraph.ErrorBarItem(
                x=points.x,
                y=points.y,
                height=2 * points.errors,
                beam=0.006,
                pen=pyqtgraph.mkPen(color, width=1.5 * self.devicePixelRatioF()),
            )
            self.getPlotItem().addItem(bars)
        dots = pyqtgraph.ScatterPlotItem(
            points.x, points.y, size=inks.point_size(len(points.x)), pen=None, brush=color
        )
        self.getPlotItem().addItem(dots)

    def take_colors(self, palette: QPalette) -> None:
        """Draw ground, axes and text in the palette's colours."""
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        for side in ("bottom", "left"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(theme.separator_color(palette))
            axis.setTextPen(theme.faint_text_color(palette))
        self._legend.setLabelTextColor(theme.faint_text_color(palette))
        if self._chart is not None:
            self.show_chart(self._chart)

    def mark(self, place: int | None) -> None:
        """Ring the point of an image, or none."""
        points = self._images()
        found = None
        if points is not None and points.places is not None and place is not None:
            numbers = np.flatnonzero(points.places == place)
            found = int(numbers[0]) if len(numbers) else None
        self._go_to(found)

    def event(self, event: QEvent) -> bool:
        """Draw again on another screen, whose dots are finer or coarser."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._chart is not None:
            self.show_chart(self._chart)
        return bool(super().event(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ring the current point."""
        super().paintEvent(event)
        if self._current is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 2.0))
        painter.drawEllipse(self._pixel_of(self._current), _RING, _RING)
        painter.end()

    # Points

    def _images(self) -> Points | None:
        """Return the points that are images."""
        points = self._chart.points if self._chart is not None else None
        return points if points is not None and points.places is not None else None

    def pixels(self) -> np.ndarray:
        """Return where the points are in the viewport, shape (n, 2)."""
        points = self._images()
        if points is None:
            return np.empty((0, 2))
        box = self.getPlotItem().getViewBox()
        area = self.mapFromScene(box.sceneBoundingRect()).boundingRect()
        (left, right), (bottom, top) = box.viewRange()
        x = area.left() + (points.x - left) / (right - left) * area.width()
        y = area.top() + (top - points.y) / (top - bottom) * area.height()
        return np.column_stack([x, y])

    def _pixel_of(self, number: int) -> QPointF:
        x, y = self.pixels()[number].tolist()
        return QPointF(x, y)

    def _point_at(self, place: QPoint) -> int | None:
        pixels = self.pixels()
        if len(pixels) == 0:
            return None
        distances = ((pixels - [place.x(), place.y()]) ** 2).sum(axis=1)
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= _REACH**2 else None

    def _go_to(self, number: int | None) -> None:
        if number == self._current:
            return
        self._current = number
        points = self._images()
        if number is None or points is None or points.places is None:
            self._label.hide()
            self.pointed_at.emit(-1)
        else:
            place = int(points.places[number])
            text = self._name_of(place)
            self._label.tell(self._fitted(text), self._pixel_of(number).toPoint())
            self.setAccessibleDescription(text.replace("\n", ", "))
            self.pointed_at.emit(place)
        self.viewport().update()

    def _fitted(self, text: str) -> str:
        """Return lines no longer than the plot is wide: names are shortened in the middle."""
        room, metrics = self.viewport().width() - 4 * int(_RING), self._label.fontMetrics()
        middle = Qt.TextElideMode.ElideMiddle
        return "\n".join(metrics.elidedText(line, middle, room) for line in text.split("\n"))

    def _choose(self) -> None:
        points = self._images()
        if self._current is not None and points is not None and points.places is not None:
            self.chosen.emit(int(points.places[self._current]))

    # The mouse. The scene hears nothing of it.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the image under the pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._go_to(self._point_at(event.position().toPoint()))
            self._choose()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the image under the pointer."""
        number = self._point_at(event.position().toPoint())
        shape = Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)
        if number is not None:
            self._go_to(number)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged here."""

    def wheelEvent(self, event: QEvent) -> None:
        """Leave the wheel to what is around: there is nothing to be zoomed."""
        event.ignore()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point, and choose."""
        points, key = self._images(), Qt.Key(event.key())
        if points is None:
            event.ignore()
        elif key in _STEPS:
            self._step(points, *_STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            order = self._order(points, "x")
            self._go_to(int(order[0 if key == Qt.Key.Key_Home else -1]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self._choose()
        else:
            event.ignore()

    def _step(self, points: Points, axis: str, by: int) -> None:
        order = self._order(points, axis)
        if self._current is None:
            self._go_to(int(order[0 if by > 0 else -1]))
            return
        rank = int(np.flatnonzero(order == self._current)[0]) + by
        self._go_to(int(order[min(max(rank, 0), len(order) - 1)]))

    def _order(self, points: Points, axis: str) -> np.ndarray:
        if axis not in self._orders:
            first, second = (points.x, points.y) if axis == "x" else (points.y, points.x)
            self._orders[axis] = np.lexsort((second, first))
        return self._orders[axis]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the label away; the ring stays."""
        super().focusOutEvent(event)
        self._label.hide()

    def leaveEvent(self, event: QEvent) -> None:
        """Likewise."""
        super().leaveEvent(event)
        self._label.hide()
