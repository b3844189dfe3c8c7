"""What stands on a page from top to bottom, and where one page ends and the next begins."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QPainter

#: Draws a piece whose top is so far down the page, in dots.
Paint = Callable[[QPainter, float], None]
#: A piece may be taller than the room by so much without being moved: rounding.
_TOLERANCE: Final = 0.5
#: A page that is filled to this share may end early for what would rather begin a page.
_FULL_ENOUGH: Final = 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is not torn apart: a line, a row of a table, a figure, or a gap.

    Attributes:
        height: In dots.
        paint: Draws it; None for a gap, which vanishes at the top of a page.
        keeps: Whether it stands on the same page as the next piece.
        head: What is repeated above it where it is the first on a page: the head of its table.
        breaks: Whether it begins a page, unless much of the page before would stay empty.
    """

    height: float
    paint: Paint | None = None
    keeps: bool = False
    head: "Piece | None" = None
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its place.

    Attributes:
        top: Below the top of the text of its page, in dots.
        paint: Draws it.
    """

    top: float
    paint: Paint


def paginate(pieces: Sequence[Piece], height: float) -> list[list[Placed]]:
    """Put pieces on pages.

    What keeps together is moved to a new page together, unless it is taller than a page.

    Args:
        pieces: From top to bottom.
        height: Of the room on a page, in dots.
    """
    pages: list[list[Placed]] = [[]]
    y = 0.0
    group_heights = _group_heights(pieces)
    for place, piece in enumerate(pieces):
        begins_group = place == 0 or not pieces[place - 1].keeps
        needed = group_heights[place] if begins_group and group_heights[place] <= height else piece.height
        ends = y + needed > height + _TOLERANCE or (piece.breaks and y >= _FULL_ENOUGH * height)
        if pages[-1] and ends and piece.paint is not None:
            pages.append([])
            y = 0.0
            if piece.head is not None and piece.head.paint is not None:
                pages[-1].append(Placed(y, piece.head.paint))
                y += piece.head.height
        if piece.paint is not None:
            pages[-1].append(Placed(y, piece.paint))
        elif not pages[-1]:
            continue
        y += piece.height
    return pages


def _group_heights(pieces: Sequence[Piece]) -> list[float]:
    """Return for each piece how tall it is with all that it keeps with."""
    heights = [piece.height for piece in pieces]
    for place in range(len(pieces) - 2, -1, -1):
        if pieces[place].keeps:
            heights[place] += heights[place + 1]
    return heights


def together(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces as a group that stands on one page."""
    held = list(pieces)
    kept = [Piece(piece.height, piece.paint, True, piece.head, piece.breaks) for piece in held[:-1]]
    return [*kept, *held[-1:]]
