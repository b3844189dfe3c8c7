"""The columns of the table: what they are called, what they mean, which of them follow the scores."""

from enum import IntEnum
from typing import Final

from PySide6.QtCore import Qt

from resmem_gui.analysis.reference import Reference


class Column(IntEnum):
    """The columns of the table."""

    RANK = 0
    THUMBNAIL = 1
    NAME = 2
    SCORE = 3
    PERCENTILE = 4
    DIMENSIONS = 5
    FOLDER = 6
    STATUS = 7


#: Sorting by these has to follow the scores as they come in.
SCORE_COLUMNS: Final = frozenset(
    {Column.RANK, Column.SCORE, Column.PERCENTILE, Column.DIMENSIONS, Column.STATUS}
)
_RIGHT_ALIGNED: Final = frozenset({Column.RANK, Column.SCORE, Column.PERCENTILE, Column.DIMENSIONS})
_ALIGNMENTS: Final = {
    column: (Qt.AlignmentFlag.AlignRight if column in _RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft)
    | Qt.AlignmentFlag.AlignVCenter
    for column in Column
}


def title(column: Column, reference: Reference) -> str:
    """Return what stands over a column."""
    titles = {Column.THUMBNAIL: "", Column.PERCENTILE: f"{reference.name} percentile"}
    return titles.get(column, column.name.capitalize())


def meaning(column: Column, reference: Reference) -> str | None:
    """Return what the numbers of a column mean, None where there is nothing to explain."""
    match column:
        case Column.RANK:
            return "1 is the most memorable of your scored images. Equal scores share a rank."
        case Column.SCORE:
            return "Memorability as ResMem predicts it, from 0 to 1; it hardly answers below 0.41."
        case Column.PERCENTILE:
            return (
                f"How many per cent of {reference.name}’s {reference.n:,} images, "
                "measured on people, are less memorable."
            )
    return None


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Return where the texts of a column stand: numbers to the right."""
    return _ALIGNMENTS[column]
