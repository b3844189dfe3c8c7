"""The columns that every export writes, and what they mean."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

#: What stands in one place of the table; None where nothing is known or nothing applies.
Cell: TypeAlias = str | int | float | bool | None
#: The cells of one image, in the order of `COLUMNS`.
Row: TypeAlias = tuple[Cell, ...]


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: In every format.
        kind: Of all its cells that are not empty.
        meaning: A sentence for the person who reads the table.
        decimals: How many decimals its numbers have at most, in every format alike.
        is_plain: Whether whole numbers are written without decimals, as ranks mostly are.
    """

    name: str
    kind: Kind
    meaning: str
    decimals: int = 0
    is_plain: bool = False


TABLE: Final = (
    Column("path", Kind.TEXT, "The file, absolute and exact."),
    Column("file", Kind.TEXT, "The file's name."),
    Column("score", Kind.NUMBER, "Predicted memorability, 0 to 1.", 6),
    Column("percentile", Kind.NUMBER, "Per cent of the reference's images below the score, ties half.", 1),
    Column("reference", Kind.TEXT, "The distribution, measured on people, that the percentile is within."),
    Column(
        "rank",
        Kind.NUMBER,
        "1 for the most memorable; equal scores share the average of their places.",
        1,
        is_plain=True,
    ),
    Column("at_floor", Kind.FLAG, "Whether the score is below 0.42, where the network tells nothing apart."),
    Column("cautions", Kind.TEXT, "Why the score may not mean what it says, words separated by semicolons."),
    Column("sensitivity_low", Kind.NUMBER, "Least score when the image is framed a little differently.", 6),
    Column("sensitivity_high", Kind.NUMBER, "Greatest score over the same framings.", 6),
    Column("sensitivity_recipe", Kind.TEXT, "Which framings these were."),
    Column("status", Kind.TEXT, "scored, waiting or failed."),
    Column("error", Kind.TEXT, "Why there is no score."),
    Column("width", Kind.WHOLE, "In pixels, as people see the image."),
    Column("height", Kind.WHOLE, "Likewise."),
    Column("sha256", Kind.TEXT, "Of the file's bytes when it was scored."),
    Column("scorer", Kind.TEXT, "What gave the score."),
    Column("weights_sha256", Kind.TEXT, "Of the file of the network's weights."),
    Column("preprocessing", Kind.TEXT, "The recipe from the file to the network's input."),
    Column("device", Kind.TEXT, "Where the network ran."),
    Column("rating", Kind.WHOLE, "Stars that a person gave, 1 to 5."),
    Column("pick", Kind.TEXT, "picked or rejected, as a person decided."),
)
COLUMNS: Final = tuple(column.name for column in TABLE)

#: What stands under `cautions` where somebody has looked and found none; empty means that nobody has looked.
NO_CAUTIONS: Final = "none"
