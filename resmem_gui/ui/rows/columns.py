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
    RATING = 5
    DIMENSIONS = 6
    FOLDER = 7
    STATUS = 8
    TAKEN = 9
    CHANGED = 10
    FILE_SIZE = 11
    ASPECT = 12
    KIND = 13


#: Those that a table shows at first, from the left. None is moved: a table with moved columns draws all of
#: itself at each change.
SHOWN_FIRST: Final = (
    Column.RANK,
    Column.THUMBNAIL,
    Column.NAME,
    Column.SCORE,
    Column.PERCENTILE,
    Column.RATING,
    Column.DIMENSIONS,
    Column.FOLDER,
    Column.STATUS,
)
#: What stands in these is read from the files' headers where scoring has not told it.
HEADER_COLUMNS: Final = frozenset(
    {Column.DIMENSIONS, Column.TAKEN, Column.CHANGED, Column.FILE_SIZE, Column.ASPECT}
)
#: Sorting by these has to follow the scores as they come in.
SCORE_COLUMNS: Final = HEADER_COLUMNS | {Column.RANK, Column.SCORE, Column.PERCENTILE, Column.STATUS}
#: Where the best, the largest or the latest comes first when a person first sorts by it.
DESCENDING_FIRST: Final = HEADER_COLUMNS | {Column.SCORE, Column.PERCENTILE, Column.RATING}
_RIGHT_ALIGNED: Final = frozenset(
    {
        Column.RANK,
        Column.SCORE,
        Column.PERCENTILE,
        Column.TAKEN,
        Column.CHANGED,
        Column.FILE_SIZE,
        Column.ASPECT,
    }
)
_TITLES: Final = {
    Column.THUMBNAIL: "Order of adding",
    Column.TAKEN: "Date taken",
    Column.CHANGED: "Date changed",
    Column.FILE_SIZE: "File size",
    Column.KIND: "Type",
}
#: Between numbers and texts, so that neither touches them.
_CENTRED: Final = frozenset({Column.DIMENSIONS, Column.RATING})
_ALIGNMENTS: Final = {
    column: (
        Qt.AlignmentFlag.AlignHCenter
        if column in _CENTRED
        else Qt.AlignmentFlag.AlignRight
        if column in _RIGHT_ALIGNED
        else Qt.AlignmentFlag.AlignLeft
    )
    | Qt.AlignmentFlag.AlignVCenter
    for column in Column
}


def title(column: Column, reference: Reference) -> str:
    """Return what stands over a column."""
    if column is Column.THUMBNAIL:
        return ""
    return name(column, reference)


def name(column: Column, reference: Reference) -> str:
    """Return how a menu calls a column."""
    if column is Column.PERCENTILE:
        return f"{reference.name} percentile"
    return _TITLES.get(column, column.name.capitalize())


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
        case Column.RATING:
            return "Your own stars, and whether you picked (✓) or rejected (✗) the image."
        case Column.TAKEN:
            return "When the image was taken, by the camera’s clock, where the file tells."
        case Column.ASPECT:
            return "Width by height. The network sees every image squashed to a square."
    return None


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Return where the texts of a column stand: numbers to the right, stars and sizes in the middle."""
    return _ALIGNMENTS[column]
