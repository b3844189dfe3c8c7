"""Tables of human scores that references are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.human_scores.score_columns import is_corrected, score_column
from resmem_gui.human_scores.tables import TableError, TextTable, number, read_table

#: Fewer scores make no distribution that a percentile could be taken from.
FEWEST_SCORES: Final = 20


class ScoreTableError(Exception):
    """A table that scores cannot be taken from; the text says why and what to do."""


@dataclass(frozen=True)
class ScoreTable:
    """A table as it was read.

    Attributes:
        name: Of the file.
        titles: Of the columns; "Column 1" and so on where the file has none.
        rows: The cells of each row, as many as there are titles.
        lines: The number of the line in the file on which each row ends.
        likely_title: Of the column that seems to hold plain scores; None if none does.
        sha256: Of the file's bytes, hexadecimal; empty if there is no file.
    """

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: Sequence[int]
    likely_title: str | None = None
    sha256: str = ""

    def scores(self, column: int) -> NDArray[np.float64]:
        """Return the scores in a column, shape (n,), without the cells that say there is none.

        Raises:
            ScoreTableError: They are no scores that a reference could be made of.
        """
        title = self.titles[column]
        values = []
        for row, line in zip(self.rows, self.lines, strict=True):
            value = number(row[column])
            if value is None:
                raise ScoreTableError(
                    f"“{title}” holds “{_short(row[column])}” in line {line}, which is no "
                    "number. Choose another column, or correct the file."
                )
            values.append(value)
        scores = np.array(values, dtype=np.float64)
        scores = scores[~np.isnan(scores)]
        _check(scores, title)
        return scores

    def likely_column(self) -> int:
        """Return the column that most likely holds plain scores: by its numbers, then by its title."""
        if self.likely_title is None:
            return len(self.titles) - 1
        return self.titles.index(self.likely_title)

    def is_corrected(self, column: int) -> bool:
        """Return whether a column's title says that its scores are not plain hit rates."""
        return is_corrected(self.titles[column])


def _check(scores: NDArray[np.float64], title: str) -> None:
    if not len(scores):
        raise ScoreTableError(f"“{title}” holds no scores. Choose another column, or another file.")
    low, high = float(scores.min()), float(scores.max())
    if low >= 0 and 1 < high <= 100:
        raise ScoreTableError(
            f"“{title}” goes up to {high:g}: these look like per cent. Divide them by 100 in the file; "
            "scores are numbers from 0 to 1."
        )
    if low < 0 or high > 1:
        raise ScoreTableError(
            f"“{title}” holds {low if low < 0 else high:g}; scores are numbers from 0 to 1. Choose another "
            "column."
        )
    if len(scores) < FEWEST_SCORES:
        raise ScoreTableError(
            f"“{title}” holds {len(scores)} scores; a reference needs {FEWEST_SCORES} or more. Add rows to "
            "the file, or choose another one."
        )
    if low == high:
        raise ScoreTableError(f"All scores in “{title}” are {low:g}: no image can stand among them.")


def _short(cell: str) -> str:
    return cell if len(cell) <= 30 else cell[:29] + "…"


def read_score_table(path: Path, give_way: Callable[[], None] = lambda: None) -> ScoreTable:
    """Read a CSV, TSV or text file; takes a while.

    Args:
        path: Of the file.
        give_way: Called often: lets other threads go first.

    Raises:
        ScoreTableError: It is no table.
        OSError: It cannot be read.
    """
    try:
        table = read_table(path, give_way)
    except TableError as error:
        raise ScoreTableError(str(error)) from error
    return _score_table(table)


def _score_table(table: TextTable) -> ScoreTable:
    rows, likely = tuple(table.rows), score_column(table)
    return ScoreTable(table.name, table.columns, rows, table.lines, likely, table.sha256)
