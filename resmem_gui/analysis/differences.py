"""What a difference between two scores is worth.

Two things are said, and neither stands for the other.

Against people: the network's scores differ from what people were measured to remember by 0.05 to 0.13 on
average (mean absolute error). The least is its authors' figure for images of LaMem and MemCat without those
that people remember worst, the most was found on photographs of other sources. This is the error of single
scores. How often the better of two scores is that of the image which people remember better has not been
measured, so nothing is said beyond a comparison with the error; of single scores it is a scale, and no test.

By framing alone: an image framed a little differently gets another score. Two images cannot be told apart by
framing alone when the intervals from the least to the greatest of their scores overlap: then some framing of
the one scores as some framing of the other. The limits of this: an interval is wider the more framings are
tried, so both must be of one recipe; nothing says that intervals that do not overlap are told apart by
people; and it is no test of significance, as framings of one image are not independent samples of anything.
Scores at the model's floor are all equal, and so are intervals as far as they lie there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from resmem_gui.analysis.ranking import at_floor, comparable

#: Mean absolute error of the network against people, by source of the images: the least and the most.
LEAST_ERROR: Final = 0.05
MOST_ERROR: Final = 0.13
#: Differences are shown with so many digits, and judged as they are shown.
_DIGITS: Final = 3
#: What is shown of those that are smaller than can be shown.
LEAST_SHOWN: Final = 10**-_DIGITS


class Worth(Enum):
    """What a difference tells; the values are sentences."""

    AT_FLOOR = "Both are at the model’s floor: it does not tell them apart."
    NOTHING = (
        f"Smaller than the network’s typical error ({LEAST_ERROR} to {MOST_ERROR}, by source of the images): "
        "too small to tell which of them people remember better."
    )
    MAYBE_CHANCE = (
        f"Within the network’s typical error ({LEAST_ERROR} to {MOST_ERROR}, by source of the images): "
        "it may be chance."
    )
    LARGER = (
        f"Larger than the network’s typical error ({LEAST_ERROR} to {MOST_ERROR}, by source of the images)."
    )


_SHORT: Final = {
    Worth.AT_FLOOR: "Both at the model’s floor.",
    Worth.NOTHING: "too small to tell.",
    Worth.MAYBE_CHANCE: "may be chance.",
    Worth.LARGER: "more than the typical error.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two scores side by side.

    Attributes:
        value: The second score less the first, -1 to 1, rounded as it is shown.
        worth: What that tells.
        is_none: Whether the scores are equal, to the last digit; a small difference is rounded to 0 too.
    """

    value: float
    worth: Worth
    is_none: bool

    @property
    def short(self) -> str:
        """What it tells, in a few words."""
        return _SHORT[self.worth]

    @property
    def sentence(self) -> str:
        """What it tells, in plain words."""
        return self.worth.value


def difference(first: float, second: float) -> Difference:
    """Judge the difference between two scores.

    Args:
        first: 0 to 1.
        second: Likewise.

    Raises:
        ValueError: One of them is not a score.
    """
    scores = np.array([first, second], dtype=np.float64)
    if not np.all((scores >= 0) & (scores <= 1)):  # NaN is not
        raise ValueError(f"{first} and {second} are not both scores from 0 to 1")
    value = round(float(scores[1] - scores[0]), _DIGITS) + 0.0  # no -0.0
    worth = _worth(value, both_at_floor=bool(at_floor(scores).all()))
    return Difference(value, worth, is_none=bool(scores[0] == scores[1]))


def _worth(value: float, *, both_at_floor: bool) -> Worth:
    if both_at_floor:
        return Worth.AT_FLOOR
    if abs(value) < LEAST_ERROR:
        return Worth.NOTHING
    return Worth.MAYBE_CHANCE if abs(value) <= MOST_ERROR else Worth.LARGER


def overlap(first: Sequence[float], second: Sequence[float]) -> bool:
    """Return whether two images cannot be told apart by framing alone.

    Args:
        first: The least and the greatest score of one image, 0 to 1.
        second: Those of another, by the same recipe.

    Raises:
        ValueError: One of them is not an interval of scores.
    """
    ranges = np.array([first, second], dtype=np.float64)
    if ranges.shape != (2, 2) or not np.all((ranges >= 0) & (ranges <= 1) & (ranges[:, :1] <= ranges[:, 1:])):
        raise ValueError(f"{first} and {second} are not both intervals of scores from 0 to 1")
    lows, highs = comparable(ranges).T
    return bool(lows.max() <= highs.min())


def rank_range(scores: ArrayLike, low: float, high: float) -> tuple[int, int]:
    """Return from which to which rank an image cannot be told from its neighbours by framing alone.

    The others are taken at their scores: only the interval of the image itself is looked at.

    Args:
        scores: Of all images, that one included, shape (n,); NaN where there is no score.
        low: The least that the score may be; the image's own score is not less.
        high: The greatest; its own is not more.

    Returns:
        The best and the worst rank, counted from 1.
    """
    values = np.asarray(scores, dtype=np.float64)
    ranked = comparable(values[~np.isnan(values)])
    least, greatest = comparable([low, high])
    return int((ranked > greatest).sum()) + 1, int((ranked >= least).sum())
