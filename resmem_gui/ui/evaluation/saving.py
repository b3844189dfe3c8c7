"""Takes an evaluation out of its window: the figures as CSV or JSON, a plot as PNG or SVG."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from resmem_gui.analysis.evaluation import BOOTSTRAP
from resmem_gui.export.evaluation import Comparison
from resmem_gui.export.evaluation_texts import figures_csv
from resmem_gui.library.records import readable
from resmem_gui.replacing import replacing
from resmem_gui.ui.evaluation.charts import Chart
from resmem_gui.ui.evaluation.picture import ChartPicture
from resmem_gui.ui.save_dialog import SaveDialog
from resmem_gui.ui.saving import save_file
from resmem_gui.ui.threads.background import Jobs

_FOLDER_KEY: Final = "evaluation/folder"
_FIGURES: Final = {"JSON, everything (*.json)": "json", "CSV, the figures (*.csv)": "csv"}
_PICTURES: Final = {"PNG picture (*.png)": "png", "SVG drawing (*.svg)": "svg"}

Write = Callable[[], bytes]


class EvaluationSaving(QObject):
    """Asks where, and writes on another thread.

    Signals:
        said: What came of it, in a sentence.
    """

    said = Signal(str)

    def __init__(self, jobs: Jobs, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._settings = settings
        self._window = window
        self._kinds: dict[str, Write] = {}

    def ask_for_figures(self, comparison: Comparison, run: Callable[[], dict[str, Any]] | None) -> None:
        """Ask for a file, and write the figures to it.

        Args:
            comparison: What is written.
            run: Returns the fields of the run record, on another thread; None without one.
        """
        kinds: dict[str, Write] = {
            "json": lambda: comparison.json_text(run() if run else None).encode(),
            "csv": lambda: figures_csv(comparison).encode("utf-8-sig"),
        }
        self._ask("Save Figures", "evaluation.json", _FIGURES, kinds)

    def ask_for_picture(self, comparison: Comparison, chart: Chart) -> None:
        """Ask for a file, and write the plot to it."""
        truth = comparison.truth
        source = f"{truth.name}, column “{truth.columns.score}”. Intervals: {BOOTSTRAP}, seed "
        source += f"{comparison.evaluation.seed}."
        picture = ChartPicture(chart, comparison.words.headline, readable(source), QApplication.font())
        kinds = {"png": picture.as_png, "svg": picture.as_svg}
        self._ask("Save Plot", f"{chart.title.lower()}.png", _PICTURES, kinds)

    def _ask(self, title: str, name: str, filters: Mapping[str, str], kinds: dict[str, Write]) -> None:
        self._kinds = kinds
        folder = Path(str(self._settings.value(_FOLDER_KEY, str(Path.home()))))
        dialog = SaveDialog(self._window, title, folder / name, filters)
        dialog.fileSelected.connect(self.save)
        dialog.open()

    @Slot(str)
    def save(self, chosen: str) -> None:
        """Write what was asked for; its kind is told by the ending of the file's name."""
        path = Path(chosen)
        self._settings.setValue(_FOLDER_KEY, str(path.parent))
        kind = self._kinds.get(path.suffix.lower().removeprefix("."))
        shown = readable(str(path))
        if kind is None:
            endings = " or ".join(f".{ending}" for ending in self._kinds)
            self.said.emit(f"{shown} was not written: choose a name that ends in {endings}.")
            return
        save_file(
            self._jobs,
            self._window,
            path,
            lambda: _write(kind(), path),
            lambda _: self.said.emit(f"Written to {shown}."),
            self.said.emit,
        )


def _write(content: bytes, path: Path) -> None:
    with replacing(path) as stream:
        stream.write(content)
