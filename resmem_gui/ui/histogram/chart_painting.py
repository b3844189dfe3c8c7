"""Paints a chart with its axes onto any paper."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPolygonF

from resmem_gui.ui import theme
from resmem_gui.ui.histogram import overlay
from resmem_gui.ui.histogram.chart import Chart, Curve, Upright
from resmem_gui.ui.histogram.content import Content

_SIDE: Final = 0.01
_TICK: Final = 5.0
_GAP: Final = 4.0
_MOST_TICKS: Final = 6


def paint_chart(
    painter: QPainter, place: QRectF, chart: Chart, content: Content | None, palette: QPalette
) -> None:
    """Paint axes, lines and the chosen range.

    Args:
        painter: Its font is used.
        place: For all of it, with the numbers and names of the axes.
        chart: The lines.
        content: Of which the range is taken, if there can be one.
        palette: Whose colours are used.
    """
    metrics = QFontMetricsF(painter.font())
    line, ticks = metrics.height(), height_ticks(chart.top)
    numbers = max(metrics.horizontalAdvance(f"{tick:g}") for tick in ticks)
    left = max(3 * line, line + numbers + _TICK + 2 * _GAP)
    area = place.adjusted(left, line / 2, -line / 2, -2 * line - _TICK - 2 * _GAP)
    frame = overlay.Frame(area, (chart.first - _SIDE, 1.0 + _SIDE))
    for curve in chart.curves:
        _paint_curve(painter, frame, chart, curve)
    for upright in chart.uprights:
        _paint_upright(painter, frame, chart, upright)
    if content is not None and content.chosen is not None:
        overlay.paint_range(painter, frame, content.chosen, content.range_label(), palette, handles=False)
    painter.setPen(theme.faint_text_color(palette))
    _paint_score_axis(painter, place, frame, chart)
    if chart.axis_name:  # lines at scores have no height
        _paint_height_axis(painter, place, frame, chart)


def _paint_curve(painter: QPainter, frame: overlay.Frame, chart: Chart, curve: Curve) -> None:
    x, y = curve.x, curve.y
    if curve.is_bars:
        x, y = np.repeat(x, 2)[1:-1], np.repeat(y, 2)
    bottom = frame.area.bottom()
    points = [
        QPointF(frame.x_of(max(float(score), chart.first)), _y_of(float(height), frame, chart))
        for score, height in zip(x, y, strict=True)
    ]
    if curve.is_area:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(curve.style.fill)
        ends = [QPointF(points[-1].x(), bottom), QPointF(points[0].x(), bottom)]
        painter.drawPolygon(QPolygonF([*points, *ends]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(curve.style.pen)
    painter.drawPolyline(QPolygonF(points))


def _paint_upright(painter: QPainter, frame: overlay.Frame, chart: Chart, upright: Upright) -> None:
    x, area = frame.x_of(upright.score), frame.area
    bottom = area.bottom() if upright.low is None else _y_of(upright.low, frame, chart)
    top = area.top() if upright.high is None else _y_of(upright.high, frame, chart)
    painter.setPen(upright.style.pen)
    painter.drawLine(QPointF(x, top), QPointF(x, bottom))


def _y_of(height: float, frame: overlay.Frame, chart: Chart) -> float:
    return frame.area.bottom() - height / chart.top * frame.area.height()


def _paint_score_axis(painter: QPainter, place: QRectF, frame: overlay.Frame, chart: Chart) -> None:
    area, metrics = frame.area, QFontMetricsF(painter.font())
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    base = area.bottom() + _TICK + _GAP + metrics.ascent()
    for tick in chart.score_ticks:
        x, text = frame.x_of(tick), f"{tick:.1f}"
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + _TICK))
        painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, base), text)
    name = "Memorability score"
    left = area.center().x() - metrics.horizontalAdvance(name) / 2
    painter.drawText(QPointF(left, place.bottom() - metrics.descent()), name)


def _paint_height_axis(painter: QPainter, place: QRectF, frame: overlay.Frame, chart: Chart) -> None:
    area, metrics = frame.area, QFontMetricsF(painter.font())
    painter.drawLine(area.topLeft(), area.bottomLeft())
    for tick in height_ticks(chart.top):
        y, text = _y_of(tick, frame, chart), f"{tick:g}"
        painter.drawLine(QPointF(area.left() - _TICK, y), QPointF(area.left(), y))
        left = area.left() - _TICK - _GAP - metrics.horizontalAdvance(text)
        painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)
    painter.save()
    painter.translate(place.left() + metrics.ascent(), area.center().y())
    painter.rotate(-90)
    painter.drawText(QPointF(-metrics.horizontalAdvance(chart.axis_name) / 2, 0), chart.axis_name)
    painter.restore()


def height_ticks(top: float) -> list[float]:
    """Return round numbers from 0 to at most `top`, not more than seven of them."""
    raw = top / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
    return [round(number * step, 10) for number in range(math.floor(top / step + 1e-9) + 1)]
