"""The histogram: the library's scores over the reference, as densities on one axis."""

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.reference import Reference
from resmem_gui.ui import theme
from resmem_gui.ui.throttle import Throttle

_REDRAW_MS = 150
_FIRST_SCORE = 0.2
_MAX_MARKS = 200


class HistogramPanel(QWidget):
    """Shows a live histogram as steps over the reference as a filled curve, each of area 1.

    Below the plot stand n, mean and standard deviation of both; lines mark the selected images.
    """

    def __init__(self, histogram: LiveHistogram, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram = histogram
        self._reference = reference
        self._marks: list[float] = []
        self._plot = pyqtgraph.PlotWidget(parent=self)
        self._legend = _Legend(reference, self)
        self._reference_density = reference.density(len(histogram.counts))
        centres = (histogram.bin_edges[:-1] + histogram.bin_edges[1:]) / 2
        self._reference_curve = pyqtgraph.PlotCurveItem(centres, self._reference_density, fillLevel=0)
        self._library_curve = pyqtgraph.PlotCurveItem(
            histogram.bin_edges, histogram.density, stepMode="center", fillLevel=0
        )
        self._marker = pyqtgraph.PlotCurveItem(connect="pairs")
        self._set_up_plot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self._plot, 1)
        layout.addWidget(self._legend)
        self._redraw_soon = Throttle(_REDRAW_MS, self._redraw, self)
        self._take_colors()
        self._redraw()

    def _set_up_plot(self) -> None:
        self._plot.setMinimumHeight(120)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setLabel("bottom", "Memorability score")
        self._plot.setLabel("left", "Density")
        self._plot.setXRange(_FIRST_SCORE, 1.0, padding=0.03)
        scores = self._plot.getAxis("bottom")
        scores.setTicks([[(tick / 10, f"{tick / 10:.1f}") for tick in range(2, 11, 2)]])
        scores.setStyle(hideOverlappingLabels=False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for item in (self._reference_curve, self._library_curve, self._marker):
            self._plot.addItem(item)

    def refresh(self) -> None:
        """Show the histogram as it is now, soon."""
        self._redraw_soon.ask()

    def mark(self, scores: list[float]) -> None:
        """Mark the scores of the selected images."""
        self._marks = scores[:_MAX_MARKS]
        self._redraw_soon.ask()

    @property
    def marks(self) -> list[float]:
        """The scores that are marked."""
        return self._marks

    def summary(self) -> str:
        """Return what the histogram shows, in words."""
        library, reference = self._histogram, self._reference
        if library.n == 0:
            return f"No scores yet. {reference.name}: mean {reference.mean:.2f}."
        return (
            f"{library.n:,} of your images: mean {library.mean:.2f}. "
            f"{reference.name}, {reference.n:,} images: mean {reference.mean:.2f}."
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def _redraw(self) -> None:
        density = self._histogram.density
        self._library_curve.setData(self._histogram.bin_edges, density)
        self._library_curve.setVisible(self._histogram.n > 0)
        top = 1.08 * max(float(density.max()), float(self._reference_density.max()))
        self._plot.setYRange(0, top, padding=0)
        self._marker.setData(np.repeat(self._marks, 2), np.tile([0.0, top], len(self._marks)))
        self._legend.show_library(self._histogram)
        self._plot.setAccessibleName("Histogram of memorability scores")
        self._plot.setAccessibleDescription(self.summary())

    def _take_colors(self) -> None:
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.Base)
        text = palette.color(QPalette.ColorRole.Text)
        self._plot.setBackground(ground)
        for side in ("bottom", "left"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.separator_color(palette))
            axis.setTextPen(theme.faint_text_color(palette))
        fill = QColor(theme.REFERENCE_COLOR)
        fill.setAlpha(110)
        self._reference_curve.setPen(pyqtgraph.mkPen(theme.REFERENCE_COLOR, width=1.2))
        self._reference_curve.setBrush(fill)
        fill = QColor(theme.LIBRARY_COLOR)
        fill.setAlpha(60)
        self._library_curve.setPen(pyqtgraph.mkPen(theme.LIBRARY_COLOR, width=2))
        self._library_curve.setBrush(fill)
        self._marker.setPen(pyqtgraph.mkPen(text, width=1.5, style=Qt.PenStyle.DashLine))


class _Legend(QWidget):
    """n, mean and standard deviation of the library and the reference, in a small table."""

    def __init__(self, reference: Reference, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(0, 1)
        for column, title in enumerate(("", "n", "mean", "sd")):
            layout.addWidget(_number(title), 0, column)
        self._library = [_number("–") for _ in range(3)]
        self._add_row(layout, 1, theme.LIBRARY_COLOR, "Your images", self._library)
        numbers = (f"{reference.n:,}", f"{reference.mean:.3f}", f"{reference.sd:.3f}")
        self._add_row(
            layout,
            2,
            theme.REFERENCE_COLOR,
            f"{reference.name} (people)",
            [*map(_number, numbers)],
        )

    @staticmethod
    def _add_row(layout: QGridLayout, row: int, color: QColor, name: str, numbers: list[QLabel]) -> None:
        layout.addWidget(QLabel(f'<span style="color:{color.name()}">■</span> {name}'), row, 0)
        for column, label in enumerate(numbers, start=1):
            layout.addWidget(label, row, column)

    def show_library(self, histogram: LiveHistogram) -> None:
        """Show the numbers of the library."""
        texts = [f"{histogram.n:,}" if histogram.n else "–"]
        texts += ["–" if np.isnan(number) else f"{number:.3f}" for number in (histogram.mean, histogram.sd)]
        for label, text in zip(self._library, texts, strict=True):
            label.setText(text)


def _number(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
