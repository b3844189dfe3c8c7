"""Tables that show how lists match."""

import math
import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from resmem_gui.analysis.condition_balance import Balance
from resmem_gui.export.text_cells import inert

_NUMBER: Final = re.compile(r"-?\d*\.?\d+")
_SUMMARY: Final = ("List", "Images", "Mean", "SD", "Least", "Median", "Greatest")
_DIFFERENCES: Final = (
    "Lists", "Difference of means", "Cohen’s d", "Welch’s t", "p", "Mann-Whitney U", "p", "KS", "p",
)  # fmt: skip


def empty_table(name: str, parent: QWidget) -> QTableWidget:
    """Return a table to read and copy from; `name` is for screen readers."""
    table = QTableWidget(parent)
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(False)
    return table


def show_summaries(
    table: QTableWidget,
    names: Sequence[str],
    balance: Balance,
    categories: Sequence[str],
    available: Sequence[int],
) -> None:
    """Fill a table with one row a list: its scores, and how many images of each category it has.

    Args:
        table: To fill.
        names: Of the lists.
        balance: Their comparison.
        categories: Names of the categories, by number; one is none.
        available: Of each category, how many images could be drawn.
    """
    shown = categories if len(categories) > 1 else ()
    titles = [f"{name} (of {n:,})" for name, n in zip(shown, available, strict=False)]
    rows = []
    for name, each, counts in zip(names, balance.summaries, balance.counts, strict=True):
        numbers = [each.mean, each.sd, each.least, each.median, each.greatest]
        rows.append([name, f"{each.n:,}", *map(_score, numbers), *(f"{n:,}" for n in counts[: len(shown)])])
    _fill(table, [*_SUMMARY, *titles], rows)


def show_differences(table: QTableWidget, names: Sequence[str], balance: Balance) -> None:
    """Fill a table with one row for each two lists."""
    rows = [
        [
            f"{names[each.first]} – {names[each.second]}",
            _signed(each.means, 4),
            _signed(each.cohens_d, 2),
            _signed(each.t, 2),
            _p(each.t_p),
            f"{each.u:,.1f}",
            _p(each.u_p),
            f"{each.ks:.3f}",
            _p(each.ks_p),
        ]
        for each in balance.differences
    ]
    _fill(table, _DIFFERENCES, rows)


def table_text(table: QTableWidget) -> str:
    """Return a table as tab-separated text, in which spreadsheets find numbers and no formulas."""
    columns = range(table.columnCount())
    header = [_text(table.horizontalHeaderItem(column)) for column in columns]
    lines = [[_text(table.item(row, column)) for column in columns] for row in range(table.rowCount())]
    return "".join("\t".join(map(_copied, line)) + "\n" for line in [header, *lines])


def _copied(text: str) -> str:
    number = text.replace("−", "-").replace(",", "")
    if _NUMBER.fullmatch(number):
        return number
    return inert(" ".join(text.split()))  # categories are called as folders and files are


def _text(item: QTableWidgetItem | None) -> str:
    return item.text() if item is not None else ""


def _fill(table: QTableWidget, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table.clear()
    table.setColumnCount(len(titles))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(list(titles))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for column in range(1, len(titles)):
        title = table.horizontalHeaderItem(column)
        assert title is not None
        title.setTextAlignment(right)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(right)
            table.setItem(row, column, item)


def _score(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _signed(value: float, decimals: int) -> str:
    if math.isnan(value):
        return "–"
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")  # no negative zero


def _p(value: float) -> str:
    if math.isnan(value):
        return "–"
    return "< .001" if value < 0.001 else "> .999" if value > 0.999 else f"{value:.3f}".lstrip("0")
