"""Shows how well scores agree with what people were measured to remember."""

import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QSplitter,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.evaluation import BOOTSTRAP
from resmem_gui.export.evaluation import Comparison
from resmem_gui.heavy_imports import import_in_one_go
from resmem_gui.library.records import readable
from resmem_gui.ui.evaluation.charts import Chart
from resmem_gui.ui.evaluation.left_out import count_left_out, left_out, unscored_text
from resmem_gui.ui.evaluation.saving import EvaluationSaving
from resmem_gui.ui.evaluation.tables import CategoriesTable, FiguresTable, LeftOutTable, WorstTable
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs

if TYPE_CHECKING:
    from resmem_gui.ui.evaluation.plot import EvaluationPlot

_log = logging.getLogger(__name__)
_SIZE_KEY: Final = "evaluation/geometry"
#: Names of images and categories can be told apart in tables this wide.
_TABLES_WIDTH: Final = 340
_HINT: Final = (
    "Click a point, or go from point to point with the arrow keys: Enter shows the image in the window."
)


class EvaluationWindow(QDialog):
    """Headline, plots and tables. It blocks nothing.

    Attributes:
        plot: Shows one of the charts; None if it cannot be drawn.
        charts: Which chart is shown, as tabs.
        worst: The images predicted worst.

    Signals:
        image_wanted: Id of an image that a person wants to see in the window.
    """

    image_wanted = Signal(int)

    def __init__(
        self,
        comparison: Comparison,
        charts: tuple[Chart, ...],
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
        run: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        """Show a comparison.

        Args:
            comparison: What came of it.
            charts: Its plots.
            jobs: Writes files.
            settings: Where size and folder are remembered.
            parent: Window above which it lies.
            run: Returns the fields of the run record for what is saved, on another thread.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Evaluation Against People")
        self._comparison = comparison
        self._all_charts = charts
        self._settings = settings
        self._run = run
        self._saving = EvaluationSaving(jobs, settings, self)
        self._saving.said.connect(self._say)
        self.plot: EvaluationPlot | None = None
        self.charts = QTabBar(self)
        self._meaning = _wrapped("", self)
        self._state = _wrapped(_HINT, self)
        self.worst = WorstTable(self)
        self._build()
        self._make_plot()
        self.charts.currentChanged.connect(self._show_chart)
        self._show_chart(0)
        self.resize(fitted(QSize(1040, 720), self))
        self.restoreGeometry(settings.value(_SIZE_KEY, b""))  # type: ignore[arg-type]

    # Building

    def _build(self) -> None:
        words = self._comparison.words
        headline = _wrapped(words.headline, self)
        font = headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setBold(True)
        headline.setFont(font)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._left())
        splitter.addWidget(self._right())
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([560, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(6)
        layout.addWidget(headline)
        findings = " ".join(words.findings) + unscored_text(len(self._comparison.unscored))
        layout.addWidget(_wrapped(findings, self))
        layout.addWidget(splitter, 1)
        layout.addWidget(self._state)
        layout.addWidget(self._buttons())
        self.setMinimumSize(620, 420)

    def _left(self) -> QWidget:
        self.charts.setAccessibleName("Plots")
        self.charts.setDrawBase(False)
        self.charts.setExpanding(False)
        for chart in self._all_charts:
            self.charts.addTab(chart.title)
        side = QWidget(self)
        self._plot_layout = QVBoxLayout(side)
        self._plot_layout.setContentsMargins(0, 0, 6, 0)
        self._plot_layout.addWidget(self.charts)
        self._plot_layout.addWidget(self._meaning)
        return side

    def _right(self) -> QTabWidget:
        comparison = self._comparison
        tabs = QTabWidget(self)
        tabs.setDocumentMode(True)
        tabs.tabBar().setAccessibleName("Tables")
        tabs.setMinimumWidth(_TABLES_WIDTH)
        figures = FiguresTable(tabs)
        figures.show_comparison(comparison)
        tabs.addTab(figures, "Figures")
        tabs.addTab(self._notes(tabs), "Notes")
        self.worst.show_comparison(comparison)
        self.worst.chosen.connect(self._choose)
        tabs.addTab(self.worst, "Outliers")
        if comparison.evaluation.categories:
            categories = CategoriesTable(tabs)
            categories.show_comparison(comparison)
            tabs.addTab(categories, "Categories")
        truth, matching, unscored = comparison.truth, comparison.matching, comparison.unscored
        count, table = count_left_out(truth, matching, unscored), LeftOutTable(tabs)
        table.show_left_out(left_out(truth, matching, comparison.paths, unscored), count)
        tabs.addTab(table, f"Left Out ({count:,})")
        return tabs

    def _notes(self, parent: QWidget) -> QPlainTextEdit:
        comparison = self._comparison
        matched = comparison.matching.sentence() + unscored_text(len(comparison.unscored))
        texts = [*comparison.truth.notes, *comparison.words.caveats, matched]
        texts.append(f"Intervals: {BOOTSTRAP}, seed {comparison.evaluation.seed}.")
        notes = QPlainTextEdit("\n\n".join(texts), parent)
        notes.setReadOnly(True)
        notes.setTabChangesFocus(True)
        notes.setAccessibleName("What to keep in mind")
        return notes

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        figures = box.addButton("Save &Figures…", QDialogButtonBox.ButtonRole.ActionRole)
        picture = box.addButton("Save &Plot…", QDialogButtonBox.ButtonRole.ActionRole)
        for button in (figures, picture):
            button.setAutoDefault(False)  # Enter means the plot's point
        box.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        figures.clicked.connect(self._save_figures)
        picture.clicked.connect(self._save_picture)
        box.rejected.connect(self.close)
        return box

    def _make_plot(self) -> None:
        try:
            import_in_one_go("pyqtgraph")
        except Exception as error:  # noqa: BLE001 - a broken library must not take the figures with it
            _log.error("there are no plots", exc_info=error)
            self._plot_layout.insertWidget(1, _wrapped(f"The plots cannot be drawn: {error}.", self), 1)
            return
        from resmem_gui.ui.evaluation.plot import EvaluationPlot  # see there

        self.plot = EvaluationPlot(self._name_of, self)
        self.plot.chosen.connect(self._choose)
        self.plot.pointed_at.connect(self._point_at)
        self._plot_layout.insertWidget(1, self.plot, 1)
        self.setTabOrder(self.charts, self.plot)

    # What is shown

    def _name_of(self, place: int) -> str:
        comparison = self._comparison
        evaluation = comparison.evaluation
        path = comparison.paths[int(comparison.image_ids[place])]
        numbers = f"predicted {evaluation.predicted[place]:.3f}, people {evaluation.measured[place]:.3f}"
        lines = [readable(os.path.basename(path)), numbers]
        if comparison.truth.categories is not None:
            lines.append(readable(comparison.truth.categories[int(comparison.rows[place])]))
        return "\n".join(line for line in lines if line)

    @Slot(int)
    def _show_chart(self, number: int) -> None:
        chart = self._all_charts[number]
        self._meaning.setText(chart.meaning)
        has_images = chart.points is not None and chart.points.places is not None
        self._state.setText(_HINT if has_images else "")
        if self.plot is not None:
            self.plot.show_chart(chart)

    @Slot(int)
    def _point_at(self, place: int) -> None:
        text = self._name_of(place).replace("\n", ": ", 1).replace("\n", ", ") if place >= 0 else _HINT
        self._state.setText(text)

    @Slot(int)
    def _choose(self, place: int) -> None:
        if self.plot is not None:
            self.plot.mark(place)
        self.image_wanted.emit(int(self._comparison.image_ids[place]))

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self._state.setText(sentence)

    # Saving

    @Slot()
    def _save_figures(self) -> None:
        self._saving.ask_for_figures(self._comparison, self._run)

    @Slot()
    def _save_picture(self) -> None:
        self._saving.ask_for_picture(self._comparison, self._all_charts[self.charts.currentIndex()])

    # Qt

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.plot is not None:
            self.plot.take_colors(self.palette())

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the size."""
        super().hideEvent(event)
        self._settings.setValue(_SIZE_KEY, self.saveGeometry())


def _wrapped(text: str, parent: QWidget) -> SentenceLabel:
    label = SentenceLabel(parent, text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setBackgroundRole(QPalette.ColorRole.Window)
    return label
