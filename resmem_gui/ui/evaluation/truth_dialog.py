"""Asks for a table of human scores and its columns, and shows which images it belongs to before comparing."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resmem_gui.analysis.evaluation import FEWEST, EvaluationError
from resmem_gui.analysis.reference import Reference
from resmem_gui.export.evaluation import Predictions
from resmem_gui.library.ground_truth import Columns, GroundTruthError, TextTable, corrected_note, read_table
from resmem_gui.library.matching import NAME_RULE
from resmem_gui.library.records import readable
from resmem_gui.ui.evaluation.columns_form import ColumnsForm
from resmem_gui.ui.evaluation.left_out import count_left_out, left_out, unscored_text
from resmem_gui.ui.evaluation.tables import LeftOutTable, PlainTable
from resmem_gui.ui.evaluation.work import CancelledError, Compared, Matched, match_columns, run_comparison
from resmem_gui.ui.fitting import fitted
from resmem_gui.ui.sentence_label import SentenceLabel
from resmem_gui.ui.threads.background import Jobs
from resmem_gui.ui.throttle import Throttle
from resmem_gui.ui.wording import count_text

_log = logging.getLogger(__name__)
_FOLDER_KEY: Final = "evaluation/truth folder"
_PREVIEW_ROWS: Final = 6
#: A long file name shall not push the scores out of sight.
_PREVIEW_LETTERS: Final = 40
_MATCH_MS: Final = 150
_NO_NUMBERS: Final = 10_000
_NO_TABLE: Final = "Open a table to see its first rows"
_INTRODUCTION: Final = (
    "Open a table with what people were measured to remember: one row an image, scores from 0 to 1. CSV, "
    "TSV, semicolons, or lines “name score” as LaMem has them."
)
_FILTER: Final = "Tables (*.csv *.tsv *.txt *.tab *.dat);;All files (*)"


class TruthDialog(QDialog):
    """Leads from a file to a comparison. Everything that takes long runs on another thread.

    Attributes:
        form: The columns.
        compare_button: Starts the comparison.
        state: What was found, or what is wrong.
        left_out: Rows and images without a partner.

    Signals:
        compared: What came of it (`Compared`); the dialog closes.
    """

    compared = Signal(object)

    def __init__(
        self,
        predictions: Callable[[], Predictions],
        usual: Reference,
        jobs: Jobs,
        settings: QSettings,
        parent: QWidget,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the dialog without a table.

        Args:
            predictions: Returns the images with their scores, as they are now, with their hashes.
            usual: What people's scores are usually like.
            jobs: Runs what takes long.
            settings: Where the folder is remembered.
            parent: Window above which it lies.
            give_way: Called on the other thread now and then: waits while others should go first.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Evaluate Against People")
        self._predictions, self._usual = predictions, usual
        self._jobs, self._settings, self._give_way = jobs, settings, give_way
        self._table: TextTable | None = None
        self._matched: Matched | None = None
        self._number = 0  # results of older questions are dropped
        self._cancelled = Event()
        self._is_comparing = False
        self._match_soon = Throttle(_MATCH_MS, self._match, self)
        self._build()

    # Building

    def _build(self) -> None:
        self._file = _wrapped(_INTRODUCTION, self)
        self._browse = QPushButton("&Open Table…", self)
        self._browse.clicked.connect(self._ask_for_file)
        head = QHBoxLayout()
        head.addWidget(self._file, 1)
        head.addWidget(self._browse, 0, Qt.AlignmentFlag.AlignTop)
        self._preview = PlainTable("First rows of the table", (_NO_TABLE,), self, numbers_from=_NO_NUMBERS)
        row = self._preview.verticalHeader().defaultSectionSize()
        self._preview.setMinimumHeight(3 * row)
        self._preview.setMaximumHeight((_PREVIEW_ROWS + 3) * row)  # with titles and a bar below
        self._preview.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._preview.narrow_columns(_PREVIEW_LETTERS)
        self.form = ColumnsForm(self)
        self.form.setEnabled(False)
        self.form.changed.connect(self._columns_changed)
        self.state = _wrapped("", self)
        self.left_out = LeftOutTable(self)
        self.left_out.setMinimumHeight(70)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._preview, 3)
        layout.addWidget(self.form)
        layout.addWidget(self.state)
        layout.addWidget(self.left_out, 2)
        layout.addWidget(self._buttons())
        self.resize(fitted(QSize(720, 540), self))

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.compare_button = box.addButton("&Compare", QDialogButtonBox.ButtonRole.AcceptRole)
        self.compare_button.setEnabled(False)
        box.accepted.connect(self._compare)
        box.rejected.connect(self.close)
        return box

    # The file

    @Slot()
    def _ask_for_file(self) -> None:
        folder = str(self._settings.value(_FOLDER_KEY, str(Path.home())))
        dialog = QFileDialog(self, "Open Table of Human Scores", folder, _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_table)
        dialog.open()

    @Slot(str)
    def open_table(self, path: str) -> None:
        """Read a table and show its first rows."""
        self._settings.setValue(_FOLDER_KEY, str(Path(path).parent))
        self._file.setText(f"Reading {readable(path)}…")
        self._forget_table()
        number = self._number
        self._jobs.submit(
            lambda: read_table(path),
            lambda table: self._show_table(number, path, table),
            lambda error: self._refuse_table(number, path, error),
        )

    def _forget_table(self) -> None:
        """Take the table before away: what is said from now on is about another one."""
        self._forget_match()
        self._table = None
        self.state.clear()
        self._show_rows((_NO_TABLE,), ())
        self.form.forget_table()
        self.form.setEnabled(False)

    def _refuse_table(self, number: int, path: str, error: Exception) -> None:
        if number == self._number:
            self._file.setText(f"{readable(path)} cannot be used.")
            self._fail(number, error)

    def _show_table(self, number: int, path: str, table: TextTable) -> None:
        if number != self._number:
            return
        self._table = table
        preview = table.preview(_PREVIEW_ROWS)
        self._show_rows(preview.columns, preview.rows)
        titles = "with titles" if table.has_titles else "without titles"
        form = f"{preview.count:,} rows {titles}, {table.separator}-separated, {table.encoding}"
        self._file.setText(f"{readable(path)}: {form}.")
        self.form.show_table(table)
        self.form.setEnabled(True)
        self._columns_changed()

    def _show_rows(self, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._preview.setColumnCount(len(titles))
        self._preview.setHorizontalHeaderLabels(list(titles))
        self._preview.set_rows(rows)
        self._preview.narrow_columns(_PREVIEW_LETTERS)

    # The columns

    @Slot()
    def _columns_changed(self) -> None:
        self._forget_match()
        if self.form.columns() is None:
            self.state.setText("Choose the column that names images and the column of scores.")
        else:
            self.state.setText("Looking for the images…")
            self._match_soon.ask()

    def _forget_match(self) -> None:
        self._number += 1
        self._matched = None
        self.compare_button.setEnabled(False)
        self.left_out.show_left_out([], 0)

    def _match(self) -> None:
        table, columns, number = self._table, self.form.columns(), self._number
        if table is None or columns is None or self._cancelled.is_set():
            return
        predictions, give_way, chosen = self._predictions(), self._give_way, columns

        def work(table: TextTable = table, columns: Columns = chosen) -> Matched:
            return match_columns(table, columns, predictions, give_way)

        self._jobs.submit(
            work,
            lambda result: self._show_match(number, result),
            lambda error: self._fail(number, error),
        )

    def _show_match(self, number: int, result: Matched) -> None:
        if number != self._number:
            return
        self._matched = result
        truth, matching = result.truth, result.matching
        self.form.show_looks(truth.looks_like)
        shown_above = corrected_note(truth.columns.score)
        matched = matching.sentence() + unscored_text(result.unscored)
        texts = [*(note for note in truth.notes if note != shown_above), matched]
        if truth.problems:
            texts.append(f"{count_text(len(truth.problems), 'row')} cannot be used.")
        if len(matching.pairs) < FEWEST:
            texts.append(f"At least {FEWEST} images must match. Is another column the one that names them?")
        self.state.setText(" ".join(texts))
        self.state.setToolTip(NAME_RULE)
        self.left_out.show_left_out(left_out(truth, matching, result.paths), count_left_out(truth, matching))
        self.compare_button.setEnabled(len(matching.pairs) >= FEWEST)
        self.compare_button.setDefault(True)

    # Comparing

    @Slot()
    def _compare(self) -> None:
        found = self._matched
        if found is None or self._is_comparing:
            return
        self._is_comparing = True
        for widget in (self.compare_button, self.form, self._browse):
            widget.setEnabled(False)
        self.state.setText("Comparing…")
        predictions, usual, source = self._predictions(), self._usual, self.form.trained_on()
        number, cancelled, give_way, truth = self._number, self._cancelled, self._give_way, found.truth
        self._jobs.submit(
            lambda: run_comparison(truth, predictions, usual, source, cancelled, give_way),
            self._finish,
            lambda error: self._fail(number, error),
        )

    def _finish(self, result: Compared) -> None:
        if not self._cancelled.is_set():
            self.compared.emit(result)
            self.close()

    def _fail(self, number: int, error: Exception) -> None:
        if number != self._number or self._cancelled.is_set() or isinstance(error, CancelledError):
            return
        if not isinstance(error, GroundTruthError | EvaluationError):
            _log.error("the evaluation failed", exc_info=error)
        self._is_comparing = False
        self._browse.setEnabled(True)
        self.form.setEnabled(self._table is not None)
        self.compare_button.setEnabled(self._matched is not None)  # what is missing may come meanwhile
        self.state.setText(str(error) or type(error).__name__)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give up what is under way, unless the system has only minimised the window."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._cancelled.set()
            self._number += 1


def _wrapped(text: str, parent: QWidget) -> SentenceLabel:
    label = SentenceLabel(parent, text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
