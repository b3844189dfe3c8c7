"""Draws a chart with pyqtgraph. Importing that takes long."""

from typing import Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPalette, QPen

from resmem_gui.ui import theme
from resmem_gui.ui.histogram.chart import LIBRARY, MARK, REFERENCE, SELECTION, Chart, Style
from resmem_gui.ui.histogram.content import Content
from resmem_gui.ui.histogram.options import Options

_SIDE: Final = 0.02
#: The vertical axis stays while what is drawn fills so much of it; a new one has so much room to grow.
_LEAST_FILLED: Final = 0.9
_RESERVE: Final = 1.04


class Drawing:
    """Curves in a plot item: the reference as an area, over it the library, the selection and its marks."""

    def __init__(self, item: pyqtgraph.PlotItem) -> None:
        """Draw into an item, which has nothing in it yet."""
        self._item = item
        self._axes: tuple[str, list[float]] | None = None
        self._curves = {style: pyqtgraph.PlotCurveItem() for style in (REFERENCE, LIBRARY, SELECTION)}
        for style, curve in self._curves.items():
            curve.setBrush(style.fill)
            item.addItem(curve)
        self._marker = pyqtgraph.PlotCurveItem(connect="pairs")
        item.addItem(self._marker)
        self.take_dots(1.0)
        self._top = 0.0
        self._first = -1.0
        item.setMenuEnabled(False)
        item.setMouseEnabled(x=False, y=False)
        item.hideButtons()
        item.setContentsMargins(0, 6, 4, 0)  # half of the topmost number would be cut off
        item.setLabel("bottom", "Memorability score")
        item.getAxis("bottom").setStyle(hideOverlappingLabels=False)

    def show(self, content: Content, options: Options) -> None:
        """Draw what there is now."""
        chart = Chart.of(content, options)
        shown = {curve.style: curve for curve in chart.curves}
        for style, item in self._curves.items():
            item.setVisible(style in shown)
            if style in shown:
                curve = shown[style]
                item.setData(
                    curve.x,
                    curve.y,
                    stepMode="center" if curve.is_bars else None,
                    fillLevel=0 if curve.is_area else None,
                    antialias=not curve.is_bars,
                )
        self._fit(chart)
        marks = [upright.score for upright in chart.uprights]
        self._marker.setData(np.repeat(marks, 2), np.tile([0.0, self._top], len(marks)))
        if self._axes != (chart.axis_name, chart.score_ticks):  # else they would be drawn anew each time
            self._axes = chart.axis_name, chart.score_ticks
            self._item.setLabel("left", chart.axis_name)
            self._item.getAxis("bottom").setTicks([[(tick, f"{tick:.1f}") for tick in chart.score_ticks]])

    def _fit(self, chart: Chart) -> None:
        """Let the axes end where the chart does; drawing their numbers costs more than all curves do."""
        if not _LEAST_FILLED * self._top <= chart.top <= self._top:
            self._top = chart.top * _RESERVE
            self._item.setYRange(0, self._top, padding=0)
        if chart.first != self._first:
            self._first = chart.first
            self._item.setXRange(chart.first - _SIDE, 1.0 + _SIDE, padding=0)

    @property
    def area(self) -> QRectF:
        """Where curves are drawn, in the scene's coordinates."""
        area: QRectF = self._item.getViewBox().sceneBoundingRect()
        return area

    @property
    def scores(self) -> tuple[float, float]:
        """The scores at the left and the right end of the area."""
        low, high = self._item.getViewBox().viewRange()[0]
        return float(low), float(high)

    def take_colors(self, palette: QPalette) -> None:
        """Draw axes and their texts in the palette's colours."""
        for side in ("bottom", "left"):
            axis = self._item.getAxis(side)
            axis.setPen(theme.separator_color(palette))
            axis.setTextPen(theme.faint_text_color(palette))

    def take_dots(self, ratio: float) -> None:
        """Draw lines as wide as they are elsewhere where a pixel has `ratio` dots."""
        for style, curve in self._curves.items():
            curve.setPen(_pen(style, ratio))
        self._marker.setPen(_pen(MARK, ratio))


def _pen(style: Style, ratio: float) -> QPen:
    """Return a pen whose width is not in scores: Qt takes that of such a pen in dots."""
    pen: QPen = pyqtgraph.mkPen(style.color, width=style.width * ratio, style=style.dash)
    return pen
