"""A small drawing: the scores of an image in all framings, from the least to the greatest."""

import math
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resmem_gui.library.records import Sensitivity
from resmem_gui.ui import theme
from resmem_gui.ui.sensitivity.sentences import range_text

#: The axis shows at least so much, so that a narrow interval looks narrow.
_LEAST_SPAN: Final = 0.2
_TICK: Final = 0.1
_MARGIN: Final = 6.0
_BAND: Final = 18.0
_DOT: Final = 3.0
_BAND_ALPHA: Final = 90


def axis_range(low: float, high: float) -> tuple[float, float]:
    """Return where an axis for scores from `low` to `high` begins and ends: whole tenths, within 0 and 1."""
    first, last = math.floor(round(low / _TICK, 6)), math.ceil(round(high / _TICK, 6))
    wanted = round(_LEAST_SPAN / _TICK)
    while last - first < wanted:
        below, above = round(low / _TICK - first, 6), round(last - high / _TICK, 6)
        if (below <= above and first > 0) or last >= 1 / _TICK:
            first -= 1
        else:
            last += 1
    return first * _TICK, last * _TICK


class IntervalStrip(QWidget):
    """Draws a dot for each framing over a band for the interval; a line marks the score itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sensitivity: Sensitivity | None = None
        self._score = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scores in other framings")

    def show_sensitivity(self, sensitivity: Sensitivity, score: float) -> None:
        """Draw this interval and the score that belongs to it."""
        self._sensitivity, self._score = sensitivity, score
        self.setAccessibleDescription(f"Score {score:.2f}, in other framings {range_text(sensitivity)}")
        self.setToolTip(", ".join(f"{one:.3f}" for one in sorted(sensitivity.scores)))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of band and labels; any width serves."""
        return QSize(180, round(_BAND) + 8 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Return a width at which both ends can be read."""
        return QSize(90, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and palette."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw axis, band, dots and score."""
        known = self._sensitivity
        if known is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        axis = axis_range(min(known.low, self._score), max(known.high, self._score))
        self._draw_axis(painter, axis)
        band = QRectF(self._x(known.low, axis), 3, 0, _BAND - 4)
        band.setRight(max(self._x(known.high, axis), band.left() + 1))
        ground = QColor(theme.LIBRARY_COLOR)
        ground.setAlpha(_BAND_ALPHA)
        painter.fillRect(band, ground)
        self._draw_dots(painter, known, axis)
        self._draw_score(painter, axis)
        painter.end()

    def _draw_dots(self, painter: QPainter, known: Sensitivity, axis: tuple[float, float]) -> None:
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Window), 1))
        painter.setBrush(theme.LIBRARY_COLOR)
        for score in known.scores:
            painter.drawEllipse(QPointF(self._x(score, axis), 1 + _BAND / 2), _DOT, _DOT)

    def _draw_score(self, painter: QPainter, axis: tuple[float, float]) -> None:
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
        at = self._x(self._score, axis)
        painter.drawLine(QPointF(at, 0), QPointF(at, _BAND + 2))

    def _draw_axis(self, painter: QPainter, axis: tuple[float, float]) -> None:
        painter.setPen(QPen(theme.separator_color(self.palette()), 1))
        bottom = _BAND + 2
        painter.drawLine(QPointF(_MARGIN, bottom), QPointF(self.width() - _MARGIN, bottom))
        ticks = range(round(axis[0] / _TICK), round(axis[1] / _TICK) + 1)
        step = (
            1
            if len(ticks) * 2.2 * self.fontMetrics().horizontalAdvance("0.0") < self.width()
            else len(ticks) - 1
        )
        for number, tick in enumerate(ticks):
            at = self._x(tick * _TICK, axis)
            painter.setPen(QPen(theme.separator_color(self.palette()), 1))
            painter.drawLine(QPointF(at, bottom), QPointF(at, bottom + 3))
            if number % step == 0:
                self._draw_label(painter, at, f"{tick * _TICK:.1f}")

    def _draw_label(self, painter: QPainter, at: float, text: str) -> None:
        painter.setPen(theme.faint_text_color(self.palette()))
        width = self.fontMetrics().horizontalAdvance(text) + 2.0
        left = min(max(0.0, at - width / 2), self.width() - width)
        room = QRectF(left, _BAND + 5, width, self.fontMetrics().height())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _x(self, score: float, axis: tuple[float, float]) -> float:
        return _MARGIN + (score - axis[0]) / (axis[1] - axis[0]) * (self.width() - 2 * _MARGIN)
