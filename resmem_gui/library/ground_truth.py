"""Human scores: which columns of a table hold them, what they are, and what is wrong with them."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.human_scores import tables
from resmem_gui.human_scores.own_exports import is_predicted, predicted_sentence
from resmem_gui.human_scores.score_columns import (
    beginning,
    first_plain,
    is_corrected,
    plain_title,
    score_column,
    titled,
)
from resmem_gui.human_scores.tables import MISSING, TableError, TextTable, is_number, number

__all__ = [
    "Columns",
    "GroundTruth",
    "GroundTruthError",
    "Problem",
    "TextTable",
    "TrainingSet",
    "corrected_note",
    "ground_truth",
    "guess_columns",
    "is_corrected",
    "read_table",
]

_KEY_TITLES: Final = (
    "image_file", "image", "file", "filename", "file_name", "image_name", "imagename", "path",
    "relative_path", "image_path", "filepath", "file_path", "name", "img", "stimulus", "stim", "picture",
    "photo", "sha256",
)  # fmt: skip
_CATEGORY_TITLES: Final = ("category", "class", "group", "condition", "type")
_COUNT_TITLES: Final = ("n_resp", "n_responses", "responses", "n", "count", "n_people", "participants")
_MEMCAT_TITLES: Final = frozenset({"memorability_wo_fa_correction", "memorability_w_fa_correction"})
_LAMEM_NAME: Final = re.compile(r"000[0-5]\d{4}\.jpg")
_MEMCAT_NAME: Final = re.compile(r"(n\d{8}_\d+|\d{12}|sun_[a-z]{16})\.jpg", re.IGNORECASE)
#: Of the names, so many must be of a data set's form before it is taken for it.
_ENOUGH_NAMES: Final = 0.9
#: Fewer names prove nothing.
_FEWEST_NAMES: Final = 5
_SHOWN: Final = 60
_NO_TABLE: Final = (
    "No table was found in this file. It needs a column of file names and a column of scores, separated by "
    "commas, semicolons, tabs or spaces."
)


class GroundTruthError(Exception):
    """A table that cannot be used. Its text is plain sentences that a person can act on."""


class TrainingSet(Enum):
    """The data sets that ResMem was trained on; the value is the name as people write it."""

    LAMEM = "LaMem"
    MEMCAT = "MemCat"


@dataclass(frozen=True, slots=True)
class Columns:
    """Titles of the columns that are used.

    Attributes:
        key: What names the image: a file name, a path, or a SHA-256.
        score: What people were measured to remember, 0 to 1.
        category: Groups of images; None for none.
        count: How many people answered for each image; None if unknown.
    """

    key: str
    score: str
    category: str | None = None
    count: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used.

    Attributes:
        line: In the file, from 1.
        sentence: What is wrong with it.
    """

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """Human scores, row by row.

    Attributes:
        name: Of the file.
        sha256: Of the file's bytes, hexadecimal.
        columns: That were used.
        keys: What names each image.
        scores: Shape (n,), 0 to 1.
        categories: Of each image, an empty text where it has none; None without such a column.
        counts: Shape (n,), how many people answered, NaN where unknown; None without such a column.
        lines: Shape (n,), where each row ends in the file.
        problems: Rows that were left out.
        notes: What a person should know of the file, in sentences.
        looks_like: A data set that ResMem was trained on, if titles or names look like it.
    """

    name: str
    sha256: str
    columns: Columns
    keys: tuple[str, ...]
    scores: NDArray[np.float64]
    categories: tuple[str, ...] | None
    counts: NDArray[np.float64] | None
    lines: NDArray[np.int64]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    looks_like: TrainingSet | None


def read_table(path: str) -> TextTable:
    """Read a table of two columns or more.

    Raises:
        GroundTruthError: The file cannot be read, is too large, or holds no such table.
    """
    try:
        table = tables.read_table(Path(path))
    except TableError as error:
        raise GroundTruthError(str(error)) from error
    except (OSError, ValueError) as error:  # ValueError: no path at all, such as one with a NUL
        reason = getattr(error, "strerror", None) or error
        raise GroundTruthError(f"This file could not be read: {reason}.") from error
    if len(table.columns) < 2:
        raise GroundTruthError(_NO_TABLE)
    return table


def corrected_note(title: str) -> str:
    """Return what to know of a column with corrected scores."""
    return (
        f"“{title}” seems to be corrected for false alarms. ResMem was trained on the plain hit rate: use "
        "the column without correction, if there is one. Else agreement is lower, and the bias is another."
    )


def guess_columns(table: TextTable) -> Columns | None:
    """Return the columns that seem to hold images and human scores; None if they cannot be told.

    A column without correction for false alarms goes before a corrected one: ResMem was trained on the
    former.
    """
    score = score_column(table)
    if score is None or not table.rows:
        return None
    key = titled(table, _KEY_TITLES) or first_plain(
        table, lambda title: title != score and _names_images(table, title)
    )
    if key is None or key == score:
        return None
    count = titled(table, _COUNT_TITLES)
    if count is not None and _numbers_rows(table, count):
        count = None
    return Columns(key, score, titled(table, _CATEGORY_TITLES), count)


def ground_truth(table: TextTable, columns: Columns) -> GroundTruth:
    """Return the human scores in a table.

    Raises:
        GroundTruthError: A column is not there, or no row can be used.
    """
    if columns.key == columns.score:
        raise GroundTruthError("Images and scores cannot be in the same column. Choose two columns.")
    if is_predicted(table.columns, columns.score):
        raise GroundTruthError(predicted_sentence(table.name, columns.score))
    keys, cells = _column(table, columns.key), _column(table, columns.score)
    values = np.array([_value(cell) for cell in cells], dtype=np.float64)
    _refuse_other_scale(values, columns.score)
    problems = [
        Problem(line, sentence)
        for key, cell, value, line in zip(keys, cells, values.tolist(), table.lines, strict=True)
        if (sentence := _problem(key, cell, value))
    ]
    bad = {problem.line for problem in problems}
    kept = [place for place, line in enumerate(table.lines) if line not in bad]
    if not kept:
        first = f" Line {problems[0].line}: {problems[0].sentence}" if problems else ""
        raise GroundTruthError(f"No row of {table.name} can be used.{first}")
    used = tuple(keys[place] for place in kept)
    return GroundTruth(
        name=table.name,
        sha256=table.sha256,
        columns=columns,
        keys=used,
        scores=values[kept],
        categories=_chosen(table, columns.category, kept),
        counts=_counts(table, columns.count, kept),
        lines=np.array([table.lines[place] for place in kept], dtype=np.int64),
        problems=tuple(problems),
        notes=tuple(_notes(table, columns, cells)),
        looks_like=_looks_like(table, used),
    )


def _numbers_rows(table: TextTable, title: str) -> bool:
    """Return whether a column counts the rows, as “n” may do, and not people."""
    cells = beginning(table, title)
    counted = ([str(number) for number in range(first, first + len(cells))] for first in (0, 1))
    return len(cells) >= _FEWEST_NAMES and cells in counted


def _column(table: TextTable, title: str) -> list[str]:
    try:
        return table.column(title)
    except TableError as error:
        raise GroundTruthError(str(error)) from error


def _names_images(table: TextTable, title: str) -> bool:
    cells = beginning(table, title)
    return bool(cells) and len(set(cells)) > len(cells) / 2 and not all(map(_is_score_like, cells))


def _is_score_like(cell: str) -> bool:
    return is_number(cell) and not cell.isdigit()  # names may be numbers


def _value(cell: str) -> float:
    """Return the number in a cell, NaN if there is none."""
    value = number(cell)
    return math.nan if value is None else value


def _problem(key: str, cell: str, value: float) -> str:
    """Return why a row cannot be used, an empty text if it can."""
    if not key:
        return "No image is named."
    if cell.casefold() in MISSING:
        return "It has no score."
    if math.isnan(value):
        hint = " Write per cent as a share: 74 % is 0.74." if cell.endswith("%") else ""
        return f"“{_short(cell)}” is no number.{hint}"
    if not 0 <= value <= 1:
        hint = " If it is per cent, divide by 100." if 1 < value <= 100 else ""
        return f"{_short(cell)} is not between 0 and 1.{hint}"
    return ""


def _short(cell: str) -> str:
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in cell)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def _refuse_other_scale(values: NDArray[np.float64], title: str) -> None:
    """Do not list each row where all of a column is on another scale."""
    known = values[~np.isnan(values)]
    outside = (known < 0) | (known > 1)
    if known.size == 0 or outside.mean() <= 0.5:
        return
    text = (
        f"The column “{title}” holds numbers from {known.min():g} to {known.max():g}. Scores run from 0 to 1."
    )
    if known.min() >= 0 and known.max() <= 100:
        text += " If these are per cent, divide them by 100 and open the file again."
    else:
        text += " Choose another column."
    raise GroundTruthError(text)


def _chosen(table: TextTable, title: str | None, kept: Sequence[int]) -> tuple[str, ...] | None:
    if title is None:
        return None
    cells = _column(table, title)
    return tuple(cells[place] for place in kept)


def _counts(table: TextTable, title: str | None, kept: Sequence[int]) -> NDArray[np.float64] | None:
    if title is None:
        return None
    cells = _column(table, title)
    counts = np.array([_value(cells[place]) for place in kept], dtype=np.float64)
    return np.where(counts >= 1, counts, np.nan)


def _notes(table: TextTable, columns: Columns, cells: Sequence[str]) -> list[str]:
    notes = []
    if is_corrected(columns.score):
        notes.append(corrected_note(columns.score))
    if table.encoding == "Latin-1":
        notes.append("The file is not UTF-8. It was read as Latin-1; names with accents may be misread.")
    elif table.encoding != "UTF-8":
        notes.append(f"The file is in {table.encoding}.")
    if any("," in cell for cell in cells[:1000]):
        notes.append("Scores are written with a decimal comma.")
    if table.uneven:
        lines = ", ".join(f"{line:,}" for line in table.uneven[:5])
        more = f" and {len(table.uneven) - 5:,} more" if len(table.uneven) > 5 else ""
        notes.append(f"Lines with more or fewer cells than there are columns: {lines}{more}.")
    return notes


def _looks_like(table: TextTable, keys: Sequence[str]) -> TrainingSet | None:
    """Tell LaMem and MemCat by their titles, the file's name or the names of their images."""
    name = table.name.casefold()
    if _MEMCAT_TITLES & {plain_title(title) for title in table.columns} or "memcat" in name:
        return TrainingSet.MEMCAT
    if "lamem" in name:
        return TrainingSet.LAMEM
    if len(keys) < _FEWEST_NAMES:
        return None
    names = [re.split(r"[\\/]", key)[-1] for key in keys]
    for pattern, found in ((_LAMEM_NAME, TrainingSet.LAMEM), (_MEMCAT_NAME, TrainingSet.MEMCAT)):
        if sum(pattern.fullmatch(each) is not None for each in names) >= _ENOUGH_NAMES * len(names):
            return found
    return None
