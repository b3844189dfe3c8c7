"""The tables beside the plots: figures, categories, images predicted worst, what was left out."""

import math
import os
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from resmem_gui.analysis.evaluation import FEWEST_OF_CATEGORY
from resmem_gui.analysis.evaluation_figures import Evaluation
from resmem_gui.analysis.evaluation_words import interval_text, number_text, range_text
from resmem_gui.export.evaluation import Comparison
from resmem_gui.library.records import readable
from resmem_gui.ui.evaluation.left_out import LeftOut

_ROW_PADDING: Final = 8
#: The images predicted worst that are listed.
WORST: Final = 100
#: More rows than people read.
_MOST_LEFT_OUT: Final = 500
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PlainTable(QTableWidget):
    """Rows of text that are read, selected by row and never edited."""

    def __init__(self, name: str, titles: Sequence[str], parent: QWidget, *, numbers_from: int = 1) -> None:
        """Make an empty table.

        Args:
            name: For screen readers.
            titles: Of the columns; the first one takes the room that is left.
            parent: Owner.
            numbers_from: First of the columns that stand to the right.
        """
        super().__init__(0, len(titles), parent)
        self._numbers_from = numbers_from
        self.setHorizontalHeaderLabels(list(titles))
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place in range(numbers_from, len(titles)):
            title = self.horizontalHeaderItem(place)
            assert title is not None
            title.setTextAlignment(_RIGHT)

    def set_rows(self, rows: Sequence[Sequence[str]], tips: Sequence[str] = ()) -> None:
        """Show these rows instead.

        Args:
            rows: Texts of their cells.
            tips: Said of each row.
        """
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column >= self._numbers_from:
                    item.setTextAlignment(_RIGHT)
                item.setToolTip(tips[row] if tips else text)
                self.setItem(row, column, item)

    def narrow_columns(self, letters: int) -> None:
        """Make each column as wide as its texts, but no wider than so many letters; the rest is elided."""
        widest = letters * self.fontMetrics().averageCharWidth()
        self.resizeColumnsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column), widest))


class FiguresTable(PlainTable):
    """The figures with their confidence intervals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Figures", ("Figure", "Value", "95 % interval"), parent)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the figures of an evaluation."""
        evaluation = comparison.evaluation
        rows = [
            (figure.name, number_text(figure.value), interval_text(figure))
            for figure in evaluation.figures.values()
        ]
        tips = [figure.meaning for figure in evaluation.figures.values()]
        for name, value, tip in _single_numbers(evaluation):
            rows.append((name, value, ""))
            tips.append(tip)
        self.set_rows(rows, tips)


def _single_numbers(evaluation: Evaluation) -> list[tuple[str, str, str]]:
    """Return names, values and meanings of what has no interval."""
    people, predicted = evaluation.measured_sample, evaluation.predicted_sample
    floor = f"{100 * evaluation.floor_share:.1f}\u00a0%"
    numbers = [
        ("Images", f"{evaluation.n:,}", "With a score of both kinds."),
        ("People: mean", number_text(people.mean), "Of the measured scores."),
        ("People: sd", number_text(people.sd), "Standard deviation of the measured scores."),
        ("Predicted: mean", number_text(predicted.mean), "Of the predicted scores."),
        ("Predicted: sd", number_text(predicted.sd), "Standard deviation of the predicted scores."),
        ("KS distance", number_text(evaluation.ks), "The largest gap between the two distributions, 0 to 1."),
        ("At the model’s floor", floor, "Of the predicted scores."),
        (
            "rho, floor as ties",
            number_text(evaluation.spearman_at_floor),
            "Spearman’s rho with all predicted scores at the model’s floor taken for equal.",
        ),
    ]
    if math.isfinite(evaluation.ceiling):
        tip = "What a perfect model could correlate with scores that rest on so few people."
        numbers.append(("Ceiling by sampling", number_text(evaluation.ceiling), tip))
    return numbers


_CATEGORY_COLUMNS: Final = {
    "n": "Images with a score of both kinds.",
    "rho": f"Spearman’s rho within the category; none below {FEWEST_OF_CATEGORY} images.",
    "95 % interval": f"Of rho, by bootstrap; none below {FEWEST_OF_CATEGORY} images.",
    "MAE": "Mean absolute error: how far a predicted score is from the measured one on average.",
    "Bias": "Mean of predicted less measured scores: above 0, too high.",
}


class CategoriesTable(PlainTable):
    """Agreement within each category."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Categories", ("Category", *_CATEGORY_COLUMNS), parent)
        for place, meaning in enumerate(_CATEGORY_COLUMNS.values(), 1):
            title = self.horizontalHeaderItem(place)
            assert title is not None
            title.setToolTip(meaning)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the categories of an evaluation."""
        rows = [
            (
                readable(each.name) or "(none)",
                f"{each.n:,}",
                number_text(each.spearman),
                range_text(each.low, each.high),
                number_text(each.mae),
                number_text(each.bias),
            )
            for each in comparison.evaluation.categories
        ]
        self.set_rows(rows)


class WorstTable(PlainTable):
    """The images that are predicted worst.

    Signals:
        chosen: Place of an image in the evaluation, by a click or by keys.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Images predicted worst", ("Image", "Predicted", "People", "Residual"), parent)
        self._places: list[int] = []
        self.itemSelectionChanged.connect(self._tell)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the worst of an evaluation."""
        evaluation = comparison.evaluation
        self._places = evaluation.largest_residuals(WORST).tolist()
        paths = [comparison.paths[int(comparison.image_ids[place])] for place in self._places]
        rows = [
            (
                readable(os.path.basename(path)),
                f"{evaluation.predicted[place]:.3f}",
                f"{evaluation.measured[place]:.3f}",
                f"{evaluation.residuals[place]:+.3f}".replace("-", "−"),
            )
            for place, path in zip(self._places, paths, strict=True)
        ]
        self.set_rows(rows, [readable(path) for path in paths])

    @Slot()
    def _tell(self) -> None:
        rows = self.selectionModel().selectedRows()
        if rows:
            self.chosen.emit(self._places[rows[0].row()])


class LeftOutTable(PlainTable):
    """Rows and images that could not be compared."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Left out", ("Row or image", "Why"), parent, numbers_from=2)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)  # lines are told first
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    def show_left_out(self, left_out: Iterable[LeftOut], count: int) -> None:
        """Show the first of so many, as many of them as people read."""
        shown = list(islice(left_out, _MOST_LEFT_OUT))
        rows, tips = [(each.what, each.why) for each in shown], [each.in_full for each in shown]
        more = count - len(shown)
        if more > 0:
            rows.append((f"… and {more:,} more", "Saved figures (JSON) have all"))
            tips.append("Compare, and save the figures as JSON: all that was left out is in that file.")
        self.set_rows(rows, tips)
        self._share_room()

    def _share_room(self) -> None:
        """Let the first column have what it needs, but no more than half, and reasons the rest."""
        header = self.horizontalHeader()
        needed = max(self.sizeHintForColumn(0) + _ROW_PADDING, header.sectionSizeHint(0))
        header.resizeSection(0, min(needed, self.viewport().width() // 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room that there is now."""
        super().resizeEvent(event)
        self._share_room()
