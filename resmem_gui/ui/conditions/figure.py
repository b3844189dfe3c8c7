"""The lists drawn: each image's score, list under list, and what they were drawn from."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.analysis.condition_balance import summary_of
from resmem_gui.ui import theme
from resmem_gui.ui.sensitivity.interval_strip import axis_range

#: What the images that could have been drawn are called.
ALL: Final = "All"
_TICK: Final = 0.1
_GAP: Final = 4
_STROKE: Final = 2
#: How dense one stroke is; several in one place are denser.
_ALPHA: Final = 0.55
#: More lists than that are drawn lower.
_MANY: Final = 4


class ListsFigure(QWidget):
    """Draws a stroke for each image, and a line for the mean, of each list on one axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, NDArray[np.float64]]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scores of the lists")
        self.setToolTip(
            "A stroke for each image, a line for the mean. All: the images that lists were drawn from"
        )

    def show_lists(
        self, names: Sequence[str], lists: NDArray[np.floating], drawn_from: NDArray[np.floating]
    ) -> None:
        """Draw lists.

        Args:
            names: Of the lists.
            lists: Their scores, shape (lists, in_list).
            drawn_from: Scores of the images that could have been drawn, shape (n,).
        """
        self._rows = [(name, row.astype(np.float64)) for name, row in zip(names, lists, strict=True)]
        self._rows.append((ALL, drawn_from.astype(np.float64)))
        self.setAccessibleDescription("; ".join(_told(name, scores) for name, scores in self._rows))
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self._rows = []
        self.setAccessibleDescription("")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of all rows and the axis; any width serves."""
        rows = max(len(self._rows), 3)
        return QSize(300, round(rows * (self._row_height() + _GAP)) + self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Return a width at which the axis can be read."""
        return QSize(160, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and palette."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw names, strokes, means and axis."""
        if not self._rows:
            return
        every = np.concatenate([scores for _, scores in self._rows])
        axis = axis_range(float(every.min()), float(every.max()))
        painter = QPainter(self)
        height = self._row_height()
        area = QRectF(self._labels_width(), 0, 0, len(self._rows) * (height + _GAP))
        area.setRight(self.width() - self.fontMetrics().horizontalAdvance("0.0"))
        self._draw_axis(painter, area, axis)
        for number, (name, scores) in enumerate(self._rows):
            row = QRectF(area.left(), number * (height + _GAP), area.width(), height)
            self._draw_name(painter, row, name)
            is_list = number + 1 < len(self._rows)
            color = theme.LIBRARY_COLOR if is_list else theme.faint_text_color(self.palette())
            self._draw_scores(painter, row, (scores - axis[0]) / (axis[1] - axis[0]), color)
        painter.end()

    def _draw_name(self, painter: QPainter, row: QRectF, name: str) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        room = QRectF(0, row.top() - _GAP, row.left() - 8, row.height() + 2 * _GAP)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _draw_scores(
        self, painter: QPainter, row: QRectF, shares: NDArray[np.float64], color: QColor
    ) -> None:
        """Draw a stroke for each place that has scores, at most one a pixel; `shares` of the axis."""
        places = np.round(row.left() + shares * row.width())
        for at, count in zip(*np.unique(places, return_counts=True), strict=True):
            ink = QColor(color)
            ink.setAlphaF(float(1 - (1 - _ALPHA) ** min(int(count), 8)))
            painter.fillRect(QRectF(float(at) - _STROKE / 2, row.top() + 2, _STROKE, row.height() - 4), ink)
        mean = row.left() + float(shares.mean()) * row.width()
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), _STROKE))
        painter.drawLine(QLineF(mean, row.top(), mean, row.bottom()))

    def _draw_axis(self, painter: QPainter, area: QRectF, axis: tuple[float, float]) -> None:
        ticks = range(round(axis[0] / _TICK), round(axis[1] / _TICK) + 1)
        for tick in ticks:
            at = area.left() + (tick * _TICK - axis[0]) / (axis[1] - axis[0]) * area.width()
            painter.setPen(theme.separator_color(self.palette()))
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            painter.setPen(theme.faint_text_color(self.palette()))
            room = QRectF(at - 40, area.bottom() + 2, 80, self.fontMetrics().height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{tick * _TICK:.1f}")

    def _row_height(self) -> float:
        share = 1.0 if len(self._rows) <= _MANY + 1 else 0.7
        return self.fontMetrics().height() * share

    def _labels_width(self) -> float:
        return max(self.fontMetrics().horizontalAdvance(name) for name, _ in self._rows) + 12.0


def _told(name: str, scores: NDArray[np.float64]) -> str:
    told = summary_of(scores)
    return (
        f"{name}: {told.n:,} images, mean {told.mean:.3f}, SD {told.sd:.3f}, {told.least:.3f} to "
        f"{told.greatest:.3f}"
    )
