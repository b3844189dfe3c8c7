"""The drawing of the histogram. A file of its own: importing pyqtgraph is half of the program's start."""

from typing import Final

import numpy as np
import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme

_FIRST_SCORE: Final = 0.2
#: The highest bar or curve leaves this much room above it.
_HEADROOM: Final = 1.08


class HistogramPlot(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """Draws the library's scores as steps over the reference as a filled curve, each of area 1."""

    def __init__(self, histogram: LiveHistogram, reference: Reference, parent: QWidget) -> None:
        """Draw what is in the histogram.

        Args:
            histogram: Of the library.
            reference: What it is compared with.
            parent: Owner.
        """
        super().__init__(parent=parent)
        self._histogram = histogram
        self._reference_density = reference.density(len(histogram.counts))
        centres = (histogram.bin_edges[:-1] + histogram.bin_edges[1:]) / 2
        self._reference_curve = pyqtgraph.PlotCurveItem(centres, self._reference_density, fillLevel=0)
        self._library_curve = pyqtgraph.PlotCurveItem(
            histogram.bin_edges, histogram.density, stepMode="center", fillLevel=0
        )
        self._marker = pyqtgraph.PlotCurveItem(connect="pairs")
        for item in (self._reference_curve, self._library_curve, self._marker):
            self.addItem(item)
        self._set_up()

    def _set_up(self) -> None:
        self.setMinimumHeight(120)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.getPlotItem().setContentsMargins(0, 6, 4, 0)  # half of the topmost number would be cut off
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAcceptDrops(False)  # a drop here is a drop on the window
        self.setAccessibleName("Histogram of memorability scores")
        self.setLabel("bottom", "Memorability score")
        self.setLabel("left", "Density")
        self.setXRange(_FIRST_SCORE, 1.0, padding=0.03)
        scores = self.getAxis("bottom")
        scores.setTicks([[(tick / 10, f"{tick / 10:.1f}") for tick in range(2, 11, 2)]])
        scores.setStyle(hideOverlappingLabels=False)

    def redraw(self, marks: list[float]) -> None:
        """Draw the histogram as it is now, with lines at some scores."""
        density = self._histogram.density
        self._library_curve.setData(self._histogram.bin_edges, density)
        self._library_curve.setVisible(self._histogram.n > 0)
        top = _HEADROOM * max(float(density.max()), float(self._reference_density.max()))
        self.setYRange(0, top, padding=0)
        self._marker.setData(np.repeat(marks, 2), np.tile([0.0, top], len(marks)))

    def take_colors(self, palette: QPalette) -> None:
        """Draw ground, axes and text in the palette's colours."""
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        for side in ("bottom", "left"):
            axis = self.getAxis(side)
            axis.setPen(theme.separator_color(palette))
            axis.setTextPen(theme.faint_text_color(palette))
        self._reference_curve.setPen(pyqtgraph.mkPen(theme.REFERENCE_COLOR, width=1.2))
        self._reference_curve.setBrush(_translucent(theme.REFERENCE_COLOR, 110))
        self._library_curve.setPen(pyqtgraph.mkPen(theme.LIBRARY_COLOR, width=2))
        self._library_curve.setBrush(_translucent(theme.LIBRARY_COLOR, 60))
        text = palette.color(QPalette.ColorRole.Text)
        self._marker.setPen(pyqtgraph.mkPen(text, width=1.5, style=Qt.PenStyle.DashLine))


def _translucent(color: QColor, alpha: int) -> QColor:
    """Return a colour through which others can be seen, from 0 (all) to 255 (nothing)."""
    result = QColor(color)
    result.setAlpha(alpha)
    return result
