"""Tables of human scores as people have them: any delimiter, titles or none, decimal comma or point."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Fewer scores make no distribution that a percentile could be taken from.
FEWEST_SCORES: Final = 20
_LARGEST_FILE: Final = 256 * 10**6
#: In the order in which they are believed: a comma may as well stand in a number, a space in a name.
_DELIMITERS: Final = "\t;|, "
_SAMPLE_ROWS: Final = 200
#: How many of the rows must have as many cells as most, for a delimiter to be believed.
_REGULAR: Final = 0.8
_NOTHING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "-"})
_COMMA_NUMBER: Final = re.compile(r"[+-]?\d*,\d+")
_COMMA_SCORE: Final = re.compile(r"[01],\d+")
_LIKELY_TITLE: Final = re.compile(r"memorab|hit.?rate|\bhr\b|score", re.IGNORECASE)
_CORRECTED_TITLE: Final = re.compile(r"corrected|(?<!o)_w_fa|d.?prime|\bfa\b", re.IGNORECASE)


class ScoreTableError(Exception):
    """A table that scores cannot be taken from; the text says why and what to do."""


@dataclass(frozen=True)
class ScoreTable:
    """A table as it was read.

    Attributes:
        name: Of the file.
        titles: Of the columns; "Column 1" and so on where the file has none.
        rows: The cells of each row, as many as there are titles.
        first_line: Of the file's lines, that of the first row, counted from 1.
    """

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_line: int

    def scores(self, column: int) -> NDArray[np.float64]:
        """Return the scores in a column, shape (n,), without the cells that say there is none.

        Raises:
            ScoreTableError: They are no scores that a reference could be made of.
        """
        title = self.titles[column]
        values = []
        for place, row in enumerate(self.rows):
            value = number(row[column])
            if value is None:
                raise ScoreTableError(
                    f"“{title}” holds “{_short(row[column])}” in row {place + self.first_line}, which is no "
                    "number. Choose another column, or correct the file."
                )
            values.append(value)
        scores = np.array(values, dtype=np.float64)
        scores = scores[~np.isnan(scores)]
        _check(scores, title)
        return scores

    def likely_column(self) -> int:
        """Return the column that most likely holds plain scores: by its numbers, then by its title."""
        able = [column for column in range(len(self.titles)) if self._holds_scores(column)]
        if not able:
            return max(0, len(self.titles) - 1)

        def likelihood(column: int) -> tuple[bool, bool]:
            title = self.titles[column]
            return bool(_LIKELY_TITLE.search(title)) and not self.is_corrected(column), bool(
                _LIKELY_TITLE.search(title)
            )

        return max(able, key=likelihood)

    def is_corrected(self, column: int) -> bool:
        """Return whether a column's title says that its scores are not plain hit rates."""
        return bool(_CORRECTED_TITLE.search(self.titles[column]))

    def _holds_scores(self, column: int) -> bool:
        sample = [number(row[column]) for row in self.rows[:_SAMPLE_ROWS]]
        known = [value for value in sample if value is not None]
        return len(known) == len(sample) and any(0 <= value <= 1 for value in known)


def number(cell: str) -> float | None:
    """Return the number in a cell, with decimal point or comma; NaN for none, None for other texts."""
    text = cell.strip()
    if text.casefold() in _NOTHING:
        return float("nan")
    if _COMMA_NUMBER.fullmatch(text):
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) and "_" not in text else None


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
    if path.stat().st_size > _LARGEST_FILE:
        raise ScoreTableError("The file is larger than 256 MB. Save only the columns that matter.")
    text = _decoded(path.read_bytes())
    if "\0" in text:
        raise ScoreTableError(
            "The file is no text: it may be a workbook. Save it as CSV in the program that made it."
        )
    lines = text.splitlines()
    delimiter = _delimiter([line for line in lines[: _SAMPLE_ROWS + 1] if line.strip()])
    rows = []
    for place, cells in enumerate(_cells(lines, delimiter)):
        if not place % 1000:
            give_way()
        rows.append(cells)
    filled = [cells for cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        raise ScoreTableError("The file is empty. Choose another one.")
    return _table(path.name, filled)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # names may come out wrong; numbers cannot


def _cells(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    if delimiter == " ":
        return [line.split() for line in lines]
    if not delimiter:
        return [[line] for line in lines]
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise ScoreTableError(f"The file is no table that can be read: {error}.") from error


def _delimiter(sample: list[str]) -> str:
    """Return what stands between the cells, empty for a single column."""
    best = ("", _REGULAR)
    able = _DELIMITERS.replace(",", "") if _has_decimal_commas(sample[1:]) else _DELIMITERS
    for delimiter in able:
        widths = Counter(len(cells) for cells in _cells(sample, delimiter))
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        share = rows / max(1, len(sample))
        if width > 1 and (share > best[1] or (not best[0] and share == best[1])):
            best = (delimiter, share)
    return best[0]


def _has_decimal_commas(lines: list[str]) -> bool:
    """Return whether each line has commas, and all of them within scores that stand by themselves."""
    for line in lines:
        with_commas = [word for word in line.split() if "," in word]
        if not with_commas or not all(_COMMA_SCORE.fullmatch(word) for word in with_commas):
            return False
    return bool(lines)


def _table(name: str, rows: list[list[str]]) -> ScoreTable:
    width = Counter(len(cells) for cells in rows[: _SAMPLE_ROWS + 1]).most_common(1)[0][0]
    squared = [tuple((*cells, *[""] * width)[:width]) for cells in rows]
    has_titles = _has_titles(squared)
    titles = squared[0] if has_titles else ("",) * width
    return ScoreTable(
        name=name,
        titles=tuple(title.strip() or f"Column {place}" for place, title in enumerate(titles, 1)),
        rows=tuple(squared[1:] if has_titles else squared),
        first_line=2 if has_titles else 1,
    )


def _has_titles(rows: list[tuple[str, ...]]) -> bool:
    """Return whether the first row names columns: none of its cells is a number, or it stands alone."""
    return all(number(cell) is None or not cell.strip() for cell in rows[0])
