"""Choosing a range by dragging and by keys, in scores and without pixels."""

from enum import Enum, auto
from typing import Final

from resmem_gui.analysis.histogram import CELLS
from resmem_gui.ui.histogram.content import ScoreRange

#: A new range that is dragged less than this part of a bar is none.
_LEAST_DRAG: Final = 0.25


class Grip(Enum):
    """What a press takes hold of."""

    NEW = auto()
    LOW = auto()
    HIGH = auto()
    INSIDE = auto()


class Brush:
    """A range that is made, adjusted at its ends, moved and cleared. It counts in cells of 0.001.

    Attributes:
        grip: What is held while a button is down, else None.
    """

    def __init__(self) -> None:
        self.grip: Grip | None = None
        self._ends: tuple[int, int] | None = None
        self._before: tuple[int, int] | None = None
        self._pressed = 0.0

    @property
    def range(self) -> ScoreRange | None:
        """The range, None if there is none."""
        return None if self._ends is None else (self._ends[0] / CELLS, self._ends[1] / CELLS)

    def set_range(self, wanted: ScoreRange | None) -> None:
        """Take a range over from elsewhere, to three decimals."""
        if wanted is None:
            self._ends = None
            return
        low, high = (round(min(max(end, 0.0), 1.0) * CELLS) for end in wanted)
        self._ends = (low, high) if low < high else None

    def grip_at(self, score: float, reach: float) -> Grip:
        """Return what a press would take hold of.

        Args:
            score: Where.
            reach: How far beside an end still takes hold of it, as a score.
        """
        if self._ends is None:
            return Grip.NEW
        low, high = (end / CELLS for end in self._ends)
        if abs(score - high) <= reach and abs(score - high) <= abs(score - low):
            return Grip.HIGH
        if abs(score - low) <= reach:
            return Grip.LOW
        return Grip.INSIDE if low < score < high else Grip.NEW

    def press(self, score: float, reach: float) -> None:
        """Take hold."""
        self.grip = self.grip_at(score, reach)
        self._before = self._ends
        self._pressed = score

    def drag(self, score: float, step: float) -> None:
        """Lead what is held to a score.

        Args:
            score: Where the pointer is.
            step: The ends go in steps of this, counted from 0.
        """
        size = round(step * CELLS)
        if self.grip is Grip.NEW:
            self._ends = self._new_ends(score, size)
        elif self._before is not None and self.grip is Grip.INSIDE:
            low, high = self._before
            moved = _snapped(low / CELLS + score - self._pressed, size)
            self._ends = _kept_inside(moved, high - low)
        elif self._before is not None:
            fixed = self._before[1] if self.grip is Grip.LOW else self._before[0]
            self._ends = _ordered(fixed, _snapped(score, size))

    def _new_ends(self, score: float, size: int) -> tuple[int, int] | None:
        ends = _ordered(_snapped(self._pressed, size), _snapped(score, size))
        if ends is None and abs(score - self._pressed) * CELLS >= _LEAST_DRAG * size:
            low = min(int(min(max(self._pressed, 0.0), 1.0) * CELLS) // size * size, CELLS - size)
            return low, low + size  # the bar in which the pointer has stayed
        return ends

    def release(self) -> None:
        """Let go."""
        self.grip = None

    def take_back(self) -> None:
        """Let go, and have the range that was there before."""
        self._ends = self._before
        self.grip = None

    def move(self, steps: int, step: float) -> None:
        """Move the range by so many steps, to where a step begins."""
        if self._ends is not None:
            low, high = self._ends
            self._ends = _kept_inside(_next(low, steps, round(step * CELLS)), high - low)

    def move_end(self, end: Grip, steps: int, step: float) -> None:
        """Move the low or the high end by so many steps; a step stays between them."""
        if self._ends is None:
            return
        size = round(step * CELLS)
        low, high = self._ends
        if end is Grip.LOW:
            low = max(0, min(_next(low, steps, size), high - min(size, high)))
        else:
            high = min(CELLS, max(_next(high, steps, size), low + min(size, CELLS - low)))
        self._ends = low, high


def _snapped(score: float, size: int) -> int:
    """Return the nearest place where a step begins."""
    return min(max(round(score * CELLS / size) * size, 0), CELLS)


def _next(place: int, steps: int, size: int) -> int:
    """Return the place so many steps on; the first of them leads to where a step begins."""
    whole = place // size if steps >= 0 else -(-place // size)
    return (whole + steps) * size


def _ordered(one: int, other: int) -> tuple[int, int] | None:
    return None if one == other else (min(one, other), max(one, other))


def _kept_inside(low: int, width: int) -> tuple[int, int]:
    low = min(max(low, 0), CELLS - width)
    return low, low + width
