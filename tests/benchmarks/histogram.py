"""Redrawing the histogram of 100,000 scores: each view, with and without a selection, and a drag on it.

    python -m tests.benchmarks.histogram [--times N]

Each time a few scores come in, the content is taken anew, drawn and painted at once. Beside it stand NumPy's
histogram of the same scores and the painting of a pyqtgraph plot that has nothing in it. “Without waiting” is
the thread's own time: on a busy machine the rest is waiting for a core.
"""

import sys
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resmem_gui.analysis.histogram import Distribution, LiveHistogram, prepare_curves
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.ui.histogram.options import View
from resmem_gui.ui.histogram.panel import HistogramPanel
from resmem_gui.ui.histogram.plot import HistogramPlot
from resmem_gui.ui.threads.background import Jobs
from tests.benchmarks.common import argument_parser, print_heading, print_table, surroundings

_SCORES: Final = 100_000
_SELECTED: Final = 10_000
_ADDED: Final = 50
_LIMIT_MS: Final = 16.0
_TIMEOUT_S: Final = 20.0
#: The first ones fill caches.
_WARM_UP: Final = 5


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--times", type=int, default=200, help="redraws of each kind (default: 200)")
    times = parser.parse_args().times
    with surroundings():
        application = QApplication(sys.argv[:1])
        print_heading(f"Redrawing the histogram of {_SCORES:,} scores, milliseconds (limit {_LIMIT_MS:.0f})")
        rows = _measure(times)
        print_table(["", "median", "95th percentile", "95th, without waiting"], rows)
        application.quit()
    return 0


def _measure(times: int) -> list[list[str]]:
    scores = np.random.default_rng(1).normal(0.72, 0.09, _SCORES).clip(0.0, 1.0).astype(np.float32)
    prepare_curves()  # else the first one would import SciPy
    jobs = Jobs()
    histogram = LiveHistogram()
    histogram.add(scores)
    panel = HistogramPanel(histogram, load_lamem(), jobs)
    panel.resize(330, 300)
    panel.show()
    plot = _plot_of(panel)
    rows = []
    for view in View:
        panel.set_options({"view": view.value})
        for selected in (0, _SELECTED):
            name = f"{view.value}, {selected:,} selected" if selected else view.value
            rows.append(_row(name, times, _redraw(panel, plot, histogram, scores, selected)))
    panel.set_options({})
    rows += [
        _row("a step of a drag", times, _drag(plot)),
        _row("numbers of 100,000 selected", times, lambda: Distribution.of(scores)),
        _row("the curve alone", times, histogram.distribution().curve),
        _row("beside it: np.histogram", times, lambda: np.histogram(scores, 100, (0.0, 1.0))),
        _row("beside it: an empty pyqtgraph plot", times, _empty_plot()),
    ]
    panel.close()
    jobs.stop()
    jobs.join()
    return rows


def _plot_of(panel: HistogramPanel) -> HistogramPlot:
    deadline = time.monotonic() + _TIMEOUT_S
    while panel.plot is None and time.monotonic() < deadline:
        QApplication.processEvents()
    QApplication.processEvents()
    assert panel.plot is not None, "the plot is not made"
    return panel.plot


def _redraw(
    panel: HistogramPanel,
    plot: HistogramPlot,
    histogram: LiveHistogram,
    scores: NDArray[np.float32],
    selected: int,
) -> Callable[[], object]:
    def redraw() -> None:
        histogram.add(scores[:_ADDED])
        panel.mark(scores[:selected])
        panel.redraw()
        plot.viewport().repaint()

    return redraw


def _drag(plot: HistogramPlot) -> Callable[[], object]:
    viewport = plot.viewport()
    area = plot.frame.area.toRect()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, area.center())
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 7
        QTest.mouseMove(viewport, QPoint(area.left() + steps % area.width(), area.center().y()))
        viewport.repaint()

    return step


def _empty_plot() -> Callable[[], object]:
    plot = pyqtgraph.PlotWidget()
    plot.resize(314, 200)
    plot.show()
    QApplication.processEvents()
    tops = iter(range(1, 1_000_000))

    def redraw() -> None:
        plot.setYRange(0, next(tops) % 7 + 1, padding=0)
        plot.viewport().repaint()

    return redraw


def _row(name: str, times: int, action: Callable[[], object]) -> list[str]:
    taken = []
    for _ in range(times + _WARM_UP):
        began, own = time.perf_counter(), time.thread_time()
        action()
        taken.append((1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - own)))
        QApplication.processEvents()
    elapsed, own_time = np.array(taken[_WARM_UP:]).T
    figures = (np.median(elapsed), np.percentile(elapsed, 95), np.percentile(own_time, 95))
    return [name, *(f"{figure:.2f}" for figure in figures)]


if __name__ == "__main__":
    sys.exit(main())
