"""The histogram: the library's scores over the reference, and the numbers of both."""

import logging
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.reference import Reference
from resmem_gui.heavy_imports import import_aside
from resmem_gui.ui import theme
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle

if TYPE_CHECKING:
    from resmem_gui.ui.histogram_plot import HistogramPlot

_log = logging.getLogger(__name__)

_REDRAW_MS: Final = 500
_MAX_MARKS: Final = 200


class HistogramPanel(QWidget):
    """Shows the plot and, below it, n, mean and standard deviation of the library and the reference.

    The plot is made when the window asks for it, or at the latest when the panel is shown: its library is
    imported on another thread, so it appears a moment later.
    """

    def __init__(
        self, histogram: LiveHistogram, reference: Reference, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        """Make the panel without a plot.

        Args:
            histogram: Of the library.
            reference: What it is compared with.
            jobs: Runs what takes long.
            parent: Owner.
        """
        super().__init__(parent)
        self._jobs = jobs
        self._is_plot_asked_for = False
        self._histogram = histogram
        self._reference = reference
        self._marks: list[float] = []
        self._plot: HistogramPlot | None = None
        self._legend = _Legend(reference, self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.setSpacing(6)
        self._layout.addStretch(1)
        self._layout.addWidget(self._legend)
        self._redraw_soon = Throttle(_REDRAW_MS, self._redraw, self)

        self._ask_later = QTimer(self)
        self._ask_later.setSingleShot(True)
        self._ask_later.timeout.connect(self.ask_for_plot)

    def ask_for_plot_in(self, milliseconds: int) -> None:
        """Begin to make the plot a little later, when the window is visible."""
        self._ask_later.start(milliseconds)

    @property
    def plot(self) -> "HistogramPlot | None":
        """The plot, None as long as it is not made."""
        return self._plot

    @Slot()
    def ask_for_plot(self) -> None:
        """Begin to make the plot, once."""
        if not self._is_plot_asked_for:
            self._is_plot_asked_for = True
            self._jobs.submit(lambda: import_aside("pyqtgraph"), self._make_plot, self._tell_failure)

    def _make_plot(self, _: object) -> None:
        from resmem_gui.ui.histogram_plot import HistogramPlot  # see there

        self._plot = HistogramPlot(self._histogram, self._reference, self)
        self._plot.take_colors(self.palette())
        self._layout.takeAt(0)  # the stretch in its place
        self._layout.insertWidget(0, self._plot, 1)
        self._redraw()

    def _tell_failure(self, error: Exception) -> None:
        _log.error("there is no histogram", exc_info=error)
        label = QLabel(f"The histogram cannot be drawn: {error}.", self)
        label.setWordWrap(True)
        self._layout.insertWidget(0, label)

    def refresh(self) -> None:
        """Show the histogram as it is now, soon."""
        self._redraw_soon.ask()

    def mark(self, scores: NDArray[np.float32]) -> None:
        """Mark the scores of the selected images, shape (n,)."""
        self._marks = [float(score) for score in scores[:_MAX_MARKS]]
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

    def showEvent(self, event: QShowEvent) -> None:
        """Make sure that there is something to see."""
        super().showEvent(event)
        self.ask_for_plot()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._plot is not None:
            self._plot.take_colors(self.palette())

    def _redraw(self) -> None:
        self._legend.show_library(self._histogram)
        if self._plot is not None:
            self._plot.redraw(self._marks)
            self._plot.setAccessibleDescription(self.summary())


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
