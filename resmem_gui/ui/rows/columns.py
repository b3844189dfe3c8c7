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
    REFERENCE = 14
    CAUTIONS = 15
    SENSITIVITY = 16


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
SCORE_COLUMNS: Final = HEADER_COLUMNS | {
    Column.RANK,
    Column.SCORE,
    Column.PERCENTILE,
    Column.STATUS,
    Column.CAUTIONS,
    Column.SENSITIVITY,
}
#: Sorting by these has to follow the choice of references.
REFERENCE_COLUMNS: Final = frozenset({Column.PERCENTILE, Column.REFERENCE})
#: Where the best, the largest or the latest comes first when a person first sorts by it.
DESCENDING_FIRST: Final = HEADER_COLUMNS | {
    Column.SCORE,
    Column.PERCENTILE,
    Column.RATING,
    Column.CAUTIONS,
    Column.SENSITIVITY,
}
_RIGHT_ALIGNED: Final = frozenset(
    {
        Column.RANK,
        Column.SCORE,
        Column.PERCENTILE,
        Column.TAKEN,
        Column.CHANGED,
        Column.FILE_SIZE,
        Column.ASPECT,
        Column.SENSITIVITY,
    }
)
_TITLES: Final = {
    Column.THUMBNAIL: "Order of Adding",
    Column.TAKEN: "Date Taken",
    Column.CHANGED: "Date Changed",
    Column.FILE_SIZE: "File Size",
    Column.KIND: "Type",
}
_MEANINGS: Final = {
    Column.RANK: "1 is the most memorable of your scored images. Equal scores share a rank.",
    Column.SCORE: "Memorability as ResMem predicts it, from 0 to 1; it hardly answers below 0.41.",
    Column.RATING: "Your own stars, and whether you picked (✓) or rejected (✗) the image.",
    Column.TAKEN: "When the image was taken, by the camera’s clock, where the file tells.",
    Column.ASPECT: "Width by height. The network sees every image squashed to a square.",
    Column.REFERENCE: "The images, measured on people, that the percentile is taken from.",
    Column.CAUTIONS: "Why a score may not mean what it says. Cautions never change it.",
    Column.SENSITIVITY: "Least and greatest score when the image is framed a little differently: sensitivity "
    "to framing, not an error against people. Sorted by width.",
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


def title(column: Column, reference: Reference | None) -> str:
    """Return what stands over a column.

    Args:
        column: Of the table.
        reference: The one that all images are compared with; None if there are several.
    """
    if column is Column.THUMBNAIL:
        return ""
    return name(column, reference)


def name(column: Column, reference: Reference | None) -> str:
    """Return how a menu calls a column; for `reference` see `title`."""
    if column is Column.PERCENTILE and reference is not None:
        return f"{reference.name} percentile"
    return _TITLES.get(column, column.name.capitalize())


def meaning(column: Column, reference: Reference | None) -> str | None:
    """Return what the values of a column mean, None where there is nothing to explain."""
    if column is Column.PERCENTILE:
        return _percentile_meaning(reference)
    return _MEANINGS.get(column)


def _percentile_meaning(reference: Reference | None) -> str:
    of = "its reference’s images" if reference is None else f"the {reference.n:,} images of {reference.name}"
    return f"How many per cent of {of}, measured on people, lie below this score; equal ones count half."


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Return where the texts of a column stand: numbers to the right, stars and sizes in the middle."""
    return _ALIGNMENTS[column]
