"""The tables beside the plots: figures, categories, images predicted worst, what was left out."""

import os
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from resmem_gui.analysis.evaluation_words import interval_text, number_text
from resmem_gui.export.evaluation import Comparison
from resmem_gui.library.ground_truth import GroundTruth
from resmem_gui.library.matching import Matching
from resmem_gui.library.records import readable

_ROW_PADDING: Final = 8
#: The images predicted worst that are listed.
WORST: Final = 100
#: More rows than people read.
_MOST_LEFT_OUT: Final = 2000
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
        people, predicted = evaluation.measured_sample, evaluation.predicted_sample
        for name, value, tip in (
            ("Images", f"{evaluation.n:,}", "With a score of both kinds."),
            ("KS distance", number_text(evaluation.ks), "The largest gap between the two distributions."),
            (
                "At the model’s floor",
                f"{100 * evaluation.floor_share:.1f}\u00a0%",
                "Of the predicted scores.",
            ),
            (
                "rho, floor as ties",
                number_text(evaluation.spearman_at_floor),
                "Scores at the floor are equal.",
            ),
            ("People: mean, sd", _mean_sd(people.mean, people.sd), "Of the measured scores."),
            ("Predicted: mean, sd", _mean_sd(predicted.mean, predicted.sd), "Of the predicted scores."),
            ("Ceiling by sampling", number_text(evaluation.ceiling), "What a perfect model could correlate."),
        ):
            rows.append((name, value, ""))
            tips.append(tip)
        self.set_rows(rows, tips)


def _mean_sd(mean: float, sd: float) -> str:
    return f"{number_text(mean)}, {number_text(sd)}"


class CategoriesTable(PlainTable):
    """Agreement within each category."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Categories", ("Category", "n", "rho", "95 % interval", "MAE", "Bias"), parent)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the categories of an evaluation."""
        rows = [
            (
                readable(each.name) or "(none)",
                f"{each.n:,}",
                number_text(each.spearman),
                f"{number_text(each.low)} to {number_text(each.high)}" if each.low == each.low else "",
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
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show what an evaluation has left out."""
        rows = left_out(comparison.truth, comparison.matching, comparison.paths, comparison.unscored)
        more = len(rows) - _MOST_LEFT_OUT
        shown = rows[:_MOST_LEFT_OUT]
        if more > 0:
            shown.append((f"… and {more:,} more", "Save the figures as JSON: all are in it."))
        self.set_rows(shown)


def left_out(
    truth: GroundTruth, matching: Matching, paths: Mapping[int, str], unscored: Sequence[int] = ()
) -> list[tuple[str, str]]:
    """Return rows and images that cannot be compared, and why.

    Args:
        truth: The human scores.
        matching: Their images.
        paths: By image id.
        unscored: Ids of images that were matched and have no score.
    """
    rows = [(f"Line {each.line:,}", each.sentence) for each in truth.problems]
    for case in matching.ambiguous:
        keys = ", ".join(f"{readable(truth.keys[row])} (line {truth.lines[row]:,})" for row in case.rows[:3])
        names = ", ".join(readable(paths[image_id]) for image_id in case.image_ids[:3])
        rows.append((keys, f"Ambiguous: {case.why.value} ({names})"))
    rows += [
        (f"{readable(truth.keys[row])} (line {truth.lines[row]:,})", "No such image here")
        for row in matching.unmatched_rows
    ]
    rows += [(readable(paths[image_id]), "Has no score") for image_id in unscored]
    rows += [(readable(paths[image_id]), "Not in the table") for image_id in matching.unmatched_ids]
    return rows
