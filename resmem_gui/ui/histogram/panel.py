"""The panel of the histogram: its plot, its menu and its numbers."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.reference import Reference
from resmem_gui.heavy_imports import import_in_one_go
from resmem_gui.ui import theme
from resmem_gui.ui.histogram.chosen_range import ChosenRange
from resmem_gui.ui.histogram.content import Content, ScoreRange, caption
from resmem_gui.ui.histogram.curve_library import CurveLibrary
from resmem_gui.ui.histogram.leaving import Leaving
from resmem_gui.ui.histogram.legend import Legend
from resmem_gui.ui.histogram.menu import HistogramMenu
from resmem_gui.ui.histogram.options import Options
from resmem_gui.ui.histogram.picture import Picture, source_text
from resmem_gui.ui.histogram.range_keys import KEYS_HINT
from resmem_gui.ui.histogram.shown_scores import ShownScores
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle

if TYPE_CHECKING:
    from resmem_gui.ui.histogram.plot import HistogramPlot

_log = logging.getLogger(__name__)

_REDRAW_MS: Final = 500


class HistogramPanel(QWidget):
    """Shows the plot with its menu above and the numbers of what is drawn below; a range is chosen on it.

    The plot is made when the window asks for it, or at the latest when the panel is shown: importing its
    library would double the time until the window is visible.

    Signals:
        range_chosen: What a person has chosen: low and high score (`ScoreRange`; high does not belong to it,
            except 1.0), or None for none. At most ten times a second while it is dragged, once at the end.
        bar_clicked: Low and high end of a bar, and the keyboard's modifiers: Ctrl adds.
        options_changed: `options` are others.
        notice: What came of saving a picture (`Notice`).
    """

    range_chosen = Signal(object)
    bar_clicked = Signal(float, float, object)
    options_changed = Signal()
    notice = Signal(object)

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
        self._scores = ShownScores(histogram, reference)
        self._options = Options()
        self._is_plot_asked_for = False
        self._plot: HistogramPlot | None = None
        self._redraw_soon = Throttle(_REDRAW_MS, self.redraw, self)
        self._describe_soon = Throttle(_REDRAW_MS, self._describe, self)
        self._range = ChosenRange(self)
        self._range.changed.connect(self._show_range)
        self._range.chosen.connect(self.range_chosen)
        self._curves = CurveLibrary(jobs, self)
        self._curves.ready.connect(self.redraw)
        self._curves.notice.connect(self.notice)
        self._build()
        self._leaving = Leaving(self._menu, self._picture, jobs, self)
        self._leaving.notice.connect(self.notice)

        self._ask_later = QTimer(self)
        self._ask_later.setSingleShot(True)
        self._ask_later.timeout.connect(self.ask_for_plot)

    def _build(self) -> None:
        self._menu = HistogramMenu(self._scores.reference.name, self)
        self._menu.show_options(self._options)
        self._menu.chosen.connect(self._choose)
        self._menu.clear_range.triggered.connect(self._range.clear)
        self._menu.aboutToShow.connect(self._prepare_menu)
        self._caption = QLabel(caption(self._options), self)
        self._caption.setToolTip(KEYS_HINT)
        self._button = QToolButton(self)
        self._button.setAutoRaise(True)
        self._button.setMenu(self._menu)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setAccessibleName("Histogram options")
        self._button.setToolTip("How the histogram is drawn; save or copy it")
        head = QHBoxLayout()
        head.addWidget(self._caption, 1)
        head.addWidget(self._button)
        self._legend = Legend(self._scores.reference.name, self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 8)
        self._layout.setSpacing(4)
        self._layout.addLayout(head)
        self._layout.addStretch(1)
        self._layout.addWidget(self._legend)
        self._take_colors()

    # Making the plot

    def ask_for_plot_in(self, milliseconds: int) -> None:
        """Begin to make the plot a little later, when the window is visible."""
        self._ask_later.start(milliseconds)

    @property
    def plot(self) -> "HistogramPlot | None":
        """The plot, None as long as it is not made."""
        return self._plot

    @Slot()
    def ask_for_plot(self) -> None:
        """Make the plot, once; importing its library takes a quarter of a second."""
        if self._is_plot_asked_for:
            return
        self._is_plot_asked_for = True
        try:
            import_in_one_go("pyqtgraph")
        except Exception as error:  # noqa: BLE001 - a broken library must not take the window with it
            self._tell_failure(error)
        else:
            self._make_plot()

    def _make_plot(self) -> None:
        from resmem_gui.ui.histogram.plot import HistogramPlot  # see there

        self._plot = HistogramPlot(self._content(), self._curves.drawable(self._options), self)
        self._plot.range_changed.connect(self._range.choose)
        self._plot.bar_clicked.connect(self.bar_clicked)
        self._plot.menu_wanted.connect(self._show_menu)
        self._layout.takeAt(1)  # the stretch in its place
        self._layout.insertWidget(1, self._plot, 1)
        self.redraw()

    def _tell_failure(self, error: Exception) -> None:
        _log.error("there is no histogram", exc_info=error)
        label = QLabel(f"The histogram cannot be drawn: {error}.", self)
        label.setWordWrap(True)
        self._layout.insertWidget(1, label)

    # What is shown

    def refresh(self) -> None:
        """Show the histogram as it is now, soon."""
        self._redraw_soon.ask()

    def mark(self, scores: NDArray[np.float32]) -> None:
        """Show the scores of the selected images, shape (n,): few as lines, more as a distribution."""
        self._scores.select(scores)
        self._redraw_soon.ask()

    @property
    def marks(self) -> list[float]:
        """The scores that have a line of their own."""
        return self._scores.marks

    def set_reference(self, reference: Reference) -> None:
        """Compare the library with another reference from now on."""
        if reference is self._scores.reference:
            return
        self._scores.set_reference(reference)
        self._menu.set_reference_name(reference.name)
        self._legend.set_reference_name(reference.name)
        self.redraw()

    def show_range(self, chosen: ScoreRange | None) -> None:
        """Show the range that the filter has; nothing is emitted. A range that is being dragged goes on."""
        self._range.show(chosen)

    @property
    def chosen_range(self) -> ScoreRange | None:
        """The range that is shown."""
        return self._range.score_range

    def options(self) -> dict[str, str | float | bool]:
        """Return how it is drawn, as plain values to be remembered."""
        return self._options.plain()

    def set_options(self, values: Mapping[str, object]) -> None:
        """Draw it as it was remembered; what is missing or unknown is as it is at first."""
        self._set_options(Options.of_plain(values))

    def summary(self) -> str:
        """Return what the histogram shows, in words."""
        return self._content().summary()

    def _content(self) -> Content:
        return self._scores.content(self._range.score_range)

    def _picture(self) -> Picture:
        return Picture(self._content(), self._options, source_text(self._scores.reference), self.font())

    @Slot()
    def redraw(self) -> None:
        """Show the histogram as it is now, at once."""
        content, options = self._content(), self._curves.drawable(self._options)
        self._caption.setText(caption(options))
        self._legend.show_content(content, options)
        if self._plot is not None:
            self._plot.show_content(content, options)
            self._describe_soon.ask()

    def _describe(self) -> None:
        if self._plot is not None:
            self._plot.setAccessibleDescription(self.summary())

    @Slot()
    def _show_range(self) -> None:
        if self._plot is not None:
            self._plot.show_range(self._content())
            self._describe_soon.ask()

    # The menu

    @Slot(object)
    def _choose(self, options: Options) -> None:
        self._set_options(options)
        self.options_changed.emit()

    def _set_options(self, options: Options) -> None:
        self._options = options
        self._menu.show_options(options)
        self.redraw()

    @Slot()
    def _prepare_menu(self) -> None:
        self._menu.clear_range.setEnabled(self._range.score_range is not None)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self._menu.popup(place)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Make sure that there is something to see."""
        super().showEvent(event)
        self.ask_for_plot()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._take_colors()

    def _take_colors(self) -> None:
        self._button.setIcon(theme.tinted_icon("settings", self.palette()))
        if self._plot is not None:
            self._plot.take_colors(self.palette())
